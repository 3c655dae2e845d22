/**
 * The part of an ESTree that finding SQL needs. Every parser of JavaScript and TypeScript makes such a tree, each with types
 * of its own; here a node is looked at, never trusted.
 */

export interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
}

/** Where a node stands, in UTF-16 units of the file; null for a parser that does not tell. */
export function rangeOf(node: Node): readonly [number, number] | null {
  const range = node["range"]
  const [start, end]: readonly unknown[] = Array.isArray(range) ? range : [node["start"], node["end"]]
  return typeof start === "number" && typeof end === "number" ? [start, end] : null
}

export function child(node: Node, key: string): Node | null {
  const value = node[key]
  return isNode(value) ? value : null
}

export function children(node: Node, key: string): readonly Node[] {
  const value: unknown = node[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** A string that a node carries, such as an identifier's name. */
export function textOf(node: Node, key: string): string | null {
  const value = node[key]
  return typeof value === "string" ? value : null
}

/** The text of a string literal. */
export function stringOf(node: Node | null): string | null {
  return node !== null && (node.type === "Literal" || node.type === "StringLiteral") ? textOf(node, "value") : null
}

/** The name that a child is or spells out: `orders`, `"orders"`. */
export function nameIn(node: Node, key: string): string | null {
  const named = child(node, key)
  return named === null ? null : (textOf(named, "name") ?? stringOf(named))
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
  "ParenthesizedExpression",
  "ChainExpression",
  "AwaitExpression",
])

/** The expression inside of what changes no value: `x as string`, `x!`, `(x)`. */
export function unwrap(node: Node): Node {
  let inner = node
  while (WRAPPERS.has(inner.type)) {
    const next = child(inner, "expression") ?? child(inner, "argument")
    if (next === null) break
    inner = next
  }
  return inner
}

/** A callee or tag as it is written, links of the chain only: `this.db.query`, `getClient().query`; null when it has no name. */
export function pathOf(node: Node | null): string | null {
  if (node === null) return null
  const inner = unwrap(node)
  switch (inner.type) {
    case "Identifier":
      return textOf(inner, "name")
    case "ThisExpression":
      return "this"
    case "MemberExpression": {
      const object = pathOf(child(inner, "object"))
      const property = child(inner, "property")
      const name = property === null || inner["computed"] === true ? stringOf(property) : (textOf(property, "name") ?? null)
      return object === null || name === null ? null : `${object}.${name}`
    }
    case "CallExpression": {
      const callee = pathOf(child(inner, "callee"))
      return callee === null ? null : `${callee}()`
    }
    default:
      return null
  }
}

/** `db.runSql.bind(db, text)` as the call that somebody will make of it: `db.runSql(text)`, at its place. Any other call as it is. */
export function unbound(call: Node): Node {
  const callee = child(call, "callee")
  const method = callee?.type === "MemberExpression" && textOf(child(callee, "property") ?? callee, "name") === "bind" ? child(callee, "object") : null
  return method?.type === "MemberExpression" ? { ...call, callee: method, arguments: children(call, "arguments").slice(1) } : call
}
