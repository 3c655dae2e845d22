import { isBuiltin, typedColumns, typeProblem, TYPING } from "../src/engine/questions/written-types.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "varchar-with-length",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "The length of varchar(n) is a limit that is costly to lower, and saves no space.",
    what: "Reports columns of type varchar(n), made by CREATE TABLE or ADD COLUMN, or changed to it.",
    why:
      "A text is stored alike and is as fast; n is only a check. A longer n is an instant, a shorter one rewrites the table under ACCESS EXCLUSIVE; and a value that is too " +
      "long fails, wherever n comes from.",
    instead: "Use text, with a CHECK (length(...) <= n) where there is a real limit: it can be replaced by NOT VALID and VALIDATE.",
    silent: "For varchar without a length, and types other than varchar.",
    references: ["https://www.postgresql.org/docs/current/datatype-character.html"],
  },
  messages: { found: "{column} of {table} is {type}: text is stored alike, and has no length to outgrow" },
  operations: TYPING,
  *check(statement, context) {
    for (const typed of typedColumns(statement)) {
      if (isBuiltin(typed.type, "varchar") && typed.type.modifiers.length > 0) yield typeProblem(typed, "text", context)
    }
  },
})
