import { unhurried } from "../src/engine/questions/cancelled-build.ts"
import { earlierOf } from "../src/engine/questions/earlier.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { createIndex } from "../src/playbook/index.ts"

export default defineRule({
  id: "invalid-index-kept",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "IF NOT EXISTS makes a retry keep the INVALID index of a failed concurrent build.",
    what: "Reports CREATE INDEX CONCURRENTLY IF NOT EXISTS.",
    why:
      "A concurrent build that fails (a timeout, a deadlock, a duplicate) leaves an INVALID index: it costs every " +
      "write, serves no query and enforces nothing. The retry finds the name taken and reports success.",
    instead:
      "Drop what a failed build left with DROP INDEX CONCURRENTLY IF EXISTS, then create the index without IF NOT " +
      "EXISTS.",
    silent: "When the migration drops the index by name beforehand, and on new tables.",
    references: ["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
  },
  messages: {
    kept: "if an earlier build of {index} failed, IF NOT EXISTS keeps its INVALID index and reports success",
  },
  operations: ["create index"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "create index")) {
      const { index, concurrently, ifNotExists, table } = operation
      if (!concurrently || !ifNotExists || index === null) continue
      if (!exists(table, context) || earlierOf(context).droppedIndexes.has(index.name)) continue
      yield {
        span: index.span,
        message: "kept",
        data: { index: written(index, context) },
        steps: unhurried(createIndex(operation, context), context),
      }
    }
  },
})
