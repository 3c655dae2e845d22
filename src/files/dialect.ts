/** Whether SQL or code is written for another database, as its text tells. */
import type { KnownFiles } from "./framework.ts"

/**
 * What nobody writes for PostgreSQL, not even by mistake: table engines, names in backticks (MySQL, ClickHouse), codecs, types and views of
 * ClickHouse, settings, kinds of tables and defaults of SQLite, indexes and defaults of CockroachDB.
 */
const CERTAIN = new RegExp(
  [
    "\\)\\s*engine\\s*=\\s*\\w",
    "\\b(?:codec|lowcardinality)\\s*\\(",
    "\\b(?:create|alter|drop)\\s+(?:table|database|schema|user)\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?`",
    "\\bcreate\\s+user\\s[^;]*?\\sidentified\\s+(?:by|with)\\s",
    "\\bpragma\\s+(?:\\w+\\.)?(?:defer_)?(?:foreign_keys?|journal_mode|legacy_alter_table|user_version|writable_schema)\\b",
    "\\bcreate\\s+table\\b[^;]*\\)\\s*(?:without\\s+rowid|strict)\\s*(?:;|,\\s*(?:without\\s+rowid|strict)\\b)",
    "\\bdefault\\s*\\(\\s*(?:strftime|unixepoch|julianday|randomblob|hex\\s*\\(\\s*randomblob)\\s*\\(",
    "\\bunique_rowid\\s*\\(\\s*\\)|\\)\\s*storing\\s*\\(\\s*\\w",
    "\\bcreate\\s+materialized\\s+view\\s+(?:if\\s+not\\s+exists\\s+)?[\\w.]+\\s+to\\s+\\w",
  ].join("|"),
  "i",
)

/** What is a mistake when it stands in one migration only: how MySQL, SQLite, SQL Server, Oracle and ClickHouse write columns. */
const LIKELY = new RegExp(
  [
    "\\bauto_?increment\\b(?=\\s*(?:,|\\)|=|primary|not|unique|comment))",
    "\\btable\\s+(?:\\[dbo\\]|dbo\\.)",
    "\\bmodify\\s+column\\b",
    "\\b(?:nvarchar|varchar2)\\s*\\(",
    "\\w\\s+(?:string|u?int(?:16|32|64)|float(?:32|64)|array\\s*\\(\\s*\\w+\\s*\\))\\s*(?:,|\\)|;|default\\b|not\\s+null\\b)",
  ].join("|"),
  "i",
)

/** What is no code: comments and quoted text. */
const ASIDE = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g

/** How many files of a sequence are looked into, and how many where one of those speaks for another database. */
const FEW = 8
const MORE = 24

/**
 * Whether the files of one sequence are written for another database: several of a few say so, or the only one. What just drops or
 * renames is the same for all. A template may choose between databases, and then says nothing.
 *
 * @param paths absolute
 */
export function areOtherDialect(files: KnownFiles, paths: readonly string[]): boolean {
  const says = (text: string): boolean => tells(text, CERTAIN) || tells(text, LIKELY)
  if (!sampled(files, paths, FEW).some(says)) return false
  const texts = sampled(files, paths, MORE)
  if (texts.some((text) => /\{\{|\{%/.test(text))) return false
  const certain = texts.filter((text) => tells(text, CERTAIN)).length
  const told = texts.filter(says).length
  return certain === texts.length ? certain > 0 : told > 1 && told * 3 > texts.length
}

/** The beginnings of some of the files, evenly spread. */
function sampled(files: KnownFiles, paths: readonly string[], count: number): string[] {
  const step = Math.max(1, (paths.length - 1) / (count - 1))
  return paths.filter((_, index) => index % step < 1).map((path) => files.head(path) ?? "")
}

/** How many mistakes nobody makes in one file. */
const MANY = 3

/** Whether a file is written for another database, as it tells alone: throughout, as a dump of that database does. */
export function isOtherDialect(text: string): boolean {
  if (!tells(text, CERTAIN) && !tells(text, LIKELY)) return false
  const code = text.replace(ASIDE, " ")
  if (/\{\{|\{%/.test(code)) return false
  const count = (signs: RegExp): number => [...code.matchAll(new RegExp(signs, "gi"))].length
  const tables = count(/\bcreate\s+table\b/)
  const found = count(CERTAIN) + count(LIKELY)
  return found >= MANY && found * 2 >= tables
}

function tells(text: string, signs: RegExp): boolean {
  return signs.test(text) && signs.test(text.replace(ASIDE, " "))
}

/** Modules that speak to other databases, and to nothing else. */
const OTHER_CLIENT =
  /(?:\bfrom\s*|\brequire\(\s*|\bimport\(?\s*)["'](?:mysql2?|mariadb|(?:better-)?sqlite3?|(?:bun|node):sqlite|(?:expo|react-native)-sqlite[\w-]*|mssql|tedious|oracledb|mongodb|mongoose|migrate-mongo|@clickhouse\/client(?:-web)?|@libsql\/[\w-]+|@planetscale\/database|drizzle-orm\/(?:mysql|sqlite|singlestore)-core|cassandra-driver|snowflake-sdk|duckdb[\w-]*|@payloadcms\/db-(?:sqlite|mongodb|d1-sqlite))(?:\/[^"']*)?["']/
const POSTGRES_CLIENT = /["'](?:pg|pg-promise|postgres|slonik|@neondatabase\/serverless|@vercel\/postgres|drizzle-orm\/pg-core|@payloadcms\/db-(?:vercel-)?postgres)["']/

/** Whether a file imports the client of another database, and none of PostgreSQL. */
export function speaksToOthers(source: string): boolean {
  return OTHER_CLIENT.test(source) && !POSTGRES_CLIENT.test(source)
}
