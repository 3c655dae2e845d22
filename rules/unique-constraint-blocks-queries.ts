import { addedConstraints, effectsOfOperation, hurtingWork, written } from "../src/engine/questions/predicates.ts"
import { constraintAdditions, predecessorsOf } from "../src/engine/questions/swapped.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "unique-constraint-blocks-queries",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Adding a UNIQUE constraint builds an index while every query of the table is blocked.",
    what: "Reports ADD CONSTRAINT ... UNIQUE without USING INDEX on a table that was there before the migration.",
    why: "The index is built under ACCESS EXCLUSIVE: reads and writes of the table wait until it is complete.",
    instead:
      "Build the unique index with CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX, " +
      "which is instant.",
    silent: "With USING INDEX, and on new and temporary tables.",
    references: [
      "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
    ],
  },
  messages: {
    unique: "adding {constraint} builds an index while all reads and writes of {table} are blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["add constraint"],
  *check(statement, context) {
    for (const operation of addedConstraints(statement, "unique")) {
      const { relation, constraint } = operation
      if (hurtingWork(effectsOfOperation(operation, context), context) === null) continue
      const dropped = predecessorsOf(operation, statement, context)
      yield {
        span: constraint.span,
        message: "unique",
        data: {
          constraint:
            constraint.name === null ? "the UNIQUE constraint" : `UNIQUE ${written(constraint.name, context)}`,
          table: written(relation, context),
        },
        stepsOf: constraintAdditions,
        replaces: [operation, ...dropped],
      }
    }
  },
})
