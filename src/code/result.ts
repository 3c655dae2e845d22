/** What functions return that a migration's file has or imports. */
import { casesOf, verdictOf } from "../embedded/index.ts"
import { child, children, textOf, unwrap, type Node } from "../embedded/node.ts"
import type { Callee, Scope } from "./scope.ts"

export interface Result {
  readonly node: Node
  readonly scope: Scope
  /** In a file that the migration imports. */
  readonly isElsewhere: boolean
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
  const node = body.type === "BlockStatement" ? returnedBy(children(body, "body"), inside) : body
  return node === null || node === "nothing" ? null : { node, scope: inside, isElsewhere: own.isElsewhere }
}

/** What statements return that do nothing else; null when only running them would tell. */
function returnedBy(statements: readonly Node[], inside: Scope): Node | "nothing" | null {
  for (const statement of statements) {
    const found = returnedByOne(statement, inside)
    if (found !== "nothing") return found
  }
  return "nothing"
}

function returnedByOne(statement: Node, inside: Scope): Node | "nothing" | null {
  switch (statement.type) {
    case "VariableDeclaration":
      for (const declarator of children(statement, "declarations")) {
        const [id, init] = [child(declarator, "id"), child(declarator, "init")]
        if (id !== null) inside.declare(id, init)
      }
      return "nothing"
    case "ReturnStatement":
      return child(statement, "argument")
    case "BlockStatement":
      return returnedBy(children(statement, "body"), inside)
    case "IfStatement": {
      const test = child(statement, "test")
      const verdict = test === null ? null : verdictOf(test, inside.resolve)
      const branch = verdict === null ? null : child(statement, verdict ? "consequent" : "alternate")
      return verdict === null ? null : branch === null ? "nothing" : returnedByOne(branch, inside)
    }
    case "SwitchStatement": {
      const cases = casesOf(statement, inside.resolve)
      if (cases.some(({ verdict }) => verdict === null)) return null
      const chosen = cases.find(({ verdict }) => verdict === true)?.body ?? []
      return returnedBy(chosen.filter(({ type }) => type !== "BreakStatement"), inside)
    }
    default:
      return null
  }
}

/** The function that `name` or `object.name` stands for; null when it is not in sight. */
export function calleeOf(callee: Node, scope: Scope): Callee | null {
  if (callee.type === "Identifier") return scope.functionOf(textOf(callee, "name") ?? "")
  if (callee.type !== "MemberExpression" || callee["computed"] === true) return null
  const [object, property] = [child(callee, "object"), child(callee, "property")]
  return object?.type !== "Identifier" || property === null ? null : scope.memberFunctionOf(textOf(object, "name") ?? "", textOf(property, "name") ?? "")
}
