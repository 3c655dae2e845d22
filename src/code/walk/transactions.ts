/** Transactions that migrations open themselves, where their tool opens none. */
import { child, children, rangeOf, textOf, unwrap, type Node } from "../../embedded/node.ts"
import { chainOf, type Link } from "../chain.ts"
import { isFunction } from "../nodes.ts"
import { sql } from "../pieces.ts"
import { run } from "./functions.ts"
import type { Place } from "./place.ts"
import type { Walker } from "./walker.ts"

/** Opens the transaction that a variable holds: `const transaction = await sequelize.transaction()`. @returns whether it is one */
export function openDeclared({ opensTransactions, outbox }: Walker, id: Node | null, init: Node, place: Place): boolean {
  const name = id === null ? null : textOf(id, "name")
  const last = chainOf(init)?.links.at(-1)
  if (!opensTransactions || name === null || last?.name !== "transaction" || last.arguments === null) return false
  if (last.arguments.some((one) => isFunction(unwrap(one)))) return false
  place.frame.transactions.add(name)
  outbox.sendPieces(sql`BEGIN`, init, "", { ...place, conditional: false })
  return true
}

/** Reads a transaction that ends with a function, or ends one by `commit()`. @returns whether the call is one of these */
export function visitTransaction(walker: Walker, { name, node, arguments: given }: Link, object: Node, path: string, place: Place): boolean {
  const { opensTransactions, outbox, sources, tool } = walker
  if (!opensTransactions) return false
  if (name === "commit" && object.type === "Identifier" && place.frame.transactions.has(textOf(object, "name") ?? "")) {
    outbox.sendPieces(sql`COMMIT`, node, "", { ...place, conditional: false })
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
  if (isUsed) outbox.sendPieces(sql`BEGIN`, node, "", place)
  run(walker, callback, tool.handsOn ? ["receiver"] : [], place)
  if (isUsed) outbox.sendPieces(sql`COMMIT`, node, "", place)
  return true
}
