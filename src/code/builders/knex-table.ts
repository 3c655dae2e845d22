/** What Knex's table builder emits, in the order in which Knex does: new columns, altered columns, comments, and the rest. */
import type { Node } from "../../embedded/node.ts"
import type { Body } from "../body.ts"
import { attempt, Unknown, unknown, type Reader, type Step } from "../call.ts"
import type { Chain } from "../chain.ts"
import { joined, literal, name, quoted, sql, within, type Piece } from "../pieces.ts"
import { readColumn, SIMPLE, timestamps, typeOf } from "./knex-columns.ts"
import { addPrimary, constraintName, createIndex, foreignKey, keysOf, primaryName, unique } from "./knex-keys.ts"
import { isSerial, named, tableOf, tableSql, type Plan, type Target } from "./knex-plan.ts"

/** `createTable()`: the table, and what comes behind it. A table that is not read in full is still known to be new. */
export function createTable(reader: Reader, target: Target, body: Body, node: Node, ifNotExists: boolean): Step[] {
  const { plan, unread } = planOf(reader, target, body, true)
  const table = tableOf(target)
  const following = [...plan.own, ...plan.comments, ...plan.later, ...plan.last]
  if (unread.length > 0) {
    const rest: Step = { kind: "statements", node, statements: following }
    return [{ kind: "unread", node: unread[0]?.node ?? node, table, columns: plan.added }, ...unread.slice(1).map((one): Step => ({ kind: "unread", node: one.node, table: null })), rest]
  }
  const parts = [...plan.added, ...(plan.primary === null ? [] : [plan.primary]), ...plan.inner]
  const create = sql`create table ${ifNotExists ? "if not exists " : ""}${table} (${joined(parts)})`
  return [{ kind: "statements", node, statements: [...plan.types, create, ...following] }]
}

/** `alterTable()` and `table()`. */
export function alterTable(reader: Reader, target: Target, body: Body, node: Node): Step[] {
  const { plan, unread } = planOf(reader, target, body, false)
  const added = plan.added.length === 0 ? [] : [sql`alter table ${{ sql: tableOf(target).sql }} ${joined(plan.added.map((one) => sql`${within(nodeOf(one) ?? node, [{ sql: "add column " }])}${one}`))}`]
  const statements = [...plan.types, ...added, ...plan.altered, ...plan.comments, ...plan.later, ...plan.last]
  // Where among the statements it would stand is open; in any case it speaks of the table.
  const open = unread.map(({ node: one, sql: text = "" }): Step => ({ kind: "unread", node: one, table: null, sql: `${tableOf(target).sql} ${text}` }))
  return [...open, { kind: "statements", node, statements }, ...open]
}

/** What the code does not tell, and what it sends if it does so at all. */
interface Open {
  readonly node: Node
  readonly sql?: string
}

function nodeOf(pieces: readonly Piece[]): Node | undefined {
  return pieces.at(-1)?.node
}

function planOf(reader: Reader, target: Target, { chains, maybe, others }: Body, creates: boolean): { readonly plan: Plan; readonly unread: readonly Open[] } {
  const plan: Plan = { target, types: [], added: [], altered: [], comments: [], later: [], inner: [], primary: null, last: [], creates, own: [] }
  const unread: Open[] = others.map((node) => ({ node }))
  // Behind `increments()` Knex takes no notice of `primary()`: the column is the key of itself.
  const keyed = chains.some(({ links: [first, ...rest] }) => first !== undefined && !isSerial(first) && [first, ...rest].some(({ name: method }) => method === "primary"))
  for (const chain of chains) {
    const trial = tried(reader, plan, chain, keyed)
    if (trial === null) {
      unread.push({ node: chain.node })
      continue
    }
    for (const list of LISTS) plan[list].push(...trial[list].map((one) => within(chain.node, one)))
    plan.primary = trial.primary === plan.primary || trial.primary === null ? plan.primary : within(chain.node, trial.primary)
  }
  for (const chain of maybe) {
    if (chain.links.every(({ name: method }) => FOR_OTHERS.has(method))) continue
    const trial = tried(reader, plan, chain, keyed)
    const pieces = trial === null ? [] : LISTS.flatMap((list) => trial[list]).flat()
    unread.push({ node: chain.node, sql: pieces.map((piece) => piece.sql).join(" ") })
  }
  return { plan, unread }
}

const LISTS = ["types", "added", "altered", "comments", "later", "inner", "last", "own"] as const

/** What one call adds to a plan; null when it cannot be read, of which nothing is kept. */
function tried(reader: Reader, plan: Plan, chain: Chain, keyed: boolean): Plan | null {
  const trial: Plan = { ...plan, types: [], added: [], altered: [], comments: [], later: [], inner: [], last: [], own: [] }
  return attempt(() => {
    readChain(reader, trial, chain, keyed)
    return trial
  })
}

function readChain(reader: Reader, plan: Plan, { links }: Chain, keyed: boolean): void {
  const [first, ...rest] = links
  if (first === undefined || first.arguments === null) throw new Unknown()
  if (first.name === "timestamps") return timestamps(reader, plan, first.arguments)
  const type = typeOf(reader, plan, first, keyed)
  if (type !== null) return readColumn(reader, plan, first, rest, type)
  if (first.name === "foreign") return void plan.later.push(foreignKey(reader, plan, first, rest))
  const add = PLAIN[first.name]
  if (add === undefined) throw new Unknown()
  add(reader, plan, first.arguments)
  // `t.index("a").index("b")`: these calls return the table's builder.
  if (rest.length > 0) readChain(reader, plan, { root: first.node, links: rest, node: first.node }, keyed)
}

/** Calls on the builder of a table that Knex refuses for PostgreSQL, so that they stand under conditions that do not hold there. */
const FOR_OTHERS: ReadonlySet<string> = new Set(["charset", "collate", "engine"])

type Plain = (reader: Reader, plan: Plan, given: readonly Node[]) => void

const PLAIN: Readonly<Record<string, Plain>> = {
  index: (reader, plan, [keys, own, options]) => void plan.later.push(createIndex(reader, plan, keysOf(reader, keys), own, options)),
  unique: (reader, plan, [keys, own]) => void plan.later.push(unique(reader, plan, keysOf(reader, keys), own)),
  primary: (reader, plan, [keys, own]) => { addPrimary(reader, plan, keysOf(reader, keys), own, plan.later) },
  renameColumn: (reader, plan, [from, to]) => void plan.later.push(sql`alter table ${tableSql(plan)} rename ${named(reader, from)} to ${named(reader, to)}`),
  dropColumn: dropColumns,
  dropColumns: dropColumns,
  dropTimestamps(reader, plan, [camel]) {
    const names = camel !== undefined && reader.flag(camel) ? ["createdAt", "updatedAt"] : ["created_at", "updated_at"]
    plan.later.push(sql`alter table ${tableSql(plan)} ${names.map((one) => `drop column "${one}"`).join(", ")}`)
  },
  dropNullable: (reader, plan, [column]) => void plan.later.push(sql`alter table ${tableSql(plan)} alter column ${named(reader, column)} set not null`),
  setNullable: (reader, plan, [column]) => void plan.later.push(sql`alter table ${tableSql(plan)} alter column ${named(reader, column)} drop not null`),
  dropIndex(reader, plan, [keys, own]) {
    const schema = plan.target.schema === null ? "" : `${quoted(plan.target.schema).sql}.`
    plan.later.push(sql`drop index ${schema}${constraintName(reader, plan, "index", keys, own)}`)
  },
  dropUnique: (reader, plan, [keys, own]) => void plan.later.push(dropConstraint(plan, constraintName(reader, plan, "unique", keys, own))),
  dropUniqueIfExists: (reader, plan, [keys, own]) => void plan.later.push(dropConstraint(plan, constraintName(reader, plan, "unique", keys, own), " if exists")),
  dropForeign: (reader, plan, [keys, own]) => void plan.later.push(dropConstraint(plan, constraintName(reader, plan, "foreign", keys, own))),
  dropForeignIfExists: (reader, plan, [keys, own]) => void plan.later.push(dropConstraint(plan, constraintName(reader, plan, "foreign", keys, own), " if exists")),
  dropPrimary: (reader, plan, [own]) => void plan.later.push(dropConstraint(plan, primaryName(reader, plan, own))),
  dropPrimaryIfExists: (reader, plan, [own]) => void plan.later.push(dropConstraint(plan, primaryName(reader, plan, own), " if exists")),
  dropChecks(reader, plan, [given]) {
    // Of several names the library takes the first, unless they are a list.
    const names = reader.texts(given).map(({ text }) => `drop constraint ${text}`)
    plan.later.push(sql`alter table ${tableSql(plan)} ${names.join(", ")}`)
  },
  check(reader, plan, [predicate, bindings, own]) {
    if (bindings !== undefined && reader.scalar(bindings).kind !== "nothing") throw new Unknown()
    const constraint = own === undefined ? null : reader.text(own)
    if (plan.creates) plan.inner.push(sql`${constraint === null ? "" : `constraint ${constraint} `}check (${reader.text(predicate)})`)
    // The library would count its checks to make up a name.
    else plan.later.push(sql`alter table ${tableSql(plan)} add constraint ${constraint ?? unknown()} check(${reader.text(predicate)})`)
  },
  comment: (reader, plan, [text]) => void (plan.creates ? plan.own : plan.last).push(sql`comment on table ${tableSql(plan)} is ${literal(reader.text(text))}`),
}

/** The calls on the builder of a table. */
export const TABLE_CALLS: Readonly<Record<string, readonly string[]>> = {
  "the table's builder, columns": [
    ...Object.keys(SIMPLE), "string", "increments", "bigIncrements", "uuid", "decimal", "timestamp", "dateTime", "timestamps", "enu", "specificType",
  ],
  "the table's builder, the rest": ["foreign", ...Object.keys(PLAIN)],
}

function dropColumns(reader: Reader, plan: Plan, given: readonly Node[]): void {
  const drops = given.flatMap((node) => reader.texts(node)).map(({ text, node }) => sql`drop column ${name(text, node)}`)
  plan.later.push(sql`alter table ${tableSql(plan)} ${joined(drops)}`)
}

function dropConstraint(plan: Plan, constraint: Piece, ifExists = ""): Piece[] {
  return sql`alter table ${tableSql(plan)} drop constraint${ifExists} ${constraint}`
}
