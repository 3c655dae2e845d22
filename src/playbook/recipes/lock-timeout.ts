import type { LockMode } from "../../parse/operation.ts"
import type { Step } from "../step.ts"
import { LOCK_TIMEOUT, NO_LOCK_TIMEOUT } from "../sql.ts"
import { recipe } from "../steps.ts"

export type WithLockTimeoutParameters = Readonly<{
  sql: string
  relation: string
  mode: LockMode
  /** The statement by which the file has set search_path, where it has. */
  path: string | null
}>

/** A statement with a strong but short lock: lock_timeout before it, and retry. */
export function withLockTimeout({ sql, relation, mode, path }: WithLockTimeoutParameters): Step[] {
  const note =
    `While it waits for its ${mode} lock on ${relation}, every later statement that conflicts with it waits behind ` +
    "it, reads included " +
    "where the mode blocks reads; the timeout bounds that."
  return recipe([
    {
      deploy: "expand",
      title: "Give up quickly instead of stopping everybody behind",
      sql: [LOCK_TIMEOUT, ...(path === null ? [] : [closed(path)]), closed(sql), ...(path === null ? [] : ["RESET search_path;"]), NO_LOCK_TIMEOUT].join("\n"),
      transaction: true,
      lock: { relation, mode, duration: "instant" },
      note,
    },
  ])
}

function closed(sql: string): string {
  return `${sql.trim().replace(/;$/, "")};`
}
