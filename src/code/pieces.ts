/** SQL that a call of a schema builder emits, with the places in the code that its parts come from. */
import type { EmbeddedText } from "../embedded/index.ts"
import { type Node } from "../embedded/node.ts"
import { inQuotes } from "../source/quote.ts"
import { placeOf } from "./values.ts"

export { quoteLiteral as literal } from "../source/quote.ts"

/** A stretch of SQL. Without a node it comes from the call as a whole. */
export interface Piece {
  readonly sql: string
  readonly node?: Node
}

/** What can be put into SQL. */
export type Part = string | Piece | readonly Part[]

/** SQL with parts of it from elsewhere: sql`DROP TABLE ${table}`. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Part[]): Piece[] {
  return strings.flatMap((text, index) => [...(text === "" ? [] : [{ sql: text }]), ...flat(parts[index] ?? "")])
}

function flat(part: Part): Piece[] {
  if (typeof part === "string") return part === "" ? [] : [{ sql: part }]
  return isList(part) ? part.flatMap(flat) : [part]
}

function isList(part: Part): part is readonly Part[] {
  return Array.isArray(part)
}

/** A name in quotes, whatever it holds. */
export function quoted(text: string, node?: Node): Piece {
  const name = inQuotes(text)
  return node === undefined ? { sql: name } : { sql: name, node }
}

/** A name that may hold its schema before a period. */
export function name(text: string, node?: Node): Piece {
  const full = text.split(".").map((part) => quoted(part).sql).join(".")
  return node === undefined ? { sql: full } : { sql: full, node }
}

export function joined(parts: readonly Part[], separator = ", "): Part[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]))
}

/** What comes from no part of an expression comes from the expression. */
export function within(node: Node, pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => ({ node, ...piece }))
}

/** @param call The call that the user wrote. */
export function toText(pieces: readonly Piece[], call: Node): EmbeddedText {
  // The first words of a statement stand for all of it.
  const { from, to } = placeOf(pieces[0]?.node ?? call)
  let text = ""
  const segments: EmbeddedText["segments"][number][] = []
  for (const piece of pieces) {
    if (piece.sql === "") continue
    const start = text.length
    text += piece.sql
    const place = piece.node === undefined ? { from, to } : placeOf(piece.node)
    segments.push({ start, end: text.length, ...place, kind: "fixed", host: null })
  }
  return { sql: text, segments, holes: [], from, to }
}
