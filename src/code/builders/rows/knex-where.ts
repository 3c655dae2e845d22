/** The conditions of Knex's query builder. */
import type { Node } from "../../../embedded/node.ts"
import { bodyOf } from "../../body.ts"
import { attempt, Unknown, unknown } from "../../call.ts"
import type { Link } from "../../chain.ts"
import { isFunction } from "../../nodes.ts"
import { joined, name, sql, type Part } from "../../pieces.ts"
import { listed, type Values } from "./values.ts"

/** ` WHERE ...` for the links of a chain that are conditions; empty for none. */
export function knexWhere(values: Values, links: readonly Link[]): Part {
  const all = conditionsOf(values, links)
  return all.length === 0 ? "" : sql` WHERE ${all}`
}

/** Conditions with `AND` or `OR` between them. One that cannot be read may be anything. */
function conditionsOf(values: Values, links: readonly Link[]): readonly Part[] {
  const parts: Part[] = []
  for (const link of links) {
    const [, joint = "and", method = ""] = /^(and|or)?(where\w*)$/i.exec(link.name) ?? []
    const word = joint.toLowerCase() === "or" ? "OR" : "AND"
    const read = CONDITIONS[method.toLowerCase()]
    const found = read === undefined ? null : attempt(() => read(values, link.arguments ?? [], word))
    if (found?.length === 0) continue
    if (parts.length > 0) parts.push(` ${word} `)
    parts.push(found ?? values.unreadCondition())
  }
  return parts
}

type Condition = (values: Values, given: readonly Node[], joint: "AND" | "OR") => readonly Part[]

const CONDITIONS: Readonly<Record<string, Condition>> = {
  where: condition(""),
  wherenot: condition("NOT "),
  whereraw: (values, [text, bindings]) => sql`${{ sql: bindings === undefined ? values.reader.text(text) : unknown(), ...(text !== undefined && { node: text }) }}`,
  wherenull: (values, [column]) => sql`${columnOf(values, column)} IS NULL`,
  wherenotnull: (values, [column]) => sql`${columnOf(values, column)} IS NOT NULL`,
  wherein: (values, [column, list]) => inList(values, column, list, ""),
  wherenotin: (values, [column, list]) => inList(values, column, list, "NOT "),
  wherebetween: (values, [column, ends]) => between(values, column, ends, ""),
  wherenotbetween: (values, [column, ends]) => between(values, column, ends, "NOT "),
  wherelike: (values, [column, pattern]) => sql`${columnOf(values, column)} LIKE ${values.of(pattern)}`,
  whereilike: (values, [column, pattern]) => sql`${columnOf(values, column)} ILIKE ${values.of(pattern)}`,
}

/** `where("a", 1)`, `where("a", ">", 1)`, `where({ a: 1 })`, `where((query) => { ... })`. */
function condition(not: "" | "NOT "): Condition {
  return (values, given, joint) => {
    const { reader } = values
    const [first, second, third] = given
    if (first === undefined) return unknown()
    const raw = reader.raw(first)
    if (raw !== null) return sql`${not}${{ sql: raw, node: first }}`
    if (isFunction(reader.resolved(first))) {
      const { chains, maybe, others } = bodyOf(reader, first)
      if (maybe.length + others.length > 0) throw new Unknown()
      const inner = conditionsOf(values, chains.flatMap(({ links }) => links))
      return inner.length === 0 ? [] : sql`${not}(${inner})`
    }
    if (reader.isObject(first)) {
      const options = reader.options(first)
      const all = joined(options.names.map((column) => equal(values, name(column), not, options.node(column))), " AND ")
      return joint === "OR" && options.names.length > 1 ? sql`(${all})` : all
    }
    if (second === undefined) return sql`1 = ${reader.flag(first) === (not === "") ? "1" : "0"}`
    const column = columnOf(values, first)
    if (third === undefined) return equal(values, column, not, second)
    const operator = reader.text(second).toLowerCase()
    if (operator === "in" || operator === "not in") return inList(values, first, third, operator === "in" ? not : "NOT ")
    return sql`${not}${column} ${operator} ${values.of(third)}`
  }
}

/** Knex asks whether a column is NULL where nothing is compared with it. */
function equal(values: Values, column: Part, not: "" | "NOT ", node: Node | undefined): Part[] {
  const value = values.of(node)
  return value.sql === "NULL" ? sql`${column} IS ${not}NULL` : sql`${not}${column} = ${value}`
}

function inList(values: Values, column: Node | undefined, list: Node | undefined, not: "" | "NOT "): Part[] {
  // Knex writes a condition that is never or always true.
  if (values.reader.list(list)?.length === 0) return sql`1 = ${not === "" ? "0" : "1"}`
  return sql`${columnOf(values, column)} ${not}IN (${listed(values, list)})`
}

function between(values: Values, column: Node | undefined, ends: Node | undefined, not: "" | "NOT "): Part[] {
  const [from, to] = values.reader.list(ends) ?? unknown()
  return sql`${columnOf(values, column)} ${not}BETWEEN ${values.of(from)} AND ${values.of(to)}`
}

function columnOf({ reader }: Values, node: Node | undefined): Part {
  const raw = reader.raw(node)
  return raw === null ? name(reader.text(node), node) : sql`${{ sql: raw, ...(node !== undefined && { node }) }}`
}
