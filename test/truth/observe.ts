import type pg from "pg"
import { lockCollector, type Before, type Observation, type RelationBefore, type RelationKind } from "./observation.ts"
import { notePrepared, prepared } from "./prepared.ts"
import { workDone, type ForeignKey, type IndexAfter } from "./work.ts"

const kinds: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "table",
  i: "index",
  I: "index",
  S: "sequence",
  v: "view",
  m: "materialized view",
  f: "foreign table",
  c: "composite type",
}

const userSchemas = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"

/** Every relation there is now, outside the system's own. */
export async function readRelations(session: pg.Client): Promise<Before> {
  const { rows } = await session.query<{
    oid: number
    schema: string
    name: string
    kind: string
    file: string
    table: number | null
  }>(prepared(session, "relations", `SELECT c.oid::int AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relfilenode AS file,
      i.indrelid::int AS table
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.oid >= 16384 AND n.nspname ${userSchemas} AND n.nspname NOT LIKE 'pg\\_toast\\_temp%' AND c.relkind <> 't'`))
  const before = new Map<number, RelationBefore>()
  for (const row of rows) {
    const kind = kinds[row.kind]
    if (kind === undefined) throw new Error(`unknown kind of relation ${row.kind}`)
    const schema = row.schema.startsWith("pg_temp") ? "pg_temp" : row.schema
    before.set(row.oid, {
      oid: row.oid,
      name: `${schema}.${row.name}`,
      bareName: row.name,
      kind,
      partitioned: row.kind === "p" || row.kind === "I",
      file: Number(row.file),
      table: row.table,
    })
  }
  return before
}

/** An error as the server reported it. */
export function serverError(error: unknown): { code: string; message: string } {
  if (error instanceof Error && "code" in error && typeof error.code === "string" && error.code.length === 5) {
    return { code: error.code, message: error.message }
  }
  throw error
}

/** Codes that say: not inside a transaction block. */
export function forbiddenInTransaction(code: string): boolean {
  return code === "25001" || code === "2D000"
}

const scanCounts = `SELECT coalesce(json_object_agg(oid, pg_stat_get_xact_numscans(oid)), '{}') AS counts
  FROM pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384`

/** Every index outside the system's own, as `IndexAfter`. */
export const indexesNow = `(SELECT coalesce(json_agg(json_build_object('name', relname, 'table', indrelid::int, 'file', relfilenode::int)), '[]')
    FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indexrelid >= 16384)`

const everythingAfter = `SELECT
  (SELECT coalesce(json_agg(json_build_array(relation::int, mode)), '[]') FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384) AS locks,
  (SELECT coalesce(json_object_agg(oid, relfilenode), '{}') FROM pg_class WHERE oid >= 16384) AS files,
  ${indexesNow} AS indexes,
  (SELECT coalesce(json_agg(json_build_object('name', conname, 'child', conrelid::int, 'parent', confrelid::int)), '[]')
    FROM pg_constraint WHERE contype = 'f' AND oid >= 16384) AS keys,
  (SELECT coalesce(json_agg(json_build_array(inhparent::int, inhrelid::int)), '[]') FROM pg_inherits) AS partitions,
  (${scanCounts}) AS scans`

interface After {
  locks: [number, string][]
  files: Record<string, string>
  indexes: IndexAfter[]
  keys: ForeignKey[]
  partitions: [number, number][]
  scans: Record<string, number>
}

/** What to do once the statement was observed, still inside its transaction. */
export type Ending = "rollback" | "commit"

/**
 * Runs one statement in a transaction of its own and observes it. `prepare` runs first in the same transaction
 * (settings). With `inspect`, the caller looks at the session before the transaction ends.
 */
export async function observeInTransaction(
  session: pg.Client,
  before: Before,
  sql: string,
  options: { prepare?: string; ending?: Ending; inspect?: () => Promise<void> } = {},
): Promise<Observation> {
  const opened = (await session.query(
    `BEGIN; ${options.prepare ?? ""}; ${scanCounts}; SET LOCAL client_min_messages = debug1`,
  )) as unknown as pg.QueryResult<{ counts: Record<string, number> }>[]
  const earlier = opened.flatMap((result) => result.rows).at(-1)?.counts ?? {}
  const messages: string[] = []
  const listen = (notice: { message?: string | undefined }): void => {
    if (notice.message !== undefined) messages.push(notice.message)
  }
  session.on("notice", listen)
  try {
    await session.query(sql)
    notePrepared(session, sql)
  } catch (error) {
    const fails = serverError(error)
    await session.query("ROLLBACK")
    const transaction = forbiddenInTransaction(fails.code) ? "forbidden" : "allowed"
    return { locks: [], rewrites: [], scans: [], builds: [], transaction, fails }
  } finally {
    session.off("notice", listen)
  }
  const { rows } = await session.query<After>(prepared(session, "after", everythingAfter))
  const after = rows[0]
  if (after === undefined) throw new Error("no row")
  await options.inspect?.()
  await session.query(options.ending === "commit" ? "COMMIT" : "ROLLBACK")
  const locks = lockCollector(before)
  for (const [oid, mode] of after.locks) locks.add(oid, mode)
  const counts = new Map<number, number>()
  for (const [oid, count] of Object.entries(after.scans)) counts.set(Number(oid), count - (earlier[oid] ?? 0))
  const work = workDone(before, {
    sql,
    messages,
    filesAfter: new Map(Object.entries(after.files).map(([oid, file]) => [Number(oid), Number(file)])),
    scanCounts: counts,
    indexesAfter: after.indexes,
    foreignKeys: after.keys,
    partitions: partitionTree(after.partitions),
  })
  return { locks: locks.locks(), ...work, transaction: "allowed" }
}

/** All levels below each parent. */
export function partitionTree(pairs: readonly (readonly [number, number])[]): Map<number, number[]> {
  const tree = new Map<number, number[]>()
  const below = (parent: number): number[] =>
    pairs.flatMap(([above, child]) => (above === parent ? [child, ...below(child)] : []))
  for (const [parent] of pairs) tree.set(parent, below(parent))
  return tree
}
