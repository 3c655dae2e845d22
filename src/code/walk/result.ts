/** What functions return that a migration's file has or imports. */
import { child, children, textOf, unwrap, type Node } from "../../embedded/node.ts"
import type { Callee, Scope } from "../scope.ts"

interface Result {
  readonly node: Node
  readonly scope: Scope
}

/** What a function returns, when it does nothing else. What another of them returns is followed. */
export function resultOf(argument: Node, scope: Scope, depth = 0): Result | null {
  const result = depth > DEEPEST ? null : returned(argument, scope)
  return result === null ? null : (resultOf(result.node, result.scope, depth + 1) ?? result)
}

const DEEPEST = 6

function returned(argument: Node, scope: Scope): Result | null {
  const call = unwrap(argument)
  const callee = call.type === "CallExpression" ? child(call, "callee") : null
  const own = callee === null ? null : calleeOf(callee, scope)
  const body = own === null ? null : child(own.node, "body")
  if (own === null || body === null) return null
  const inside = own.scope.inside(children(own.node, "params"), children(call, "arguments").map((given) => scope.closed(given)))
  if (body.type !== "BlockStatement") return { node: body, scope: inside }
  for (const statement of children(body, "body")) {
    if (statement.type === "VariableDeclaration") {
      for (const declarator of children(statement, "declarations")) {
        const [id, init] = [child(declarator, "id"), child(declarator, "init")]
        if (id !== null) inside.declare(id, init)
      }
      continue
    }
    const result = statement.type === "ReturnStatement" ? child(statement, "argument") : null
    return result === null ? null : { node: result, scope: inside }
  }
  return null
}

/** `name` or `object.name`. */
function calleeOf(callee: Node, scope: Scope): Callee | null {
  if (callee.type === "Identifier") return scope.functionOf(textOf(callee, "name") ?? "")
  if (callee.type !== "MemberExpression" || callee["computed"] === true) return null
  const [object, property] = [child(callee, "object"), child(callee, "property")]
  return object?.type !== "Identifier" || property === null ? null : scope.memberFunctionOf(textOf(object, "name") ?? "", textOf(property, "name") ?? "")
}
