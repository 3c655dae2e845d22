import type { Operation, TableOperation } from "../parse/operation.ts"
import { isTableAction } from "./alter-table.ts"
import { updateColumn, updateRelation } from "./columns.ts"
import { foldOperation } from "./fold.ts"
import { needRelation } from "./names.ts"
import { markOpaque, put, type Store } from "./store.ts"
import { UNKNOWN_TYPE } from "./types.ts"

/**
 * Folds an operation that may not run (under IF, in a loop, behind an exception handler). What it would make is
 * listed as possibly older; of what it would change, less is known from now on; names it would free or take prove
 * nothing any more.
 */
export function foldConditionally(store: Store, op: Operation): void {
  if (isTableAction(op)) return foldAction(store, op)
  switch (op.op) {
    case "create table":
    case "create table as":
      doubt(store, op.table.name)
      break
    case "create index":
      if (op.index !== null) doubt(store, op.index.name)
      break
    case "create view":
    case "create materialized view":
      doubt(store, op.view.name)
      break
    case "create sequence":
      doubt(store, op.sequence.name)
      break
    case "create enum":
    case "create composite type":
    case "create type":
      doubt(store, op.type.name)
      break
    case "create domain":
      doubt(store, op.domain.name)
      break
    case "create schema":
      doubt(store, op.schema.name)
      break
    case "create trigger":
      doubt(store, op.trigger.name)
      break
    case "create policy":
    case "alter policy":
      doubt(store, op.policy.name)
      break
    case "create function":
      doubt(store, op.function.name)
      break
    case "create extension":
      doubt(store, op.extension.name)
      break
    case "add enum value":
      doubt(store, op.type.name)
      break
    case "drop":
      for (const { name } of op.objects) doubt(store, name.name)
      // An index, trigger or policy that may be gone must prove nothing; a relation that may be gone may also still
      // be there.
      if (op.kind === "index" || op.kind === "trigger" || op.kind === "policy") break
      return
    case "rename object":
      doubt(store, op.object.name)
      doubt(store, op.newName.name)
      return
    case "rename enum value":
    case "alter composite type":
      doubt(store, op.type.name)
      return
    case "set object schema":
      doubt(store, op.object.name)
      return
    case "set":
    case "reset":
      // Which names later statements mean is anybody's guess.
      if ((op.setting ?? "search_path") === "search_path") markOpaque(store)
      return
    case "commit":
    case "rollback":
    case "begin":
      return
    default:
      break
  }
  foldOperation(store, op)
}

function doubt(store: Store, name: string): void {
  put(store, store.doubtful, name, true)
}

/** Actions after which the lists of columns, constraints or indexes may be others. */
const CHANGES_LISTS: ReadonlySet<TableOperation["op"]> = new Set([
  "add column",
  "drop column",
  "rename column",
  "add constraint",
  "drop constraint",
  "rename constraint",
  "set schema",
  "attach partition",
  "detach partition",
  "inherit",
  "no inherit",
])

function foldAction(store: Store, op: TableOperation): void {
  if (op.op === "move all to tablespace") return
  doubt(store, op.relation.name)
  if (op.op === "rename relation") {
    doubt(store, op.newName.name)
    return
  }
  if (op.op === "attach index partition" || op.keyword === "index") return
  const table = needRelation(store, op.relation, op.keyword, op.missingOk)
  if (table === undefined) return
  if (CHANGES_LISTS.has(op.op)) updateRelation(store, table.id, (relation) => ({ ...relation, known: false }))
  switch (op.op) {
    case "alter column type":
      return updateColumn(store, table.id, op.column.name, (column) => ({ ...column, type: UNKNOWN_TYPE, typed: null }))
    // What is listed stays listed: it may still be there.
    case "drop column":
    case "rename column":
    case "set not null":
    case "validate constraint":
    case "set schema":
    case "attach partition":
    case "detach partition":
    case "inherit":
    case "no inherit":
      if ("column" in op) doubt(store, op.column.name)
      return
    case "add constraint":
      if (op.constraint.name !== null) doubt(store, op.constraint.name.name)
      break
    case "drop constraint":
      doubt(store, op.constraint.name)
      break
    default:
      break
  }
  foldOperation(store, op)
}
