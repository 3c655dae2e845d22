/** The way that the code of a migration takes: what it may pass over, which errors it swallows. */
import type { Guard, Question } from "../../embedded/index.ts"
import { textOf, type Node } from "../../embedded/node.ts"
import { childrenOf } from "../nodes.ts"
import type { Scope } from "../scope.ts"

/** A call of a function: what is left of it may be passed over once a part of it may have returned. */
export interface Frame {
  mayHaveReturned: boolean
  /** Answers without which it has returned. */
  guards: readonly Guard[]
  /** What the variables in it were told, by where the code asked. */
  readonly asked: Map<string, Question>
  /** Variables that hold a transaction. */
  readonly transactions: Set<string>
}

/** @param transactions Those of the call that it is part of. */
export function createFrame(transactions = new Set<string>()): Frame {
  return { mayHaveReturned: false, guards: [], asked: new Map(), transactions }
}

/** Where the walk is: what names stand for there, and whether the code may pass over it. */
export interface Place {
  readonly scope: Scope
  readonly conditional: boolean
  /** Answers that the code takes to come here, in the call that is being read. */
  readonly guards: readonly Guard[]
  /** The same for the call itself. */
  readonly outerGuards: readonly Guard[]
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
export function isConditional(place: Place): boolean {
  return isMaybe(place) || guardsOf(place).length > 0
}

/** Whether it may do so whatever the schema is. */
export function isMaybe({ conditional, frame }: Place): boolean {
  return conditional || frame.mayHaveReturned
}

/** All answers that the code takes to come here. */
export function guardsOf({ frame, guards, outerGuards }: Place): readonly Guard[] {
  return [...outerGuards, ...frame.guards, ...guards]
}

/** Takes down that the function returns here. */
export function leave({ conditional, frame, guards }: Place): void {
  const [only, another] = guards
  if (conditional || another !== undefined) frame.mayHaveReturned = true
  else if (only !== undefined) frame.guards = [...frame.guards, { ...only, answer: !only.answer }]
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
