/** Looks up constants through ESLint's scopes. */
import { child, children, isNode, type Node } from "../embedded/index.ts"
import type { SourceCode } from "./host.ts"

/** The initial value of the constant that an identifier names, when it stands in the same file; else null. */
export function constantOf(identifier: Node, sourceCode: SourceCode): Node | null {
  const variable = variableOf(identifier, sourceCode)
  return variable === undefined ? null : initialValue(variable)
}

/** The list that an identifier goes through: `for (const text of texts)`, `texts.map((text) => ..)`. */
export function listOf(identifier: Node, sourceCode: SourceCode): Node | null {
  const definition = definitionOf(variableOf(identifier, sourceCode))
  if (definition === null) return null
  const { node, parent } = definition
  if (node.type === "VariableDeclarator") {
    const loop = parent === null ? null : child(parent, "parent")
    return child(node, "id")?.type === "Identifier" && loop?.type === "ForOfStatement" && child(loop, "left") === parent ? child(loop, "right") : null
  }
  const [first] = children(node, "params")
  const call = child(node, "parent")
  const callee = call?.type === "CallExpression" && children(call, "arguments")[0] === node ? child(call, "callee") : null
  const method = callee?.type === "MemberExpression" ? child(callee, "property") : null
  const isFirst = first?.type === "Identifier" && first["name"] === identifier["name"]
  return isFirst && callee !== null && (method?.["name"] === "map" || method?.["name"] === "forEach") ? child(callee, "object") : null
}

function variableOf(identifier: Node, sourceCode: SourceCode): unknown {
  const name = identifier["name"]
  let scope = sourceCode.getScope?.(identifier)
  while (typeof name === "string" && isScope(scope)) {
    const variable: unknown = scope.set.get(name)
    if (variable !== undefined) return variable
    scope = scope.upper
  }
  return undefined
}

interface Scope {
  readonly set: ReadonlyMap<string, unknown>
  readonly upper: unknown
}

function isScope(value: unknown): value is Scope {
  return typeof value === "object" && value !== null && "set" in value && value.set instanceof Map && "upper" in value
}

interface Definition {
  readonly node: Node
  /** The declaration of a variable. */
  readonly parent: Node | null
}

/** Where a variable is made, when that is one place. */
function definitionOf(variable: unknown): Definition | null {
  if (typeof variable !== "object" || variable === null || !("defs" in variable) || !Array.isArray(variable.defs)) return null
  const [definition, ...others]: readonly unknown[] = variable.defs
  if (others.length > 0 || typeof definition !== "object" || definition === null || !("node" in definition) || !isNode(definition.node)) return null
  return { node: definition.node, parent: "parent" in definition && isNode(definition.parent) ? definition.parent : null }
}

function initialValue(variable: unknown): Node | null {
  const definition = definitionOf(variable)
  if (typeof variable !== "object" || variable === null || definition === null || definition.parent === null) return null
  if (definition.node.type !== "VariableDeclarator" || (definition.parent["kind"] !== "const" && isChanged(variable))) return null
  const { id, init } = definition.node
  return isNode(id) && id.type === "Identifier" && isNode(init) ? init : null
}

/** Whether anything but the declaration gives the variable a value. */
function isChanged(variable: object): boolean {
  const references: unknown = "references" in variable ? variable.references : null
  return !Array.isArray(references) || references.some((one: unknown) => writes(one))
}

function writes(reference: unknown): boolean {
  if (typeof reference !== "object" || reference === null || !("isWrite" in reference) || typeof reference.isWrite !== "function") return true
  return reference.isWrite.call(reference) === true && !("init" in reference && reference.init === true)
}
