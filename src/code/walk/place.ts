/** The way that the code of a migration takes: what it may pass over, which errors it swallows. */
import { textOf, type Node } from "../../embedded/node.ts"
import { childrenOf } from "../nodes.ts"
import type { Scope } from "../scope.ts"

/** A call of a function: what is left of it may be passed over once a part of it may have returned. */
export interface Frame {
  mayHaveReturned: boolean
  /** Variables that hold a transaction. */
  readonly transactions: Set<string>
}

/** Where the walk is: what names stand for there, and whether the code may pass over it. */
export interface Place {
  readonly scope: Scope
  readonly conditional: boolean
  readonly frame: Frame
  /** The functions that are being read. */
  readonly stack: readonly Node[]
  /** How many of them were called by their names. */
  readonly calls: number
  /** The call in the migration's file that led into another file; null while the walk is in the migration's own. */
  readonly at: Node | null
  /** In what is handed to a query builder: raw SQL there is a part of its query. */
  readonly inQuery?: boolean
  /** What is sent uses a connection of its own. */
  readonly isOutside?: boolean
}

/** A loop over a list of constants is read once for each of them, up to this many. */
export const LONGEST_LIST = 60

/** Whether the code may pass over this place. */
export function isConditional({ conditional, frame }: Place): boolean {
  return conditional || frame.mayHaveReturned
}

/** The place inside of a condition, a loop or the like. */
export function maybe(place: Place): Place {
  return place.conditional ? place : { ...place, conditional: true }
}

/** Whether errors of a block stay without consequence. */
export function swallows(handler: Node): boolean {
  return !contains(handler, ({ type }) => type === "ThrowStatement") && !contains(handler, (node) => textOf(node, "name") === "rollback")
}

function contains(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((inner) => contains(inner, test))
}
