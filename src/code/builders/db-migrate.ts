/** What db-migrate 0.11 with db-migrate-pg emits for the calls of `db`. Checked against the library in test/tools. */
import type { Node } from "../../embedded/node.ts"
import { pathOf } from "../../embedded/node.ts"
import { attempt, only, unknown, type Builder, type Options, type Reader, type Step } from "../call.ts"
import type { Link } from "../chain.ts"
import { joined, quoted, sql, type Piece } from "../pieces.ts"
import { isFunction } from "../nodes.ts"
import { valuesOf } from "./rows/values.ts"

type Method = (reader: Reader, given: readonly Node[]) => readonly Piece[][]

export const DB_MIGRATE: Builder = {
  receiver: /^db$/,
  get calls() { return { db: ["runSql", ...Object.keys(METHODS)] } },
  read: (links, reader) => links.flatMap((link) => read(link, reader)),
}

function read(link: Link, reader: Reader): Step[] {
  if (link.arguments === null) return []
  const { node } = link
  const [first] = link.arguments
  // What comes in a callback, or is bound to one, runs afterwards.
  const callbacks = link.arguments.filter((argument) => isFunction(argument) || /\.bind\(\)$/.test(pathOf(argument) ?? "") || argument.type === "Identifier")
  const later: Step = { kind: "skip", link: { ...link, arguments: callbacks } }
  if ((link.name === "runSql" || link.name === "all") && first !== undefined) return [{ kind: "raw", node, sql: first }, later]
  const method = METHODS[link.name]
  if (method === undefined) {
    return /^(?:create|drop|add|remove|rename|change)[A-Z]/.test(link.name) ? [{ kind: "unread", node, table: null }] : [{ kind: "skip", link }]
  }
  const given = link.arguments.filter((argument) => !callbacks.includes(argument) || argument.type === "Identifier")
  const statements = attempt(() => method(reader, given))
  if (statements !== null) return [{ kind: "statements", node, statements }, later]
  if (link.name === "insert") return [{ kind: "rows", node }, later]
  const table = link.name === "createTable" ? attempt(() => named(reader, first)) : null
  return [{ kind: "unread", node, table }, later]
}

const METHODS: Readonly<Record<string, Method>> = {
  createTable(reader, [table, given]) {
    const outer = reader.options(given)
    const isNested = outer.has("columns")
    const columns = isNested ? reader.options(outer.node("columns")) : outer
    if (isNested) only(outer, ["columns", "ifNotExists"])
    const specs = columns.names.map((column) => ({ column, spec: specOf(reader, columns.node(column)) }))
    const keys = specs.filter(({ spec }) => spec.flag("primaryKey")).map(({ column }) => column)
    const lines = specs.map(({ column, spec }) => columnDef(reader, column, spec, keys.length === 1))
    const key = keys.length > 1 ? [sql`PRIMARY KEY (${joined(keys.map((column) => quoted(column)))})`] : []
    const ifNotExists = isNested && outer.flag("ifNotExists") ? "IF NOT EXISTS " : ""
    return [sql`CREATE TABLE ${ifNotExists}${named(reader, table)} (${joined([...lines, ...key])})`, ...specs.flatMap(({ column, spec }) => afterColumn(reader, table, column, spec))]
  },
  dropTable(reader, [table, given]) {
    const options = reader.isObject(given) ? reader.options(given) : null
    return [sql`DROP TABLE ${options?.flag("ifExists") === true ? "IF EXISTS " : ""}${named(reader, table)}`]
  },
  renameTable: (reader, [table, to]) => [sql`ALTER TABLE ${named(reader, table)} RENAME TO ${named(reader, to)}`],
  addColumn(reader, [table, column, given]) {
    const spec = specOf(reader, given)
    const own = reader.text(column)
    return [sql`ALTER TABLE ${named(reader, table)} ADD COLUMN ${columnDef(reader, own, spec, false, column)}`, ...afterColumn(reader, table, own, spec)]
  },
  removeColumn: (reader, [table, column]) => [sql`ALTER TABLE ${named(reader, table)} DROP COLUMN ${named(reader, column)}`],
  renameColumn: (reader, [table, from, to]) => [sql`ALTER TABLE ${named(reader, table)} RENAME COLUMN ${named(reader, from)} TO ${named(reader, to)}`],
  changeColumn(reader, [table, column, given]) {
    const spec = reader.options(given)
    const alter = (action: string): Piece[] => sql`ALTER TABLE ${named(reader, table)} ALTER COLUMN ${named(reader, column)} ${action}`
    const statements = [alter(`${spec.flag("notNull") ? "SET" : "DROP"} NOT NULL`)]
    const key = quoted(`${reader.text(table)}_${reader.text(column)}_key`)
    if (spec.has("unique")) {
      statements.push(spec.flag("unique") ? sql`ALTER TABLE ${named(reader, table)} ADD CONSTRAINT ${key} UNIQUE (${named(reader, column)})` : sql`ALTER TABLE ${named(reader, table)} DROP CONSTRAINT ${key}`)
    }
    if (reader.isObject(spec.node("defaultValue"))) return unknown()
    statements.push(alter(spec.has("defaultValue") ? `SET DEFAULT ${defaultOf(reader, spec.node("defaultValue"))}` : "DROP DEFAULT"))
    const given_ = spec.text("type")
    if (given_ !== null) {
      const type = typeName(given_)
      const using = spec.text("using") ?? `USING ${named(reader, column).sql}::${type}`
      statements.push(alter(`TYPE ${type}${lengthOf(spec)} ${using}`))
    }
    return statements
  },
  addIndex(reader, [table, index, columns, unique]) {
    const isUnique = unique !== undefined && !isFunction(unique) && unique.type !== "Identifier" && reader.flag(unique)
    const keys = reader.texts(columns).map(({ text, node }) => quoted(text, node))
    return [sql`CREATE ${isUnique ? "UNIQUE " : ""}INDEX ${named(reader, index)} ON ${named(reader, table)} (${joined(keys)})`]
  },
  removeIndex(reader, [table, index]) {
    const isAlone = index === undefined || (index.type === "Identifier" && attempt(() => reader.text(index)) === null)
    return [sql`DROP INDEX ${named(reader, isAlone ? table : index)}`]
  },
  addForeignKey(reader, [table, target, key, mapping, rules]) {
    const columns = reader.options(mapping)
    const options = reader.isObject(rules) ? reader.options(rules) : null
    return [foreignKey(reader.text(table), table, reader.text(target), target, reader.text(key), key, columns, options)]
  },
  insert(reader, [table, columns, given]) {
    const values = valuesOf(reader)
    const names = reader.texts(columns).map(({ text, node }) => quoted(text, node))
    return [sql`INSERT INTO ${named(reader, table)} (${joined(names)}) VALUES (${joined((reader.list(given) ?? unknown()).map((value) => values.of(value)))})`]
  },
  removeForeignKey: (reader, [table, key]) => [sql`ALTER TABLE ${named(reader, table)} DROP CONSTRAINT ${named(reader, key)}`],
}

/** A column may be given as the name of its type. What the library does not know of it, such as `allowNull`, changes nothing. */
function specOf(reader: Reader, node: Node | undefined): Options {
  if (reader.isObject(node)) return reader.options(node)
  const type = typeText(reader, node)
  return { names: ["type"], has: (key) => key === "type", node: (key) => (key === "type" ? node : undefined), text: (key) => (key === "type" ? type : null), flag: () => false, number: () => null }
}

/** A type as a text, or as `type.STRING` of the library. */
function typeText(reader: Reader, node: Node | undefined): string {
  const path = node === undefined ? null : pathOf(node)
  const constant = path === null ? undefined : /(?:^|\.)(?:dataType|type|dbType)\.([A-Z_]+)$/.exec(path)?.[1]
  return constant === undefined ? reader.text(node) : (CONSTANTS[constant] ?? unknown())
}

const CONSTANTS: Readonly<Record<string, string>> = {
  CHAR: "char",
  STRING: "string",
  TEXT: "text",
  SMALLINT: "smallint",
  SMALL_INTEGER: "smallint",
  BIGINT: "bigint",
  BIG_INTEGER: "bigint",
  INTEGER: "int",
  REAL: "real",
  DATE: "date",
  DATE_TIME: "datetime",
  TIME: "time",
  BLOB: "blob",
  TIMESTAMP: "timestamp",
  BINARY: "binary",
  BOOLEAN: "boolean",
  DECIMAL: "decimal",
}

const NAMES: Readonly<Record<string, string>> = { string: "VARCHAR", int: "INTEGER", datetime: "TIMESTAMP", blob: "BYTEA" }

function typeName(type: string): string {
  return NAMES[type] ?? type.toUpperCase()
}

function columnDef(reader: Reader, column: string, spec: Options, emitKey: boolean, node?: Node): Piece[] {
  const given = typeText(reader, spec.node("type"))
  const [, plain = given, withZone] = /^(time|timestamp)(tz)$/.exec(given) ?? []
  const isSerial = spec.flag("primaryKey") && spec.flag("autoIncrement")
  const zone = withZone !== undefined || spec.flag("timezone") ? " WITH TIME ZONE" : ""
  const words = [
    `${isSerial ? "" : typeName(plain)}${lengthOf(spec)}${zone}`,
    isSerial ? (given === "bigint" ? "BIGSERIAL" : "SERIAL") : "",
    emitKey && spec.flag("primaryKey") ? "PRIMARY KEY" : "",
    spec.flag("notNull") ? "NOT NULL" : "",
    spec.flag("unique") ? "UNIQUE" : "",
    spec.has("defaultValue") ? `DEFAULT ${defaultOf(reader, spec.node("defaultValue"))}` : "",
  ]
  return sql`${quoted(column, node)} ${words.filter((word) => word !== "").join(" ")}`
}

function lengthOf(spec: Options): string {
  const node = spec.node("length")
  if (node === undefined) return ""
  const length = attempt(() => spec.number("length")?.toString() ?? null) ?? spec.text("length")
  return length === null ? "" : `(${length})`
}

/** Foreign keys and comments of a column are statements of their own. */
function afterColumn(reader: Reader, table: Node | undefined, column: string, spec: Options): Piece[][] {
  const comment = spec.text("comment")
  const comments = comment === null ? [] : [sql`COMMENT on COLUMN ${reader.text(table)}.${column} IS '${comment}'`]
  const node = spec.node("foreignKey")
  if (node === undefined) return comments
  const fk = reader.options(node)
  const mapping = fk.node("mapping")
  const rules = fk.has("rules") ? reader.options(fk.node("rules")) : null
  const target = fk.text("table") ?? unknown()
  const own = fk.text("name") ?? unknown()
  const columns = reader.isObject(mapping) ? reader.options(mapping) : single(column, reader.text(mapping))
  return [...comments, foreignKey(reader.text(table), table, target, fk.node("table"), own, fk.node("name"), columns, rules)]
}

function single(column: string, target: string): Options {
  return { names: [column], has: () => true, node: () => undefined, text: () => target, flag: () => false, number: () => null }
}

function foreignKey(
  table: string,
  tableNode: Node | undefined,
  target: string,
  targetNode: Node | undefined,
  own: string,
  ownNode: Node | undefined,
  mapping: Options,
  rules: Options | null,
): Piece[] {
  const columns = mapping.names.map((column) => quoted(column))
  const referenced = mapping.names.map((column) => quoted(mapping.text(column) ?? unknown()))
  const actions = `ON DELETE ${rules?.text("onDelete") ?? "NO ACTION"} ON UPDATE ${rules?.text("onUpdate") ?? "NO ACTION"}`
  return sql`ALTER TABLE ${quoted(table, tableNode)} ADD CONSTRAINT ${quoted(own, ownNode)} FOREIGN KEY (${joined(columns)}) REFERENCES ${quoted(target, targetNode)} (${joined(referenced)}) ${actions}`
}

function defaultOf(reader: Reader, node: Node | undefined): string {
  if (reader.isObject(node)) {
    const options = reader.options(node)
    if (options.text("special") === "CURRENT_TIMESTAMP") return "CURRENT_TIMESTAMP"
    return options.has("special") ? unknown() : (options.text("prep") ?? unknown())
  }
  const value = reader.scalar(node)
  switch (value.kind) {
    case "text":
      return `'${value.text}'`
    case "raw":
      return value.sql
    case "number":
      return String(value.number)
    case "flag":
      return String(value.flag)
    case "nothing":
      return "null"
  }
}

function named(reader: Reader, node: Node | undefined): Piece {
  return quoted(reader.text(node), node)
}
