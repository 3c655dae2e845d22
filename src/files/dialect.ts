/** Whether SQL is written for another database, as its text tells. */
import type { KnownFiles } from "./framework.ts"

/**
 * What nobody writes for PostgreSQL, not even by mistake: table engines, names in backticks (MySQL, ClickHouse), codecs, types and views of
 * ClickHouse.
 */
const CERTAIN = new RegExp(
  [
    "\\)\\s*engine\\s*=\\s*\\w",
    "\\b(?:codec|lowcardinality)\\s*\\(",
    "\\b(?:create|alter|drop)\\s+table\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?`",
    "\\bcreate\\s+materialized\\s+view\\s+(?:if\\s+not\\s+exists\\s+)?[\\w.]+\\s+to\\s+\\w",
  ].join("|"),
  "i",
)

/** What is a mistake when it stands in one migration only: how MySQL, SQLite, SQL Server and Oracle write columns. */
const LIKELY =
  /\bauto_?increment\b(?=\s*(?:,|\)|=|primary|not|unique|comment))|\btable\s+(?:\[dbo\]|dbo\.)|\bmodify\s+column\b|\b(?:nvarchar|varchar2)\s*\(/i

/** What is no code: comments and quoted text. */
const ASIDE = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g

/** How many files of a sequence are looked into. */
const samples = 8

/**
 * Whether the files of one sequence are written for another database: several of a few say so, or the only one. What just drops or
 * renames is the same for all. A template may choose between databases, and then says nothing.
 *
 * @param paths absolute
 */
export function isOtherDialect(files: KnownFiles, paths: readonly string[]): boolean {
  const step = Math.max(1, (paths.length - 1) / (samples - 1))
  const texts = paths.filter((_, index) => index % step < 1).map((path) => files.head(path) ?? "")
  if (texts.some((text) => /\{\{|\{%/.test(text))) return false
  const certain = texts.filter((text) => tells(text, CERTAIN)).length
  const told = texts.filter((text) => tells(text, CERTAIN) || tells(text, LIKELY)).length
  return certain === texts.length ? certain > 0 : told > 1 && told * 3 > texts.length
}

function tells(text: string, signs: RegExp): boolean {
  return signs.test(text) && signs.test(text.replace(ASIDE, " "))
}
