import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name, Operation, OperationOf } from "../../parse/operation.ts"
import { addConstraints, withoutColumns, type RecipeContext, type Step } from "../../playbook/index.ts"
import { defaultLabel } from "../../playbook/names.ts"
import { joinColumns, makeObjectName } from "../../schema/derived-names.ts"
import { effectsOfOperation, hurtingWork, operationsOf } from "./predicates.ts"
import type { AnalyzedStatement, RuleContext } from "../rule.ts"

/** The constraints that a statement drops to put the added one in their place: of its name, or of its kind over the same columns. */
export function predecessorsOf(
  { relation, constraint }: OperationOf<"add constraint">,
  statement: AnalyzedStatement,
  { catalog }: RuleContext,
): readonly OperationOf<"drop constraint">[] {
  const table = catalog.relation(relation)
  const columns = columnsOf(constraint)
  const name = constraint.name?.name ?? makeObjectName(relation.name, columns.length === 0 ? null : joinColumns(columns), defaultLabel(constraint.kind))
  return operationsOf(statement, "drop constraint").filter((drop) => {
    if (drop.constraint.name === name) return true
    const dropped = table && catalog.constraint(table.id, drop.constraint.name)
    return dropped?.kind === constraint.kind && dropped.columns.length === columns.length && dropped.columns.every((column) => columns.includes(column))
  })
}

/** The constraints that a statement drops before its columns: all of them where it adds and changes nothing, otherwise those that others take the place of. */
export function goneBeforeColumns(context: RuleContext): string[] {
  const { current } = context
  const drops = operationsOf(current, "drop constraint")
  const added = operationsOf(current, "add constraint")
  const before = current.statement.operations.every(({ op }) => op === "drop constraint" || op === "drop column") ? drops : added.flatMap((operation) => predecessorsOf(operation, current, context))
  const key = keyWithColumn(context)
  return [...before, ...(key === null ? [] : [key])].map(({ constraint }) => constraint.name)
}

/** The primary key that goes along with a column which the statement drops, where it adds another one: as if the statement dropped it itself. */
export function keyWithColumn({ current, catalog }: RuleContext): OperationOf<"drop constraint"> | null {
  const columns = new Set(operationsOf(current, "add column").map(({ column }) => column.name.name))
  const addition = operationsOf(current, "add constraint").find(({ constraint }) => constraint.kind === "primary key" && constraint.usingIndex === null)
  const table = addition === undefined ? undefined : catalog.relation(addition.relation)
  const key = table === undefined ? undefined : catalog.constraintsOf(table.id).find(({ kind }) => kind === "primary key")
  if (addition === undefined || key === undefined || operationsOf(current, "drop constraint").some(({ constraint }) => constraint.name === key.name)) return null
  const drops = operationsOf(current, "drop column").filter(({ column }) => key.columns.includes(column.name))
  const [drop] = drops
  // One that comes back under its name goes before the new key comes.
  if (drop === undefined || drops.some(({ column }) => columns.has(column.name))) return null
  return { ...addition, op: "drop constraint", span: drop.span, constraint: { name: key.name, span: drop.span }, ifExists: false, cascade: drops.some(({ cascade }) => cascade) }
}

/**
 * The foreign keys and CHECKs of columns that a statement drops while it gives these another type: they may fit the old type only. The steps
 * for the type drop them when the old columns are given up.
 */
export function droppedWithType(changes: readonly OperationOf<"alter column type">[], { current, catalog }: RuleContext): readonly OperationOf<"drop constraint">[] {
  const columns = changes.map(({ column }) => column.name)
  return operationsOf(current, "drop constraint").filter(({ constraint: { name }, relation }) => {
    const table = catalog.relation(relation)
    const dropped = table && catalog.constraint(table.id, name)
    return (dropped?.kind === "foreign key" || dropped?.kind === "check") && dropped.columns.some((column) => columns.includes(column))
  })
}

/** What the steps for a constraint find when those for the columns of the same statement have run, which come before. */
export interface AfterColumns {
  readonly context: RecipeContext
  /** Columns that have come with NOT NULL. */
  readonly required: readonly string[]
  /** Those of the constraints that are still to be dropped. */
  left(drops: readonly OperationOf<"drop constraint">[]): readonly OperationOf<"drop constraint">[]
}

/** Columns that the statement drops to add them anew, or gives another type, have taken along constraints on the old ones. */
export function afterColumns(table: Name, context: RuleContext): AfterColumns {
  const { current, catalog } = context
  const added = operationsOf(current, "add column").map(({ column }) => column)
  const replaced = operationsOf(current, "drop column").flatMap(({ column: { name } }) => (added.some((column) => column.name.name === name) ? [name] : []))
  const after = withoutColumns(table, replaced, context)
  const id = catalog.relation(table)?.id
  const retyped = operationsOf(current, "alter column type").filter((operation) => hurtingWork(effectsOfOperation(operation, context), context) !== null)
  const gone = droppedWithType(retyped, context)
  return {
    context: after,
    required: added.filter(({ notNull, serial, identity }) => notNull?.notValid === false || serial || identity !== null).map(({ name }) => name.name),
    left: (drops) => {
      const others = drops.filter((drop) => !gone.includes(drop))
      if (replaced.length === 0) return others
      return others.flatMap((drop) => {
        // Which columns it is on is not known.
        if (id === undefined || catalog.constraint(id, drop.constraint.name) === undefined) return [{ ...drop, ifExists: true }]
        return after.catalog.constraint(id, drop.constraint.name) === undefined ? [] : [drop]
      })
    },
  }
}

/** Steps for constraints that a statement adds, with those that each takes the place of. */
export function constraintAdditions(operations: readonly Operation[], context: RuleContext): readonly Step[] {
  const added = operations.filter((operation) => operation.op === "add constraint")
  const [first] = added
  if (first === undefined) return []
  const taken = new Set<Operation>()
  const after = afterColumns(first.relation, context)
  const constraints = added.map((operation) => {
    const dropped = predecessorsOf(operation, context.current, context).filter((drop) => !taken.has(drop))
    for (const drop of dropped) taken.add(drop)
    return { constraint: operation.constraint, dropped: after.left(dropped) }
  })
  return addConstraints({ table: first.relation, constraints }, after.context)
}

function columnsOf(constraint: ConstraintDefinition): readonly string[] {
  switch (constraint.kind) {
    case "check":
      return [...new Set(constraint.expression.columns.map(({ column }) => column))]
    case "foreign key":
      return constraint.columns.map(({ name }) => name)
    case "unique":
      return [...constraint.columns, ...constraint.include].map(({ name }) => name)
    case "primary key":
    case "exclude":
    case "not null":
      return []
  }
}
