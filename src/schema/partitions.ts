import type { Conjunct } from "../parse/expression.ts"
import type { OperationOf, PartitionBound } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Column, Index, ObjectId, Relation } from "./catalog.ts"
import { treeOf, updateRelation } from "./columns.ts"
import { nameOf } from "./constraint-names.ts"
import { chooseName, joinColumns } from "./derived-names.ts"
import { inheritCheck, notNullConstraint } from "./constraints.ts"
import { inheritForeignKey } from "./foreign-keys.ts"
import { attachIndex, indexPartition, newConstraint, planOf } from "./indexes.ts"
import { cutTies } from "./inheritance.ts"
import { findIndex, needRelation } from "./names.ts"
import { coversBound, partitionKey, type PartitionKey } from "./partition-proofs.ts"
import { columnRecord } from "./records.ts"
import { removeConstraint } from "./remove.ts"
import { addConstraint, isSure, link, refuse, setConstraint, setIndex, unlink, type Store } from "./store.ts"
import { copyTrigger, dropCopies } from "./triggers.ts"

/** What a new or attached partition takes over from its parent: indexes with their constraints, and foreign keys. */
export function inheritFromPartitioned(store: Store, parent: ObjectId, partition: ObjectId): void {
  for (const index of store.indexesByTable.get(parent) ?? []) {
    // AttachPartitionEnsureIndexes looks at the kind from 17 on.
    indexPartition(store, partition, planOf(store, index), index, { sameKind: store.pgVersion >= 17, onlyValid: true })
  }
  for (const trigger of store.triggers.get(parent) ?? []) copyTrigger(store, partition, trigger)
  for (const constraint of store.constraintsByTable.get(parent) ?? []) {
    if (constraint.kind === "foreign key") inheritForeignKey(store, partition, constraint)
  }
}

export function attachPartition(store: Store, parent: Relation, op: OperationOf<"attach partition">): void {
  const partition = needRelation(store, op.partition, "table", false)
  if (partition === undefined) return
  if (partition.partition !== null && isSure(store, partition.name, parent.name)) {
    refuse("42809", `"${partition.name}" is already a partition`, op.partition.span)
  }
  if (closesCircle(store, partition, parent, op.partition.span)) return
  updateRelation(store, partition.id, (relation) => ({
    ...relation,
    partition: { parent: parent.id, bound: op.bound, since: store.nextId },
    columns: relation.columns.map((column) =>
      columnRecord({ ...column, inherited: true, local: false, ...identityOf(store, parent, column) }),
    ),
  }))
  link(store, store.children, parent.id, partition.id)
  for (const constraint of store.constraintsByTable.get(parent.id) ?? []) {
    if (constraint.kind === "check") inheritCheck(store, partition.id, constraint)
    if (constraint.kind !== "not null" || constraint.noInherit) continue
    const own = (store.constraintsByTable.get(partition.id) ?? []).find(
      ({ kind, columns }) => kind === "not null" && columns[0] === constraint.columns[0],
    )
    if (own !== undefined) setConstraint(store, { ...own, inherited: true, local: false })
  }
  inheritFromPartitioned(store, parent.id, partition.id)
}

/** From 17 on partitions share the identity of their parent. */
function identityOf(store: Store, parent: Relation, { name, identity }: Column): Pick<Column, "identity"> {
  const shared = parent.columns.find((column) => column.name === name)?.identity ?? null
  return { identity: store.pgVersion >= 17 ? shared : identity }
}

/** The partition keeps everything it has; only the ties are cut. */
export function detachPartition(store: Store, parent: Relation, op: OperationOf<"detach partition">): void {
  const partition = needRelation(store, op.partition, "table", false)
  if (partition === undefined) return
  if (partition.partition?.parent !== parent.id) {
    if (!partition.known || !isSure(store, partition.name, parent.name)) return
    refuse("42P01", `relation "${partition.name}" is not a partition of relation "${parent.name}"`, op.partition.span)
  }
  splitOwnKeys(store, partition)
  unlink(store, store.children, parent.id, partition.id)
  dropUncheckedKeys(store, partition.id)
  const alone = (column: Column): Column => (store.pgVersion >= 17 ? { ...column, identity: null } : column)
  updateRelation(store, partition.id, (relation) => ({
    ...relation,
    partition: null,
    columns: relation.columns.map(alone),
  }))
  cutTies(store, partition.id)
  dropCopies(store, partition.id)
  if (op.concurrently) keepBound(store, partition)
}

/** 13 and 14 (from 13.17 and 14.14 on) drop inherited foreign keys that reference a partitioned table. */
function dropUncheckedKeys(store: Store, partition: ObjectId): void {
  if (store.pgVersion !== 13 && store.pgVersion !== 14) return
  for (const constraint of store.constraintsByTable.get(partition) ?? []) {
    if (!constraint.inherited || constraint.references === null) continue
    if (store.relations.get(constraint.references.table)?.kind === "partitioned table") removeConstraint(store, constraint)
  }
}

/**
 * From 12 to 14 a foreign key of the partition's own to a partitioned table leaves one to each of its partitions behind: its parts count as
 * inherited. In 12 it has none to what its own table was attached to later. A part that came with a later partition is validated.
 */
function splitOwnKeys(store: Store, partition: Relation): void {
  if (store.pgVersion < 12 || store.pgVersion > 14) return
  for (const constraint of store.constraintsByTable.get(partition.id) ?? []) {
    const { references } = constraint
    if (constraint.inherited || references === null || store.relations.get(references.table)?.kind !== "partitioned table") continue
    for (const table of treeOf(store, references.table)) {
      const later = (store.relations.get(table)?.partition?.since ?? 0) > constraint.id
      if (table === references.table || (table === partition.id && later && store.pgVersion === 12)) continue
      const name = nameOf(store, partition, null, joinColumns(constraint.columns), "fkey")
      const validated = constraint.validated || later
      addConstraint(store, partition.schema, { ...constraint, id: store.nextId++, name, validated, references: { ...references, table } })
    }
  }
}

/**
 * DETACH CONCURRENTLY leaves a CHECK of the former bounds behind, if no other says it, so that a later ATTACH need not scan; not of hash
 * partitions, whose bounds hang on the parent itself.
 */
function keepBound(store: Store, partition: Relation): void {
  const parent = partition.partition === null ? undefined : store.relations.get(partition.partition.parent)
  if (parent?.partitionBy?.strategy === "hash") return
  const bounds = boundsOf(store, partition)
  const isNotNull = (name: string): boolean => partition.columns.some((column) => column.name === name && column.notNull)
  const own = store.constraintsByTable.get(partition.id) ?? []
  if (bounds.every(({ bound, key }) => coversBound(own, bound, key, isNotNull))) return
  const columns = [...new Set(bounds.flatMap(({ key }) => key.columns))]
  const taken = store.constraintNames.get(partition.schema)
  const single = columns.length === 1 ? (columns[0] ?? null) : null
  const name = chooseName(partition.name, single, "check", (candidate) => taken?.has(candidate) === true)
  const conjuncts = bounds.flatMap(({ bound, key }) => {
    const [column, ...more] = key.columns
    return column === undefined || more.length > 0 || key.expressions ? [] : conjunctsOf(bound, column)
  })
  addConstraint(store, partition.schema, {
    ...newConstraint(store, partition.id, name, "check"),
    columns,
    expression: { text: "", conjuncts, functions: [], types: [] },
  })
}

/** The bounds that a partition's rows lie within: its own, and those of the tables above that are partitions themselves. */
function boundsOf(store: Store, { partition }: Relation): readonly { readonly bound: PartitionBound; readonly key: PartitionKey }[] {
  const parent = partition === null ? undefined : store.relations.get(partition.parent)
  const key = parent === undefined ? null : partitionKey(parent)
  return partition === null || parent === undefined || key === null ? [] : [...boundsOf(store, parent), { bound: partition.bound, key }]
}

/** What the CHECK of a bound over one column says. */
function conjunctsOf(bound: PartitionBound, column: string): readonly Conjunct[] {
  const literals = bound.from.flatMap(({ literal }) => literal ?? [])
  if (bound.kind === "list") {
    const whole = literals.length === bound.from.length
    return whole ? [{ kind: "is distinct from null", column }, { kind: "in", column, values: literals }] : []
  }
  if (bound.kind !== "range") return []
  const end = bound.to[0]?.literal ?? null
  const conjuncts: Conjunct[] = [{ kind: "is distinct from null", column }]
  for (const value of literals) conjuncts.push({ kind: "comparison", column, operator: ">=", value })
  if (end !== null) conjuncts.push({ kind: "comparison", column, operator: "<", value: end })
  return conjuncts
}

/** ALTER INDEX parent ATTACH PARTITION child: the parent becomes valid with its last partition. */
export function attachIndexPartition(store: Store, op: OperationOf<"attach index partition">): void {
  const parent = findIndex(store, op.relation)
  const child = findIndex(store, op.partition)
  if (parent === undefined || child === undefined) return
  // What is attached already was left alone up to 13, even when the parent could become valid by now.
  if (child.parent === parent.id && store.pgVersion < 14) return
  attachIndex(store, child, parent)
  revalidate(store, parent.id)
}

function revalidate(store: Store, id: ObjectId): void {
  const index = store.indexes.get(id)
  if (index === undefined || index.valid) return
  const covered = (store.children.get(index.table) ?? []).every((partition) =>
    (store.indexesByTable.get(partition) ?? []).some((part: Index) => part.parent === id && part.valid),
  )
  if (!covered) return
  setIndex(store, { ...index, valid: true })
  if (index.parent !== null) revalidate(store, index.parent)
}

/** A table never comes to stand above itself: who follows its parents or children would not come to an end. */
function closesCircle(store: Store, child: Relation, parent: Relation, span: Span): boolean {
  if (!treeOf(store, child.id).includes(parent.id)) return false
  if (isSure(store, child.name, parent.name)) refuse("42P07", "circular inheritance not allowed", span)
  return true
}

export function inherit(store: Store, child: Relation, op: OperationOf<"inherit" | "no inherit">): void {
  const parent = needRelation(store, op.parent, "table", false)
  if (parent === undefined) return
  if (op.op === "no inherit") {
    unlink(store, store.children, parent.id, child.id)
    updateRelation(store, child.id, (relation) => ({
      ...relation,
      inherits: relation.inherits.filter((id) => id !== parent.id),
    }))
    cutTies(store, child.id)
    return
  }
  if (closesCircle(store, child, parent, op.parent.span)) return
  link(store, store.children, parent.id, child.id)
  const names = new Set(parent.columns.map(({ name }) => name))
  updateRelation(store, child.id, (relation) => ({
    ...relation,
    inherits: [...relation.inherits, parent.id],
    columns: relation.columns.map((column) => (names.has(column.name) ? { ...column, inherited: true } : column)),
  }))
  for (const constraint of store.constraintsByTable.get(parent.id) ?? []) {
    if (constraint.noInherit) continue
    if (constraint.kind === "check") inheritCheck(store, child.id, constraint)
    const own = constraint.kind === "not null" ? notNullConstraint(store, child.id, constraint.columns[0] ?? "") : undefined
    if (own !== undefined) setConstraint(store, { ...own, inherited: true })
  }
}
