/** Looks up constants through ESLint's scopes. */
import { isNode, type Node } from "../embedded/index.ts"
import type { SourceCode } from "./host.ts"

/** The initial value of the constant that an identifier names, when it stands in the same file; else null. */
export function constantOf(identifier: Node, sourceCode: SourceCode): Node | null {
  const name = identifier["name"]
  let scope = sourceCode.getScope?.(identifier)
  while (typeof name === "string" && isScope(scope)) {
    const variable: unknown = scope.set.get(name)
    if (variable !== undefined) return initialValue(variable)
    scope = scope.upper
  }
  return null
}

interface Scope {
  readonly set: ReadonlyMap<string, unknown>
  readonly upper: unknown
}

function isScope(value: unknown): value is Scope {
  return typeof value === "object" && value !== null && "set" in value && value.set instanceof Map && "upper" in value
}

function initialValue(variable: unknown): Node | null {
  if (typeof variable !== "object" || variable === null || !("defs" in variable) || !Array.isArray(variable.defs)) return null
  const [definition, ...others]: readonly unknown[] = variable.defs
  if (others.length > 0 || typeof definition !== "object" || definition === null) return null
  if (!("node" in definition) || !("parent" in definition) || !isNode(definition.node) || !isNode(definition.parent)) return null
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
