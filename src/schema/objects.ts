import type { Name } from "../parse/name.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { ObjectId, StatisticsObject } from "./catalog.ts"
import { renameIndex, moveToSchema } from "./rename.ts"
import { find, findIndex, findRelation, needSchema, TEMP_SCHEMA } from "./names.ts"
import { refuseRowType, refuseTypeName } from "./new-names.ts"
import { followFunctionName } from "./rename-function.ts"
import { meantFunction, replaceFunction, sameArguments } from "./routines.ts"
import { freeSchema, markOpaque, put, putName, isComplete, isSure, refuse, type Store } from "./store.ts"
import { renameTrigger } from "./triggers.ts"
import { findType } from "./types.ts"
import { moveType } from "./user-types.ts"

/** RENAME of what is neither a relation nor a part of one that has an operation of its own. */
export function renameObject(store: Store, op: OperationOf<"rename object">): void {
  const { name } = op.newName
  switch (op.kind) {
    case "type":
    case "domain": {
      const type = findType(store, op.object)
      if (type === undefined) return
      refuseTypeName(store, type.schema, op.newName)
      refuseRowType(store, type.schema, op.newName)
      moveType(store, type, type.schema, name)
      return
    }
    case "schema":
      if (store.schemas.has(name) && isComplete(store) && isSure(store, name)) refuse("42P06", `schema "${name}" already exists`, op.newName.span)
      return renameSchema(store, op.object.name, name)
    case "function":
    case "procedure":
    case "routine":
      return moveFunction(store, op, (schema) => ({ schema, name }), op.newName.span)
    case "trigger":
      return renamePart(store, store.triggers, op, name)
    case "policy":
      return renamePart(store, store.policies, op, name)
    case "rule":
      return renamePart(store, store.rules, op, name)
    case "index": {
      const index = findIndex(store, op.object)
      if (index !== undefined) renameIndex(store, index, name)
      return
    }
    case "statistics":
      return moveStatistics(store, op.object, (schema) => ({ schema, name }), op.newName.span)
    case "publication": {
      const publication = store.publications.get(op.object.name)
      if (publication === undefined) return
      if (store.publications.has(name) && isSure(store, name)) refuse("42710", `publication "${name}" already exists`, op.newName.span)
      put(store, store.publications, op.object.name, undefined)
      put(store, store.publications, name, { ...publication, name })
      return
    }
    default:
      return
  }
}

export function setObjectSchema(store: Store, op: OperationOf<"set object schema">): void {
  const schema = op.schema.name
  if (schema === TEMP_SCHEMA && isSure(store, op.object.name)) refuse("0A000", "cannot move objects into or out of temporary schemas", op.schema.span)
  switch (op.kind) {
    case "type":
    case "domain": {
      const type = findType(store, op.object)
      if (type === undefined || type.schema === schema) return
      needSchema(store, schema, op.schema.span)
      refuseTypeName(store, schema, { name: type.name, span: op.schema.span })
      refuseRowType(store, schema, { name: type.name, span: op.schema.span })
      moveType(store, type, schema, type.name)
      return
    }
    case "function":
    case "procedure":
    case "routine":
      return moveFunction(store, op, (from) => (from === schema ? null : { schema, name: op.object.name }), op.schema.span)
    case "statistics":
      return moveStatistics(store, op.object, (from) => (from === schema ? null : { schema, name: op.object.name }), op.schema.span)
    case "extension":
      return moveExtension(store, op.object.name, schema)
    default:
      return
  }
}

/** The types of an extension go where it goes. */
function moveExtension(store: Store, extension: string, schema: string): void {
  const from = store.extensions.get(extension)
  if (from === undefined) return
  put(store, store.extensions, extension, schema)
  const type = find(store, store.typeNames, { schema: from, name: extension })
  const own = type === undefined ? undefined : store.types.get(type)
  if (own?.kind === "base") moveType(store, own, schema, own.name)
}

function renamePart<T extends { readonly name: string }>(
  store: Store,
  parts: Map<ObjectId, readonly T[]>,
  op: OperationOf<"rename object">,
  name: string,
): void {
  const table = op.table === null ? undefined : findRelation(store, op.table)
  const own = table === undefined ? undefined : parts.get(table.id)
  if (table === undefined || own === undefined) return
  // From 15 on a trigger may be given the name that it has.
  const stays = op.kind === "trigger" && op.object.name === name && store.pgVersion >= 15
  if (!stays && own.some((part) => part.name === name) && isSure(store, table.name, name))
    refuse("42710", `${op.kind} "${name}" for relation "${table.name}" already exists`, op.newName.span)
  if (op.kind === "trigger") return renameTrigger(store, table.id, op.object.name, name)
  put(
    store,
    parts,
    table.id,
    own.map((part) => (part.name === op.object.name ? { ...part, name } : part)),
  )
}

type Place = { readonly schema: string; readonly name: string }

function moveFunction(store: Store, op: OperationOf<"rename object" | "set object schema">, to: (schema: string) => Place | null, span: Span): void {
  const info = meantFunction(store, op.object, op.arguments)
  if (info === undefined) return
  const place = to(info.schema)
  if (place === null) return
  const same = store.functions.get(place.schema)?.get(place.name)?.some((other) => sameArguments(other, info.argumentTypes)) === true
  if (same && isSure(store, place.name)) refuse("42723", `function ${place.name} already exists in schema "${place.schema}"`, span)
  replaceFunction(store, info, null)
  const others = store.functions.get(place.schema)?.get(place.name) ?? []
  putName(store, store.functions, place.schema, place.name, [...others, { ...info, ...place }])
  followFunctionName(store, info.name, place.name)
  // Functions of triggers have no arguments.
  if (info.argumentTypes.length > 0) return
  const names = [info.name, `${info.schema}.${info.name}`]
  const follow = (written: string): string => {
    if (!names.includes(written)) return written
    return written === info.name && place.schema === info.schema ? place.name : `${place.schema}.${place.name}`
  }
  for (const [table, triggers] of [...store.triggers]) {
    if (!triggers.some((trigger) => names.includes(trigger.function))) continue
    put(
      store,
      store.triggers,
      table,
      triggers.map((trigger) => ({ ...trigger, function: follow(trigger.function) })),
    )
  }
}

function moveStatistics(store: Store, written: Name, to: (schema: string) => Place | null, span: Span): void {
  const object = find(store, store.statisticsNames, written)
  if (object === undefined) return
  const place = to(object.schema)
  if (place === null) return
  if (store.statisticsNames.get(place.schema)?.has(place.name) === true && isSure(store, place.name))
    refuse("42710", `statistics object "${place.name}" already exists in schema "${place.schema}"`, span)
  placeStatistics(store, object, place)
}

function placeStatistics(store: Store, object: StatisticsObject, place: Place): void {
  const moved = { ...object, ...place }
  putName(store, store.statisticsNames, object.schema, object.name, undefined)
  putName(store, store.statisticsNames, place.schema, place.name, moved)
  const own = store.statisticsByTable.get(object.table) ?? []
  put(
    store,
    store.statisticsByTable,
    object.table,
    own.map((other) => (other.id === object.id ? moved : other)),
  )
}

// ---------------------------------------------------------------------------------------------------------------------
// Schemas

export function createSchema(store: Store, op: OperationOf<"create schema">): boolean {
  const { name, span } = op.schema
  if (op.ofSession) markOpaque(store)
  if (store.schemas.has(name)) {
    if (op.ifNotExists || store.now.conditional) return false
    if ((isComplete(store) || store.schemas.get(name) !== null) && isSure(store, name)) refuse("42P06", `schema "${name}" already exists`, span)
  }
  put(store, store.schemas, name, store.now.origin)
  store.path = null
  return true
}

function renameSchema(store: Store, from: string, to: string): void {
  for (const id of [...(store.names.get(from)?.values() ?? [])]) {
    const relation = store.relations.get(id)
    if (relation !== undefined) moveToSchema(store, relation, to, from)
  }
  for (const id of [...(store.typeNames.get(from)?.values() ?? [])]) {
    const type = store.types.get(id)
    if (type !== undefined) moveType(store, type, to, type.name)
  }
  for (const [name, infos] of [...(store.functions.get(from) ?? [])]) {
    putName(store, store.functions, from, name, undefined)
    putName(
      store,
      store.functions,
      to,
      name,
      infos.map((info) => ({ ...info, schema: to })),
    )
  }
  for (const object of [...(store.statisticsNames.get(from)?.values() ?? [])]) placeStatistics(store, object, { schema: to, name: object.name })
  for (const [extension, home] of [...store.extensions]) if (home === from) put(store, store.extensions, extension, to)
  const origin = store.schemas.get(from)
  freeSchema(store, from)
  put(store, store.schemas, to, origin ?? null)
}
