import {
  effectsOfOperation,
  exists,
  hurtingWork,
  makeConcurrent,
  operationsOf,
  written,
} from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Name, OperationOf } from "../src/parse/operation.ts"
import { isRebuiltConcurrently, reindex } from "../src/playbook/index.ts"

/** REINDEX CONCURRENTLY came with PostgreSQL 12. */
const CONCURRENTLY_SINCE = 12

export default defineRule({
  id: "reindex-blocks-queries",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "REINDEX blocks writes, and reads that would use the index, until the index is rebuilt.",
    what:
      "Reports REINDEX without CONCURRENTLY of an index, table, schema or database that was there before the " +
      "migration.",
    why:
      "REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on each index while it rebuilds: writes wait, and so do " +
      "reads, since planning a query of the table locks all its indexes.",
    instead: "Use REINDEX ... CONCURRENTLY (12 and later), outside a transaction.",
    silent: "For new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY"],
  },
  messages: {
    one: "REINDEX of {target} {name} blocks writes, and reads that plan with the index, until it is rebuilt",
    all: "REINDEX of the {target} blocks writes of table after table until their indexes are rebuilt",
  },
  operations: ["reindex"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "reindex")) {
      if (operation.concurrently) continue
      const { target, name } = operation
      if (name !== null && (target === "index" || target === "table") && !rebuildsExisting(operation, name, context))
        continue
      const index = target === "index" && name !== null ? context.catalog.index(name) : undefined
      const exclusion = index !== undefined && !isRebuiltConcurrently(index, context)
      const fixable = context.pgVersion >= CONCURRENTLY_SINCE && target !== "system" && !exclusion
      yield {
        span: name?.span ?? operation.span,
        message: name === null ? "all" : "one",
        data: { target, name: name === null ? "" : written(name, context) },
        steps: reindex(operation, context),
        ...(fixable && makeConcurrent(operation.concurrentlySpan, "Rebuild concurrently", context)),
      }
    }
  },
})

function rebuildsExisting(operation: OperationOf<"reindex">, name: Name, context: RuleContext): boolean {
  if (operation.target === "index" && context.catalog.index(name) === undefined) return exists(name, context)
  return hurtingWork(effectsOfOperation(operation, context), context) !== null
}
