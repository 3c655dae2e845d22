/** What Kysely 0.28 emits where its query builder changes rows: `db.updateTable("orders").set(...).execute()`. Checked against the library in test/tools. */
import { child, children, pathOf, unwrap, type Node } from "../../../embedded/node.ts"
import { attempt, unknown, type Options, type Reader, type Step } from "../../call.ts"
import type { Chain, Link } from "../../chain.ts"
import { isFunction } from "../../nodes.ts"
import { joined, name, quoted, sql, type Part, type Piece } from "../../pieces.ts"
import { modifiersOf } from "../kysely-call.ts"
import { assignments, inserted, listed, targetTable, valuesOf, where, type Values } from "./values.ts"

export function kyselyRows({ links }: Chain, reader: Reader): readonly Step[] | null {
  const start = links.findIndex((link) => link.name in KYSELY_VERBS)
  const end = links.findIndex((link, index) => index > start && /^execute(?:TakeFirst(?:OrThrow)?)?$/.test(link.name))
  const [verb, ...modifiers] = links.slice(Math.max(start, 0), Math.max(end, 0))
  // What is not executed is a part of another query.
  if (start < 0 || end < 0 || verb === undefined) return null
  const node = links[end]?.node ?? verb.node
  const schemaLink = links.slice(0, start).find((link) => link.name === "withSchema")
  const statement = attempt(() => {
    if (links.slice(0, start).some((link) => link.name === "with")) return unknown()
    const schema = schemaLink === undefined ? "" : reader.text(schemaLink.arguments?.[0])
    const target = targetTable(reader, schema, verb.arguments?.[0])
    return KYSELY_VERBS[verb.name]?.(valuesOf(reader, special), target, modifiers) ?? unknown()
  })
  const later = links.slice(end + 1).map((link): Step => ({ kind: "skip", link }))
  return [statement === null ? { kind: "rows", node } : { kind: "statements", node, statements: [statement] }, ...later]
}

type Verb = (values: Values, target: Piece, modifiers: readonly Link[]) => Piece[]

export const KYSELY_VERBS: Readonly<Record<string, Verb>> = {
  updateTable(values, target, modifiers) {
    const { conditions, given, from, returning } = partsOf(values, modifiers, ["set"])
    const set = given.map(([first, second]) => {
      if (second === undefined) return assignments(values, objectOf(values.reader, first))
      return sql`${quoted(values.reader.text(first), first)} = ${values.of(second)}`
    })
    return sql`UPDATE ${target} SET ${set.length === 0 ? unknown() : joined(set)}${from.length === 0 ? "" : sql` FROM ${joined(from)}`}${where(conditions)}${returning}`
  },
  deleteFrom(values, target, modifiers) {
    const { conditions, returning } = partsOf(values, modifiers, [])
    return sql`DELETE FROM ${target}${where(conditions)}${returning}`
  },
  insertInto(values, target, modifiers) {
    const { columns, given, conflict, returning } = partsOf(values, modifiers, ["values", "defaultValues", "expression"])
    const [source, ...more] = given
    if (source === undefined || more.length > 0) return unknown()
    const [rows] = source
    if (rows === undefined) return sql`INSERT INTO ${target} DEFAULT VALUES${returning}`
    // The query that it takes its rows from is not read.
    if (columns === null) return sql`INSERT INTO ${target} ${inserted(values, rows, "DEFAULT", () => sql`${conflict}${returning}`)}`
    return sql`INSERT INTO ${target} (${joined(columns)}) SELECT ${joined(columns.map(() => values.of(rows)))}${conflict}${returning}`
  },
}

/** An object, or what a function makes that returns one: `(eb) => ({ a: eb.ref("b") })`. @throws {Unknown} */
function objectOf(reader: Reader, node: Node | undefined): Options {
  const value = node === undefined ? unknown() : reader.resolved(node)
  const made = isFunction(value) ? unwrap(child(value, "body") ?? unknown()) : value
  return made.type === "ObjectExpression" ? reader.options(made) : unknown()
}

/** `eb.ref("a")`; null for anything else. @throws {Unknown} */
function special(node: Node, { reader }: Values): string | null {
  const call = reader.resolved(node)
  const [given, ...more] = call.type === "CallExpression" ? children(call, "arguments") : []
  const path = call.type === "CallExpression" ? pathOf(child(call, "callee")) : null
  return path !== null && /^\w+\.ref$/.test(path) && more.length === 0 ? name(reader.text(given)).sql : null
}

interface Parts {
  readonly conditions: readonly Part[]
  /** The arguments of the calls that say what is written. */
  readonly given: readonly (readonly Node[])[]
  readonly columns: readonly Piece[] | null
  readonly from: readonly Piece[]
  readonly conflict: Part
  readonly returning: Part
}

/** @param writing the calls that say what is written. @throws {Unknown} for calls that are not known */
function partsOf(values: Values, modifiers: readonly Link[], writing: readonly string[]): Parts {
  const { reader } = values
  const parts = { conditions: [] as Part[], given: [] as (readonly Node[])[], from: [] as Piece[], columns: null as readonly Piece[] | null, conflict: "" as Part, returning: [] as Part[] }
  for (const { name: method, arguments: all } of modifiers) {
    const given = all ?? unknown()
    const [first] = given
    if (writing.includes(method)) parts.given.push(given)
    else if (method === "where" || method === "whereRef") parts.conditions.push(attempt(() => condition(values, given, method === "whereRef")) ?? values.unreadCondition())
    else if (method === "from") parts.from.push(targetTable(reader, "", first))
    else if (method === "columns") parts.columns = reader.texts(first).map(({ text, node }) => quoted(text, node))
    else if (method === "onConflict") parts.conflict = conflictOf(values, first ?? unknown())
    else if (method === "returningAll") parts.returning.push("*")
    else if (method === "returning") parts.returning.push(...reader.texts(first).map(({ text }) => name(text)))
    else return unknown()
  }
  return { ...parts, returning: parts.returning.length === 0 ? "" : sql` RETURNING ${joined(parts.returning)}` }
}

/** `where("a", "=", 1)`, `whereRef("a", "=", "b")`, SQL. @throws {Unknown} for functions and objects */
function condition(values: Values, [first, operator, value]: readonly Node[], isRef: boolean): Part {
  const { reader } = values
  const raw = reader.raw(first)
  if (operator === undefined) return raw === null || first === undefined ? unknown() : { sql: raw, node: first }
  const column: Part = raw === null ? name(reader.text(first), first) : raw
  const word = reader.text(operator)
  if (isRef) return sql`${column} ${word} ${name(reader.text(value), value)}`
  if (!/\bin$/i.test(word)) return sql`${column} ${word} ${values.of(value)}`
  return sql`${column} ${word} (${listed(values, value)})`
}

/** `(oc) => oc.column("a").doNothing()`. @throws {Unknown} */
function conflictOf(values: Values, callback: Node): Part {
  const { reader } = values
  let [target, action]: [Part, Part | null] = ["", null]
  for (const { name: method, arguments: given } of modifiersOf(reader, callback)) {
    const [first] = given ?? []
    if (method === "column" || method === "columns") target = sql` (${joined(reader.texts(first).map(({ text, node }) => quoted(text, node)))})`
    else if (method === "constraint") target = sql` ON CONSTRAINT ${quoted(reader.text(first), first)}`
    else if (method === "doNothing") action = "NOTHING"
    else if (method === "doUpdateSet") action = sql`UPDATE SET ${assignments(values, objectOf(reader, first))}`
    else return unknown()
  }
  return sql` ON CONFLICT${target} DO ${action ?? unknown()}`
}
