/** Comments of the language that speak to pgsafe, for the SQL that stands behind them: `// pgsafe-ignore <rule> -- <reason>`. */
import { findSuppressions, type Suppression } from "../source/directives.ts"
import { createSource } from "../source/source.ts"
import type { Span } from "../source/span.ts"
import { createLineMap } from "../source/text.ts"
import type { Script } from "./script.ts"

const COMMENT = /(?:\/\/|#|\/\*|<!--)[ \t]*(pgsafe[^\r\n]*)/gi

export interface CommentPlaces {
  /** Where a statement stands in the file with the comments; null for elsewhere. */
  place(span: Span): Span | null
  /** A place in that file, as one that is no place of the script. */
  outside(span: Span): Span
  /** How far a comment reaches that nothing stands beside: to the end of the code that comes next. Default: to the end of the file. */
  reach?(offset: number): number
  /** Parts of the file that are not read: comments in them, and in front of them, are not meant for what comes later. */
  readonly passedOver?: readonly Span[]
}

/** Suppressions in comments of the language, each before its statement or on the line of it; for each time that it runs, one. */
export function suppressionsIn(source: string, { parsed }: Pick<Script, "parsed">, { place, outside, reach = () => Infinity, passedOver = [] }: CommentPlaces): Suppression[] {
  if (!/pgsafe/i.test(source)) return []
  const lines = createLineMap(source)
  const lineOf = (offset: number): number => lines.position(offset).line
  const starts = parsed.statements.flatMap(({ span }) => {
    const host = place(span)
    return host === null ? [] : [{ statement: span, host }]
  })
  // Comments of the SQL in the code may look alike.
  const known = parsed.suppressions.flatMap(({ span }) => place(span) ?? [])
  return [...source.matchAll(COMMENT)].flatMap((match) => {
    if (known.some(({ start, end }) => start <= match.index && match.index < end)) return []
    // A comment of XML cannot hold two dashes.
    const said = (match[1] ?? "").replace(/(?:\*\/|-->).*$/, "")
    const words = match[0].startsWith("<") ? said.replace(/\s-(?=\s)/, " --") : said
    const [found] = findSuppressions(createSource(`-- ${words}`))
    if (found === undefined) return []
    const from = match.index + match[0].length - (match[1] ?? "").length - "-- ".length
    const at = match.index
    const rules = found.rules.map(({ name, span }) => ({ name, span: outside({ start: span.start + from, end: span.end + from }) }))
    const comment = outside({ start: at, end: at + match[0].length })
    if (found.kind !== "next") return [{ ...found, rules, span: comment }]
    const same = starts.find(({ host }) => (host.start <= at && at <= host.end) || (host.end <= at && lineOf(host.end) === lineOf(at)))
    const target = same ?? nextOf(starts.filter(({ host }) => host.start >= at && host.start <= reach(at)))
    if (passedOver.some(({ start, end }) => end > at && start < (target?.host.start ?? Infinity))) return []
    if (target === undefined || rules.length === 0) return [{ ...found, rules, span: comment }]
    // A loop runs what stands in one place several times, and one call may be several statements.
    const rounds = starts.filter(({ host }) => host.start === target.host.start)
    return rounds.map(({ statement: { start } }) => ({ ...found, rules, span: { start, end: start } }))
  })
}

/** The one that stands first, which need not be the one that runs first. */
function nextOf<Place extends { readonly host: Span }>(places: readonly Place[]): Place | undefined {
  return places.reduce<Place | undefined>((first, one) => (first === undefined || one.host.start < first.host.start ? one : first), undefined)
}
