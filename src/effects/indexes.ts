import type { OperationOf } from "../parse/operation.ts"
import type { Index, Relation } from "../schema/catalog.ts"
import { quoteIdent } from "../schema/format.ts"
import { planElements } from "../schema/indexes.ts"
import {
  affected,
  affectedIndex,
  build,
  childWhy,
  fail,
  forbid,
  isSystem,
  lock,
  lockIndex,
  refuseAbsent,
  lockNamed,
  standsForPartitions,
  storesRows,
  treeOf,
  uncertain,
  unlisted,
  type Draft,
} from "./draft.ts"
import { indexTree, lockReferencing, partitionTree, referencesThrough } from "./dependents.ts"
import { withoutIndex } from "./index-match.ts"

/** Effects of CREATE INDEX. */
export function createIndex(operation: OperationOf<"create index">, draft: Draft): void {
  const { catalog } = draft
  const { concurrently } = operation
  if (concurrently) forbid(draft, "CREATE INDEX CONCURRENTLY")
  const mode = concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE"
  const relation = lockNamed(draft, operation.table, mode)
  const name = operation.index?.name ?? "the index"
  // The partitions are locked before anything else is looked at.
  if (relation?.kind === "partitioned table") {
    for (const member of treeOf(draft, relation, operation.only)) lock(draft, affected(member), mode, childWhy(relation, member))
  }
  if (relation === undefined) {
    if (isSystem(operation.table) || catalog.rulesOut(operation.table)) return
    build(draft, unlisted(draft, operation.table), `the index ${name} is built`)
    return
  }
  const isCertain = !catalog.isDoubtful(relation.name)
  // Before a look at what has the name.
  if (relation.known && isCertain) {
    for (const { column } of operation.elements) {
      if (column !== null && catalog.column(relation, column.name) === undefined)
        fail(draft, "42703", `column "${column.name}" does not exist`)
    }
  }
  const existing =
    operation.index === null ? undefined : catalog.index({ schema: relation.schema, name: operation.index.name })
  // One that may be gone makes no difference: either this builds the index, or it fails.
  if (existing !== undefined && (operation.ifNotExists || !catalog.isDoubtful(existing.name))) {
    if (!operation.ifNotExists) fail(draft, "42P07", `relation "${existing.name}" already exists`)
    return
  }
  if (relation.kind === "view" || relation.kind === "foreign table" || relation.kind === "sequence") {
    if (isCertain) fail(draft, "42809", `cannot create index on ${relation.kind} "${relation.name}"`)
    else uncertain(draft, `what has taken the place of ${relation.name}`)
    return
  }
  if (relation.kind !== "partitioned table") {
    build(draft, affected(relation), `the index ${name} is built`)
    return
  }
  if (concurrently) {
    fail(draft, "0A000", `cannot create index on partitioned table "${relation.name}" concurrently`)
    return
  }
  const wanted = {
    ...planElements(draft.text, operation.elements, operation.predicate),
    unique: operation.unique,
    method: operation.method,
    include: operation.include.map((column) => column.name),
    nullsNotDistinct: operation.nullsNotDistinct,
    constraint: null,
  }
  if (operation.only) return
  const part = (index: Index): void => {
    lockIndex(draft, index, mode, `becomes part of the index ${name}`)
  }
  if (standsForPartitions(draft, relation)) build(draft, affected(relation), `the index ${name} is built`)
  for (const child of catalog.children(relation.id)) {
    for (const member of withoutIndex(draft, child, wanted, part))
      build(draft, affected(member), `its part of the index ${name} is built`)
  }
}

/** Effects of DROP INDEX. */
export function dropIndexes(operation: OperationOf<"drop">, draft: Draft): void {
  const { catalog } = draft
  const { concurrently } = operation
  if (concurrently) {
    forbid(draft, "DROP INDEX CONCURRENTLY")
    if (operation.objects.length > 1)
      fail(draft, "0A000", "DROP INDEX CONCURRENTLY does not support dropping multiple objects")
    if (operation.cascade) fail(draft, "0A000", "DROP INDEX CONCURRENTLY does not support CASCADE")
  }
  for (const { name } of operation.objects) {
    const index = catalog.index(name)
    // Nobody else sees a temporary table, so that it is dropped as usual (RemoveRelations).
    const slowly = concurrently && (index === undefined || catalog.relationById(index.table)?.persistence !== "temporary")
    const mode = slowly ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"
    if (index === undefined) {
      if (refuseAbsent(draft, name, "index", operation.ifExists, "42704")) continue
      lock(draft, unlisted(draft, name, "index"), "ACCESS EXCLUSIVE")
      uncertain(draft, `the table of the index ${name.name}: it is locked ${mode}`)
      continue
    }
    refuseDrop(draft, index)
    for (const reference of referencesThrough(draft.catalog, index)) {
      lockReferencing(draft, reference, "ACCESS EXCLUSIVE")
      if (!operation.cascade) fail(draft, "2BP01", `cannot drop index ${quoteIdent(index.name)} because the foreign key ${quoteIdent(reference.name)} depends on it`)
    }
    for (const part of indexTree(draft, index)) {
      if (part.table !== undefined) {
        lock(
          draft,
          affected(part.table),
          mode,
          `table of the index ${part.index.name}`,
        )
      }
      lock(
        draft,
        affectedIndex(part.index),
        "ACCESS EXCLUSIVE",
        part.index.id === index.id ? null : `belongs to ${index.name}`,
      )
    }
    const table = catalog.relationById(index.table)
    // Every partition is locked, also one whose own index is not attached.
    if (table?.kind === "partitioned table" && !slowly) {
      for (const member of partitionTree(draft, table)) lock(draft, affected(member), "ACCESS EXCLUSIVE", `partition of ${table.name}`)
    }
    if (slowly && table?.kind === "partitioned table") {
      fail(draft, "0A000", `cannot drop partitioned index "${index.name}" concurrently`)
    }
  }
}

function refuseDrop(draft: Draft, index: Index): void {
  const constraint = index.constraint === null ? undefined : draft.catalog.constraintById(index.constraint)
  if (constraint !== undefined) {
    fail(draft, "2BP01", `cannot drop index ${quoteIdent(index.name)} because the constraint ${quoteIdent(constraint.name)} requires it`)
  } else if (index.parent !== null) {
    const parent = draft.catalog.indexById(index.parent)
    fail(
      draft,
      "2BP01",
      `cannot drop index ${quoteIdent(index.name)} because the index ${parent === undefined ? "of the parent" : quoteIdent(parent.name)} requires it`,
    )
  }
}

/** Effects of REINDEX. */
export function reindex(operation: OperationOf<"reindex">, draft: Draft): void {
  const { catalog, pgVersion } = draft
  const { name, target, concurrently } = operation
  if (concurrently) forbid(draft, "REINDEX CONCURRENTLY")
  if (target === "schema" || target === "database" || target === "system") {
    forbid(draft, `REINDEX ${target.toUpperCase()}`)
    if (target === "system") return
    if (!catalog.complete) uncertain(draft, `which tables the ${target} holds`)
    for (const relation of catalog.relations()) {
      if (target === "schema" && relation.schema !== name?.name) continue
      if (storesRows(relation)) reindexTable(draft, relation, concurrently)
    }
    return
  }
  if (name === null) return
  if (target === "table") {
    const relation = lockNamed(draft, name, concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE")
    if (relation === undefined) {
      if (!isSystem(name) && !catalog.rulesOut(name)) build(draft, unlisted(draft, name), "every index is built anew")
      return
    }
    if (relation.kind !== "partitioned table") {
      reindexTable(draft, relation, concurrently)
      return
    }
    // Up to 13 the partitions are left as they are, with a warning.
    if (pgVersion < 14) return
    forbid(draft, "REINDEX TABLE of a partitioned table")
    for (const member of partitionTree(draft, relation)) {
      if (member.id === relation.id) continue
      if (storesRows(member)) reindexTable(draft, member, concurrently)
      lock(draft, affected(member), "SHARE", `partition of ${relation.name}`)
    }
    return
  }
  const index = catalog.index(name)
  if (index === undefined) {
    if (isSystem(name) || refuseAbsent(draft, name, "relation")) return
    lock(draft, unlisted(draft, name, "index"), "ACCESS EXCLUSIVE")
    const tableMode = concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE"
    uncertain(draft, `the table of the index ${name.name}: it is locked ${tableMode} while the index is built`)
    return
  }
  const table = catalog.relationById(index.table)
  if (concurrently && index.constraint !== null && catalog.constraintById(index.constraint)?.kind === "exclude") {
    fail(draft, "0A000", "concurrent index creation for exclusion constraints is not supported")
    return
  }
  if (table?.kind === "partitioned table") {
    if (pgVersion < 14) {
      draft.unsupported ??= "REINDEX of a partitioned index is supported from PostgreSQL 14 on"
      return
    }
    forbid(draft, "REINDEX INDEX of a partitioned index")
  }
  for (const part of indexTree(draft, index)) {
    if (part.table === undefined) continue
    if (storesRows(part.table)) reindexOne(draft, part.table, part.index, concurrently)
    else {
      lock(
        draft,
        affected(part.table),
        concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE",
        `table of ${part.index.name}`,
      )
      lockIndex(draft, part.index, concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE")
    }
  }
}

function reindexTable(draft: Draft, table: Relation, concurrently: boolean): void {
  const indexes = draft.catalog.indexesOf(table.id)
  lock(draft, affected(table), concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE", null)
  for (const index of indexes) reindexOne(draft, table, index, concurrently)
}

function reindexOne(draft: Draft, table: Relation, index: Index, concurrently: boolean): void {
  const constraint = index.constraint === null ? undefined : draft.catalog.constraintById(index.constraint)
  lock(draft, affected(table), concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE", `table of the index ${index.name}`)
  if (concurrently && constraint?.kind === "exclude") {
    // Left as it is, with a warning.
    lockIndex(draft, index, "SHARE UPDATE EXCLUSIVE")
    return
  }
  // The old index is swapped for the new one, and dropped, at the end of a concurrent build.
  lockIndex(draft, index, "ACCESS EXCLUSIVE", null)
  build(draft, affected(table), `the index ${index.name} is built anew`)
}
