import type pg from "pg"
import { lockCollector, type Before, type Observation, type RelationBefore } from "./observation.ts"
import { forbiddenInTransaction, indexesNow, partitionTree, readRelations, serverError } from "./observe.ts"
import { notePrepared } from "./prepared.ts"
import { workDone, type ForeignKey, type IndexAfter, type WorkDone } from "./work.ts"
import type { Workbench } from "./workbench.ts"

/** How the other sessions block the statement in one pass. */
type Pass = "strongest" | "SHARE UPDATE EXCLUSIVE" | "ROW EXCLUSIVE" | "ACCESS SHARE" | "catalog"

/** Catalogs whose writes stop the statement in the last pass, so that the locks it holds then can be read. */
const stops = ["pg_depend", "pg_class", "pg_index", "pg_inherits"]

/** What to run, and from what start. */
export interface Trial {
  readonly schema: string
  /** Settings of the session. */
  readonly prepare: string
  readonly sql: string
  /** Undoes what outlives the database. */
  readonly cleanup: string
  /** Looks at the database after the statement. */
  readonly inspect: (session: pg.Client) => Promise<void>
}

/** Observes a statement that cannot run in a transaction: once undisturbed, and then stopped at its locks. */
export async function observeOutside(bench: Workbench, trial: Trial): Promise<Observation> {
  const free = await runFreely(bench, trial)
  if ("fails" in free) {
    // What a function or DO block may not do fails everywhere, not only in a transaction block.
    const transaction = forbiddenInTransaction(free.fails.code) ? "allowed" : "forbidden"
    return { ...nothing, transaction, fails: free.fails }
  }
  const byName = new Map([...free.before.values()].map((one) => [one.name, one]))
  const locks = lockCollector(free.before)
  const run = async (pass: Pass, names: ReadonlySet<string>): Promise<Set<string>> => {
    const seen = new Set<string>()
    for (const [name, mode] of await runBlocked(bench, trial, pass, names)) {
      seen.add(name)
      locks.add(byName.get(name)?.oid ?? 0, mode)
    }
    return seen
  }
  const touched = await run("strongest", new Set(byName.keys()))
  if (touched.size > 0) {
    for (const pass of ["SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE", "ACCESS SHARE"] as const) await run(pass, touched)
  }
  await run("catalog", touched)
  return { ...nothing, ...free.work, locks: locks.locks() }
}

const nothing: Observation = { locks: [], rewrites: [], scans: [], builds: [], transaction: "forbidden" }

async function runFreely(
  bench: Workbench,
  trial: Trial,
): Promise<{ before: Before; work: WorkDone } | { fails: { code: string; message: string } }> {
  await bench.reset(trial.schema)
  const session = await bench.enter()
  const messages: string[] = []
  try {
    const before = await readRelations(session)
    await session.query(trial.prepare)
    const { rows } = await session.query<{ keys: ForeignKey[]; partitions: [number, number][] }>(`SELECT
      (SELECT coalesce(json_agg(json_build_object('name', conname, 'child', conrelid::int, 'parent', confrelid::int)), '[]')
        FROM pg_constraint WHERE contype = 'f') AS keys,
      (SELECT coalesce(json_agg(json_build_array(inhparent::int, inhrelid::int)), '[]') FROM pg_inherits) AS partitions`)
    await session.query("SET client_min_messages = debug1")
    session.on("notice", (notice) => {
      if (notice.message !== undefined) messages.push(notice.message)
    })
    try {
      await session.query(trial.sql)
      notePrepared(session, trial.sql)
    } catch (error) {
      return { fails: serverError(error) }
    }
    await trial.inspect(session)
    const after = await session.query<{ indexes: IndexAfter[] }>(`SELECT ${indexesNow} AS indexes`)
    const files = new Map([...(await readRelations(session)).values()].map((one) => [one.oid, one.file]))
    const work = workDone(before, {
      sql: trial.sql,
      messages,
      filesAfter: files,
      scanCounts: null,
      indexesAfter: after.rows[0]?.indexes ?? [],
      foreignKeys: rows[0]?.keys ?? [],
      partitions: partitionTree(rows[0]?.partitions ?? []),
    })
    return { before, work }
  } finally {
    await bench.leave(session)
    await bench.watcher.query(trial.cleanup)
  }
}

/** Takes one lock and holds it. Its own session, so that it can be released alone. */
interface Blocker {
  readonly session: pg.Client
  readonly pid: number
  readonly statement: string
  release(): Promise<void>
}

async function runBlocked(
  bench: Workbench,
  trial: Trial,
  pass: Pass,
  names: ReadonlySet<string>,
): Promise<[string, string][]> {
  await bench.reset(trial.schema)
  const { watcher } = bench
  const main = await bench.enter()
  const busy = new Set<pg.Client>()
  try {
    const pid = await pidOf(main)
    const before = await readRelations(main)
    await main.query(trial.prepare)
    const blockers = new Map<number, Blocker>()
    const block = async (statement: string, queue: boolean): Promise<void> => {
      const session = await bench.borrow()
      busy.add(session)
      const blocker = await startBlocker(session, statement, queue ? watcher : null)
      blockers.set(blocker.pid, blocker)
    }
    const release = async (blocker: Blocker): Promise<void> => {
      await blocker.release()
      busy.delete(blocker.session)
      bench.giveBack(blocker.session)
    }
    if (pass === "catalog") for (const catalog of stops) await block(stopAt(catalog), false)
    else {
      for (const relation of before.values()) {
        const statement = names.has(relation.name) ? blockingStatement(relation, pass) : null
        if (statement !== null) await block(statement, false)
      }
    }
    const seen: [string, string][] = []
    let done = false
    const running = main.query(trial.sql).finally(() => (done = true))
    running.catch(() => undefined)
    while (!done) {
      const { rows } = await watcher.query<{ relation: number | null; mode: string; granted: boolean; by: number[] }>(
        `SELECT relation::int AS relation, mode, granted, CASE WHEN granted THEN '{}' ELSE pg_blocking_pids(pid) END AS by
        FROM pg_locks WHERE pid = $1 AND (locktype = 'relation' OR NOT granted)`,
        [pid],
      )
      if (!rows.some((row) => !row.granted)) continue
      for (const { relation, mode } of rows) {
        const name = relation === null ? undefined : before.get(relation)?.name
        if (name !== undefined) seen.push([name, mode])
      }
      for (const by of new Set(rows.flatMap((row) => row.by))) {
        const blocker = blockers.get(by)
        if (blocker === undefined) continue
        blockers.delete(by)
        // Queued behind the statement, the successor stops the statement's next transaction in turn.
        if (pass === "catalog") await block(blocker.statement, true)
        await release(blocker)
      }
    }
    await running
    for (const blocker of blockers.values()) await release(blocker)
    return seen
  } finally {
    await bench.leave(main)
    // Only after a failure is one still busy; what it holds must not outlive this.
    for (const session of busy) await session.end()
    await watcher.query(trial.cleanup)
  }
}

async function pidOf(session: pg.Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")
  return rows[0]?.pid ?? 0
}

/** With `queueSeenBy`, the lock is only asked for, and the request is in the queue when this returns. */
async function startBlocker(session: pg.Client, statement: string, queueSeenBy: pg.Client | null): Promise<Blocker> {
  const pid = await pidOf(session)
  await session.query("BEGIN")
  const locked = session.query(statement)
  locked.catch(() => undefined)
  if (queueSeenBy === null) await locked
  else while (!(await isQueued(queueSeenBy, pid)));
  return {
    session,
    pid,
    statement,
    async release() {
      await locked
      await session.query("ROLLBACK")
    },
  }
}

async function isQueued(watcher: pg.Client, pid: number): Promise<boolean> {
  const { rows } = await watcher.query("SELECT FROM pg_locks WHERE pid = $1 AND NOT granted", [pid])
  return rows.length > 0
}

/** Conflicts with writes to the catalog and with itself. */
const stopAt = (catalog: string): string => `LOCK TABLE pg_catalog.${catalog} IN SHARE ROW EXCLUSIVE MODE`

/** A statement that holds a lock of about the pass's mode on the relation; null when it cannot be blocked that way. */
function blockingStatement(relation: RelationBefore, pass: Exclude<Pass, "catalog">): string | null {
  const name = relation.name.split(".").map((part) => `"${part.replaceAll('"', '""')}"`).join(".")
  if (relation.kind === "table") {
    const mode = pass === "strongest" ? "ACCESS EXCLUSIVE" : pass
    return `LOCK TABLE ONLY ${name} IN ${mode} MODE`
  }
  if (relation.kind === "index") return pass === "strongest" ? `COMMENT ON INDEX ${name} IS NULL` : null
  if (relation.kind === "materialized view") {
    if (pass === "strongest") return `ALTER MATERIALIZED VIEW ${name} OWNER TO postgres`
    if (pass === "SHARE UPDATE EXCLUSIVE") return `COMMENT ON MATERIALIZED VIEW ${name} IS NULL`
    return pass === "ACCESS SHARE" ? `SELECT FROM ${name} LIMIT 0` : null
  }
  return null
}
