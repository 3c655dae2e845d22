/** Functions and children of nodes of any type. */
import { isNode, type Node } from "../embedded/node.ts"

/** Fields of nodes that hold no code that runs. */
export const SKIPPED: ReadonlySet<string> = new Set(["parent", "loc", "range", "typeAnnotation", "returnType", "typeParameters", "typeArguments"])

interface FunctionNode extends Node {
  readonly type: "ArrowFunctionExpression" | "FunctionExpression" | "FunctionDeclaration"
}

export function isFunction(node: Node | null): node is FunctionNode {
  return node !== null && /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/.test(node.type)
}

export function childrenOf(node: Node): readonly Node[] {
  const found: Node[] = []
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key)) continue
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item)
    } else if (isNode(value)) found.push(value)
  }
  return found
}
