/** Fills the holes of an embedded text so that PostgreSQL's grammar can read it. */
import { readable } from "../parse/error-message.ts"
import { parseSql } from "../parse/grammar/index.ts"
import { parseBefore } from "../parse/statements.ts"
import type { TextHole } from "./evaluate.ts"

export interface Filled {
  /** As long as the text, with fillers in the holes. */
  readonly sql: string
  /** Holes that may stand for whole clauses: what the statement lacks may be in them. */
  readonly open: readonly TextHole[]
}

/** A text that no filling makes SQL: PostgreSQL's words for the first attempt, and the place, in UTF-16 units. */
export interface Unparsable {
  readonly message: string
  readonly position: number
}

const TRIES = 8

/** What a hole may stand for, the likeliest first. A query or an assignment is tried only where nothing else is likely. */
const KINDS = ["query", "assignment", "name", "nothing", "number", "string", "list", "operator"] as const
type Kind = (typeof KINDS)[number]

/** How long a hole has to be, in UTF-16 units, for a filler of the kind. */
const SHORTEST: Readonly<Record<Kind, number>> = { query: 6, assignment: 4, name: 1, nothing: 1, number: 1, string: 2, list: 3, operator: 1 }

/** Words behind which a name or value has to follow, so that a hole at the end of a statement is one. */
const EXPECTS_NAME =
  /(?:\b(?:to|column|table|on|from|into|references|index|constraint|drop|add|type|view|schema|exists|concurrently|only|update|sequence|function|trigger|extension|validate|using|as|by|in|default|where|and|or|then|truncate|owner|database|role|user|policy|cascade|set|is|call|execute|with|limit|cluster|vacuum|analyze|reindex|rename)|[=.,(+\-*/<>|"'])\s*$/i

/** Where in parentheses a query has to stand: subqueries of FROM, EXISTS and ARRAY, and those of WITH. */
const EXPECTS_QUERY =
  /(?:\b(?:from|join|lateral|exists|array)|(?:\bwith\s+(?:recursive\s+)?|,\s*)[\w"]+\s*(?:\([^()]*\)\s*)?\bas(?:\s+(?:not\s+)?materialized)?)\s*\(\s*$/i

/** What a query is the rest of: EXPLAIN, and what is made of one. */
const BEFORE_QUERY = new RegExp(
  [
    "^\\s*explain\\b(?:\\s*\\([^()]*\\)|\\s+(?:analyze|verbose))*\\s*$",
    "^\\s*create\\s+(?:or\\s+replace\\s+)?(?:(?:temp|temporary|unlogged|materialized|recursive)\\s+)*(?:table|view)\\s[^;()]*(?:\\([^()]*\\)\\s*)?\\bas\\s*$",
  ].join("|"),
  "i",
)

/** What a library puts rows behind: `INSERT INTO orders ${sql(rows)}`. */
const BEFORE_ROWS = /^\s*insert\s+into\s+[^\s;()]+\s*(?:\([^()]*\)\s*)?$/i
const BEHIND_ROWS = /^\s*(?:;|$|on\s+conflict\b|returning\b)/i

/** Where a library puts assignments: `UPDATE orders SET ${sql(row)}`. */
const BEFORE_ASSIGNMENT = /\bupdate\b/i
const BEHIND_ASSIGNMENT = /^\s*(?:[;,]|$|from\b|where\b|returning\b)/i

/** The likeliest filling, which nobody has tried yet. */
export function firstFilling(text: string, holes: readonly TextHole[]): Filled {
  return filled(text, holes, firstKinds(text, holes))
}

/** Tries at most 8 fillings; where the grammar stumbles tells which hole needs another one. */
export function fillHoles(text: string, holes: readonly TextHole[]): Filled | Unparsable {
  const kinds = firstKinds(text, holes)
  let first: Unparsable | null = null
  for (let tries = 0; tries < TRIES; tries++) {
    const sql = apply(text, holes, kinds)
    const outcome = parseSql(sql)
    // What only later majors reject may be meant for an earlier one.
    if (outcome.ok || parseBefore(sql)?.outcome.ok === true) return filled(text, holes, kinds)
    first ??= { message: readable(spelled(outcome.message, text, sql, holes)), position: outcome.position }
    if (!advance(kinds, holes, outcome.position)) break
  }
  return first ?? { message: "syntax error", position: 0 }
}

function firstKinds(text: string, holes: readonly TextHole[]): Kind[] {
  // Without comments, and without what is likely nothing, but as long as the text.
  let known = text.replace(/--.*|\/\*[\s\S]*?\*\//g, (comment) => " ".repeat(comment.length))
  return holes.map((hole) => {
    const spelling = text.slice(hole.start, hole.end)
    // A library's placeholder for a value; `\\?` is how Knex writes the operator.
    if (/^(?:\?|:\w+)$/.test(spelling)) return "number"
    if (spelling === "\\?") return "operator"
    if (isQuery(known, hole) || isRows(known, hole)) return "query"
    if (isAssignment(known, hole)) return "assignment"
    // No name can stand there.
    if (isList(known, hole)) return "list"
    if (!isConcurrently(text, hole) && !isStatement(known, hole) && !isOptional(text, hole)) return "name"
    known = known.slice(0, hole.start) + " ".repeat(hole.end - hole.start) + known.slice(hole.end)
    return "nothing"
  })
}

/** `FROM (${query}) AS rows`, `EXPLAIN ${query}`. */
function isQuery(text: string, { start, end }: TextHole): boolean {
  if (end - start < SHORTEST.query) return false
  if (/^\s*\)/.test(text.slice(end))) return EXPECTS_QUERY.test(text.slice(Math.max(0, start - 200), start))
  return /^\s*(?:;|$|with\b)/i.test(text.slice(end)) && BEFORE_QUERY.test(statementBefore(text, start))
}

function isRows(text: string, { start, end }: TextHole): boolean {
  return end - start >= SHORTEST.query && BEHIND_ROWS.test(text.slice(end)) && BEFORE_ROWS.test(statementBefore(text, start))
}

function isAssignment(text: string, { start, end }: TextHole): boolean {
  if (!/\sset\s+$/i.test(text.slice(Math.max(0, start - 20), start))) return false
  return end - start >= SHORTEST.assignment && BEHIND_ASSIGNMENT.test(text.slice(end)) && BEFORE_ASSIGNMENT.test(statementBefore(text, start))
}

function isList(text: string, { start, end }: TextHole): boolean {
  return end - start >= SHORTEST.list && /\b(?:in|values)\s+$/i.test(text.slice(Math.max(0, start - 20), start))
}

/** What the statement says up to an offset. */
function statementBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf(";", offset - 1) + 1, offset)
}

/** A clause that may be missing; not `${prefix}orders`, which is a name whatever the prefix. */
function isOptional(text: string, { start, end, optional }: TextHole): boolean {
  return optional === true && /^[\s(),;]?$/.test(text.charAt(start - 1)) && /^[\s(),;]?$/.test(text.charAt(end))
}

/** `${schema}` at the start of a statement, with more below: no statement of PostgreSQL begins with a name. */
function isStatement(text: string, { start }: TextHole): boolean {
  return /(?:^|;)\s*$/.test(text.slice(0, start))
}

function filled(text: string, holes: readonly TextHole[], kinds: readonly Kind[]): Filled {
  return { sql: apply(text, holes, kinds), open: holes.filter((hole, index) => isOpen(text, hole, kinds[index] ?? "name")) }
}

/** Gives the hole at the error, or else the nearest one before it, its next filling; false when there is none left. */
function advance(kinds: Kind[], holes: readonly TextHole[], position: number): boolean {
  for (let index = holes.length - 1; index >= 0; index--) {
    const hole = holes[index]
    if (hole === undefined || hole.start > position) continue
    const tried = KINDS.indexOf(kinds[index] ?? "name")
    const next = KINDS.find((kind, at) => at > tried && SHORTEST[kind] <= hole.end - hole.start)
    if (next !== undefined) {
      kinds[index] = next
      return true
    }
    kinds[index] = "name"
  }
  return false
}

function apply(text: string, holes: readonly TextHole[], kinds: readonly Kind[]): string {
  if (holes.length === 0) return text
  let sql = ""
  let copied = 0
  for (const [index, { start, end }] of holes.entries()) {
    sql += text.slice(copied, start) + filler(text.slice(start, end), kinds[index] ?? "name")
    copied = end
  }
  return sql + text.slice(copied)
}

/** Of the length of the hole. A name keeps the letters, as in templates of SQL files. */
function filler(hole: string, kind: Kind): string {
  switch (kind) {
    case "query":
      return "SELECT".padEnd(hole.length)
    case "assignment":
      return "_ =1".padEnd(hole.length)
    case "name":
      return `_${hole.slice(1).replace(/[^A-Za-z0-9_]/g, "_")}`
    case "nothing":
      return " ".repeat(hole.length)
    case "number":
      return "1".padEnd(hole.length)
    case "string":
      return "''".padEnd(hole.length)
    case "list":
      return "(1)".padEnd(hole.length)
    case "operator":
      return "=".padEnd(hole.length)
  }
}

function isOpen(text: string, hole: TextHole, kind: Kind): boolean {
  // With a library's placeholder for a name nobody could be told what the finding is about.
  if (kind === "nothing" || kind === "operator" || kind === "assignment" || (kind === "query" && isRows(text, hole)) || /^(?:\?\?|:\w+:)$/.test(text.slice(hole.start, hole.end))) return true
  if (kind !== "name" || !/\s$/.test(text.slice(0, hole.start)) || !/^\s*(?:;|$)/.test(text.slice(hole.end))) return false
  // `DELETE FROM orders ${where}`: the last word of a statement may be any clause.
  return !EXPECTS_NAME.test(text.slice(Math.max(0, hole.start - 40), hole.start))
}

/** `CREATE INDEX ${concurrently} name`, where a name would be read as the index's. */
function isConcurrently(text: string, { start, end }: TextHole): boolean {
  return /concurrent/i.test(text.slice(start, end)) && /\bindex\s+$/i.test(text.slice(Math.max(0, start - 20), start))
}

/** PostgreSQL quotes the word it stumbles over: a filler is given its spelling back. */
function spelled(message: string, text: string, sql: string, holes: readonly TextHole[]): string {
  return holes.reduce((result, { start, end }) => result.replace(`"${sql.slice(start, end).trim()}"`, () => `"${text.slice(start, end)}"`), message)
}
