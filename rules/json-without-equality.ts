import { isBuiltin, typedColumns, typeProblem, TYPING } from "../src/engine/questions/written-types.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "json-without-equality",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "Values of json have no equality, so that SELECT DISTINCT, GROUP BY and UNION over the column fail.",
    what: "Reports columns of type json, made by CREATE TABLE or ADD COLUMN, or changed to it.",
    why:
      "There is no operator = for json: a query such as SELECT DISTINCT * that worked before the column came fails from then on. Each " +
      "access parses the text anew, and there is no index for what is in it.",
    instead: "Use jsonb, unless blanks, the order of keys or keys that occur twice have to be kept.",
    silent: "For jsonb.",
    references: ["https://www.postgresql.org/docs/current/datatype-json.html"],
  },
  messages: { found: "{column} of {table} is json, which has no equality: SELECT DISTINCT, GROUP BY and UNION over it fail" },
  operations: TYPING,
  *check(statement, context) {
    for (const typed of typedColumns(statement)) if (isBuiltin(typed.type, "json")) yield typeProblem(typed, "jsonb", context)
  },
})
