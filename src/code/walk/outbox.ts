/** Takes down what a migration sends, and what cannot be read of it. */
import type { EmbeddedText, Guard } from "../../embedded/index.ts"
import type { Node } from "../../embedded/node.ts"
import { guardsOf, isConditional, isMaybe, type Place } from "./place.ts"
import { toText, type Piece } from "../pieces.ts"
import type { Tool } from "../tool.ts"
import { placeOf } from "../values.ts"

/** SQL that the migration sends. */
export interface Sent {
  readonly text: EmbeddedText
  readonly explicit: boolean
  /** Whether the code may pass over it. */
  readonly conditional: boolean
  /** Whether it may do so whatever the schema is. */
  readonly maybe: boolean
  /** Answers that the code takes to send it. */
  readonly guards: readonly Guard[]
  /** Sent when `up` has returned. */
  readonly deferred: boolean
  /** Sent on a connection of its own, outside of the transaction that the tool opens. */
  readonly outside: boolean
}

/** A call whose SQL the code does not tell. */
export interface Unread {
  readonly node: Node
  /** The names that it speaks of are not in the call itself. */
  readonly wide: boolean
  /** What was sent last before it may have changed the schema, each time; null for nothing. */
  readonly behind: readonly (Sent | null)[]
  /** What it sends if it does so at all, as far as that is known. */
  readonly sql: string
}

interface OpenUnread extends Unread {
  wide: boolean
  readonly behind: (Sent | null)[]
  sql: string
}

/** Collects what is sent, and what could not be read. */
export interface Outbox {
  /** Takes down SQL as the code writes it. @param node The call that sends it. @param path How it is called. */
  send(text: EmbeddedText, node: Node, explicit: boolean, path: string, place: Place): void
  /** Takes down SQL that a call makes. */
  sendPieces(pieces: readonly Piece[], node: Node, path: string, place: Place): void
  /** Takes down a call whose SQL the code does not tell. @param sql What it sends if it does so at all. */
  missed(node: Node, wide: boolean, place: Place, sql?: string): void
  /** Takes down a call that changes rows, of which the code does not tell more. */
  missedRows(node: Node, place: Place): void
  /** What was sent, in the order in which it arrives. */
  sent(): readonly Sent[]
  unread(): readonly Unread[]
}

const MOST_SENT = 5_000

const CREATE_TABLE = /^create table (?!if not exists)/i

/**
 * An empty one, for migrations of this tool.
 *
 * @param isElsewhere whether a place is in a file that the migration imports
 */
export function createOutbox(tool: Tool, isElsewhere: (offset: number) => boolean): Outbox {
  const sent: Sent[] = []
  const unread = new Map<Node, OpenUnread>()
  const unreadAt = (node: Node): OpenUnread => {
    const known = unread.get(node) ?? { node, wide: false, behind: [], sql: "" }
    unread.set(node, known)
    return known
  }
  const missed = (node: Node, wide: boolean, { at }: Place, sql = ""): void => {
    const known = unreadAt(at ?? node)
    // A function of another file speaks of names that are there.
    known.wide ||= wide || at !== null
    if (sql !== "") known.sql += ` ${sql}`
    known.behind.push(sent.at(-1) ?? null)
  }

  const send = (text: EmbeddedText, node: Node, explicit: boolean, path: string, place: Place, conditional = isConditional(place)): void => {
    const deferred = tool.deferred?.test(path) === true
    const found = brought(text, place.at ?? node, isElsewhere)
    const facts = { conditional, maybe: isMaybe(place), guards: guardsOf(place), deferred, outside: place.isOutside === true }
    if (sent.length < MOST_SENT) sent.push({ text: found, explicit: explicit || place.at !== null, ...facts })
  }

  const sendPieces = (made: readonly Piece[], node: Node, path: string, place: Place): void => {
    const { nameOf } = tool
    const pieces = nameOf === undefined ? made : made.map((piece) => renamed(piece, nameOf))
    const text = toText(pieces, node)
    // What is made where it is missing is most likely made.
    if (isConditional(place) && CREATE_TABLE.test(text.sql)) {
      const guarded = pieces.map((piece, index) => (index === 0 ? { ...piece, sql: piece.sql.replace(CREATE_TABLE, "$&IF NOT EXISTS ") } : piece))
      send(toText(guarded, node), node, true, path, place, false)
    } else send(text, node, true, path, place)
  }

  return {
    send,
    sendPieces,
    missed,
    // Rows are no part of the schema: nothing is to be doubted.
    missedRows: (node, { at }) => { unreadAt(at ?? node) },
    sent: () => [...sent.filter(({ deferred }) => !deferred), ...sent.filter(({ deferred }) => deferred)],
    unread: () => [...unread.values()],
  }
}

/** With the names in it, which are in quotes, as the tool writes them. */
function renamed(piece: Piece, nameOf: (name: string) => string): Piece {
  return piece.sql.includes("'") ? piece : { ...piece, sql: piece.sql.replace(/"[^"]+"/g, nameOf) }
}

/** A text of which what is written in other files stands at the call that uses it. */
function brought(text: EmbeddedText, call: Node, isElsewhere: (offset: number) => boolean): EmbeddedText {
  const at = placeOf(call)
  const whole = isElsewhere(text.from) ? at : { from: text.from, to: text.to }
  if (text.file !== undefined) return { ...text, ...whole }
  if (whole !== at && !text.segments.some(({ from }) => isElsewhere(from))) return text
  const segments = text.segments.map((segment) => {
    if (!isElsewhere(segment.from)) return segment
    return { ...segment, ...at, kind: segment.kind === "hole" ? segment.kind : ("fixed" as const), host: null }
  })
  return { ...text, ...whole, segments }
}
