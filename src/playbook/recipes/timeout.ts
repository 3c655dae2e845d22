import type { Step } from "../step.ts"
import { quoteLiteral } from "../sql.ts"
import { joinNotes } from "../steps.ts"

export type TimeoutSetting = "lock_timeout" | "statement_timeout"

/** A timeout of the session. */
export interface SessionTimeout {
  readonly setting: TimeoutSetting
  /** What it is, as in `SET statement_timeout = '5s'`. */
  readonly timeout: string
}

export type WithoutTimeoutsParameters = Readonly<{
  /** Those that cannot run in a transaction are what no timeout must cancel. */
  steps: readonly Step[]
  timeouts: readonly SessionTimeout[]
}>

/** Turns a timeout of the session off for as long as a statement runs. */
export function noTimeout(setting: TimeoutSetting): string {
  return `SET ${setting} = 0;`
}

/** Sets it again. */
export function timeoutAgain(setting: TimeoutSetting, timeout: string): string {
  return `SET ${setting} = ${quoteLiteral(timeout)};`
}

/** Statements that leave half of their work behind when they are cancelled, with the timeouts off (docs: Client Connection Defaults). */
export function withoutTimeouts({ steps, timeouts }: WithoutTimeoutsParameters): Step[] {
  if (timeouts.length === 0) return [...steps]
  const off = timeouts.map(({ setting }) => noTimeout(setting))
  const on = timeouts.map(({ setting, timeout }) => timeoutAgain(setting, timeout))
  return steps.map((step) =>
    step.transaction
      ? step
      : {
          ...step,
          sql: [...off, step.sql, ...on].join("\n"),
          note: joinNotes("Sent one by one, in one session.", step.note),
        },
  )
}
