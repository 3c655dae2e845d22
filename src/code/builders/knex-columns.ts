/** Columns as Knex writes them: their types, defaults, checks, and what `alter()` changes. */
import type { Node } from "../../embedded/node.ts"
import { jsonOf, only, Unknown, unknown, type Reader } from "../call.ts"
import type { Link } from "../chain.ts"
import { literal, quoted, sql, type Piece } from "../pieces.ts"
import { addPrimary, createIndex, foreignKey, FOREIGN, unique } from "./knex-keys.ts"
import { isSerial, tableSql, type Plan } from "./knex-plan.ts"

/** Methods whose type does not depend on their arguments. */
export const SIMPLE: Readonly<Record<string, string>> = {
  text: "text",
  mediumtext: "text",
  longtext: "text",
  tinytext: "text",
  integer: "integer",
  mediumint: "integer",
  smallint: "smallint",
  tinyint: "smallint",
  biginteger: "bigint",
  bigint: "bigint",
  boolean: "boolean",
  bool: "boolean",
  date: "date",
  time: "time",
  json: "json",
  jsonb: "jsonb",
  binary: "bytea",
  float: "real",
  double: "double precision",
  geometry: "geometry",
  geography: "geography",
  point: "point",
}

/** The type of a new column; null when a call makes none. */
export function typeOf(reader: Reader, plan: Plan, { name: method, arguments: given }: Link, keyed: boolean): string | null {
  const [column, second, third] = given ?? []
  const lower = method.toLowerCase()
  const isKey = (node: Node | undefined, fallback: boolean): string => {
    const own = reader.options(node)
    return (own.has("primaryKey") ? own.flag("primaryKey") : node === undefined && fallback) && !keyed ? " primary key" : ""
  }
  switch (lower) {
    case "string":
    case "varchar":
      return `varchar(${lengthOf(reader, second, "255")})`
    case "increments":
      return `serial${isKey(second, true)}`
    case "bigincrements":
      return `bigserial${isKey(second, true)}`
    case "uuid":
      return `uuid${isKey(second, false)}`
    case "decimal":
      if (second !== undefined && reader.scalar(second).kind === "nothing") return "decimal"
      return `decimal(${lengthOf(reader, second, "8")}, ${lengthOf(reader, third, "2")})`
    case "timestamp":
    case "datetime":
      return timestampOf(reader, second, third)
    case "specifictype":
      return reader.text(second)
    case "enu":
    case "enum":
      return enumOf(reader, plan, column, second, third)
    default:
      return SIMPLE[lower] ?? null
  }
}

/** A length, of whatever kind: Knex takes the number at its beginning, and the usual one where there is none. */
function lengthOf(reader: Reader, node: Node | undefined, usual: string): string {
  const [first] = node === undefined ? [] : (reader.list(node) ?? [node])
  if (first === undefined) return usual
  const value = reader.scalar(first)
  if (value.kind === "number") return String(value.number)
  return value.kind === "text" ? (/^\s*([+-]?\d+)/.exec(value.text)?.[1] ?? usual) : value.kind === "nothing" ? usual : unknown()
}

function timestampOf(reader: Reader, second: Node | undefined, third: Node | undefined): string {
  const isOptions = reader.isObject(second)
  const options = isOptions ? only(reader.options(second), ["useTz", "precision"]) : null
  const withTz = options === null ? second === undefined || !reader.flag(second) : !options.has("useTz") || options.flag("useTz")
  const precision = options === null ? (third === undefined ? null : reader.number(third)) : options.number("precision")
  return `${withTz ? "timestamptz" : "timestamp"}${precision === null ? "" : `(${String(precision)})`}`
}

function enumOf(reader: Reader, plan: Plan, column: Node | undefined, values: Node | undefined, given: Node | undefined): string {
  const options = only(reader.options(given), ["useNative", "enumName", "existingType", "schemaName"])
  const labels = (): string => (reader.list(values) ?? unknown()).map((value) => literal(reader.text(value))).join(", ")
  if (!options.flag("useNative")) return `text check (${quoted(reader.text(column)).sql} in (${labels()}))`
  const schema = options.text("schemaName") ?? plan.target.schema
  const own = `${schema === null ? "" : `"${schema}".`}"${options.text("enumName") ?? unknown()}"`
  if (!options.flag("existingType")) plan.types.push(sql`create type ${own} as enum (${labels()})`)
  return own
}

/** What the links behind a column say of it. */
interface Modifiers {
  nullable: boolean | null
  default: string | null
  comment: string | null
  /** What `alter()` changes. */
  alter: { readonly nullable: boolean; readonly type: boolean } | null
  /** By their methods: the last one counts. */
  readonly checks: Map<string, string>
}

/** A column and the links behind it. */
export function readColumn(reader: Reader, plan: Plan, first: Link, rest: readonly Link[], type: string): void {
  const [column] = first.arguments ?? []
  const serial = isSerial(first)
  const own = column === undefined && serial ? "id" : reader.text(column)
  const target = quoted(own.trim(), column)
  const state: Modifiers = { nullable: null, default: null, comment: null, alter: null, checks: new Map() }
  const later: Piece[][] = []
  for (const [index, { name: method, arguments: given }] of rest.entries()) {
    const [argument, other] = given ?? []
    switch (method) {
      case "notNullable":
      case "notNull":
        state.nullable = false
        break
      case "nullable":
        state.nullable = argument === undefined || reader.flag(argument)
        break
      case "default":
      case "defaultTo":
      case "defaultsTo":
        state.default = defaultOf(reader, argument, first.name)
        break
      case "comment":
        state.comment = reader.text(argument)
        break
      case "unsigned":
      case "first":
      case "after":
      case "collate":
        // Only other databases' builders read these.
        break
      case "alter": {
        const options = only(reader.options(argument), ["alterNullable", "alterType"])
        const flag = (key: string): boolean => !options.has(key) || options.flag(key)
        state.alter = { nullable: flag("alterNullable"), type: flag("alterType") }
        break
      }
      case "primary":
        if (!serial) addPrimary(reader, plan, [{ text: own, node: column ?? first.node }], argument, later)
        break
      case "unique":
        if (!serial) later.push(unique(reader, plan, [{ text: own, node: column ?? first.node }], argument))
        break
      case "index":
        if (!serial) later.push(createIndex(reader, plan, [{ text: own, node: column ?? first.node }], argument, other))
        break
      case "references": {
        later.push(foreignKey(reader, plan, { ...first, arguments: column === undefined ? [] : [column] }, rest.slice(index).filter((one) => FOREIGN.has(one.name))))
        break
      }
      default: {
        const checked = checkOf(reader, method, target.sql, given ?? [])
        if (checked !== null) state.checks.set(method, checked)
        // What follows `references` was read with it.
        else if (!FOREIGN.has(method)) throw new Unknown()
      }
    }
  }
  const required = state.nullable === null ? "" : state.nullable ? " null" : " not null"
  const value = state.default === null ? "" : ` default ${state.default}`
  const checks = [...state.checks.values()].map((one) => ` ${one}`).join("")
  if (state.alter !== null) {
    if (checks !== "" || serial) throw new Unknown()
    alterColumn(plan, target, type, /^enu/i.test(first.name), state.alter, state)
  } else plan.added.push(sql`${target} ${serial ? type : `${type}${required}${value}${checks}`}`)
  if (state.comment !== null) plan.comments.push(sql`comment on column ${tableSql(plan)}.${target} is ${literal(state.comment)}`)
  plan.later.push(...later)
}

/** `alter()`: the statements that make the column what its call says. */
function alterColumn(plan: Plan, target: Piece, type: string, isEnum: boolean, alter: NonNullable<Modifiers["alter"]>, state: Modifiers): void {
  const change = (action: string): void => void plan.altered.push(sql`alter table ${tableSql(plan)} alter column ${target} ${action}`)
  change("drop default")
  if (alter.nullable) change("drop not null")
  if (alter.type) change(`type ${type} using (${target.sql}::${isEnum ? "text::" : ""}${type})`)
  if (state.default !== null) change(`set default ${state.default}`)
  if (alter.nullable && state.nullable === false) change("set not null")
}

/** `checkPositive()` and its kin; null for other methods. */
function checkOf(reader: Reader, method: string, column: string, [argument, other]: readonly Node[]): string | null {
  switch (method) {
    case "checkPositive":
      return check(reader, argument, `${column} > 0`)
    case "checkNegative":
      return check(reader, argument, `${column} < 0`)
    case "checkIn":
    case "checkNotIn": {
      const values = (reader.list(argument) ?? unknown()).map((one) => literal(reader.text(one))).join(",")
      return check(reader, other, `${column} ${method === "checkIn" ? "" : "not "}in (${values})`)
    }
    case "checkBetween": {
      const list = reader.list(argument) ?? unknown()
      const pairs = list.map((one) => reader.list(one))
      const intervals = pairs.every((pair) => pair !== null) ? pairs : [list]
      const bounds = intervals.map((pair) => pair.map((bound) => String(reader.number(bound))).join(" and "))
      return check(reader, other, bounds.map((one) => `${column} between ${one}`).join(" or "))
    }
    case "checkRegex":
      return check(reader, other, `${column} ~ ${literal(reader.text(argument))}`)
    default:
      return null
  }
}

function check(reader: Reader, constraint: Node | undefined, predicate: string): string {
  return `${constraint === undefined ? "" : `constraint ${reader.text(constraint)} `}check (${predicate})`
}

/** Knex puts even numbers into quotes. */
function defaultOf(reader: Reader, node: Node | undefined, method: string): string {
  if (node === undefined) return unknown()
  if (/^jsonb?$/.test(method) && /^(?:Object|Array)Expression$/.test(reader.resolved(node).type)) {
    // An array is an object too.
    return literal(jsonOf(reader, node))
  }
  const value = reader.scalar(node)
  const isBool = /^bool/.test(method)
  switch (value.kind) {
    case "nothing":
      return "null"
    case "raw":
      return value.sql
    case "text":
      return isBool ? (value.text === "false" || value.text === "" ? "'0'" : "'1'") : literal(value.text)
    case "number":
      return isBool ? (value.number === 0 ? "'0'" : "'1'") : `'${String(value.number)}'`
    case "flag":
      return isBool ? (value.flag ? "'1'" : "'0'") : `'${String(value.flag)}'`
  }
}

/** `timestamps()`: two columns at once. */
export function timestamps(reader: Reader, plan: Plan, given: readonly Node[]): void {
  const [first] = given
  const options = reader.isObject(first) ? only(reader.options(first), ["useTimestamps", "defaultToNow", "useCamelCase"]) : null
  const flag = (index: number, key: string): boolean => {
    if (options !== null) return options.flag(key)
    const node = given[index]
    return node !== undefined && reader.flag(node)
  }
  const rest = flag(1, "defaultToNow") ? " not null default CURRENT_TIMESTAMP" : ""
  for (const column of flag(2, "useCamelCase") ? ["createdAt", "updatedAt"] : ["created_at", "updated_at"]) plan.added.push(sql`${quoted(column)} timestamptz${rest}`)
}
