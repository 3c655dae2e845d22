import type { Step } from "../step.ts"
import { quoteLiteral } from "../sql.ts"
import { joinNotes } from "../steps.ts"

export type TimeoutSetting = "lock_timeout" | "statement_timeout"

export type WithoutTimeoutParameters = Readonly<{
  /** Those that cannot run in a transaction are what the timeout must not cancel. */
  steps: readonly Step[]
  setting: TimeoutSetting
  /** What it is before, as in `SET statement_timeout = '5s'`. */
  timeout: string
}>

/** Turns a timeout of the session off for as long as a statement runs. */
export function noTimeout(setting: TimeoutSetting): string {
  return `SET ${setting} = 0;`
}

/** Sets it again. */
export function timeoutAgain(setting: TimeoutSetting, timeout: string): string {
  return `SET ${setting} = ${quoteLiteral(timeout)};`
}

/** Statements that leave half of their work behind when they are cancelled, with the timeout off (docs: Client Connection Defaults). */
export function withoutTimeout({ steps, setting, timeout }: WithoutTimeoutParameters): Step[] {
  return steps.map((step) =>
    step.transaction
      ? step
      : {
          ...step,
          sql: [noTimeout(setting), step.sql, timeoutAgain(setting, timeout)].join("\n"),
          note: joinNotes("Sent one by one, in one session.", step.note),
        },
  )
}
