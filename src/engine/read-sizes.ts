import type { Sizes, TableSize } from "./sizes.ts"

const COLUMNS = ["schema", "table", "rows", "bytes"] as const

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], unknown>>>

/** The query's value, whatever is printed round it. */
const VALUE = /\[\s*\{[\s\S]*\}\s*\]/

/** Where a line of the value ends: psql's sign that it goes on (`+`, or an arrow), and lines of the table round it. */
const LINE_END = /,[^\S\n]*[+\u21b5]?[^\S\n]*[|\u2502]?[^\S\n]*\n\s*[|\u2502]?/g

/**
 * Reads the result of the query of `pgsafe stats`: the query's value, as JSON or inside of what psql, pgAdmin and DBeaver print round it, or one
 * row a table: a list in JSON, JSON lines, or CSV with the header `schema,table,rows,bytes`.
 *
 * @throws {SyntaxError} when it is none of them.
 */
export function parseSizes(text: string): Sizes {
  const rows = jsonRows(text) ?? csvRows(text) ?? printedRows(text)
  if (rows === null) throw new SyntaxError("it is neither a JSON list nor CSV with the header schema,table,rows,bytes")
  return new Map(rows.map(entry))
}

function jsonRows(text: string): readonly Row[] | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    return listIn(JSON.parse(text))
  } catch (error) {
    const lines = text.trim().split(/\r?\n/)
    if (lines.length > 1 && lines.every((line) => /^\{.*\}$/.test(line))) return lines.map((line) => rowOf(JSON.parse(line)))
    const rows = printedRows(text)
    if (rows === null) throw error
    return rows
  }
}

/** A list, also where it lies in `{"<the query>": [{"json_agg": "[...]"}]}`, as DBeaver writes it. */
function listIn(content: unknown): readonly Row[] | null {
  const list = unwrapped(content)
  return Array.isArray(list) ? list.map(rowOf) : null
}

function unwrapped(content: unknown): unknown {
  if (typeof content === "string") return /^\s*\[/.test(content) ? JSON.parse(content) : content
  const [first, ...others] = Object.values(Object(content) as Readonly<Record<string, unknown>>)
  if (others.length > 0 || (!Array.isArray(content) && typeof first !== "string" && !Array.isArray(first))) return content
  const inner = unwrapped(first)
  return Array.isArray(inner) ? inner : content
}

function rowOf(value: unknown): Row {
  return Object(value) as Row
}

function printedRows(text: string): readonly Row[] | null {
  const value = VALUE.exec(text)?.[0]
  return value === undefined ? null : listIn(JSON.parse(value.replaceAll(LINE_END, ",")))
}

function csvRows(text: string): readonly Row[] | null {
  const [header = "", ...lines] = text.trim().split(/\r?\n/)
  const separator = [",", ";", "\t"].find((sign) => header.includes(sign)) ?? ","
  const titles = cells(header, separator).map((title) => title.trim().toLowerCase())
  const [value, ...more] = titles.length === 1 ? lines.flatMap((line) => cells(line, separator)) : []
  if (value?.startsWith("[") === true && more.length === 0) return listIn(JSON.parse(value))
  if (titles.length !== COLUMNS.length || !COLUMNS.every((title) => titles.includes(title))) return null
  // psql -A ends with the number of rows.
  const rows = lines.filter((line) => !/^\(\d+ \w+\)$/.test(line)).map((line) => cells(line, separator))
  return rows.map((values) => Object.fromEntries(COLUMNS.map((title) => [title, values[titles.indexOf(title)]])))
}

function cells(line: string, separator: string): string[] {
  return [...line.matchAll(new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, "g"))].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "")
}

function entry(row: Row): [string, TableSize] {
  const { schema, table } = row
  const [rows, bytes] = [count(row.rows), count(row.bytes)]
  if (typeof schema !== "string" || typeof table !== "string" || table === "" || rows === undefined || typeof bytes !== "number") {
    throw new SyntaxError(`this is no size of a table: ${JSON.stringify(row)}`)
  }
  return [`${schema}.${table}`, { rows, bytes }]
}

/** What exports write for NULL, and -1, which pg_class.reltuples is where nothing is known (from 14 on). */
const NOTHING = /^(?:|-1|\\N|\[?null\]?)$/i

/** A number, which drivers and exports write as text where it may be large; null: it is not known; undefined: it is none. */
function count(value: unknown): number | null | undefined {
  if (value === null) return null
  if (typeof value === "string" && NOTHING.test(value)) return null
  const number = typeof value === "string" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined
}
