/** Whether SQL is written for another database, as its text tells. */
import type { KnownFiles } from "./framework.ts"

/** What nobody writes for PostgreSQL, not even by mistake: table engines, names in backticks (MySQL, ClickHouse), codecs and types of ClickHouse. */
const CERTAIN = /\)\s*engine\s*=\s*\w|\bcodec\s*\(|\blowcardinality\s*\(|\b(?:create|alter|drop)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?`/i

/** What is a mistake when it stands in one migration only: how MySQL, SQLite, SQL Server and Oracle write columns. */
const LIKELY =
  /\bauto_?increment\b(?=\s*(?:,|\)|=|primary|not|unique|comment))|\btable\s+(?:\[dbo\]|dbo\.)|\bmodify\s+column\b|\b(?:nvarchar|varchar2)\s*\(/i

/** What is no code: comments and quoted text. */
const ASIDE = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g

/**
 * Whether most of a few files of one sequence are written for another database. A template may choose between databases, and then
 * says nothing.
 *
 * @param paths absolute
 */
export function isOtherDialect(files: KnownFiles, paths: readonly string[]): boolean {
  const texts = paths.map((path) => files.head(path) ?? "")
  if (texts.some((text) => /\{\{|\{%/.test(text))) return false
  const told = texts.filter((text) => tells(text, CERTAIN) || tells(text, LIKELY))
  return told.length * 2 > texts.length && (told.length > 1 || told.some((text) => tells(text, CERTAIN)))
}

function tells(text: string, signs: RegExp): boolean {
  return signs.test(text) && signs.test(text.replace(ASIDE, " "))
}
