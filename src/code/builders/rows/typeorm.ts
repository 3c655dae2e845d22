/** What TypeORM emits where a query builder without an entity changes rows: `manager.createQueryBuilder().update("orders")`. Checked against the library in test/tools. */
import { child, type Node } from "../../../embedded/node.ts"
import { placeholdersOf } from "../../../embedded/placeholders.ts"
import { attempt, unknown, type Reader, type Step } from "../../call.ts"
import type { Chain, Link } from "../../chain.ts"
import { isFunction } from "../../nodes.ts"
import { joined, name, quoted, sql, type Part, type Piece } from "../../pieces.ts"
import { assignments, valuesOf, type Values } from "./values.ts"

/** Methods of an entity manager or repository that write. Which table an entity has stands elsewhere. */
const WRITES = /^(?:save|insert|update|updateAll|upsert|delete|deleteAll|remove|softDelete|softRemove|restore|recover|increment|decrement|clear)$/

export function typeormRows({ links }: Chain, reader: Reader): readonly Step[] | null {
  const start = links.findIndex((link) => link.name === "createQueryBuilder")
  const manager = links.findIndex((link) => link.name === "manager" || link.name === "getRepository")
  if (start < 0) {
    const write = manager < 0 ? undefined : links.slice(manager + 1).find((link) => link.arguments !== null && WRITES.test(link.name))
    return write === undefined ? null : [{ kind: "rows", node: write.node }]
  }
  const end = links.findIndex((link, index) => index > start && link.name === "execute")
  const own = links.slice(start + 1, Math.max(end, 0))
  const verb = own.find((link) => link.name in TYPEORM_VERBS)
  if (end < 0 || verb === undefined) return null
  const node = links[end]?.node ?? verb.node
  const statement = attempt(() => TYPEORM_VERBS[verb.name]?.(valuesOf(reader, special), verb, own.filter((link) => link !== verb)) ?? unknown())
  const later = links.slice(end + 1).map((link): Step => ({ kind: "skip", link }))
  return [statement === null ? { kind: "rows", node } : { kind: "statements", node, statements: [statement] }, ...later]
}

type Verb = (values: Values, verb: Link, links: readonly Link[]) => Piece[]

export const TYPEORM_VERBS: Readonly<Record<string, Verb>> = {
  update(values, verb, links) {
    const { where, returning, others } = partsOf(values, links)
    const [set, ...more] = others
    if (set?.name !== "set" || more.length > 0) return unknown()
    return sql`UPDATE ${targetOf(values.reader, verb.arguments?.[0])} SET ${assignments(values, values.reader.options(set.arguments?.[0]))}${where}${returning}`
  },
  delete(values, verb, links) {
    const { where, returning, others } = partsOf(values, links)
    const [from, ...more] = others
    if (from?.name !== "from" || more.length > 0 || (verb.arguments ?? []).length > 0) return unknown()
    return sql`DELETE FROM ${targetOf(values.reader, from.arguments?.[0])}${where}${returning}`
  },
  insert(values, _, links) {
    const { returning, others } = partsOf(values, links)
    const [into, given, ...more] = others
    if (into?.name !== "into" || given?.name !== "values" || more.length > 0) return unknown()
    const { reader } = values
    const [table, columns] = into.arguments ?? []
    const [rows] = given.arguments ?? []
    const list = columns === undefined ? "" : sql` (${joined(reader.texts(columns).map(({ text, node }) => quoted(text, node)))})`
    // Without an entity the library writes the values in the order of the object, whatever the columns are.
    const lines = attempt(() => (reader.list(rows) ?? (rows === undefined ? unknown() : [rows])).map((row) => {
      const options = reader.isObject(row) ? reader.options(row) : unknown()
      return sql`(${joined(options.names.map((column) => values.of(options.node(column))))})`
    }))
    return sql`INSERT INTO ${targetOf(reader, table)}${lines === null ? " SELECT" : sql`${list} VALUES ${joined(lines)}`}${returning}`
  },
}

/** The conditions of a chain, what comes back, and all other calls. @throws {Unknown} */
function partsOf(values: Values, links: readonly Link[]): { readonly where: Part; readonly returning: Part; readonly others: readonly Link[] } {
  const conditions: Part[] = []
  const others: Link[] = []
  let returning: Part = ""
  for (const link of links) {
    const [, joint = ""] = /^(and|or)?[wW]here$/.exec(link.name) ?? []
    if (/^(?:and|or)?where$/i.test(link.name)) {
      if (conditions.length > 0) conditions.push(joint === "or" ? " OR " : " AND ")
      conditions.push(attempt(() => condition(values, link.arguments ?? [])) ?? values.unreadCondition())
    } else if (link.name === "returning") returning = sql` RETURNING ${joined(values.reader.texts(link.arguments?.[0]).map(({ text }) => (text === "*" ? "*" : name(text))))}`
    else if (link.name !== "setParameter" && link.name !== "setParameters") others.push(link)
  }
  return { where: conditions.length === 0 ? "" : sql` WHERE ${conditions}`, returning, others }
}

/** `where("id = :id", { id: 1 })`. @throws {Unknown} for objects and functions */
function condition(values: Values, [first, parameters]: readonly Node[]): Part {
  const { reader } = values
  const text = reader.text(first)
  const given = reader.options(parameters)
  let [filled, from] = ["", 0]
  for (const { start, end } of placeholdersOf(text)) {
    const own = /^:(?:\.{3})?(\w+)$/.exec(text.slice(start, end))?.[1] ?? unknown()
    const node = given.node(own)
    const list = text.startsWith(":...", start) ? reader.list(node) : null
    filled += text.slice(from, start) + (node === undefined ? values.unreadValue() : list === null ? values.of(node).sql : list.map((one) => values.of(one).sql).join(", "))
    from = end
  }
  return { sql: filled + text.slice(from), ...(first !== undefined && { node: first }) }
}

/** The name of a table. Where it might be the name of an entity, the table is not known. @throws {Unknown} */
function targetOf(reader: Reader, node: Node | undefined): Piece {
  const text = reader.text(node)
  return /^[A-Z]/.test(text) ? unknown() : name(text, node)
}

/** `() => "now()"` is SQL. @throws {Unknown} */
function special(node: Node, { reader }: Values): string | null {
  const value = reader.resolved(node)
  if (!isFunction(value)) return null
  return reader.text(child(value, "body") ?? unknown())
}
