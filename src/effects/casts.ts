import { builtinCasts, builtinTypes } from "../schema/builtin-types.ts"
import type { Catalog, ColumnType } from "../schema/catalog.ts"

interface Cast {
  readonly context: string
}

let casts: Map<string, Cast> | null = null
let types: Set<string> | null = null

function cast(from: string, to: string): Cast | undefined {
  casts ??= new Map(
    builtinCasts.split(/\s+/).map((word) => {
      const [pair = "", how = ""] = word.split("@")[0]?.split(":") ?? []
      return [pair, { context: how.charAt(0) }]
    }),
  )
  return casts.get(`${from}>${to}`)
}

/** The built-in base type behind a type; null when it is not one (enums, composites, extensions, arrays). */
function builtinBase(type: ColumnType, catalog: Catalog): string | null {
  types ??= new Set(builtinTypes.split(/\s+/).map((word) => word.split("@")[0] ?? ""))
  if (type.dimensions > 0) return null
  if (type.schema === "pg_catalog") return types.has(type.name) ? type.name : null
  const user = catalog.type(type)
  return user?.kind === "domain" ? builtinBase(user.base, catalog) : null
}

/** Types of the string category, which anything can be assigned to through its text form. */
const strings = new Set(["text", "varchar", "bpchar", "name"])

/** Whether a value of one type can be stored as another without a cast being written; null when that is not known. */
export function assignmentCast(from: ColumnType, to: ColumnType, catalog: Catalog): boolean | null {
  const source = builtinBase(from, catalog)
  const target = builtinBase(to, catalog)
  if (source === null || target === null) return null
  if (source === target || strings.has(target)) return true
  const found = cast(source, target)
  return found !== undefined && found.context !== "e"
}

/** Whether a value can be cast explicitly; null when that is not known. */
export function explicitCast(from: ColumnType, to: ColumnType, catalog: Catalog): boolean | null {
  const source = builtinBase(from, catalog)
  const target = builtinBase(to, catalog)
  if (source === null || target === null) return null
  return source === target || strings.has(target) || strings.has(source) || cast(source, target) !== undefined
}

/** Types that one index operator family compares with each other. */
const families: readonly ReadonlySet<string>[] = [
  new Set(["int2", "int4", "int8"]),
  new Set(["float4", "float8"]),
  new Set(["date", "timestamp", "timestamptz"]),
  new Set(["text", "varchar", "name"]),
]

/** Whether a foreign key column can be compared with the column it references; null when that is not known. */
export function comparableKeys(child: ColumnType, parent: ColumnType, catalog: Catalog): boolean | null {
  const source = builtinBase(child, catalog)
  const target = builtinBase(parent, catalog)
  if (source === null || target === null) return null
  if (source === target || families.some((family) => family.has(source) && family.has(target))) return true
  return cast(source, target)?.context === "i"
}
