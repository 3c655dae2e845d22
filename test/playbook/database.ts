import type pg from "pg"
import type { Step } from "../../src/playbook/index.ts"
import { LOCK_TIMEOUT } from "../../src/playbook/sql.ts"
import { LOCK_MODES } from "../../src/parse/operation.ts"
import { observeInTransaction, readRelations } from "../truth/observe.ts"
import { startServer, type Server } from "../truth/server.ts"
import type { Major } from "../truth/versions.ts"

/** A server, and databases on it that each start empty. */
export interface Place {
  readonly major: Major
  /** A session in a new database that holds what the SQL makes. */
  open(sql: string): Promise<pg.Client>
  /** Another session in the same database. */
  join(session: pg.Client): Promise<pg.Client>
  close(): Promise<void>
}

export async function openPlace(major: Major): Promise<Place> {
  const server: Server = await startServer(major)
  const admin = await server.connect("postgres")
  let databases = 0
  return {
    major,
    async open(sql) {
      const name = `recipe_${String(++databases)}`
      await admin.query(`CREATE DATABASE ${name}`)
      const session = await server.connect(name)
      await session.query("SET client_min_messages = error")
      if (sql !== "") await session.query(sql)
      return session
    },
    join: (session) => server.connect(session.database ?? ""),
    async close() {
      await admin.end()
      await server.stop()
    },
  }
}

/** The relations that the recipe finds: what it makes itself, nobody else uses yet. */
async function relationsOf(session: pg.Client): Promise<ReadonlySet<number>> {
  return new Set((await readRelations(session)).keys())
}

/** The relations that a step names as locked, with the partitions and heirs of each, and what those are partitions and heirs of. */
async function namedBy({ lock, note }: Step, session: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ name: string }>(
    `WITH RECURSIVE named (oid) AS (
      SELECT oid FROM pg_class WHERE oid = to_regclass($1) OR strpos($2, quote_ident(relname)) > 0
      UNION
      SELECT CASE inhparent WHEN named.oid THEN inhrelid ELSE inhparent END FROM named JOIN pg_inherits ON named.oid IN (inhparent, inhrelid)
    )
    SELECT nspname || '.' || relname AS name FROM named JOIN pg_class c ON c.oid = named.oid JOIN pg_namespace n ON n.oid = relnamespace`,
    [lock?.relation ?? null, note ?? ""],
  )
  return new Set(rows.map(({ name }) => name))
}

/** What a step did that it does not say, in words; empty when it kept its word. */
async function runStep(session: pg.Client, step: Step, existing: ReadonlySet<number>): Promise<string[]> {
  if (step.sql === "") return []
  if (!step.transaction) {
    await session.query(step.sql)
    return []
  }
  const before = new Map([...(await readRelations(session))].filter(([oid]) => existing.has(oid)))
  const named = await namedBy(step, session)
  // The observation goes by a statement's first word.
  const prepare = step.sql.startsWith(LOCK_TIMEOUT) ? LOCK_TIMEOUT : ""
  const seen = await observeInTransaction(session, before, step.sql.slice(prepare.length), {
    prepare,
    ending: "commit",
  })
  if (seen.fails !== undefined) throw new Error(`${step.title}: ${seen.fails.message}\n${step.sql}`)
  const complaints: string[] = []
  const tables = seen.locks.filter((lock) => lock.kind === "table" || lock.kind === "view")
  const strongest = Math.max(-1, ...tables.map((lock) => LOCK_MODES.indexOf(lock.mode)))
  const stated = step.lock === null ? LOCK_MODES.indexOf("ACCESS SHARE") : LOCK_MODES.indexOf(step.lock.mode)
  if (strongest > stated)
    complaints.push(`${step.title}: takes ${LOCK_MODES[strongest] ?? ""}, states ${step.lock?.mode ?? "nothing"}`)
  for (const { relation, mode } of tables) {
    if (LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf("SHARE") && !named.has(relation)) complaints.push(`${step.title}: locks ${relation} in ${mode} mode, and does not say so`)
  }
  for (const table of seen.rewrites) complaints.push(`${step.title}: rewrites ${table}`)
  for (const table of seen.builds) complaints.push(`${step.title}: builds an index on ${table}`)
  if (step.lock?.duration !== "scan") for (const table of seen.scans) complaints.push(`${step.title}: scans ${table}`)
  return complaints
}

/** Runs all steps in order, and what a person does (`byHand`) where there is no SQL. */
export async function runSteps(session: pg.Client, steps: readonly Step[], byHand = ""): Promise<string[]> {
  const existing = await relationsOf(session)
  const complaints: string[] = []
  for (const step of steps) {
    if (step.sql === "" && byHand !== "") await session.query(byHand)
    complaints.push(...(await runStep(session, step, existing)))
  }
  return complaints
}

const SHAPE = `
  SELECT 'column ' || a.attrelid::regclass || '.' || quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attcollation <> typcollation
      THEN ' collate ' || (SELECT collname FROM pg_collation WHERE oid = attcollation) ELSE '' END
    || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') || ' identity=' || attidentity::text
    || ' generated=' || coalesce(to_jsonb(a) ->> 'attgenerated', '')
    || coalesce(' comment ' || col_description(a.attrelid, attnum), '') || ' storage=' || attstorage::text
    || ' compression=' || coalesce(to_jsonb(a) ->> 'attcompression', '') || ' statistics=' || coalesce(attstattarget, -1)
    || coalesce(' options ' || attoptions::text, '') || coalesce(' privileges ' || attacl::text, '') AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = attnum
  WHERE NOT attisdropped AND attnum > 0 AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = ANY ($1)
  UNION ALL
  SELECT 'constraint ' || CASE WHEN contypid <> 0 THEN contypid::regtype::text ELSE conrelid::regclass::text END
    || '.' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) || ' valid=' || convalidated
    || coalesce(' comment ' || obj_description(oid, 'pg_constraint'), '')
  FROM pg_constraint WHERE connamespace = ANY ($1)
  UNION ALL
  SELECT 'index ' || pg_get_indexdef(indexrelid) || ' valid=' || indisvalid || ' clustered=' || indisclustered
    || ' identity=' || indisreplident || ' tablespace=' || reltablespace || coalesce(' comment ' || obj_description(indexrelid, 'pg_class'), '')
    || coalesce((SELECT ' statistics ' || string_agg(attnum || '=' || attstattarget, ' ') FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget >= 0), '')
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = ANY ($1)
  UNION ALL
  SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE pronamespace = ANY ($1)
  UNION ALL
  SELECT 'sequence ' || s.seqrelid::regclass || ' ' || seqtypid::regtype || ' start=' || seqstart || ' increment=' || seqincrement
    || ' from ' || seqmin || ' to ' || seqmax || ' cache=' || seqcache || ' cycle=' || seqcycle || ' owned by '
    || coalesce(refobjid::regclass || '.' || attname, '')
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  LEFT JOIN pg_depend d ON d.objid = s.seqrelid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE c.relnamespace = ANY ($1)
  UNION ALL
  SELECT 'view ' || oid::regclass || ' ' || pg_get_viewdef(oid) FROM pg_class
  WHERE relkind IN ('v', 'm') AND relnamespace = ANY ($1)
  UNION ALL
  SELECT 'partition ' || oid::regclass || ' ' || pg_get_expr(relpartbound, oid) FROM pg_class
  WHERE relispartition AND relkind IN ('r', 'p') AND relnamespace = ANY ($1)
  UNION ALL
  SELECT 'table ' || oid::regclass || ' row security=' || relrowsecurity || relforcerowsecurity || ' replica identity=' || relreplident::text
  FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = ANY ($1)
  UNION ALL
  SELECT 'policy ' || polrelid::regclass || '.' || quote_ident(polname) || ' ' || polcmd::text || ' ' || coalesce(pg_get_expr(polqual, polrelid), '')
  FROM pg_policy
  UNION ALL
  SELECT 'label ' || enumtypid::regtype || ' ' || enumlabel FROM pg_enum`

/** Everything the user's schemas hold, one line each, independent of the order of columns. */
export async function shapeOf(session: pg.Client): Promise<string[]> {
  const { rows: schemas } = await session.query<{ oid: number }>(
    "SELECT oid::int AS oid FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'",
  )
  const { rows } = await session.query<{ line: string }>(SHAPE, [schemas.map(({ oid }) => oid)])
  return rows.map(({ line }) => line).sort()
}
