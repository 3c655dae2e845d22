/** What all calls of node-pg-migrate share: names, and words for options. */
import type { Node } from "../../embedded/node.ts"
import { Unknown, type Options, type Reader } from "../call.ts"
import { quoted, type Piece } from "../pieces.ts"

/** The words IF EXISTS, where the options want them. */
export function ifExists(options: Options): string {
  return options.flag("ifExists") ? "IF EXISTS " : ""
}

/** The same for CASCADE. */
export function cascade(options: Options): string {
  return options.flag("cascade") ? " CASCADE" : ""
}

/** A name as a text, quoted as a whole, or as `{ schema, name }`. */
export function tableOf(reader: Reader, node: Node | undefined): Piece {
  const raw = reader.raw(node)
  if (raw !== null) return node === undefined ? { sql: raw } : { sql: raw, node }
  if (node === undefined || !reader.isObject(node)) return quoted(reader.text(node), node)
  const options = reader.options(node)
  const [schema, own] = [options.text("schema"), options.text("name")]
  if (own === null) throw new Unknown()
  return { sql: [schema, own].flatMap((part) => (part === null ? [] : [quoted(part).sql])).join("."), node }
}

/** The name without its schema. */
export function ownName(reader: Reader, node: Node | undefined): string {
  if (!reader.isObject(node)) return reader.text(node)
  const own = reader.options(node).text("name")
  if (own === null) throw new Unknown()
  return own
}
