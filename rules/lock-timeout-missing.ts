import type { ReportedLock } from "../src/engine/finding.ts"
import { blocksWrites } from "../src/engine/earlier.ts"
import { opening } from "../src/engine/predicates.ts"
import { defineRule, type AnalyzedStatement } from "../src/engine/rule.ts"
import { holdsLocks } from "../src/engine/transaction.ts"
import { withLockTimeout } from "../src/playbook/index.ts"

export default defineRule({
  id: "lock-timeout-missing",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "Without lock_timeout, a statement that waits for its lock makes every other query of the table wait too.",
    what:
      "Reports, once a file, the first statement that takes a lock which blocks reads or writes of an existing " +
      "relation while no lock_timeout is set, or one of more than five minutes, unless that statement has a safe version of " +
      "its own to be replaced by.",
    why:
      "A lock request queues behind the longest running query, and everything that comes later queues behind the " +
      "request: one slow SELECT then stops the whole table. ACCESS EXCLUSIVE also pauses replay on standbys.",
    instead: "Set lock_timeout to a few seconds before the statement, and retry when it is hit.",
    silent:
      "When lock_timeout is set before (SET, SET LOCAL in a transaction, set_config), for CONCURRENTLY, and for " +
      "files that lock only new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
  },
  messages: {
    queries:
      "this waits for {mode} on {relation} without a {short}lock_timeout, and every query of {relation} that comes later " +
      "waits behind it",
    writes:
      "this waits for {mode} on {relation} without a {short}lock_timeout, and every write to {relation} that comes later " +
      "waits behind it",
  },
  operations: [],
  yields: true,
  *check() {
    // The whole file is looked at once, at its end.
  },
  *checkFile(statements, context) {
    const timeout: Timeout = { session: false, transaction: null, long: false, undone: null }
    for (const statement of statements) {
      follow(timeout, statement)
      if (timeout.session || timeout.transaction === statement.transaction.id) continue
      const locks = statement.exposed.some(blocksWrites) ? context.locks(statement).filter(blocksSomething) : []
      const [lock] = locks
      if (lock === undefined || isConcurrent(statement)) continue
      if (/\block_timeout\b/.test(context.text(statement.statement.span))) continue
      const local = statement.transaction.kind === "wrapped" || statement.transaction.kind === "explicit block"
      const at = (statement.within ?? statement.statement).span.start
      yield {
        span: opening(statement.statement, context),
        message: lock.blocks.includes("reads") ? "queries" : "writes",
        data: { mode: lock.mode, relation: lock.relation, short: timeout.long ? "short " : "" },
        locks,
        steps: () =>
          withLockTimeout({
            sql: context.text(statement.statement.span),
            relation: lock.relation,
            mode: lock.mode,
          }),
        fix: {
          applicability: "unsafe",
          title: "Set a lock_timeout",
          edits: [{ span: { start: at, end: at }, text: `SET ${local ? "LOCAL " : ""}lock_timeout = '5s';\n` }],
        },
      }
    }
  },
})

function blocksSomething({ blocks }: ReportedLock): boolean {
  return blocks.length > 0
}

/**
 * A concurrent command that gives up on its lock leaves half of its work behind (an INVALID index, a pending detach).
 */
function isConcurrent({ statement }: AnalyzedStatement): boolean {
  return statement.operations.some((operation) => "concurrently" in operation && operation.concurrently)
}

/** Where a lock_timeout is in force. */
interface Timeout {
  session: boolean
  /** The transaction with a SET LOCAL. */
  transaction: number | null
  /** The latest one that was set does not bound the wait, though it is not 0. */
  long: boolean
  /** What ROLLBACK goes back to: the transaction that set the session's value, and whether there was one before. */
  undone: { readonly transaction: number; readonly session: boolean } | null
}

/** Longer ones do not help: while the statement waits, everything behind it waits as well. */
const LONGEST_MS = 5 * 60_000

const UNITS_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, "": 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** A value in milliseconds; null when it is not a number, such as a variable. */
function duration(value: string | null): number | null {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(value ?? "0") ?? []
  return amount === undefined || unit === undefined ? null : Number(amount) * (UNITS_MS[unit] ?? 1)
}

function follow(timeout: Timeout, { statement, transaction }: AnalyzedStatement): void {
  for (const operation of statement.operations) {
    if (operation.op === "set" && operation.setting === "lock_timeout") {
      const milliseconds = duration(operation.value)
      timeout.long = milliseconds !== null && milliseconds > LONGEST_MS
      const set = milliseconds !== 0 && !timeout.long
      if (!operation.local) {
        if (holdsLocks(transaction) && timeout.undone?.transaction !== transaction.id) {
          timeout.undone = { transaction: transaction.id, session: timeout.session }
        }
        timeout.session = set
      }
      if (holdsLocks(transaction)) timeout.transaction = set ? transaction.id : null
      // Outside a transaction SET LOCAL does nothing, which transaction-missing says.
      else if (transaction.kind === "autocommit") timeout.session = set
    } else if (operation.op === "rollback" && timeout.undone?.transaction === transaction.id) {
      timeout.session = timeout.undone.session
    } else if (operation.op === "reset" && (operation.setting === null || operation.setting === "lock_timeout")) {
      timeout.session = false
      timeout.transaction = null
    } else if (operation.op === "select" && operation.query.functions.some(isSetConfig)) {
      timeout.session = true
    }
  }
}

function isSetConfig({
  name,
  arguments: given,
}: {
  readonly name: string
  readonly arguments: readonly (string | null)[]
}): boolean {
  return name === "set_config" && given[0] === "lock_timeout"
}
