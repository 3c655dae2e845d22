/** What node-pg-migrate 9 emits for the calls of `pgm`. Checked against the library in test/code. */
import type { Node } from "../embedded/node.ts"
import { only, readerOf, Unknown, type Call, type Emitted, type Options, type Reader } from "./call.ts"
import { build, joined, literal, name, type Piece } from "./pieces.ts"

const METHODS: Readonly<Record<string, (reader: Reader, args: readonly Node[]) => readonly (readonly Piece[])[]>> = {
  createIndex(reader, [table, columns, given]) {
    const options = only(reader.options(given), ["name", "unique", "method", "where", "concurrently", "ifNotExists"])
    const [target, keys] = [tableOf(reader, table), reader.texts(columns)]
    const unique = options.flag("unique")
    const words = `CREATE${unique ? " UNIQUE" : ""} INDEX${options.flag("concurrently") ? " CONCURRENTLY" : ""}`
    const method = options.text("method")
    const where = options.text("where")
    const own = options.text("name") ?? indexName(reader.text(table), keys, unique)
    return [
      build(
        `${words} ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}`,
        name(own, options.node("name")),
        " ON ",
        target,
        `${method === null ? "" : ` USING ${method}`} (`,
        list(keys),
        `)${where === null ? "" : ` WHERE ${where}`}`,
      ),
    ]
  },
  dropIndex(reader, [table, columns, given]) {
    const options = only(reader.options(given), ["name", "unique", "concurrently", "ifExists", "cascade"])
    const own = options.text("name") ?? indexName(reader.text(table), reader.texts(columns), options.flag("unique"))
    const words = `DROP INDEX${options.flag("concurrently") ? " CONCURRENTLY" : ""}${options.flag("ifExists") ? " IF EXISTS" : ""} `
    return [build(words, name(own, options.node("name")), options.flag("cascade") ? " CASCADE" : "")]
  },
  addColumns: addColumns,
  addColumn: addColumns,
  dropColumns: dropColumns,
  dropColumn: dropColumns,
  renameColumn: (reader, [table, from, to]) => [
    build("ALTER TABLE ", tableOf(reader, table), " RENAME ", named(reader, from), " TO ", named(reader, to)),
  ],
  renameTable: (reader, [table, to]) => [build("ALTER TABLE ", tableOf(reader, table), " RENAME TO ", tableOf(reader, to))],
  dropTable(reader, [table, given]) {
    const options = only(reader.options(given), ["ifExists", "cascade"])
    return [build(`DROP TABLE ${options.flag("ifExists") ? "IF EXISTS " : ""}`, tableOf(reader, table), options.flag("cascade") ? " CASCADE" : "")]
  },
  alterColumn(reader, [table, column, given]) {
    const options = only(reader.options(given), ["type", "using", "notNull", "allowNull"])
    const type = options.text("type")
    const using = options.text("using")
    const actions: Piece[][] = []
    const alter = (action: string): void => {
      actions.push(build("ALTER ", named(reader, column), ` ${action}`))
    }
    if (type !== null) alter(`SET DATA TYPE ${typeName(type)}${using === null ? "" : ` USING ${using}`}`)
    if (options.has("notNull")) alter(options.flag("notNull") ? "SET NOT NULL" : "DROP NOT NULL")
    else if (options.has("allowNull")) alter(options.flag("allowNull") ? "DROP NOT NULL" : "SET NOT NULL")
    if (actions.length === 0) throw new Unknown()
    return [build("ALTER TABLE ", tableOf(reader, table), " ", actions.flatMap((action, at) => (at === 0 ? action : [{ sql: ", " }, ...action])))]
  },
  addConstraint: (reader, [table, constraint, expression]) => [
    build("ALTER TABLE ", tableOf(reader, table), " ADD CONSTRAINT ", named(reader, constraint), ` ${reader.text(expression)}`),
  ],
  dropConstraint(reader, [table, constraint, given]) {
    const options = only(reader.options(given), ["ifExists", "cascade"])
    const words = ` DROP CONSTRAINT ${options.flag("ifExists") ? "IF EXISTS " : ""}`
    return [build("ALTER TABLE ", tableOf(reader, table), words, named(reader, constraint), options.flag("cascade") ? " CASCADE" : "")]
  },
  addTypeValue(reader, [type, value, given]) {
    const options = only(reader.options(given), ["ifNotExists"])
    return [build("ALTER TYPE ", tableOf(reader, type), ` ADD VALUE ${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}${literal(reader.text(value))}`)]
  },
}

export const NODE_PG_MIGRATE_METHODS: readonly string[] = Object.keys(METHODS)

export function nodePgMigrate(call: Call): Emitted {
  const emit = METHODS[call.method]
  return emit === undefined ? null : emit(readerOf(call), call.arguments)
}

function addColumns(reader: Reader, [table, columns, ...others]: readonly Node[]): Piece[][] {
  if (others.length > 0) throw new Unknown()
  const given = reader.options(columns)
  const added = given.names.map((column): Piece[] => {
    const node = given.node(column)
    const options = only(columnOf(reader, node), ["type", "notNull", "unique", "primaryKey", "default"])
    const value = options.has("default") ? options.text("default") : null
    const rest = [
      typeName(options.text("type") ?? ""),
      ...(value === null ? [] : [`DEFAULT ${literal(value)}`]),
      ...(options.flag("unique") ? ["UNIQUE"] : []),
      ...(options.flag("notNull") ? ["NOT NULL"] : []),
      ...(options.flag("primaryKey") ? ["PRIMARY KEY"] : []),
    ]
    return build("ADD ", name(column), ` ${rest.join(" ")}`)
  })
  return [build("ALTER TABLE ", tableOf(reader, table), " ", added.flatMap((one, at) => (at === 0 ? one : [{ sql: ", " }, ...one])))]
}

/** A column may be given as the name of its type alone. */
function columnOf(reader: Reader, node: Node | undefined): Options {
  try {
    return reader.options(node)
  } catch {
    const type = reader.text(node)
    return { names: ["type"], has: (key) => key === "type", node: () => node, text: (key) => (key === "type" ? type : null), flag: () => false }
  }
}

function dropColumns(reader: Reader, [table, columns, given]: readonly Node[]): Piece[][] {
  const options = only(reader.options(given), ["ifExists", "cascade"])
  const dropped = reader.texts(columns).map(({ text, node }) =>
    build(`DROP ${options.flag("ifExists") ? "IF EXISTS " : ""}`, name(text, node), options.flag("cascade") ? " CASCADE" : ""),
  )
  return [build("ALTER TABLE ", tableOf(reader, table), " ", dropped.flatMap((one, at) => (at === 0 ? one : [{ sql: ", " }, ...one])))]
}

/** Short names that node-pg-migrate spells out. */
function typeName(type: string): string {
  if (type === "" || type === "id") throw new Unknown()
  return { int: "integer", string: "text", float: "real", double: "double precision", datetime: "timestamp", bool: "boolean" }[type] ?? type
}

function indexName(table: string, columns: readonly { readonly text: string }[], unique: boolean): string {
  return `${table}_${columns.map(({ text }) => text).join("_")}_${unique ? "unique_" : ""}index`
}

function list(keys: ReturnType<Reader["texts"]>): Piece[] {
  return joined(keys.map(({ text, node }) => name(text, node)), ", ")
}

/** A name as a string, or as `{ schema, name }`. */
function tableOf(reader: Reader, node: Node | undefined): Piece {
  if (node?.type !== "ObjectExpression") return named(reader, node)
  const options = reader.options(node)
  const [schema, own] = [options.text("schema"), options.text("name")]
  if (own === null) throw new Unknown()
  const sql = [schema, own].flatMap((part) => (part === null ? [] : [name(part).sql])).join(".")
  return { sql, node }
}

function named(reader: Reader, node: Node | undefined): Piece {
  // The library puts quotes round the whole of a text, periods included.
  const text = reader.text(node)
  const sql = `"${text.replaceAll('"', '""')}"`
  return node === undefined ? { sql } : { sql, node }
}
