import { earlierOf, staysEmpty } from "../src/engine/questions/earlier.ts"
import { addColumnSteps, columnExists, effectsOfOperation, exists, isRequiredWithoutDefault, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { counted, pronouns } from "../src/engine/words.ts"
import type { ColumnDefinition, OperationOf } from "../src/parse/operation.ts"
import { dropDefaults } from "../src/playbook/index.ts"
import type { Span } from "../src/source/span.ts"

export default defineRule({
  id: "required-column-without-default",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "A new NOT NULL column without a default fails on existing rows and on inserts of running code.",
    what:
      "Reports ADD COLUMN ... NOT NULL (or PRIMARY KEY) without a default, and a default that the same migration " +
      "drops again from the NOT NULL column it adds.",
    why:
      "Existing rows have no value for the column, so the migration fails as soon as the table has one; and code " +
      "that is running does not name the column, so its INSERTs fail.",
    instead:
      "Give the column a constant default and keep it until all code writes the column, or add it nullable and make " +
      "it NOT NULL later.",
    silent: "With a default, for serial, identity and generated columns, and on new, temporary and foreign tables.",
    references: ["https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN"],
  },
  messages: {
    missing:
      "new column {column} of {table} is NOT NULL without a default: this fails if the table has rows, and INSERTs " +
      "of running code will fail",
    emptied:
      "new column {column} of {table} is NOT NULL without a default: INSERTs of running code, which does not name it yet, will fail",
    dropped:
      "dropping the default of new NOT NULL {columns} makes INSERTs into {table} fail in running code, which does not name {it} yet",
  },
  operations: ["add column", "drop default"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "add column")) {
      const { relation, column, ifNotExists } = operation
      if (!isRequiredWithoutDefault(column, context) || !exists(relation, context)) continue
      if (isForeign(operation, context)) continue
      if (ifNotExists && columnExists(context.catalog.relation(relation), column.name.name, context)) continue
      yield {
        span: requiringSpan(column),
        message: isEmpty(operation, context) ? "emptied" : "missing",
        data: { column: written(column.name, context), table: written(relation, context) },
        ...addColumnSteps(operation, context),
      }
    }
    yield* droppedDefaults(context)
  },
})

function isEmpty(operation: OperationOf<"add column">, context: RuleContext): boolean {
  return effectsOfOperation(operation, context).locks.some(({ mode, relation }) => mode === "ACCESS EXCLUSIVE" && staysEmpty(relation, context))
}

/** PostgreSQL does not hold the rows of a foreign table to its constraints (docs: CREATE FOREIGN TABLE, Notes). */
function isForeign({ keyword, relation }: OperationOf<"add column">, { catalog }: RuleContext): boolean {
  return keyword === "foreign table" || catalog.relation(relation)?.kind === "foreign table"
}

function requiringSpan(column: ColumnDefinition): Span {
  return column.notNull?.span ?? column.constraints.find(({ kind }) => kind === "primary key")?.span ?? column.type.span
}

/** DROP DEFAULT of a NOT NULL column that an earlier statement of the file adds. (In the statement that adds it, it fails.) */
function* droppedDefaults(context: RuleContext): Iterable<Problem> {
  const drops = operationsOf(context.current, "drop default").filter(({ relation }) => exists(relation, context))
  if (drops.length === 0) return
  const added = earlierOf(context).requiredColumns
  const missed = drops.filter(({ relation, column }) => added.has(`${relation.name}.${column.name}`))
  const [first] = missed
  if (first === undefined) return
  const columns = missed.map(({ column }) => written(column, context))
  yield {
    span: first.span,
    message: "dropped",
    data: { columns: counted("column", columns), it: pronouns(columns).it, table: written(first.relation, context) },
    steps: dropDefaults({ table: first.relation, only: first.only, columns: missed.map(({ column }) => column) }, context),
    replaces: missed,
  }
}
