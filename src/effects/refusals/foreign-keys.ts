import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import { fail, type Draft } from "../draft.ts"

type ForeignKey = Extract<ConstraintDefinition, { kind: "foreign key" }>

/**
 * A referenced key must not be deferrable (transformFkeyGetPrimaryKey, transformFkeyCheckAttrs).
 * @param relation the referencing table, null while it is made
 */
export function refuseDeferrableKey(relation: Relation | null, constraint: ForeignKey, parent: Relation, draft: Draft): void {
  const { catalog, statement } = draft
  if (!parent.known) return
  const wanted = constraint.referencedColumns.map(({ name }) => name)
  if (wanted.length === 0) {
    const key = catalog.constraintsOf(parent.id).find((one) => one.kind === "primary key")
    const dropped = statement.operations.some((one) => one.op === "drop constraint" && one.constraint.name === key?.name)
    const added = parent.id === relation?.id ? statement.operations.find((one) => one.op === "add constraint" && one.constraint.kind === "primary key") : undefined
    const addedDeferrable = added?.op === "add constraint" && added.constraint.kind === "primary key" && added.constraint.deferrable
    if ((key?.deferrable === true && !dropped) || ((key === undefined || dropped) && addedDeferrable))
      fail(draft, "55000", `cannot use a deferrable primary key for referenced table "${parent.name}"`)
    return
  }
  // The same statement may add another key, or drop this one.
  const changed = statement.operations.some(
    ({ op }) => op === "drop constraint" || op === "drop column",
  )
  const another = statement.operations.some(
    (one) => one.op === "add constraint" && (one.constraint.kind === "unique" || one.constraint.kind === "primary key"),
  )
  if (parent.id === relation?.id && (changed || another)) return
  const keys = catalog
    .indexesOf(parent.id)
    .filter(({ unique, predicate, columns }) => unique && predicate === null && columns.length === wanted.length && wanted.every((name) => columns.includes(name)))
  const deferrable = keys.filter((index) => index.constraint !== null && catalog.constraintById(index.constraint)?.deferrable === true)
  if (keys.length > 0 && deferrable.length === keys.length)
    fail(draft, "55000", `cannot use a deferrable unique constraint for referenced table "${parent.name}"`)
}

/** ON DELETE SET NULL (a) names columns of the key (validateFkOnDeleteSetColumns). */
export function refuseSetColumns({ columns, onDelete, onDeleteColumns }: ForeignKey, draft: Draft): void {
  const other = columns.length === 0 ? undefined : onDeleteColumns.find((name) => !columns.some((column) => column.name === name))
  if (other !== undefined) fail(draft, "42P10", `column "${other}" referenced in ON DELETE ${onDelete.toUpperCase()} action must be part of foreign key`)
}

/** A temporal key does nothing to the rows that reference (18: ATAddForeignKeyConstraint). */
export function refusePeriodAction({ period, onDelete, onUpdate }: ForeignKey, draft: Draft): void {
  if (!period) return
  for (const [event, action] of [["UPDATE", onUpdate], ["DELETE", onDelete]] as const)
    if (action !== "no action") fail(draft, "0A000", `unsupported ON ${event} action for foreign key constraint using PERIOD`)
}

/**
 * A foreign key may not write what is computed (ATAddForeignKeyConstraint).
 * @param relation the referencing table, null while it is made
 * @param defined columns that the statement defines
 */
export function refuseGeneratedAction(
  relation: Relation | null,
  defined: readonly ColumnDefinition[],
  constraint: ForeignKey,
  draft: Draft,
): void {
  const sets = (action: ForeignKey["onDelete"]): boolean => action === "set null" || action === "set default"
  const what = sets(constraint.onUpdate) || constraint.onUpdate === "cascade" ? "UPDATE" : sets(constraint.onDelete) ? "DELETE" : null
  if (what === null) return
  const isGenerated = (name: string): boolean => {
    const definition = defined.find((column) => column.name.name === name)
    if (definition !== undefined) return definition.generated !== null
    const freed = draft.statement.operations.some((one) => one.op === "drop expression" && one.column.name === name)
    return !freed && relation !== null && draft.catalog.column(relation, name)?.generated != null
  }
  if (constraint.columns.some(({ name }) => isGenerated(name)))
    fail(draft, "42601", `invalid ON ${what} action for foreign key constraint containing generated column`)
}
