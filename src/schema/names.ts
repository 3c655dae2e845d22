import type { Name } from "../parse/name.ts"
import type { RelationKeyword } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Index, ObjectId, Relation, RelationKind } from "./catalog.ts"
import { noteOutside, rulesOut } from "./absence.ts"
import { addRelation, isComplete, isSure, put, refuse, type Names, type Store } from "./store.ts"

/** A name as written, wherever it stands. */
export interface WrittenName {
  readonly schema: string | null
  readonly name: string
}

/** The schema that temporary objects go to. The server numbers it by session; SQL may say `pg_temp`. */
export const TEMP_SCHEMA = "pg_temp"

export const DEFAULT_PATH: readonly string[] = ["$user", "public"]

/** Schemas searched for unqualified names, in order; the temporary and the system schema, searched always, left out. */
export function searchPath(store: Store): readonly string[] {
  store.path ??= (store.settings.get("search_path") ?? DEFAULT_PATH).filter(
    // The user's name is not known, and hardly anybody has a schema of that name.
    (schema) => schema !== "$user" && schema !== "" && schema !== "pg_catalog" && schema !== TEMP_SCHEMA,
  )
  return store.path
}

/** Whether all schemas of the search path are known: the script has set it, or whoever runs it, and not only what stands in front. */
function isPathKnown({ settings, start: { searchPath } }: Store): boolean {
  const path = settings.get("search_path")
  return path !== undefined && !(searchPath?.open === true && path === searchPath.schemas)
}

/**
 * Where unqualified new objects go: the first schema of the path that exists. Refuses when a complete catalog has
 * none.
 */
export function creationSchema(store: Store, span: Span | null): string {
  const path = searchPath(store)
  const isThere = (schema: string): boolean => !isComplete(store) || store.schemas.has(schema)
  if (comesFirst(store, TEMP_SCHEMA, isThere)) return TEMP_SCHEMA
  const found = path.find(isThere)
  if (found !== undefined) return found
  if (span !== null && isComplete(store) && isSure(store, ...path)) {
    refuse("3F000", "no schema has been selected to create in", span)
  }
  return path[0] ?? "public"
}

/** Whether the path names the schema before any other one that is there. */
function comesFirst({ settings }: Store, schema: string, isThere: (schema: string) => boolean): boolean {
  const path = settings.get("search_path")
  return path?.includes(schema) === true && path.find((one) => one === schema || (one !== "$user" && one !== "" && isThere(one))) === schema
}

/** The schema a new object of that name goes to. */
export function targetSchema(store: Store, name: Name): string {
  if (name.schema === null) return creationSchema(store, name.span)
  needSchema(store, name.schema, name.span)
  return name.schema
}

export function needSchema(store: Store, schema: string, span: Span): void {
  if (store.schemas.has(schema) || schema === TEMP_SCHEMA || isSystemSchema(schema)) return
  if (isComplete(store) && isSure(store, schema)) refuse("3F000", `schema "${schema}" does not exist`, span)
}

export function isSystemSchema(schema: string): boolean {
  return schema === "pg_catalog" || schema === "information_schema" || schema === "pg_toast"
}

/** Names of the system's own relations, which the catalog does not list. */
export function isSystemName(name: WrittenName): boolean {
  return name.schema === null ? name.name.startsWith("pg_") : isSystemSchema(name.schema)
}

/** The entry that a written name means, through the search path. */
export function find<V>(store: Store, names: Names<V>, { schema, name }: WrittenName): V | undefined {
  if (schema !== null) return names.get(schema)?.get(name)
  const path = searchPath(store)
  const { latest } = store
  if (latest.name === name && latest.names === names && latest.path === path && latest.changes === store.changes) {
    // It came out of the same names.
    return latest.found as V | undefined
  }
  const found = findOnPath(names, path, name) ?? findElsewhere(store, names, name)
  store.latest = { names, path, name, changes: store.changes, found }
  return found
}

function findOnPath<V>(names: Names<V>, path: readonly string[], name: string): V | undefined {
  // Both are searched first, whatever the path says.
  const first = names.get(TEMP_SCHEMA)?.get(name) ?? names.get("pg_catalog")?.get(name)
  if (first !== undefined) return first
  for (const candidate of path) {
    const found = names.get(candidate)?.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * What the only schema that has the name means by it. Nobody knows the path that the role, the database or the connection sets: where
 * nothing tells all of it and the statements are taken to succeed, the name means what is there.
 */
function findElsewhere<V>(store: Store, names: Names<V>, name: string): V | undefined {
  if (isComplete(store) || isPathKnown(store)) return undefined
  let found: V | undefined
  for (const [schema, own] of names) {
    const entry = schema === TEMP_SCHEMA ? undefined : own.get(name)
    if (entry === undefined) continue
    // Names that stand for a template, which the migration at hand may not even have, begin so.
    if (found !== undefined || schema.startsWith("_")) return undefined
    found = entry
  }
  return found
}

export function findRelation(store: Store, name: WrittenName): Relation | undefined {
  const id = find(store, store.names, name)
  return id === undefined ? undefined : store.relations.get(id)
}

export function findIndex(store: Store, name: WrittenName): Index | undefined {
  const id = find(store, store.names, name)
  return id === undefined ? undefined : store.indexes.get(id)
}

const KIND_OF_KEYWORD: Readonly<Record<RelationKeyword, RelationKind>> = {
  table: "table",
  index: "table",
  view: "view",
  "materialized view": "materialized view",
  sequence: "sequence",
  "foreign table": "foreign table",
}

/**
 * The relation a statement works on. One that is not listed is refused when the catalog is complete; otherwise it
 * must have been there before, and is listed from now on as existing, with nothing known of it.
 */
export function needRelation(
  store: Store,
  name: Name,
  keyword: RelationKeyword,
  missingOk: boolean,
): Relation | undefined {
  const id = find(store, store.names, name)
  if (id !== undefined) return store.relations.get(id)
  if (isSystemName(name)) return undefined
  doubtPath(store, name)
  if (isComplete(store)) {
    if (missingOk) return undefined
    if (name.schema !== null) needSchema(store, name.schema, name.span)
    if (isSure(store, name.name, ...(name.schema === null ? [] : [name.schema])))
      refuse("42P01", missing(name), name.span)
  }
  if (keyword === "index") return undefined
  if (missingOk && rulesOut(store, name)) return undefined
  // With IF EXISTS it may not be there at all.
  if (missingOk) put(store, store.doubtful, name.name, true)
  else noteOutside(store, name)
  return addRelation(store, unknownRelation(store, name, KIND_OF_KEYWORD[keyword]))
}

/**
 * To be told of a name that is not where it is looked for. Where the migrations never set the search_path, the role, the database or
 * the tool may: of what lies in another schema under that very name nobody knows which of them is meant.
 */
export function doubtPath(store: Store, { schema, name }: WrittenName): void {
  if (isComplete(store) || isPathKnown(store)) return
  for (const [other, names] of store.names) {
    // Names that say their schema are beyond doubt, unless what was made without one may lie there.
    if (other !== TEMP_SCHEMA && (schema === null || other === creationSchema(store, null)) && names.has(name)) put(store, store.doubtful, name, true)
  }
}

function missing(name: WrittenName): string {
  return `relation "${name.schema === null ? "" : `${name.schema}.`}${name.name}" does not exist`
}

function unknownRelation(store: Store, name: WrittenName, kind: RelationKind): Relation {
  return {
    ...newRelation(store.nextId++, name.schema ?? creationSchema(store, null), name.name, kind),
    known: false,
    created: null,
    populated: true,
  }
}

/** A relation with nothing in it yet; every record has the same shape. */
export function newRelation(id: ObjectId, schema: string, name: string, kind: RelationKind): Relation {
  return {
    id,
    schema,
    name,
    kind,
    persistence: schema === TEMP_SCHEMA ? "temporary" : "permanent",
    known: true,
    created: null,
    populated: false,
    filled: false,
    maybeOlder: false,
    columns: [],
    partition: null,
    partitionBy: null,
    inherits: [],
    dependencies: [],
    calls: [],
    castTypes: [],
    readOnly: false,
    sequenceType: null,
    ownedBy: null,
    ofType: null,
    accessMethod: null,
    tablespace: null,
    // Of a foreign table there is nothing to replicate (heap_create).
    replicaIdentity: kind === "foreign table" ? "nothing" : "default",
    identityIndex: null,
    rowSecurity: false,
    forceRowSecurity: false,
    materialized: false,
    clusteredOn: null,
    owner: null,
  }
}
