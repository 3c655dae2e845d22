/** Values that stand in the code of a migration, or that its literals add up to. */
import { child, children, isNode, rangeOf, stringOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { verdictOf } from "../embedded/index.ts"
import { propertyOf, substitute } from "./scope.ts"

/** Looks up the constant that a name stands for, and what a call of a function in sight returns. */
export type Resolve = (node: Node) => Node | null

const DEEPEST = 8

/** A node with names, members of objects in sight, calls of functions in sight and conditions on the database replaced by what they stand for. */
export function resolved(node: Node, resolve: Resolve, depth = 0): Node {
  const inner = unwrap(node)
  if (depth > DEEPEST) return inner
  if (inner.type === "MemberExpression") {
    const object = child(inner, "object")
    const property = child(inner, "property")
    if (object === null || property === null) return inner
    const name = inner["computed"] === true ? textValue(property, resolve) : textOf(property, "name")
    if (name === null) return inner
    const value = object.type === "ThisExpression" ? resolve({ type: "Identifier", name: `this.${name}` }) : propertyOf(resolved(object, resolve, depth + 1), name)
    return value === null ? inner : resolved(value, resolve, depth + 1)
  }
  if (inner.type === "ConditionalExpression") {
    const test = child(inner, "test")
    const verdict = test === null ? null : verdictOf(test, resolve)
    const branch = verdict === null ? null : child(inner, verdict ? "consequent" : "alternate")
    return branch === null ? inner : resolved(branch, resolve, depth + 1)
  }
  if (inner.type !== "Identifier" && inner.type !== "CallExpression") return inner
  const value = resolve(inner)
  return value === null ? inner : resolved(value, resolve, depth + 1)
}

/** A text; null when it is not known. */
export function textValue(node: Node | null, resolve: Resolve, depth = 0): string | null {
  if (node === null || depth > DEEPEST) return null
  const inner = resolved(node, resolve)
  const plain = stringOf(inner)
  if (plain !== null) return plain
  if (inner.type === "TemplateLiteral") return templateValue(inner, resolve, depth)
  if (inner.type === "CallExpression") return changedText(inner, resolve, depth)
  if (inner.type !== "BinaryExpression" || textOf(inner, "operator") !== "+") return null
  const left = textValue(child(inner, "left"), resolve, depth + 1)
  const right = textValue(child(inner, "right"), resolve, depth + 1)
  return left === null || right === null ? null : left + right
}

/** `name.toUpperCase()`, `columns.join("_")`. */
function changedText(call: Node, resolve: Resolve, depth: number): string | null {
  const callee = child(call, "callee")
  const [object, property] = callee?.type === "MemberExpression" ? [child(callee, "object"), child(callee, "property")] : [null, null]
  const given = children(call, "arguments")
  switch (property === null ? null : textOf(property, "name")) {
    case "toUpperCase":
      return textValue(object, resolve, depth + 1)?.toUpperCase() ?? null
    case "toLowerCase":
      return textValue(object, resolve, depth + 1)?.toLowerCase() ?? null
    case "trim":
      return textValue(object, resolve, depth + 1)?.trim() ?? null
    case "join": {
      const texts = listValue(object, resolve)?.map((element) => textValue(element, resolve, depth + 1)) ?? [null]
      const separator = given[0] === undefined ? "," : textValue(given[0], resolve, depth + 1)
      return separator === null || texts.includes(null) ? null : texts.join(separator)
    }
    default:
      return null
  }
}

function templateValue(template: Node, resolve: Resolve, depth: number): string | null {
  const expressions = children(template, "expressions")
  let text = ""
  for (const [index, quasi] of children(template, "quasis").entries()) {
    const value = quasi["value"]
    if (typeof value !== "object" || value === null || !("cooked" in value) || typeof value.cooked !== "string") return null
    text += value.cooked
    const expression = expressions[index]
    if (expression === undefined) continue
    const inner = textValue(expression, resolve, depth + 1) ?? numberValue(expression, resolve)?.toString() ?? null
    if (inner === null) return null
    text += inner
  }
  return text
}

/** True, false, or null when it is not known. */
export function flagValue(node: Node | null, resolve: Resolve): boolean | null {
  if (node === null) return null
  const inner = resolved(node, resolve)
  if (inner.type === "UnaryExpression" && textOf(inner, "operator") === "!") {
    const value = flagValue(child(inner, "argument"), resolve)
    return value === null ? null : !value
  }
  const operator = inner.type === "BinaryExpression" ? /^([=!])==?$/.exec(textOf(inner, "operator") ?? "")?.[1] : undefined
  if (operator !== undefined) {
    const [left, right] = [textValue(child(inner, "left"), resolve), textValue(child(inner, "right"), resolve)]
    return left === null || right === null ? null : (left === right) === (operator === "=")
  }
  return typeof inner["value"] === "boolean" ? inner["value"] : null
}

export function numberValue(node: Node | null, resolve: Resolve): number | null {
  if (node === null) return null
  const inner = resolved(node, resolve)
  if (inner.type === "UnaryExpression" && textOf(inner, "operator") === "-") {
    const value = numberValue(child(inner, "argument"), resolve)
    return value === null ? null : -value
  }
  return typeof inner["value"] === "number" ? inner["value"] : null
}

/** `null` or `undefined`, written so. */
export function isNothing(node: Node | null, resolve: Resolve): boolean {
  if (node === null) return true
  const inner = resolved(node, resolve)
  if (inner.type === "Identifier") return textOf(inner, "name") === "undefined"
  return inner.type === "Literal" && inner["value"] === null && inner["raw"] === "null"
}

/** The elements of a list; null when it is none, or when some of them are not in sight. */
export function listValue(node: Node | null, resolve: Resolve): readonly Node[] | null {
  const inner = node === null ? null : resolved(node, resolve)
  if (inner?.type === "CallExpression") return entriesOf(inner, resolve) ?? mapped(inner, resolve)
  if (inner?.type !== "ArrayExpression") return null
  const elements: unknown = inner["elements"]
  if (!Array.isArray(elements) || !elements.every(isNode)) return null
  const list: Node[] = []
  for (const element of elements) {
    if (element.type !== "SpreadElement") {
      list.push(element)
      continue
    }
    const spread = listValue(child(element, "argument"), resolve)
    if (spread === null) return null
    list.push(...spread)
  }
  return list
}

/** `names.map((name) => `...`)` of a list in sight, where all that it makes are texts. */
function mapped(call: Node, resolve: Resolve): readonly Node[] | null {
  const callee = child(call, "callee")
  const [object, property] = callee?.type === "MemberExpression" ? [child(callee, "object"), child(callee, "property")] : [null, null]
  const [given] = children(call, "arguments")
  const [parameter] = given?.type === "ArrowFunctionExpression" ? children(given, "params") : []
  const name = parameter === undefined ? null : textOf(parameter, "name")
  const body = given === undefined ? null : child(given, "body")
  if (property === null || textOf(property, "name") !== "map" || name === null || body === null) return null
  const made = listValue(object, resolve)?.map((element) => substitute(body, new Map([[name, element]]))) ?? null
  return made?.every((node) => textValue(node, resolve) !== null) === true ? made : null
}

/** `Object.keys(...)`, `Object.values(...)`, `Object.entries(...)` of an object in sight. */
function entriesOf(call: Node, resolve: Resolve): readonly Node[] | null {
  const callee = child(call, "callee")
  const object = callee?.type === "MemberExpression" ? child(callee, "object") : null
  const property = callee?.type === "MemberExpression" ? child(callee, "property") : null
  if (object === null || property === null || textOf(object, "name") !== "Object") return null
  const values = objectValue(children(call, "arguments")[0] ?? null, resolve)
  if (values === null) return null
  const keyOf = (name: string, value: Node): Node => ({ type: "Literal", value: name, start: value["start"], end: value["end"] })
  const entries = [...values]
  switch (textOf(property, "name")) {
    case "keys":
      return entries.map(([name, value]) => keyOf(name, value))
    case "values":
      return entries.map(([, value]) => value)
    case "entries":
      return entries.map(([name, value]) => ({ type: "ArrayExpression", elements: [keyOf(name, value), value], start: value["start"], end: value["end"] }))
    default:
      return null
  }
}

/** The properties of an object by name; null when it is none, or when some of them are not in sight. */
export function objectValue(node: Node | null, resolve: Resolve): ReadonlyMap<string, Node> | null {
  const inner = node === null ? null : resolved(node, resolve)
  const found = new Map<string, Node>()
  if (inner?.type === "TSEnumDeclaration") {
    for (const member of children(inner, "members")) {
      const [id, value] = [child(member, "id"), child(member, "initializer")]
      const name = id === null ? null : (textOf(id, "name") ?? stringOf(id))
      // Numbers are there the other way round, too.
      if (name === null || stringOf(value) === null || value === null) return null
      found.set(name, value)
    }
    return found
  }
  if (inner?.type !== "ObjectExpression") return null
  for (const property of children(inner, "properties")) {
    if (property.type === "SpreadElement") {
      const spread = objectValue(child(property, "argument"), resolve)
      if (spread === null) return null
      for (const [name, value] of spread) found.set(name, value)
      continue
    }
    const key = child(property, "key")
    const value = child(property, "value")
    const name = key === null ? null : property["computed"] === true ? textValue(key, resolve) : (textOf(key, "name") ?? stringOf(key) ?? numberValue(key, resolve)?.toString() ?? null)
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
