import type { TypeName } from "../parse/name.ts"
import { builtinTypes } from "./builtin-types.ts"
import type { Catalog, ColumnType, IntegerType, ObjectId, Relation, UserType } from "./catalog.ts"
import { find, findRelation, type WrittenName } from "./names.ts"
import { isComplete, isSure, link, refuse, type Store } from "./store.ts"

/** Names of the types in pg_catalog; which version has which does not matter here. */
const BUILTIN: ReadonlySet<string> = new Set(builtinTypes.split(/\s+/).map((word) => word.replace(/@.*/, "")))

/** Every name of a built-in type, of whatever major. */
export function builtinTypeNames(): Iterable<string> {
  return BUILTIN
}

/** The type of a column of which only the existence is known (`ALTER COLUMN c SET NOT NULL` on an unlisted table). */
export const UNKNOWN_TYPE: ColumnType = { schema: null, name: "unknown", modifiers: [], dimensions: 0 }

/** Whether nothing is known of the column's type. */
export function isUnknownType(type: ColumnType): boolean {
  return type.schema === null && type.name === UNKNOWN_TYPE.name
}

/** What the written type means through the search path; `schema` null when no type of that name is listed. */
export function resolveType(store: Store, type: TypeName): ColumnType {
  if (type.percentType) return typeOfColumn(store, type)
  const schema = schemaOfType(store, type)
  // What stands for a template in the place of a name begins so.
  if (schema === null && type.name.startsWith("_")) return UNKNOWN_TYPE
  return { schema, name: type.name, modifiers: keptModifiers(schema, type), dimensions: type.dimensions }
}

/**
 * `table.column%TYPE`. Which schema is written in front of the table is not kept, so there may be only one table of that name.
 */
function typeOfColumn(store: Store, { schema: table, name }: TypeName): ColumnType {
  const found = table === null ? [] : [...store.names.values()].flatMap((names) => store.relations.get(names.get(table) ?? -1) ?? [])
  const [relation, another] = found
  if (another !== undefined) return UNKNOWN_TYPE
  return relation?.columns.find((column) => column.name === name)?.type ?? UNKNOWN_TYPE
}

/** The schema that holds the type of that name; null when no such type is listed. */
export function schemaOfType(store: Store, type: WrittenName): string | null {
  if (type.schema !== null) return type.schema
  // pg_catalog is searched first.
  if (BUILTIN.has(type.name)) return "pg_catalog"
  const found = find(store, store.typeNames, type)
  if (found !== undefined) return store.types.get(found)?.schema ?? null
  return findRelation(store, type)?.schema ?? null
}

/** The type of a new column; refused when a complete catalog lists no such type. */
export function needType(store: Store, type: TypeName): ColumnType {
  const resolved = resolveType(store, type)
  if ((resolved.schema === null || isMissingIn(store, resolved)) && !type.percentType && isComplete(store) && isSure(store, type.name)) {
    refuse("42704", `type "${type.name}" does not exist`, type.span)
  }
  return resolved
}

/** Whether a schema of the migrations has no type of that name; one that begins with an underscore may be an array type. */
export function isMissingIn(store: Store, { schema, name }: Pick<ColumnType, "schema" | "name">): boolean {
  if (schema === null || !store.schemas.has(schema) || name.startsWith("_")) return false
  return store.typeNames.get(schema)?.has(name) !== true && store.names.get(schema)?.has(name) !== true
}

export function findType(store: Store, name: WrittenName): UserType | undefined {
  const id = find(store, store.typeNames, name)
  return id === undefined ? undefined : store.types.get(id)
}

/** The user's type behind a column type, or the relation whose row it is. */
export function typeIdOf(store: Store, type: ColumnType): ObjectId | undefined {
  if (type.schema === null || type.schema === "pg_catalog") return undefined
  return store.typeNames.get(type.schema)?.get(type.name) ?? store.names.get(type.schema)?.get(type.name)
}

/** The collation that a domain gives its columns; null: as is usual for the type. */
export function collationOfType(store: Store, type: ColumnType): string | null {
  const user = type.schema === "pg_catalog" || type.dimensions > 0 ? undefined : findType(store, type)
  return user?.kind === "domain" ? user.collation : null
}

/** Remembers who uses the type, for DROP TYPE and ALTER DOMAIN. */
export function noteTypeUse(store: Store, user: ObjectId, type: ColumnType): void {
  const id = typeIdOf(store, type)
  if (id !== undefined) link(store, store.typeUsers, id, user)
}

/** Whether two resolved types are the same, modifiers included. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  return (
    a.name === b.name &&
    a.schema === b.schema &&
    a.dimensions === b.dimensions &&
    a.modifiers.length === b.modifiers.length &&
    a.modifiers.every((modifier, position) => modifier === b.modifiers[position])
  )
}

/** What a type written in a statement means on this catalog; `schema` null when no type of that name is listed. */
export function resolveWrittenType(catalog: Pick<Catalog, "type">, type: TypeName): ColumnType {
  if (type.percentType) return UNKNOWN_TYPE
  const builtin = type.schema === null && BUILTIN.has(type.name)
  const schema = builtin ? "pg_catalog" : (type.schema ?? catalog.type(type)?.schema ?? null)
  return { schema, name: type.name, modifiers: keptModifiers(schema, type), dimensions: type.dimensions }
}

/** Of times the server keeps six digits of a second at most, and says so in a WARNING (anytimestamp_typmod_check). */
const MOST_DIGITS = 6

/** Types of times, and which of their modifiers is the precision. */
const PRECISIONS: ReadonlyMap<string, number> = new Map([["time", 0], ["timetz", 0], ["timestamp", 0], ["timestamptz", 0], ["interval", 1]])

function keptModifiers(schema: string | null, { name, modifiers }: TypeName): readonly number[] {
  if (schema !== "pg_catalog" || modifiers.length === 0) return modifiers
  const at = PRECISIONS.get(name)
  return at === undefined || (modifiers[at] ?? 0) <= MOST_DIGITS ? modifiers : modifiers.with(at, MOST_DIGITS)
}

/** The built-in integer type that a type is, which is also what sequences count through; null for every other type. */
export function integerTypeOf({ schema, name, dimensions }: Pick<ColumnType, "schema" | "name" | "dimensions">): IntegerType | null {
  if (schema !== "pg_catalog" || dimensions > 0) return null
  return name === "int2" || name === "int4" || name === "int8" ? name : null
}

/**
 * The type that a sequence would need to count as far as a column's type goes; null when it does, or when that is not known. The sequence
 * of a serial column keeps its type when the column's changes (all majors: test/truth/programs/sequences.sql).
 */
export function widerSequenceType({ sequenceType }: Pick<Relation, "sequenceType">, column: ColumnType): ColumnType | null {
  const needed = integerTypeOf(column)
  return sequenceType !== null && needed !== null && INTEGERS.indexOf(sequenceType) < INTEGERS.indexOf(needed) ? { ...column, modifiers: [] } : null
}

/** Whether both are integer types, and the first has fewer values. */
export function isNarrowerInteger(type: ColumnType, other: ColumnType): boolean {
  const [own, wider] = [integerTypeOf(type), integerTypeOf(other)]
  return own !== null && wider !== null && INTEGERS.indexOf(own) < INTEGERS.indexOf(wider)
}

/** The narrowest first. */
const INTEGERS = ["int2", "int4", "int8"] as const
