/** What the calls on Knex's table builder add up to, and the names of what they speak of. */
import type { Node } from "../../embedded/node.ts"
import type { Reader, Text } from "../call.ts"
import type { Link } from "../chain.ts"
import { name, type Piece } from "../pieces.ts"

/** The table, with its schema. */
export interface Target extends Text {
  readonly schema: string | null
}

/** What the calls on a table builder add up to. */
export interface Plan {
  readonly target: Target
  readonly types: Piece[][]
  readonly added: Piece[][]
  readonly altered: Piece[][]
  readonly comments: Piece[][]
  readonly later: Piece[][]
  /** Checks and keys that stand in CREATE TABLE. */
  readonly inner: Piece[][]
  primary: Piece[] | null
  last: Piece[][]
  readonly creates: boolean
  /** A comment on the table comes right behind its creation. */
  readonly own: Piece[][]
}

/** `increments()` and its kin. */
export function isSerial({ name: method }: Link): boolean {
  return /increments$/i.test(method)
}

/** The table, in its schema. */
export function tableOf({ text, schema, node }: Target): Piece {
  return name(schema === null ? text : `${schema}.${text}`, node)
}

/** The table, as a part of what a chain in the callback emits. */
export function tableSql({ target }: Plan): string {
  return tableOf(target).sql
}

/** A name that an argument gives; it may be qualified. */
export function named(reader: Reader, node: Node | undefined): Piece {
  return name(reader.text(node), node)
}
