import { isBuiltin, typedColumns, typeProblem, TYPING } from "../src/engine/questions/written-types.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "char-pads-values",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "Values of char(n) are filled with blanks up to n, and take no less space than those of text.",
    what: "Reports columns of type char or char(n), made by CREATE TABLE or ADD COLUMN, or changed to it.",
    why:
      "Shorter values are stored with blanks at their end, which some operators ignore and others (LIKE, regular expressions) do not. It is " +
      "usually the slowest of the character types, because it stores more.",
    instead: "Use text, with a CHECK (length(...) = n) where the length is fixed.",
    silent: "For bpchar without a length, which pads nothing, and for the type \"char\" in quotes.",
    references: ["https://www.postgresql.org/docs/current/datatype-character.html"],
  },
  messages: { found: "{column} of {table} is {type}, which fills values with blanks up to its length" },
  operations: TYPING,
  *check(statement, context) {
    for (const typed of typedColumns(statement)) {
      if (isBuiltin(typed.type, "bpchar") && typed.type.modifiers.length > 0) yield typeProblem(typed, "text", context)
    }
  },
})
