import {
  addColumnSteps,
  effectsOfOperation,
  hurtingWork,
  isRequiredWithoutDefault,
  operationsOf,
  written,
} from "../src/engine/questions/predicates.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import type { OperationOf } from "../src/parse/operation.ts"

export default defineRule({
  id: "column-add-scans-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "A constraint written on the new column reads the whole table and blocks every query of it meanwhile.",
    what:
      "Reports ADD COLUMN with an inline CHECK, UNIQUE or PRIMARY KEY, with REFERENCES together with a DEFAULT, and " +
      "virtual generated columns with NOT NULL or CHECK.",
    why:
      "ADD COLUMN holds ACCESS EXCLUSIVE while the rows are checked or the index is built, although every row holds " +
      "the same value: reads and writes wait for all of it.",
    instead:
      "Add the column alone, then the constraint: CHECK and FOREIGN KEY as NOT VALID with a later VALIDATE, UNIQUE " +
      "from an index built concurrently.",
    silent: "For REFERENCES without a DEFAULT clause, which checks no row, and on new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    check:
      "the CHECK on new column {column} reads every row of {table} while all reads and writes of it are blocked " +
      "(ACCESS EXCLUSIVE)",
    reference:
      "with a DEFAULT, REFERENCES on new column {column} checks every row of {table} while all reads and writes of " +
      "it are blocked (ACCESS EXCLUSIVE)",
    build:
      "{kind} on new column {column} builds an index while all reads and writes of {table} are blocked (ACCESS " +
      "EXCLUSIVE)",
    generated:
      "the constraints of virtual column {column} are checked for every row of {table} while all reads and writes of " +
      "it are blocked (ACCESS EXCLUSIVE)",
  },
  operations: ["add column"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "add column")) {
      if (isRequiredWithoutDefault(operation.column, context)) continue
      const kind = hurtingWork(effectsOfOperation(operation, context), context)?.kind
      if (kind === "scan" || kind === "build") yield* constraintProblems(operation, context)
    }
  },
})

function* constraintProblems(operation: OperationOf<"add column">, context: RuleContext): Iterable<Problem> {
  const { relation, column } = operation
  const data = { column: written(column.name, context), table: written(relation, context) }
  const instead = addColumnSteps(operation, context)
  for (const { kind, span } of column.constraints) {
    if (kind === "check") yield { span, message: "check", data, ...instead }
    else if (kind === "foreign key" && column.default !== null) yield { span, message: "reference", data, ...instead }
    else if (kind === "unique" || kind === "primary key")
      yield { span, message: "build", data: { ...data, kind: kind.toUpperCase() }, ...instead }
  }
  if (column.generated?.stored === false && column.notNull !== null) {
    yield { span: column.notNull.span, message: "generated", data, ...instead }
  }
}
