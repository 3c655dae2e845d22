import type { Snapshot } from "../../../src/schema/index.ts"
import type { Chooser } from "./chooser.ts"

/** What a random statement can speak of: the catalog so far, a source of decisions, and fresh names. */
export interface World {
  readonly catalog: Snapshot
  readonly choose: Chooser
  readonly major: number
  /** A name not used before in this program. */
  fresh(prefix: string): string
  /** Names of views whose columns are no longer those of their query, and of indexes that were moved to the other tablespace. */
  readonly spent: Set<string>
}

export type Table = Snapshot["tables"][number]
export type Column = Table["columns"][number]

/** A random statement over the world, or null when there is nothing to speak of. */
export type Writer = (world: World) => string | null

/** Quotes what needs quotes, as in `public.t` or `public."T x"`. */
export function quoted(qualified: string): string {
  const [schema = "", ...rest] = qualified.split(".")
  return `${identifier(schema)}.${identifier(rest.join("."))}`
}

export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

export function bare(qualified: string): string {
  return identifier(qualified.slice(qualified.indexOf(".") + 1))
}

export function schemaOf(qualified: string): string {
  return qualified.slice(0, qualified.indexOf("."))
}

/** A fresh name, mostly in the schema `public`. */
export function freshName(world: World, prefix: string): string {
  const name = world.fresh(prefix)
  const schemas = [...new Set([...world.catalog.tables, ...world.catalog.sequences].map((one) => schemaOf(one.name)))]
  const other = world.choose.once(6) ? world.choose.pick(schemas.filter((schema) => schema !== "pg_temp")) : undefined
  return other === undefined ? name : `${identifier(other)}.${name}`
}

export function anyTable(world: World, kinds: readonly Table["kind"][] = ["table", "partitioned table"]): Table | undefined {
  return world.choose.pick(world.catalog.tables.filter((table) => table.known && kinds.includes(table.kind)))
}

export function anyColumn(world: World, table: Table): Column | undefined {
  return world.choose.pick(table.columns)
}

/** Some columns of the table, each once. */
export function someColumns(world: World, table: Table, most: number): readonly Column[] {
  const count = 1 + world.choose.number(most)
  return [...new Set(Array.from({ length: count }, () => anyColumn(world, table)))].filter((column) => column !== undefined)
}

export function listed(columns: readonly Column[]): string {
  return columns.map((column) => identifier(column.name)).join(", ")
}

/** One of the forms that apply. */
export function anyForm(world: World, forms: readonly (string | null)[]): string | null {
  return world.choose.pick(forms.filter((form) => form !== null)) ?? null
}

const builtin = [
  "int", "text", "bigint", "varchar(10)", "varchar(50)", "varchar", "smallint", "numeric", "numeric(10,2)", "numeric(12,2)",
  "timestamp", "timestamptz", "date", "boolean", "jsonb", "json", "uuid", "char(5)", "int[]", "text[]", "varchar(10)[]",
  "bytea", "time", "time(3)", "interval", "inet", "cidr", "float8", "real", "timestamp(3)", "varbit(5)", "bit(3)", "oid", "name", "int4range", "tstzrange",
]

/** A type as it is written: built in, an enum, a domain or a composite type of the catalog. */
export function anyType(world: World): string {
  const { enums, domains, composites } = world.catalog
  const own = [...enums, ...domains, ...domains, ...composites].map((type) => quoted(type.name))
  if (own.length > 0 && world.choose.once(4)) return `${world.choose.pick(own) ?? "int"}${world.choose.once(8) ? "[]" : ""}`
  return world.choose.pick(builtin) ?? "int"
}

const literals: readonly (readonly [RegExp, string])[] = [
  [/\[\]$/, "'{}'"],
  [/range$/, "'empty'"],
  [/^interval/, "'1 day'"],
  [/^(int|big|small|oid|numeric|real|float|double)/, "1"],
  [/^(text|varchar|char|name)/, "'a'"],
  [/^timestamp/, "'2020-01-01 00:00:00'"],
  [/^date/, "'2020-01-01'"],
  [/^time/, "'10:00'"],
  [/^bool/, "true"],
  [/^json/, "'{}'"],
  [/^uuid/, "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
  [/^bytea/, "'x'"],
  [/^(inet|cidr)/, "'10.0.0.0'"],
  [/^(varbit|bit)/, "B'101'"],
]

/** A constant of a type, as SQL; null for a type with values of its own. */
export function literalOf(world: World, type: string): string | null {
  if (type.endsWith("[]")) return "'{}'"
  const name = type.includes(".") ? type : `public.${type}`
  const own = world.catalog.enums.find((one) => quoted(one.name) === type || one.name === name)
  if (own !== undefined) return own.labels[0] === undefined ? null : `'${own.labels[0].replaceAll("'", "''")}'`
  const domain = world.catalog.domains.find((one) => quoted(one.name) === type || one.name === name)
  if (domain !== undefined) return literalOf(world, domain.type)
  return literals.find(([pattern]) => pattern.test(type))?.[1] ?? null
}

/** A DEFAULT clause: mostly constants, sometimes functions of every volatility. */
export function anyDefault(world: World, type: string): string {
  const functions: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^timestamp|^date/, ["now()", "clock_timestamp()", "statement_timestamp()", "CURRENT_TIMESTAMP"]],
    [/^(int|bigint|numeric|double|real|float8)$/, ["random()", "(1 + 2)", "abs(-1)", "floor(random() * 9)"]],
    [/^(text|varchar)$/, ["md5(random()::text)", "current_user", "upper('a')", "timeofday()", "to_char(now(), 'YYYY')"]],
  ]
  const fitting = functions.find(([pattern]) => pattern.test(type))?.[1] ?? []
  const constant = literalOf(world, type)
  if (fitting.length > 0 && world.choose.once(2)) return ` DEFAULT ${world.choose.pick(fitting) ?? "NULL"}`
  return constant === null ? "" : ` DEFAULT ${constant}`
}
