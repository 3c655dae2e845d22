import { batchSteps, changesManyRows, reachOf } from "../src/engine/questions/backfill.ts"
import { heldStrongLock, reportHeld } from "../src/engine/questions/earlier.ts"
import { exists, lineOf, operationsOf, placeOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import type { Name } from "../src/parse/operation.ts"
import type { Step } from "../src/playbook/index.ts"

export default defineRule({
  id: "backfill-holds-lock",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "A backfill in the same transaction as the schema change keeps every query blocked until it is done.",
    what:
      "Reports UPDATE, DELETE and MERGE of many rows after a statement of the same transaction that took ACCESS " +
      "EXCLUSIVE on an existing table, or a lock that keeps writers out of it, such as SHARE ROW EXCLUSIVE of a foreign key or trigger.",
    why:
      "Locks are kept until the transaction ends: what would take an instant now blocks writes for as long as the backfill runs; with " +
      "ACCESS EXCLUSIVE also reads, and replay on standbys.",
    instead: "Commit the schema change first, and backfill in a later deploy, in batches of 1000 rows.",
    silent: "For lookups by a key's literal value, batches, new and temporary tables, and when no such lock is held.",
    references: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES"],
  },
  messages: {
    held:
      "{command} of {table} runs while the transaction holds ACCESS EXCLUSIVE on {locked} since {line}: all reads " +
      "and writes of it wait for the whole backfill",
    heldWrites: "{command} of {table} runs while the transaction holds {mode} on {locked} since {line}: all writes to it wait for the whole backfill",
  },
  operations: ["update", "delete", "merge"],
  *check(statement, context) {
    const held = heldStrongLock(context)
    if (held === null) return
    const { mode, relation } = held.lock
    for (const { command, table, certain, steps } of backfills(statement, context)) {
      if (!exists(table, context)) continue
      yield {
        span: table.span,
        message: mode === "ACCESS EXCLUSIVE" ? "held" : "heldWrites",
        ...(!certain && { severity: "warning" as const }),
        data: {
          command,
          table: written(table, context),
          mode,
          locked: relation.name === table.name ? "it" : context.display(relation),
          line: lineOf(held.taken, context),
        },
        locks: reportHeld(held, "transaction", context),
        changes: [written(table, context)],
        steps: steps(),
        related: [{ ...placeOf(held.taken, context), message: `${mode} is taken here` }],
      }
    }
  },
})

interface Backfill {
  readonly command: string
  readonly table: Name
  /** False: it may be few rows. */
  readonly certain: boolean
  readonly steps: () => readonly Step[]
}

function* backfills(statement: AnalyzedStatement, context: RuleContext): Iterable<Backfill> {
  for (const operation of operationsOf(statement, "update")) {
    const reach = reachOf(operation, context)
    if (reach === "few rows") continue
    yield {
      command: "UPDATE",
      table: operation.table,
      certain: reach !== "some rows",
      steps: () => batchSteps(operation, context),
    }
  }
  for (const operation of operationsOf(statement, "merge")) {
    if (changesManyRows(operation, context)) yield { command: "MERGE", table: operation.table, certain: true, steps: () => [] }
  }
  for (const operation of operationsOf(statement, "delete")) {
    const reach = reachOf(operation, context)
    if (reach === "few rows") continue
    yield {
      command: "DELETE",
      table: operation.table,
      certain: reach !== "some rows",
      steps: () => batchSteps(operation, context),
    }
  }
}
