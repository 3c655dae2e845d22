/** Indexes as node-pg-migrate writes them, and the names that it makes up for them. */
import type { Node } from "../../embedded/node.ts"
import { only, Unknown, type Options, type Reader } from "../call.ts"
import { joined, quoted, sql, type Piece } from "../pieces.ts"
import { ownName, tableOf } from "./node-pg-migrate-names.ts"

/** `createIndex()`. */
export function createIndex(reader: Reader, [table, columns, given]: readonly Node[]): Piece[][] {
  const options = only(reader.options(given), ["name", "unique", "method", "where", "concurrently", "ifNotExists", "include", "nulls", "opclass"])
  if (options.has("opclass")) throw new Unknown()
  const [method, where, nulls] = [options.text("method"), options.text("where"), options.text("nulls")]
  const words = `${options.flag("unique") ? "UNIQUE " : ""}INDEX ${options.flag("concurrently") ? "CONCURRENTLY " : ""}${options.flag("ifNotExists") ? "IF NOT EXISTS " : ""}`
  const include = options.has("include") ? sql` INCLUDE (${joined(reader.texts(options.node("include")).map(({ text, node }) => quoted(text, node)))})` : []
  const keys = joined(elements(reader, columns).map((element) => keyOf(reader, element)))
  return [
    sql`CREATE ${words}${indexName(reader, table, columns, options, false)} ON ${tableOf(reader, table)}${method === null ? "" : ` USING ${method}`} (${keys})${include}${nulls === null ? "" : ` NULLS ${nulls.toUpperCase()}`}${where === null ? "" : ` WHERE ${where}`}`,
  ]
}

function elements(reader: Reader, columns: Node | undefined): readonly Node[] {
  return reader.list(columns) ?? (columns === undefined ? [] : [columns])
}

/** A column, an expression, or `{ name, sort }`. */
function keyOf(reader: Reader, element: Node): Piece[] {
  const raw = reader.raw(element)
  if (raw !== null) return sql`${{ sql: raw, node: element }}`
  if (!reader.isObject(element)) return sql`${expressionOr(reader.text(element), element)}`
  const options = only(reader.options(element), ["name", "sort", "opclass"])
  if (options.has("opclass") && reader.isObject(options.node("opclass"))) throw new Unknown()
  const [opclass, sort] = [options.text("opclass"), options.text("sort")]
  return sql`${expressionOr(options.text("name") ?? "", options.node("name"))}${opclass === null ? "" : ` ${quoted(opclass).sql}`}${sort === null ? "" : ` ${sort}`}`
}

function expressionOr(text: string, node: Node | undefined): Piece {
  if (!/[^\w".]/.test(text)) return quoted(text, node)
  const expression = text.endsWith(")") ? text : `(${text})`
  return node === undefined ? { sql: expression } : { sql: expression, node }
}

/** The name that is given, or the one that the library makes up. @param qualified Whether the schema of the table goes before it. */
export function indexName(reader: Reader, table: Node | undefined, columns: Node | undefined, options: Options, qualified: boolean): Piece {
  const schema = qualified && reader.isObject(table) ? reader.options(table).text("schema") : null
  const prefix = schema === null ? "" : `${quoted(schema).sql}.`
  const given = options.text("name")
  if (given !== null) {
    const own = quoted(given, options.node("name"))
    return { ...own, sql: `${prefix}${own.sql}` }
  }
  const keys = elements(reader, columns).map((element) => (reader.isObject(element) ? (reader.options(element).text("name") ?? "") : reader.text(element)))
  return { sql: `${prefix}${quoted(`${ownName(reader, table)}_${keys.join("_")}${options.flag("unique") ? "_unique" : ""}_index`).sql}` }
}
