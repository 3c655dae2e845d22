import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { repackTable } from "../src/playbook/index.ts"

export default defineRule({
  id: "cluster-rewrites-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "CLUSTER rewrites the table and blocks every query of it meanwhile.",
    what: "Reports CLUSTER of tables that were there before the migration.",
    why:
      "CLUSTER holds ACCESS EXCLUSIVE while it copies the table in index order and rebuilds its indexes: reads and " +
      "writes wait for all of it, and standbys pause replay for queries that conflict.",
    instead:
      "Use pg_repack --order-by, which copies the table while reads and writes go on and locks it only for the final " +
      "swap.",
    silent: "For new and temporary tables, and for ALTER TABLE ... CLUSTER ON, which rewrites nothing.",
    references: ["https://www.postgresql.org/docs/current/sql-cluster.html", "https://reorg.github.io/pg_repack/"],
  },
  messages: {
    table: "CLUSTER rewrites {table} and blocks all reads and writes of it (ACCESS EXCLUSIVE) until it is done",
    database:
      "CLUSTER rewrites every table that was clustered before and blocks all reads and writes of each (ACCESS " +
      "EXCLUSIVE) meanwhile",
  },
  operations: ["cluster"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "cluster")) {
      const { table, index } = operation
      if (table === null) {
        yield {
          span: operation.span,
          message: "database",
          steps: repackTable({ command: "CLUSTER", table, index }, context),
        }
      } else if (exists(table, context)) {
        yield {
          span: table.span,
          message: "table",
          data: { table: written(table, context) },
          steps: repackTable({ command: "CLUSTER", table, index }, context),
        }
      }
    }
  },
})
