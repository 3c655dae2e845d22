import type { ColumnDefinition, OperationOf } from "../../parse/operation.ts"
import type { Column, Constraint, Relation } from "../../schema/catalog.ts"
import { affected, childWhy, fail, lock, scan, uncertain, type Draft } from "../draft.ts"
import { holdsRows, provesNotNull } from "../../schema/proofs.ts"
import { isNotNull } from "./add-column.ts"
import { eachStored, lockBeneath, lockChildren, lockTarget, requireColumn, siblings, type Target } from "./target.ts"

/** Effects of `SET NOT NULL`. */
export function setNotNull(action: OperationOf<"set not null">, draft: Draft): void {
  const name = action.column.name
  const own = draft.catalog.relation(action.relation)
  const kept = own !== undefined && keepsInherited(draft, own, name)
  const target = lockNotNull(action, draft, (column) => !kept && (!column.notNull || column.notNullNotValid))
  const column = target.kind === "relation" ? requireColumn(draft, target.relation, name) : undefined
  if (target.kind === "relation" && kept) return
  if (target.kind === "relation" && column?.notNull === true && trustsPartitions(target.relation, draft.pgVersion)) return
  // Beneath, what is NOT VALID stays so, unless the table's own is, which is then validated with all beneath (QueueNNConstraintValidation).
  const validates = target.kind === "relation" && isNotValid(draft, target.relation, name)
  if (validates && action.only && target.kind === "relation" && draft.catalog.children(target.relation.id).length > 0) {
    fail(draft, "42P16", "constraint must be validated on child tables too")
    return
  }
  if (target.kind === "relation" && action.only && trustsPartitions(target.relation, draft.pgVersion)) {
    lockBeneath(draft, target.relation, false, "ACCESS EXCLUSIVE", "children")
    requireInPartitions(draft, target.relation, name)
  }
  const left = (member: Relation): boolean => !validates && target.kind === "relation" && member.id !== target.relation.id && isNotValid(draft, member, name)
  scanForNulls(
    draft,
    target,
    action.only,
    [name],
    `NOT NULL on ${name} is verified for every row`,
    left,
  )
}

/** From 18 on a child's NOT NULL that is its parent's and NOT VALID just becomes its own: no row is read (ATExecSetNotNull). */
function keepsInherited(draft: Draft, relation: Relation, name: string): boolean {
  return isNotValid(draft, relation, name) && notNullOf(draft, relation, name)?.local === false && !losesNotNull(draft, relation, name)
}

/** Whether the column's NOT NULL has not looked at the rows that were there (18). */
export function isNotValid(draft: Draft, relation: Relation, name: string): boolean {
  return notNullOf(draft, relation, name)?.validated === false
}

function notNullOf(draft: Draft, relation: Relation, name: string): Constraint | undefined {
  return draft.catalog.constraintsOf(relation.id).find((one) => one.kind === "not null" && one.columns[0] === name)
}

/** With ONLY, the partitions have to be NOT NULL already, or from 12 to 17 to have a CHECK that says so (ATExecCheckNotNull). */
export function requireInPartitions(draft: Draft, table: Relation, name: string): void {
  if (draft.pgVersion < 12) return
  for (const member of draft.catalog.tree(table.id).slice(1)) {
    if (!member.known || member.kind === "foreign table" || isNotNullColumn(draft, member, name)) continue
    if (draft.pgVersion >= 18) fail(draft, "XX000", `column "${name}" of table "${member.name}" is not marked NOT NULL`)
    else if (!isProvenNotNull(draft, member, name)) fail(draft, "42P16", "constraint must be added to child tables too")
  }
}

/** From 12 to 17 partitions are not looked at when their parent is NOT NULL, even if the same statement drops that before. */
function trustsPartitions(relation: Relation, pgVersion: number): boolean {
  return relation.kind === "partitioned table" && pgVersion >= 12 && pgVersion < 18
}

/** With nothing to change in the parent, children are not looked at in later majors. */
export function lockNotNull(
  action: OperationOf<"set not null" | "drop not null">,
  draft: Draft,
  changes: (column: Column) => boolean,
): Target {
  const target = lockTarget(draft, action, "ACCESS EXCLUSIVE", "self")
  if (target.kind !== "relation") return target
  const column = draft.catalog.column(target.relation, action.column.name)
  // SET does so with partitions from 12 on, with inheritance children from 18 on.
  const setUntil = target.relation.kind === "partitioned table" ? 12 : 18
  const looks = draft.pgVersion < (action.op === "set not null" ? setUntil : 18)
  // From 18 on children keep what ONLY leaves them as their own, which changes them too.
  const leaves = action.op === "drop not null" && draft.pgVersion >= 18 && action.only
  if (leaves && column !== undefined && changes(column)) lockChildren(draft, target.relation)
  // What is NOT VALID is validated with all beneath.
  else if (draft.pgVersion >= 18 && !(action.op === "set not null" && isNotValid(draft, target.relation, action.column.name))) {
    if (!action.only && (column === undefined || changes(column))) lockChanged(draft, action, target.relation, target.relation)
  } else if (looks || column === undefined || changes(column))
    lockBeneath(draft, target.relation, action.only, "ACCESS EXCLUSIVE", "children")
  return target
}

/**
 * From 18 on nothing changes beneath a child that has a NOT NULL already (SET), or keeps its own (DROP): only how often it is inherited
 * (ATExecSetNotNull, dropconstraint_internal).
 */
function lockChanged(draft: Draft, action: OperationOf<"set not null" | "drop not null">, root: Relation, relation: Relation): void {
  const { name } = action.column
  for (const child of draft.catalog.children(relation.id)) {
    lock(draft, affected(child), "ACCESS EXCLUSIVE", childWhy(root, child))
    const own = notNullOf(draft, child, name)
    const changes = own === undefined || (action.op === "drop not null" && own.local === false && isFromOne(draft, child, name))
    if (changes) lockChanged(draft, action, root, child)
  }
}

/** Whether a child has its NOT NULL from one parent alone. */
function isFromOne({ catalog }: Draft, child: Relation, name: string): boolean {
  const parents = child.partition === null ? child.inherits : [child.partition.parent]
  return parents.filter((id) => catalog.constraintsOf(id).some((one) => one.kind === "not null" && one.columns[0] === name && !one.noInherit)).length === 1
}

/** Scans the tables in which a column may hold NULL. */
export function scanForNulls(
  draft: Draft,
  target: Target,
  only: boolean,
  columns: readonly string[],
  why: string,
  left: (member: Relation) => boolean = () => false,
): void {
  eachStored(draft, target, only, "children", (member, listed) => {
    if (listed !== null && left(listed)) return
    const doubtful = columns.filter((column) => listed === null || !isProvenNotNull(draft, listed, column))
    if (doubtful.length === 0) return
    const known =
      listed !== null && doubtful.some((column) => listed.known || draft.catalog.column(listed, column) !== undefined)
    if (!known)
      uncertain(
        draft,
        `whether ${doubtful.join(", ")} of ${member.name} is NOT NULL already, or proven so by a CHECK`,
      )
    scan(draft, member, why, !known)
  })
}

/** Whether the column is declared NOT NULL, and its constraint validated, once the statement has dropped and added columns. */
export function isNotNullColumn(draft: Draft, relation: Relation, name: string): boolean {
  const column = draft.catalog.column(relation, name)
  if (column === undefined || dropsColumn(draft, name)) return isAddedNotNull(draft, name)
  return column.notNull && !column.notNullNotValid && !losesNotNull(draft, relation, name)
}

function isAddedNotNull(draft: Draft, name: string): boolean {
  const added = siblings(draft, "add column").find((action) => action.column.name.name === name)?.column
  if (added === undefined) return false
  if (comesNotNull(added)) return true
  // Up to 12 a primary key of the same statement made the new column NOT NULL from its start.
  const key = siblings(draft, "add constraint").some(
    ({ constraint }) => constraint.kind === "primary key" && constraint.columns.some((column) => column.name === name),
  )
  return draft.pgVersion < 13 && key && added.default !== null && !added.default.isNull
}

/** Whether the column is NOT NULL as soon as it is there: serial and identity columns are, too. */
export function comesNotNull(added: ColumnDefinition): boolean {
  return added.serial || added.identity !== null || isNotNull(added)
}

/** Whether an action of the statement drops the column; columns go before anything else happens, wherever it says so. */
export function dropsColumn(draft: Draft, name: string): boolean {
  return draft.statement.operations.some((one) => one.op === "drop column" && one.column.name === name)
}

/** Whether the same statement drops the column's NOT NULL, or the column to add another one: drops come first. */
export function losesNotNull(draft: Draft, relation: Relation, name: string): boolean {
  if (dropsColumn(draft, name) || siblings(draft, "drop not null").some((action) => action.column.name === name)) return true
  const dropped = siblings(draft, "drop constraint")
  if (dropped.length === 0) return false
  const own = notNullOf(draft, relation, name)
  return own !== undefined && dropped.some((action) => action.constraint.name === own.name)
}

/** Whether the server needs no scan to know that the column holds no NULL. */
function isProvenNotNull(draft: Draft, relation: Relation, name: string): boolean {
  if (isNotNullColumn(draft, relation, name)) return true
  return draft.pgVersion >= 12 && provesNotNull(remainingConstraints(draft, relation), name, holdsRows(draft.catalog.column(relation, name)?.type, draft.catalog))
}

/** PostgreSQL drops constraints, and with columns their CHECKs, first, wherever the statement says so: such a CHECK proves nothing. */
function remainingConstraints(draft: Draft, relation: Relation): readonly Constraint[] {
  const constraints = draft.catalog.constraintsOf(relation.id)
  const dropped = siblings(draft, "drop constraint")
  const columns = siblings(draft, "drop column")
  if (dropped.length === 0 && columns.length === 0) return constraints
  return constraints.filter(
    (constraint) =>
      !dropped.some((action) => action.constraint.name === constraint.name) &&
      !columns.some((action) => constraint.columns.includes(action.column.name)),
  )
}
