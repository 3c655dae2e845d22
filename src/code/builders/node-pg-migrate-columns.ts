/** Columns and constraints as node-pg-migrate writes them. */
import type { Node } from "../../embedded/node.ts"
import { only, scalarSql, unknown, type Options, type Reader } from "../call.ts"
import { joined, literal, quoted, sql, type Part, type Piece } from "../pieces.ts"
import { isNothing } from "../values.ts"

export interface Columns {
  readonly columns: readonly Piece[][]
  readonly comments: readonly Piece[][]
  /** More than one primary column makes a constraint of the table. */
  readonly primary: readonly string[]
}

const COLUMN = [
  "type", "array", "collation", "default", "unique", "primaryKey", "notNull", "check", "references", "referencesConstraintName", "onDelete", "onUpdate",
  "match", "deferrable", "deferred", "comment", "sequenceGenerated", "expressionGenerated",
]

export function columnsOf(reader: Reader, table: Piece, node: Node | undefined): Columns {
  const given = reader.options(node)
  const all = given.names.map((column) => ({ column, node: given.node(column), options: optionsOf(reader, given.node(column)) }))
  const primary = all.filter(({ options }) => options.flag("primaryKey")).map(({ column }) => column)
  const comments: Piece[][] = []
  const columns = all.map(({ column, node: value, options }) => {
    const comment = options.node("comment")
    if (comment !== undefined) comments.push(sql`COMMENT ON COLUMN ${table.sql}.${quoted(column)} IS ${isNothing(comment, reader.resolve) ? "NULL" : literal(reader.text(comment))}`)
    const pieces = columnOf(reader, column, options, primary.length === 1)
    return value === undefined ? pieces : pieces.map((piece) => ({ node: value, ...piece }))
  })
  return { columns, comments, primary: primary.length > 1 ? primary : [] }
}

/** A column may be given as the name of its type alone; `id` is a serial key. */
function optionsOf(reader: Reader, node: Node | undefined): Options {
  if (reader.isObject(node)) return only(reader.options(node), COLUMN)
  const type = reader.text(node)
  return {
    names: ["type"],
    has: (key) => key === "type",
    node: (key) => (key === "type" ? node : undefined),
    text: (key) => (key === "type" ? type : null),
    flag: (key) => key === "primaryKey" && type === "id",
    number: () => null,
  }
}

function columnOf(reader: Reader, column: string, options: Options, isKey: boolean): Piece[] {
  const given = options.text("type") ?? ""
  const array = options.has("array") ? (reader.scalar(options.node("array")).kind === "number" ? ` ARRAY[${String(options.number("array"))}]` : options.flag("array") ? " ARRAY" : "") : ""
  const [collation, check, generated] = [options.text("collation"), options.text("check"), options.text("expressionGenerated")]
  const parts: Part[] = [
    collation === null ? "" : ` COLLATE ${collation}`,
    options.has("default") ? ` DEFAULT ${valueOf(reader, options.node("default"))}` : "",
    options.flag("unique") ? " UNIQUE" : "",
    isKey && (options.flag("primaryKey") || given === "id") ? " PRIMARY KEY" : "",
    options.flag("notNull") ? " NOT NULL" : "",
    check === null ? "" : ` CHECK (${check})`,
  ]
  if (options.has("references") && !isNothing(options.node("references") ?? null, reader.resolve)) {
    const own = options.text("referencesConstraintName")
    parts.push(own === null ? " " : sql` CONSTRAINT ${quoted(own, options.node("referencesConstraintName"))} `, referencesOf(reader, options))
  }
  if (options.flag("deferrable")) parts.push(deferrable(options))
  if (options.has("sequenceGenerated")) {
    const precedence = only(reader.options(options.node("sequenceGenerated")), ["precedence"]).text("precedence")
    parts.push(` GENERATED ${precedence ?? unknown()} AS IDENTITY`)
  }
  if (generated !== null) parts.push(` GENERATED ALWAYS AS (${generated}) STORED`)
  return sql`${quoted(column)} ${given === "id" ? "serial" : typeName(given)}${array}${parts}`
}

function referencesOf(reader: Reader, options: Options): Piece[] {
  const node = options.node("references")
  const actions = (["match", "onDelete", "onUpdate"] as const).map((key) => {
    const action = options.text(key)
    return action === null ? "" : ` ${key === "match" ? "MATCH" : key === "onDelete" ? "ON DELETE" : "ON UPDATE"} ${action}`
  })
  if (node !== undefined && reader.isObject(node)) {
    const target = reader.options(node)
    const [schema, own] = [target.text("schema"), target.text("name")]
    const full = [schema, own ?? unknown()].flatMap((part) => (part === null ? [] : [quoted(part).sql])).join(".")
    return sql`REFERENCES ${{ sql: full, node }}${actions}`
  }
  const text = reader.text(node)
  const full = text.startsWith('"') || text.endsWith(")") ? text : quoted(text).sql
  return sql`REFERENCES ${node === undefined ? full : { sql: full, node }}${actions}`
}

function deferrable(options: Options): string {
  return ` DEFERRABLE INITIALLY ${options.flag("deferred") ? "DEFERRED" : "IMMEDIATE"}`
}

/**
 * The constraints of a table.
 *
 * @param own The name that is given to all of them.
 * @param primary Columns that are marked as keys.
 */
export function constraintsOf(reader: Reader, table: string, node: Node | undefined, own: string | null, primary: readonly string[]): Piece[][] {
  const options = only(reader.options(node), ["check", "unique", "primaryKey", "foreignKeys", "exclude", "deferrable", "deferred"])
  const found: Piece[][] = []
  const add = (given: string, at: Node | undefined, rest: Piece[]): void => {
    found.push(sql`CONSTRAINT ${quoted(own ?? given)} ${at === undefined ? rest : rest.map((piece) => ({ node: at, ...piece }))}`)
  }
  const list = (names: readonly { readonly text: string; readonly node: Node }[]): Part => joined(names.map(({ text, node: at }) => quoted(text, at)))
  const check = options.node("check")
  if (check !== undefined) {
    const checks = reader.list(check)
    for (const [index, one] of (checks ?? [check]).entries()) add(checks === null ? `${table}_chck` : `${table}_chck_${String(index + 1)}`, one, sql`CHECK (${reader.text(one)})`)
  }
  const unique = options.node("unique")
  if (unique !== undefined) {
    const sets = reader.list(unique)
    const isNested = sets?.some((set) => reader.list(set) !== null) === true
    for (const set of isNested ? (sets ?? []) : [unique]) {
      const columns = reader.texts(set)
      add(`${table}_uniq_${columns.map(({ text }) => text).join("_")}`, set, sql`UNIQUE (${list(columns)})`)
    }
  }
  const key = options.node("primaryKey")
  if (key !== undefined) add(`${table}_pkey`, key, sql`PRIMARY KEY (${list(reader.texts(key))})`)
  else if (primary.length > 0) add(`${table}_pkey`, undefined, sql`PRIMARY KEY (${joined(primary.map((column) => quoted(column)))})`)
  const foreign = options.node("foreignKeys")
  if (foreign !== undefined) {
    for (const one of reader.list(foreign) ?? [foreign]) {
      const fk = only(reader.options(one), ["columns", "references", "referencesConstraintName", "onDelete", "onUpdate", "match"])
      const columns = reader.texts(fk.node("columns"))
      const given = fk.text("referencesConstraintName") ?? own ?? `${table}_fk_${columns.map(({ text }) => text).join("_")}`
      found.push(sql`CONSTRAINT ${quoted(given, fk.node("referencesConstraintName"))} FOREIGN KEY (${list(columns)}) ${referencesOf(reader, fk)}`)
    }
  }
  const exclude = options.text("exclude")
  if (exclude !== null) add(`${table}_excl`, options.node("exclude"), sql`EXCLUDE ${exclude}`)
  return options.flag("deferrable") ? found.map((one) => sql`${one}${deferrable(options)}`) : found
}

/** A value as a default. */
export function valueOf(reader: Reader, node: Node | undefined): string {
  const list = reader.list(node)
  if (list !== null) return `ARRAY[${list.map((element) => valueOf(reader, element)).join(",").replaceAll("ARRAY", "")}]`
  return scalarSql(reader.scalar(node))
}

const SHORT: Readonly<Record<string, string>> = { int: "integer", string: "text", float: "real", double: "double precision", datetime: "timestamp", bool: "boolean" }

/** Short names that node-pg-migrate spells out. */
export function typeName(type: string): string {
  if (type === "" || type === "id") return unknown()
  return SHORT[type] ?? type
}
