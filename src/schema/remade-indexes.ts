import type { Span } from "../source/span.ts"
import type { Index, Relation } from "./catalog.ts"
import { treeOf } from "./columns.ts"
import { makeIndex, planOf } from "./indexes.ts"
import { usesColumn } from "./index-columns.ts"
import { dropIndexRecord, foreignKeysOver, partsOf } from "./remove.ts"
import { freeName, isSure, putName, refuse, setIndex, type Store } from "./store.ts"

/**
 * A column's new type makes its indexes anew. An index of a partitioned table is then made as by CREATE INDEX: every partition gets a part
 * under a derived name, also where there was none, and the index is valid. All that was there before is gone at that time, so it serves
 * for no part. (ATPostAlterTypeCleanup drops, and DefineIndex makes; measured on 11 to 18.)
 */
export function remakePartitionedIndexes(store: Store, table: Relation, column: string, span: Span): void {
  if (table.kind !== "partitioned table") return
  const roots = treeOf(store, table.id)
    .flatMap((id) => store.indexesByTable.get(id) ?? [])
    .filter((index) => index.parent === null && usesColumn(index, column))
    // What stands behind constraints comes after the rest.
    .sort((a, b) => Number(a.constraint !== null) - Number(b.constraint !== null))
  for (const index of roots) for (const part of partsOf(store, index)) dropPart(store, part, span)
  for (const index of roots) freeName(store, index.schema, index.name)
  for (const index of roots) {
    if (store.names.get(index.schema)?.has(index.name) === true && isSure(store, index.name)) refuse("42P07", `relation "${index.name}" already exists`, span)
    putName(store, store.names, index.schema, index.name, index.id)
    remakeParts(store, index)
  }
}

function remakeParts(store: Store, index: Index): void {
  if (store.relations.get(index.table)?.kind !== "partitioned table") return
  const remade = setIndex(store, { ...index, valid: true })
  for (const id of store.children.get(index.table) ?? []) {
    const partition = store.relations.get(id)
    if (partition !== undefined && partition.kind !== "foreign table") makeIndex(store, partition, planOf(store, remade), remade)
  }
}

/** Foreign keys that reference a partition itself keep its part, and so the whole index. */
function dropPart(store: Store, part: Index, span: Span): void {
  const [key] = foreignKeysOver(store, part)
  if (key !== undefined && isSure(store, part.name, key.name)) refuse("2BP01", `cannot drop index ${part.name} because other objects depend on it`, span)
  for (const below of partsOf(store, part)) dropPart(store, below, span)
  dropIndexRecord(store, part)
}
