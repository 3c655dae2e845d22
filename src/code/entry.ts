/** Where a migration begins. */
import { child, children, nameIn, pathOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { childrenOf, isFunction } from "./nodes.ts"
import type { Scope } from "./scope.ts"

/** Code of a migration with what names stand for in it. */
export interface Entry {
  readonly node: Node
  readonly scope: Scope
  /** Where the file speaks of it, when it stands in another one. */
  readonly at: Node | null
}

/**
 * The functions called `up` or `down`, in their order, or the one that a class of the file inherits; without any `up` the whole program, save what
 * is called `down`.
 */
export function entriesOf(program: Node, scope: Scope, direction: "up" | "down" = "up"): readonly Entry[] {
  const found: Node[] = []
  const take = (value: Node | null): void => {
    const inner = value === null ? null : unwrap(value)
    const named = inner?.type === "Identifier" ? scope.functionOf(textOf(inner, "name") ?? "") : null
    const entry = (named?.isElsewhere === false ? named.node : null) ?? (isFunction(inner) ? inner : null)
    if (entry !== null && !found.includes(entry)) found.push(entry)
  }
  let extended: Node | null = null
  const visit = (node: Node): void => {
    switch (node.type) {
      case "ClassDeclaration":
      case "ClassExpression":
        extended ??= child(node, "superClass")
        break
      case "MethodDefinition":
      case "Property":
      case "PropertyDefinition":
        if (nameIn(node, "key") === direction) take(child(node, "value"))
        break
      case "FunctionDeclaration":
        if (nameOf(node) === direction) take(node)
        break
      case "VariableDeclarator":
        if (nameOf(node) === direction) take(child(node, "init"))
        break
      case "AssignmentExpression":
        if (new RegExp(`(?:^|\\.)exports\\.${direction}$`).test(pathOf(child(node, "left")) ?? "")) take(child(node, "right"))
        break
      default:
    }
    for (const inner of childrenOf(node)) visit(inner)
  }
  visit(program)
  const own = (node: Node): Entry => ({ node, scope, at: null })
  const inherited = found.length > 0 ? null : scope.inheritedOf(direction)
  if (inherited !== null) return [{ ...inherited, at: extended ?? program }]
  return (found.length > 0 || direction === "down" ? found : children(program, "body").filter((statement) => !isDown(statement))).map(own)
}

/** What reverts a migration that has no `up`. */
function isDown(statement: Node): boolean {
  const declared = child(statement, "declaration") ?? statement
  const expression = child(statement, "expression")
  const left = expression?.type === "AssignmentExpression" ? pathOf(child(expression, "left")) : null
  return nameOf(declared) === "down" || left?.endsWith("exports.down") === true
}

function nameOf(node: Node): string | null {
  const id = child(node, "id")
  return id === null ? null : textOf(id, "name")
}
