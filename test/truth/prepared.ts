import type pg from "pg"

/** How often a session's prepared statements were dropped. */
const dropped = new WeakMap<pg.Client, number>()

const drops = /^(discard|deallocate)\b/i

/** The query as a statement that the session prepares once: planning a look at the catalog takes most of its time. */
export function prepared(session: pg.Client, name: string, text: string): pg.QueryConfig {
  return { name: `${name}_${String(dropped.get(session) ?? 0)}`, text }
}

/** To be told of each statement of a case or program, since some drop what the session has prepared. */
export function notePrepared(session: pg.Client, sql: string): void {
  if (drops.test(sql)) dropped.set(session, (dropped.get(session) ?? 0) + 1)
}
