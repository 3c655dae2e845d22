/** Names as Sequelize writes them for PostgreSQL: whatever quotes they hold are taken out (`quoteIdentifier` of its query generator). */
import type { Node } from "../../embedded/node.ts"
import { unknown, type Reader } from "../call.ts"
import * as pieces from "../pieces.ts"
import type { Piece } from "../pieces.ts"

/** A name in quotes. */
export function quoted(text: string, node?: Node): Piece {
  return pieces.quoted(text.replaceAll('"', ""), node)
}

/** A name that may hold its schema before a period. */
export function name(text: string, node?: Node): Piece {
  return pieces.name(text.replaceAll('"', ""), node)
}

export interface TableParts {
  readonly schema: string | null
  readonly table: string
}

export function tableParts(reader: Reader, node: Node | undefined): TableParts {
  if (!reader.isObject(node)) return { schema: null, table: reader.text(node) }
  const options = reader.options(node)
  return { schema: options.text("schema"), table: options.text("tableName") ?? unknown() }
}

export function tableOf(reader: Reader, node: Node | undefined): Piece {
  const { schema, table } = tableParts(reader, node)
  return { ...(schema === null ? name(table) : quotedIn(schema, table)), ...at(node) }
}

export function inSchema(reader: Reader, node: Node | undefined): Piece {
  const { schema, table } = tableParts(reader, node)
  return { ...quotedIn(schema ?? "public", table), ...at(node) }
}

export function quotedIn(schema: string, table: string): Piece {
  return { sql: `${quoted(schema).sql}.${quoted(table).sql}` }
}

export function at(node: Node | undefined): { readonly node?: Node } {
  return node === undefined ? {} : { node }
}

export function quotedText(reader: Reader, node: Node | undefined): Piece {
  return quoted(reader.text(node), node)
}
