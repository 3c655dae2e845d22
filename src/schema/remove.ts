import type { Constraint, FunctionInfo, Index, ObjectId, Relation, RewriteRule } from "./catalog.ts"
import { updateColumn, updateRelation } from "./columns.ts"
import { standsOn } from "./foreign-key-match.ts"
import { countsOn } from "./grouping.ts"
import { usesColumn } from "./index-columns.ts"
import { inheritsConstraint, isCopy } from "./inheritance.ts"
import { dropPoliciesReading } from "./policies.ts"
import { handlesType } from "./type-names.ts"
import { forgetConstraint, freeName, put, putName, removeIndex, setConstraint, unlink, type Store } from "./store.ts"

/** Removes a relation and, as DROP ... CASCADE does, all that cannot be without it. */
export function removeRelation(store: Store, id: ObjectId): void {
  const relation = store.relations.get(id)
  if (relation === undefined) return
  put(store, store.relations, id, undefined)
  freeName(store, relation.schema, relation.name)
  for (const view of store.dependents.get(id) ?? []) removeRelation(store, view)
  dropPoliciesReading(store, id)
  dropRulesUsing(store, id)
  dropRoutines(store, (routine) => routine.dependencies.some((one) => one.relation === id) || handlesType(routine, relation))
  for (const child of store.children.get(id) ?? []) removeRelation(store, child)
  for (const foreignKey of store.referencing.get(id) ?? []) {
    const constraint = store.constraints.get(foreignKey)
    if (constraint !== undefined && constraint.table !== id) removeConstraint(store, constraint)
  }
  for (const constraint of store.constraintsByTable.get(id) ?? []) forgetConstraint(store, relation.schema, constraint)
  if (relation.partition !== null) dropKeysOver(store, relation.partition.parent)
  for (const index of store.indexesByTable.get(id) ?? []) removeIndex(store, index)
  for (const sequence of store.ownedSequences.get(id) ?? []) removeRelation(store, sequence)
  for (const user of store.sequenceUsers.get(id) ?? []) forgetDefault(store, user, id)
  for (const { schema, name } of store.statisticsByTable.get(id) ?? [])
    putName(store, store.statisticsNames, schema, name, undefined)
  for (const parts of [store.dependents, store.children, store.referencing, store.ownedSequences, store.sequenceUsers])
    put(store, parts, id, undefined)
  put(store, store.statisticsByTable, id, undefined)
  put(store, store.triggers, id, undefined)
  put(store, store.policies, id, undefined)
  put(store, store.rules, id, undefined)
  releaseLinks(store, relation)
  forgetPublished(store, id)
}

/** Rules of other tables that read the relation, or write to it. */
export function rulesUsing(store: Store, relation: ObjectId): readonly RewriteRule[] {
  const found: RewriteRule[] = []
  for (const [table, rules] of store.rules) if (table !== relation) found.push(...rules.filter(({ dependencies }) => dependencies.some((one) => one.relation === relation)))
  return found
}

function dropRulesUsing(store: Store, relation: ObjectId): void {
  for (const gone of rulesUsing(store, relation)) {
    const rest = (store.rules.get(gone.table) ?? []).filter(({ name }) => name !== gone.name)
    put(store, store.rules, gone.table, rest.length === 0 ? undefined : rest)
  }
}

/** Removes functions that cannot be without what is gone. */
export function dropRoutines(store: Store, goes: (routine: FunctionInfo) => boolean): void {
  for (const [schema, names] of store.functions) {
    for (const [name, overloads] of names) {
      if (!overloads.some(goes)) continue
      const rest = overloads.filter((routine) => !goes(routine))
      putName(store, store.functions, schema, name, rest.length === 0 ? undefined : rest)
    }
  }
}

/** A foreign key that references a partitioned table goes with any of its partitions, but for those that go with the table. */
function dropKeysOver(store: Store, parent: ObjectId): void {
  const above = store.relations.get(parent)
  if (above === undefined) return
  for (const id of store.referencing.get(parent) ?? []) {
    const constraint = store.constraints.get(id)
    if (constraint !== undefined) removeConstraint(store, constraint)
  }
  if (above.partition !== null) dropKeysOver(store, above.partition.parent)
}

function releaseLinks(store: Store, relation: Relation): void {
  const { id } = relation
  for (const dependency of relation.dependencies) unlink(store, store.dependents, dependency.relation, id)
  if (relation.partition !== null) unlink(store, store.children, relation.partition.parent, id)
  for (const parent of relation.inherits) unlink(store, store.children, parent, id)
  if (relation.ownedBy === null) return
  unlink(store, store.ownedSequences, relation.ownedBy.relation, id)
}

/** A column's default goes with the sequence it draws from. */
function forgetDefault(store: Store, table: ObjectId, sequence: ObjectId): void {
  const relation = store.relations.get(table)
  if (relation === undefined || !relation.columns.some((column) => column.default?.sequence === sequence)) return
  updateRelation(store, table, (current) => ({
    ...current,
    columns: current.columns.map((column) =>
      column.default?.sequence === sequence ? { ...column, default: null } : column,
    ),
  }))
}

function forgetPublished(store: Store, table: ObjectId): void {
  for (const publication of store.publications.values()) {
    if (!publication.tables.some((entry) => entry.table === table)) continue
    const tables = publication.tables.filter((entry) => entry.table !== table)
    put(store, store.publications, publication.name, { ...publication, tables })
  }
}

/** Removes what has the name, which is then only there by mistake: the server has just given the name away. */
export function vacate(store: Store, schema: string, name: string): void {
  const id = store.names.get(schema)?.get(name)
  if (id === undefined) return
  removeRelation(store, id)
  const index = store.indexes.get(id)
  if (index !== undefined) dropIndexRecord(store, index)
}

/**
 * Removes a constraint with its index, the foreign keys that stand on that index, and, unless told otherwise, its copies in partitions
 * and children.
 */
export function removeConstraint(store: Store, constraint: Constraint, together = true): void {
  if (!store.constraints.has(constraint.id)) return
  const table = store.relations.get(constraint.table)
  const index = constraint.index === null ? undefined : store.indexes.get(constraint.index)
  // Which foreign keys stand on the index, the constraint tells.
  if (index !== undefined) for (const foreignKey of foreignKeysOver(store, index)) removeConstraint(store, foreignKey)
  forgetConstraint(store, table?.schema ?? "", constraint)
  if (index !== undefined) {
    for (const view of viewsCountingOn(store, index)) removeRelation(store, view.id)
    dropIndexRecord(store, index)
  }
  if (constraint.kind === "not null") {
    const [column] = constraint.columns
    if (column !== undefined)
      updateColumn(store, constraint.table, column, (old) => ({ ...old, notNull: false, notNullNotValid: false }))
  }
  if (!together) return
  for (const child of store.children.get(constraint.table) ?? []) {
    const copy = store.constraintsByTable.get(child)?.find((own) => own.inherited && isCopy(own, constraint))
    if (copy === undefined || inheritsConstraint(store, copy)) continue
    if (copy.local) setConstraint(store, { ...copy, inherited: false })
    else removeConstraint(store, copy)
  }
}

/** The views that cannot be without the primary key of an index, or without those of its parts on partitions. */
export function viewsCountingOn(store: Store, index: Index): readonly Relation[] {
  const views = (store.dependents.get(index.table) ?? []).flatMap((id) => store.relations.get(id) ?? [])
  const own = views.filter((view) => countsOn(view, index.constraint))
  return [...own, ...partsOf(store, index).flatMap((part) => viewsCountingOn(store, part))]
}

export function partsOf(store: Store, index: Index): readonly Index[] {
  return (store.children.get(index.table) ?? []).flatMap((child) => store.indexesByTable.get(child)?.find(({ parent }) => parent === index.id) ?? [])
}

/** The foreign keys that stand on a unique index. */
export function foreignKeysOver(store: Store, index: Index): readonly Constraint[] {
  if (!index.unique || index.predicate !== null) return []
  const keys = store.referencing.get(index.table)
  if (keys === undefined) return []
  const isPrimary = index.constraint !== null && store.constraints.get(index.constraint)?.kind === "primary key"
  const indexes = store.indexesByTable.get(index.table) ?? []
  return keys.flatMap((id) => {
    const foreignKey = store.constraints.get(id)
    return foreignKey !== undefined && standsOn(foreignKey, index, indexes, isPrimary) ? [foreignKey] : []
  })
}

/** Removes an index, the foreign keys that stand on it, its parts on partitions, and the constraint it stands behind. */
export function dropIndexRecord(store: Store, index: Index): void {
  if (!store.indexes.has(index.id)) return
  for (const foreignKey of foreignKeysOver(store, index)) removeConstraint(store, foreignKey)
  removeIndex(store, index)
  for (const part of partsOf(store, index)) dropIndexRecord(store, part)
  const constraint = index.constraint === null ? undefined : store.constraints.get(index.constraint)
  if (constraint !== undefined) removeConstraint(store, constraint)
  const table = store.relations.get(index.table)
  if (table?.clusteredOn === index.id)
    updateRelation(store, index.table, (current) => ({ ...current, clusteredOn: null }))
  if (table?.identityIndex === index.id)
    updateRelation(store, index.table, (current) => ({ ...current, identityIndex: null }))
}

/** Removes a column and what PostgreSQL drops with it: indexes, constraints, statistics and sequences that use it. */
export function removeColumn(store: Store, table: ObjectId, name: string): void {
  for (const index of store.indexesByTable.get(table) ?? []) if (usesColumn(index, name)) dropIndexRecord(store, index)
  for (const constraint of store.constraintsByTable.get(table) ?? []) {
    // The server drops them as dependents of the column, and tells the children nothing.
    const alone = constraint.kind === "check" || constraint.kind === "not null"
    if (constraint.columns.includes(name)) removeConstraint(store, constraint, !alone)
  }
  for (const id of store.referencing.get(table) ?? []) {
    const foreignKey = store.constraints.get(id)
    if (foreignKey?.references?.columns.includes(name) === true) removeConstraint(store, foreignKey)
  }
  for (const object of store.statisticsByTable.get(table) ?? []) {
    if (!object.columns.includes(name) && !object.expressionColumns.includes(name)) continue
    putName(store, store.statisticsNames, object.schema, object.name, undefined)
    const rest = (store.statisticsByTable.get(table) ?? []).filter(({ id }) => id !== object.id)
    put(store, store.statisticsByTable, table, rest)
  }
  for (const id of store.ownedSequences.get(table) ?? []) {
    if (store.relations.get(id)?.ownedBy?.column === name) removeRelation(store, id)
  }
  updateRelation(store, table, (relation) => ({
    ...relation,
    columns: relation.columns.filter((column) => column.name !== name),
  }))
}
