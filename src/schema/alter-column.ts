import type { OperationOf } from "../parse/operation.ts"
import type { Column, Relation } from "./catalog.ts"
import {
  castDefault,
  castTypes,
  columnOf,
  columnsRead,
  isSolid,
  makeDefault,
  makeOwnedSequence,
  needColumn,
  noteDefault,
  treeOf,
  updateColumn,
  updateRelation,
} from "./columns.ts"
import { keepInChildren } from "./alter-constraint.ts"
import { clearNotNull, notNullConstraint, PLAIN_NOT_NULL, setNotNull } from "./constraints.ts"
import { columnBlockers } from "./dependencies.ts"
import { inheritsColumn } from "./inheritance.ts"
import { remakePartitionedIndexes } from "./remade-indexes.ts"
import { removeColumn, removeRelation } from "./remove.ts"
import { isSure, refuse, setConstraint, type Store } from "./store.ts"
import { collationOfType, integerTypeOf, needType, noteTypeUse } from "./types.ts"

type ColumnChange = OperationOf<
  | "drop column"
  | "set default"
  | "drop default"
  | "set not null"
  | "drop not null"
  | "alter column type"
  | "add identity"
  | "set identity"
  | "drop identity"
  | "set expression"
  | "drop expression"
>

export function alterColumn(store: Store, table: Relation, op: ColumnChange): void {
  if (op.op === "drop column") return dropColumn(store, table, op)
  const column = needColumn(store, table, op.column)
  if (column === undefined) return
  const { name } = column
  switch (op.op) {
    case "set default": {
      const value = makeDefault(store, op.default, column.type)
      for (const id of op.only ? [table.id] : treeOf(store, table.id)) noteDefault(store, id, value)
      return updateTree(store, table, op, (old) => ({ ...old, default: value }))
    }
    case "drop default":
      return updateTree(store, table, op, (old) => ({ ...old, default: null }))
    case "set not null":
      if (keepsInherited(store, table, name) || isNotNullAbove(store, table, column)) return
      // ONLY over children is as if NO INHERIT had been written (18).
      return setNotNull(store, table, name, { ...PLAIN_NOT_NULL, only: op.only, noInherit: op.only && (store.children.get(table.id) ?? []).length > 0 })
    case "drop not null":
      return dropNotNull(store, table, op)
    case "alter column type":
      return changeType(store, table, op)
    case "add identity":
      makeOwnedSequence(store, table, column, true, op.sequence)
      return updateIdentity(store, table, name, op.identity)
    case "set identity":
      return op.identity === null ? undefined : updateIdentity(store, table, name, op.identity)
    case "drop identity":
      for (const id of store.ownedSequences.get(table.id) ?? []) {
        const owner = store.relations.get(id)?.ownedBy
        if (owner?.identity === true && owner.column === name) removeRelation(store, id)
      }
      return updateIdentity(store, table, name, null)
    case "set expression": {
      const { expression } = op
      const columns = columnsRead(expression)
      const text = store.now.text(expression.span)
      return updateTree(store, table, op, (old) => ({
        ...old,
        generated: { stored: old.generated?.stored ?? true, columns, text, functions: expression.functions.map((call) => call.name), types: castTypes(store, expression) },
      }))
    }
    case "drop expression":
      return updateTree(store, table, op, (old) => ({ ...old, generated: null }))
  }
}

/** Asked of a child, whose NOT NULL is its parent's and NOT VALID, SET NOT NULL just makes it the child's own (18: ATExecSetNotNull). */
function keepsInherited(store: Store, table: Relation, column: string): boolean {
  const constraint = notNullConstraint(store, table.id, column)
  if (constraint === undefined || constraint.validated || constraint.local) return false
  setConstraint(store, { ...constraint, local: true })
  return true
}

/** A partitioned table's column that is NOT NULL is taken to be so in the partitions (12 to 17: ATPrepSetNotNull); DROP and SET in one statement can leave it otherwise. */
function isNotNullAbove(store: Store, table: Relation, column: Column): boolean {
  return table.kind === "partitioned table" && column.notNull && store.pgVersion >= 12 && store.pgVersion < 18
}

function updateTree(store: Store, table: Relation, op: ColumnChange, change: (column: Column) => Column): void {
  for (const id of op.only ? [table.id] : treeOf(store, table.id)) updateColumn(store, id, op.column.name, change)
}

/** From 17 on partitions share the identity of their parent; inheritance children never do. */
function updateIdentity(store: Store, table: Relation, column: string, identity: Column["identity"]): void {
  const shared = table.kind === "partitioned table" && store.pgVersion >= 17
  for (const id of shared ? treeOf(store, table.id) : [table.id]) {
    updateColumn(store, id, column, (old) => ({ ...old, identity }))
  }
}

function dropNotNull(store: Store, table: Relation, op: OperationOf<"drop not null">): void {
  const { name, span } = op.column
  const key = store.constraintsByTable
    .get(table.id)
    ?.find((own) => own.kind === "primary key" && own.columns.includes(name))
  if (key !== undefined && isSolid(store, table, name, key.name)) {
    refuse("42P16", `column "${name}" is in a primary key`, span)
  }
  const constraint = op.only ? notNullConstraint(store, table.id, name) : undefined
  if (constraint !== undefined) keepInChildren(store, constraint)
  // From 18 on constraints say which children go along: those that have the parent's alone.
  for (const id of op.only || store.pgVersion >= 18 ? [table.id] : treeOf(store, table.id)) clearNotNull(store, id, name)
}

/** Indexes and constraints survive a type change; what else depends on the column forbids it. */
function changeType(store: Store, table: Relation, op: OperationOf<"alter column type">): void {
  const { name, span } = op.column
  const [blocker] = columnBlockers(store, table, name, "type change")
  if (blocker !== undefined && isSure(store, table.name, name, blocker.name)) {
    const code = blocker.what === "by a generated column" && store.pgVersion < 15 ? "42601" : "0A000"
    refuse(code, `cannot alter type of a column used ${blocker.what}`, span)
  }
  const type = needType(store, op.type)
  const { origin } = store.now
  updateTree(store, table, op, (old) => ({ ...old, type, default: castDefault(store, old), typed: origin, collation: op.collation?.name ?? collationOfType(store, type) }))
  for (const id of treeOf(store, table.id)) noteTypeUse(store, id, type)
  // The sequence of an identity follows its column; that of a serial column keeps its type (transformAlterTableStmt).
  for (const id of store.ownedSequences.get(table.id) ?? []) {
    const owner = store.relations.get(id)?.ownedBy
    if (owner?.identity === true && owner.column === name) updateRelation(store, id, (old) => ({ ...old, sequenceType: integerTypeOf(type) }))
  }
  if (op.only) return
  remakeChecks(store, table, name)
  remakePartitionedIndexes(store, table, name, span)
}

/** The CHECKs of children are made anew from their parent's, and with it not valid where that one is not. */
function remakeChecks(store: Store, table: Relation, column: string): void {
  for (const check of store.constraintsByTable.get(table.id) ?? []) {
    if (check.kind !== "check" || check.validated || !check.columns.includes(column)) continue
    for (const id of treeOf(store, table.id).slice(1)) {
      const own = store.constraintsByTable.get(id)?.find(({ name }) => name === check.name)
      if (own?.validated === true) setConstraint(store, { ...own, validated: false })
    }
  }
}

function dropColumn(store: Store, table: Relation, op: OperationOf<"drop column">): void {
  const { name, span } = op.column
  if (columnOf(table, name) === undefined) {
    if (!op.ifExists && isSolid(store, table, name)) {
      refuse("42703", `column "${name}" of relation "${table.name}" does not exist`, span)
    }
    return
  }
  // Partitions may be partitioned themselves, by other columns.
  for (const id of op.only ? [table.id] : treeOf(store, table.id)) {
    const member = store.relations.get(id)
    if (member?.partitionBy?.columns.includes(name) !== true || !isSure(store, member.name, name)) continue
    refuse("42P16", `cannot drop column "${name}" because it is part of the partition key of relation "${member.name}"`, span)
  }
  dropFromTree(store, table, op)
}

/** A child keeps a column that is its own, too, or that another parent has. */
function keepsColumn(store: Store, child: Relation, name: string): boolean {
  const column = columnOf(child, name)
  if (column?.inherited !== true) return true
  if (inheritsColumn(store, child, name)) return true
  if (column.local) updateColumn(store, child.id, name, (old) => ({ ...old, inherited: false }))
  return column.local
}

/** Drops the column of the table, and of what inherits it. */
export function dropFromTree(store: Store, table: Relation, op: Pick<OperationOf<"drop column">, "column" | "only" | "cascade">): void {
  const { name, span } = op.column
  for (const id of op.only ? [table.id] : treeOf(store, table.id)) {
    const relation = store.relations.get(id)
    if (relation === undefined) continue
    if (id !== table.id && keepsColumn(store, relation, name)) continue
    for (const blocker of columnBlockers(store, relation, name, "drop")) {
      const drops = op.cascade || blocker.goesAlong === true
      if (!drops && isSure(store, relation.name, name, blocker.name)) {
        refuse("2BP01", `cannot drop column ${name} of table ${relation.name} because other objects depend on it`, span)
      }
      if (drops) blocker.drop()
    }
    removeColumn(store, id, name)
    if (!op.only) continue
    for (const child of store.children.get(id) ?? []) updateColumn(store, child, name, (old) => ({ ...old, local: true }))
    for (const child of store.children.get(id) ?? []) keepsColumn(store, store.relations.get(child) ?? relation, name)
  }
}
