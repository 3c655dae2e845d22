import { batchSteps, changesManyRows, reachOf } from "../src/engine/questions/backfill.ts"
import { heldStrongLock } from "../src/engine/questions/earlier.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import type { Operation, OperationOf } from "../src/parse/operation.ts"

export default defineRule({
  id: "unbatched-backfill",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Changing all rows in one statement keeps them locked until it commits.",
    what:
      "Reports UPDATE and DELETE of existing tables without WHERE (an error), or with a WHERE that picks rows by " +
      "anything but a key, or MERGE that updates or deletes (warnings, since it depends on the data). Also UPDATE and DELETE without WHERE in a WITH.",
    why:
      "Each row stays locked until the transaction ends, so whoever wants to write one of them waits; and one huge transaction " +
      "bloats the table, floods WAL, and makes standbys fall behind.",
    instead: "Change the rows in batches of 1000 by primary key, each committed on its own.",
    silent:
      "For lookups by a key's literal value or by a parameter (`$1`), batches (LIMIT, a key range with both ends), and " +
      "new and temporary tables. Batches by LIMIT in a loop of code that never commits are none.",
    references: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS"],
  },
  messages: {
    all: "{command} changes every row of {table} in one transaction and keeps all of them locked until it commits",
    many: "{command} may change many rows of {table} in one transaction and keeps them locked until it commits",
  },
  operations: ["update", "delete", "merge", "select", "insert", "create table as"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "update")) yield* problem(operation, context)
    for (const operation of operationsOf(statement, "delete")) yield* problem(operation, context)
    for (const operation of operationsOf(statement, "merge")) yield* merge(operation, context)
    for (const operation of statement.statement.operations) yield* inWith(operation, context)
  },
})

/** UPDATE and DELETE without WHERE in the WITH of another statement. What their WHERE picks is not known. */
function* inWith(operation: Operation, context: RuleContext): Iterable<Problem> {
  if (!("query" in operation) || operation.query === null) return
  for (const { op, table, where } of operation.query.writes) {
    if (where || (op !== "update" && op !== "delete") || !exists(table, context)) continue
    yield { span: table.span, message: "all", data: { command: op.toUpperCase(), table: written(table, context) }, changes: [written(table, context)] }
  }
}

function* merge(operation: OperationOf<"merge">, context: RuleContext): Iterable<Problem> {
  const { table } = operation
  if (!changesManyRows(operation, context) || !exists(table, context) || heldStrongLock(context) !== null) return
  yield { span: table.span, message: "many", severity: "warning", data: { command: "MERGE", table: written(table, context) }, changes: [written(table, context)] }
}

function* problem(operation: OperationOf<"update"> | OperationOf<"delete">, context: RuleContext): Iterable<Problem> {
  const { table, op } = operation
  if (!exists(table, context)) return
  const reach = reachOf(operation, context)
  if (reach === "few rows" || heldStrongLock(context) !== null) return
  yield {
    span: table.span,
    message: reach === "all rows" ? "all" : "many",
    ...(reach !== "all rows" && { severity: "warning" as const }),
    data: { command: op.toUpperCase(), table: written(table, context) },
    changes: [written(table, context)],
    steps: batchSteps(operation, context),
  }
}
