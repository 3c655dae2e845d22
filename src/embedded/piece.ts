/** Pieces of SQL: what users mark as SQL for the sake of its colours is often a condition or a column list that other code puts into a statement. */
import type { TextHole } from "./evaluate.ts"
import { fillHoles } from "./fill.ts"

interface Frame {
  readonly before: string
  readonly after: string
  /** What a piece of the kind has, so that a statement with a slip in its first word is none: `truncat orders` reads like a table with an alias. */
  readonly has?: RegExp
  readonly lacks?: RegExp
}

/** Statements that a piece may be put into, the likeliest first. */
const FRAMES: readonly Frame[] = [
  // An expression, or several.
  { before: "SELECT f(", after: ")" },
  { before: "SELECT ", after: "", has: /\bas\b|,/i, lacks: /\bfrom\b/i },
  { before: "SELECT ", after: "", has: /^\s*\([^]*\)\s*as\s+[\w"]+\s*$/i },
  // More columns or sort keys behind others, or in front of them; what stands between expressions; a branch of CASE.
  { before: "SELECT 1", after: "", has: /^\s*,/ },
  { before: "SELECT FROM a ORDER BY ", after: "1", has: /,\s*$/ },
  { before: "SELECT ", after: "1", has: /,\s*$/ },
  { before: "SELECT true ", after: "true", has: /^\s*(?:and|or|\|\|)\s*$/i },
  { before: "SELECT CASE ", after: " END", has: /\bwhen\b[^]*\bthen\b/i },
  // JOIN, WHERE, ORDER BY and what else comes behind a table; AND and OR.
  { before: "SELECT FROM a ", after: "", has: /^\s*(?:as|cross|for|full|group|having|inner|join|left|limit|natural|offset|order|right|union|where|window|tablesample|fetch|except|intersect)\b/i },
  { before: "SELECT FROM a WHERE true ", after: "", has: /^\s*(?:and|or)\b/i },
  { before: "SELECT ", after: "", has: /^\s*from\b/i },
  { before: "SELECT FROM ", after: "", has: /\bjoin\b/i },
  // Common table expressions, and the ends of INSERT and DELETE.
  { before: "WITH ", after: " SELECT", has: /\bas\b[^(]*\(/i },
  { before: "INSERT INTO a DEFAULT VALUES ", after: "", has: /^\s*(?:on|returning)\b/i },
  { before: "DELETE FROM a ", after: "", has: /^\s*using\b/i },
]

/** Whether a text that is no statement can stand inside of one. */
export function isPiece(sql: string, holes: readonly TextHole[]): boolean {
  return FRAMES.some(({ before, after, has, lacks }) => {
    if (has?.test(sql) === false || lacks?.test(sql) === true) return false
    const moved = holes.map((hole) => ({ ...hole, start: hole.start + before.length, end: hole.end + before.length }))
    // A comment at the end would take what comes behind it along.
    return !("message" in fillHoles(`${before}${sql}\n${after}`, moved))
  })
}
