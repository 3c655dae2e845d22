/** What node-pg-migrate 9 emits for the calls of `pgm`. Checked against the library in test/tools. */
import type { Node } from "../../embedded/node.ts"
import { attempt, only, Unknown, type Builder, type Options, type Reader, type Step } from "../call.ts"
import { joined, literal, quoted, sql, type Piece } from "../pieces.ts"
import { isNothing } from "../values.ts"
import { columnsOf, constraintsOf, typeName, valueOf } from "./node-pg-migrate-columns.ts"
import { createFunction, createTrigger, parametersOf } from "./node-pg-migrate-functions.ts"
import { createIndex, indexName } from "./node-pg-migrate-indexes.ts"
import { cascade, ifExists, ownName, tableOf } from "./node-pg-migrate-names.ts"

type Method = (reader: Reader, given: readonly Node[]) => readonly (readonly Piece[])[]

export const NODE_PG_MIGRATE: Builder = {
  receiver: /^pgm$/,
  get calls() { return { pgm: ["noTransaction", ...Object.keys(METHODS)] } },
  read: (links, reader) =>
    links.flatMap((link): Step[] => {
      if (link.arguments === null) return []
      const { node } = link
      const [first] = link.arguments
      if (link.name === "sql" && first !== undefined && link.arguments.length === 1) return [{ kind: "raw", node, sql: first }]
      const method = METHODS[link.name]
      // Of what is not read, these change nothing that locks a relation.
      if (method === undefined) return /^(?:noTransaction|func|grant|revoke|toString|getSql)/.test(link.name) ? [{ kind: "skip", link }] : [{ kind: "unread", node, table: null }]
      const statements = attempt(() => method(reader, link.arguments ?? []))
      if (statements !== null) return [{ kind: "statements", node, statements }]
      const table = link.name === "createTable" ? attempt(() => tableOf(reader, first)) : null
      return [{ kind: "unread", node, table }]
    }),
}

const METHODS: Readonly<Record<string, Method>> = {
  createTable(reader, [table, columns, given]) {
    const options = only(reader.options(given), ["temporary", "ifNotExists", "inherits", "like", "constraints", "comment", "partition", "unlogged"])
    if (options.has("partition") && !reader.isObject(options.node("partition"))) throw new Unknown()
    const target = tableOf(reader, table)
    const { columns: lines, comments, primary } = columnsOf(reader, target, columns)
    const constraints = constraintsOf(reader, ownName(reader, table), options.node("constraints"), null, primary)
    const words = `${options.flag("temporary") ? "TEMPORARY " : ""}${options.flag("unlogged") ? "UNLOGGED " : ""}TABLE ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}`
    const inherits = options.has("inherits") ? sql` INHERITS (${tableOf(reader, options.node("inherits"))})` : []
    const like = options.has("like") ? [likeOf(reader, options.node("like"))] : []
    const partition = options.has("partition") ? partitionOf(reader, reader.options(options.node("partition"))) : []
    const comment = options.has("comment") ? [commentOn("TABLE", target, reader, options.node("comment"))] : []
    return [sql`CREATE ${words}${target} (${joined([...lines, ...constraints, ...like])})${inherits}${partition}`, ...comments, ...comment]
  },
  alterTable(reader, [table, given]) {
    const options = only(reader.options(given), ["levelSecurity", "unlogged"])
    const security = options.text("levelSecurity")
    const actions = [
      ...(security === null ? [] : [`${security} ROW LEVEL SECURITY`]),
      ...(options.has("unlogged") ? [options.flag("unlogged") ? "SET UNLOGGED" : "SET LOGGED"] : []),
    ]
    if (actions.length === 0) throw new Unknown()
    return [sql`ALTER TABLE ${tableOf(reader, table)} ${actions.join(", ")}`]
  },
  dropTable: (reader, [table, given]) => [drop(reader, "TABLE", tableOf(reader, table), given)],
  renameTable: (reader, [table, to]) => [sql`ALTER TABLE ${tableOf(reader, table)} RENAME TO ${tableOf(reader, to)}`],
  addColumn: addColumns,
  addColumns: addColumns,
  dropColumn: dropColumns,
  dropColumns: dropColumns,
  renameColumn: (reader, [table, from, to]) => [sql`ALTER TABLE ${tableOf(reader, table)} RENAME ${tableOf(reader, from)} TO ${tableOf(reader, to)}`],
  alterColumn,
  addConstraint: addConstraint,
  createConstraint: addConstraint,
  dropConstraint(reader, [table, constraint, given]) {
    const options = only(reader.options(given), ["ifExists", "ifTableExists", "cascade"])
    const words = options.flag("ifTableExists") ? "ALTER TABLE IF EXISTS" : "ALTER TABLE"
    return [sql`${words} ${tableOf(reader, table)} DROP CONSTRAINT ${ifExists(options)}${tableOf(reader, constraint)}${cascade(options)}`]
  },
  renameConstraint: (reader, [table, from, to]) => [sql`ALTER TABLE ${tableOf(reader, table)} RENAME CONSTRAINT ${tableOf(reader, from)} TO ${tableOf(reader, to)}`],
  createIndex,
  addIndex: createIndex,
  dropIndex(reader, [table, columns, given]) {
    const options = only(reader.options(given), ["name", "unique", "concurrently", "ifExists", "cascade"])
    const own = indexName(reader, table, columns, options, true)
    return [sql`DROP INDEX ${options.flag("concurrently") ? "CONCURRENTLY " : ""}${ifExists(options)}${own}${cascade(options)}`]
  },
  renameIndex: (reader, [from, to]) => [sql`ALTER INDEX ${tableOf(reader, from)} RENAME TO ${tableOf(reader, to)}`],
  createType: createType,
  addType: createType,
  dropType: (reader, [type, given]) => [drop(reader, "TYPE", tableOf(reader, type), given)],
  renameType: (reader, [type, to]) => [sql`ALTER TYPE ${tableOf(reader, type)} RENAME TO ${tableOf(reader, to)}`],
  addTypeValue(reader, [type, value, given]) {
    const options = only(reader.options(given), ["ifNotExists", "before", "after"])
    const beside = (["before", "after"] as const).map((key) => (options.has(key) ? ` ${key.toUpperCase()} ${literal(options.text(key) ?? "")}` : "")).join("")
    return [sql`ALTER TYPE ${tableOf(reader, type)} ADD VALUE ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}${literal(reader.text(value))}${beside}`]
  },
  renameTypeValue: (reader, [type, from, to]) => [sql`ALTER TYPE ${tableOf(reader, type)} RENAME VALUE ${literal(reader.text(from))} TO ${literal(reader.text(to))}`],
  addTypeAttribute: (reader, [type, attribute, of]) => [sql`ALTER TYPE ${tableOf(reader, type)} ADD ATTRIBUTE ${tableOf(reader, attribute)} ${typeName(reader.text(of))}`],
  renameTypeAttribute: (reader, [type, from, to]) => [sql`ALTER TYPE ${tableOf(reader, type)} RENAME ATTRIBUTE ${tableOf(reader, from)} TO ${tableOf(reader, to)}`],
  setTypeAttribute: (reader, [type, attribute, of]) => [
    sql`ALTER TYPE ${tableOf(reader, type)} ALTER ATTRIBUTE ${tableOf(reader, attribute)} SET DATA TYPE ${typeName(reader.text(of))}`,
  ],
  createExtension: createExtensions,
  addExtension: createExtensions,
  dropExtension(reader, [extensions, given]) {
    const options = only(reader.options(given), ["ifExists", "cascade"])
    return reader.texts(extensions).map(({ text, node }) => sql`DROP EXTENSION ${ifExists(options)}${quoted(text, node)}${cascade(options)}`)
  },
  createSchema(reader, [schema, given]) {
    const options = only(reader.options(given), ["ifNotExists", "authorization"])
    const owner = options.text("authorization")
    return [sql`CREATE SCHEMA ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}${tableOf(reader, schema)}${owner === null ? "" : ` AUTHORIZATION ${owner}`}`]
  },
  dropSchema: (reader, [schema, given]) => [drop(reader, "SCHEMA", tableOf(reader, schema), given)],
  renameSchema: (reader, [schema, to]) => [sql`ALTER SCHEMA ${tableOf(reader, schema)} RENAME TO ${tableOf(reader, to)}`],
  createSequence(reader, [sequence, given]) {
    const options = reader.options(given)
    const words = `${options.flag("temporary") ? "TEMPORARY " : ""}SEQUENCE ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}`
    const owner = options.has("owner") ? ` OWNED BY ${options.text("owner") ?? "NONE"}` : ""
    only(options, ["temporary", "ifNotExists", "owner"])
    return [sql`CREATE ${words}${tableOf(reader, sequence)}${owner}`]
  },
  dropSequence: (reader, [sequence, given]) => [drop(reader, "SEQUENCE", tableOf(reader, sequence), given)],
  renameSequence: (reader, [sequence, to]) => [sql`ALTER SEQUENCE ${tableOf(reader, sequence)} RENAME TO ${tableOf(reader, to)}`],
  createView(reader, [view, given, definition]) {
    const options = only(reader.options(given), ["temporary", "replace", "recursive", "columns", "checkOption"])
    const words = `${options.flag("replace") ? "OR REPLACE " : ""}${options.flag("temporary") ? "TEMPORARY " : ""}${options.flag("recursive") ? "RECURSIVE " : ""}VIEW `
    const columns = options.has("columns") ? sql`(${joined(reader.texts(options.node("columns")).map(({ text, node }) => quoted(text, node)))})` : []
    const check = options.text("checkOption")
    return [sql`CREATE ${words}${tableOf(reader, view)}${columns} AS ${textPiece(reader, definition)}${check === null ? "" : ` WITH ${check} CHECK OPTION`}`]
  },
  dropView: (reader, [view, given]) => [drop(reader, "VIEW", tableOf(reader, view), given)],
  renameView: (reader, [view, to]) => [sql`ALTER VIEW ${tableOf(reader, view)} RENAME TO ${tableOf(reader, to)}`],
  createMaterializedView(reader, [view, given, definition]) {
    const options = only(reader.options(given), ["ifNotExists", "columns", "tablespace", "data"])
    const words = options.flag("ifNotExists") ? "IF NOT EXISTS " : ""
    const columns = options.has("columns") ? sql`(${joined(reader.texts(options.node("columns")).map(({ text, node }) => quoted(text, node)))})` : []
    const data = options.has("data") ? ` WITH${options.flag("data") ? "" : " NO"} DATA` : ""
    return [sql`CREATE MATERIALIZED VIEW ${words}${tableOf(reader, view)}${columns} AS ${textPiece(reader, definition)}${data}`]
  },
  dropMaterializedView: (reader, [view, given]) => [drop(reader, "MATERIALIZED VIEW", tableOf(reader, view), given)],
  renameMaterializedView: (reader, [view, to]) => [sql`ALTER MATERIALIZED VIEW ${tableOf(reader, view)} RENAME TO ${tableOf(reader, to)}`],
  refreshMaterializedView(reader, [view, given]) {
    const options = only(reader.options(given), ["concurrently", "data"])
    const data = options.has("data") ? ` WITH${options.flag("data") ? "" : " NO"} DATA` : ""
    return [sql`REFRESH MATERIALIZED VIEW ${options.flag("concurrently") ? "CONCURRENTLY " : ""}${tableOf(reader, view)}${data}`]
  },
  sql: (reader, [text, given]) => [sql`${filled(reader, text, given)}`],
  createFunction: (reader, given) => [createFunction(reader, given)],
  dropFunction(reader, [own, parameters, given]) {
    const options = only(reader.options(given), ["ifExists", "cascade"])
    return [sql`DROP FUNCTION ${ifExists(options)}${tableOf(reader, own)}${parametersOf(reader, parameters)}${cascade(options)}`]
  },
  renameFunction: (reader, [own, parameters, to]) => [sql`ALTER FUNCTION ${tableOf(reader, own)}${parametersOf(reader, parameters)} RENAME TO ${tableOf(reader, to)}`],
  createTrigger,
  dropTrigger(reader, [table, trigger, given]) {
    const options = only(reader.options(given), ["ifExists", "cascade"])
    return [sql`DROP TRIGGER ${ifExists(options)}${tableOf(reader, trigger)} ON ${tableOf(reader, table)}${cascade(options)}`]
  },
  renameTrigger: (reader, [table, from, to]) => [sql`ALTER TRIGGER ${tableOf(reader, from)} ON ${tableOf(reader, table)} RENAME TO ${tableOf(reader, to)}`],
}

/** SQL with `{names}`, which are put in quotes. */
function filled(reader: Reader, text: Node | undefined, given: Node | undefined): Piece {
  const options = reader.options(given)
  const written = options.names.reduce((all, key) => {
    const node = options.node(key)
    const isName = reader.isObject(node) || reader.scalar(node).kind === "text"
    const value = isName ? tableOf(reader, node).sql : valueOf(reader, node)
    return all.replaceAll(`{${key}}`, () => value)
  }, reader.text(text))
  return text === undefined ? { sql: written } : { sql: written, node: text }
}

function createType(reader: Reader, [type, values]: readonly Node[]): Piece[][] {
  const labels = reader.list(values)
  if (labels !== null) return [sql`CREATE TYPE ${tableOf(reader, type)} AS ENUM (${labels.map((label) => literal(reader.text(label))).join(", ")})`]
  const options = reader.options(values)
  const attributes = options.names.map((attribute) => sql`${quoted(attribute)} ${typeName(options.text(attribute) ?? "")}`)
  return [sql`CREATE TYPE ${tableOf(reader, type)} AS (${joined(attributes)})`]
}

function createExtensions(reader: Reader, [extensions, given]: readonly Node[]): Piece[][] {
  const options = only(reader.options(given), ["ifNotExists", "schema"])
  const schema = options.text("schema")
  const rest = schema === null ? "" : ` SCHEMA ${quoted(schema).sql}`
  return reader.texts(extensions).map(({ text, node }) => sql`CREATE EXTENSION ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}${quoted(text, node)}${rest}`)
}

function addColumns(reader: Reader, [table, columns, given]: readonly Node[]): Piece[][] {
  const options = only(reader.options(given), ["ifNotExists"])
  const target = tableOf(reader, table)
  const { columns: lines, comments, primary } = columnsOf(reader, target, columns)
  if (primary.length > 0) throw new Unknown()
  const words = `ADD ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}`
  return [sql`ALTER TABLE ${target} ${joined(lines.map((line) => sql`${words}${line}`))}`, ...comments]
}

function dropColumns(reader: Reader, [table, columns, given]: readonly Node[]): Piece[][] {
  const options = only(reader.options(given), ["ifExists", "cascade"])
  const names = reader.isObject(columns) ? reader.options(columns).names.map((text) => quoted(text, columns)) : reader.texts(columns).map(({ text, node }) => quoted(text, node))
  return [sql`ALTER TABLE ${tableOf(reader, table)} ${joined(names.map((column) => sql`DROP ${ifExists(options)}${column}${cascade(options)}`))}`]
}

function alterColumn(reader: Reader, [table, column, given]: readonly Node[]): Piece[][] {
  const options = only(reader.options(given), ["default", "type", "collation", "using", "notNull", "allowNull", "comment", "sequenceGenerated"])
  const [target, own] = [tableOf(reader, table), tableOf(reader, column)]
  const actions: string[] = []
  if (options.has("default")) {
    const value = valueOf(reader, options.node("default"))
    actions.push(value === "NULL" ? "DROP DEFAULT" : `SET DEFAULT ${value}`)
  }
  const type = options.text("type")
  const [using, collation] = [options.text("using"), options.text("collation")]
  if (type !== null) actions.push(`SET DATA TYPE ${typeName(type)}${collation === null ? "" : ` COLLATE ${collation}`}${using === null ? "" : ` USING ${using}`}`)
  if (options.flag("notNull")) actions.push("SET NOT NULL")
  else if (options.has("notNull") || options.flag("allowNull")) actions.push("DROP NOT NULL")
  if (options.has("sequenceGenerated")) {
    const generated = options.node("sequenceGenerated")
    if (isNothing(generated ?? null, reader.resolve) || !reader.isObject(generated)) actions.push("DROP IDENTITY")
    else actions.push(`ADD GENERATED ${only(reader.options(generated), ["precedence"]).text("precedence") ?? ""} AS IDENTITY`)
  }
  const comment = options.has("comment") ? [commentOn("COLUMN", sql`${target}.${own}`, reader, options.node("comment"))] : []
  if (actions.length === 0 && comment.length === 0) return []
  return [...(actions.length === 0 ? [] : [sql`ALTER TABLE ${target} ${joined(actions.map((action) => sql`ALTER ${own} ${action}`))}`]), ...comment]
}

function addConstraint(reader: Reader, [table, constraint, given]: readonly Node[]): Piece[][] {
  const target = tableOf(reader, table)
  const own = constraint === undefined || isNothing(constraint, reader.resolve) ? null : reader.text(constraint)
  if (!reader.isObject(given)) {
    return [sql`ALTER TABLE ${target} ADD ${own === null ? "" : sql`CONSTRAINT ${quoted(own, constraint)} `}${textPiece(reader, given)}`]
  }
  const constraints = constraintsOf(reader, ownName(reader, table), given, own, [])
  if (constraints.length === 0) throw new Unknown()
  return [sql`ALTER TABLE ${target} ${joined(constraints.map((one) => sql`ADD ${one}`))}`]
}

function drop(reader: Reader, kind: string, target: Piece, given: Node | undefined): Piece[] {
  const options = only(reader.options(given), ["ifExists", "cascade"])
  return sql`DROP ${kind} ${ifExists(options)}${target}${cascade(options)}`
}

function commentOn(kind: string, target: Piece | readonly Piece[], reader: Reader, comment: Node | undefined): Piece[] {
  const value = reader.scalar(comment)
  return sql`COMMENT ON ${kind} ${target} IS ${value.kind === "text" ? literal(value.text) : "NULL"}`
}

function likeOf(reader: Reader, node: Node | undefined): Piece[] {
  const isOptions = reader.isObject(node) && reader.options(node).has("table")
  if (!isOptions) return sql`LIKE ${tableOf(reader, node)}`
  const like = only(reader.options(node), ["table", "options"])
  const options = only(reader.options(like.node("options")), ["including", "excluding"])
  const words = (["including", "excluding"] as const).flatMap((key) =>
    options.has(key) ? reader.texts(options.node(key)).map(({ text }) => ` ${key.toUpperCase()} ${text}`) : [],
  )
  return sql`LIKE ${tableOf(reader, like.node("table"))}${words.join("")}`
}

function partitionOf(reader: Reader, options: Options): Piece[] {
  only(options, ["strategy", "columns"])
  const columns = reader.texts(options.node("columns")).map(({ text, node }) => quoted(text, node))
  return sql` PARTITION BY ${options.text("strategy") ?? ""} (${joined(columns)})`
}

function textPiece(reader: Reader, node: Node | undefined): Piece {
  const text = reader.text(node)
  return node === undefined ? { sql: text } : { sql: text, node }
}
