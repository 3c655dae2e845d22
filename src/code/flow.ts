/** The way that the code of a migration takes: what it may pass over, what a function returns, which errors it swallows. */
import { child, children, textOf, unwrap, type Node } from "../embedded/node.ts"
import { childrenOf, type Scope } from "./scope.ts"

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
}

/** Whether the code may pass over this place. */
export function isConditional({ conditional, frame }: Place): boolean {
  return conditional || frame.mayHaveReturned
}

/** The place inside of a condition, a loop or the like. */
export function maybe(place: Place): Place {
  return place.conditional ? place : { ...place, conditional: true }
}

/** What a function of the file returns, when it does nothing else. */
export function resultOf(argument: Node, scope: Scope): { readonly node: Node; readonly scope: Scope } | null {
  const call = unwrap(argument)
  const callee = call.type === "CallExpression" ? child(call, "callee") : null
  const own = callee?.type === "Identifier" ? scope.functionOf(textOf(callee, "name") ?? "") : null
  const body = own === null ? null : child(own, "body")
  if (own === null || body === null) return null
  const inside = scope.inside(children(own, "params"), children(call, "arguments").map((given) => scope.closed(given)))
  if (body.type !== "BlockStatement") return { node: body, scope: inside }
  for (const statement of children(body, "body")) {
    if (statement.type === "VariableDeclaration") {
      for (const declarator of children(statement, "declarations")) {
        const [id, init] = [child(declarator, "id"), child(declarator, "init")]
        if (id !== null) inside.declare(id, init)
      }
      continue
    }
    const result = statement.type === "ReturnStatement" ? child(statement, "argument") : null
    return result === null ? null : { node: result, scope: inside }
  }
  return null
}

/** Whether errors of a block stay without consequence. */
export function swallows(handler: Node): boolean {
  return !contains(handler, ({ type }) => type === "ThrowStatement") && !contains(handler, (node) => textOf(node, "name") === "rollback")
}

function contains(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((inner) => contains(inner, test))
}
