/** Values that stand in the code of a migration as literals. */
import { child, children, isNode, rangeOf, stringOf, textOf, unwrap, type Node } from "../embedded/node.ts"

/** Looks up the constant that a name stands for. */
export type Resolve = (identifier: Node) => Node | null

const DEEPEST = 8

/** A node with names replaced by what they stand for. */
function resolved(node: Node, resolve: Resolve, depth = 0): Node {
  const inner = unwrap(node)
  if (inner.type !== "Identifier" || depth > DEEPEST) return inner
  const value = resolve(inner)
  return value === null ? inner : resolved(value, resolve, depth + 1)
}

/** A text; null when it is not known. */
export function textValue(node: Node | null, resolve: Resolve): string | null {
  if (node === null) return null
  const inner = resolved(node, resolve)
  const plain = stringOf(inner)
  if (plain !== null || inner.type !== "TemplateLiteral") return plain
  const [quasi, ...others] = children(inner, "quasis")
  const value = others.length === 0 ? quasi?.["value"] : undefined
  return typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string" ? value.cooked : null
}

/** True, false, or null when it is not known. */
export function flagValue(node: Node | null, resolve: Resolve): boolean | null {
  const value = node === null ? undefined : resolved(node, resolve)["value"]
  return typeof value === "boolean" ? value : null
}

/** The elements of a list; null when it is none, or when some of them are not in sight. */
export function listValue(node: Node | null, resolve: Resolve): readonly Node[] | null {
  const inner = node === null ? null : resolved(node, resolve)
  if (inner?.type !== "ArrayExpression") return null
  const elements: unknown = inner["elements"]
  if (!Array.isArray(elements) || !elements.every(isNode)) return null
  return elements.some(({ type }) => type === "SpreadElement") ? null : elements
}

/** The properties of an object by name; null when it is none, or when some of them are not in sight. */
export function objectValue(node: Node | null, resolve: Resolve): ReadonlyMap<string, Node> | null {
  const inner = node === null ? null : resolved(node, resolve)
  if (inner?.type !== "ObjectExpression") return null
  const found = new Map<string, Node>()
  for (const property of children(inner, "properties")) {
    const key = child(property, "key")
    const value = child(property, "value")
    const name = key === null || property["computed"] === true ? null : (textOf(key, "name") ?? stringOf(key))
    if (name === null || value === null) return null
    found.set(name, value)
  }
  return found
}

/** Where a node stands. */
export function placeOf(node: Node): { readonly from: number; readonly to: number } {
  const [from, to] = rangeOf(node) ?? [0, 0]
  return { from, to }
}

/** Constants of the file's outermost level and of its functions that are declared only once under their name. */
export function constantsOf(program: Node): Resolve {
  const values = new Map<string, Node | null>()
  const visit = (node: Node): void => {
    if (node.type === "VariableDeclaration") {
      for (const declarator of children(node, "declarations")) {
        const id = child(declarator, "id")
        const name = id?.type === "Identifier" ? textOf(id, "name") : null
        if (name === null) continue
        values.set(name, values.has(name) || node["kind"] !== "const" ? null : child(declarator, "init"))
      }
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === "parent" || key === "loc" || key === "range") continue
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) visit(item)
      } else if (isNode(value)) visit(value)
    }
  }
  visit(program)
  return (identifier) => values.get(textOf(identifier, "name") ?? "") ?? null
}
