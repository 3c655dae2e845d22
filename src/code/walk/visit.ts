/** What each kind of statement and expression does with the way that the code takes. */
import { casesOf, textAt, verdictOf } from "../../embedded/index.ts"
import { child, children, textOf, unwrap, type Node } from "../../embedded/node.ts"
import { childrenOf, isFunction } from "../nodes.ts"
import { listValue } from "../values.ts"
import { visitChain } from "./calls.ts"
import { run, runCallee } from "./functions.ts"
import { leave, LONGEST_LIST, maybe, swallows, type Place } from "./place.ts"
import { along, UNKNOWN, waysOf } from "./questions.ts"
import { openDeclared } from "./transactions.ts"
import { findIn, visitAll, type Walker } from "./walker.ts"

/** Reads a part of the code. */
export function visit(walker: Walker, node: Node, place: Place): void {
  switch (node.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "ImportDeclaration":
    case "CatchClause":
      // Functions are read where they are called; what comes after an error is not how a migration goes.
      return
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return run(walker, node, [], place)
    case "VariableDeclarator":
      return visitDeclarator(walker, node, place)
    case "AssignmentExpression":
      visitAll(walker, childrenOf(node), place)
      place.scope.assign(node)
      return
    case "IfStatement":
    case "ConditionalExpression":
      return visitBranches(walker, node, place)
    case "LogicalExpression":
      return visitLogical(walker, node, place)
    case "SwitchStatement":
      return visitCases(walker, node, place)
    case "ForStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return visitAll(walker, childrenOf(node), maybe(place))
    case "ForOfStatement":
      return visitLoop(walker, node, place)
    case "TryStatement":
      return visitTry(walker, node, place)
    case "ReturnStatement":
      visitAll(walker, childrenOf(node), place)
      leave(place)
      return
    case "TaggedTemplateExpression": {
      const found = textAt(node, findIn(walker, place.scope))
      if (found?.text != null) walker.outbox.send(found.text, node, found.explicit, "", place)
      return
    }
    case "CallExpression":
    case "MemberExpression":
    case "AwaitExpression":
    case "ChainExpression":
      return visitChain(walker, node, place)
    case "Identifier": {
      const callee = place.scope.functionOf(textOf(node, "name") ?? "")
      if (callee?.isElsewhere === false) runCallee(walker, callee, [], node, place)
      return
    }
    case "Property":
    case "PropertyDefinition":
      return visitPart(walker, child(node, "value"), place)
    default:
      visitAll(walker, childrenOf(node), place)
  }
}

/** A part that may be absent. */
function visitPart(walker: Walker, part: Node | null, place: Place): void {
  if (part !== null) visit(walker, part, place)
}

/** Without the branch that a known condition rules out, such as one for other databases. */
function visitBranches(walker: Walker, node: Node, place: Place): void {
  const [test, yes, no] = [child(node, "test"), child(node, "consequent"), child(node, "alternate")]
  const known = test === null ? null : verdictOf(test, place.scope.resolve)
  visitPart(walker, test, place)
  const ways = test === null ? UNKNOWN : waysOf(test, place)
  if (yes !== null && known !== false) visit(walker, yes, known === true ? place : along(ways.yes, place))
  if (no !== null && known !== true) visit(walker, no, known === false ? place : along(ways.no, place))
}

/** `known && run()`. */
function visitLogical(walker: Walker, node: Node, place: Place): void {
  const left = child(node, "left")
  visitPart(walker, left, place)
  const ways = left === null ? UNKNOWN : waysOf(left, place)
  const operator = textOf(node, "operator")
  visitPart(walker, child(node, "right"), along(operator === "&&" ? ways.yes : operator === "||" ? ways.no : UNKNOWN.yes, place))
}

/** Without those for other databases. */
function visitCases(walker: Walker, node: Node, place: Place): void {
  visitPart(walker, child(node, "discriminant"), place)
  for (const { body, verdict } of casesOf(node, place.scope.resolve)) {
    if (verdict !== false) visitAll(walker, body, verdict === true ? place : maybe(place))
  }
}

function visitTry(walker: Walker, node: Node, place: Place): void {
  const handler = child(node, "handler")
  visitPart(walker, child(node, "block"), handler !== null && swallows(handler) ? maybe(place) : place)
  visitPart(walker, child(node, "finalizer"), place)
}

function visitDeclarator(walker: Walker, node: Node, place: Place): void {
  const [id, init] = [child(node, "id"), child(node, "init")]
  if (init === null || isFunction(unwrap(init))) return
  // At the outermost level all names are known already.
  if (id !== null && place.stack.length > 0) place.scope.declare(id, init)
  if (!openDeclared(walker, id, init, place)) visit(walker, init, place)
}

/** A list of constants is gone through; of other lists nothing is known. */
function visitLoop(walker: Walker, node: Node, place: Place): void {
  const [left, right, body] = [child(node, "left"), child(node, "right"), child(node, "body")]
  if (left === null || right === null || body === null) return
  const pattern = left.type === "VariableDeclaration" ? child(children(left, "declarations")[0] ?? left, "id") : left
  const list = listValue(right, place.scope.resolve)
  if (list === null || list.length > LONGEST_LIST || pattern === null) {
    visit(walker, right, place)
    visit(walker, body, { ...maybe(place), scope: place.scope.inside(pattern === null ? [] : [pattern], []) })
    return
  }
  for (const element of list) visit(walker, body, { ...place, scope: place.scope.inside([pattern], [place.scope.closed(element)]) })
}
