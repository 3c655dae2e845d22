/** What the callback of a schema builder does with the builder that it is handed. */
import { casesOf, verdictOf } from "../embedded/index.ts"
import { child, children, isNode, pathOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { unknown, type Reader } from "./call.ts"
import { chainOf, type Chain } from "./chain.ts"
import { closed } from "./closed.ts"
import { childrenOf, isFunction } from "./nodes.ts"
import { substitute, type Callee } from "./scope.ts"

/** The function that an argument is, or names. @throws {Unknown} */
export function functionOf(reader: Reader, node: Node | undefined): Node {
  const value = node === undefined ? null : reader.resolved(node)
  return isFunction(value) ? value : unknown()
}

/** What the callback of a builder does. */
export interface Body {
  /** Chains of calls on the builder, in their order. */
  readonly chains: readonly Chain[]
  /** Chains that only run under a condition that nobody knows. */
  readonly maybe: readonly Chain[]
  /** What may call the builder in a way that is not read: loops, conditions, functions. */
  readonly others: readonly Node[]
}

/** What a builder's callback does with the builder. @throws {Unknown} for what is no function in sight. */
export function bodyOf(reader: Reader, callback: Node | undefined): Body {
  const own = functionOf(reader, callback)
  const [parameter] = children(own, "params")
  const receiver = parameter === undefined ? "this" : textOf(parameter, "name")
  const body = child(own, "body")
  if (receiver === null || body === null) return unknown()
  return bodyIn(reader, body, receiver, 0)
}

/** What a function does with the builder that a call of the library hands it: `$call(withTimestamps)`. @throws {Unknown} for what is no function in sight. */
export function bodyHanded(reader: Reader, callback: Node): Body {
  const call: Node = { type: "CallExpression", callee: callback, arguments: [{ type: "ThisExpression" }], start: callback["start"], end: callback["end"] }
  const called = calledBody(reader, call, "this")
  return called === null ? bodyOf(reader, callback) : bodyIn(reader, called, "this", 1)
}

/** How far functions are followed that are handed the builder. */
const DEEPEST_CALL = 6

function bodyIn(reader: Reader, body: Node, receiver: string, depth: number): Body {
  const chains: Chain[] = []
  const maybe: Chain[] = []
  const others: Node[] = []
  const readAll = (nodes: readonly Node[], into: Chain[]): void => {
    for (const node of nodes) read(node, into)
  }
  const read = (inside: Node, into: Chain[]): void => {
    for (const statement of inside.type === "BlockStatement" ? children(inside, "body") : [inside]) {
      if (statement.type === "IfStatement") {
        const [test, yes, no] = [child(statement, "test"), child(statement, "consequent"), child(statement, "alternate")]
        const verdict = test === null || mentions(test, receiver) ? null : verdictOf(test, reader.resolve)
        if (yes !== null && verdict !== false) read(yes, verdict === true ? into : maybe)
        if (no !== null && verdict !== true) read(no, verdict === false ? into : maybe)
        continue
      }
      if (statement.type === "SwitchStatement") {
        for (const { body, verdict } of casesOf(statement, reader.resolve)) {
          if (verdict !== false) readAll(body.filter(({ type }) => type !== "BreakStatement"), verdict === true ? into : maybe)
        }
        continue
      }
      const expression = child(statement, statement.type === "ReturnStatement" ? "argument" : "expression")
      const inner = unwrap(statement.type.endsWith("Statement") ? (expression ?? statement) : statement)
      const chain = chainOf(inner)
      const repeated = repetitionsOf(reader, inner, chain)
      const called = repeated !== null || depth === DEEPEST_CALL ? null : calledBody(reader, inner, receiver)
      if (repeated !== null) readAll(repeated, into)
      else if (called !== null) {
        const found = bodyIn(reader, called, "this", depth + 1)
        into.push(...found.chains)
        maybe.push(...found.maybe)
        others.push(...found.others)
      }
      else if (inner.type === "SequenceExpression") readAll(children(inner, "expressions"), into)
      else if (chain !== null && pathOf(chain.root) === receiver) into.push(chain)
      else if (mentions(inner, receiver)) others.push(inner)
    }
  }
  read(body, chains)
  return { chains, maybe, others }
}

/** The bodies of a loop over a list in sight, one for each of its elements; null for anything else. */
function repetitionsOf(reader: Reader, statement: Node, chain: Chain | null): readonly Node[] | null {
  const isLoop = statement.type === "ForOfStatement"
  const link = chain?.links.length === 1 && chain.links[0]?.name === "forEach" ? chain.links[0] : null
  const [callback] = link?.arguments ?? []
  const list = isLoop ? reader.list(child(statement, "right") ?? undefined) : link === null ? null : reader.list(chain?.root)
  const left = isLoop ? child(statement, "left") : callback === undefined ? null : (children(callback, "params")[0] ?? null)
  const pattern = left?.type === "VariableDeclaration" ? child(children(left, "declarations")[0] ?? left, "id") : left
  const body = child(isLoop ? statement : (callback ?? statement), "body")
  const name = pattern?.type === "Identifier" ? textOf(pattern, "name") : null
  if (list === null || name === null || body === null) return null
  return list.map((element) => substitute(body, new Map([[name, element]])))
}

/**
 * The body of the function that a statement calls and hands the builder to, as if it stood there with `this` for the builder: names of its
 * parameters are replaced by what the call hands over. Null for any other statement, and for functions that are not in sight.
 */
function calledBody(reader: Reader, call: Node, receiver: string): Node | null {
  const callee = call.type === "CallExpression" ? child(call, "callee") : null
  const given = call.type === "CallExpression" ? children(call, "arguments").map(unwrap) : []
  if (callee === null || !given.some((argument) => isNamed(argument, receiver))) return null
  const called = reader.callee(callee)
  const body = called === null ? null : child(called.node, "body")
  if (called === null || body === null) return null
  const names = new Map<string, Node | null>()
  for (const [index, parameter] of children(called.node, "params").entries()) {
    const hasDefault = parameter.type === "AssignmentPattern"
    const name = textOf((hasDefault ? child(parameter, "left") : parameter) ?? parameter, "name")
    const argument = given[index]
    if (name === null) return null
    if (argument === undefined) names.set(name, hasDefault ? child(parameter, "right") : null)
    else names.set(name, isNamed(argument, receiver) ? { ...argument, type: "ThisExpression" } : argument)
  }
  return substitute(called.isElsewhere ? broughtTo(call, called, body, names) : body, names)
}

/** A part of another file as it is to be read at a call: names of that file mean nothing here, and neither do its places. */
function broughtTo(call: Node, { scope }: Callee, part: Node, parameters: ReadonlyMap<string, unknown>): Node {
  const place = { start: call["start"], end: call["end"] }
  const moved = (node: Node): Node => ({ ...Object.fromEntries(Object.entries(node).map(([key, value]) => [key, movedValue(value)] as const)), type: node.type, ...place })
  const movedValue = (value: unknown): unknown => (Array.isArray(value) ? value.map(movedValue) : isNode(value) ? moved(value) : value)
  return moved(closed(part, scope, parameters))
}

/** Whether an expression is the name, or `this`. */
function isNamed(node: Node, name: string): boolean {
  return name === "this" ? node.type === "ThisExpression" : node.type === "Identifier" && textOf(node, "name") === name
}

/** Whether a name, or `this`, occurs in a tree. */
function mentions(node: Node, name: string): boolean {
  if (isNamed(node, name)) return true
  return childrenOf(node).some((inner) => mentions(inner, name))
}
