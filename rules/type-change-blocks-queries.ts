import { effectsOfOperation, excerpt, hurtingWork, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { dependentsOfColumn, typedSince } from "../src/engine/questions/since.ts"
import { droppedWithType } from "../src/engine/questions/swapped.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { list } from "../src/engine/words.ts"
import type { Work } from "../src/effects/types.ts"
import type { Name, Operation, OperationOf } from "../src/parse/operation.ts"
import { changeColumnTypes, setExpression, type Step } from "../src/playbook/index.ts"
import { isUnknownType } from "../src/schema/index.ts"

export default defineRule({
  id: "type-change-blocks-queries",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary:
      "Changing the column's type rewrites the table, rebuilds indexes or checks every row, and blocks every query " +
      "meanwhile.",
    what:
      "Reports ALTER COLUMN ... TYPE when the old and new type, USING, collation, indexes and constraints make " +
      "PostgreSQL touch every row, and SET EXPRESSION of a stored generated column (17 and later).",
    why:
      "ALTER COLUMN TYPE holds ACCESS EXCLUSIVE while the rows are converted and indexes rebuilt: reads and writes wait for " +
      "all of it, and foreign keys are checked again.",
    instead:
      "Add a column of the new type with a trigger that fills it, backfill, move the application over, and drop the " +
      "old column.",
    silent:
      "For changes that only the catalog sees: a longer or unlimited varchar, varchar to text, more numeric " +
      "precision at the same scale, cidr to inet, a domain to its base type.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    rewrite:
      "changing {columns} of {table} to {types} rewrites {relation} and blocks all reads and writes of it (ACCESS " +
      "EXCLUSIVE) meanwhile",
    build:
      "changing {columns} of {table} to {types} rebuilds indexes of {relation} and blocks all reads and writes of it " +
      "(ACCESS EXCLUSIVE) meanwhile",
    scan:
      "changing {columns} of {table} to {types} checks every row of {relation} while all reads and writes of it are " +
      "blocked (ACCESS EXCLUSIVE)",
    expression:
      "a new expression for generated column {columns} of {table} rewrites {relation} and blocks all reads and writes of it (ACCESS " +
      "EXCLUSIVE) meanwhile",
    virtual:
      "unless generated column {columns} of {table} is virtual, its new expression rewrites {relation} and blocks all reads and writes " +
      "of it (ACCESS EXCLUSIVE) meanwhile",
    unknown:
      "unless {columns} of {table} already {has} a type that becomes {types} without touching a row, this rewrites " +
      "{table} and blocks all reads and writes of it (ACCESS EXCLUSIVE)",
  },
  operations: ["alter column type", "set expression"],
  *check(statement, context) {
    const byMessage = new Map<string, Change[]>()
    for (const operation of operationsOf(statement, "alter column type")) {
      const hurting = hurtingWork(effectsOfOperation(operation, context), context)
      if (hurting === null) continue
      const unsure = hurting.work.assumed ? plausiblyFree(operation, context) : "no"
      if (unsure === "likely") continue
      const message = unsure === "maybe" ? "unknown" : hurting.kind
      const changes = byMessage.get(message) ?? []
      changes.push({ operation, relation: worked(hurting.work, operation.relation, context) })
      byMessage.set(message, changes)
    }
    for (const [message, changes] of byMessage) yield* problem(message, changes, context)
    for (const operation of operationsOf(statement, "set expression")) yield* expression(operation, context)
  },
})

interface Change {
  readonly operation: OperationOf<"alter column type">
  readonly relation: string
}

/** One rewrite serves all columns that a statement changes, and one finding too. */
function* problem(message: string, changes: readonly Change[], context: RuleContext): Iterable<Problem> {
  const [first] = changes
  if (first === undefined) return
  yield {
    span: first.operation.type.span,
    message,
    ...(message === "unknown" && { severity: "warning" as const }),
    data: {
      columns: list(changes.map(({ operation }) => written(operation.column, context))),
      table: written(first.operation.relation, context),
      types: list([...new Set(changes.map(({ operation }) => excerpt(operation.type, context)))]),
      relation: first.relation,
      has: changes.length === 1 ? "has" : "have",
    },
    stepsOf: typeChanges,
    replaces: [
      ...changes.flatMap(({ operation }) => [
        operation,
        ...defaultActions(operation.column.name, context),
        ...notNullActions(operation.column.name, context),
      ]),
      ...droppedWithType(changes.map(({ operation }) => operation), context),
    ],
    related: changes.flatMap(({ operation: { relation, column } }) => [
      ...typedSince(relation, column.name, context),
      ...dependentsOfColumn(relation, column.name, context),
    ]),
  }
}

function typeChanges(operations: readonly Operation[], context: RuleContext): readonly Step[] {
  const changes = operations.filter((operation) => operation.op === "alter column type")
  const [first] = changes
  if (first === undefined) return []
  const columns = changes.map((change) => ({
    ...change,
    ...defaultWith(change.column.name, context),
    notNull: notNullActions(change.column.name, context).length > 0,
  }))
  const dropped = droppedWithType(changes, context).map(({ constraint }) => constraint.name)
  return changeColumnTypes({ table: first.relation, columns, dropped }, context)
}

/** What the same statement makes of the column's default, which often does not fit the new type. */
function defaultWith(column: string, context: RuleContext): Readonly<{ default?: string | null }> {
  const actions = defaultActions(column, context)
  const set = actions.find((action) => action.op === "set default")
  if (set !== undefined) return { default: context.text(set.default.span) }
  return actions.length === 0 ? {} : { default: null }
}

function defaultActions(column: string, { current }: RuleContext): readonly (OperationOf<"set default"> | OperationOf<"drop default">)[] {
  return [...operationsOf(current, "set default"), ...operationsOf(current, "drop default")].filter((action) => action.column.name === column)
}

function notNullActions(column: string, { current }: RuleContext): readonly OperationOf<"set not null">[] {
  return operationsOf(current, "set not null").filter((action) => action.column.name === column)
}

/** SET EXPRESSION computes a stored column anew for every row; up to 17 all generated columns are stored. */
function* expression(operation: OperationOf<"set expression">, context: RuleContext): Iterable<Problem> {
  const hurting = hurtingWork(effectsOfOperation(operation, context), context)
  if (hurting === null) return
  const { column, relation } = operation
  const unsure = hurting.work.assumed && context.pgVersion >= 18
  yield {
    span: operation.expression.span,
    message: unsure ? "virtual" : "expression",
    ...(unsure && { severity: "warning" as const }),
    data: {
      columns: written(column, context),
      table: written(relation, context),
      relation: worked(hurting.work, relation, context),
    },
    steps: setExpression(operation, context),
  }
}

/** What is worked on, in words: partitions and heirs are the table. */
function worked({ relation }: Work, table: Name, context: RuleContext): string {
  const { catalog } = context
  const changed = catalog.relation(table)
  const isPart = changed !== undefined && catalog.tree(changed.id).some(({ id }) => id === relation.id)
  return isPart ? written(table, context) : context.display(relation)
}

/** How plausible it is, when the old type is not known, that the change is one of those that rewrite nothing. */
function plausiblyFree(
  { relation, column, type, collation, using }: OperationOf<"alter column type">,
  { catalog, current: { statement }, runner }: RuleContext,
): "likely" | "maybe" | "no" {
  // A template or variable in place of the type: it may be any.
  if (using === null && statement.holes.some(({ start, end }) => start < type.span.end && end > type.span.start)) return "maybe"
  const table = catalog.relation(relation)
  const old = table === undefined ? undefined : catalog.column(table, column.name)
  if (old !== undefined && !isUnknownType(old.type)) return "no"
  // A tool that writes the type with every change of a column may write the one that it has.
  const other = runner?.restatesTypes === true && using === null ? "maybe" : "no"
  if (type.dimensions > 0 || (using !== null && using.column !== column.name)) return other
  switch (type.name) {
    case "text":
    case "varchar":
    case "numeric":
      // Another collation rebuilds the indexes over the column, if there are any.
      return type.modifiers.length === 0 && collation === null ? "likely" : "maybe"
    case "inet":
    case "varbit":
    case "timestamp":
    case "timestamptz":
    case "time":
    case "interval":
      return "maybe"
    default:
      return other
  }
}
