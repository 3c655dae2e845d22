import type { LockMode } from "../parse/operation.ts"
import type { Catalog, Column, Constraint, FunctionInfo, Index, ObjectId, Relation, Trigger } from "../schema/catalog.ts"
import { standsOn } from "../schema/foreign-key-match.ts"
import { quoteIdent } from "../schema/format.ts"
import { countsOn } from "../schema/grouping.ts"
import { usesColumn } from "../schema/index-columns.ts"
import { policiesOver } from "../schema/policies.ts"
import { handlesType } from "../schema/type-names.ts"
import { affected, childWhy, fail, lock, lockIndex, lockIndexes, storesRows, type Draft } from "./draft.ts"

/** The partitions of a partitioned table, all levels, itself first; of anything else just itself. */
export function partitionTree(draft: Draft, relation: Relation): readonly Relation[] {
  return relation.kind === "partitioned table" ? draft.catalog.tree(relation.id) : [relation]
}

/** The index and the partitions' indexes attached to it, with their tables. */
export function* indexTree(
  draft: Draft,
  index: Index,
): Generator<{ readonly index: Index; readonly table: Relation | undefined }> {
  const table = draft.catalog.relationById(index.table)
  yield { index, table }
  if (table?.kind !== "partitioned table") return
  for (const partition of draft.catalog.children(table.id)) {
    for (const child of draft.catalog.indexesOf(partition.id)) {
      if (child.parent === index.id) yield* indexTree(draft, child)
    }
  }
}

/** Up to 12 an identity column's sequence is not found beside another one that the column owns. */
export function refuseSeveralSequences(draft: Draft, table: Relation, { name, identity }: Column): void {
  if (draft.pgVersion >= 13 || identity === null) return
  const owned = draft.catalog.ownedSequences(table.id).filter((sequence) => sequence.ownedBy?.column === name)
  if (owned.length > 1) fail(draft, "XX000", "more than one owned sequence found")
}

/** The partitioned tables above a partition, the nearest first. */
export function ancestorsOf(draft: Draft, relation: Relation): readonly Relation[] {
  const parent = relation.partition === null ? undefined : draft.catalog.relationById(relation.partition.parent)
  return parent === undefined ? [] : [parent, ...ancestorsOf(draft, parent)]
}

/** Foreign keys that reference the relation: one that references a partitioned table references its partitions too. */
export function referencesTo(draft: Draft, relation: Relation): readonly Constraint[] {
  return [relation, ...ancestorsOf(draft, relation)].flatMap(({ id }) => draft.catalog.referencing(id))
}

/** Foreign keys that stand on a unique index. */
export function referencesThrough(catalog: Catalog, index: Index): readonly Constraint[] {
  const isPrimary = index.constraint !== null && catalog.constraintById(index.constraint)?.kind === "primary key"
  return catalog.referencing(index.table).filter((foreignKey) => standsOn(foreignKey, index, catalog.indexesOf(index.table), isPrimary))
}

/** Locks the table that a foreign key references, and its partitions: their triggers change with the constraint. */
export function lockReferenced(draft: Draft, constraint: Constraint, mode: LockMode): void {
  if (constraint.references === null) return
  const referenced = draft.catalog.relationById(constraint.references.table)
  if (referenced === undefined || referenced.id === constraint.table) return
  const why = `referenced by the foreign key ${constraint.name}`
  for (const member of partitionTree(draft, referenced)) lock(draft, affected(member), mode, why)
}

/**
 * The same for a partition that takes its parent's foreign key over, or loses it: the table may reference itself, and its
 * partitions are then referenced as well.
 */
export function lockReferencedTree(draft: Draft, constraint: Constraint, mode: LockMode): void {
  const referenced = constraint.references === null ? undefined : draft.catalog.relationById(constraint.references.table)
  if (referenced === undefined) return
  const why = `referenced by the foreign key ${constraint.name}`
  for (const member of partitionTree(draft, referenced)) lock(draft, affected(member), mode, why)
}

/**
 * Locks what a foreign key that goes away has its triggers on. Up to 14 those on a partitioned table are on the partitions that store
 * rows; `others` is what the tables above them are locked with.
 */
export function lockDroppedReference(draft: Draft, constraint: Constraint, others: LockMode | null = null): void {
  // What is not enforced has no triggers (18).
  if (!constraint.enforced && others === null) return
  const referenced =
    constraint.references === null ? undefined : draft.catalog.relationById(constraint.references.table)
  if (referenced?.kind !== "partitioned table" || draft.pgVersion >= 15) {
    lockReferenced(draft, constraint, "ACCESS EXCLUSIVE")
    return
  }
  for (const member of partitionTree(draft, referenced)) {
    const mode = storesRows(member) ? "ACCESS EXCLUSIVE" : others
    if (mode !== null) lock(draft, affected(member), mode, `referenced by the foreign key ${constraint.name}`)
  }
}

/** Locks the table that has a foreign key, and its partitions. */
export function lockReferencing(draft: Draft, constraint: Constraint, mode: LockMode): void {
  const table = draft.catalog.relationById(constraint.table)
  if (table === undefined) return
  const why = `its foreign key ${constraint.name} references the table`
  for (const member of partitionTree(draft, table)) lock(draft, affected(member), mode, why)
}

/** Views that read a relation, and the views on those, without repetition. */
function* viewsOn(draft: Draft, relation: Relation, column: string | null = null): Generator<Relation> {
  const seen = new Set<number>([relation.id])
  const queue: { readonly relation: Relation; readonly column: string | null }[] = [{ relation, column }]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const view of draft.catalog.dependents(next.relation.id)) {
      if (seen.has(view.id)) continue
      const { id } = next.relation
      const { column: wanted } = next
      const reads = view.dependencies.some(
        (dependency) =>
          dependency.relation === id &&
          (wanted === null || dependency.columns === null || dependency.columns.includes(wanted)),
      )
      if (!reads) continue
      seen.add(view.id)
      yield view
      queue.push({ relation: view, column: null })
    }
  }
}

/** A trigger whose WHEN or UPDATE OF names the column. */
export function triggerOn(triggers: readonly Trigger[], column: string): Trigger | undefined {
  return triggers.find((trigger) => trigger.columns.includes(column))
}

// ---------------------------------------------------------------------------------------------------------------------
// What goes away with an object (PostgreSQL's dependency rules)

/** A dependent that only CASCADE would drop, in words; null for none. */
type Blocker = string | null

/** Locks what DROP of a relation takes with it. Returns the first dependent that only CASCADE would drop. */
export function dropRelation(draft: Draft, relation: Relation, cascade: boolean, why: string | null, dropped = new Set<number>()): Blocker {
  if (dropped.has(relation.id)) return null
  dropped.add(relation.id)
  lock(draft, affected(relation), "ACCESS EXCLUSIVE", why)
  lockIndexes(draft, relation, "ACCESS EXCLUSIVE", `index of ${relation.name}`)
  for (const constraint of draft.catalog.constraintsOf(relation.id)) {
    // A partition's part of its parent's foreign key goes without a look at the referenced table.
    if (constraint.kind === "foreign key" && !constraint.inherited) lockDroppedReference(draft, constraint)
  }
  const blockers = [
    routineOver(draft, relation),
    dropTypeUsers(draft, relation, dropped),
    dropParts(draft, relation, cascade, dropped),
    dropReferences(draft, relation, dropped),
    dropViews(draft, relation, cascade, dropped),
    dropPolicies(draft, relation, dropped),
    dropRules(draft, relation, dropped),
    dropDefaults(draft, relation, dropped),
    leavePartitions(draft, relation, dropped),
  ]
  return blockers.find((blocker) => blocker !== null) ?? null
}

/** Functions whose body or signature depends on a relation. */
function routineOver({ catalog }: Draft, relation: Relation): Blocker {
  for (const routine of catalog.routines()) {
    if (routine.dependencies.some((one) => one.relation === relation.id) || handlesType(routine, relation)) return `function ${quoteIdent(routine.name)} depends on it`
  }
  return null
}

/** A function whose SQL-standard body certainly reads the column. */
export function routineReading({ catalog }: Draft, table: Relation, column: string): FunctionInfo | undefined {
  for (const routine of catalog.routines())
    if (routine.dependencies.some(({ relation, certain }) => relation === table.id && certain.includes(column))) return routine
  return undefined
}

/** Whether a relation goes with what is dropped: it is dropped itself, or it is a partition of what is. */
function goes(draft: Draft, id: ObjectId, dropped: ReadonlySet<number>): boolean {
  if (dropped.has(id)) return true
  const parent = draft.catalog.relationById(id)?.partition?.parent
  return parent !== undefined && goes(draft, parent, dropped)
}

/** Columns that hold rows of a relation. */
function dropTypeUsers(draft: Draft, relation: Relation, dropped: ReadonlySet<number>): Blocker {
  let blocker: Blocker = null
  for (const user of draft.catalog.usersOfType(relation.id)) {
    if (goes(draft, user.relation.id, dropped)) continue
    blocker ??= `column ${quoteIdent(user.column.name)} of ${user.relation.kind} ${quoteIdent(user.relation.name)} depends on it`
    for (const member of draft.catalog.tree(user.relation.id)) {
      lock(draft, affected(member), "ACCESS EXCLUSIVE", `its column ${user.column.name} holds rows of ${relation.name}`)
      dropColumn(draft, member, user.column.name, true)
    }
  }
  return blocker
}

/** Partitions, children, and the sequences that a relation owns. */
function dropParts(draft: Draft, relation: Relation, cascade: boolean, dropped: Set<number>): Blocker {
  let blocker: Blocker = null
  for (const child of draft.catalog.children(relation.id)) {
    if (child.partition === null && !dropped.has(child.id)) blocker ??= `${child.kind} ${quoteIdent(child.name)} depends on it`
    const inner = dropRelation(draft, child, cascade, childWhy(relation, child), dropped)
    blocker ??= inner
  }
  for (const sequence of draft.catalog.ownedSequences(relation.id)) {
    const inner = dropRelation(draft, sequence, cascade, `owned by ${relation.name}`, dropped)
    blocker ??= inner
  }
  return blocker
}

/** Foreign keys that reference a relation. */
function dropReferences(draft: Draft, relation: Relation, dropped: ReadonlySet<number>): Blocker {
  let blocker: Blocker = null
  for (const constraint of draft.catalog.referencing(relation.id)) {
    if (goes(draft, constraint.table, dropped)) continue
    lockReferencing(draft, constraint, "ACCESS EXCLUSIVE")
    blocker ??= `constraint ${quoteIdent(constraint.name)} depends on it`
  }
  return blocker
}

function dropViews(draft: Draft, relation: Relation, cascade: boolean, dropped: Set<number>): Blocker {
  let blocker: Blocker = null
  for (const view of draft.catalog.dependents(relation.id)) {
    if (dropped.has(view.id) || (view.kind !== "view" && view.kind !== "materialized view")) continue
    blocker ??= `${view.kind} ${quoteIdent(view.name)} depends on it`
    dropRelation(draft, view, cascade, `reads ${relation.name}`, dropped)
  }
  return blocker
}

/** Views that group by the primary key of an index, or of its parts on partitions, and cannot be without it. */
export function dropViewsCountingOn(draft: Draft, index: Index, cascade: boolean): Blocker {
  let blocker: Blocker = null
  for (const part of indexTree(draft, index)) {
    for (const view of draft.catalog.dependents(part.index.table)) {
      if (!countsOn(view, part.index.constraint)) continue
      blocker ??= `${view.kind} ${quoteIdent(view.name)} depends on it`
      if (cascade) dropRelation(draft, view, true, `groups by the columns of ${part.index.name}`)
    }
  }
  return blocker
}

/** Policies of other tables that read a relation. */
function dropPolicies(draft: Draft, relation: Relation, dropped: ReadonlySet<number>): Blocker {
  let blocker: Blocker = null
  for (const policy of draft.catalog.policiesReading(relation.id)) {
    const table = goes(draft, policy.table, dropped) ? undefined : draft.catalog.relationById(policy.table)
    if (table === undefined) continue
    lock(draft, affected(table), "ACCESS EXCLUSIVE", `its policy ${policy.name} reads ${relation.name}`)
    blocker ??= `policy ${quoteIdent(policy.name)} on table ${quoteIdent(table.name)} depends on it`
  }
  return blocker
}

/** Rules of other tables that read a relation, or write to it. */
function dropRules(draft: Draft, relation: Relation, dropped: ReadonlySet<number>): Blocker {
  let blocker: Blocker = null
  for (const rule of draft.catalog.rulesUsing(relation.id)) {
    const table = goes(draft, rule.table, dropped) ? undefined : draft.catalog.relationById(rule.table)
    if (table === undefined) continue
    lock(draft, affected(table), "ACCESS EXCLUSIVE", `its rule ${rule.name} uses ${relation.name}`)
    blocker ??= `rule ${quoteIdent(rule.name)} on ${table.kind} ${quoteIdent(table.name)} depends on it`
  }
  return blocker
}

/** Defaults that call a sequence. */
function dropDefaults(draft: Draft, relation: Relation, dropped: ReadonlySet<number>): Blocker {
  if (relation.kind !== "sequence") return null
  let blocker: Blocker = null
  for (const { table, column } of defaultsFrom(draft, relation)) {
    if (goes(draft, table.id, dropped)) continue
    lock(draft, affected(table), "ACCESS EXCLUSIVE", `the default of ${table.name}.${column} calls ${relation.name}`)
    blocker ??= `default value for column ${quoteIdent(column)} of table ${quoteIdent(table.name)} depends on it`
  }
  return blocker
}

/** The partitioned table that a partition leaves, and the foreign keys that reference it there. */
function leavePartitions(draft: Draft, relation: Relation, dropped: ReadonlySet<number>): Blocker {
  if (relation.partition === null) return null
  lockPartitionParent(draft, relation)
  const parent = dropped.has(relation.partition.parent) ? undefined : draft.catalog.relationById(relation.partition.parent)
  let blocker: Blocker = null
  for (const constraint of parent === undefined ? [] : referencesTo(draft, parent)) {
    if (goes(draft, constraint.table, dropped)) continue
    // The foreign key on the partitioned table goes as a whole.
    lockReferencing(draft, constraint, "ACCESS EXCLUSIVE")
    lockDroppedReference(draft, constraint)
    blocker ??= `constraint ${quoteIdent(constraint.name)} depends on it`
  }
  return blocker
}

/** Dropping, attaching or detaching a partition changes the bounds that the default partition must refuse. */
function lockPartitionParent(draft: Draft, partition: Relation): void {
  const parent = partition.partition === null ? undefined : draft.catalog.relationById(partition.partition.parent)
  if (parent === undefined) return
  lock(draft, affected(parent), "ACCESS EXCLUSIVE", `${partition.name} is its partition`)
  const byDefault = defaultPartition(draft, parent)
  if (byDefault !== undefined && byDefault.id !== partition.id) {
    lock(draft, affected(byDefault), "ACCESS EXCLUSIVE", `default partition of ${parent.name}`)
  }
}

export function defaultPartition(draft: Draft, parent: Relation): Relation | undefined {
  return draft.catalog.children(parent.id).find((child) => child.partition?.bound.kind === "default")
}

/** Columns whose default reads a sequence that they do not own. */
function* defaultsFrom(
  draft: Draft,
  sequence: Relation,
): Generator<{ readonly table: Relation; readonly column: string }> {
  for (const table of draft.catalog.sequenceUsers(sequence.id)) {
    for (const column of table.columns)
      if (column.default?.sequence === sequence.id) yield { table, column: column.name }
  }
}

/** A foreign key of a child goes with its own column, when that goes with the parent's. */
function goesWithParent(draft: Draft, table: Relation, constraint: Constraint, column: string): boolean {
  if (!constraint.columns.includes(column)) return false
  const child = draft.catalog.tree(table.id).find(({ id }) => id === constraint.table)
  return child?.columns.some(({ name, inherited, local }) => name === column && inherited && !local) === true
}

/** Locks what goes away with a column. Returns a dependent that only CASCADE would drop. */
export function dropColumn(draft: Draft, table: Relation, column: string, cascade: boolean): string | null {
  const { catalog } = draft
  let blocker: string | null = null
  for (const index of catalog.indexesOf(table.id)) {
    if (usesColumn(index, column)) {
      for (const part of indexTree(draft, index)) {
        lockIndex(draft, part.index, "ACCESS EXCLUSIVE", `index on ${table.name}.${column}`)
        if (part.table !== undefined && part.table.id !== table.id) {
          lock(draft, affected(part.table), "ACCESS EXCLUSIVE", `its index belongs to ${index.name}`)
        }
      }
    }
  }
  for (const sequence of catalog.ownedSequences(table.id)) {
    if (sequence.ownedBy?.column !== column) continue
    lock(draft, affected(sequence), "ACCESS EXCLUSIVE", `owned by ${table.name}.${column}`)
    for (const user of defaultsFrom(draft, sequence)) {
      // The column of a child goes along.
      if (user.column === column && catalog.tree(table.id).includes(user.table)) continue
      blocker ??= `default value for column ${quoteIdent(user.column)} of table ${quoteIdent(user.table.name)} depends on it`
      lock(draft, affected(user.table), "ACCESS EXCLUSIVE", `the default of ${user.table.name}.${user.column} calls ${sequence.name}`)
    }
  }
  for (const constraint of catalog.constraintsOf(table.id)) {
    if (constraint.kind === "foreign key" && constraint.columns.includes(column)) lockDroppedReference(draft, constraint)
  }
  for (const constraint of catalog.referencing(table.id)) {
    if (constraint.references?.columns.includes(column) !== true) continue
    if (constraint.table === table.id) continue
    if (!goesWithParent(draft, table, constraint, column)) blocker ??= `constraint ${quoteIdent(constraint.name)} depends on it`
    lockReferencing(draft, constraint, "ACCESS EXCLUSIVE")
  }
  for (const view of viewsOn(draft, table, column)) {
    if (certainlyReads(view, table, column)) blocker ??= `${view.kind} ${quoteIdent(view.name)} depends on it`
    if (cascade) {
      lock(draft, affected(view), "ACCESS EXCLUSIVE", `reads ${table.name}`)
      lockIndexes(draft, view, "ACCESS EXCLUSIVE", `index of ${view.name}`)
    }
  }
  const routine = routineReading(draft, table, column)
  if (routine !== undefined) blocker ??= `${routine.kind} ${quoteIdent(routine.name)} depends on it`
  // Columns generated from it go along: up to 14 always, later with CASCADE.
  for (const { name, generated } of table.columns) {
    if (generated?.columns.includes(column) !== true) continue
    if (cascade || draft.pgVersion < 15) blocker ??= dropColumn(draft, table, name, cascade)
    else blocker ??= `column ${quoteIdent(name)} of table ${quoteIdent(table.name)} depends on it`
  }
  const trigger = triggerOn(catalog.triggersOf(table.id), column)
  if (trigger !== undefined) blocker ??= `trigger ${quoteIdent(trigger.name)} on table ${quoteIdent(table.name)} depends on it`
  for (const { name, tables } of catalog.publications()) {
    const published = tables.some((one) => one.table === table.id && (one.columns.includes(column) || one.where.includes(column)))
    if (published) blocker ??= `publication of table ${quoteIdent(table.name)} in publication ${quoteIdent(name)} depends on it`
  }
  const policy = catalog.policiesOf(table.id).find((one) => one.columns.includes(column))
  if (policy !== undefined) blocker ??= `policy ${quoteIdent(policy.name)} on table ${quoteIdent(table.name)} depends on it`
  for (const other of policiesOver(catalog, table, column)) {
    const owner = catalog.relationById(other.table)
    if (owner === undefined) continue
    blocker ??= `policy ${quoteIdent(other.name)} on table ${quoteIdent(owner.name)} depends on it`
    if (cascade) lock(draft, affected(owner), "ACCESS EXCLUSIVE", `its policy ${other.name} reads ${table.name}.${column}`)
  }
  return blocker
}

function certainlyReads(view: Relation, table: Relation, column: string): boolean {
  return view.dependencies.some(({ relation, certain }) => relation === table.id && certain.includes(column))
}
