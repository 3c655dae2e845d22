import type { Finding } from "./finding.ts"

/** How large a table is, as far as the server's statistics tell. */
export interface TableSize {
  /** About; null when the table was never analyzed. */
  readonly rows: number | null
  readonly bytes: number
}

/** By `schema.table`. */
export type Sizes = ReadonlyMap<string, TableSize>

/** The query whose result `--stats` takes, for psql -At. Reads no rows of any table. */
export const SIZES_QUERY = `SELECT json_agg(json_build_object(
  'schema', n.nspname, 'table', c.relname,
  'rows', CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END, 'bytes', pg_table_size(c.oid)))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');`

/** Below this many rows PostgreSQL rewrites or reads a table in an instant. */
const SMALL = 10_000
/** From here on the size is worth saying. */
const LARGE = 1_000_000

/** What psql prints around the query's value without -At: a title, a rule, signs of lines that go on, and the number of rows. */
const PSQL = /^\s*\w+\s*\n-+\s*\n([\s\S]*?)\n\(1 \w+\)\s*$/

/**
 * Reads the result of the query: JSON, or CSV with the header `schema,table,rows,bytes`; the query's value alone also inside of what psql,
 * pgAdmin and DBeaver write around it.
 *
 * @throws {SyntaxError} when it is neither.
 */
export function parseSizes(text: string): Sizes {
  const printed = PSQL.exec(text)?.[1]?.replace(/\s*\+$/gm, "")
  const json = printed ?? text
  return new Map(/^\s*[[{]/.test(json) ? fromJson(JSON.parse(json)) : fromCsv(text))
}

type Entry = [string, TableSize]

const NEITHER = "it is neither a JSON list nor CSV with the header schema,table,rows,bytes"

/** What lies in `{"<the query>": [{"json_agg": "[...]"}]}`, as DBeaver writes it. */
function unwrapped(content: unknown): unknown {
  if (typeof content === "string") return /^\s*\[/.test(content) ? JSON.parse(content) : content
  const [first, ...others] = Object.values(Object(content) as Readonly<Record<string, unknown>>)
  if (others.length > 0 || (!Array.isArray(content) && typeof first !== "string" && !Array.isArray(first))) return content
  const inner = unwrapped(first)
  return Array.isArray(inner) ? inner : content
}

function fromJson(wrapped: unknown): Entry[] {
  const content = unwrapped(wrapped)
  if (!Array.isArray(content)) throw new SyntaxError(NEITHER)
  return content.map((row: unknown): Entry => {
    const { schema, table, rows, bytes } = Object(row) as Readonly<Record<string, unknown>>
    if (typeof schema !== "string" || typeof table !== "string" || !isSize(bytes) || !(rows === null || isSize(rows))) {
      throw new SyntaxError(`this is no size of a table: ${JSON.stringify(row)}`)
    }
    return [`${schema}.${table}`, { rows, bytes }]
  })
}

const COLUMNS = ["schema", "table", "rows", "bytes"] as const

function fromCsv(text: string): Entry[] {
  const [header = "", ...lines] = text.trim().split(/\r?\n/)
  const separator = [",", ";", "\t"].find((sign) => header.includes(sign)) ?? ","
  const titles = cells(header, separator).map((title) => title.toLowerCase())
  const [value, ...more] = titles.length === 1 ? lines.flatMap((line) => cells(line, separator)) : []
  if (value?.startsWith("[") === true && more.length === 0) return fromJson(JSON.parse(value))
  if (titles.length !== COLUMNS.length || !COLUMNS.every((title) => titles.includes(title))) throw new SyntaxError(NEITHER)
  return lines.map((line) => {
    const values = cells(line, separator)
    const [schema, table, rows, bytes] = COLUMNS.map((title) => values[titles.indexOf(title)] ?? "")
    const size = { rows: rows === "" ? null : Number(rows), bytes: bytes === "" ? NaN : Number(bytes) }
    if (!table || !isSize(size.bytes) || !(size.rows === null || isSize(size.rows))) throw new SyntaxError(`this is no size of a table: ${line}`)
    return [`${schema ?? ""}.${table}`, size]
  })
}

function cells(line: string, separator: string): string[] {
  return [...line.matchAll(new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, "g"))].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "")
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
}

/**
 * A finding in the light of the sizes. Work on a small table is over in an instant, so an error becomes a warning; of a large
 * one the message says the size. What only waits for a lock is as bad on a small table, and stays as it is.
 */
export function sized(finding: Finding, sizes: Sizes): Finding {
  const worked = finding.locks.filter(({ duration }) => duration === "scan" || duration === "rewrite" || duration === "build")
  const known = [...finding.changes, ...worked.map(({ relation }) => relation)].map((relation) => ({ relation, size: sizeOf(relation, sizes) }))
  const large = known.find(({ size }) => (size?.rows ?? 0) >= LARGE)
  if (large?.size !== undefined) return { ...finding, message: `${finding.message}; ${large.relation} has ${inWords(large.size)}` }
  if (known.length === 0 || !known.every(({ size }) => size !== undefined && size.rows !== null && size.rows < SMALL)) return finding
  const sizesInWords = known.flatMap(({ relation, size }) => (size === undefined ? [] : [`${relation} has ${inWords(size)}`]))
  return { ...finding, severity: "warning", message: `${finding.message}; but ${[...new Set(sizesInWords)].join(" and ")}` }
}

/** `orders` means `public.orders`, unless another schema alone has it. */
function sizeOf(relation: string, sizes: Sizes): TableSize | undefined {
  const parts = [...relation.matchAll(/"((?:[^"]|"")+)"|[^."]+/g)].map(([plain, quoted]) => quoted?.replaceAll('""', '"') ?? plain)
  if (parts.length > 1) return sizes.get(parts.join("."))
  const [name = ""] = parts
  const others = [...sizes].filter(([key]) => key.endsWith(`.${name}`))
  return sizes.get(`public.${name}`) ?? (others.length === 1 ? others[0]?.[1] : undefined)
}

function inWords({ rows, bytes }: TableSize): string {
  return `about ${rounded(rows ?? 0, 1000, ["", " thousand", " million", " billion"])} rows (${rounded(bytes, 1024, [" bytes", " kB", " MB", " GB", " TB"])})`
}

function rounded(value: number, step: number, units: readonly string[]): string {
  let at = 0
  let shown = value
  for (; shown >= step && at < units.length - 1; at += 1) shown /= step
  return `${String(shown >= 10 || at === 0 ? Math.round(shown) : Math.round(shown * 10) / 10)}${units[at] ?? ""}`
}
