/** Goes through the code of a migration in the order in which it would run, and takes down the SQL it sends. */
import { areOthers, isForOthers, textAt, type FindOptions } from "../embedded/index.ts"
import { child, children, pathOf, rangeOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { readerOf, type Step } from "./call.ts"
import { chainOf, linksBehind, type Chain, type Link } from "./chain.ts"
import type { Entry } from "./entry.ts"
import { isConditional, maybe, swallows, type Frame, type Place } from "./flow.ts"
import { joined, sql } from "./pieces.ts"
import { resultOf } from "./result.ts"
import type { Sources } from "./modules.ts"
import { childrenOf, isFunction } from "./nodes.ts"
import type { Callee, Scope } from "./scope.ts"
import { createOutbox, type Sent, type Unread } from "./sent.ts"
import { sqlFileOf, textOfFile, type FindSqlFile } from "./sql-files.ts"
import type { Tool } from "./tool.ts"
import { flagValue, listValue, objectValue, placeOf, resolved, textValue } from "./values.ts"

/** What a migration sends. */
export interface Walked {
  readonly sent: readonly Sent[]
  /** Calls whose SQL the code does not tell. */
  readonly unread: readonly Unread[]
}

/** Functions that are called by their name are followed this far. */
const DEEPEST_CALL = 6
/** A loop over a list of constants is read once for each of them, up to this many. */
const LONGEST_LIST = 60

/**
 * Follows the code from the functions where the migration begins, also into functions that it imports and hands what changes the schema.
 *
 * @param sqlFile Finds the files of SQL that the code reads.
 */
export function walk(entries: readonly Entry[], sources: Sources, tool: Tool, targets: FindOptions["targets"], sqlFile: FindSqlFile | null = null): Walked {
  const opens = tool.ownTransactions?.test(sources.all) === true
  const { missed, send, sendPieces, sent, unread } = createOutbox(tool, (offset) => sources.isElsewhere(offset))
  const findIn = ({ resolve }: Scope): FindOptions => ({ source: sources.all, targets, resolve })

  const visitAll = (nodes: readonly Node[], place: Place): void => {
    for (const node of nodes) visit(node, place)
  }

  /** The body of a function, as part of the code that calls it. */
  const run = (callee: Node, values: Parameters<Scope["inside"]>[1], place: Place, frame?: Frame): void => {
    if (place.stack.includes(callee)) return
    const body = child(callee, "body")
    if (body === null) return
    const scope = place.scope.inside(children(callee, "params"), values)
    const conditional = isConditional(place)
    const transactions = place.frame.transactions
    visit(body, { ...place, scope, conditional, frame: frame ?? { mayHaveReturned: false, transactions }, stack: [...place.stack, callee] })
  }

  /** A function by its name, as part of the code that calls it. @param call The call of it. */
  const runCallee = ({ node, scope, isElsewhere }: Callee, given: readonly Node[], call: Node, place: Place): void => {
    if (place.calls === DEEPEST_CALL) return missed(call, true, place)
    const values = given.map((argument) => place.scope.closed(argument))
    const inside = { ...place, calls: place.calls + 1 }
    run(node, values, isElsewhere ? { ...inside, scope, at: place.at ?? call } : inside)
  }

  const pathIn = (node: Node | null, { scope }: Place): string | null => {
    const path = pathOf(node)
    const first = path === null ? undefined : /^[^.(]+/.exec(path)?.[0]
    return path !== null && first !== undefined && scope.isReceiver(first) ? tool.receiver + path.slice(first.length) : path
  }

  const visit = (node: Node, place: Place): void => {
    switch (node.type) {
      case "FunctionDeclaration":
      case "ClassDeclaration":
      case "ImportDeclaration":
      case "CatchClause":
        // Functions are read where they are called; what comes after an error is not how a migration goes.
        return
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        run(node, [], place)
        return
      case "VariableDeclarator":
        visitDeclarator(node, place)
        return
      case "AssignmentExpression":
        visitAll(childrenOf(node), place)
        place.scope.assign(node)
        return
      case "IfStatement":
      case "ConditionalExpression": {
        const [test, yes, no] = [child(node, "test"), child(node, "consequent"), child(node, "alternate")]
        const known = test === null ? null : flagValue(test, place.scope.resolve)
        if (test !== null) visit(test, place)
        if (yes !== null && known !== false && !isForOthers(node, yes, sources.all)) visit(yes, known === true ? place : maybe(place))
        if (no !== null && known !== true && !isForOthers(node, no, sources.all)) visit(no, known === false ? place : maybe(place))
        return
      }
      case "LogicalExpression": {
        const [left, right] = [child(node, "left"), child(node, "right")]
        if (left !== null) visit(left, place)
        if (right !== null) visit(right, maybe(place))
        return
      }
      case "SwitchStatement":
        visitCases(node, place)
        return
      case "ForStatement":
      case "ForInStatement":
      case "WhileStatement":
      case "DoWhileStatement":
        visitAll(childrenOf(node), maybe(place))
        return
      case "ForOfStatement":
        visitLoop(node, place)
        return
      case "TryStatement": {
        const [block, handler, finalizer] = [child(node, "block"), child(node, "handler"), child(node, "finalizer")]
        if (block !== null) visit(block, handler !== null && swallows(handler) ? maybe(place) : place)
        if (finalizer !== null) visit(finalizer, place)
        return
      }
      case "ReturnStatement": {
        visitAll(childrenOf(node), place)
        if (place.conditional) place.frame.mayHaveReturned = true
        return
      }
      case "TaggedTemplateExpression": {
        const found = textAt(node, findIn(place.scope))
        if (found?.text != null) send(found.text, node, found.explicit, "", place)
        return
      }
      case "CallExpression":
      case "MemberExpression":
      case "AwaitExpression":
      case "ChainExpression":
        visitChain(node, place)
        return
      case "Identifier": {
        const callee = place.scope.functionOf(textOf(node, "name") ?? "")
        if (callee?.isElsewhere === false) runCallee(callee, [], node, place)
        return
      }
      case "Property":
      case "PropertyDefinition": {
        const value = child(node, "value")
        if (value !== null) visit(value, place)
        return
      }
      default:
        visitAll(childrenOf(node), place)
    }
  }

  /** Without those for other databases. */
  const visitCases = (node: Node, place: Place): void => {
    const [discriminant, cases] = [child(node, "discriminant"), children(node, "cases")]
    if (discriminant !== null) visit(discriminant, place)
    let labels: Node[] = []
    for (const one of cases) {
      const [test, body] = [child(one, "test"), children(one, "consequent")]
      if (test !== null) labels.push(test)
      if (body.length === 0) continue
      if (test === null || !areOthers(labels, sources.all)) visitAll(body, maybe(place))
      labels = []
    }
  }

  const visitDeclarator = (node: Node, place: Place): void => {
    const [id, init] = [child(node, "id"), child(node, "init")]
    if (init === null || isFunction(unwrap(init))) return
    // At the outermost level all names are known already.
    if (id !== null && place.stack.length > 0) place.scope.declare(id, init)
    const name = id === null ? null : textOf(id, "name")
    const chain = chainOf(init)
    const last = chain?.links.at(-1)
    if (opens && name !== null && last?.name === "transaction" && last.arguments !== null && !last.arguments.some((one) => isFunction(unwrap(one)))) {
      place.frame.transactions.add(name)
      sendPieces(sql`BEGIN`, init, "", { ...place, conditional: false })
      return
    }
    visit(init, place)
  }

  const visitLoop = (node: Node, place: Place): void => {
    const [left, right, body] = [child(node, "left"), child(node, "right"), child(node, "body")]
    if (left === null || right === null || body === null) return
    const pattern = left.type === "VariableDeclaration" ? child(children(left, "declarations")[0] ?? left, "id") : left
    const list = listValue(right, place.scope.resolve)
    if (list === null || list.length > LONGEST_LIST || pattern === null) {
      visit(right, place)
      visit(body, { ...maybe(place), scope: place.scope.inside(pattern === null ? [] : [pattern], []) })
      return
    }
    for (const element of list) visit(body, { ...place, scope: place.scope.inside([pattern], [place.scope.closed(element)]) })
  }

  const visitChain = (node: Node, place: Place): void => {
    const inner = unwrap(node)
    const callee = inner.type === "CallExpression" ? child(inner, "callee") : null
    if (callee !== null && callee.type !== "MemberExpression") return visitCall(inner, unwrap(callee), place)
    const chain = chainOf(inner)
    if (chain === null) return visitAll(inner.type === "MemberExpression" ? children(inner, "object") : inner === node ? childrenOf(inner) : [inner], place)
    const { builder } = tool
    const built = builder === null ? [] : linksBehind(chain, (path) => builder.receiver.test(rename(path, chain, place)))
    if (built.length > 0 && builder !== null) {
      const before = chain.links.slice(0, chain.links.length - built.length)
      visitLinks({ ...chain, links: before }, place)
      const steps = builder.read(built, readerOf(place.scope.resolve))
      const path = pathIn(built[0]?.node ?? null, place) ?? ""
      for (const step of steps) take(step, path, place)
      return
    }
    visitLinks(chain, place)
  }

  const rename = (path: string, { root }: Chain, { scope }: Place): string => {
    const name = root.type === "Identifier" ? textOf(root, "name") : null
    return name !== null && scope.isReceiver(name) ? tool.receiver + path.slice(name.length) : path
  }

  const take = (step: Step, path: string, place: Place): void => {
    switch (step.kind) {
      case "statements":
        for (const pieces of step.statements) sendPieces(pieces, step.node, path, place)
        return
      case "raw":
        sendRaw(step.node, pathIn(step.node, place)?.replace(/\(\)$/, "") ?? path, place)
        return
      case "unread":
        missed(step.node, !isNamed(step.node, place, sources.all), place)
        if (step.view !== undefined) sendPieces(step.view, step.node, path, place)
        if (step.table === null) return
        sendPieces(sql`CREATE TABLE ${step.table} AS SELECT WITH NO DATA`, step.node, path, place)
        if (step.columns === undefined || step.columns.length === 0) return
        sendPieces(sql`ALTER TABLE ${step.table} ${joined(step.columns.map((column) => sql`ADD COLUMN ${column}`))}`, step.node, path, place)
        return
      case "skip":
        visitArguments(step.link, place)
    }
  }

  const sendRaw = (call: Node, path: string, place: Place): boolean => {
    const read = textAt(call, findIn(place.scope), path)
    if (read === null) return false
    const [first] = children(call, "arguments")
    const found = read.text === null && first !== undefined ? (textOfResult(call, first, path, place) ?? read) : read
    const choice = first === undefined || found.text !== null ? null : resolved(first, place.scope.resolve)
    if (found.text !== null) send(found.text, call, found.explicit, path, place)
    else if (choice?.type === "ConditionalExpression") sendChoice(call, choice, path, place)
    else if (first !== undefined && sendFile(call, first, path, place)) return true
    else if (first === undefined || isFunction(unwrap(first))) return false
    else if (!isFile(first, sources.all)) missed(call, true, place)
    return true
  }

  /** `flag ? "one" : "other"`: either may be sent, unless the flag is known. */
  const sendChoice = (call: Node, choice: Node, path: string, place: Place): void => {
    const test = child(choice, "test")
    const known = test === null ? null : flagValue(test, place.scope.resolve)
    const more = children(call, "arguments").slice(1)
    for (const [branch, when] of [[child(choice, "consequent"), true], [child(choice, "alternate"), false]] as const) {
      if (branch === null || known === !when || isForOthers(choice, branch, sources.all)) continue
      sendRaw({ ...call, arguments: [branch, ...more] }, path, known === null ? maybe(place) : place)
    }
  }

  /** SQL that the code reads from a file. */
  const sendFile = (call: Node, argument: Node, path: string, place: Place): boolean => {
    if (sqlFile === null) return false
    const { scope: inside, node } = resultOf(argument, place.scope) ?? { scope: place.scope, node: argument }
    const request = sqlFileOf(node, inside.resolve) ?? sqlFileOf(argument, place.scope.resolve)
    const file = request === null ? null : sqlFile(request)
    if (file === null) return false
    send(textOfFile(file, placeOf(call)), call, true, path, place)
    return true
  }

  /** SQL that a function makes. */
  const textOfResult = (call: Node, argument: Node, path: string, { scope }: Place): ReturnType<typeof textAt> => {
    const result = resultOf(argument, scope)
    if (result === null) return null
    const found = textAt({ ...call, arguments: [result.node, ...children(call, "arguments").slice(1)] }, findIn(result.scope), path)
    return found?.text == null ? null : found
  }

  const visitLinks = ({ root, links }: Chain, place: Place): void => {
    if (root.type !== "Identifier" && root.type !== "ThisExpression") visit(root, place)
    for (const [index, link] of links.entries()) {
      if (link.arguments === null) continue
      const object = index === 0 ? root : (links[index - 1]?.node ?? root)
      const path = pathIn(link.node, place)?.replace(/\(\)$/, "") ?? null
      if (path !== null && sendRaw(link.node, path, place)) continue
      if (path !== null && opens && isTransaction(link, object, path, place)) continue
      if (visitOwnMethod(object, link, place) || visitList(object, link, place)) continue
      if (!ONLY_LOOKS.test(link.name) && handsOver(link.arguments, place) && isForeign(root, place)) missed(link.node, false, place)
      visitArguments(link, place)
      if (link.node.type === "CallExpression") place.scope.assign(link.node)
    }
  }

  const visitArguments = (link: Link, place: Place): void => {
    if (link.name === "catch") return
    const isChecked = link.name === "then"
    for (const argument of link.arguments ?? []) {
      const inner = unwrap(argument)
      if (isFunction(inner) && tool.handsOn && /^(?:transaction|execute)$/.test(link.name)) run(inner, ["receiver"], place)
      else if (isFunction(inner)) run(inner, [], place, isChecked ? undefined : { ...place.frame })
      else visit(inner, place)
    }
  }

  /** A function of the file, or one that nobody has read. */
  const visitCall = (call: Node, callee: Node, place: Place): void => {
    const given = children(call, "arguments")
    const name = callee.type === "Identifier" ? textOf(callee, "name") : null
    const local = name === null ? null : place.scope.functionOf(name)
    const path = name === null ? null : pathIn(callee, place)
    if (path !== null && local === null && sendRaw(call, path, place)) return
    if (isFunction(callee)) return run(callee, given.map((argument) => place.scope.closed(argument)), place)
    if (local !== null && (!local.isElsewhere || handsOver(given, place))) {
      visitAll(given.filter((argument) => !isFunction(unwrap(argument)) && unwrap(argument).type !== "Identifier"), place)
      return runCallee(local, given, call, place)
    }
    if (name !== null && !ONLY_LOOKS.test(name) && handsOver(given, place)) missed(call, false, place)
    visitAll(name === null ? [callee, ...given] : given, place)
  }

  /** `this.helper(...)` of the migration's class, `helper.call(this, ...)` of a function, and `helpers.audit(...)` of an object. */
  const visitOwnMethod = (object: Node, { name, arguments: all, node }: Link, place: Place): boolean => {
    const own = object.type === "Identifier" ? (textOf(object, "name") ?? "") : null
    const called = name === "call" && own !== null ? place.scope.functionOf(own) : null
    const given = called === null ? all : (all?.slice(1) ?? null)
    if (given === null) return false
    const callee = called ?? (own === null ? null : place.scope.memberFunctionOf(own, name))
    if (callee !== null && (!callee.isElsewhere || handsOver(given, place))) {
      runCallee(callee, given, node, place)
      return true
    }
    const method = object.type === "ThisExpression" ? (sources.scope.methodOf(name) ?? place.scope.methodOf(name)) : object.type === "Super" ? place.scope.inheritedOf(name) : null
    if (method !== null) runCallee(method, given, node, place)
    return method !== null
  }

  /** `["a", "b"].map((table) => ...)`, and `Promise.mapSeries(["a", "b"], (table) => ...)` of Bluebird, async and lodash. */
  const visitList = (object: Node, { name, arguments: given }: Link, place: Place): boolean => {
    if (!/^(?:forEach|map|flatMap|each|(?:map|each|forEach)(?:Series|Limit))$/.test(name) || given === null) return false
    const [first, ...others] = given
    const own = first === undefined ? null : callbackOf(first, place)
    const callback = own ?? others.map((other) => callbackOf(other, place)).find((other) => other !== null) ?? null
    if (callback === null) return false
    const list = listValue(own === null ? (first ?? null) : object, place.scope.resolve)
    if (list === null || list.length > LONGEST_LIST) run(callback, [], maybe(place))
    else for (const element of list) run(callback, [place.scope.closed(element)], place)
    return true
  }

  const callbackOf = (argument: Node, { scope }: Place): Node | null => {
    const inner = unwrap(argument)
    if (isFunction(inner)) return inner
    const named = inner.type === "Identifier" ? scope.functionOf(textOf(inner, "name") ?? "") : null
    return named?.isElsewhere === false ? named.node : null
  }

  /** A transaction ends with a function, or by `commit()`. */
  const isTransaction = ({ name, node, arguments: given }: Link, object: Node, path: string, place: Place): boolean => {
    if (name === "commit" && object.type === "Identifier" && place.frame.transactions.has(textOf(object, "name") ?? "")) {
      sendPieces(sql`COMMIT`, node, "", { ...place, conditional: false })
      return true
    }
    if (!/\btransaction(?:\(\)(?:\.\w+\(\))*\.execute)?$/.test(path)) return false
    const callback = given?.map(unwrap).find(isFunction)
    if (callback === undefined) return false
    const [start, end] = rangeOf(child(callback, "body") ?? callback) ?? [0, 0]
    const parameter = children(callback, "params")[0]
    const own = parameter === undefined ? null : textOf(parameter, "name")
    // Calls to which the transaction is not handed run outside of it.
    const isUsed = own !== null && new RegExp(`\\b${own.replaceAll("$", "\\$")}\\b`).test(sources.all.slice(start, end))
    if (isUsed) sendPieces(sql`BEGIN`, node, "", place)
    run(callback, tool.handsOn ? ["receiver"] : [], place)
    if (isUsed) sendPieces(sql`COMMIT`, node, "", place)
    return true
  }

  /** Whether a call hands over what changes the schema. */
  const handsOver = (given: readonly Node[], { scope }: Place): boolean =>
    tool.builder !== null && given.some((argument) => {
      const inner = unwrap(argument)
      const name = inner.type === "Identifier" ? textOf(inner, "name") : null
      return name !== null && (scope.isReceiver(name) || name === tool.receiver)
    })

  const frame = (): Frame => ({ mayHaveReturned: false, transactions: new Set() })
  for (const { node, scope, at } of entries) {
    const place: Place = { scope, conditional: false, frame: frame(), stack: [], calls: 0, at }
    if (isFunction(node)) run(node, ["receiver"], place)
    else visit(node, place)
  }
  return { sent: sent(), unread: unread() }
}

/** Whether a call itself says which table it is about. */
function isNamed(call: Node, { scope: { resolve } }: Place, source: string): boolean {
  const [first] = children(call, "arguments")
  if (first === undefined) return true
  const object = objectValue(first, resolve)
  const name = textValue(object?.get("tableName") ?? object?.get("name") ?? first, resolve)
  const { from, to } = placeOf(call)
  return name !== null && source.slice(from, to).includes(name)
}

/** Whether a call is made on something of which nothing is known. */
function isForeign(root: Node, { scope }: Place): boolean {
  if (root.type === "ThisExpression" || root.type === "Super") return true
  if (root.type !== "Identifier") return false
  const name = textOf(root, "name") ?? ""
  return !scope.isReceiver(name) && !/^(?:console|Promise|Object|JSON|sql|Prisma)$/.test(name)
}

/** Names of functions that ask how things are. */
const ONLY_LOOKS = /^(?:is|has|does|do|check|get|find|fetch|load|list|count|should|can|use)(?:[A-Z]|$)|Exists?$/

/** SQL that db-migrate's own templates read from a file, which is linted as such. */
function isFile(argument: Node, source: string): boolean {
  const { from, to } = placeOf(argument)
  return /^(?:data|sql)$/.test(source.slice(from, to)) && /["'`]sqls["'`]/.test(source)
}

