import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { list } from "../src/engine/words.ts"
import { repackTable } from "../src/playbook/index.ts"

export default defineRule({
  id: "vacuum-full-rewrites-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "VACUUM FULL rewrites the table and blocks every query of it meanwhile.",
    what: "Reports VACUUM FULL of tables that were there before the migration, or of the whole database.",
    why:
      "VACUUM FULL holds ACCESS EXCLUSIVE while it copies the table and rebuilds its indexes: reads and writes wait, which can " +
      "take hours on a big table, and standbys pause replay for queries that conflict.",
    instead: "Use pg_repack, which copies the table while reads and writes go on and locks it only for the final swap.",
    silent: "For plain VACUUM, and for new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-vacuum.html", "https://reorg.github.io/pg_repack/"],
  },
  messages: {
    table: "VACUUM FULL rewrites {tables} and blocks all reads and writes of {it} (ACCESS EXCLUSIVE) until it is done",
    database:
      "VACUUM FULL rewrites every table of the database and blocks all reads and writes of each (ACCESS EXCLUSIVE) " +
      "meanwhile",
  },
  operations: ["vacuum"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "vacuum")) {
      if (!operation.full) continue
      if (operation.tables.length === 0) {
        yield {
          span: operation.span,
          message: "database",
          steps: repackTable({ command: "VACUUM FULL", table: null, index: null }, context),
        }
      }
      const tables = operation.tables.filter((table) => exists(table, context))
      const [first] = tables
      if (first === undefined) continue
      const names = tables.map((table) => written(table, context))
      yield {
        span: first.span,
        message: "table",
        data: { tables: list(names), it: names.length === 1 ? "it" : "each" },
        steps: tables.flatMap((table, position) => {
          const steps = repackTable({ command: "VACUUM FULL", table, index: null }, context)
          // The extension is installed once.
          return position === 0 ? steps : steps.slice(-1)
        }),
      }
    }
  },
})
