import { earlierOf } from "../src/engine/questions/earlier.ts"
import { addColumnSteps, columnIsNew, droppedConstraints, exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { goneBeforeColumns } from "../src/engine/questions/swapped.ts"
import { removedColumn } from "../src/engine/questions/removed.ts"
import { dependentsOfColumn, functionsNaming, namesColumn } from "../src/engine/questions/since.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { counted, list, pronouns } from "../src/engine/words.ts"
import type { OperationOf } from "../src/parse/operation.ts"
import { dropColumns } from "../src/playbook/index.ts"
import { quoteIdent } from "../src/schema/index.ts"

export default defineRule({
  id: "column-drop-breaks-code",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Dropping a column loses its data and breaks running code that still uses it.",
    what: "Reports DROP COLUMN on tables that were there before the migration, and DROP ATTRIBUTE of types that were there.",
    why:
      "Queries of running code that name the column fail at once; ORMs name every column they know, also in inserts. " +
      "The data cannot be brought back without a backup.",
    instead: "Drop a column as the contract step of its own deploy, when no released code reads or writes it any more.",
    silent:
      "For columns and tables that the same migration creates, and for the last step of a rename or type change: the " +
      "migration first drops the trigger that kept the old and new column in step. With `--app`, that step is " +
      "reported too when the application still uses the column.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    dropped: "dropping {columns} of {table} deletes {its} data and breaks running code that still reads or writes {it}",
    cascade:
      "dropping {columns} of {table} with CASCADE deletes {its} data, drops {dependents}, and breaks running code " +
      "that still uses them",
    attribute: "dropping attribute {columns} of type {table} deletes its values{users}, and breaks running code that still reads or writes it",
    contract: "dropping {columns} of {table} breaks running code that still reads or writes {it}",
  },
  operations: ["drop column", "alter composite type"],
  *check(statement, context) {
    const exposed = operationsOf(statement, "drop column").filter((operation) => isInUse(operation, context))
    const contracts = exposed.filter((operation) => isContract(operation, context))
    yield* contractStep(contracts, context)
    const drops = exposed.filter((operation) => !contracts.includes(operation))
    // The steps of a column that comes back serve it alone.
    const replaced = drops.filter((drop) => addedAnew(drop, context) !== undefined)
    const groups = [drops.filter((drop) => !replaced.includes(drop)), ...replaced.map((drop) => [drop])]
    for (const group of groups) yield* dropped(group, context)
    yield* droppedAttributes(context)
  },
})

/** What a type loses, the columns of that type and the typed tables lose. */
function* droppedAttributes(context: RuleContext): Iterable<Problem> {
  const { catalog } = context
  // Without CASCADE typed tables keep their attributes.
  if (context.current.effects.fails !== null) return
  for (const { action, attribute, ifExists, span, type } of operationsOf(context.current, "alter composite type")) {
    const known = catalog.type(type)
    if (action !== "drop attribute" || known?.created?.deploy === context.deploy) continue
    if (ifExists && known?.kind === "composite" && known.attributes.every(({ name }) => name !== attribute.name)) continue
    const typed = known === undefined ? [] : [...catalog.relations()].filter(({ ofType }) => ofType === known.id).map(context.display)
    const columns = known === undefined ? [] : catalog.usersOfType(known.id).map(({ relation, column }) => `${quoteIdent(column.name)} of ${context.display(relation)}`)
    const users = [...typed, ...columns]
    yield {
      span,
      message: "attribute",
      data: { columns: written(attribute, context), table: written(type, context), users: users.length === 0 ? "" : ` in ${list(users)}` },
    }
  }
}

function* dropped(drops: readonly OperationOf<"drop column">[], context: RuleContext): Iterable<Problem> {
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
    ...stepsFor(drops, first, context),
    related: drops.flatMap(({ relation, column }) => [
      ...dependentsOfColumn(relation, column.name, context),
      ...functionsNaming(relation, column.name, context),
    ]),
    removes: drops.map(({ relation, column }) => removedColumn(relation, column.name, context)),
  }
}

function stepsFor(drops: readonly OperationOf<"drop column">[], first: OperationOf<"drop column">, context: RuleContext): Pick<Problem, "steps" | "stepsOf" | "replaces"> {
  const added = addedAnew(first, context)
  if (added !== undefined) return addColumnSteps(added, context)
  const constraints = droppedConstraints(context.current)
  return { steps: dropColumns({ table: first.relation, only: first.only, columns: drops, constraints, gone: goneBeforeColumns(context) }, context), replaces: drops }
}

/** The ADD COLUMN of the statement for which the column makes room. */
function addedAnew({ column }: OperationOf<"drop column">, { current }: RuleContext): OperationOf<"add column"> | undefined {
  return operationsOf(current, "add column").find((added) => added.column.name.name === column.name)
}

/** The last step of a rename is as it should be, unless the application still uses the old column. */
function* contractStep(drops: readonly OperationOf<"drop column">[], context: RuleContext): Iterable<Problem> {
  const [first] = drops
  if (first === undefined) return
  const columns = drops.map(({ column }) => written(column, context))
  yield {
    span: first.span,
    message: "contract",
    data: { columns: counted("column", columns), table: written(first.relation, context), ...pronouns(columns) },
    removes: drops.map(({ relation, column }) => removedColumn(relation, column.name, context)),
    onlyIfUsed: true,
  }
}

function isInUse({ relation, column, ifExists }: OperationOf<"drop column">, context: RuleContext): boolean {
  if (!exists(relation, context) || columnIsNew(relation, column.name, context)) return false
  const table = context.catalog.relation(relation)
  if (ifExists && table?.known === true && context.catalog.column(table, column.name) === undefined) return false
  // deploy-mixes-phases reports these.
  return !earlierOf(context).filled.has(relation.name)
}

/** The migration first drops the trigger that kept both columns in step; a trigger known not to use the column did not. */
function isContract({ relation, column }: OperationOf<"drop column">, context: RuleContext): boolean {
  const dropped = earlierOf(context).droppedTriggers.get(relation.name) ?? []
  return dropped.some(({ body }) => body === null || namesColumn(body, column.name))
}

/** Views that CASCADE certainly takes along; those that may read the column are named beside the finding. */
function dependentsOf({ relation, column }: OperationOf<"drop column">, context: RuleContext): string[] {
  const table = context.catalog.relation(relation)
  if (table === undefined) return []
  return context.catalog
    .dependents(table.id)
    .filter(({ dependencies }) => dependencies.some(({ relation: id, certain }) => id === table.id && certain.includes(column.name)))
    .map((view) => `${view.kind} ${context.display(view)}`)
}
