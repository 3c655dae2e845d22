import { operationsOf, written } from "../src/engine/questions/predicates.ts"
import { removedValue } from "../src/engine/questions/removed.ts"
import { defineRule } from "../src/engine/rule.ts"
import { renameEnumValue } from "../src/playbook/index.ts"

export default defineRule({
  id: "enum-value-rename-breaks-code",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Renaming an enum value breaks the code that is running.",
    what: "Reports ALTER TYPE ... RENAME VALUE of types that were there before the migration.",
    why:
      "Queries of running code that send the old value fail at once with an invalid input error, and it reads back values that " +
      "it does not know.",
    instead:
      "Add the new value, let the code accept both, move the rows over in batches, then stop using the old value.",
    silent: "For types that the same migration creates.",
    references: ["https://www.postgresql.org/docs/current/sql-altertype.html"],
  },
  messages: {
    renamed: "renaming value {value} of {type} to {newValue} breaks running code that still sends or expects {value}",
  },
  operations: ["rename enum value"],
  *check(statement, context) {
    for (const { type, value, newValue } of operationsOf(statement, "rename enum value")) {
      if (context.catalog.type(type)?.created?.file === context.file) continue
      yield {
        span: value.span,
        message: "renamed",
        data: { type: written(type, context), value: written(value, context), newValue: written(newValue, context) },
        steps: renameEnumValue({ type, value, newValue }, context),
        removes: [removedValue(type, value.text)],
      }
    }
  },
})
