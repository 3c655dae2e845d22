/** Functions, as part of the code that calls them. */
import { child, children, textOf, unwrap, type Node } from "../../embedded/node.ts"
import type { Link } from "../chain.ts"
import { isFunction } from "../nodes.ts"
import type { Callee, Scope } from "../scope.ts"
import { createFrame, guardsOf, isMaybe, type Frame, type Place } from "./place.ts"
import { isAsked } from "./questions.ts"
import type { Walker } from "./walker.ts"

/** Functions that are called by their name are followed this far. */
const DEEPEST_CALL = 6

/** Reads the body of a function. @param values What its parameters stand for. */
export function run(walker: Walker, callee: Node, values: Parameters<Scope["inside"]>[1], place: Place, frame?: Frame): void {
  if (place.stack.includes(callee)) return
  const body = child(callee, "body")
  if (body === null) return
  const scope = place.scope.inside(children(callee, "params"), values)
  const inside = { scope, conditional: isMaybe(place), outerGuards: guardsOf(place), guards: [], frame: frame ?? createFrame(place.frame.transactions) }
  walker.visit(body, { ...place, ...inside, stack: [...place.stack, callee] })
}

/** Reads a function that is called by its name. @param call The call of it. */
export function runCallee(walker: Walker, { node, scope, isElsewhere }: Callee, given: readonly Node[], call: Node, place: Place): void {
  if (place.calls === DEEPEST_CALL) return walker.outbox.missed(call, true, place)
  const values = given.map((argument) => place.scope.closed(argument))
  const inside = { ...place, calls: place.calls + 1 }
  run(walker, node, values, isElsewhere ? { ...inside, scope, at: place.at ?? call } : inside)
}

/** Reads what is handed to a call: functions as if the call ran them. */
export function visitArguments(walker: Walker, link: Link, place: Place): void {
  if (link.name === "catch") return
  const isChecked = link.name === "then"
  for (const argument of link.arguments ?? []) {
    const inner = unwrap(argument)
    if (isFunction(inner) && walker.tool.handsOn && /^(?:transaction|execute)$/.test(link.name)) run(walker, inner, ["receiver"], place)
    else if (isFunction(inner) && isChecked) run(walker, inner, answerOf(link, place), place)
    else if (isFunction(inner)) run(walker, inner, [], place, { ...place.frame, guards: [] })
    else walker.visit(inner, place)
  }
}

/** What the function behind `hasTable("orders").then(` is handed. */
function answerOf({ node }: Link, { scope }: Place): Parameters<Scope["inside"]>[1] {
  const callee = child(node, "callee")
  const object = callee === null ? null : child(callee, "object")
  return object !== null && isAsked(object, scope.resolve) ? [scope.closed(object)] : []
}

/** The function that is handed to a call, in place or by its name. */
export function callbackOf(argument: Node, { scope }: Place): Node | null {
  const inner = unwrap(argument)
  if (isFunction(inner)) return inner
  const named = inner.type === "Identifier" ? scope.functionOf(textOf(inner, "name") ?? "") : null
  return named?.isElsewhere === false ? named.node : null
}

/** Whether a call hands over what changes the schema. */
export function handsOver({ tool }: Walker, given: readonly Node[], { scope }: Place): boolean {
  if (tool.builder === null && tool.isUnknown !== true) return false
  return given.some((argument) => {
    const inner = unwrap(argument)
    const name = inner.type === "Identifier" ? textOf(inner, "name") : null
    return name !== null && (scope.isReceiver(name) || name === tool.receiver)
  })
}
