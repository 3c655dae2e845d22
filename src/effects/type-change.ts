import type { Expression } from "../parse/expression.ts"
import type { Name, TypeName } from "../parse/name.ts"
import { builtinCasts, builtinTypes } from "../schema/builtin-types.ts"
import type { Catalog, ColumnType, UserType } from "../schema/catalog.ts"
import { isUnknownType } from "../schema/types.ts"
import { extensionTypes } from "./extension-types.ts"

/** What a change of a column's type does to the stored rows and to plain indexes on the column. */
export interface TypeChange {
  readonly rewrite: boolean
  /** Without a rewrite: whether indexes on the column are built anew all the same. A rewrite builds every index. */
  readonly rebuildsIndexes: boolean
  /** Indexes are built anew for another collation alone. */
  readonly collates: boolean
  readonly why: string
  /** What would have to be known; the dangerous side is claimed then. */
  readonly unknown: string | null
}

const KEEPS: TypeChange = { rewrite: false, rebuildsIndexes: false, collates: false, why: "the stored form stays", unknown: null }

function rebuilds(why: string): TypeChange {
  return { rewrite: false, rebuildsIndexes: true, collates: false, why, unknown: null }
}
function rewrites(why: string, unknown: string | null = null): TypeChange {
  return { rewrite: true, rebuildsIndexes: true, collates: false, why, unknown }
}

/** A type with its domains taken off. */
interface Resolved {
  readonly name: string
  readonly modifiers: readonly number[]
  readonly array: boolean
  /** A domain of the chain has a CHECK or NOT NULL. */
  readonly constrained: boolean
  readonly domain: string | null
  /** Neither built in, nor of a well-known extension, nor in the catalog: it may be a domain. */
  readonly unknown: boolean
}

let typeNames: Set<string> | null = null
let binaryCasts: Set<string> | null = null

/** Whether one of the majors has a type of the name in pg_catalog. */
export function isBuiltinType(name: string): boolean {
  typeNames ??= new Set(builtinTypes.split(/\s+/).map((word) => word.split("@")[0] ?? ""))
  return typeNames.has(name)
}

/** `source>target` of casts that only relabel the value (pg_cast.castmethod = 'b'). */
function isBinaryCast(from: string, to: string): boolean {
  if (binaryCasts === null) {
    binaryCasts = new Set(extensionBinaryCasts)
    for (const word of builtinCasts.split(/\s+/)) {
      const [pair = "", how = ""] = word.split(":")
      if (how[1] === "b") binaryCasts.add(pair)
    }
  }
  return binaryCasts.has(`${from}>${to}`)
}

/** Of the citext extension's script. */
const extensionBinaryCasts = ["text>citext", "varchar>citext", "citext>text", "citext>varchar"]

/** Types that share operator classes, so that an index outlives a change between them (CheckIndexCompatible). */
const sameOperators: readonly ReadonlySet<string>[] = [
  new Set(["text", "varchar"]),
  new Set(["inet", "cidr"]),
  new Set([
    "oid",
    "regclass",
    "regtype",
    "regproc",
    "regprocedure",
    "regoper",
    "regoperator",
    "regrole",
    "regnamespace",
    "regconfig",
    "regdictionary",
    "regcollation",
  ]),
]

/** Zones that were always at UTC, under their names in the time zone database. */
const utcZones = new Set([
  "utc",
  "etc/utc",
  "gmt",
  "etc/gmt",
  "uct",
  "etc/uct",
  "zulu",
  "etc/zulu",
  "universal",
  "etc/universal",
  "greenwich",
  "etc/greenwich",
])

/** An offset of nothing, also behind an abbreviation: `+00:00`, `UTC0`, `Etc/GMT-0`. */
const NO_OFFSET = /^(?:(?:etc\/)?[a-z]{3,})?[-+]?0+(?::00)*(?:\.0+)?$/i

function isUtc(timeZone: string): boolean {
  return utcZones.has(timeZone.toLowerCase()) || NO_OFFSET.test(timeZone)
}

function hasConstraints(type: UserType): boolean {
  return type.kind === "domain" && (type.notNull || type.checks.length > 0)
}

function findType(type: ColumnType, catalog: Catalog): UserType | undefined {
  if (type.schema === "pg_catalog") return undefined
  return catalog.type(type)
}

function resolve(type: ColumnType, catalog: Catalog): Resolved {
  const array = type.dimensions > 0
  const user = findType(type, catalog)
  if (user?.kind === "domain" && !array) {
    const base = resolve(user.base, catalog)
    return { ...base, constrained: base.constrained || hasConstraints(user), domain: user.name }
  }
  // Types of extensions are compared by their bare names, wherever the extension put them.
  if (user?.kind === "base" && extensionTypes.has(user.name)) {
    return { name: user.name, modifiers: type.modifiers, array, constrained: false, domain: null, unknown: false }
  }
  const unknown =
    user === undefined && type.schema !== "pg_catalog" && !isBuiltinType(type.name) && !extensionTypes.has(type.name)
  return {
    name: user === undefined ? type.name : `${user.schema}.${user.name}`,
    modifiers: type.modifiers,
    array,
    constrained: false,
    domain: null,
    unknown,
  }
}

/** Whether values of the type are checked by a domain (arrays and composites are not: they are checked when made). */
export function domainConstrained(
  type: ColumnType,
  catalog: Catalog,
): { readonly constrained: boolean; readonly domain: string | null; readonly unknown: boolean } {
  return resolve(type, catalog)
}

/**
 * What ALTER COLUMN ... TYPE does when a column of type `from` gets type `to`. A user-defined type is compared by name.
 * `timeZone` is the session's, null when not known. From ATColumnChangeRequiresRewrite and CheckIndexCompatible,
 * measured on 11 to 18.
 */
export function typeChange(
  from: ColumnType,
  to: ColumnType,
  catalog: Catalog,
  pgVersion: number,
  timeZone: string | null = catalog.timeZone,
): TypeChange {
  const old = resolve(from, catalog)
  const target = resolve(to, catalog)
  const sameDomain = old.domain === target.domain
  if (target.constrained && !(sameDomain && !target.array)) {
    return rewrites(`every value is checked against the domain ${target.domain ?? to.name}`)
  }
  if (old.array !== target.array) return rewrites("every value is converted")
  if (old.name === target.name) {
    if (old.array) return target.modifiers.length === 0 || sameModifiers(old, target) ? KEEPS : rewrites("every array is converted")
    if (old.unknown && !sameModifiers(old, target))
      return rewrites("the values may have to be converted", `what the type ${to.name} is`)
    const source = old.domain === null || sameDomain ? old.modifiers : []
    return withinModifiers(target.name, source, target.modifiers)
      ? KEEPS
      : rewrites(`${describe(from)} may hold values that ${describe(to)} stores differently or rejects`)
  }
  if (old.array) return rewrites("every array is converted")
  const zoned =
    old.name === "timestamp"
      ? target.name === "timestamptz"
      : old.name === "timestamptz" && target.name === "timestamp"
  if (zoned) return zoneChange(old, target, pgVersion, timeZone)
  if (isBinaryCast(old.name, target.name) && withinModifiers(target.name, [], target.modifiers)) {
    return sameOperators.some((family) => family.has(old.name) && family.has(target.name))
      ? KEEPS
      : rebuilds(`${to.name} is ordered by operators of its own`)
  }
  if (old.unknown || target.unknown) {
    const name = old.unknown ? from.name : to.name
    return rewrites("the values may have to be converted", `what the type ${name} is`)
  }
  return rewrites(`every value is converted from ${describe(from)} to ${describe(to)}`)
}

function zoneChange(old: Resolved, target: Resolved, pgVersion: number, timeZone: string | null): TypeChange {
  const converted = "every value is converted between the session's time zone and UTC"
  if (pgVersion < 12 || !withinModifiers("timestamp", old.modifiers, target.modifiers)) return rewrites(converted)
  if (timeZone === null)
    return rewrites(converted, "the session's TimeZone: under UTC the stored values stay as they are")
  return isUtc(timeZone) ? rebuilds(`${target.name} is ordered by operators of its own`) : rewrites(converted)
}

function sameModifiers(a: Resolved, b: Resolved): boolean {
  return (
    a.modifiers.length === b.modifiers.length &&
    a.modifiers.every((modifier, position) => modifier === b.modifiers[position])
  )
}

const MAX_PRECISION = 6
/** The interval type's mask for "all fields". */
const FULL_RANGE = 0x7fff

/** Whether every value under the old modifiers is stored the same under the new ones. */
function withinModifiers(name: string, old: readonly number[], wanted: readonly number[]): boolean {
  const [newFirst, newSecond] = wanted
  const [oldFirst, oldSecond] = old
  switch (name) {
    case "varchar":
    case "varbit":
      return newFirst === undefined || (oldFirst !== undefined && newFirst >= oldFirst)
    case "bpchar":
      // Without a length (`bpchar`, not `char`) nothing is padded or cut.
      return newFirst === undefined || newFirst === oldFirst
    case "bit":
      return (newFirst ?? 1) === (oldFirst ?? 1)
    case "numeric":
      if (newFirst === undefined) return true
      return oldFirst !== undefined && newFirst >= oldFirst && (newSecond ?? 0) === (oldSecond ?? 0)
    case "timestamp":
    case "timestamptz":
    case "time":
    case "timetz":
      return (newFirst ?? MAX_PRECISION) >= (oldFirst ?? MAX_PRECISION)
    case "interval":
      return coversInterval(newFirst ?? FULL_RANGE, newSecond, oldFirst ?? FULL_RANGE, oldSecond)
    default:
      return wanted.length === 0 || (wanted.length === old.length && wanted.every((modifier, position) => modifier === old[position]))
  }
}

/** Bits of an interval's fields, the finest first: SECOND, MINUTE, HOUR, DAY, MONTH, YEAR (datetime.h). */
const intervalFields = [1 << 12, 1 << 11, 1 << 10, 1 << 3, 1 << 1, 1 << 2]

/** The finest field that a range of fields keeps: finer ones are cut off, coarser ones never (interval_support). */
function leastField(range: number): number {
  return intervalFields.findIndex((bit) => (range & bit) !== 0)
}

function coversInterval(
  newRange: number,
  newPrecision: number | undefined,
  oldRange: number,
  oldPrecision: number | undefined,
): boolean {
  const oldLeast = leastField(oldRange)
  // What has no seconds has no fraction that a precision could cut.
  const hasSeconds = oldLeast === 0
  return leastField(newRange) <= oldLeast && (!hasSeconds || (newPrecision ?? MAX_PRECISION) >= (oldPrecision ?? MAX_PRECISION))
}

function describe(type: ColumnType): string {
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(", ")})`
  return `${type.name}${modifiers}${"[]".repeat(type.dimensions)}`
}

/** What ALTER COLUMN ... TYPE does, USING and COLLATE included. `from` null: the column's type is not known. */
export function columnTypeChange(
  column: { readonly name: string; readonly type: ColumnType; readonly collation: string | null } | null,
  action: { readonly type: ColumnType; readonly collation: Name | null; readonly using: Expression | null },
  catalog: Catalog,
  pgVersion: number,
): TypeChange {
  if (action.using !== null && (column === null || action.using.column !== column.name)) {
    if (column !== null || action.using.column === null) return rewrites("USING computes every value")
  }
  if (column === null || isUnknownType(column.type)) return rewrites("the values may have to be converted", "the column's current type")
  let type = column.type
  let result = KEEPS
  for (const step of [...(action.using?.casts ?? []).toReversed().map((cast) => columnType(cast.type, catalog)), action.type]) {
    const change = typeChange(type, step, catalog, pgVersion)
    if (change.rewrite) return change
    if (change.rebuildsIndexes) result = change
    type = step
  }
  const domain = action.type.dimensions === 0 ? findType(action.type, catalog) : undefined
  const newCollation = action.collation?.name ?? (domain?.kind === "domain" ? domain.collation : null)
  if (newCollation !== column.collation && !(newCollation === "default" && column.collation === null)) {
    return { ...rebuilds("the collation changes"), collates: !result.rebuildsIndexes }
  }
  return result
}

/** A type as written, resolved to the form that the catalog uses. */
export function columnType(type: TypeName, catalog: Catalog): ColumnType {
  if (type.schema === null && !isBuiltinType(type.name)) {
    const user = catalog.type(type)
    if (user !== undefined)
      return { schema: user.schema, name: user.name, modifiers: type.modifiers, dimensions: type.dimensions }
    return { schema: null, name: type.name, modifiers: type.modifiers, dimensions: type.dimensions }
  }
  return {
    schema: type.schema ?? "pg_catalog",
    name: type.name,
    modifiers: type.modifiers,
    dimensions: type.dimensions,
  }
}
