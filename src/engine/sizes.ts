import type { Finding } from "./finding.ts"

/** How large a table is, as far as the server's statistics tell. */
export interface TableSize {
  /** About; null when nobody knows, because the table was never analyzed. */
  readonly rows: number | null
  readonly bytes: number
}

/** By `schema.table`. */
export type Sizes = ReadonlyMap<string, TableSize>

/**
 * The query whose result `--stats` takes, for psql -XAt. Reads no rows of any table.
 *
 * A statement on a partitioned table or on a parent works on all that hang on it, so their sizes are counted together. Rows are estimated as
 * the planner does it (docs, "Row Estimation Examples"): the density at the last VACUUM or ANALYZE, times the pages that there are now. Up to 13 a
 * table that was never analyzed has 0 rows in pg_class, from 14 on -1, and a partitioned one mostly the same: neither says anything.
 */
export const SIZES_QUERY = `WITH RECURSIVE trees (top, part) AS (
  SELECT oid, oid FROM pg_class WHERE relkind IN ('r', 'm', 'p')
  UNION SELECT top, inhrelid FROM trees JOIN pg_inherits ON inhparent = part
), parts AS (
  SELECT top, relpages, reltuples, coalesce(pg_table_size(c.oid), 0) AS bytes,
    coalesce(pg_relation_size(c.oid), 0) / current_setting('block_size')::int
      AS pages
  FROM trees JOIN pg_class c ON c.oid = part
), counted AS (
  SELECT top, bytes, CASE WHEN pages = 0 THEN 0
    WHEN reltuples > 0 THEN reltuples / nullif(relpages, 0) * pages
    WHEN reltuples = 0 AND pages <= relpages THEN 0 END AS rows
  FROM parts
), sizes AS (
  SELECT top, sum(bytes) AS bytes,
    CASE WHEN count(rows) = count(*) THEN sum(rows)::bigint END AS rows
  FROM counted GROUP BY top
)
SELECT coalesce(json_agg(json_build_object(
  'schema', nspname, 'table', relname, 'rows', rows, 'bytes', bytes)), '[]')
FROM sizes JOIN pg_class c ON c.oid = top
JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema';`

/** Below this many rows, and bytes, PostgreSQL rewrites or reads a table in an instant. */
const SMALL = { rows: 10_000, bytes: 100 * 1024 ** 2 } as const
/** From this many rows on the size is worth saying. */
const LARGE = 1_000_000

/**
 * A finding in the light of the sizes. Work on a small table is over in an instant, so an error becomes a warning; of a large
 * one the message says the size. What only waits for a lock is as bad on a small table, and stays as it is.
 */
export function sized(finding: Finding, sizes: Sizes): Finding {
  const worked = finding.locks.filter(({ duration }) => duration === "scan" || duration === "rewrite" || duration === "build")
  const known = [...finding.changes, ...worked.map(({ relation }) => relation)].map((relation) => ({ relation, size: sizeOf(relation, sizes) }))
  const large = known.find(({ size }) => (size?.rows ?? 0) >= LARGE)
  if (large?.size !== undefined) return { ...finding, message: `${finding.message}; ${large.relation} has ${inWords(large.size)}` }
  if (known.length === 0 || !known.every(({ size }) => size !== undefined && isSmall(size))) return finding
  const sizesInWords = known.flatMap(({ relation, size }) => (size === undefined ? [] : [`${relation} has ${inWords(size)}`]))
  return { ...finding, severity: "warning", message: `${finding.message}; but ${[...new Set(sizesInWords)].join(" and ")}` }
}

function isSmall({ rows, bytes }: TableSize): boolean {
  return rows !== null && rows < SMALL.rows && bytes < SMALL.bytes
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
