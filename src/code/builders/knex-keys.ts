/** Keys and indexes as Knex writes them, and the names that it makes up for them. */
import type { Node } from "../../embedded/node.ts"
import { only, Unknown, unknown, type Reader, type Text } from "../call.ts"
import { chainOf, type Link } from "../chain.ts"
import { joined, name, quoted, sql, type Part, type Piece } from "../pieces.ts"
import { named, tableSql, type Plan } from "./knex-plan.ts"

/** A primary key: a part of CREATE TABLE, or a statement of its own. */
export function addPrimary(reader: Reader, plan: Plan, keys: readonly Key[], own: Node | undefined, later: Piece[][]): void {
  const options = reader.isObject(own) ? only(reader.options(own), ["constraintName", "deferrable"]) : null
  const deferrable = options?.text("deferrable") ?? null
  const constraint = options === null ? primaryName(reader, plan, own) : name(options.text("constraintName") ?? `${plan.target.text}_pkey`, options.node("constraintName"))
  const key = sql`constraint ${constraint} primary key (${columns(keys)})${deferrable === null ? "" : ` deferrable initially ${deferrable}`}`
  if (!plan.creates) later.push(sql`alter table ${tableSql(plan)} add ${key}`)
  // The first one counts.
  else plan.primary ??= key
}

/** A unique constraint; a unique index, where it has a predicate. */
export function unique(reader: Reader, plan: Plan, keys: readonly Key[], own: Node | undefined): Piece[] {
  const options = reader.isObject(own) ? only(reader.options(own), ["indexName", "deferrable", "useConstraint", "predicate"]) : null
  const deferrable = options?.text("deferrable") ?? null
  const predicate = options?.node("predicate")
  const given = options === null ? (own === undefined ? null : reader.text(own)) : options.text("indexName")
  const index = given === null ? quoted(indexName(plan, keys, "unique")) : name(given, options?.node("indexName") ?? own)
  const asConstraint = options?.has("useConstraint") === true ? options.flag("useConstraint") : deferrable !== null || predicate === undefined
  if (!asConstraint) return sql`create unique index ${index} on ${tableSql(plan)} (${columns(keys)})${predicate === undefined ? "" : predicateOf(reader, predicate)}`
  return sql`alter table ${tableSql(plan)} add constraint ${index} unique (${columns(keys)})${deferrable === null ? "" : ` deferrable initially ${deferrable}`}`
}

/** `index()`. */
export function createIndex(reader: Reader, plan: Plan, keys: readonly Key[], own: Node | undefined, given: Node | undefined): Piece[] {
  const isOptions = reader.isObject(given)
  const options = only(reader.options(isOptions ? given : undefined), ["indexType", "storageEngineIndexType", "predicate"])
  const using = isOptions || given === undefined ? options.text("storageEngineIndexType") : reader.text(given)
  const predicate = options.node("predicate")
  const index = own === undefined || reader.scalar(own).kind === "nothing" ? quoted(indexName(plan, keys, "index")) : named(reader, own)
  const words = options.text("indexType")?.toLowerCase() === "unique" ? "create unique index" : "create index"
  return sql`${words} ${index} on ${tableSql(plan)}${using === null ? "" : ` using ${using}`} (${columns(keys)})${predicate === undefined ? "" : predicateOf(reader, predicate)}`
}

/** `knex.whereNull("a")` and the like, without values that would travel as parameters. */
function predicateOf(reader: Reader, node: Node): string {
  const call = reader.resolved(node)
  const link = chainOf(call)?.links.at(-1)
  const argument = link?.arguments?.[0]
  switch (link?.name) {
    case "whereNull":
      return ` where ${name(reader.text(argument)).sql} is null`
    case "whereNotNull":
      return ` where ${name(reader.text(argument)).sql} is not null`
    case "whereRaw":
      return ` where ${reader.text(argument)}`
    default:
      return unknown()
  }
}

/** The links that make up a foreign key. */
export const FOREIGN: ReadonlySet<string> = new Set(["references", "inTable", "on", "onDelete", "onUpdate", "withKeyName", "deferrable"])

/** `foreign()`, or `references()` behind a column, with the links behind it. */
export function foreignKey(reader: Reader, plan: Plan, { arguments: given }: Link, rest: readonly Link[]): Piece[] {
  const [column, own] = given ?? []
  const keys = keysOf(reader, column)
  const links = new Map(rest.map(({ name: method, arguments: args }) => [method === "on" ? "inTable" : method, args?.[0]]))
  if (rest.some(({ name: method }) => !FOREIGN.has(method))) throw new Unknown()
  const [referenced, inTable, keyName] = [links.get("references"), links.get("inTable"), links.get("withKeyName")]
  const list = referenced === undefined ? null : reader.list(referenced)
  const [first, second] = list === null ? reader.text(referenced).split(".") : []
  const table = inTable === undefined ? (second === undefined ? unknown() : (first ?? unknown())) : reader.text(inTable)
  const target = list === null ? [name(second ?? first ?? unknown(), referenced)] : reader.texts(referenced).map(({ text, node }) => name(text, node))
  const action = (method: string, words: string): string => (links.has(method) ? ` ${words} ${reader.text(links.get(method))}` : "")
  const deferrable = links.has("deferrable") ? ` deferrable initially ${reader.text(links.get("deferrable")).toLowerCase()}` : ""
  const given_ = keyName ?? own
  const constraint = given_ === undefined ? quoted(indexName(plan, keys, "foreign")) : named(reader, given_)
  const actions = `${action("onUpdate", "on update")}${action("onDelete", "on delete")}${deferrable}`
  return sql`alter table ${tableSql(plan)} add constraint ${constraint} foreign key (${columns(keys)}) references ${name(table, inTable ?? referenced)} (${joined(target)})${actions}`
}

interface Key extends Text {
  /** Null for a name. */
  readonly sql?: string
}

/** The columns, or expressions, of a key. */
export function keysOf(reader: Reader, node: Node | undefined): readonly Key[] {
  const list = reader.list(node) ?? (node === undefined ? unknown() : [node])
  return list.map((element): Key => {
    const raw = reader.raw(element)
    return raw === null ? { text: reader.text(element), node: element } : { text: raw, node: element, sql: raw }
  })
}

function columns(keys: readonly Key[]): Part {
  return joined(keys.map(({ text, node, sql: raw }) => (raw === undefined ? name(text, node) : { sql: raw, node })))
}

/** The name that is given, or the one that Knex makes up. */
export function constraintName(reader: Reader, plan: Plan, kind: string, keys: Node | undefined, own: Node | undefined): Piece {
  return own === undefined ? quoted(indexName(plan, keysOf(reader, keys), kind)) : named(reader, own)
}

/** The same for a primary key, whose name is PostgreSQL's own. */
export function primaryName(reader: Reader, plan: Plan, own: Node | undefined): Piece {
  return own === undefined ? name(`${plan.target.text}_pkey`) : named(reader, own)
}

function indexName({ target }: Plan, keys: readonly Text[], kind: string): string {
  return `${target.text.replace(/[.-]/g, "_")}_${keys.map(({ text }) => text).join("_")}_${kind}`.toLowerCase()
}
