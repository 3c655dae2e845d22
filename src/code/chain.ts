/** Chains of calls: `knex.schema.withSchema("app").alterTable("orders", ...)`. */
import { child, children, pathOf, stringOf, textOf, unbound, unwrap, type Node } from "../embedded/node.ts"

export interface Link {
  readonly name: string
  /** Null for a property that is not called. */
  readonly arguments: readonly Node[] | null
  /** The chain up to and with this link. */
  readonly node: Node
}

export interface Chain {
  /** What the first link is a property of. */
  readonly root: Node
  readonly links: readonly Link[]
  readonly node: Node
}

/** The chain that ends with a node; null for what is none. */
export function chainOf(node: Node): Chain | null {
  const links: Link[] = []
  let inner = unwrap(node)
  for (;;) {
    const callee = inner.type === "CallExpression" ? child(inner, "callee") : inner
    if (callee?.type !== "MemberExpression") break
    const object = child(callee, "object")
    const property = child(callee, "property")
    const name = property === null ? null : callee["computed"] === true ? stringOf(property) : textOf(property, "name")
    if (object === null || name === null) break
    links.unshift({ name, arguments: inner.type === "CallExpression" ? children(inner, "arguments") : null, node: inner })
    inner = unwrap(object)
  }
  return links.length === 0 ? null : { root: inner, links: links.flatMap(withoutBind), node: unwrap(node) }
}

/** `db.createTable.bind(db, "orders", ...)` is as good as the call that somebody will make of it. */
function withoutBind(link: Link, index: number, links: readonly Link[]): readonly Link[] {
  const next = links[index + 1]
  const before = links[index - 1]
  if (link.arguments === null && next?.name === "bind" && next.arguments !== null) return []
  if (link.name !== "bind" || link.arguments === null || before === undefined || before.arguments !== null) return [link]
  return [{ name: before.name, arguments: link.arguments.slice(1), node: unbound(link.node) }]
}

/** The links behind the first receiver that is followed by a call; none when there is no such receiver. */
export function linksBehind({ root, links }: Chain, isReceiver: (path: string) => boolean): readonly Link[] {
  for (const [index, { arguments: given }] of links.entries()) {
    if (given === null) continue
    const path = pathOf(index === 0 ? root : (links[index - 1]?.node ?? root))
    if (path !== null && isReceiver(path)) return links.slice(index)
  }
  return []
}
