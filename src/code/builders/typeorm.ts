/** What TypeORM emits for the calls of `queryRunner`. Checked against the library in test/tools. */
import { child, children, pathOf, unwrap, type Node } from "../../embedded/node.ts"
import { attempt, only, Unknown, unknown, type Builder, type Options, type Reader, type Step } from "../call.ts"
import { joined, literal, name, quoted, sql, type Part, type Piece } from "../pieces.ts"
import { sha1 } from "../sha.ts"
import { TYPEORM_VERBS, typeormRows } from "./rows/typeorm.ts"
import { columnOf } from "./typeorm-columns.ts"

type Method = (reader: Reader, given: readonly Node[]) => readonly (readonly Piece[])[]

export const TYPEORM: Builder = {
  rows: typeormRows,
  receiver: /(?:^|\.)queryRunner$/,
  get calls() { return { queryRunner: ["query", ...Object.keys(METHODS)], "queryRunner.manager.createQueryBuilder()": Object.keys(TYPEORM_VERBS) } },
  read: (links, reader) =>
    links.flatMap((link): Step[] => {
      if (link.arguments === null) return []
      const { node } = link
      const [first] = link.arguments
      if (link.name === "query" && first !== undefined) return [{ kind: "raw", node, sql: first }]
      const method = METHODS[link.name]
      if (method === undefined) {
        return /^(?:add|drop|change|rename|create(?!QueryBuilder)|clear|update)[A-Z]/.test(link.name) ? [{ kind: "unread", node, table: null }] : [{ kind: "skip", link }]
      }
      const statements = attempt(() => method(reader, link.arguments ?? []))
      if (statements !== null) return [{ kind: "statements", node, statements }]
      const table = link.name === "createTable" ? attempt(() => tableOf(reader, made(reader, first, "Table").node("name"))) : null
      return [{ kind: "unread", node, table }]
    }),
}

const METHODS: Readonly<Record<string, Method>> = {
  startTransaction: () => [sql`START TRANSACTION`],
  commitTransaction: () => [sql`COMMIT`],
  createTable(reader, [table, ifNotExists, withKeys, withIndices]) {
    const options = only(made(reader, table, "Table"), ["name", "columns", "indices", "foreignKeys", "uniques", "checks", "exclusions", "comment", "schema", "database"])
    if (options.has("exclusions")) throw new Unknown()
    const own = options.text("name") ?? unknown()
    const target = tableOf(reader, options.node("name"))
    const given = elements(reader, options, "columns").map((node) => ({ node, options: made(reader, node, "TableColumn") }))
    const columns = given.map(({ node, options: column }) => ({ node, ...columnOf(reader, own, column) }))
    const uniques = elements(reader, options, "uniques").map((node) => uniqueOf(reader, own, node))
    const single = columns.filter(({ isUnique }) => isUnique).map((column) => ({ name: hashed("UQ", own, [column.name]), columns: [column.name], sql: sql`${quoted(column.name)}` }))
    const added = single.filter(({ columns: [column] }) => !uniques.some((unique) => unique.columns.length === 1 && unique.columns[0] === column))
    const keys = withKeys === undefined || reader.flag(withKeys) ? elements(reader, options, "foreignKeys").map((node) => foreignKeyOf(reader, own, node)) : []
    const primary = columns.filter(({ isPrimary }) => isPrimary)
    const primaryName = primary[0]?.keyName ?? hashed("PK", own, primary.map((column) => column.name))
    const parts: Part[] = [
      ...columns.map((column) => sql`${column.definition}`.map((piece) => ({ node: column.node, ...piece }))),
      ...[...uniques, ...added].map((unique) => sql`CONSTRAINT ${quoted(unique.name)} UNIQUE (${unique.sql})`),
      ...elements(reader, options, "checks").map((node) => sql`CONSTRAINT ${checkOf(reader, own, node)}`),
      ...keys.map((key) => sql`CONSTRAINT ${key}`),
      ...(primary.length === 0 ? [] : [sql`CONSTRAINT ${quoted(primaryName)} PRIMARY KEY (${joined(primary.map((column) => quoted(column.name)))})`]),
    ]
    const indices = withIndices === undefined || reader.flag(withIndices) ? elements(reader, options, "indices").map((node) => indexOf(reader, own, target, node)) : []
    const comment = options.text("comment")
    const words = ifNotExists !== undefined && reader.flag(ifNotExists) ? "IF NOT EXISTS " : ""
    const types = new Map(columns.flatMap(({ type }) => (type === null ? [] : [[type.map((piece) => piece.sql).join(""), type] as const])))
    return [
      ...types.values(),
      sql`CREATE TABLE ${words}${target} (${joined(parts)})`,
      ...columns.flatMap((column) => (column.comment === null ? [] : [sql`COMMENT ON COLUMN ${target}.${quoted(column.name)} IS ${literal(column.comment)}`])),
      ...indices,
      ...(comment === null ? [] : [sql`COMMENT ON TABLE ${target} IS ${literal(comment)}`]),
    ]
  },
  // Indexes and foreign keys that the library finds in the database it drops one by one before; the table takes them with it.
  dropTable: (reader, [table, ifExists]) => [sql`DROP TABLE ${ifExists !== undefined && reader.flag(ifExists) ? "IF EXISTS " : ""}${tableArgument(reader, table).target}`],
  renameTable: (reader, [table, to]) => [sql`ALTER TABLE ${tableArgument(reader, table).target} RENAME TO ${quoted(reader.text(to), to)}`],
  addColumn,
  addColumns: (reader, [table, columns]) => (reader.list(columns) ?? unknown()).flatMap((column) => addColumn(reader, [table ?? column, column])),
  dropColumn: (reader, [table, column]) => [dropColumn(reader, table, column)],
  dropColumns: (reader, [table, columns]) => (reader.list(columns) ?? unknown()).map((column) => dropColumn(reader, table, column)),
  renameColumn(reader, [table, from, to]) {
    // With a new definition it may change more than the name.
    return [sql`ALTER TABLE ${tableArgument(reader, table).target} RENAME COLUMN ${columnName(reader, from)} TO ${quoted(reader.text(to), to)}`]
  },
  changeColumn,
  changeColumns: (reader, [table, changes]) =>
    (reader.list(changes) ?? unknown()).flatMap((change) => {
      const options = only(reader.options(change), ["oldColumn", "newColumn"])
      return changeColumn(reader, [table ?? change, options.node("oldColumn") ?? unknown(), options.node("newColumn") ?? unknown()])
    }),
  createPrimaryKey(reader, [table, columns, own]) {
    const { target, text } = tableArgument(reader, table)
    const keys = reader.texts(columns)
    const key = own === undefined ? quoted(hashed("PK", text, keys.map((one) => one.text))) : quoted(reader.text(own), own)
    return [sql`ALTER TABLE ${target} ADD CONSTRAINT ${key} PRIMARY KEY (${joined(keys.map((one) => quoted(one.text, one.node)))})`]
  },
  createUniqueConstraint: (reader, [table, unique]) => [addUnique(reader, table, unique)],
  createUniqueConstraints: (reader, [table, uniques]) => (reader.list(uniques) ?? unknown()).map((unique) => addUnique(reader, table, unique)),
  dropUniqueConstraint: (reader, [table, unique]) => [dropConstraint(reader, table, unique, "TableUnique")],
  createCheckConstraint: (reader, [table, check]) => [addCheck(reader, table, check)],
  createCheckConstraints: (reader, [table, checks]) => (reader.list(checks) ?? unknown()).map((check) => addCheck(reader, table, check)),
  dropCheckConstraint: (reader, [table, check]) => [dropConstraint(reader, table, check, "TableCheck")],
  createExclusionConstraint(reader, [table, exclusion]) {
    const options = only(made(reader, exclusion, "TableExclusion"), ["name", "expression"])
    return [sql`ALTER TABLE ${tableArgument(reader, table).target} ADD CONSTRAINT ${quoted(options.text("name") ?? unknown(), options.node("name"))} EXCLUDE ${options.text("expression") ?? unknown()}`]
  },
  dropExclusionConstraint: (reader, [table, exclusion]) => [dropConstraint(reader, table, exclusion, "TableExclusion")],
  createForeignKey: (reader, [table, key]) => [addForeignKey(reader, table, key)],
  createForeignKeys: (reader, [table, keys]) => (reader.list(keys) ?? unknown()).map((key) => addForeignKey(reader, table, key)),
  dropForeignKey: (reader, [table, key]) => [dropConstraint(reader, table, key, "TableForeignKey")],
  dropForeignKeys: (reader, [table, keys]) => (reader.list(keys) ?? unknown()).map((key) => dropConstraint(reader, table, key, "TableForeignKey")),
  createIndex(reader, [table, index]) {
    const { target, text } = tableArgument(reader, table)
    return [indexOf(reader, text, target, index)]
  },
  createIndices(reader, [table, indices]) {
    const { target, text } = tableArgument(reader, table)
    return (reader.list(indices) ?? unknown()).map((index) => indexOf(reader, text, target, index))
  },
  dropIndex: (reader, [table, index]) => [dropIndex(reader, table, index)],
  dropIndices: (reader, [table, indices]) => (reader.list(indices) ?? unknown()).map((index) => dropIndex(reader, table, index)),
  clearTable: (reader, [table]) => [sql`TRUNCATE TABLE ${name(reader.text(table), table)}`],
  createSchema: (reader, [schema, ifNotExists]) => [sql`CREATE SCHEMA ${ifNotExists !== undefined && reader.flag(ifNotExists) ? "IF NOT EXISTS " : ""}${schemaOf(reader, schema)}`],
  dropSchema(reader, [schema, ifExists, cascade]) {
    const words = ifExists !== undefined && reader.flag(ifExists) ? "IF EXISTS " : ""
    return [sql`DROP SCHEMA ${words}${schemaOf(reader, schema)}${cascade !== undefined && reader.flag(cascade) ? " CASCADE" : ""}`]
  },
}

function addColumn(reader: Reader, [table, node]: readonly Node[]): Piece[][] {
  const { target, text } = tableArgument(reader, table)
  const column = columnOf(reader, text, made(reader, node, "TableColumn"))
  const at = node === undefined ? {} : { node }
  const key = column.keyName ?? hashed("PK", text, [column.name])
  return [
    ...(column.type === null ? [] : [column.type]),
    sql`ALTER TABLE ${target} ADD ${sql`${column.definition}`.map((piece) => ({ ...at, ...piece }))}`,
    ...(column.isPrimary ? [sql`ALTER TABLE ${target} ADD CONSTRAINT ${quoted(key)} PRIMARY KEY (${quoted(column.name)})`] : []),
    ...(column.isUnique ? [sql`ALTER TABLE ${target} ADD CONSTRAINT ${quoted(hashed("UQ", text, [column.name]))} UNIQUE (${quoted(column.name)})`] : []),
    ...(column.comment === null ? [] : [sql`COMMENT ON COLUMN ${target}.${quoted(column.name)} IS ${literal(column.comment)}`]),
  ]
}

function dropColumn(reader: Reader, table: Node | undefined, column: Node | undefined): Piece[] {
  return sql`ALTER TABLE ${tableArgument(reader, table).target} DROP COLUMN ${columnName(reader, column)}`
}

/** What changes is told only where both columns are written out. */
function changeColumn(reader: Reader, [table, before, after]: readonly Node[]): Piece[][] {
  const { target, text } = tableArgument(reader, table)
  const [from, to] = [made(reader, before, "TableColumn"), made(reader, after, "TableColumn")]
  const [old, column] = [columnOf(reader, text, from), columnOf(reader, text, to)]
  const differs = (key: string): boolean => (from.has(key) ? JSON.stringify(reader.scalar(from.node(key))) : "") !== (to.has(key) ? JSON.stringify(reader.scalar(to.node(key))) : "")
  if (from.has("enum") || to.has("enum")) return unknown()
  // The library drops a column and adds it anew, and loses what is in it.
  if (["type", "length", "isArray", "asExpression"].some(differs)) return [dropColumn(reader, table, before), ...addColumn(reader, [table ?? target.node ?? unknown(), after ?? unknown()])]
  if (["isGenerated", "generationStrategy", "isPrimary", "generatedType", "collation", "comment", "precision", "scale", "enumName"].some(differs)) return unknown()
  const statements: Piece[][] = []
  const alter = (action: string): void => void statements.push(sql`ALTER TABLE ${target} ALTER COLUMN ${quoted(column.name, after)} ${action}`)
  if (old.name !== column.name) statements.push(sql`ALTER TABLE ${target} RENAME COLUMN ${quoted(old.name, before)} TO ${quoted(column.name, after)}`)
  if (from.flag("isNullable") !== to.flag("isNullable")) alter(to.flag("isNullable") ? "DROP NOT NULL" : "SET NOT NULL")
  if (from.flag("isUnique") !== to.flag("isUnique")) {
    if (!to.flag("isUnique")) return unknown()
    statements.push(sql`ALTER TABLE ${target} ADD CONSTRAINT ${quoted(hashed("UQ", text, [column.name]))} UNIQUE (${quoted(column.name)})`)
  }
  if (differs("default")) alter(column.default === null ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`)
  return statements
}

interface Unique {
  readonly name: string
  readonly columns: readonly string[]
  readonly sql: Part
}

function uniqueOf(reader: Reader, table: string, node: Node): Unique & { readonly node: Node; readonly deferrable: string } {
  const options = only(made(reader, node, "TableUnique"), ["name", "columnNames", "deferrable"])
  const columns = reader.texts(options.node("columnNames"))
  const deferrable = options.text("deferrable")
  return {
    name: options.text("name") ?? hashed("UQ", table, columns.map(({ text }) => text)),
    columns: columns.map(({ text }) => text),
    sql: joined(columns.map(({ text, node: at }) => quoted(text, at))),
    node,
    deferrable: deferrable === null ? "" : ` DEFERRABLE ${deferrable}`,
  }
}

function addUnique(reader: Reader, table: Node | undefined, node: Node | undefined): Piece[] {
  const { target, text } = tableArgument(reader, table)
  const unique = uniqueOf(reader, text, node ?? unknown())
  return sql`ALTER TABLE ${target} ADD CONSTRAINT ${quoted(unique.name)} UNIQUE (${unique.sql})${unique.deferrable}`
}

function checkOf(reader: Reader, table: string, node: Node | undefined): Piece[] {
  const options = only(made(reader, node, "TableCheck"), ["name", "expression", "columnNames"])
  const expression = options.text("expression") ?? unknown()
  const own = options.text("name") ?? `CHK_${sha1(`${plain(table)}_${expression}`).slice(0, 26)}`
  return sql`${quoted(own, options.node("name"))} CHECK (${expression})`
}

function addCheck(reader: Reader, table: Node | undefined, node: Node | undefined): Piece[] {
  const { target, text } = tableArgument(reader, table)
  return sql`ALTER TABLE ${target} ADD CONSTRAINT ${checkOf(reader, text, node)}`
}

function foreignKeyOf(reader: Reader, table: string, node: Node | undefined): Piece[] {
  const known = ["name", "columnNames", "referencedTableName", "referencedSchema", "referencedColumnNames", "onDelete", "onUpdate", "deferrable"]
  const options = only(made(reader, node, "TableForeignKey"), known)
  const columns = reader.texts(options.node("columnNames"))
  const list = (property: string): Part => joined(reader.texts(options.node(property)).map(({ text, node: at }) => quoted(text, at)))
  const own = options.text("name") ?? hashed("FK", table, columns.map(({ text }) => text))
  const action = (key: string, words: string): string => {
    const word = options.text(key)
    return word === null ? "" : ` ${words} ${word}`
  }
  const schema = options.text("referencedSchema")
  const referenced = options.text("referencedTableName") ?? unknown()
  const target = schemaFree(schema === null ? referenced : `${schema}.${referenced}`, options.node("referencedTableName"))
  const actions = `${action("onDelete", "ON DELETE")}${action("onUpdate", "ON UPDATE")}${action("deferrable", "DEFERRABLE")}`
  return sql`${quoted(own, options.node("name"))} FOREIGN KEY (${list("columnNames")}) REFERENCES ${target} (${list("referencedColumnNames")})${actions}`
}

function addForeignKey(reader: Reader, table: Node | undefined, node: Node | undefined): Piece[] {
  const { target, text } = tableArgument(reader, table)
  return sql`ALTER TABLE ${target} ADD CONSTRAINT ${foreignKeyOf(reader, text, node)}`
}

function dropConstraint(reader: Reader, table: Node | undefined, node: Node | undefined, type: string): Piece[] {
  const own = node !== undefined && !isMade(reader, node) ? quoted(reader.text(node), node) : quoted(made(reader, node, type).text("name") ?? unknown(), node)
  return sql`ALTER TABLE ${tableArgument(reader, table).target} DROP CONSTRAINT ${own}`
}

function indexOf(reader: Reader, table: string, target: Piece, node: Node | undefined): Piece[] {
  const options = only(made(reader, node, "TableIndex"), ["name", "columnNames", "isUnique", "isConcurrent", "where", "isSpatial", "isFulltext", "isNullFiltered", "type"])
  const where = options.text("where")
  const columns = reader.texts(options.node("columnNames"))
  const own = options.text("name") ?? `IDX_${sha1(`${plain(table)}_${columns.map(({ text }) => text).sort().join("_")}${where === null ? "" : `_${where}`}`).slice(0, 26)}`
  const using = options.flag("isSpatial") ? "gist" : options.text("type")
  const words = `${options.flag("isUnique") ? "UNIQUE " : ""}INDEX ${options.flag("isConcurrent") ? "CONCURRENTLY " : ""}`
  const at = node === undefined ? {} : { node }
  const keys = joined(columns.map(({ text, node: column }) => quoted(text, column)))
  return sql`${{ sql: `CREATE ${words}`, ...at }}${quoted(own, options.node("name"))} ON ${target}${using === null ? "" : ` USING ${using}`} (${keys})${where === null ? "" : ` WHERE ${where}`}`
}

function dropIndex(reader: Reader, table: Node | undefined, node: Node | undefined): Piece[] {
  const { text } = tableArgument(reader, table)
  const isObject = node !== undefined && isMade(reader, node)
  const options = isObject ? made(reader, node, "TableIndex") : null
  const own = options === null ? reader.text(node) : (options.text("name") ?? unknown())
  const [schema, ...rest] = text.split(".")
  const prefix = rest.length === 0 || schema === undefined ? "" : `${quoted(schema).sql}.`
  return sql`DROP INDEX ${options?.flag("isConcurrent") === true ? "CONCURRENTLY " : ""}${prefix}${quoted(own, node)}`
}

/** A table as its name, or as `new Table({ name })`. */
function tableArgument(reader: Reader, node: Node | undefined): { readonly target: Piece; readonly text: string } {
  if (node === undefined || !isMade(reader, node)) return { target: tableOf(reader, node), text: reader.text(node) }
  const options = made(reader, node, "Table")
  return { target: tableOf(reader, options.node("name")), text: options.text("name") ?? unknown() }
}

function columnName(reader: Reader, node: Node | undefined): Piece {
  if (node === undefined || !isMade(reader, node)) return quoted(reader.text(node), node)
  const options = made(reader, node, "TableColumn")
  return quoted(options.text("name") ?? unknown(), options.node("name"))
}

function isMade(reader: Reader, node: Node): boolean {
  return /^(?:NewExpression|ObjectExpression)$/.test(reader.resolved(node).type)
}

/** The options of `new TableIndex({ ... })`, or of a plain object. */
function made(reader: Reader, node: Node | undefined, type: string): Options {
  const inner = node === undefined ? null : unwrap(reader.resolved(node))
  if (inner?.type !== "NewExpression") return reader.options(node ?? unknown())
  if (!(pathOf(child(inner, "callee")) ?? "").endsWith(type)) throw new Unknown()
  return reader.options(children(inner, "arguments")[0])
}

function elements(reader: Reader, options: Options, property: string): readonly Node[] {
  return options.has(property) ? (reader.list(options.node(property)) ?? unknown()) : []
}

/** As the library derives the names of constraints. */
function hashed(prefix: string, table: string, columns: readonly string[]): string {
  return `${prefix}_${sha1(`${plain(table)}_${[...columns].sort().join("_")}`).slice(0, 27)}`
}

function plain(table: string): string {
  return table.split(".").at(-1) ?? table
}

function tableOf(reader: Reader, node: Node | undefined): Piece {
  return schemaFree(reader.text(node), node)
}

/** The library leaves out the schema that it is connected to. */
function schemaFree(text: string, node: Node | undefined): Piece {
  return name(text.startsWith("public.") ? text.slice("public.".length) : text, node)
}

function schemaOf(reader: Reader, node: Node | undefined): Piece {
  return quoted(plain(reader.text(node)), node)
}

