import type { OperationOf, PartitionBound } from "../../parse/operation.ts"
import type { Constraint, Index, ObjectId, Relation } from "../../schema/catalog.ts"
import {
  affected,
  build,
  fail,
  forbid,
  lock,
  lockIndex,
  lockIndexes,
  refuseAbsent,
  scan,
  storesRows,
  uncertain,
  type Draft,
} from "../draft.ts"
import { ancestorsOf, defaultPartition, lockReferencedTree, partitionTree, referencesTo } from "../dependents.ts"
import { wantedFrom, withoutIndex } from "../index-match.ts"
import { becomesPart } from "../../schema/foreign-key-match.ts"
import { boundProof, exclusionProof, type BoundProof } from "../../schema/partition-proofs.ts"
import type { AffectedRelation } from "../types.ts"
import { isNotNullColumn } from "./not-null.ts"
import { lockTarget } from "./target.ts"

/** Effects of `ATTACH PARTITION`. */
export function attachPartition(action: OperationOf<"attach partition">, draft: Draft): void {
  const { catalog, pgVersion } = draft
  const target = lockTarget(draft, action, pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", "self")
  const parent = target.kind === "relation" ? target.relation : null
  const partition = catalog.relation(action.partition)
  const unlistedPartition = partition === undefined ? lockUnlisted(draft, action) : null
  if (partition !== undefined) {
    for (const member of catalog.tree(partition.id)) {
      lock(
        draft,
        affected(member),
        "ACCESS EXCLUSIVE",
        member.id === partition.id ? null : `partition of ${partition.name}`,
      )
    }
  }
  if (parent !== null && partition !== undefined && partition.partition !== null) {
    fail(draft, "42809", `"${partition.name}" is already a partition`)
    return
  }
  if (parent !== null && parent.known && parent.kind !== "partitioned table") {
    fail(draft, "42809", `table "${parent.name}" is not partitioned`)
    return
  }
  const alone = parent !== null && catalog.children(parent.id).length === 0 && takesAll(draft, parent, action.bound)
  if (!alone) scanAttached(draft, parent, partition, unlistedPartition, action.bound)
  if (parent === null) {
    uncertain(draft, `the indexes, foreign keys and default partition of ${action.relation.name}`)
    return
  }
  for (const above of ancestorsOf(draft, parent)) lock(draft, affected(above), "ACCESS SHARE", `${parent.name} is its partition`)
  refuseMore(draft, parent, action.bound, partition ?? null)
  if (partition !== undefined) {
    buildMissingIndexes(draft, parent, partition)
    cloneForeignKeys(draft, parent, partition)
  }
  lockReferrers(draft, parent)
}

/** Whether a partition without siblings takes every row: a default one, of a table of which the same holds. */
function takesAll(draft: Draft, parent: Relation, bound: PartitionBound): boolean {
  if (bound.kind !== "default" || !parent.known) return false
  const above = parent.partition === null ? undefined : draft.catalog.relationById(parent.partition.parent)
  if (above === undefined || parent.partition === null) return parent.partition === null
  return draft.catalog.children(above.id).length === 1 && takesAll(draft, above, parent.partition.bound)
}

/** Foreign keys on the parent get triggers on the new partition; up to 14 a look at their tables was all. */
function lockReferrers(draft: Draft, parent: Relation): void {
  for (const constraint of referencesTo(draft, parent)) {
    const table = constraint.inherited ? undefined : draft.catalog.relationById(constraint.table)
    if (table === undefined) continue
    const mode = draft.pgVersion >= 15 ? "SHARE ROW EXCLUSIVE" : "ACCESS SHARE"
    lock(draft, affected(table), mode, `its foreign key ${constraint.name} references the table`)
  }
}

function lockUnlisted(draft: Draft, action: OperationOf<"attach partition">): AffectedRelation | null {
  const { catalog } = draft
  if (refuseAbsent(draft, action.partition, "table")) return null
  const relation: AffectedRelation = {
    id: null,
    schema: action.partition.schema ?? catalog.creationSchema,
    name: action.partition.name,
    kind: "table",
  }
  lock(draft, relation, "ACCESS EXCLUSIVE")
  return relation
}

function scanAttached(
  draft: Draft,
  parent: Relation | null,
  partition: Relation | undefined,
  unlisted: AffectedRelation | null,
  bound: PartitionBound,
): void {
  const why = "every row must lie within the partition's bounds"
  if (unlisted !== null) {
    uncertain(draft, `whether a CHECK of ${unlisted.name} proves the partition's bounds`)
    scan(draft, unlisted, why, true)
  }
  if (partition === undefined) return
  for (const member of partitionTree(draft, partition)) {
    if (!storesRows(member)) continue
    const proof = parent === null ? "none" : boundProof(draft.catalog, member, bound, parent, (column) => isNotNullColumn(draft, member, column))
    if (proof === "certain") continue
    const doubtful = proof === "possible"
    if (doubtful) uncertain(draft, `whether a CHECK of ${member.name} proves the partition's bounds`)
    scan(draft, affected(member), why, doubtful)
  }
}

/** The default partition must refuse what the new one takes: it is locked and searched for such rows. */
function refuseMore(draft: Draft, parent: Relation, bound: PartitionBound, partition: Relation | null): void {
  if (bound.kind === "default") return
  const byDefault = defaultPartition(draft, parent)
  if (byDefault === undefined) {
    if (!parent.known)
      uncertain(
        draft,
        `whether ${parent.name} has a default partition: it is then locked ACCESS EXCLUSIVE and scanned`,
      )
    return
  }
  if (byDefault.id === partition?.id) return
  const proofOf = (table: Relation): BoundProof => exclusionProof(draft.catalog, table, bound, parent, (column) => isNotNullColumn(draft, table, column))
  // What is proven of all its partitions at once does not have them opened.
  const members = proofOf(byDefault) === "certain" ? [byDefault] : partitionTree(draft, byDefault)
  for (const member of members) {
    lock(draft, affected(member), "ACCESS EXCLUSIVE", `default partition of ${parent.name}`)
    const proof = proofOf(member)
    if (!storesRows(member) || proof === "certain") continue
    if (proof === "possible") uncertain(draft, `whether a CHECK of ${member.name} keeps out the new partition's rows`)
    scan(draft, affected(member), "rows of the default partition must not belong to the new partition", proof === "possible")
  }
}

function buildMissingIndexes(draft: Draft, parent: Relation, partition: Relation): void {
  const taken = new Set<ObjectId>()
  for (const index of draft.catalog.indexesOf(parent.id)) {
    if (draft.pgVersion >= 12) lockIndex(draft, index, "SHARE UPDATE EXCLUSIVE", `index of ${parent.name}`)
    const wanted = { ...wantedFrom(draft, index), sameKind: draft.pgVersion >= 17, onlyValid: true }
    const take = ({ id }: Index): void => {
      taken.add(id)
    }
    for (const member of withoutIndex(draft, partition, wanted, take, taken)) {
      build(draft, affected(member), `the index ${index.name} of ${parent.name} needs its part`)
    }
  }
}

/**
 * The partition takes over the parent's foreign keys; a matching one of its own is merged, others are added and
 * verified.
 */
function cloneForeignKeys(draft: Draft, parent: Relation, partition: Relation): void {
  const own = draft.catalog.constraintsOf(partition.id).filter((one) => one.kind === "foreign key")
  for (const constraint of draft.catalog.constraintsOf(parent.id)) {
    if (constraint.kind !== "foreign key" || constraint.references === null) continue
    const alike = own.filter((one) => becomesPart(one, constraint))
    const other = alike.find((one) => one.enforced !== constraint.enforced)
    if (other !== undefined) fail(draft, "42P17", `the enforceability of the foreign key "${constraint.name}" conflicts with that of "${other.name}" of "${partition.name}"`)
    const merged = alike.some((one) => one.validated === constraint.validated)
    // Triggers of the partition's own go; what is NOT ENFORCED has none. In 11 only the check of the rows opens the referenced table.
    lockReferencedTree(
      draft,
      constraint,
      merged && constraint.enforced ? "ACCESS EXCLUSIVE" : draft.pgVersion >= 12 ? "SHARE ROW EXCLUSIVE" : "ROW SHARE",
    )
    if (merged) continue
    for (const member of partitionTree(draft, partition)) {
      if (storesRows(member))
        scan(draft, affected(member), `the foreign key ${constraint.name} is verified for every row`)
    }
  }
}

/** Effects of `DETACH PARTITION`. */
export function detachPartition(action: OperationOf<"detach partition">, draft: Draft): void {
  const { catalog, pgVersion } = draft
  const gentle = action.concurrently || action.finalize
  if (action.concurrently) forbid(draft, "ALTER TABLE ... DETACH CONCURRENTLY")
  const target = lockTarget(draft, action, gentle ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", "self")
  const parent = target.kind === "relation" ? target.relation : null
  const partition = catalog.relation(action.partition)
  if (partition === undefined) {
    lockUnlistedPartition(draft, action)
  } else {
    const strong =
      pgVersion >= 14 || partition.partition?.bound.kind === "default" || isTiedTo(draft, parent, partition)
    lock(draft, affected(partition), strong ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE")
    lockIndexesOfParent(draft, partition)
    for (const member of partitionTree(draft, partition))
      if (member.id !== partition.id) lock(draft, affected(member), "ACCESS EXCLUSIVE", `partition of ${partition.name}`)
  }
  if (parent === null) {
    uncertain(draft, `the foreign keys and the default partition of ${action.relation.name}`)
    return
  }
  const byDefault = defaultPartition(draft, parent)
  if (byDefault !== undefined && action.concurrently)
    fail(draft, "55000", "cannot detach partitions concurrently when a default partition exists")
  if (byDefault !== undefined && byDefault.id !== partition?.id) {
    lock(draft, affected(byDefault), "ACCESS EXCLUSIVE", `default partition of ${parent.name}`)
  }
  for (const constraint of catalog.constraintsOf(parent.id)) {
    if (constraint.kind === "foreign key" && !dropsOnDetach(draft, constraint)) lockDetachedReference(draft, constraint)
  }
  for (const constraint of referencesTo(draft, parent)) searchReferencing(draft, constraint, parent, partition, action)
  if (partition !== undefined && cutsOwnKeys(draft)) cutOwnKeys(draft, partition)
}

/** From 12 to 14 a foreign key of the partition's own to a partitioned table falls into one to each of its partitions, with new triggers. */
function cutsOwnKeys({ pgVersion }: Draft): boolean {
  return pgVersion >= 12 && pgVersion < 15
}

function cutOwnKeys(draft: Draft, partition: Relation): void {
  for (const constraint of draft.catalog.constraintsOf(partition.id)) {
    const referenced = constraint.inherited || constraint.references === null ? undefined : draft.catalog.relationById(constraint.references.table)
    if (referenced?.kind !== "partitioned table") continue
    for (const member of partitionTree(draft, referenced)) {
      if (member.id === referenced.id || (member.id === partition.id && !referencesItself(draft, partition, constraint))) continue
      lock(draft, affected(member), "SHARE ROW EXCLUSIVE", `referenced by the foreign key ${constraint.name}`)
    }
  }
}

/** In 12 a key to the table that its own table is attached to later does not reach that. */
function referencesItself(draft: Draft, partition: Relation, constraint: Constraint): boolean {
  return draft.pgVersion >= 13 || partition.partition === null || constraint.id >= partition.partition.since
}

/** Tables that reference the partitioned table are searched for rows that reference the partition. */
function searchReferencing(
  draft: Draft,
  constraint: Constraint,
  parent: Relation,
  partition: Relation | undefined,
  action: OperationOf<"detach partition">,
): void {
  const referencing = constraint.inherited ? undefined : draft.catalog.relationById(constraint.table)
  if (referencing === undefined) return
  if (referencing.id === partition?.id && cutsOwnKeys(draft) && !referencesItself(draft, partition, constraint)) return
  const why = `rows must not reference the detached partition (foreign key ${constraint.name})`
  lock(draft, affected(referencing), referencing.id === partition?.id && cutsOwnKeys(draft) ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE", why)
  // The partition's bounds hang on those of the tables above.
  if (draft.pgVersion >= 14)
    for (const above of ancestorsOf(draft, parent)) lock(draft, affected(above), "ACCESS SHARE", `${parent.name} is its partition`)
  const searches = partition === undefined || partitionTree(draft, partition).some(storesRows)
  for (const member of partitionTree(draft, referencing)) {
    lock(draft, affected(member), "ACCESS SHARE", why)
    // A table that references itself is looked up through its key.
    const indexed = referencing.id === parent.id && draft.catalog.indexesOf(member.id).some((index) => index.columns[0] === constraint.columns[0])
    if (storesRows(member) && searches && !indexed && !action.concurrently) scan(draft, affected(member), why)
  }
}

/** 13 and 14 (from 13.17 and 14.14 on) drop a partition's inherited foreign key when it references a partitioned table. */
function dropsOnDetach(draft: Draft, constraint: Constraint): boolean {
  if (draft.pgVersion !== 13 && draft.pgVersion !== 14) return false
  const referenced = constraint.references === null ? undefined : draft.catalog.relationById(constraint.references.table)
  return referenced?.kind === "partitioned table"
}

/** The partition keeps its foreign key, with triggers of its own on the referenced table; in 12 not on its partitions. */
function lockDetachedReference(draft: Draft, constraint: Constraint): void {
  if (draft.pgVersion >= 13) return lockReferencedTree(draft, constraint, "SHARE ROW EXCLUSIVE")
  const referenced = constraint.references === null ? undefined : draft.catalog.relationById(constraint.references.table)
  if (referenced !== undefined)
    lock(draft, affected(referenced), "SHARE ROW EXCLUSIVE", `referenced by the foreign key ${constraint.name}`)
}

function lockUnlistedPartition(draft: Draft, action: OperationOf<"detach partition">): void {
  const { catalog } = draft
  if (refuseAbsent(draft, action.partition, "relation")) return
  const schema = action.partition.schema ?? catalog.creationSchema
  lock(draft, { id: null, schema, name: action.partition.name, kind: "table" }, "ACCESS EXCLUSIVE")
}

/**
 * Triggers that the partition has from its parent, own ones and those of foreign keys that reference it, are dropped.
 */
function isTiedTo(draft: Draft, parent: Relation | null, partition: Relation): boolean {
  if (parent === null) return false
  const isOwn = ({ table }: Constraint): boolean => table === partition.id && cutsOwnKeys(draft)
  if (storesRows(partition) && referencesTo(draft, parent).some((constraint) => !isOwn(constraint))) return true
  if (draft.catalog.constraintsOf(parent.id).some((constraint) => dropsOnDetach(draft, constraint))) return true
  return draft.catalog.triggersOf(partition.id).some(({ copyOf }) => copyOf !== null)
}

function lockIndexesOfParent(draft: Draft, partition: Relation): void {
  for (const index of draft.catalog.indexesOf(partition.id)) {
    if (index.parent !== null) lockIndex(draft, index, "ACCESS EXCLUSIVE", `index of ${partition.name}`)
  }
}

/** Effects of `ALTER INDEX parent ATTACH PARTITION child`. */
export function attachIndexPartition(action: OperationOf<"attach index partition">, draft: Draft): void {
  const { catalog } = draft
  const mode = draft.pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"
  const target = lockTarget(draft, { ...action, keyword: "index" }, mode, "self")
  const child = catalog.index(action.partition)
  if (child !== undefined) {
    lockIndex(draft, child, "ACCESS EXCLUSIVE")
    const table = catalog.relationById(child.table)
    if (table !== undefined) lock(draft, affected(table), "ACCESS SHARE", `table of ${child.name}`)
  } else if (!refuseAbsent(draft, action.partition, "relation")) {
    const schema = action.partition.schema ?? catalog.creationSchema
    lock(draft, { id: null, schema, name: action.partition.name, kind: "index" }, "ACCESS EXCLUSIVE")
  }
  if (target.kind === "index") {
    const table = catalog.relationById(target.index.table)
    if (table !== undefined) lock(draft, affected(table), "ACCESS SHARE", `table of ${target.index.name}`)
  }
}

/**
 * CREATE TABLE ... PARTITION OF: what it does to the existing tables around the new partition.
 * @param partitioned the partition stores no rows itself
 */
export function createPartition(draft: Draft, parent: Relation, bound: PartitionBound, partitioned: boolean): void {
  const { catalog, pgVersion } = draft
  refuseMore(draft, parent, bound, null)
  if (pgVersion >= 12) lockIndexes(draft, parent, "SHARE UPDATE EXCLUSIVE", `index of ${parent.name}`)
  for (const constraint of catalog.constraintsOf(parent.id)) {
    if (constraint.kind !== "foreign key") continue
    if (pgVersion >= 12) lockReferencedTree(draft, constraint, "SHARE ROW EXCLUSIVE")
    else if (!partitioned) {
      const referenced =
        constraint.references === null ? undefined : catalog.relationById(constraint.references.table)
      if (referenced !== undefined)
        lock(draft, affected(referenced), "ACCESS SHARE", `referenced by the foreign key ${constraint.name}`)
    }
  }
  lockReferrers(draft, parent)
}
