/** Names as Sequelize writes them for PostgreSQL: whatever quotes they hold are taken out (`quoteIdentifier` of its query generator). */
import type { Node } from "../../embedded/node.ts"
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
