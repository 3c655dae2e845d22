/** What Knex 3 emits where its query builder changes rows: `knex("orders").where(...).update(...)`. Checked against the library in test/tools. */
import { child, children, pathOf, textOf, type Node } from "../../../embedded/node.ts"
import { placeholdersOf } from "../../../embedded/placeholders.ts"
import { attempt, unknown, type Reader, type Step } from "../../call.ts"
import type { Chain, Link } from "../../chain.ts"
import { joined, name, quoted, sql, type Part, type Piece } from "../../pieces.ts"
import { knexWhere } from "./knex-where.ts"
import { assignments, inserted, targetTable, valuesOf, type Values } from "./values.ts"

/** @param isHanded whether an expression is a connection or transaction of Knex */
export function knexRows(chain: Chain, reader: Reader, isHanded: (node: Node) => boolean): readonly Step[] | null {
  const query = queryOf(chain, isHanded)
  if (query === null) return null
  const end = query.links.findIndex((link) => ENDS.test(link.name))
  const links = end < 0 ? query.links : query.links.slice(0, end)
  const last = links.at(-1)
  if (last === undefined || links.some((link) => NOT_SENT.test(link.name)) || !links.some((link) => link.name in KNEX_VERBS)) return null
  const statement = attempt(() => statementOf(query.table, links, reader))
  const later = end < 0 ? [] : query.links.slice(end).map((link): Step => ({ kind: "skip", link }))
  return [statement === null ? { kind: "rows", node: last.node } : { kind: "statements", node: last.node, statements: [statement] }, ...later]
}

interface Query {
  readonly table: Node | undefined
  readonly links: readonly Link[]
}

/** What comes behind `knex("orders")`, `this.knex("orders")` or `knex`. */
function queryOf({ root, links }: Chain, isHanded: (node: Node) => boolean): Query | null {
  if (root.type === "CallExpression") {
    const callee = child(root, "callee")
    return callee !== null && (isHanded(callee) || isNamed(callee)) ? { table: children(root, "arguments")[0], links } : null
  }
  const [first, ...others] = links
  if (isHanded(root) || isNamed(root)) return { table: undefined, links }
  if (first === undefined || (first.name !== "knex" && first.name !== "db")) return null
  return { table: first.arguments?.[0], links: others }
}

/** Knex under the name that people give it where they import it, or are handed it by something else. */
function isNamed(node: Node): boolean {
  return node.type === "Identifier" && /^(?:knex|trx|db)$/.test(textOf(node, "name") ?? "")
}

/** What the promise of a query is asked. */
const ENDS = /^(?:then|catch|finally|asCallback)$/
const NOT_SENT = /^to(?:SQL|String|Query|Native)$/
/** Links that say how a query is sent, and those that Knex leaves out where rows are changed. */
const WITHOUT_EFFECT = /^(?:transacting|connection|debug|options|timeout|on|clone|comment|hintComment|queryContext|orderBy(?:Raw)?|limit|offset)$/

interface Statement {
  readonly values: Values
  readonly target: Piece
  readonly links: readonly Link[]
  /** The condition with a blank before it. */
  readonly where: Part
  readonly returning: Part
}

function statementOf(table: Node | undefined, links: readonly Link[], reader: Reader): Piece[] {
  const values = valuesOf(reader, special)
  const [verb, ...more] = links.filter((link) => link.name in KNEX_VERBS)
  const read = verb === undefined ? undefined : KNEX_VERBS[verb.name]
  if (verb === undefined || read === undefined || more.length > 0) return unknown()
  let [schema, from] = ["", table]
  const returned: Node[] = []
  const conditions: Link[] = []
  for (const link of links) {
    const [first] = link.arguments ?? []
    if (link === verb || CONFLICT.test(link.name) || WITHOUT_EFFECT.test(link.name)) continue
    // Of PostgreSQL's UPDATE it leaves out joins, too: the rest of the query picks the rows.
    if (verb.name === "update" && /join(?:Raw)?$/i.test(link.name)) continue
    if (/^(?:from|into|table)$/.test(link.name)) from = first
    else if (link.name === "withSchema") schema = reader.text(first)
    else if (link.name === "returning") returned.push(first ?? unknown())
    else if (/^(?:and|or)?where/i.test(link.name)) conditions.push(link)
    else return unknown()
  }
  const given = verb.arguments ?? []
  const target = verb.name === "batchInsert" ? given[0] : from
  const back = given[RETURNS_AT[verb.name] ?? given.length]
  if (back !== undefined && !(verb.name === "update" && !reader.isObject(given[0]))) returned.push(back)
  const returning = joined(returned.flatMap((node) => reader.texts(node).map(({ text }) => (text === "*" ? "*" : name(text)))))
  return read(verb.name === "batchInsert" ? given.slice(1, 2) : given, {
    values,
    target: targetTable(reader, schema, target),
    links,
    where: knexWhere(values, conditions),
    returning: returning.length === 0 ? "" : sql` RETURNING ${returning}`,
  })
}

/** Which argument of a call tells what comes back. */
const RETURNS_AT: Readonly<Record<string, number>> = { update: 1, insert: 1, del: 0, delete: 0 }

type Verb = (given: readonly Node[], statement: Statement) => Piece[]

const update: Verb = ([first, second], { values, target, where, returning }) => {
  const { reader } = values
  const set = reader.isObject(first) ? assignments(values, reader.options(first)) : sql`${quoted(reader.text(first), first)} = ${values.of(second)}`
  return sql`UPDATE ${target} SET ${set}${where}${returning}`
}

const remove: Verb = (_, { target, where, returning }) => sql`DELETE FROM ${target}${where}${returning}`

const insert: Verb = ([rows], { values, target, links, returning }) =>
  sql`INSERT INTO ${target} ${inserted(values, rows, "DEFAULT", () => sql`${conflictOf(links, values, rows)}${returning}`, true)}`

/** @param sign what is done with the amount */
function changed(sign: "+" | "-"): Verb {
  return ([column, amount], { values, target, where, returning }) => {
    const { reader } = values
    const amounts = reader.isObject(column) ? reader.options(column) : null
    const all = amounts === null ? [{ text: reader.text(column), by: amount === undefined ? "1" : values.of(amount) }] : amounts.names.map((text) => ({ text, by: values.of(amounts.node(text)) }))
    return sql`UPDATE ${target} SET ${joined(all.map(({ text, by }) => sql`${quoted(text)} = ${quoted(text)} ${sign} ${by}`))}${where}${returning}`
  }
}

export const KNEX_VERBS: Readonly<Record<string, Verb>> = {
  update,
  insert,
  batchInsert: insert,
  del: remove,
  delete: remove,
  truncate: (_, { target }) => sql`TRUNCATE ${target} RESTART IDENTITY`,
  increment: changed("+"),
  decrement: changed("-"),
}

const CONFLICT = /^(?:onConflict|ignore|merge)$/

function conflictOf(links: readonly Link[], values: Values, rows: Node | undefined): Part {
  const { reader } = values
  const [on, action, ...more] = links.filter((link) => CONFLICT.test(link.name))
  if (on === undefined) return ""
  if (on.name !== "onConflict" || action === undefined || more.length > 0) return unknown()
  const keys = on.arguments?.[0] === undefined ? "" : sql` (${joined(reader.texts(on.arguments[0]).map(({ text, node }) => name(text, node)))})`
  if (action.name === "ignore") return sql` ON CONFLICT${keys} DO NOTHING`
  const [given] = action.arguments ?? []
  if (given !== undefined && reader.isObject(given)) return sql` ON CONFLICT${keys} DO UPDATE SET ${assignments(values, reader.options(given))}`
  const [first] = reader.list(rows) ?? [rows]
  const columns = given === undefined ? reader.options(first).names : reader.texts(given).map(({ text }) => text)
  return sql` ON CONFLICT${keys} DO UPDATE SET ${joined(columns.map((column) => sql`${quoted(column)} = excluded.${quoted(column)}`))}`
}

/** `knex.ref("a")`, and `knex.raw` with values for its placeholders; null for anything else. @throws {Unknown} */
function special(node: Node, values: Values): string | null {
  const call = values.reader.resolved(node)
  const path = call.type === "CallExpression" ? pathOf(child(call, "callee")) : null
  const [first, second] = call.type === "CallExpression" ? children(call, "arguments") : []
  if (path === null || first === undefined) return null
  if (/(?:^|\.)ref$/.test(path)) return name(values.reader.text(first)).sql
  return /(?:^|\.)raw$/.test(path) && second !== undefined ? filled(values.reader.text(first), second, values) : null
}

/** SQL with `?` and `??` replaced by what is given for them. @throws {Unknown} */
function filled(text: string, given: Node, values: Values): string {
  const nodes = values.reader.list(given) ?? [given]
  let [filledText, from] = ["", 0]
  for (const [index, { start, end }] of placeholdersOf(text).entries()) {
    const node = nodes[index] ?? unknown()
    const placeholder = text.slice(start, end)
    if (!placeholder.startsWith("?")) return unknown()
    filledText += text.slice(from, start) + (placeholder === "??" ? name(values.reader.text(node)).sql : values.of(node).sql)
    from = end
  }
  return filledText + text.slice(from)
}

