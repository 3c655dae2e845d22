import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { Operation } from "../parse/operation.ts"
import type { Origin } from "./catalog.ts"
import { columnOf } from "./columns.ts"
import { constraintOf } from "./constraint-names.ts"
import { truncateIdentifier } from "./derived-names.ts"
import { findRelation, targetSchema, type WrittenName } from "./names.ts"
import { removeColumn, removeConstraint, removeRelation, vacate } from "./remove.ts"
import type { Store } from "./store.ts"

/**
 * Removes what an operation is about to make and what is there only by mistake: a dump had it that was taken after the migration
 * ran, or, without `dump`, something that was dropped in a way that could not be read.
 */
export function unmake(store: Store, op: Operation, dump: string | null): void {
  const isDumped = (made: { readonly created: Origin | null } | undefined): boolean => dump === null || made?.created?.file === dump
  const unmakeRelation = (name: WrittenName): void => {
    const relation = findRelation(store, name)
    if (relation !== undefined && isDumped(relation)) removeRelation(store, relation.id)
  }
  /** What has a name now may have been called otherwise, or been on another table, when the operation ran. */
  const makeRoom = (schema: string, name: string): void => {
    const id = store.names.get(schema)?.get(truncateIdentifier(name)) ?? -1
    if (isDumped(store.relations.get(id) ?? store.indexes.get(id))) vacate(store, schema, truncateIdentifier(name))
  }
  switch (op.op) {
    case "create table": {
      unmakeRelation(op.table)
      const schema = targetSchema(store, op.table)
      for (const name of keyNames([...op.constraints, ...op.columns.flatMap(({ constraints }) => constraints)])) makeRoom(schema, name)
      return
    }
    case "create table as":
      return unmakeRelation(op.table)
    case "create view":
    case "create materialized view":
      return unmakeRelation(op.view)
    case "create sequence":
      return unmakeRelation(op.sequence)
    case "create index": {
      const schema = findRelation(store, op.table)?.schema ?? targetSchema(store, op.table)
      if (op.index !== null) makeRoom(schema, op.index.name)
      return
    }
    case "rename relation": {
      const relation = findRelation(store, op.relation)
      if (relation !== undefined && relation.name !== op.newName.name) makeRoom(relation.schema, op.newName.name)
      return
    }
    case "add column": {
      const table = findRelation(store, op.relation)
      if (table !== undefined && isDumped(columnOf(table, op.column.name.name))) removeColumn(store, table.id, op.column.name.name)
      return
    }
    case "add constraint": {
      const table = findRelation(store, op.relation)
      const name = op.constraint.name?.name
      if (table === undefined || name === undefined) return
      const constraint = constraintOf(store, table.id, name)
      if (constraint !== undefined && isDumped(constraint)) removeConstraint(store, constraint)
      for (const key of keyNames([op.constraint])) makeRoom(table.schema, key)
      return
    }
    default:
  }
}

/** Names that are an index's as well. */
function keyNames(constraints: readonly ConstraintDefinition[]): readonly string[] {
  return constraints.flatMap((constraint) => {
    const isKey = (constraint.kind === "primary key" || constraint.kind === "unique") && constraint.usingIndex === null
    return constraint.name !== null && (isKey || constraint.kind === "exclude") ? [constraint.name.name] : []
  })
}

/** The name of the relation or index that an operation makes; null when it makes none. */
export function nameMade(op: Operation): string | null {
  switch (op.op) {
    case "create table":
    case "create table as":
      return op.table.name
    case "create view":
    case "create materialized view":
      return op.view.name
    case "create sequence":
      return op.sequence.name
    case "create index":
      return op.index?.name ?? null
    default:
      return null
  }
}
