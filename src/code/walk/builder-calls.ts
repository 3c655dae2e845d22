/** Calls of the tool's schema builder. */
import { children, textOf, type Node } from "../../embedded/node.ts"
import { readerOf, type Step } from "../call.ts"
import { linksBehind, type Chain, type Link } from "../chain.ts"
import { joined, sql } from "../pieces.ts"
import { objectValue, placeOf, textValue } from "../values.ts"
import { visitArguments } from "./functions.ts"
import type { Place } from "./place.ts"
import { sendRaw } from "./raw-sql.ts"
import { pathIn, type Walker } from "./walker.ts"

/** The links of a chain that are calls of the builder; none when it is another chain. */
export function builderLinks({ tool }: Walker, chain: Chain, { scope }: Place): readonly Link[] {
  const { builder, receiver } = tool
  if (builder === null) return []
  const name = chain.root.type === "Identifier" ? textOf(chain.root, "name") : null
  const isReceiver = name !== null && scope.isReceiver(name)
  return linksBehind(chain, (path) => builder.receiver.test(isReceiver ? receiver + path.slice(name.length) : path))
}

/** Sends what the builder makes of its calls. */
export function sendBuilt(walker: Walker, links: readonly Link[], place: Place): void {
  const { builder } = walker.tool
  const [first] = links
  if (builder === null || first === undefined) return
  const steps = builder.read(links, readerOf(place.scope))
  const path = pathIn(walker, first.node, place) ?? ""
  for (const step of steps) sendStep(walker, step, path, place)
}

/** Sends what a chain of the query builder changes in rows. @returns whether it is such a chain */
export function sendRows(walker: Walker, chain: Chain, place: Place): boolean {
  const { builder } = walker.tool
  const isHanded = (node: Node): boolean => {
    const name = node.type === "Identifier" ? textOf(node, "name") : null
    return name !== null && (place.scope.isReceiver(name) || place.frame.transactions.has(name))
  }
  const steps = builder?.rows?.(chain, readerOf(place.scope), isHanded) ?? null
  for (const step of steps ?? []) sendStep(walker, step, pathIn(walker, chain.node, place) ?? "", place)
  return steps !== null
}

function sendStep(walker: Walker, step: Step, path: string, place: Place): void {
  const { outbox } = walker
  switch (step.kind) {
    case "statements":
      for (const pieces of step.statements) outbox.sendPieces(pieces, step.node, path, place)
      return
    case "raw":
      sendRaw(walker, step.node, pathIn(walker, step.node, place)?.replace(/\(\)$/, "") ?? path, place)
      return
    case "unread":
      outbox.missed(step.node, !isNamed(step.node, place, walker.sources.all), place, step.sql)
      if (step.view !== undefined) outbox.sendPieces(step.view, step.node, path, place)
      if (step.table === null) return
      outbox.sendPieces(sql`CREATE TABLE ${step.table} AS SELECT WITH NO DATA`, step.node, path, place)
      if (step.columns === undefined || step.columns.length === 0) return
      outbox.sendPieces(sql`ALTER TABLE ${step.table} ${joined(step.columns.map((column) => sql`ADD COLUMN ${column}`))}`, step.node, path, place)
      return
    case "rows":
      outbox.missedRows(step.node, place)
      return
    case "skip":
      visitArguments(walker, step.link, place)
  }
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
