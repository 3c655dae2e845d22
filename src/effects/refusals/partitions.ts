import type { OperationOf, PartitionBound } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import { quoteIdent } from "../../schema/format.ts"
import { ancestorsOf } from "../dependents.ts"
import { matches, wantedFrom } from "../index-match.ts"
import { boundsOverlap, isEmptyRange, partitionKey } from "../../schema/partition-proofs.ts"
import { fail, type Draft } from "../draft.ts"
import { knownRelation } from "./columns.ts"
import { refuseNotImmutable, refuseUnpartitionedKey } from "./constraints.ts"
import type { Refusals } from "./index.ts"

export const partitionRefusals: Refusals = {
  "attach partition"(action, draft) {
    const parent = knownRelation(draft, action)
    if (parent?.kind === "table")
      fail(draft, draft.pgVersion >= 18 ? "42809" : "42P17", `table "${parent.name}" is not partitioned`)
    if (parent !== null) refuseOverlap(parent, action.partition.name, action.bound, draft)
    const partition = draft.catalog.relation(action.partition)
    // What it does not have yet of its table's keys is made.
    if (parent !== null && partition?.kind === "partitioned table")
      for (const index of draft.catalog.indexesOf(parent.id)) if (index.unique) refuseUnpartitionedKey(partition, index.columns, draft, false)
    const key = parent === null ? undefined : draft.catalog.constraintsOf(parent.id).find(({ references }) => references !== null && references.table === partition?.id)
    if (key !== undefined && draft.pgVersion >= 12)
      fail(draft, "0A000", `cannot attach table "${action.partition.name}" as a partition because it is referenced by foreign key "${key.name}"`)
  },
  "create table"(operation, draft) {
    for (const name of operation.inherits) {
      const parent = draft.catalog.relation(name)
      if (parent?.kind === "partitioned table") fail(draft, "42809", `cannot inherit from partitioned table "${parent.name}"`)
      else if (parent?.partition != null) fail(draft, "42809", `cannot inherit from partition "${parent.name}"`)
    }
    refuseMissingKey(operation, draft)
    if (operation.partitionOf === null || draft.catalog.relation(operation.table) !== undefined) return
    const parent = draft.catalog.relation(operation.partitionOf.parent)
    if (parent === undefined) return
    refuseOverlap(parent, operation.table.name, operation.partitionOf.bound, draft)
    if ((operation.persistence === "temporary") !== (parent.persistence === "temporary"))
      fail(draft, "42809", `cannot create a ${operation.persistence} relation as partition of ${parent.persistence} relation "${parent.name}"`)
    const keys = [...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)]
    const inherited = draft.catalog.constraintsOf(parent.id).some(({ kind }) => kind === "primary key")
    if (inherited && keys.some(({ kind }) => kind === "primary key"))
      fail(draft, "42P16", `multiple primary keys for table "${operation.table.name}" are not allowed`)
  },
  "attach index partition"(action, draft) {
    const { catalog } = draft
    const parent = catalog.index(action.relation)
    const child = catalog.index(action.partition)
    if (parent === undefined || child === undefined) return
    if (catalog.relationById(child.table)?.partition?.parent !== parent.table) {
      fail(draft, "55000", `cannot attach index "${child.name}" as a partition of index "${parent.name}"`)
    } else if (child.parent !== parent.id && catalog.indexesOf(child.table).some((index) => index.parent === parent.id)) {
      fail(draft, "55000", `cannot attach index "${child.name}" as a partition of index "${parent.name}": another index is already attached`)
    } else if (child.parent !== parent.id && (child.parent !== null || !matches(draft, child, wantedFrom(draft, parent)))) {
      fail(draft, "55000", `cannot attach index "${child.name}" as a partition of index "${parent.name}": they do not match`)
    }
  },
  truncate({ tables }, draft) {
    for (const { table, only } of tables) {
      const relation = draft.catalog.relation(table)
      if (relation === undefined) continue
      if (only && relation.kind === "partitioned table")
        fail(draft, "42809", "cannot truncate only a partitioned table")
      if (relation.kind === "view" || relation.kind === "materialized view" || relation.kind === "sequence") {
        fail(draft, "42809", `"${relation.name}" is not a table`)
      }
    }
  },
  drop(operation, draft) {
    if (operation.kind !== "table" || operation.cascade) return
    for (const { name } of operation.objects) {
      const relation = draft.catalog.relation(name)
      if (relation === undefined && draft.catalog.index(name) !== undefined)
        fail(draft, "42809", `"${name.name}" is not a table`)
      if (relation?.partition == null) continue
      // What goes in the same statement holds nothing back.
      const own = operation.objects.flatMap((object) => {
        const other = draft.catalog.relation(object.name)
        return other === undefined ? [] : draft.catalog.tree(other.id)
      })
      const key = ancestorsOf(draft, relation)
        .flatMap((parent) => draft.catalog.referencing(parent.id))
        .find(({ table }) => own.every(({ id }) => id !== table))
      if (key !== undefined)
        fail(draft, "2BP01", `cannot drop table ${quoteIdent(relation.name)} because the foreign key ${quoteIdent(key.name)} depends on it`)
    }
  },
}

/** The columns of PARTITION BY must be there. */
function refuseMissingKey(operation: OperationOf<"create table">, draft: Draft): void {
  const { partitionBy, partitionOf, columns } = operation
  const copied = operation.like.map(({ table }) => draft.catalog.relation(table))
  if (partitionBy === null || copied.some((source) => source?.known !== true) || operation.inherits.length > 0 || operation.ofType !== null) return
  const parent = partitionOf === null ? undefined : draft.catalog.relation(partitionOf.parent)
  if (partitionOf !== null && parent?.known !== true) return
  if (partitionBy.strategy === "list" && partitionBy.elements.length > 1)
    fail(draft, "42P17", 'cannot use "list" partition strategy with more than one column')
  for (const { expression } of partitionBy.elements) if (expression !== null) refuseNotImmutable(expression, "partition key expression", draft)
  const names = [...columns.map((column) => column.name.name), ...[parent, ...copied].flatMap((source) => source?.columns ?? []).map((column) => column.name)]
  for (const { column } of partitionBy.elements) {
    if (column === null) continue
    if (!names.includes(column.name)) fail(draft, "42703", `column "${column.name}" named in partition key does not exist`)
    if (columns.some((one) => one.name.name === column.name && one.generated !== null)) fail(draft, "42P17", "cannot use generated column in partition key")
  }
}

function refuseOverlap(parent: Relation, name: string, bound: PartitionBound, draft: Draft): void {
  const strategy = parent.partitionBy?.strategy
  if (strategy !== undefined && bound.kind !== "default" && bound.kind !== strategy)
    fail(draft, "42P16", `invalid bound specification for a ${strategy} partition`)
  if (strategy === "hash" && bound.kind === "default") fail(draft, "42P16", "a hash-partitioned table may not have a default partition")
  const order = partitionKey(parent)?.order ?? "unknown"
  if (isEmptyRange(bound, order)) fail(draft, "42P17", `empty range bound specified for partition "${name}"`)
  for (const sibling of draft.catalog.children(parent.id)) {
    const other = sibling.partition?.bound
    if (other === undefined) continue
    if (bound.kind === "default" && other.kind === "default") {
      fail(draft, "42P17", `partition "${name}" conflicts with existing default partition "${sibling.name}"`)
    } else if (boundsOverlap(bound, other, order)) {
      fail(draft, "42P17", `partition "${name}" would overlap partition "${sibling.name}"`)
    }
  }
}
