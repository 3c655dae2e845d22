import type { Suppression } from "../source/directives.ts"
import { parseBody, type ParsedFile, type TextReader } from "../parse/index.ts"
import type { Operation, Statement } from "../parse/operation.ts"
import { firstIndex } from "../source/first-index.ts"
import type { Span } from "../source/span.ts"
import type { Finding } from "./finding.ts"

export interface Suppressed {
  readonly findings: readonly Finding[]
  /** Rule names of suppression comments that silenced nothing. */
  readonly unused: readonly { readonly rule: string; readonly span: Span }[]
}

/**
 * Takes out the findings that suppression comments speak of. A comment counts for the statement on whose last line or inside
 * of which it stands, else for the next one; a whole-file comment for all of them.
 */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  { statements, errors }: Pick<ParsedFile, "statements" | "errors">,
  reader: TextReader,
  lineOf: (offset: number) => number,
): Suppressed {
  if (suppressions.length === 0) return { findings, unused: [] }
  // What cannot be parsed is a statement, too.
  const rejected = errors.map(({ statement }): Target => ({ span: statement, operations: [] }))
  const targets = rejected.length === 0 ? statements : [...statements, ...rejected].sort((left, right) => left.span.start - right.span.start)
  const targetOf = createTargets(targets, reader, lineOf)
  const named: NamedRule[] = []
  const byRule = new Map<string, NamedRule[]>()
  for (const suppression of suppressions) {
    const target = suppression.kind === "file" ? WHOLE_FILE : targetOf(suppression)
    for (const { name, span } of suppression.rules) {
      const one = { rule: name, span, target }
      named.push(one)
      const others = byRule.get(name)
      if (others === undefined) byRule.set(name, [one])
      else others.push(one)
    }
  }
  const silencers = new Map([...byRule].map(([rule, some]) => [rule, createSilencers(some)]))
  const used = new Set<NamedRule>()
  const kept = findings.filter(({ rule, span, statement }) => {
    // What EXECUTE runs stands in PREPARE.
    const places = (statement.start <= span.start && span.end <= statement.end) ? [span] : [span, statement]
    const silencing = places.flatMap((place) => silencers.get(rule)?.(place) ?? [])
    for (const one of silencing) used.add(one)
    return silencing.length === 0
  })
  // A comment in a loop is read for each round; once in use, or once of no use, is enough.
  const seen = new Set(Array.from(used, placeOf))
  return { findings: kept, unused: named.filter((one) => !seen.has(placeOf(one)) && seen.add(placeOf(one))) }
}

/** A rule that a comment names. */
interface NamedRule {
  readonly rule: string
  readonly span: Span
  /** Where it is silent; undefined: nowhere. */
  readonly target: Span | undefined
}

function placeOf({ rule, span }: NamedRule): string {
  return `${rule} ${String(span.start)}`
}

/** What a comment may speak of. */
type Target = Pick<Statement, "span" | "operations">

const WHOLE_FILE: Span = { start: 0, end: Infinity }

/** Finds those whose targets overlap a span, without looking at all of them: there may be thousands. */
function createSilencers(named: readonly NamedRule[]): (span: Span) => readonly NamedRule[] {
  const ordered = named
    .flatMap((one) => (one.target === undefined ? [] : [{ one, ...one.target }]))
    .sort((left, right) => left.start - right.start)
  let furthest = 0
  /** How far the targets up to each one reach. */
  const reach = ordered.map(({ end }) => (furthest = Math.max(furthest, end)))
  return (span) => {
    const found: NamedRule[] = []
    const behind = firstIndex(ordered.length, (at) => (ordered[at]?.start ?? 0) > span.end)
    for (let at = behind - 1; (reach[at] ?? -1) >= span.start; at--) {
      const target = ordered[at]
      if (target !== undefined && target.end >= span.start) found.push(target.one)
    }
    return found
  }
}

/**
 * Finds the statement that a comment speaks of: the one that holds it, or ends on its line, else the next one; undefined when
 * none follows. In code it is one of the code's statements.
 */
function createTargets(statements: readonly Target[], reader: TextReader, lineOf: (offset: number) => number): (suppression: Suppression) => Span | undefined {
  const spans = statements.map(({ span }) => span)
  const code = new Map<number, readonly Span[]>()
  const inCode = (position: number): readonly Span[] => {
    const known = code.get(position)
    if (known !== undefined) return known
    const found = statements[position]?.operations.flatMap((operation) => statementsOfCode(operation, reader)).sort((left, right) => left.start - right.start) ?? []
    code.set(position, found)
    return found
  }
  // Statements do not overlap: of those that end on the comment's line or later, the first is the one.
  const positionIn = (some: readonly Span[], { span: { start } }: Suppression): number => {
    const line = lineOf(start)
    return firstIndex(some.length, (at) => lineOf(some[at]?.end ?? start) >= line)
  }
  return (suppression) => {
    const position = positionIn(spans, suppression)
    const inner = suppression.inCode ? inCode(position) : []
    return inner.length === 0 ? spans[position] : inner[positionIn(inner, suppression)]
  }
}

/** With what is put together there when it runs. */
function statementsOfCode(operation: Operation, reader: TextReader): readonly Span[] {
  const code = operation.op === "do" ? operation : operation.op === "create function" && operation.body !== null ? parseBody(operation.body, operation.language, operation) : null
  if (code === null) return []
  for (const { decoded } of code.statements) reader.add(decoded)
  return [...code.statements.map(({ span }) => reader.place(span)), ...code.dynamic]
}
