/** What certainly is not there, although the catalog does not list everything. */
import type { Origin } from "./catalog.ts"
import { distance } from "../source/nearest.ts"
import { isSystemName, searchPath, TEMP_SCHEMA, type WrittenName } from "./names.ts"
import { isComplete, put, type Store } from "./store.ts"

/** Tables in which migration tools keep their books: they make them themselves. */
const TOOLS_OWN = /migration|changelog|schema_(?:history|version|revision)|db_version|alembic_version|sequelizemeta|internal_metadata|evolutions|phinxlog|_prisma_|migrat/i

/**
 * Whether a name that is not listed means no relation or index at all: everything is known, a statement that ran took the name away,
 * or the history has made everything that it ever spoke of.
 */
export function rulesOut(store: Store, name: WrittenName): boolean {
  if (isComplete(store)) return true
  if (!store.flags.has("ordered") || store.flags.has("opaque") || isSystemName(name) || name.schema === TEMP_SCHEMA) return false
  if (store.doubtful.has(name.name) || (name.schema !== null && store.doubtful.has(name.schema))) return false
  // Under whatever search_path: nothing of that name may be anywhere.
  for (const names of store.names.values()) if (names.has(name.name)) return false
  return goneBy(store, name) !== null || (isWhole(store, name.name) && isOwnSchema(store, name) && !TOOLS_OWN.test(name.name))
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

/** How many tables the history has to have made before its silence about a name says something. */
const TELLING = 5

/**
 * Begun with an empty database, and nothing that came later speaks of anything else. A short history proves little, unless it has made
 * something that is called nearly the same.
 */
function isWhole(store: Store, name: string): boolean {
  if (!store.flags.has("whole") || store.flags.has("outside")) return false
  let tables = 0
  for (const made of store.relations.values()) {
    if (made.created === null || made.kind === "sequence") continue
    if ((made.kind === "table" || made.kind === "partitioned table") && ++tables >= TELLING) return true
    if (Math.abs(made.name.length - name.length) <= 2 && distance(name, made.name) <= (name.length < 8 ? 1 : 2)) return true
  }
  return false
}

/** Schemas that no migration made belong to somebody else. */
function isOwnSchema(store: Store, { schema }: WrittenName): boolean {
  if (schema === null) return !store.settings.has("search_path") || searchPath(store).every((one) => store.schemas.has(one))
  return store.schemas.has(schema)
}
