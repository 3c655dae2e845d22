import type { Operation, TableOperation } from "../parse/operation.ts"
import type { Relation } from "./catalog.ts"
import { isTableAction } from "./alter-table.ts"
import { bareColumn, columnOf, treeOf, updateColumn, updateRelation } from "./columns.ts"
import { clearNotNull } from "./constraints.ts"
import { findRelation } from "./names.ts"
import { detachPartition } from "./partitions.ts"
import { put, setConstraint, type Store } from "./store.ts"
import { findType, resolveType, sameType, UNKNOWN_TYPE } from "./types.ts"

/**
 * Takes back what a dump shows that an operation is about to change: the dump may have been taken after the migration ran, and then says
 * nothing of what the migration finds. What was there instead is not known, and counts as what makes the change necessary.
 */
export function takeBack(store: Store, op: Operation, dump: string): void {
  if (op.op === "alter domain") {
    const domain = findType(store, op.domain)
    if (domain?.kind === "domain" && domain.created?.file === dump && op.action.kind === "set not null") put(store, store.types, domain.id, { ...domain, notNull: false })
    return
  }
  if (!isTableAction(op) || op.op === "move all to tablespace") return
  const table = findRelation(store, op.relation)
  if (table?.created?.file === dump) takeBackAction(store, table, op, dump)
}

function takeBackAction(store: Store, table: Relation, op: TableOperation, dump: string): void {
  const update = (change: Partial<Relation>): void => { updateRelation(store, table.id, (relation) => ({ ...relation, ...change })) }
  switch (op.op) {
    case "alter column type": {
      const column = columnOf(table, op.column.name)
      if (column?.typed?.file !== dump || !sameType(column.type, resolveType(store, op.type))) return
      for (const id of treeOf(store, table.id)) updateColumn(store, id, op.column.name, (old) => ({ ...old, type: UNKNOWN_TYPE }))
      return
    }
    case "set not null": {
      const key = store.constraintsByTable.get(table.id)?.find(({ kind }) => kind === "primary key")
      if (key?.columns.includes(op.column.name) === true) return
      for (const id of treeOf(store, table.id)) clearNotNull(store, id, op.column.name)
      return
    }
    case "drop column":
      if (columnOf(table, op.column.name) === undefined) update({ columns: [...table.columns, bareColumn(op.column.name)] })
      return
    case "validate constraint": {
      const constraint = store.constraintsByTable.get(table.id)?.find(({ name }) => name === op.constraint.name)
      if (constraint?.validated === true) setConstraint(store, { ...constraint, validated: false })
      return
    }
    case "attach partition": {
      const partition = findRelation(store, op.partition)
      if (partition?.partition?.parent === table.id) detachPartition(store, table, { ...op, op: "detach partition", concurrently: false, finalize: false })
      return
    }
    case "set logged":
      if (table.persistence === (op.logged ? "permanent" : "unlogged")) update({ persistence: op.logged ? "unlogged" : "permanent" })
      return
    case "set tablespace":
      if (table.tablespace === op.tablespace) update({ tablespace: null })
      return
    case "set access method":
      if (table.accessMethod === op.accessMethod) update({ accessMethod: null })
      return
    case "row level security":
      if (op.action === "enable") update({ rowSecurity: false })
      if (op.action === "force") update({ forceRowSecurity: false })
      return
    default:
  }
}
