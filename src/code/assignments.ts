/** Which variables of a file get other values than their first ones, and whether in an order that reading the code tells. */
import { child, children, textOf, unwrap, type Node } from "../embedded/node.ts"
import { childrenOf, isFunction } from "./nodes.ts"

/** A statement that changes what a variable holds: `name = value`, `name += value`, `name.push(value)`. */
export interface Change {
  readonly name: string
  readonly operator: "=" | "+=" | "push"
  /** The value, or those that are added. */
  readonly given: readonly Node[]
}

/** What an expression changes; null when it does nothing of the kind. */
export function changeOf(node: Node): Change | null {
  if (node.type === "AssignmentExpression") {
    const [left, right, operator] = [child(node, "left"), child(node, "right"), textOf(node, "operator")]
    const name = left?.type === "Identifier" ? textOf(left, "name") : null
    return name === null || right === null || (operator !== "=" && operator !== "+=") ? null : { name, operator, given: [right] }
  }
  const name = mutatedBy(node)
  const given = children(node, "arguments")
  const isPush = name !== null && textOf(child(child(node, "callee") ?? node, "property") ?? node, "name") === "push"
  return isPush && given.every(({ type }) => type !== "SpreadElement") ? { name, operator: "push", given } : null
}

const MUTATES = /^(?:push|unshift|splice|pop|shift|reverse|sort|fill|copyWithin)$/

/** The name of the list that a call changes: `list.push(...)`. */
function mutatedBy(call: Node): string | null {
  const callee = call.type === "CallExpression" ? child(call, "callee") : null
  const [object, property] = callee?.type === "MemberExpression" ? [child(callee, "object"), child(callee, "property")] : [null, null]
  return object?.type === "Identifier" && MUTATES.test(textOf(property ?? call, "name") ?? "") ? textOf(object, "name") : null
}

/**
 * The names that get another value than their first one. `inOrder`: those of them that only statements of the function that declares them
 * change, one after the other.
 */
export function assignmentsOf(program: Node): { readonly assigned: ReadonlySet<string>; readonly inOrder: ReadonlySet<string> } {
  const changes: { readonly name: string; readonly home: Node | null }[] = []
  const declared = new Map<string, Set<Node>>()
  const visit = (node: Node, home: Node | null): void => {
    const change = changeOf(node)
    const target = node.type === "AssignmentExpression" ? child(node, "left") : node.type === "UpdateExpression" ? child(node, "argument") : null
    const other = target?.type === "Identifier" ? textOf(target, "name") : mutatedBy(node)
    if (change !== null) changes.push({ name: change.name, home })
    else if (other !== null) changes.push({ name: other, home: null })
    const id = node.type === "VariableDeclarator" ? child(node, "id") : null
    const name = id === null ? null : textOf(id, "name")
    if (name !== null && home !== null) declared.set(name, (declared.get(name) ?? new Set<Node>()).add(home))
    for (const inner of childrenOf(node)) visit(inner, homeOf(inner, node, home))
  }
  visit(program, null)
  const scattered = new Set(changes.filter(({ name, home }) => home === null || declared.get(name)?.has(home) !== true).map(({ name }) => name))
  const assigned = new Set(changes.map(({ name }) => name))
  return { assigned, inOrder: new Set([...assigned].filter((name) => !scattered.has(name))) }
}

/** The function of which a node is a statement, or a part of one that runs whenever the statement does. */
function homeOf(inner: Node, outer: Node, home: Node | null): Node | null {
  if (isFunction(outer)) return unwrap(inner).type === "BlockStatement" ? outer : null
  if (outer.type === "BlockStatement") return /^(?:ExpressionStatement|VariableDeclaration)$/.test(inner.type) ? home : null
  return /^(?:ExpressionStatement|VariableDeclaration)$/.test(outer.type) ? home : null
}
