import type { Span } from "./span.ts"
import type { Tokens } from "./tokens.ts"

/**
 * Comments at which a tool cuts the text before PostgreSQL sees any of it, so that the statement before needs no `;`. goose and
 * sql-migrate cut at their sections, too, but refuse one without its last `;`.
 */
const SPELLINGS: readonly RegExp[] = [
  // Drizzle: wherever it stands.
  /^--> statement-breakpoint/,
  // dbmate: no blank in front of it.
  /^--[ \t]*migrate:(?:up|down)(?:\s|$)/,
  // tern
  /^---- create above \/ drop below ----/,
  // goose and sql-migrate: all that stands between StatementBegin and StatementEnd is sent as it is.
  /^--[ \t]*\+(?:goose|migrate)[ \t]+StatementEnd\b/,
  // node-pg-migrate
  /^--[\s-]*(?:up|down)\s+migration/i,
  // Rambler: no blank in front of it.
  /^-- rambler/,
  // Bun, in Go: no blank in front of it.
  /^--bun:split\r?$/,
  // Play
  /^(?:#|--)[^\n]*!(?:Ups|Downs)/,
]

/** Liquibase: in files that say in their first line that they are its own. */
const CHANGESET = /^--[ \t]*changeset[ \t]+[^:\n]+:/i
const LIQUIBASE = /^\uFEFF?\s*--\s*liquibase\s*formatted\b/i

/** Atlas: at the very beginning of the file. */
const ATLAS = /^\uFEFF?-- atlas:delimiter +([^\n]*[^\s])/

/** A quick look, so that nothing is asked of the comments of an ordinary text. */
const ANY = /--(?:> statement-breakpoint|bun:split|[\s-]*(?:migrate:|create above|rambler|(?:up|down)\s+migration)|[ \t]*(?:changeset|\+(?:goose|migrate)|atlas:delimiter))|!(?:ups|downs)/i

/** Where a tool cuts the text. */
export interface Cut extends Span {
  /** `comment`: PostgreSQL reads over it. `mark`: it is no SQL. `blank`: nothing but line ends. */
  readonly kind: "comment" | "mark" | "blank"
}

/** Where a tool ends the statement before, in order: at comments, and at delimiters of its own. */
export function separatorsOf(tokens: Tokens): readonly Cut[] {
  const { text, comments } = tokens
  if (!ANY.test(text)) return []
  if (LIQUIBASE.test(text)) return changesets(tokens)
  const [head = "", delimiter] = ATLAS.exec(text) ?? []
  if (delimiter !== undefined) return delimiters(tokens, { start: head.length, end: text.length }, delimiter.replace(/\\([nrt])/g, (_, letter: string) => BLANKS[letter] ?? ""))
  return comments.flatMap(({ start, end }): Cut[] => {
    const comment = text.slice(start, end)
    if (!SPELLINGS.some((spelling) => spelling.test(comment))) return []
    // PostgreSQL knows no comments that begin with #.
    return [{ start, end, kind: comment.startsWith("#") ? "mark" : "comment" }]
  })
}

const BLANKS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" }

function cutsAt(spans: readonly Span[], kind: Cut["kind"]): readonly Cut[] {
  return spans.map(({ start, end }) => ({ start, end, kind }))
}

/** Changesets and what ends a statement in each: its `endDelimiter`, else a line with nothing but `/` or GO. Source: StringUtil.java of Liquibase. */
function changesets(tokens: Tokens): readonly Cut[] {
  const { text, comments } = tokens
  const heads = comments.filter(({ start, end }) => CHANGESET.test(text.slice(start, end)))
  const cuts = heads.flatMap((head, index) => {
    const inside = { start: head.end, end: heads[index + 1]?.start ?? text.length }
    const [, delimiter] = /\bendDelimiter:(\S+)/i.exec(text.slice(head.start, head.end)) ?? []
    const own = delimiter === undefined ? ["\n/", "\ngo"] : [delimiter.replace(/^(?:\\[nrs][*+]?)+/, "\n")]
    return [...cutsAt([head], "comment"), ...own.flatMap((one) => delimiters(tokens, inside, one === "/" ? "\n/" : one))]
  })
  return [...cuts, ...ignoredLines(tokens)].sort((left, right) => left.start - right.start)
}

/** What stands between `--ignoreLines:start` and `--ignoreLines:end`, and the lines that `--ignoreLines:2` counts. */
function ignoredLines({ text, comments }: Tokens): readonly Cut[] {
  const found: Cut[] = []
  let from: number | null = null
  for (const { start, end } of comments) {
    const what = /^--[ \t]*ignoreLines:(\w+)/i.exec(text.slice(start, end))?.[1]?.toLowerCase()
    if (what === undefined) continue
    if (what === "start") from ??= end + 1
    else if (what === "end") {
      if (from !== null && from < start - 1) found.push({ start: from, end: start - 1, kind: "mark" })
      from = null
    } else {
      let last = end
      for (let left = Number(what); left > 0 && last >= 0; left--) last = text.indexOf("\n", last + 1)
      if (last !== end) found.push({ start: end + 1, end: last < 0 ? text.length : last, kind: "mark" })
    }
  }
  return found
}

/** The places of a delimiter outside of strings and names. One that begins with a line end stands at the start of a line. */
function delimiters(tokens: Tokens, inside: Span, delimiter: string): readonly Cut[] {
  const mark = delimiter.trim()
  if (mark === ";") return []
  if (mark === "") return blanks(tokens, inside, delimiter)
  const { text, comments, count, starts } = tokens
  const lower = mark.toLowerCase()
  const isMark = (start: number): boolean => {
    if (start < inside.start || start >= inside.end || text.slice(start, start + mark.length).toLowerCase() !== lower) return false
    if (/\w$/.test(mark) && /\w/.test(text.charAt(start + mark.length))) return false
    return delimiter === mark || /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - FARTHEST), start))
  }
  const found: Cut[] = comments.flatMap(({ start, end }) => (isMark(start) ? [{ start, end, kind: "comment" }] : []))
  let last = 0
  for (let index = 0; index < count; index++) {
    const start = starts[index] ?? 0
    if (start < last || !isMark(start)) continue
    last = start + mark.length
    found.push({ start, end: last, kind: "mark" })
  }
  return found.sort((left, right) => left.start - right.start)
}

/** How far in front of a mark the start of its line is looked for. */
const FARTHEST = 80

/** Line ends between two tokens. */
function blanks({ text, count, starts, ends }: Tokens, inside: Span, delimiter: string): readonly Cut[] {
  const found: Cut[] = []
  let at = inside.start
  for (let index = 1; index < count && at >= 0; index++) {
    const after = ends[index - 1] ?? 0
    if (at <= after) at = text.indexOf(delimiter, Math.max(after, inside.start))
    if (at >= 0 && at < (starts[index] ?? 0)) found.push({ start: at, end: at + delimiter.length, kind: "blank" })
  }
  return found
}
