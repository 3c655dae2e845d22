import type { Operation } from "../parse/operation.ts"
import type { Origin } from "./catalog.ts"
import { columnOf } from "./columns.ts"
import { constraintOf } from "./constraint-names.ts"
import { findIndex, findRelation, type WrittenName } from "./names.ts"
import { dropIndexRecord, removeColumn, removeConstraint, removeRelation } from "./remove.ts"
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
  switch (op.op) {
    case "create table":
    case "create table as":
      return unmakeRelation(op.table)
    case "create view":
    case "create materialized view":
      return unmakeRelation(op.view)
    case "create sequence":
      return unmakeRelation(op.sequence)
    case "create index": {
      const index = op.index === null ? undefined : findIndex(store, { schema: op.table.schema, name: op.index.name })
      if (index !== undefined && isDumped(index)) dropIndexRecord(store, index)
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
      const constraint = table === undefined || name === undefined ? undefined : constraintOf(store, table.id, name)
      if (constraint !== undefined && isDumped(constraint)) removeConstraint(store, constraint)
      return
    }
    default:
  }
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
