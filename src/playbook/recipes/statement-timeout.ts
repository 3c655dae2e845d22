import type { Step } from "../step.ts"
import { quoteLiteral } from "../sql.ts"
import { joinNotes } from "../steps.ts"

export type WithoutStatementTimeoutParameters = Readonly<{
  /** Those that cannot run in a transaction are what a statement_timeout must not cancel. */
  steps: readonly Step[]
  /** What statement_timeout is before, as in `SET statement_timeout = '5s'`. */
  timeout: string
}>

/** Turns the session's statement_timeout off for as long as a statement runs. */
export const NO_STATEMENT_TIMEOUT = "SET statement_timeout = 0;"

/** Sets it again. */
export function statementTimeout(timeout: string): string {
  return `SET statement_timeout = ${quoteLiteral(timeout)};`
}

/** Statements that leave half of their work behind when they are cancelled, with statement_timeout off (docs: Client Connection Defaults). */
export function withoutStatementTimeout({ steps, timeout }: WithoutStatementTimeoutParameters): Step[] {
  return steps.map((step) =>
    step.transaction
      ? step
      : {
          ...step,
          sql: [NO_STATEMENT_TIMEOUT, step.sql, statementTimeout(timeout)].join("\n"),
          note: joinNotes("Sent one by one, in one session.", step.note),
        },
  )
}
