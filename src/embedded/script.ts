/** Puts the texts of one migration together into one script, as if they stood in a SQL file. */
import { parseFile, type ParsedFile } from "../parse/index.ts"
import type { Statement } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { EmbeddedText, TextHole } from "./evaluate.ts"
import { fillHoles, firstFilling, type Filled, type Unparsable } from "./fill.ts"
import type { FoundText } from "./find.ts"
import { isPiece } from "./piece.ts"
import { placeholdersOf } from "./placeholders.ts"
import { toHost, toHostEdit, type HostEdit, type MappedText, type Segment } from "./text.ts"

export interface Script {
  /** The SQL as the user wrote it, with holes as `${table}`. */
  readonly sql: string
  readonly parsed: ParsedFile
  /** Where each text stands in `sql`. */
  readonly parts: readonly Part[]
  /** Texts that cannot be read, and why. */
  readonly unparsable: readonly { readonly found: FoundText; readonly error: Unparsable }[]
  /** The place of a span in the host file; the whole text's when it cannot be told exactly. Null for no text at all. */
  place(span: Span): Span | null
  /** The file of SQL that a span stands in, which `place` and `edit` are then about; null for the host file. */
  fileOf(span: Span): string | null
  /** An edit in the host file; null when it cannot be made there. */
  edit(span: Span, text: string): HostEdit | null
  /** Whether the statement around a span has a hole that may stand for whole clauses: it may not lack what it seems to lack. */
  isGuessed(span: Span): boolean
}

/** One text as a part of a script. */
export interface Part {
  readonly start: number
  readonly end: number
  readonly found: FoundText
}

function isFile({ found }: Part): boolean {
  return found.text.file !== undefined
}

/** What starts a statement of PostgreSQL. Each comment can be read in one way only, or a line of dashes would take forever. */
const STARTS =
  /^(?:\s|--.*(?!.)|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\(|;)*(?:abort|alter|analyze|begin|call|checkpoint|close|cluster|comment|commit|copy|create|deallocate|declare|delete|discard|do|drop|end|execute|explain|fetch|grant|import|insert|listen|load|lock|merge|move|notify|prepare|reassign|refresh|reindex|release|reset|revoke|rollback|savepoint|security|select|set|show|start|table|truncate|unlisten|update|vacuum|values|with)\b/i

function startsLikeSql(text: string): boolean {
  return STARTS.test(text)
}

/** All texts are first read at once, with the likeliest fillings; one by one only when the grammar rejects one of them. */
export function createScript(texts: readonly FoundText[]): Script {
  return assemble(texts, false) ?? assemble(texts, true)
}

/** A part of a script that reaches the server by itself, or that the code holds together with a transaction. */
export interface Run {
  readonly start: number
  readonly end: number
  readonly alone: boolean
}

/** A text that opens a transaction and does nothing else. */
const OPENING = /^(?:BEGIN|START TRANSACTION)$/i

/** Whether the user wrote the SQL, so that it stands for no call. */
function isWritten(part: Part | undefined): boolean {
  return part?.found.text.segments.some(({ host }) => host !== null) === true
}

/** Statements that are put into a text of one line. */
function onOneLine(text: string): string {
  return text.includes("--") ? text : text.replaceAll("\n", " ")
}

/** Each text is a message of its own; a transaction that the code opens holds several. */
export function runsOf({ parts }: Pick<Script, "parts">): readonly Run[] {
  const runs: { start: number; end: number; alone: boolean }[] = []
  let open: { start: number; end: number; alone: boolean } | null = null
  for (const { start, end, found } of parts) {
    if (open === null) {
      open = { start, end, alone: !OPENING.test(found.text.sql) }
      runs.push(open)
    } else open.end = end
    if (open.alone || /^COMMIT$/i.test(found.text.sql)) open = null
  }
  return runs
}

/** Its holes, and the placeholders of a library. */
function gapsOf({ sql, holes }: Pick<EmbeddedText, "sql" | "holes">): readonly TextHole[] {
  const placeholders = placeholdersOf(sql).filter(({ start }) => !holes.some((hole) => start >= hole.start && start < hole.end))
  return [...holes, ...placeholders].sort((left, right) => left.start - right.start)
}

/** A text with its holes filled; what is no SQL may have placeholders of a library, which are holes as well. */
function read({ sql, holes }: EmbeddedText): { readonly result: Filled | Unparsable; readonly gaps: readonly TextHole[] } {
  const result = fillHoles(sql, holes)
  const gaps = "message" in result ? gapsOf({ sql, holes }) : holes
  if (gaps.length === holes.length) return { result, gaps: holes }
  const again = fillHoles(sql, gaps)
  return "message" in again ? { result, gaps: holes } : { result: again, gaps }
}

function assemble(texts: readonly FoundText[], careful: true): Script
function assemble(texts: readonly FoundText[], careful: false): Script | null
function assemble(texts: readonly FoundText[], careful: boolean): Script | null {
  const written: string[] = []
  const filled: string[] = []
  const parts: Part[] = []
  const segments: Segment[] = []
  const open: Span[] = []
  const holes: Span[] = []
  const unparsable: Script["unparsable"][number][] = []
  let length = 0
  const append = (sql: string, masked: string): void => {
    written.push(sql, "\n;\n")
    filled.push(masked, "\n;\n")
    length += sql.length + 3
  }

  for (const found of texts) {
    const { text, explicit } = found
    if (!explicit && !startsLikeSql(text.sql)) continue
    // The lexer would take it for a command of psql.
    if (!careful && text.sql.includes("\\?")) return null
    // A file of SQL has its mistakes where they are.
    const { result, gaps } = careful && text.file === undefined ? read(text) : { result: firstFilling(text.sql, text.holes), gaps: text.holes }
    if ("message" in result) {
      if ((startsLikeSql(text.sql) && !/^\s*\(/.test(text.sql)) || !isPiece(text.sql, gapsOf(text))) unparsable.push({ found, error: result })
      continue
    }
    const base = length
    for (const segment of text.segments) segments.push({ ...segment, start: base + segment.start, end: base + segment.end })
    for (const hole of gaps) holes.push({ start: base + hole.start, end: base + hole.end })
    for (const hole of result.open) open.push({ start: base + hole.start, end: base + hole.end })
    parts.push({ start: base, end: base + text.sql.length, found })
    // Behind a backslash there would be a command of psql.
    append(gaps === text.holes ? text.sql : text.sql.replaceAll("\\?", " ?"), result.sql)
  }

  const sql = written.join("")
  const mapped: MappedText = { sql, segments }
  const whole = parseFile(filled.join(""))
  if (!careful && whole.errors.some(({ before }) => before === undefined)) return null
  const within = (all: readonly Span[], span: Span): Span[] => all.filter(({ start }) => start >= span.start && start <= span.end)
  // Placeholders that look like variables of psql are holes of the statement already.
  const withHoles = (statement: Statement): Statement => ({ ...statement, holes: [...statement.holes, ...within(holes, statement.span)].sort((left, right) => left.start - right.start) })
  const partOf = (offset: number): Part | undefined => parts.find(({ start, end }) => start <= offset && offset <= end)
  return {
    sql,
    parts,
    parsed: holes.length === 0 ? whole : {
      ...whole,
      statements: whole.statements.map(withHoles),
      errors: whole.errors.map((error) => (error.before === undefined ? error : { ...error, before: { ...error.before, statement: withHoles(error.before.statement) } })),
    },
    unparsable,
    place: (span) => {
      const part = partOf(span.start)
      if (part === undefined || part.found.silent === true) return null
      if (isFile(part)) return { start: span.start - part.start, end: Math.min(span.end, part.end) - part.start }
      return toHost(mapped, span) ?? { start: part.found.text.from, end: part.found.text.to }
    },
    fileOf: (span) => partOf(span.start)?.found.text.file ?? null,
    edit: (span, text) => {
      const part = partOf(span.start)
      if (part !== undefined && isFile(part)) return span.end > part.end ? null : { start: span.start - part.start, end: span.end - part.start, text }
      if (part === undefined || (text.includes(";") && part.found.prepared === true)) return null
      // What the code opens it ends.
      if (text.startsWith("COMMIT") && !isWritten(parts.findLast(({ start, found }) => start < span.start && OPENING.test(found.text.sql)))) return null
      return toHostEdit(mapped, span, part.found.text.sql.includes("\n") ? text : onOneLine(text))
    },
    isGuessed: (span) => {
      const statement = whole.statements.find((one) => one.span.start <= span.start && span.start <= one.span.end)
      const { start, end } = statement?.span ?? span
      // A hole that was left out may stand before the first word or behind the last one.
      const around = (left: number, right: number): boolean => left <= right && !sql.slice(left, right).includes(";")
      return open.some((hole) => (hole.start >= start && hole.start <= end) || around(hole.end, start) || around(end, hole.start))
    },
  }
}
