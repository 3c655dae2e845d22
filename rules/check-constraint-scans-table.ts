import type { Fix } from "../src/engine/finding.ts"
import { addedConstraints, effectsOfOperation, hurtingWork, written } from "../src/engine/questions/predicates.ts"
import { constraintAdditions, predecessorsOf } from "../src/engine/questions/swapped.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "check-constraint-scans-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Adding a CHECK constraint reads the whole table and blocks every query of it meanwhile.",
    what: "Reports ADD CONSTRAINT ... CHECK without NOT VALID on a table that was there before the migration.",
    why: "The rows are checked under ACCESS EXCLUSIVE: reads and writes of the table wait until the last one has been read.",
    instead:
      "Add the constraint NOT VALID, which checks new rows only, and VALIDATE it in a later transaction, which lets " +
      "reads and writes go on.",
    silent: "With NOT VALID or NOT ENFORCED (18), and on new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    check:
      "adding {constraint} reads every row of {table} while all reads and writes of it are blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["add constraint"],
  *check(statement, context) {
    for (const operation of addedConstraints(statement, "check")) {
      const { relation, constraint } = operation
      if (hurtingWork(effectsOfOperation(operation, context), context) === null) continue
      const fix: Fix = {
        applicability: "unsafe",
        title: "Add the constraint NOT VALID; validate it in a later migration",
        edits: [{ span: { start: constraint.span.end, end: constraint.span.end }, text: " NOT VALID" }],
      }
      const dropped = predecessorsOf(operation, statement, context)
      yield {
        span: constraint.span,
        message: "check",
        data: {
          constraint: constraint.name === null ? "the CHECK" : `CHECK ${written(constraint.name, context)}`,
          table: written(relation, context),
        },
        stepsOf: constraintAdditions,
        replaces: [operation, ...dropped],
        fix,
      }
    }
  },
})
