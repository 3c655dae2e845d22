import type { LockMode } from "../../parse/operation.ts"
import type { Step } from "../step.ts"
import { LOCK_TIMEOUT, NO_LOCK_TIMEOUT } from "../sql.ts"
import { recipe } from "../steps.ts"

export type WithLockTimeoutParameters = Readonly<{ sql: string; relation: string; mode: LockMode }>

/** A statement with a strong but short lock: lock_timeout before it, and retry. */
export function withLockTimeout({ sql, relation, mode }: WithLockTimeoutParameters): Step[] {
  const note =
    `While it waits for its ${mode} lock on ${relation}, every later statement that conflicts with it waits behind ` +
    "it, reads included " +
    "where the mode blocks reads; the timeout bounds that."
  return recipe([
    {
      deploy: "expand",
      title: "Give up quickly instead of stopping everybody behind",
      sql: `${LOCK_TIMEOUT}\n${sql.trim().replace(/;$/, "")};\n${NO_LOCK_TIMEOUT}`,
      transaction: true,
      lock: { relation, mode, duration: "instant" },
      note,
    },
  ])
}
