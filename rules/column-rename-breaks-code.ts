import { columnIsNew, exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { removedColumn } from "../src/engine/questions/removed.ts"
import { functionsNaming } from "../src/engine/questions/since.ts"
import { defineRule } from "../src/engine/rule.ts"
import { renameColumn } from "../src/playbook/index.ts"

export default defineRule({
  id: "column-rename-breaks-code",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Renaming a column in one step breaks the code that is running.",
    what: "Reports RENAME COLUMN on tables and views that were there before the migration.",
    why:
      "The old name is gone the moment the rename commits, and the code that is running still uses it: its queries " +
      "fail until the new version is everywhere.",
    instead:
      "Rename in four deploys: add the new column with a trigger that fills it, backfill, let the application use " +
      "the new name, drop the old column.",
    silent: "For columns and tables that the same migration creates.",
    references: ["https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-RENAMING-COLUMN"],
  },
  messages: {
    renamed: "renaming column {column} of {table} to {newName} breaks running code that still uses {column}",
  },
  operations: ["rename column"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "rename column")) {
      const { relation, column, newName } = operation
      if (!exists(relation, context) || columnIsNew(relation, column.name, context)) continue
      yield {
        span: column.span,
        message: "renamed",
        data: {
          column: written(column, context),
          newName: written(newName, context),
          table: written(relation, context),
        },
        steps: renameColumn({ ...operation, table: relation }, context),
        related: functionsNaming(relation, column.name, context),
        removes: [removedColumn(relation, column.name, context)],
      }
    }
  },
})
