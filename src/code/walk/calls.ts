/** Calls: of the schema builder, of functions of the file, and of what the tool hands to a migration. */
import { child, children, textOf, unwrap, type Node } from "../../embedded/node.ts"
import { chainOf, type Chain, type Link } from "../chain.ts"
import { childrenOf, isFunction } from "../nodes.ts"
import { listValue } from "../values.ts"
import { builderLinks, sendBuilt, sendRows } from "./builder-calls.ts"
import { callbackOf, handsOver, run, runCallee, visitArguments } from "./functions.ts"
import { LONGEST_LIST, maybe, type Place } from "./place.ts"
import { sendRaw } from "./raw-sql.ts"
import { visitTransaction } from "./transactions.ts"
import { pathIn, visitAll, type Walker } from "./walker.ts"

/** A call, a property, or a chain of them. */
export function visitChain(walker: Walker, node: Node, place: Place): void {
  const inner = unwrap(node)
  const callee = inner.type === "CallExpression" ? child(inner, "callee") : null
  if (callee !== null && callee.type !== "MemberExpression") return visitCall(walker, inner, unwrap(callee), place)
  const chain = chainOf(inner)
  if (chain === null) return visitAll(walker, inner.type === "MemberExpression" ? children(inner, "object") : inner === node ? childrenOf(inner) : [inner], place)
  if (sendRows(walker, chain, place)) return
  const built = builderLinks(walker, chain, place)
  visitLinks(walker, { ...chain, links: chain.links.slice(0, chain.links.length - built.length) }, place)
  sendBuilt(walker, built, place)
}

function visitLinks(walker: Walker, { root, links }: Chain, around: Place): void {
  if (root.type !== "Identifier" && root.type !== "ThisExpression") walker.visit(root, around)
  for (const [index, link] of links.entries()) {
    if (link.arguments === null) continue
    const object = index === 0 ? root : (links[index - 1]?.node ?? root)
    const path = pathIn(walker, link.node, around)?.replace(/\(\)$/, "") ?? null
    const place = path !== null && walker.tool.outside?.test(path) === true ? { ...around, isOutside: true } : around
    if (path !== null && (sendRaw(walker, link.node, path, place) || visitTransaction(walker, link, object, path, place))) continue
    if (visitOwnMethod(walker, object, link, place) || visitList(walker, object, link, place)) continue
    if (!ONLY_LOOKS.test(link.name) && handsOver(walker, link.arguments, place) && isForeign(root, place)) walker.outbox.missed(link.node, false, place)
    if (walker.tool.isUnknown === true && index === links.length - 1 && !ENDS.test(link.name) && isHanded(root, place)) walker.outbox.missed(link.node, false, place)
    visitArguments(walker, link, TAKES_PARTS.test(link.name) ? { ...place, inQuery: true } : place)
    if (link.node.type === "CallExpression") place.scope.assign(link.node)
  }
}

/** Calls of Knex's query builder that take raw SQL as a part of the query. */
const TAKES_PARTS =
  /^(?:(?:and|or)?(?:where|having|on)(?:[A-Z]\w*)?|\w*[jJ]oin|select|columns?|first|from|insert|update|merge|distinct(?:On)?|groupBy|orderBy|returning|with(?:Recursive)?|union(?:All)?|(?:count|sum|avg)(?:Distinct)?|min|max)$/

/** A function of the file, or one that nobody has read. */
function visitCall(walker: Walker, call: Node, callee: Node, place: Place): void {
  const given = children(call, "arguments")
  const name = callee.type === "Identifier" ? textOf(callee, "name") : null
  const local = name === null ? null : place.scope.functionOf(name)
  const path = name === null ? null : pathIn(walker, callee, place)
  if (path !== null && local === null && sendRaw(walker, call, path, place)) return
  if (isFunction(callee)) return run(walker, callee, given.map((argument) => place.scope.closed(argument)), place)
  if (local !== null && (!local.isElsewhere || handsOver(walker, given, place))) {
    visitAll(walker, given.filter((argument) => !isFunction(unwrap(argument)) && unwrap(argument).type !== "Identifier"), place)
    return runCallee(walker, local, given, call, place)
  }
  if (name !== null && walker.tool.helpers?.test(name) === true) walker.outbox.missed(call, true, place)
  else if (name !== null && !ONLY_LOOKS.test(name) && handsOver(walker, given, place)) walker.outbox.missed(call, false, place)
  visitAll(walker, name === null ? [callee, ...given] : given, place)
}

/** `this.helper(...)` of the migration's class, `helper.call(this, ...)` of a function, and `helpers.audit(...)` of an object. */
function visitOwnMethod(walker: Walker, object: Node, { name, arguments: all, node }: Link, place: Place): boolean {
  const own = object.type === "Identifier" ? (textOf(object, "name") ?? "") : null
  const called = name === "call" && own !== null ? place.scope.functionOf(own) : null
  const given = called === null ? all : (all?.slice(1) ?? null)
  if (given === null) return false
  const callee = called ?? (own === null ? null : place.scope.memberFunctionOf(own, name))
  if (callee !== null && (!callee.isElsewhere || handsOver(walker, given, place))) {
    runCallee(walker, callee, given, node, place)
    return true
  }
  const { scope } = walker.sources
  const method = object.type === "ThisExpression" ? (scope.methodOf(name) ?? place.scope.methodOf(name)) : object.type === "Super" ? place.scope.inheritedOf(name) : null
  if (method !== null) runCallee(walker, method, given, node, place)
  return method !== null
}

/** `["a", "b"].map((table) => ...)`, and `Promise.mapSeries(["a", "b"], (table) => ...)` of Bluebird, async and lodash. */
function visitList(walker: Walker, object: Node, { name, arguments: given }: Link, place: Place): boolean {
  if (!/^(?:forEach|map|flatMap|each|(?:map|each|forEach)(?:Series|Limit))$/.test(name) || given === null) return false
  const [first, ...others] = given
  const own = first === undefined ? null : callbackOf(first, place)
  const callback = own ?? others.map((other) => callbackOf(other, place)).find((other) => other !== null) ?? null
  if (callback === null) return false
  const list = listValue(own === null ? (first ?? null) : object, place.scope.resolve)
  if (list === null || list.length > LONGEST_LIST) run(walker, callback, [], maybe(place))
  else for (const element of list) run(walker, callback, [place.scope.closed(element)], place)
  return true
}

/** Whether something is what the tool hands to a migration, as a parameter or as its class. */
function isHanded(root: Node, { scope }: Place): boolean {
  return root.type === "ThisExpression" || (root.type === "Identifier" && scope.isReceiver(textOf(root, "name") ?? ""))
}

/** Names of functions that change no schema on any connection or logger. */
const ENDS = /^(?:then|catch|finally|connect|release|end|close|destroy|log|info|debug|warn|error|trace|on|once|off)$/

/** Whether a call is made on something of which nothing is known. */
function isForeign(root: Node, { scope }: Place): boolean {
  if (root.type === "ThisExpression" || root.type === "Super") return true
  if (root.type !== "Identifier") return false
  const name = textOf(root, "name") ?? ""
  return !scope.isReceiver(name) && !/^(?:console|Promise|Object|JSON|sql|Prisma)$/.test(name)
}

/** Names of functions that ask how things are. */
const ONLY_LOOKS = /^(?:is|has|does|do|check|get|find|fetch|load|list|count|should|can|use)(?:[A-Z]|$)|Exists?$/
