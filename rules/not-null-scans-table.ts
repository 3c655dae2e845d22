import { addedEmpty } from "../src/engine/questions/earlier.ts"
import { effectsOfOperation, hurtingWork, lineOf, operationsOf, requiredBefore, written } from "../src/engine/questions/predicates.ts"
import { nullableSince } from "../src/engine/questions/since.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { constraintAdditions } from "../src/engine/questions/swapped.ts"
import { list, pronouns } from "../src/engine/words.ts"
import type { OperationOf } from "../src/parse/operation.ts"
import { setNotNull } from "../src/playbook/index.ts"

export default defineRule({
  id: "not-null-scans-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "SET NOT NULL reads the whole table and blocks every query of it meanwhile.",
    what:
      "Reports ALTER COLUMN ... SET NOT NULL, and ADD CONSTRAINT ... NOT NULL (18), when PostgreSQL has to look for " +
      "NULLs in existing rows, and says so when it is sure to find them: in a column that was just added and not filled.",
    why: "The rows are read under ACCESS EXCLUSIVE: reads and writes of the table wait until the last one has been checked.",
    instead:
      "Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later transaction, then SET NOT NULL, which the " +
      "validated CHECK proves (12 and later), and drop the CHECK.",
    silent:
      "When a validated CHECK proves that there is no NULL, when the column is NOT NULL already, and on new and " +
      "temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  },
  messages: {
    set:
      "SET NOT NULL on {columns} reads every row of {table} while all reads and writes of it are blocked (ACCESS " +
      "EXCLUSIVE)",
    empty:
      "SET NOT NULL on {columns} fails if {table} has rows: {line} adds {it} without a value, and nothing fills {it} before",
    reordered:
      "SET NOT NULL on {columns} reads every row of {table} under ACCESS EXCLUSIVE: the other action of this ALTER " +
      "TABLE runs first and undoes what would prove it",
    again:
      "DROP NOT NULL runs first, wherever it stands, and SET NOT NULL on {columns} then reads every row of {table} under ACCESS EXCLUSIVE, " +
      "to end where it began: leave both out",
    constraint:
      "the NOT NULL constraint on {column} reads every row of {table} while all reads and writes of it are blocked " +
      "(ACCESS EXCLUSIVE)",
  },
  operations: ["set not null", "add constraint"],
  *check(statement, context) {
    const together = hurtingWork(statement.effects, context)
    if (together === null) return
    // A rewrite by another action checks the rows in passing, and its steps see to SET NOT NULL, too.
    const sets = together.kind === "rewrite" ? [] : operationsOf(statement, "set not null")
    const scanning = sets.filter((operation) => hurtingWork(effectsOfOperation(operation, context), context) !== null)
    const reordered =
      scanning.length === 0 && together.kind === "scan" && operationsOf(statement, "drop constraint").length > 0
    const again = scanning.filter((operation) => requiredBefore(operation, statement.statement) !== undefined && isRequired(operation, context))
    if (again[0] !== undefined) {
      yield {
        span: again[0].span,
        message: "again",
        data: { columns: list(again.map(({ column }) => written(column, context))), table: written(again[0].relation, context) },
      }
    }
    const reported = reordered ? sets : scanning.filter((operation) => !again.includes(operation))
    const [first] = reported
    if (first !== undefined) {
      const columns = reported.map(({ column }) => written(column, context))
      const added = reordered ? [] : reported.map((operation) => addedEmpty(operation, context))
      const [source] = added
      const isSure = source !== undefined && added.every((one) => one === source)
      yield {
        span: first.span,
        message: reordered ? "reordered" : isSure ? "empty" : "set",
        data: {
          columns: list(columns),
          table: written(first.relation, context),
          ...(isSure ? { line: source === context.current ? "the statement" : lineOf(source, context), it: pronouns(columns).it } : {}),
        },
        steps: setNotNull({ table: first.relation, only: first.only, columns: reported.map(({ column }) => column) }, context),
        replaces: statement.statement.operations.filter((one) => reported.some((operation) => one === operation || one === requiredBefore(operation, statement.statement))),
        related: reported.flatMap(({ relation, column }) => nullableSince(relation, column.name, context)),
      }
    }
    for (const operation of operationsOf(statement, "add constraint")) {
      const { relation, constraint } = operation
      if (constraint.kind !== "not null" || hurtingWork(effectsOfOperation(operation, context), context) === null)
        continue
      yield {
        span: constraint.span,
        message: "constraint",
        data: { column: written(constraint.column, context), table: written(relation, context) },
        stepsOf: constraintAdditions,
        replaces: [operation],
      }
    }
  },
})

/** Whether the column is known to be NOT NULL before the statement. */
function isRequired({ relation, column }: OperationOf<"set not null">, { catalog }: RuleContext): boolean {
  const table = catalog.relation(relation)
  return table !== undefined && catalog.column(table, column.name)?.notNull === true
}
