/** SQL that a call of a schema builder emits, with the places in the code that its parts come from. */
import type { EmbeddedText } from "../embedded/index.ts"
import { type Node, rangeOf } from "../embedded/node.ts"
import { placeOf } from "./values.ts"

/** A stretch of SQL. Without a node it comes from the call as a whole. */
export interface Piece {
  readonly sql: string
  readonly node?: Node
}

export function name(text: string, node?: Node): Piece {
  const sql = text.split(".").map(quoted).join(".")
  return node === undefined ? { sql } : { sql, node }
}

/** A name that may hold a period. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Puts pieces and plain SQL together. */
export function build(...parts: readonly (string | Piece | readonly Piece[])[]): Piece[] {
  return parts.flatMap((part) => (typeof part === "string" ? [{ sql: part }] : Array.isArray(part) ? part : [part]))
}

export function joined(pieces: readonly Piece[], separator: string): Piece[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [{ sql: separator }, piece]))
}

/** @param call The call that the user wrote. */
export function toText(pieces: readonly Piece[], call: Node): EmbeddedText {
  // The first words of a statement stand for all of it.
  const [from, to] = rangeOf(pieces[0]?.node ?? call) ?? [0, 0]
  let sql = ""
  const segments: EmbeddedText["segments"][number][] = []
  for (const piece of pieces) {
    if (piece.sql === "") continue
    const start = sql.length
    sql += piece.sql
    const place = piece.node === undefined ? { from, to } : placeOf(piece.node)
    segments.push({ start, end: sql.length, ...place, kind: "fixed", host: null })
  }
  return { sql, segments, holes: [], from, to }
}
