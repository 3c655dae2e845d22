import type { OperationOf } from "../../parse/operation.ts"
import type { Column, ColumnType, Index, Relation } from "../../schema/catalog.ts"
import { usesColumn } from "../../schema/index-columns.ts"
import { policiesOver } from "../../schema/policies.ts"
import { collationOf, sortingOf } from "../../schema/index-sorting.ts"
import { affected, build, fail, lock, lockIndex, scan, uncertain, type Draft } from "../draft.ts"
import { lockDroppedReference, lockReferencing, routineReading, triggerOn, refuseSeveralSequences } from "../dependents.ts"
import { refuseTypedColumn } from "../refusals/columns.ts"
import { refuseStatistics } from "../refusals/keys.ts"
import { columnType, columnTypeChange, type TypeChange } from "../type-change.ts"
import { eachStored, lockAction, requireColumn, rewriteTable, siblings } from "./target.ts"

/** Effects of `ALTER COLUMN ... TYPE`. */
export function alterColumnType(action: OperationOf<"alter column type">, draft: Draft): void {
  const { catalog, pgVersion } = draft
  const target = lockAction(draft, action)
  const name = action.column.name
  const relation = target.kind === "relation" ? target.relation : null
  const column = relation === null ? undefined : requireColumn(draft, relation, name)
  for (const member of relation === null ? [] : action.only ? [relation] : catalog.tree(relation.id)) refuseDependents(draft, member, name)
  const wanted = { type: columnType(action.type, catalog), collation: action.collation, using: action.using }
  const change = columnTypeChange(column ?? null, wanted, catalog, pgVersion)
  if (relation !== null && column?.generated?.stored === false) {
    // Nothing is stored, but what the CHECKs read changes.
    for (const member of action.only ? [relation] : catalog.tree(relation.id)) recheck(draft, member, name, { ...change, rewrite: false })
    return
  }
  if (change.unknown !== null) uncertain(draft, change.unknown)
  const assumed = change.unknown !== null
  const why = `${name} changes its type: ${change.why}`
  eachStored(draft, target, action.only, "children", (member, listed) => {
    if (change.rewrite) rewriteTable(draft, member, listed, why, assumed)
    else if (listed === null) uncertain(draft, `the indexes and CHECK constraints of ${member.name}`)
  })
  if (relation !== null && column !== undefined) followChange(draft, relation, column, change, action.only)
}

/** What else a column's new type concerns: indexes, constraints, the identity's sequence, foreign keys on both sides. */
function followChange(draft: Draft, relation: Relation, column: Column, change: TypeChange, only: boolean): void {
  for (const member of only ? [relation] : draft.catalog.tree(relation.id)) {
    rebuildIndexes(draft, member, column.name, change)
    recheck(draft, member, column.name, change)
    lockSequence(draft, member, column)
  }
  foreignKeys(draft, relation, column.name, change)
}

/** Effects on a typed table of `ALTER TYPE ... ALTER ATTRIBUTE ... TYPE ... CASCADE`. */
export function alterTypedColumn(draft: Draft, relation: Relation, name: string, type: ColumnType): void {
  const column = draft.catalog.column(relation, name)
  if (column === undefined) return
  refuseDependents(draft, relation, name)
  refuseTypedColumn(column, type, draft)
  refuseStatistics(relation, name, type, draft)
  const change = columnTypeChange(column, { type, collation: null, using: null }, draft.catalog, draft.pgVersion)
  if (change.rewrite) rewriteTable(draft, affected(relation), relation, `${name} changes its type: ${change.why}`)
  followChange(draft, relation, column, change, false)
}

/** Every index on the column is made anew; whether its file is kept depends on the change and on the index. */
function rebuildIndexes(draft: Draft, table: Relation, column: string, change: TypeChange): void {
  for (const index of draft.catalog.indexesOf(table.id)) {
    if (!usesColumn(index, column)) continue
    lockIndex(draft, index, "ACCESS EXCLUSIVE", `index on ${table.name}.${column}`)
    if (change.rewrite || index.parent !== null) continue
    if (table.kind === "partitioned table") {
      buildParts(draft, table, index)
      continue
    }
    const reason = rebuildReason(index, table, column, change) ?? storedReason(draft, index, table)
    if (reason !== null) build(draft, affected(table), reason)
  }
}

/** An index of a partitioned table is made anew on every partition, whether that had a part of it or not (`remakePartitionedIndexes`). */
function buildParts(draft: Draft, table: Relation, index: Index): void {
  for (const partition of draft.catalog.tree(table.id))
    if (partition.kind === "table") build(draft, affected(partition), `the partitioned index ${index.name} is made anew`)
}

function rebuildReason(index: Index, table: Relation, column: string, change: TypeChange): string | null {
  if (index.expressionColumns.includes(column))
    return `the index ${index.name} has an expression or predicate on ${column}`
  if (index.expressions.length > 0 || index.predicate !== null)
    return `the index ${index.name} has an expression or predicate`
  // An index keeps its collation, unless it is the column's: then the server does not write it down for the new index (pg_get_indexdef).
  const isOwn = (position: number): boolean => {
    const { collation } = sortingOf(index.clauses[position] ?? "")
    return change.collates && collation !== null && collation !== collationOf(column, table.columns)
  }
  return change.rebuildsIndexes && index.columns.some((name, position) => name === column && !isOwn(position))
    ? `the index ${index.name} is rebuilt: ${change.why}`
    : null
}

/** Built-in ranges and multiranges. */
const RANGE = /^(?:int4|int8|num|ts|tstz|date)(?:multi)?range$/

/**
 * An index that stores something else than its column, parts of arrays or hashes, is made anew however little the type changes, where its
 * operators are those of any array, enum or range (CheckIndexCompatible compares the types where the operator class is polymorphic).
 */
function storedReason({ catalog }: Draft, index: Index, table: Relation): string | null {
  if (index.method !== "gin" && index.method !== "hash") return null
  const stored = index.columns.find((name, position) => {
    const operators = sortingOf(index.clauses[position] ?? "").operatorClass
    if (name === null || (operators !== null && !/^(?:array|enum|range|multirange)_ops$/.test(operators))) return false
    const type = catalog.column(table, name)?.type
    if (type === undefined) return false
    if (type.dimensions > 0) return true
    const user = type.schema === "pg_catalog" ? undefined : catalog.type(type)
    return index.method === "hash" && (user === undefined ? type.schema === "pg_catalog" && RANGE.test(type.name) : user.kind === "enum" || user.kind === "range" || user.kind === "multirange")
  })
  return stored === undefined ? null : `the ${index.method} index ${index.name} stores ${stored} in another form, and is made anew`
}

/** Constraints that mention the column are added again, and valid ones verified. */
function recheck(draft: Draft, table: Relation, column: string, change: TypeChange): void {
  if (change.rewrite || table.kind !== "table") return
  const dropped = siblings(draft, "drop constraint")
  for (const constraint of draft.catalog.constraintsOf(table.id)) {
    if (
      constraint.kind !== "check" ||
      !constraint.validated ||
      !constraint.enforced ||
      !constraint.columns.includes(column)
    )
      continue
    if (dropped.some((action) => action.constraint.name === constraint.name)) continue
    // A child's CHECK is made anew from its parent's, and is not verified where that one never was.
    const parents = [...table.inherits, ...(table.partition === null ? [] : [table.partition.parent])]
    if (parents.some((parent) => draft.catalog.constraint(parent, constraint.name)?.validated === false)) continue
    scan(draft, affected(table), `the CHECK ${constraint.name} is verified again for every row`)
  }
}

/** The sequence of an identity column takes the new type. */
function lockSequence(draft: Draft, table: Relation, column: Column): void {
  if (column.identity === null) return
  refuseSeveralSequences(draft, table, column)
  for (const sequence of draft.catalog.ownedSequences(table.id)) {
    if (sequence.ownedBy?.column === column.name && sequence.ownedBy.identity)
      lock(draft, affected(sequence), "SHARE ROW EXCLUSIVE", `identity sequence of ${table.name}.${column.name}`)
  }
}

/** Foreign keys on either side are made anew; they are verified unless the comparison stays the same. */
function foreignKeys(draft: Draft, relation: Relation, column: string, change: TypeChange): void {
  const { catalog } = draft
  const verify = change.rewrite || change.rebuildsIndexes
  for (const constraint of catalog.constraintsOf(relation.id)) {
    if (constraint.kind !== "foreign key" || !constraint.columns.includes(column)) continue
    lockDroppedReference(draft, constraint, "SHARE ROW EXCLUSIVE")
    if (verify && constraint.validated && constraint.enforced && relation.kind === "table") {
      scan(draft, affected(relation), `the foreign key ${constraint.name} is verified again`)
    }
  }
  for (const constraint of catalog.referencing(relation.id)) {
    if (constraint.references?.columns.includes(column) !== true || constraint.table === relation.id) continue
    lockReferencing(draft, constraint, "ACCESS EXCLUSIVE")
    const child = catalog.relationById(constraint.table)
    if (!verify || child === undefined || !constraint.validated || !constraint.enforced) continue
    for (const member of child.kind === "partitioned table" ? catalog.tree(child.id) : [child]) {
      if (member.kind === "table")
        scan(draft, affected(member), `the foreign key ${constraint.name} is verified again`, change.unknown !== null)
    }
  }
}

/** Objects that forbid a type change. */
function refuseDependents(draft: Draft, relation: Relation, column: string): void {
  const { catalog } = draft
  const cannot = "cannot alter type of a column used"
  if (relation.partitionBy?.columns.includes(column) === true) {
    fail(
      draft,
      "42P16",
      `cannot alter column "${column}" because it is part of the partition key of relation "${relation.name}"`,
    )
    return
  }
  for (const view of catalog.dependents(relation.id)) {
    if (view.dependencies.some((one) => one.relation === relation.id && one.certain.includes(column))) {
      fail(draft, "0A000", `${cannot} by the ${view.kind} ${view.name}`)
    }
  }
  const routine = routineReading(draft, relation, column)
  if (routine !== undefined) fail(draft, "0A000", `${cannot} by the ${routine.kind} ${routine.name}`)
  const rule = catalog.rulesOf(relation.id).find(({ columns }) => columns?.includes(column) === true)
  if (rule !== undefined) fail(draft, "0A000", `${cannot} by the rule ${rule.name}`)
  const goes = (name: string): boolean =>
    draft.statement.operations.some((one) => (one.op === "drop column" || one.op === "drop expression") && one.column.name === name)
  const generated = relation.columns.find((one) => one.generated?.columns.includes(column) === true && !goes(one.name))
  if (generated !== undefined) fail(draft, "0A000", `${cannot} by the generated column ${generated.name}`)
  const policy = catalog.policiesOf(relation.id).find((one) => one.columns.includes(column)) ?? policiesOver(catalog, relation, column)[0]
  if (policy !== undefined) fail(draft, "0A000", `${cannot} in the policy ${policy.name}`)
  const trigger = triggerOn(catalog.triggersOf(relation.id), column)
  if (trigger !== undefined) fail(draft, "0A000", `${cannot} in the definition of the trigger ${trigger.name}`)
  for (const publication of catalog.publications()) {
    if (publication.tables.some((one) => one.table === relation.id && (one.columns.includes(column) || one.where.includes(column)))) {
      fail(draft, "0A000", `${cannot} by the publication ${publication.name}`)
    }
  }
}
