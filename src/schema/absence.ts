/** What certainly is not there, although the catalog does not list everything. */
import type { Origin } from "./catalog.ts"
import { distance } from "../source/nearest.ts"
import { find, isSystemName, isSystemSchema, searchPath, TEMP_SCHEMA, type WrittenName } from "./names.ts"
import { isComplete, put, type Store } from "./store.ts"
import { builtinTypeNames, isMissingIn, schemaOfType } from "./types.ts"

/** Tables in which migration tools keep their books: they make them themselves. */
const TOOLS_OWN = /migrat|changelog|schema_(?:history|version|revision)|db_version|alembic_version|sequelizemeta|internal_metadata|evolutions|phinxlog/i

/**
 * Whether a name that is not listed means no relation or index at all: everything is known, a statement that ran took the name away,
 * or the history has made everything that it ever spoke of.
 */
export function rulesOut(store: Store, name: WrittenName): boolean {
  if (isComplete(store)) return true
  if (!isFollowed(store, name) || isSystemName(name) || name.schema === TEMP_SCHEMA) return false
  // Under whatever search_path: nothing of that name may be anywhere.
  for (const names of store.names.values()) if (names.has(name.name)) return false
  if (goneBy(store, name) !== null) return true
  const made = function* () {
    for (const relation of store.relations.values()) if (relation.created !== null && relation.kind !== "sequence") yield relation.name
  }
  return isClosed(store, name) && !TOOLS_OWN.test(name.name) && (hasMade(store, TELLING) || isLike(name.name, made()))
}

/** The same for a type. */
export function rulesOutType(store: Store, type: WrittenName): boolean {
  if (isComplete(store) && isMissingIn(store, type)) return true
  if (schemaOfType(store, type) !== null) return false
  if (isComplete(store)) return true
  const names = function* () {
    for (const { name } of store.types.values()) yield name
    yield* builtinTypeNames()
  }
  return isClosed(store, type) && (hasMade(store, TELLING) || isLike(type.name, names()))
}

/** The same for the name of a function that nothing but the migrations can have made. */
export function rulesOutFunction(store: Store, name: WrittenName): boolean {
  if (isComplete(store)) return find(store, store.functions, name) === undefined
  for (const names of store.functions.values()) if (names.has(name.name)) return false
  return isClosed(store, name) && hasMade(store, TELLING)
}

/** Whether there certainly is no schema of that name: everything is known, or a statement that ran took it away. Others may have come from elsewhere. */
export function rulesOutSchema(store: Store, name: string): boolean {
  if (store.schemas.has(name) || name === TEMP_SCHEMA || isSystemSchema(name)) return false
  return isComplete(store) || (store.goneSchemas.has(name) && isReadable(store, { schema: null, name }))
}

/** Whether all is known that has happened to what has the name. */
export function isCertain(store: Store, name: WrittenName): boolean {
  return isComplete(store) || isReadable(store, name)
}

/** The statement that dropped or renamed what last had the name; null when none did. */
export function goneBy(store: Store, { schema, name }: WrittenName): Origin | null {
  for (const home of schema === null ? searchPath(store) : [schema]) {
    const origin = store.gone.get(home)?.get(name)
    if (origin !== undefined) return origin
  }
  return null
}

/** To be told of every relation that is not listed and that a statement takes to exist. */
export function noteOutside(store: Store, name: WrittenName): void {
  if (!store.flags.has("outside") && goneBy(store, name) === null) put(store, store.flags, "outside", true)
}

/** Every statement so far was read, and none that may not have run touched the name. */
function isReadable(store: Store, name: WrittenName): boolean {
  return isFollowed(store, name) && !store.flags.has("opaque")
}

/** No statement that may not have run touched the name. */
function isFollowed({ flags, doubtful }: Store, { schema, name }: WrittenName): boolean {
  return flags.has("ordered") && !doubtful.has(name) && !(schema !== null && doubtful.has(schema))
}

/**
 * Begun with an empty database, and nothing that came later speaks of anything else. Schemas that no migration made belong to somebody
 * else.
 */
function isClosed(store: Store, name: WrittenName): boolean {
  if (!isReadable(store, name) || !store.flags.has("whole") || store.flags.has("outside")) return false
  if (name.schema !== null) return store.schemas.has(name.schema)
  return !store.settings.has("search_path") || searchPath(store).every((one) => store.schemas.has(one))
}

/** How many tables the history has to have made before its silence about a name says something. */
const TELLING = 5

function hasMade(store: Store, count: number): boolean {
  let made = 0
  for (const { created, kind } of store.relations.values()) {
    if (created !== null && (kind === "table" || kind === "partitioned table") && ++made >= count) return true
  }
  return false
}

/** A name that is nearly that of something else is misspelled, however short the history. */
function isLike(name: string, others: Iterable<string>): boolean {
  const most = name.length < 8 ? 1 : 2
  for (const other of others) if (Math.abs(other.length - name.length) <= most && distance(name, other) <= most) return true
  return false
}
