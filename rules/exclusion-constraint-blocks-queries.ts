import { addedConstraints, exists, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { addConstraint } from "../src/playbook/index.ts"

export default defineRule({
  id: "exclusion-constraint-blocks-queries",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Adding an EXCLUDE constraint builds an index while every query of the table is blocked.",
    what: "Reports ADD CONSTRAINT ... EXCLUDE on a table that was there before the migration.",
    why:
      "The index is built and every row compared under ACCESS EXCLUSIVE: reads and writes of the table wait until it " +
      "is complete. There is no concurrent way to build it.",
    instead:
      "Create a new table with the constraint, fill it in batches while a trigger keeps it up to date, and switch.",
    silent: "On new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE"],
  },
  messages: {
    exclude: "adding {constraint} builds an index while all reads and writes of {table} are blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["add constraint"],
  *check(statement, context) {
    for (const { relation, constraint } of addedConstraints(statement, "exclude")) {
      if (!exists(relation, context)) continue
      yield {
        span: constraint.span,
        message: "exclude",
        data: {
          constraint:
            constraint.name === null ? "the EXCLUDE constraint" : `EXCLUDE ${written(constraint.name, context)}`,
          table: written(relation, context),
        },
        steps: addConstraint({ table: relation, constraint }, context),
      }
    }
  },
})
