/** What Kysely 0.28 emits for the chains of `db.schema`. Checked against the library in test/tools. */
import type { Node } from "../../embedded/node.ts"
import { attempt, unknown, type Builder, type Reader, type Step } from "../call.ts"
import { chainOf, type Link } from "../chain.ts"
import { joined, literal, name, quoted, sql, type Piece } from "../pieces.ts"
import { bodyHanded } from "../body.ts"
import { expression, flag, modifiersIn, named, only, table, valueOf, type Call } from "./kysely-call.ts"
import { alterTable, column, createTable } from "./kysely-tables.ts"
import { KYSELY_VERBS, kyselyRows } from "./rows/kysely.ts"

export const KYSELY: Builder = {
  receiver: /(?:^|\.)schema$/,
  get calls() { return { "db.schema": ["withSchema", ...Object.keys(EMITTERS)], db: Object.keys(KYSELY_VERBS) } },
  rows: kyselyRows,
  read(links, reader) {
    // Nothing is sent before it is executed; a chain that is only compiled or kept is not sent here.
    const end = links.findIndex((link) => link.name === "execute")
    const whole = links[end < 0 ? links.length - 1 : end]
    if (whole === undefined) return []
    const calls = links.slice(0, end < 0 ? links.length : end).flatMap((link) => handed(reader, link))
    const schemaLink = calls.find((link) => link.name === "withSchema")
    const rest = calls.filter((link) => link.name !== "withSchema" && link.name !== "withPlugin" && link.name !== "withoutPlugins")
    const [first, ...modifiers] = rest
    if (first === undefined) return []
    const emit = EMITTERS[first.name]
    if (emit === undefined) return [{ kind: "skip", link: first }]
    const statement = attempt(() => {
      const schema = schemaLink === undefined ? null : reader.text(schemaLink.arguments?.[0])
      return emit({ reader, schema, given: first.arguments ?? [], modifiers })
    })
    if (statement !== null) return [{ kind: "statements", node: whole.node, statements: [statement] }, ...after(links, end)]
    const table = first.name === "createTable" ? attempt(() => name(reader.text(first.arguments?.[0]), first.arguments?.[0])) : null
    const view = first.name === "createView" ? attempt(() => unknownView(name(reader.text(first.arguments?.[0])), modifiers)) : null
    const added = table === null ? [] : modifiers.filter((link) => link.name === "addColumn")
    const columns = added.map((link) => attempt(() => column({ reader, schema: null, given: [], modifiers: [] }, link))).filter((line) => line !== null)
    return [{ kind: "unread", node: whole.node, table, columns, ...(view === null ? {} : { view }) }, ...after(links, end)]
  },
}

/** `$call(withTimestamps)` is as good as the calls that the function makes; as it is where those are not in sight. */
function handed(reader: Reader, link: Link): readonly Link[] {
  const [callback] = link.name === "$call" ? (link.arguments ?? []) : []
  return callback === undefined ? [link] : (attempt(() => modifiersIn(bodyHanded(reader, callback))) ?? [link])
}

/** What is chained to the promise. */
function after(links: readonly Link[], end: number): Step[] {
  return end < 0 ? [] : links.slice(end + 1).map((link): Step => ({ kind: "skip", link }))
}

const EMITTERS: Readonly<Record<string, (call: Call) => Piece[]>> = {
  createTable,
  alterTable,
  createIndex,
  createView,
  dropTable: (call) => dropped(call, "table", ["ifExists", "cascade"]),
  dropIndex(call) {
    const { reader, modifiers } = call
    only(modifiers, ["ifExists", "cascade", "on"])
    const on = modifiers.find((link) => link.name === "on")
    return sql`drop index ${flag(modifiers, "ifExists", "if exists ")}${table(call, call.given[0])}${on === undefined ? [] : sql` on ${name(reader.text(on.arguments?.[0]), on.arguments?.[0])}`}${flag(modifiers, "cascade", " cascade")}`
  },
  createSchema({ reader, given: [schema], modifiers }) {
    only(modifiers, ["ifNotExists"])
    return sql`create schema ${flag(modifiers, "ifNotExists", "if not exists ")}${named(reader, schema)}`
  },
  dropSchema({ reader, given: [schema], modifiers }) {
    only(modifiers, ["ifExists", "cascade"])
    return sql`drop schema ${flag(modifiers, "ifExists", "if exists ")}${named(reader, schema)}${flag(modifiers, "cascade", " cascade")}`
  },
  dropView(call) {
    only(call.modifiers, ["ifExists", "cascade", "materialized"])
    const kind = call.modifiers.some((link) => link.name === "materialized") ? "materialized view" : "view"
    return dropped(call, kind, ["ifExists", "cascade", "materialized"])
  },
  createType(call) {
    const [first, ...others] = call.modifiers
    if (first?.name !== "asEnum" || others.length > 0) return unknown()
    const labels = (call.reader.list(first.arguments?.[0]) ?? unknown()).map((label) => literal(call.reader.text(label)))
    return sql`create type ${table(call, call.given[0])} as enum (${labels.join(", ")})`
  },
  dropType: (call) => dropped(call, "type", ["ifExists"]),
  refreshMaterializedView(call) {
    only(call.modifiers, ["concurrently", "withData", "withNoData"])
    const data = call.modifiers.findLast((link) => link.name !== "concurrently")?.name === "withNoData" ? "no data" : "data"
    return sql`refresh materialized view ${flag(call.modifiers, "concurrently", "concurrently ")}${table(call, call.given[0])} with ${data}`
  },
}

function dropped(call: Call, kind: string, known: readonly string[]): Piece[] {
  only(call.modifiers, known)
  return sql`drop ${kind} ${flag(call.modifiers, "ifExists", "if exists ")}${table(call, call.given[0])}${flag(call.modifiers, "cascade", " cascade")}`
}

function createIndex(call: Call): Piece[] {
  const { reader, modifiers } = call
  let [on, using, where]: [Piece | null, string, string] = [null, "", ""]
  const keys: Piece[][] = []
  for (const { name: method, arguments: given } of modifiers) {
    const [first, second, third] = given ?? []
    switch (method) {
      case "on":
        on = table(call, first)
        break
      case "column":
        keys.push(expression(reader, first))
        break
      case "columns":
        for (const one of reader.list(first) ?? unknown()) keys.push(expression(reader, one))
        break
      case "expression":
        keys.push(expression(reader, first ?? unknown()))
        break
      case "using": {
        const raw = reader.raw(first)
        using = ` using ${raw ?? reader.text(first)}`
        break
      }
      case "where":
        where = where === "" ? ` where ${predicate(reader, first, second, third)}` : `${where} and ${predicate(reader, first, second, third)}`
        break
      case "unique":
      case "ifNotExists":
      case "nullsNotDistinct":
        break
      default:
        return unknown()
    }
  }
  if (on === null) return unknown()
  const words = `${flag(modifiers, "unique", "unique ")}index ${flag(modifiers, "ifNotExists", "if not exists ")}`
  return sql`create ${words}${named(reader, call.given[0])} on ${on}${using} (${joined(keys)})${flag(modifiers, "nullsNotDistinct", " nulls not distinct")}${where}`
}

function predicate(reader: Reader, first: Node | undefined, operator: Node | undefined, value: Node | undefined): string {
  const raw = reader.raw(first)
  if (raw !== null && operator === undefined) return raw
  return `${raw ?? name(reader.text(first)).sql} ${reader.text(operator)} ${valueOf(reader, value)}`
}

function createView(call: Call): Piece[] {
  const { reader, modifiers } = call
  only(modifiers, ["temporary", "materialized", "ifNotExists", "orReplace", "columns", "as"])
  const columns = modifiers.find((link) => link.name === "columns")?.arguments?.[0]
  const as = modifiers.find((link) => link.name === "as")?.arguments?.[0]
  const chain = as === undefined ? null : chainOf(as)
  const query = reader.raw(as) ?? (chain === null ? null : reader.raw(chain.root)) ?? unknown()
  const list = columns === undefined ? [] : sql`(${joined(reader.texts(columns).map(({ text, node }) => quoted(text, node)))}) `
  const words = `${flag(modifiers, "orReplace", "or replace ")}${flag(modifiers, "materialized", "materialized ")}${flag(modifiers, "temporary", "temporary ")}view ${flag(modifiers, "ifNotExists", "if not exists ")}`
  return sql`create ${words}${table(call, call.given[0])} ${list}as ${{ sql: query, ...(as === undefined ? {} : { node: as }) }}`
}

/** A view whose query is written with the query builder. */
function unknownView(own: Piece, modifiers: readonly Link[]): Piece[] {
  const isMaterialized = modifiers.some((link) => link.name === "materialized")
  const words = `${flag(modifiers, "orReplace", "or replace ")}${isMaterialized ? "materialized " : ""}view ${flag(modifiers, "ifNotExists", "if not exists ")}`
  return sql`create ${words}${own} as select${isMaterialized ? " with no data" : ""}`
}
