import type pg from "pg"
import type { Snapshot } from "../../src/schema/index.ts"
import { prepared } from "./prepared.ts"
import type { Major } from "./versions.ts"

/** The first oid that a server gives to what is not its own (FirstNormalObjectId): catalogs are read from there on, by their indexes. */
const FIRST_OID = "16384"

/**
 * One query that reads a database's catalog in the shape of the fold's own snapshot. Built for the major, since older
 * catalogs lack columns. Objects of extensions and of the system are left out.
 */
function snapshotQuery(major: Major): string {
  const generated = major >= 12 ? "CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END" : "NULL"
  const isGenerated = major >= 12 ? "a.attgenerated <> ''" : "false"
  const enforced = major >= 18 ? "x.conenforced" : "true"
  const nullsNotDistinct = major >= 15 ? "i.indnullsnotdistinct" : "false"
  const clones = major >= 11 ? "AND NOT (x.contype = 'f' AND x.conparentid <> 0 AND x.confrelid <> p.confrelid)" : ""
  return `
WITH relations AS (
  SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, CASE WHEN n.nspname LIKE 'pg\\_temp\\_%' THEN 'pg_temp' ELSE n.nspname END || '.' || c.relname AS qualified
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= ${FIRST_OID} AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), types AS (
  SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, t.typrelid, n.nspname || '.' || t.typname AS qualified
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.oid >= ${FIRST_OID} AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\\_%'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
)
SELECT json_build_object(
'tables', (SELECT coalesce(json_agg(json_build_object(
    'name', r.qualified,
    'kind', CASE r.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' ELSE 'foreign table' END,
    'persistence', CASE r.relpersistence WHEN 'p' THEN 'permanent' WHEN 'u' THEN 'unlogged' ELSE 'temporary' END,
    'known', true,
    'parents', (SELECT coalesce(json_agg(q.qualified ORDER BY q.qualified COLLATE "C"), '[]')
      FROM pg_inherits i JOIN relations q ON q.oid = i.inhparent WHERE i.inhrelid = r.oid),
    'columns', (SELECT coalesce(json_agg(json_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'notNull', a.attnotnull,
        'default', a.atthasdef AND NOT ${isGenerated},
        'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
        'generated', ${generated},
        'inherited', a.attinhcount > 0,
        'local', a.attislocal) ORDER BY a.attnum), '[]')
      FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'constraints', (SELECT coalesce(json_agg(json_build_object(
        'name', x.conname,
        'kind', CASE x.contype WHEN 'c' THEN 'check' WHEN 'n' THEN 'not null' WHEN 'f' THEN 'foreign key'
          WHEN 'u' THEN 'unique' WHEN 'p' THEN 'primary key' ELSE 'exclude' END,
        'columns', (SELECT coalesce(CASE WHEN x.contype = 'c' THEN json_agg(a.attname ORDER BY a.attname::text COLLATE "C")
            ELSE json_agg(a.attname ORDER BY k.n) END, '[]')
          FROM unnest(x.conkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num),
        'validated', x.convalidated,
        'enforced', ${enforced},
        'deferrable', x.condeferrable,
        'initiallyDeferred', x.condeferred,
        'noInherit', x.contype IN ('c', 'n') AND x.connoinherit,
        'inherited', x.coninhcount > 0,
        'local', x.conislocal,
        'references', CASE WHEN x.contype = 'f' THEN json_build_object(
          'table', (SELECT q.qualified FROM relations q WHERE q.oid = x.confrelid),
          'columns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(x.confkey) WITH ORDINALITY k(num, n)
            JOIN pg_attribute a ON a.attrelid = x.confrelid AND a.attnum = k.num)) END
        ) ORDER BY x.conname::text COLLATE "C"), '[]')
      FROM pg_constraint x LEFT JOIN pg_constraint p ON p.oid = x.conparentid
      WHERE x.conrelid = r.oid AND x.contype IN ('c', 'n', 'f', 'u', 'p', 'x')
      AND (p.oid IS NULL OR TRUE ${clones})),
    'indexes', (SELECT coalesce(json_agg(json_build_object(
        'name', ic.relname,
        'unique', i.indisunique,
        'method', am.amname,
        'valid', i.indisvalid,
        'columns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, n)
          LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num AND k.num <> 0 WHERE k.n <= i.indnkeyatts),
        'include', (SELECT coalesce(json_agg(a.attname ORDER BY k.n), '[]')
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, n)
          JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num WHERE k.n > i.indnkeyatts),
        'partial', i.indpred IS NOT NULL,
        'nullsNotDistinct', ${nullsNotDistinct},
        'clustered', i.indisclustered,
        'constraint', (SELECT x.conname FROM pg_constraint x
          WHERE x.conindid = i.indexrelid AND x.contype IN ('p', 'u', 'x') AND x.conrelid = r.oid),
        'parent', (SELECT q.qualified FROM pg_inherits h JOIN relations q ON q.oid = h.inhparent
          WHERE h.inhrelid = i.indexrelid)) ORDER BY ic.relname::text COLLATE "C"), '[]')
      FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
      WHERE i.indrelid = r.oid),
    'triggers', (SELECT coalesce(json_agg(g.tgname ORDER BY g.tgname::text COLLATE "C"), '[]') FROM pg_trigger g
      WHERE g.tgrelid = r.oid AND (NOT g.tgisinternal OR g.tgconstraint = 0 OR EXISTS (SELECT FROM pg_constraint t WHERE t.oid = g.tgconstraint AND t.contype = 't'))),
    'policies', (SELECT coalesce(json_agg(y.name ORDER BY y.name COLLATE "C"), '[]') FROM (
      SELECT polname || CASE WHEN polpermissive THEN '' ELSE ' (restrictive)' END AS name, polrelid FROM pg_policy) y
      WHERE y.polrelid = r.oid),
    'rules', (SELECT coalesce(json_agg(w.rulename ORDER BY w.rulename::text COLLATE "C"), '[]') FROM pg_rewrite w
      WHERE w.ev_class = r.oid),
    'rowSecurity', json_build_object('enabled', r.relrowsecurity, 'forced', r.relforcerowsecurity),
    'replicaIdentity', json_build_object(
      'kind', CASE r.relreplident WHEN 'd' THEN 'default' WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' ELSE 'index' END,
      'index', (SELECT ic.relname FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
        WHERE i.indrelid = r.oid AND i.indisreplident))
  ) ORDER BY r.qualified COLLATE "C"), '[]') FROM relations r WHERE r.relkind IN ('r', 'p', 'f')),
'views', (SELECT coalesce(json_agg(json_build_object(
    'name', r.qualified,
    'kind', CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
    'reads', (SELECT coalesce(json_agg(DISTINCT q.qualified COLLATE "C"), '[]') FROM pg_rewrite w
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
      JOIN relations q ON q.oid = d.refobjid WHERE w.ev_class = r.oid AND q.oid <> r.oid)
  ) ORDER BY r.qualified COLLATE "C"), '[]') FROM relations r WHERE r.relkind IN ('v', 'm')),
'sequences', (SELECT coalesce(json_agg(json_build_object('name', r.qualified,
    'type', (SELECT format_type(q.seqtypid, NULL) FROM pg_sequence q WHERE q.seqrelid = r.oid), 'ownedBy',
    (SELECT q.qualified || '.' || a.attname FROM pg_depend d JOIN relations q ON q.oid = d.refobjid
      JOIN pg_attribute a ON a.attrelid = q.oid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
      AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)) ORDER BY r.qualified COLLATE "C"), '[]')
  FROM relations r WHERE r.relkind = 'S'),
'enums', (SELECT coalesce(json_agg(json_build_object('name', t.qualified, 'labels',
    (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid = t.oid))
    ORDER BY t.qualified COLLATE "C"), '[]') FROM types t WHERE t.typtype = 'e'),
'domains', (SELECT coalesce(json_agg(json_build_object('name', t.qualified, 'type', format_type(t.typbasetype, t.typtypmod),
    'notNull', t.typnotnull, 'checks', (SELECT coalesce(json_agg(json_build_object('name', x.conname,
      'validated', x.convalidated) ORDER BY x.conname::text COLLATE "C"), '[]') FROM pg_constraint x
      WHERE x.contypid = t.oid AND x.contype = 'c')) ORDER BY t.qualified COLLATE "C"), '[]')
  FROM types t WHERE t.typtype = 'd'),
'composites', (SELECT coalesce(json_agg(json_build_object('name', t.qualified, 'attributes',
    (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
      ORDER BY a.attnum), '[]') FROM pg_attribute a
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)) ORDER BY t.qualified COLLATE "C"), '[]')
  FROM types t JOIN pg_class c ON c.oid = t.typrelid WHERE t.typtype = 'c' AND c.relkind = 'c'),
'statistics', (SELECT coalesce(json_agg(json_build_object('name', n.qualified || '.' || x.stxname, 'table', r.qualified,
    'columns', (SELECT coalesce(json_agg(a.attname ORDER BY a.attname::text COLLATE "C"), '[]') FROM unnest(x.stxkeys::int2[]) k(num)
      JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num))
    ORDER BY (n.qualified || '.' || x.stxname) COLLATE "C"), '[]')
  FROM pg_statistic_ext x JOIN (SELECT oid, CASE WHEN nspname LIKE 'pg\\_temp\\_%' THEN 'pg_temp' ELSE nspname END AS qualified FROM pg_namespace) n ON n.oid = x.stxnamespace JOIN relations r ON r.oid = x.stxrelid),
'functions', (SELECT coalesce(json_agg(json_build_object('name', f.qualified, 'kind', f.kind, 'arguments', f.arguments)
    ORDER BY f.qualified COLLATE "C", coalesce(f.written, '') COLLATE "C"), '[]')
  FROM (SELECT n.nspname || '.' || p.proname AS qualified, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
      (SELECT coalesce(json_agg(format_type(k.type, NULL) ORDER BY k.n), '[]') FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY k(type, n)) AS arguments,
      (SELECT string_agg(format_type(k.type, NULL), ',' ORDER BY k.n) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY k(type, n)) AS written
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid >= ${FIRST_OID} AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND p.prokind IN ('f', 'p')
    -- Constructors of a range type belong to it.
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))) f),
'publications', (SELECT coalesce(json_agg(json_build_object('name', p.pubname, 'allTables', p.puballtables,
    'tables', (SELECT coalesce(json_agg(r.qualified ORDER BY r.qualified COLLATE "C"), '[]') FROM pg_publication_rel e
      JOIN relations r ON r.oid = e.prrelid WHERE e.prpubid = p.oid)) ORDER BY p.pubname::text COLLATE "C"), '[]') FROM pg_publication p)
) AS snapshot`
}

/** The database's catalog now. The session has to have the usual search path: names of types are written by it. */
export async function readSnapshot(session: pg.Client, major: Major): Promise<Snapshot> {
  const { rows } = await session.query<{ snapshot: Snapshot }>(prepared(session, "snapshot", snapshotQuery(major)))
  const row = rows[0]
  if (row === undefined) throw new Error("no row")
  return row.snapshot
}

/**
 * Where two snapshots differ, as `path: ours | theirs`; empty when they are equal. Of a table that ours does not know all
 * of, only the existence is compared.
 */
export function snapshotDifferences(ours: Snapshot, theirs: Snapshot): string[] {
  const unknown = new Set(ours.tables.filter((table) => !table.known).map((table) => table.name))
  const known = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    tables: snapshot.tables.filter((table) => !unknown.has(table.name)),
  })
  const vanished = [...unknown].filter((name) => !theirs.tables.some((table) => table.name === name))
  return [...vanished.map((name) => `.tables[${name}]: exists | nothing`), ...differences("", known(ours), known(theirs))]
}

function differences(path: string, ours: unknown, theirs: unknown): string[] {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (path.endsWith("columns") || ours.every((one) => typeof one !== "object" || one === null || !("name" in one))) {
      if (ours.length !== theirs.length) return [`${path}: ${short(ours)} | ${short(theirs)}`]
      return ours.flatMap((one, at) => differences(`${path}[${label(one, at)}]`, one, theirs[at]))
    }
    const key = (one: unknown): string => label(one, 0)
    const names = [...new Set([...ours, ...theirs].map(key))]
    return names.flatMap((name) => {
      // Functions of one name are as many as there are lists of arguments.
      const [mine, others] = [ours, theirs].map((list) => list.filter((one) => key(one) === name))
      return Array.from({ length: Math.max(mine?.length ?? 0, others?.length ?? 0) }, (_, at) => at).flatMap((at) =>
        differences(`${path}[${name}]`, mine?.[at], others?.[at]),
      )
    })
  }
  if (isRecord(ours) && isRecord(theirs)) {
    return Object.keys(theirs).flatMap((name) => differences(`${path}.${name}`, ours[name], theirs[name]))
  }
  // The types of arguments that follow a column's (`%TYPE`) are not resolved.
  if (ours === "unknown" && path.includes(".arguments[")) return []
  return ours === theirs ? [] : [`${path}: ${short(ours)} | ${short(theirs)}`]
}

function label(one: unknown, at: number): string {
  return isRecord(one) && typeof one["name"] === "string" ? one["name"] : String(at)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 160)
