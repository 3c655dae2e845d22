/** Values as they are to be read outside of the scope that they stand in. */
import { child, children, unwrap, type Node } from "../embedded/node.ts"
import { isFunction } from "./nodes.ts"
import { substitute, type Scope } from "./scope.ts"

const closedNames = new WeakMap<Scope, Map<string, Node | null>>()

/**
 * A node with the names of its scope replaced by what they stand for; those without a value lose their name.
 *
 * @param kept Names that stay as they are.
 */
export function closed(given: Node, scope: Scope, kept?: ReadonlyMap<string, unknown>): Node {
  const node = valuesOf(given)
  const known = closedNames.get(scope) ?? new Map<string, Node | null>()
  closedNames.set(scope, known)
  const names = new Map<string, Node | null>()
  for (const name of namesIn(node)) {
    if (kept?.has(name) === true) continue
    if (!known.has(name)) {
      // What leads back to itself has no value.
      known.set(name, null)
      const value = scope.resolve({ type: "Identifier", name })
      known.set(name, value === null || isFunction(value) ? null : closed(unwrap(value), scope))
    }
    names.set(name, known.get(name) ?? null)
  }
  return substitute(node, names)
}

/** Of a class, which may speak of all other classes of a project, only what its static members hold. */
function valuesOf(node: Node): Node {
  const body = node.type === "ClassDeclaration" ? child(node, "body") : null
  if (body === null) return node
  const members = children(body, "body").filter((member) => member["static"] === true && member.type === "PropertyDefinition" && !isFunction(child(member, "value")))
  return { type: node.type, start: node["start"], end: node["end"], body: { type: body.type, body: members } }
}

function namesIn(node: Node): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (one: unknown): void => {
    if (Array.isArray(one)) return one.forEach(visit)
    if (typeof one !== "object" || one === null || !("type" in one)) return
    if (one.type === "Identifier" && "name" in one && typeof one.name === "string") names.add(one.name)
    for (const [key, value] of Object.entries(one)) if (key !== "loc" && typeof value === "object") visit(value)
  }
  visit(node)
  return names
}
