import type { DropOperation, DroppedObject } from "../parse/operation.ts"
import type { FunctionInfo, ObjectId, Relation, UserType } from "./catalog.ts"
import { isSolid, treeOf, updateColumn } from "./columns.ts"
import { doubtPath, find, findIndex, findRelation, isSystemName } from "./names.ts"
import { columnBlockers } from "./dependencies.ts"
import { dropPoliciesCalling, policiesReading } from "./policies.ts"
import { dropIndexRecord, dropRoutines, foreignKeysOver, removeColumn, removeConstraint, removeRelation, rulesUsing } from "./remove.ts"
import { meantFunction, replaceFunction } from "./routines.ts"
import { dropViewsCalling } from "./views.ts"
import { countConstraintName, freeSchema, isComplete, isSure, markOpaque, put, putName, refuse, type Store } from "./store.ts"
import { dropTrigger } from "./triggers.ts"
import { handlesType } from "./type-names.ts"
import { usersByCast, type TypeUser } from "./type-users.ts"
import { findType, typeIdOf } from "./types.ts"

/** DROP of anything. */
export function drop(store: Store, op: DropOperation): void {
  switch (op.kind) {
    case "table":
    case "view":
    case "materialized view":
    case "foreign table":
    case "sequence":
      return dropRelations(store, op)
    case "index":
      for (const object of op.objects) dropIndex(store, op, object)
      return
    case "type":
    case "domain":
      for (const object of op.objects) dropType(store, op, object)
      return
    case "schema":
      for (const object of op.objects) dropSchema(store, op, object)
      return
    case "extension":
      for (const { name } of op.objects) dropExtension(store, name.name)
      return
    case "function":
    case "procedure":
    case "routine":
    case "aggregate":
      for (const object of op.objects) dropFunction(store, op, object)
      return
    case "trigger":
    case "policy":
    case "rule":
      for (const object of op.objects) dropPart(store, op, object)
      return
    case "statistics":
      for (const { name } of op.objects) dropStatistics(store, name)
      return
    case "publication":
      for (const { name } of op.objects) put(store, store.publications, name.name, undefined)
      return
    case "column":
    case "constraint":
    case "domain constraint":
    case "event trigger":
    case "subscription":
    case "database":
    case "role":
    case "tablespace":
    case "collation":
    case "other":
      return
  }
}

/** Whether a missing object certainly fails the statement. */
function mustExist(store: Store, op: DropOperation, { name }: DroppedObject): boolean {
  if (op.ifExists || !isComplete(store) || isSystemName(name)) return false
  return isSure(store, name.name, ...(name.schema === null ? [] : [name.schema]))
}

// ---------------------------------------------------------------------------------------------------------------------
// Relations

function dropRelations(store: Store, op: DropOperation): void {
  const relations: Relation[] = []
  for (const object of op.objects) {
    const relation = findRelation(store, object.name)
    if (relation !== undefined) relations.push(relation)
    else {
      doubtPath(store, object.name)
      if (!mustExist(store, op, object)) continue
      refuse("42P01", `${op.kind} "${object.name.name}" does not exist`, object.span)
    }
  }
  if (!op.cascade) {
    const going = new Set<ObjectId>(relations.flatMap(({ id }) => treeOfPartitions(store, id)))
    for (const relation of relations) refuseWhenNeeded(store, op, relation, going)
  } else if (relations.length < op.objects.length || relations.some(({ known }) => !known)) doubtDependents(store)
  for (const relation of relations) {
    if (op.cascade) removeUses(store, relation)
    removeRelation(store, relation.id)
  }
}

/** CASCADE took along the views over a relation of which nobody knows them all; what is known by name alone may be such a view. */
function doubtDependents(store: Store): void {
  for (const { name, known } of store.relations.values()) if (!known) put(store, store.doubtful, name, true)
}

/** Partitions go with their table without CASCADE. */
function treeOfPartitions(store: Store, id: ObjectId): readonly ObjectId[] {
  return treeOf(store, id).filter((child) => child === id || store.relations.get(child)?.partition !== null)
}

function refuseWhenNeeded(store: Store, op: DropOperation, relation: Relation, going: ReadonlySet<ObjectId>): void {
  const needed =
    (store.dependents.get(relation.id) ?? []).find((id) => !going.has(id)) ??
    (store.children.get(relation.id) ?? []).find((id) => !going.has(id)) ??
    (store.referencing.get(relation.id) ?? [])
      .map((id) => store.constraints.get(id)?.table)
      .find((id) => id !== undefined && !going.has(id)) ??
    policiesReading(store, relation.id).find(({ table }) => !going.has(table))?.table ??
    rulesUsing(store, relation.id).find(({ table }) => !going.has(table))?.table ??
    columnsOfType(store, relation).find((user) => !going.has(user.relation.id))?.relation.id
  if (needed === undefined) return
  const user = store.relations.get(needed)
  if (user === undefined || !isSure(store, relation.name, user.name)) return
  const message = `cannot drop ${relation.kind} ${relation.name} because other objects depend on it`
  refuse("2BP01", message, op.objects.find(({ name }) => name.name === relation.name)?.span ?? op.span)
}

function dropIndex(store: Store, op: DropOperation, object: DroppedObject): void {
  const index = findIndex(store, object.name)
  if (index === undefined) {
    doubtPath(store, object.name)
    // Indexes of tables that are not known are not listed.
    if (mustExist(store, op, object)) refuse("42704", `index "${object.name.name}" does not exist`, object.span)
    return
  }
  const table = store.relations.get(index.table)
  if (index.constraint !== null && table !== undefined && isSolid(store, table, index.name)) {
    const message = `cannot drop index ${index.name} because constraint ${index.name} on table ${table.name} requires it`
    refuse("2BP01", message, object.span)
  }
  if (index.parent !== null && isSure(store, index.name)) {
    const parent = store.indexes.get(index.parent)
    refuse("2BP01", `cannot drop index ${index.name} because index ${parent?.name ?? ""} requires it`, object.span)
  }
  const [user] = op.cascade ? [] : foreignKeysOver(store, index)
  if (user !== undefined && isSure(store, index.name, user.name)) {
    refuse("2BP01", `cannot drop index ${index.name} because other objects depend on it`, object.span)
  }
  dropIndexRecord(store, index)
}

// ---------------------------------------------------------------------------------------------------------------------
// Types

function dropType(store: Store, op: DropOperation, object: DroppedObject): void {
  const type = findType(store, object.name)
  if (type === undefined) {
    if (mustExist(store, op, object)) refuse("42704", `type "${object.name.name}" does not exist`, object.span)
    return
  }
  if (type.kind === "multirange" && isSure(store, type.name)) refuse("2BP01", `cannot drop type ${type.name} because its range type requires it`, object.span)
  const [first] = [type, ...multirangesOf(store, type)].flatMap((one) => [...columnsOfType(store, one), ...defaultsNaming(store, one.id), ...usersByCast(one.id, reading(store))])
  if (first !== undefined && !op.cascade && isSure(store, type.name, first.relation.name)) {
    refuse("2BP01", `cannot drop type ${type.name} because other objects depend on it`, object.span)
  }
  removeType(store, type)
}

function multirangesOf(store: Store, { id }: UserType): readonly UserType[] {
  return [...store.types.values()].filter((type) => type.kind === "multirange" && type.range === id)
}

function removeType(store: Store, type: UserType): void {
  if (type.kind === "range") for (const one of multirangesOf(store, type)) removeType(store, one)
  removeUses(store, type)
  for (const table of [...store.relations.values()]) if (table.ofType === type.id) removeRelation(store, table.id)
  for (const user of store.typeUsers.get(type.id) ?? []) {
    const nested = store.types.get(user)
    if (nested?.kind === "domain" && typeIdOf(store, nested.base) === type.id) removeType(store, nested)
    if (nested?.kind !== "composite") continue
    const attributes = nested.attributes.filter((attribute) => typeIdOf(store, attribute.type) !== type.id)
    put(store, store.types, user, { ...nested, attributes })
  }
  putName(store, store.typeNames, type.schema, type.name, undefined)
  put(store, store.types, type.id, undefined)
  if (type.kind === "domain") for (const { name } of type.checks) countConstraintName(store, type.schema, name, -1)
}

/** Removes the columns and functions that cannot be without a type, or without the rows of a relation. */
function removeUses(store: Store, type: Pick<UserType, "id" | "schema" | "name">): void {
  for (const { relation, column } of columnsOfType(store, type)) {
    // Without a column of its partition key there is no table.
    if (relation.partitionBy?.columns.includes(column) === true) {
      removeRelation(store, relation.id)
      continue
    }
    removeWithUsers(store, relation, column)
  }
  for (const { relation, column } of defaultsNaming(store, type.id)) updateColumn(store, relation.id, column, (old) => ({ ...old, default: null }))
  for (const user of [...usersByCast(type.id, reading(store))]) removeUser(store, user)
  for (const overloads of [...store.functions.values()].flatMap((names) => [...names.values()]))
    for (const routine of overloads) if (handlesType(routine, type)) dropFunctionUsers(store, routine, overloads)
  dropRoutines(store, (routine) => handlesType(routine, type))
}

function reading(store: Store): Parameters<typeof usersByCast>[1] {
  return {
    relations: () => [...store.relations.values()],
    constraintsOf: (table) => store.constraintsByTable.get(table) ?? [],
    policiesOf: (table) => store.policies.get(table) ?? [],
  }
}

function removeUser(store: Store, user: TypeUser): void {
  const { relation } = user
  if (user.kind === "view") removeRelation(store, relation.id)
  else if (user.kind === "constraint") removeConstraint(store, user.constraint)
  else if (user.kind === "policy") dropNamed(store, store.policies, relation.id, user.name)
  else removeWithUsers(store, relation, user.name)
}

/** Columns whose default hangs on a type. */
function defaultsNaming(store: Store, type: ObjectId): readonly { readonly relation: Relation; readonly column: string }[] {
  return [...store.relations.values()].flatMap((relation) =>
    relation.columns.flatMap((column) => (column.default?.types.includes(type) === true ? [{ relation, column: column.name }] : [])),
  )
}

function removeWithUsers(store: Store, relation: Relation, column: string): void {
  for (const blocker of columnBlockers(store, relation, column, "drop")) blocker.drop()
  removeColumn(store, relation.id, column)
}

function columnsOfType(
  store: Store,
  type: Pick<UserType, "id">,
): readonly { readonly relation: Relation; readonly column: string }[] {
  const found: { relation: Relation; column: string }[] = []
  for (const user of store.typeUsers.get(type.id) ?? []) {
    const relation = store.relations.get(user)
    for (const column of relation?.columns ?? []) {
      if (relation !== undefined && typeIdOf(store, column.type) === type.id)
        found.push({ relation, column: column.name })
    }
  }
  return found
}

// ---------------------------------------------------------------------------------------------------------------------
// Schemas, extensions, functions, parts of tables

function dropSchema(store: Store, op: DropOperation, object: DroppedObject): void {
  const schema = object.name.name
  if (!store.schemas.has(schema) && !store.names.has(schema)) {
    if (mustExist(store, op, object)) refuse("3F000", `schema "${schema}" does not exist`, object.span)
    freeSchema(store, schema)
    return
  }
  const relations = [...(store.names.get(schema)?.values() ?? [])]
  if (relations.length > 0 && !op.cascade && isSure(store, schema)) {
    refuse("2BP01", `cannot drop schema ${schema} because other objects depend on it`, object.span)
  }
  for (const id of relations) removeRelation(store, id)
  for (const id of [...(store.typeNames.get(schema)?.values() ?? [])]) {
    const type = store.types.get(id)
    if (type !== undefined) removeType(store, type)
  }
  for (const name of [...(store.functions.get(schema)?.keys() ?? [])]) {
    putName(store, store.functions, schema, name, undefined)
    dropTriggersOf(store, [`${schema}.${name}`])
  }
  for (const { name } of [...(store.statisticsNames.get(schema)?.values() ?? [])]) dropStatistics(store, { ...object.name, schema, name })
  for (const [extension, home] of [...store.extensions])
    if (home === schema) put(store, store.extensions, extension, undefined)
  freeSchema(store, schema)
}

/** Which objects belong to an extension is not known in detail. */
function dropExtension(store: Store, name: string): void {
  if (!store.extensions.has(name)) return
  put(store, store.extensions, name, undefined)
  markOpaque(store)
}

function dropFunction(store: Store, op: DropOperation, object: DroppedObject): void {
  const overloads = find(store, store.functions, object.name)
  if (overloads === undefined) return
  const info = meantFunction(store, object.name, object.arguments)
  if (info === undefined) {
    // It may be one of them after all: procedures are named with or without what they give back.
    put(store, store.doubtful, object.name.name, true)
    return
  }
  if (op.kind !== "aggregate") replaceFunction(store, info, null)
  if (op.cascade) dropFunctionUsers(store, info, overloads)
}

/** Drops what cannot be without a function. */
function dropFunctionUsers(store: Store, info: FunctionInfo, overloads: readonly FunctionInfo[]): void {
  dropPoliciesCalling(store, info.id)
  dropViewsCalling(store, info.id)
  if (overloads.length === 1) dropExpressionsCalling(store, info.name)
  // Functions of triggers have no arguments.
  if (info.argumentTypes.length === 0) dropTriggersOf(store, [info.name, `${info.schema}.${info.name}`])
}

/** Drops the defaults, generated columns, CHECK constraints (of domains, too) and indexes that call a function of the name. */
function dropExpressionsCalling(store: Store, name: string): void {
  for (const relation of [...store.relations.values()]) {
    const { id, columns } = relation
    for (const column of columns) {
      if (column.default?.functions.includes(name) === true) updateColumn(store, id, column.name, (old) => ({ ...old, default: null }))
      if (column.generated?.functions.includes(name) === true) removeWithUsers(store, store.relations.get(id) ?? relation, column.name)
    }
    for (const index of store.indexesByTable.get(id) ?? []) if (index.functions.includes(name)) dropIndexRecord(store, index)
    for (const constraint of store.constraintsByTable.get(id) ?? [])
      if (constraint.expression?.functions.includes(name) === true) removeConstraint(store, constraint)
  }
  for (const type of [...store.types.values()]) {
    const gone = type.kind === "domain" ? type.checks.filter(({ functions }) => functions.includes(name)) : []
    if (type.kind !== "domain" || gone.length === 0) continue
    for (const check of gone) countConstraintName(store, type.schema, check.name, -1)
    put(store, store.types, type.id, { ...type, checks: type.checks.filter((check) => !gone.includes(check)) })
  }
}

function dropTriggersOf(store: Store, functions: readonly string[]): void {
  for (const [table, triggers] of [...store.triggers]) {
    const rest = triggers.filter((trigger) => !functions.includes(trigger.function))
    if (rest.length < triggers.length) put(store, store.triggers, table, rest)
  }
}

/** A trigger, policy or rule of a table. */
function dropPart(store: Store, op: DropOperation, object: DroppedObject): void {
  const table = object.table === null ? undefined : findRelation(store, object.table)
  const { name } = object.name
  if (table === undefined) {
    const missing = object.table
    if (missing !== null && mustExist(store, op, { ...object, name: missing })) {
      refuse("42P01", `relation "${missing.name}" does not exist`, missing.span)
    }
    return
  }
  const dropped =
    op.kind === "trigger"
      ? dropTrigger(store, table.id, name)
      : op.kind === "policy"
        ? dropNamed(store, store.policies, table.id, name)
        : dropNamed(store, store.rules, table.id, name)
  if (dropped || op.ifExists || op.kind === "rule" || !isComplete(store) || !isSolid(store, table, name)) return
  refuse("42704", `${op.kind} "${name}" for table "${table.name}" does not exist`, object.span)
}

function dropNamed<T extends { readonly name: string }>(
  store: Store,
  parts: Map<ObjectId, readonly T[]>,
  table: ObjectId,
  name: string,
): boolean {
  const own = parts.get(table)
  if (own?.some((part) => part.name === name) !== true) return false
  put(
    store,
    parts,
    table,
    own.filter((part) => part.name !== name),
  )
  return true
}

function dropStatistics(store: Store, name: DroppedObject["name"]): void {
  const object = find(store, store.statisticsNames, name)
  if (object === undefined) return
  putName(store, store.statisticsNames, object.schema, object.name, undefined)
  const rest = (store.statisticsByTable.get(object.table) ?? []).filter(({ id }) => id !== object.id)
  put(store, store.statisticsByTable, object.table, rest)
}
