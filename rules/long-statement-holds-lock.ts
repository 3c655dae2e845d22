import { heldStrongLock, reportHeld } from "../src/engine/questions/earlier.ts"
import { exists, lineOf, opening, placeOf } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Operation } from "../src/parse/operation.ts"

export default defineRule({
  id: "long-statement-holds-lock",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary:
      "A statement that may take long runs while its transaction holds a strong lock on an existing table, and keeps queries " +
      "of that table blocked until it is done.",
    what:
      "Reports INSERT ... SELECT, CREATE TABLE AS, CREATE MATERIALIZED VIEW, REFRESH ... CONCURRENTLY and COPY FROM " +
      "that follow a statement of the same transaction that took ACCESS EXCLUSIVE on an existing table, or a lock that keeps writers " +
      "out of it, such as SHARE ROW EXCLUSIVE of a foreign key or trigger.",
    why:
      "Locks are kept until the transaction ends: what would take an instant now blocks writes for as long as the statement runs; with " +
      "ACCESS EXCLUSIVE also reads, and replay on standbys.",
    instead: "Move the statement before the change, or into a transaction of its own.",
    silent: "When it reads only new or temporary tables, and when no such lock is held.",
    references: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES"],
  },
  messages: {
    held:
      "{command} runs while the transaction holds ACCESS EXCLUSIVE on {locked} since {line}: all reads and writes of that " +
      "table wait until the statement is done",
    heldWrites:
      "{command} runs while the transaction holds {mode} on {locked} since {line}: all writes to that table wait until the statement is done",
  },
  operations: ["insert", "create table as", "create materialized view", "refresh materialized view", "copy"],
  *check({ statement }, context) {
    const command = statement.operations.map((operation) => longCommand(operation, context)).find((one) => one !== null)
    if (command === undefined || command === null) return
    const held = heldStrongLock(context)
    if (held === null) return
    const { relation, mode } = held.lock
    yield {
      span: opening(statement, context),
      message: mode === "ACCESS EXCLUSIVE" ? "held" : "heldWrites",
      data: { command, mode, locked: context.display(relation), line: lineOf(held.taken, context) },
      locks: [...reportHeld(held, "transaction", context), ...context.locks()],
      related: [{ ...placeOf(held.taken, context), message: `${mode} is taken here` }],
    }
  },
})

/** The words for an operation whose time grows with existing data; null for others. */
function longCommand(operation: Operation, context: RuleContext): string | null {
  switch (operation.op) {
    case "insert":
      return operation.fromSelect && !operation.query.limited && readsExisting(operation.query.reads, context)
        ? "INSERT ... SELECT"
        : null
    case "create table as":
      return operation.withData && readsExisting(operation.query.reads, context) ? "CREATE TABLE AS" : null
    case "create materialized view":
      return operation.withData && readsExisting(operation.query.reads, context) ? "CREATE MATERIALIZED VIEW" : null
    case "refresh materialized view":
      return operation.concurrently && exists(operation.view, context) ? "REFRESH MATERIALIZED VIEW CONCURRENTLY" : null
    case "copy":
      return operation.direction === "from" && operation.table !== null && exists(operation.table, context)
        ? "COPY"
        : null
    default:
      return null
  }
}

function readsExisting(reads: readonly Parameters<typeof exists>[0][], context: RuleContext): boolean {
  return reads.some((name) => exists(name, context))
}
