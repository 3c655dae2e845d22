import { earlierOf } from "../src/engine/earlier.ts"
import { columnIsNew, exists, operationsOf, written } from "../src/engine/predicates.ts"
import { dependentsOfColumn, functionsNaming } from "../src/engine/since.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { counted, list, pronouns } from "../src/engine/words.ts"
import type { OperationOf } from "../src/parse/operation.ts"
import { dropColumn } from "../src/playbook/index.ts"

export default defineRule({
  id: "column-drop-breaks-code",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Dropping a column loses its data and breaks running code that still uses it.",
    what: "Reports DROP COLUMN on tables that were there before the migration.",
    why:
      "Queries of running code that name the column fail at once; ORMs name every column they know, also in inserts. " +
      "The data cannot be brought back without a backup.",
    instead: "Drop a column as the contract step of its own deploy, when no released code reads or writes it any more.",
    silent:
      "For columns and tables that the same migration creates, and for the last step of a rename or type change: the " +
      "migration first drops the trigger that kept the old and new column in step.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    dropped: "dropping {columns} of {table} deletes {its} data and breaks running code that still reads or writes {it}",
    cascade:
      "dropping {columns} of {table} with CASCADE deletes {its} data, drops {dependents}, and breaks running code " +
      "that still uses them",
  },
  operations: ["drop column"],
  *check(statement, context) {
    const drops = operationsOf(statement, "drop column").filter((operation) => !isHarmless(operation, context))
    const [first] = drops
    if (first === undefined) return
    const columns = drops.map(({ column }) => written(column, context))
    const dependents = [
      ...new Set(drops.flatMap((operation) => (operation.cascade ? dependentsOf(operation, context) : []))),
    ]
    yield {
      span: first.span,
      message: dependents.length > 0 ? "cascade" : "dropped",
      data: {
        columns: counted("column", columns),
        table: written(first.relation, context),
        dependents: list(dependents),
        ...pronouns(columns),
      },
      steps: drops.flatMap(({ relation, column, ifExists }) =>
        dropColumn({ table: relation, column, ifExists }, context),
      ),
      related: drops.flatMap(({ relation, column }) => [
        ...dependentsOfColumn(relation, column.name, context),
        ...functionsNaming(relation, column.name, context),
      ]),
    }
  },
})

function isHarmless({ relation, column, ifExists }: OperationOf<"drop column">, context: RuleContext): boolean {
  if (!exists(relation, context) || columnIsNew(relation, column.name, context)) return true
  const table = context.catalog.relation(relation)
  if (ifExists && table?.known === true && context.catalog.column(table, column.name) === undefined) return true
  const { filled, droppedTriggers } = earlierOf(context)
  // deploy-mixes-phases reports the first; the second is the trigger that kept both columns in step.
  return filled.has(relation.name) || droppedTriggers.has(relation.name)
}

/** Views that CASCADE takes along. */
function dependentsOf({ relation, column }: OperationOf<"drop column">, context: RuleContext): string[] {
  const table = context.catalog.relation(relation)
  if (table === undefined) return []
  return context.catalog
    .dependents(table.id)
    .filter(({ dependencies }) =>
      dependencies.some(({ relation: id, columns }) => id === table.id && columns?.includes(column.name) !== false),
    )
    .map((view) => `${view.kind} ${context.display(view)}`)
}
