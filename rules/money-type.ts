import { isBuiltin, typedColumns, typeProblem, TYPING } from "../src/engine/questions/written-types.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "money-type",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "Values of money depend on the server's lc_monetary, and know no currency.",
    what: "Reports columns of type money, made by CREATE TABLE or ADD COLUMN, or changed to it.",
    why:
      "How many digits it has behind the point, how it is written and what text it accepts follow lc_monetary: a dump may not load, or load " +
      "as another amount, where that is set otherwise.",
    instead: "Use numeric(p, s), or bigint for the smallest unit, and a column for the currency.",
    silent: "For all other types.",
    references: ["https://www.postgresql.org/docs/current/datatype-money.html"],
  },
  messages: { found: "{column} of {table} is money, whose values depend on the server's lc_monetary" },
  operations: TYPING,
  *check(statement, context) {
    for (const typed of typedColumns(statement)) if (isBuiltin(typed.type, "money")) yield typeProblem(typed, null, context)
  },
})
