import { builtinCasts, builtinTypes } from "../schema/builtin-types.ts"
import type { Catalog, ColumnType } from "../schema/catalog.ts"

interface Cast {
  readonly context: string
  readonly since: number
  readonly until: number
}

let casts: Map<string, Cast> | null = null
let types: Set<string> | null = null

function cast(from: string, to: string, pgVersion: number): Cast | undefined {
  casts ??= new Map(
    builtinCasts.split(/\s+/).map((word) => {
      const [definition = "", majors = ""] = word.split("@")
      const [pair = "", how = ""] = definition.split(":")
      const [since, until] = majors.split("-")
      return [pair, { context: how.charAt(0), since: Number(since ?? 0), until: Number(until ?? 0) || Infinity }]
    }),
  )
  const found = casts.get(`${from}>${to}`)
  return found !== undefined && found.since <= pgVersion && pgVersion <= found.until ? found : undefined
}

/** A type with its domains taken off. */
type Base =
  | { readonly kind: "built in" | "own"; readonly name: string }
  | { readonly kind: "array"; readonly element: Base }

/** Null for what is not known: types of extensions, and what is not listed. */
function baseOf(type: ColumnType, catalog: Catalog): Base | null {
  if (type.dimensions > 0) {
    const element = baseOf({ ...type, dimensions: 0 }, catalog)
    return element === null ? null : { kind: "array", element }
  }
  if (type.schema === "pg_catalog") {
    types ??= new Set(builtinTypes.split(/\s+/).map((word) => word.split("@")[0] ?? ""))
    return types.has(type.name) ? { kind: "built in", name: type.name } : null
  }
  const user = catalog.type(type)
  if (user?.kind === "domain") return baseOf(user.base, catalog)
  if (user?.kind === "enum" || user?.kind === "composite") return { kind: "own", name: `${user.schema}.${user.name}` }
  return null
}

function same(a: Base, b: Base): boolean {
  if (a.kind === "array" || b.kind === "array") return a.kind === "array" && b.kind === "array" && same(a.element, b.element)
  return a.kind === b.kind && a.name === b.name
}

/** Types of the string category, which anything can be assigned to through its text form. */
const strings = new Set(["text", "varchar", "bpchar", "name"])

function isString(type: Base): boolean {
  return type.kind === "built in" && strings.has(type.name)
}

/** find_coercion_pathway (parse_coerce.c): arrays are cast element by element, strings through the text form. */
function castable(from: Base, to: Base, explicit: boolean, pgVersion: number): boolean {
  if (same(from, to) || isString(to)) return true
  if (explicit && isString(from)) return true
  if (from.kind === "array" && to.kind === "array") return castable(from.element, to.element, explicit, pgVersion)
  if (from.kind !== "built in" || to.kind !== "built in") return false
  const found = cast(from.name, to.name, pgVersion)
  return found !== undefined && (explicit || found.context !== "e")
}

/** Whether a value of one type can be stored as another without a cast being written; null when that is not known. */
export function assignmentCast(from: ColumnType, to: ColumnType, catalog: Catalog, pgVersion: number): boolean | null {
  const source = baseOf(from, catalog)
  const target = baseOf(to, catalog)
  return source === null || target === null ? null : castable(source, target, false, pgVersion) || unlessOwn(catalog)
}

/** Whether a value can be cast explicitly; null when that is not known. */
export function explicitCast(from: ColumnType, to: ColumnType, catalog: Catalog, pgVersion: number): boolean | null {
  const source = baseOf(from, catalog)
  const target = baseOf(to, catalog)
  return source === null || target === null ? null : castable(source, target, true, pgVersion) || unlessOwn(catalog)
}

/** What the server itself does not bring may have been made by a statement. */
function unlessOwn({ hasOwnCasts }: Catalog): false | null {
  return hasOwnCasts ? null : false
}

/** Types that one index operator family compares with each other. */
const families: readonly ReadonlySet<string>[] = [
  new Set(["int2", "int4", "int8"]),
  new Set(["float4", "float8"]),
  new Set(["date", "timestamp", "timestamptz"]),
  new Set(["text", "varchar", "name"]),
  new Set(["inet", "cidr"]),
]

/** Types whose indexes are made of another type's operators (pg_opclass.opcintype). */
const operatorTypes: Readonly<Record<string, string>> = { varchar: "text", cidr: "inet" }

/** Whether a foreign key column can be compared with the column it references; null when that is not known. */
export function comparableKeys(child: ColumnType, parent: ColumnType, catalog: Catalog, pgVersion: number): boolean | null {
  const source = baseOf(child, catalog)
  const target = baseOf(parent, catalog)
  if (source === null || target === null) return null
  if (same(source, target)) return true
  if (source.kind === "array" && target.kind === "array") return null
  if (source.kind !== "built in" || target.kind !== "built in") return unlessOwn(catalog)
  if (families.some((family) => family.has(source.name) && family.has(target.name))) return true
  return cast(source.name, operatorTypes[target.name] ?? target.name, pgVersion)?.context === "i" || unlessOwn(catalog)
}

/** The type of a constant as it is written; null for strings, which are of any type, and for all else. */
export function literalType(text: string): ColumnType | null {
  const builtin = (name: string): ColumnType => ({ schema: "pg_catalog", name, modifiers: [], dimensions: 0 })
  if (/^\d{1,9}$/.test(text)) return builtin("int4")
  if (/^\d+\.\d+$/.test(text)) return builtin("numeric")
  return /^(true|false)$/i.test(text) ? builtin("bool") : null
}
