import type pg from "pg"
import { notePrepared } from "./prepared.ts"
import type { Server } from "./server.ts"

/** One database of a server, used over and over: emptying it is ten times faster than making a new one. */
export interface Workbench {
  readonly server: Server
  /** A session of another database, to look on without standing in the way. */
  readonly watcher: pg.Client
  /** Empties the database and runs the SQL in it. */
  reset(sql: string): Promise<void>
  /** A new session with nothing set. The caller ends it. */
  connect(): Promise<pg.Client>
  /** A session with nothing set, which may have been used before. Connecting takes longer than most of what is asked of a session. */
  enter(): Promise<pg.Client>
  /** Takes back what `enter` gave, in whatever state it is. */
  leave(session: pg.Client): Promise<void>
  /** A session that only looks on or holds locks; give it back outside a transaction, with nothing set. */
  borrow(): Promise<pg.Client>
  giveBack(session: pg.Client): void
  close(): Promise<void>
}

/** REINDEX DATABASE has to name the database it runs in. */
const databaseName = "truth"

/** What `public` may hold and is still emptied one by one; after anything else it is made anew. */
const dropped = "'table', 'view', 'materialized view', 'sequence', 'foreign table', 'type', 'composite type', 'function', 'procedure', 'aggregate'"

/**
 * Empties the database. The schema public stays where it is as it was made: a new schema, like one that goes, makes all sessions plan anew
 * what they have prepared, and that takes longer than the rest.
 */
const empty = `DO $$
DECLARE command text;
BEGIN
  -- All commands first: what one drops with CASCADE has no name any more.
  FOREACH command IN ARRAY ARRAY(
    WITH held AS (
      SELECT o.type, o.identity FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o
      WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace('public') AND d.deptype = 'n'
      -- What belongs to another object goes with it.
      AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = d.classid AND i.objid = d.objid AND i.objsubid = 0 AND i.deptype = 'i')
    ), kept AS (
      -- What the server's own schema holds is not in pg_depend.
      SELECT oid FROM pg_namespace WHERE nspname = 'public' AND oid >= 16384 AND nspacl::text = '{postgres=UC/postgres,=UC/postgres}'
      AND obj_description(oid, 'pg_namespace') IS NULL AND NOT EXISTS (SELECT FROM held WHERE type NOT IN (${dropped}))
    )
    SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
    UNION ALL SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
      WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' AND oid NOT IN (SELECT oid FROM kept)
    UNION ALL SELECT format('DROP SERVER %I CASCADE', srvname) FROM pg_foreign_server
    UNION ALL SELECT format('DROP FOREIGN DATA WRAPPER %I CASCADE', fdwname) FROM pg_foreign_data_wrapper
    UNION ALL SELECT format('DROP %s IF EXISTS %s CASCADE', CASE type WHEN 'composite type' THEN 'type' ELSE type END, identity) FROM held, kept
  ) LOOP
    EXECUTE command;
  END LOOP;
  IF to_regnamespace('public') IS NULL THEN
    CREATE SCHEMA public;
    GRANT ALL ON SCHEMA public TO public;
  END IF;
END $$`

/** Catalogs in which every emptying leaves dead rows: with autovacuum off, each look at them would take longer than the one before. */
const sweep = ["class", "attribute", "type", "depend", "constraint", "index", "attrdef", "inherits", "proc", "trigger", "rewrite", "description"]
  .map((name) => `VACUUM pg_catalog.pg_${name}`)

/** How many times the database is emptied between two sweeps. */
const SWEEP_AFTER = 25

export async function openWorkbench(server: Server): Promise<Workbench> {
  const watcher = await server.connect("postgres")
  await watcher.query(`CREATE DATABASE ${databaseName}`)
  const admin = await server.connect(databaseName)
  await admin.query("SET client_min_messages = error")
  const idle: pg.Client[] = []
  const left: pg.Client[] = []
  let emptied = 0
  const connect = (): Promise<pg.Client> => server.connect(databaseName)
  return {
    server,
    watcher,
    async reset(sql) {
      await admin.query(empty)
      emptied += 1
      if (emptied % SWEEP_AFTER === 0) for (const command of sweep) await admin.query(command)
      await admin.query(sql)
      await admin.query("RESET ALL; SET client_min_messages = error")
    },
    connect,
    enter: async () => left.pop() ?? connect(),
    async leave(session) {
      session.removeAllListeners("notice")
      try {
        await session.query("DISCARD ALL")
        notePrepared(session, "DISCARD ALL")
        left.push(session)
      } catch {
        await session.end()
      }
    },
    borrow: async () => idle.pop() ?? connect(),
    giveBack(session) {
      idle.push(session)
    },
    async close() {
      for (const session of [...idle, ...left, admin, watcher]) await session.end()
    },
  }
}
