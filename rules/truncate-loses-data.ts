import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { list, pronouns } from "../src/engine/words.ts"
import { truncate } from "../src/playbook/index.ts"

export default defineRule({
  id: "truncate-loses-data",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "TRUNCATE deletes every row of the table and blocks every query of it.",
    what: "Reports TRUNCATE of tables that were there before the migration.",
    why:
      "The rows cannot be brought back without a backup. TRUNCATE takes ACCESS EXCLUSIVE, waits for every running " +
      "query and makes all others queue; with CASCADE it also empties every table that references this one.",
    instead: "Delete in batches what is not needed any more.",
    silent: "For new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-truncate.html"],
  },
  messages: {
    table: "TRUNCATE deletes every row of {tables} and blocks all reads and writes of {it} (ACCESS EXCLUSIVE)",
    cascade:
      "TRUNCATE ... CASCADE deletes every row of {tables} and of every table that references {it}, and blocks all " +
      "reads and writes of them (ACCESS EXCLUSIVE)",
  },
  operations: ["truncate"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "truncate")) {
      const tables = operation.tables.filter(({ table }) => exists(table, context))
      const [first] = tables
      if (first === undefined) continue
      const names = tables.map(({ table }) => written(table, context))
      yield {
        span: first.table.span,
        message: operation.cascade ? "cascade" : "table",
        data: { tables: list(names), it: pronouns(names).it },
        steps: truncate({ ...operation, tables }, context),
      }
    }
  },
})
