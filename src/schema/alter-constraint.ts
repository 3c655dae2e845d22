import type { Identifier } from "../parse/name.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Constraint, Relation } from "./catalog.ts"
import { isSolid, treeOf } from "./columns.ts"
import { constraintOf } from "./constraint-names.ts"
import { PLAIN_NOT_NULL, notNullConstraint, setNotNull, validateNotNull } from "./constraints.ts"
import { truncateIdentifier } from "./derived-names.ts"
import { isFullyListed } from "./indexes.ts"
import { inheritsConstraint, isCopy } from "./inheritance.ts"
import { dropIndexRecord, foreignKeysOver, removeConstraint, vacate, viewsCountingOn } from "./remove.ts"
import { freeName, isSure, put, putName, refuse, setConstraint, setIndex, type Store } from "./store.ts"

export function dropConstraint(store: Store, table: Relation, op: OperationOf<"drop constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) {
    if (op.ifExists) return
    refuseMissing(store, table, op.constraint)
    // Of a table that something unread has touched the indexes of keys are still listed, but not what they are for.
    const own = isSolid(store, table) ? undefined : store.indexesByTable.get(table.id)?.find(({ name, unique }) => unique && name === op.constraint.name)
    if (own === undefined) return
    dropIndexRecord(store, own)
    put(store, store.doubtful, own.name, undefined)
    return
  }
  const index = constraint.index === null ? undefined : store.indexes.get(constraint.index)
  if (!op.cascade && index !== undefined) {
    const [user] = [...foreignKeysOver(store, index), ...viewsCountingOn(store, index)]
    if (user !== undefined && isSure(store, table.name, user.name, constraint.name)) {
      const message = `cannot drop constraint ${constraint.name} on table ${table.name} because other objects depend on it`
      return refuse("2BP01", message, op.constraint.span)
    }
  }
  if (op.only && (constraint.kind === "check" || constraint.kind === "not null")) keepInChildren(store, constraint)
  removeConstraint(store, constraint)
}

/** A constraint that is not listed; of a table that was not seen whole it may be there all the same. */
function refuseMissing(store: Store, table: Relation, { name, span }: Identifier): void {
  if (!isSolid(store, table) || !isSure(store, name)) return
  refuse("42704", `constraint "${name}" of relation "${table.name}" does not exist`, span)
}

/** ALTER TABLE ONLY leaves the children's constraints to them. */
export function keepInChildren(store: Store, constraint: Constraint): void {
  for (const child of store.children.get(constraint.table) ?? []) {
    const copy = store.constraintsByTable.get(child)?.find((own) => own.inherited && isCopy(own, constraint))
    if (copy !== undefined) setConstraint(store, { ...copy, local: true })
  }
}

export function validateConstraint(store: Store, table: Relation, op: OperationOf<"validate constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) return refuseMissing(store, table, op.constraint)
  const tables = op.only ? [table.id] : treeOf(store, table.id)
  if (constraint.kind === "not null") return validateNotNull(store, tables, constraint.columns[0] ?? "")
  for (const id of tables) {
    const own = constraintOf(store, id, constraint.name)
    if (own !== undefined && !own.validated) setConstraint(store, { ...own, validated: true })
  }
}

export function alterConstraint(store: Store, table: Relation, op: OperationOf<"alter constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) return refuseMissing(store, table, op.constraint)
  changeConstraint(store, constraint, op)
  if (constraint.kind === "not null" && op.noInherit !== null && op.noInherit !== constraint.noInherit) spreadNotNull(store, table, constraint, op.noInherit)
}

/** The parts of a partitioned table's foreign key change with it. */
function changeConstraint(store: Store, constraint: Constraint, op: OperationOf<"alter constraint">): void {
  setConstraint(store, {
    ...constraint,
    deferrable: op.deferrable ?? constraint.deferrable,
    initiallyDeferred: op.initiallyDeferred ?? constraint.initiallyDeferred,
    enforced: op.enforced ?? constraint.enforced,
    // ENFORCED checks the rows of what was NOT ENFORCED; NOT ENFORCED forgets that they were checked.
    validated: op.enforced === constraint.enforced ? constraint.validated : (op.enforced ?? constraint.validated),
    noInherit: op.noInherit ?? constraint.noInherit,
  })
  if (constraint.kind !== "foreign key") return
  for (const child of store.children.get(constraint.table) ?? []) {
    const part = store.constraintsByTable.get(child)?.find((own) => own.inherited && isCopy(own, constraint))
    if (part !== undefined) changeConstraint(store, part, op)
  }
}

/** What becomes inheritable is asked of the children as well; what no longer is, they keep as their own. */
function spreadNotNull(store: Store, table: Relation, constraint: Constraint, noInherit: boolean): void {
  const [column = ""] = constraint.columns
  for (const child of store.children.get(table.id) ?? []) {
    const relation = store.relations.get(child)
    if (relation === undefined) continue
    const existing = notNullConstraint(store, child, column)
    if (noInherit) {
      if (existing !== undefined) setConstraint(store, { ...existing, inherited: inheritsConstraint(store, existing), local: true })
    } else if (existing !== undefined) setConstraint(store, { ...existing, inherited: true })
    else {
      setNotNull(store, relation, column, { ...PLAIN_NOT_NULL, constraintName: constraint.name })
      const made = notNullConstraint(store, child, column)
      if (made !== undefined) setConstraint(store, { ...made, inherited: true, local: false })
    }
  }
}

export function renameConstraint(store: Store, table: Relation, op: OperationOf<"rename constraint">): void {
  const constraint = constraintOf(store, table.id, op.constraint.name)
  if (constraint === undefined) {
    if (!isSolid(store, table) || !isSure(store, op.constraint.name)) return
    const message = `constraint "${op.constraint.name}" for table "${table.name}" does not exist`
    return refuse("42704", message, op.constraint.span)
  }
  const name = truncateIdentifier(op.newName.name)
  const taken = constraint.index !== null && store.names.get(table.schema)?.has(name) === true
  if (taken && isFullyListed(store, table) && isSure(store, name, constraint.name)) refuse("42P07", `relation "${name}" already exists`, op.newName.span)
  const inherits = (constraint.kind === "check" || constraint.kind === "not null") && !constraint.noInherit
  for (const id of inherits && !op.only ? treeOf(store, table.id) : [table.id]) {
    const own = constraintOf(store, id, constraint.name)
    if (own !== undefined) giveConstraintName(store, own, name)
  }
}

/** Renames the constraint, and the index behind it, which has the same name. */
export function giveConstraintName(store: Store, constraint: Constraint, name: string): void {
  const schema = store.relations.get(constraint.table)?.schema
  if (schema === undefined) return
  const counts = store.constraintNames
  const left = (counts.get(schema)?.get(constraint.name) ?? 1) - 1
  putName(store, counts, schema, constraint.name, left === 0 ? undefined : left)
  putName(store, counts, schema, name, (counts.get(schema)?.get(name) ?? 0) + 1)
  setConstraint(store, { ...constraint, name })
  const index = constraint.index === null ? undefined : store.indexes.get(constraint.index)
  if (index === undefined || index.name === name) return
  vacate(store, index.schema, name)
  freeName(store, index.schema, index.name)
  putName(store, store.names, index.schema, name, index.id)
  setIndex(store, { ...index, name })
}
