import { effectsOfOperation, hurtingWork, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Operation, OperationOf } from "../src/parse/operation.ts"
import { moveIndex, repackTable, replaceTable, type Step } from "../src/playbook/index.ts"

export default defineRule({
  id: "storage-change-rewrites-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "SET LOGGED, SET TABLESPACE and SET ACCESS METHOD copy the table and block every query of it meanwhile.",
    what:
      "Reports ALTER TABLE ... SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD (15 and later) that " +
      "move the table's data.",
    why:
      "The table's files are copied under ACCESS EXCLUSIVE: reads and writes wait until the last byte is written, " +
      "and WAL carries all of it.",
    instead:
      "For a tablespace, move a table with pg_repack, and an index with REINDEX (TABLESPACE ...) CONCURRENTLY (14 and later). " +
      "Otherwise fill a new table and switch to it.",
    silent: "When the table already has that setting, and for new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html"],
  },
  messages: {
    table: "{action} copies {table} and blocks all reads and writes of it (ACCESS EXCLUSIVE) until it is done",
    all: "{action} copies object after object and blocks all reads and writes of each (ACCESS EXCLUSIVE) meanwhile",
  },
  operations: ["set logged", "set tablespace", "set access method", "move all to tablespace"],
  *check({ statement }, context) {
    for (const operation of statement.operations) {
      const action = actionOf(operation)
      if (action === null) continue
      if (operation.op === "move all to tablespace") {
        yield { span: operation.span, message: "all", data: { action } }
      } else if ("relation" in operation && hurtingWork(effectsOfOperation(operation, context), context) !== null) {
        yield {
          span: operation.span,
          message: "table",
          data: { action, table: written(operation.relation, context) },
          steps: stepsOf(operation, context),
        }
      }
    }
  },
})

function stepsOf(operation: Operation, context: RuleContext): readonly Step[] {
  switch (operation.op) {
    case "set tablespace":
      return moved(operation, context)
    case "set logged":
      return operation.keyword === "table" ? replaceTable({ table: operation.relation, made: operation.logged ? "that is logged" : "with CREATE UNLOGGED TABLE" }) : []
    case "set access method":
      return operation.keyword === "table" ? replaceTable({ table: operation.relation, made: "with the other access method (USING)" }) : []
    default:
      return []
  }
}

function moved({ relation, keyword, tablespace }: OperationOf<"set tablespace">, context: RuleContext): readonly Step[] {
  if (keyword === "index" || context.catalog.index(relation) !== undefined) return moveIndex({ index: relation, tablespace }, context)
  const kind = context.catalog.relation(relation)?.kind ?? keyword
  return kind === "table" ? repackTable({ command: "SET TABLESPACE", table: relation, index: null, tablespace }, context) : []
}

function actionOf(operation: Operation): string | null {
  switch (operation.op) {
    case "set logged":
      return operation.logged ? "SET LOGGED" : "SET UNLOGGED"
    case "set tablespace":
    case "move all to tablespace":
      return "SET TABLESPACE"
    case "set access method":
      return "SET ACCESS METHOD"
    default:
      return null
  }
}
