/** What Kysely's calls are read with: the chains, names and values of their arguments. */
import { child, children, textOf, unwrap, type Node } from "../../embedded/node.ts"
import { bodyOf, functionOf, type Body } from "../body.ts"
import { scalarSql, unknown, type Reader } from "../call.ts"
import type { Link } from "../chain.ts"
import { name, quoted, sql, type Piece } from "../pieces.ts"

/** A call on `db.schema` and the links behind it. */
export interface Call {
  readonly reader: Reader
  readonly schema: string | null
  readonly given: readonly Node[]
  readonly modifiers: readonly Link[]
}

/** The calls on a callback's builder. */
export function modifiersOf(reader: Reader, callback: Node): readonly Link[] {
  // A callback that returns its builder as it is: `(c) => c`.
  const own = functionOf(reader, callback)
  const body = child(own, "body")
  const [parameter] = children(own, "params")
  if (body?.type === "Identifier" && parameter !== undefined && textOf(unwrap(body), "name") === textOf(parameter, "name")) return []
  return modifiersIn(bodyOf(reader, own))
}

/** The calls of a function that returns what it makes of its builder. @throws {Unknown} when it does anything else. */
export function modifiersIn({ chains: [chain, ...further], maybe, others }: Body): readonly Link[] {
  return chain === undefined || further.length + maybe.length + others.length > 0 ? unknown() : chain.links
}

/** `"a"`, `"a desc"`, or SQL. */
export function expression(reader: Reader, node: Node | undefined): Piece[] {
  const raw = reader.raw(node)
  if (raw !== null) return sql`${node === undefined ? raw : { sql: raw, node }}`
  const [column = "", ...order] = reader.text(node).split(" ")
  return sql`${name(column, node)}${order.length === 0 ? "" : ` ${order.join(" ")}`}`
}

/** A value as a literal. */
export function valueOf(reader: Reader, node: Node | undefined): string {
  return scalarSql(reader.scalar(node))
}

/** A name in the builder's schema, unless it has one of its own. */
export function table({ reader, schema }: Call, node: Node | undefined): Piece {
  const text = reader.text(node)
  return name(schema === null || text.includes(".") ? text : `${schema}.${text}`, node)
}

/** A name that may be qualified. */
export function ref(reader: Reader, node: Node | undefined): Piece {
  return name(reader.text(node), node)
}

/** A name, quoted as a whole. */
export function named(reader: Reader, node: Node | undefined): Piece {
  return quoted(reader.text(node), node)
}

/** The words, when there is such a link. */
export function flag(links: readonly Link[], method: string, words: string): string {
  return links.some((link) => link.name === method) ? words : ""
}

/** @throws {Unknown} when there are links of other names. */
export function only(links: readonly Link[], known: readonly string[]): void {
  if (links.some((link) => !known.includes(link.name))) unknown()
}
