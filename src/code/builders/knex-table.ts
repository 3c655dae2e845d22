/** What Knex's table builder emits, in the order in which Knex does: new columns, altered columns, comments, and the rest. */
import type { Node } from "../../embedded/node.ts"
import { attempt, jsonOf, only, Unknown, type Body, type Reader, type Step, type Text } from "../call.ts"
import { chainOf, type Chain, type Link } from "../chain.ts"
import { joined, literal, name, quoted, sql, within, type Part, type Piece } from "../pieces.ts"

interface Target extends Text {
  readonly schema: string | null
}

/** What the calls on a table builder add up to. */
interface Plan {
  readonly target: Target
  readonly types: Piece[][]
  readonly added: Piece[][]
  readonly altered: Piece[][]
  readonly comments: Piece[][]
  readonly later: Piece[][]
  /** Checks and keys that stand in CREATE TABLE. */
  readonly inner: Piece[][]
  primary: Piece[] | null
  last: Piece[][]
  readonly creates: boolean
  /** A comment on the table comes right behind its creation. */
  readonly own: Piece[][]
}

export function createTable(reader: Reader, target: Target, body: Body, node: Node, ifNotExists: boolean): Step[] {
  const { plan, unread } = planOf(reader, target, body, true)
  const table = tableOf(target)
  const following = [...plan.own, ...plan.comments, ...plan.later, ...plan.last]
  if (unread.length > 0) {
    const rest: Step = { kind: "statements", node, statements: following }
    return [{ kind: "unread", node: unread[0] ?? node, table, columns: plan.added }, ...unread.slice(1).map((one): Step => ({ kind: "unread", node: one, table: null })), rest]
  }
  const parts = [...plan.added, ...(plan.primary === null ? [] : [plan.primary]), ...plan.inner]
  const create = sql`create table ${ifNotExists ? "if not exists " : ""}${table} (${joined(parts)})`
  return [{ kind: "statements", node, statements: [...plan.types, create, ...following] }]
}

export function alterTable(reader: Reader, target: Target, body: Body, node: Node): Step[] {
  const { plan, unread } = planOf(reader, target, body, false)
  const added = plan.added.length === 0 ? [] : [sql`alter table ${{ sql: tableOf(target).sql }} ${joined(plan.added.map((one) => sql`${within(nodeOf(one) ?? node, [{ sql: "add column " }])}${one}`))}`]
  const statements = [...plan.types, ...added, ...plan.altered, ...plan.comments, ...plan.later, ...plan.last]
  return [{ kind: "statements", node, statements }, ...unread.map((one): Step => ({ kind: "unread", node: one, table: null }))]
}

function isSerial({ name: method }: Link): boolean {
  return /increments$/i.test(method)
}

function nodeOf(pieces: readonly Piece[]): Node | undefined {
  return pieces.at(-1)?.node
}

function planOf(reader: Reader, target: Target, { chains, others }: Body, creates: boolean): { readonly plan: Plan; readonly unread: readonly Node[] } {
  const plan: Plan = { target, types: [], added: [], altered: [], comments: [], later: [], inner: [], primary: null, last: [], creates, own: [] }
  const unread: Node[] = [...others]
  // Behind `increments()` Knex takes no notice of `primary()`: the column is the key of itself.
  const keyed = chains.some(({ links: [first, ...rest] }) => first !== undefined && !isSerial(first) && [first, ...rest].some(({ name: method }) => method === "primary"))
  for (const chain of chains) {
    // What is read halfway is not kept.
    const trial: Plan = { ...plan, types: [], added: [], altered: [], comments: [], later: [], inner: [], last: [], own: [] }
    if (attempt(() => { readChain(reader, trial, chain, keyed); return true }) === null) {
      unread.push(chain.node)
      continue
    }
    for (const list of ["types", "added", "altered", "comments", "later", "inner", "last", "own"] as const) plan[list].push(...trial[list].map((one) => within(chain.node, one)))
    plan.primary = trial.primary === plan.primary || trial.primary === null ? plan.primary : within(chain.node, trial.primary)
  }
  return { plan, unread }
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

const SIMPLE: Readonly<Record<string, string>> = {
  text: "text",
  mediumtext: "text",
  longtext: "text",
  tinytext: "text",
  integer: "integer",
  mediumint: "integer",
  smallint: "smallint",
  tinyint: "smallint",
  biginteger: "bigint",
  bigint: "bigint",
  boolean: "boolean",
  bool: "boolean",
  date: "date",
  time: "time",
  json: "json",
  jsonb: "jsonb",
  binary: "bytea",
  float: "real",
  double: "double precision",
  geometry: "geometry",
  geography: "geography",
  point: "point",
}

/** The type of a new column; null when a call makes none. */
function typeOf(reader: Reader, plan: Plan, { name: method, arguments: given }: Link, keyed: boolean): string | null {
  const [column, second, third] = given ?? []
  const lower = method.toLowerCase()
  const isKey = (node: Node | undefined, fallback: boolean): string => {
    const own = reader.options(node)
    return (own.has("primaryKey") ? own.flag("primaryKey") : node === undefined && fallback) && !keyed ? " primary key" : ""
  }
  switch (lower) {
    case "string":
    case "varchar":
      return `varchar(${second === undefined ? "255" : String(reader.number(second))})`
    case "increments":
      return `serial${isKey(second, true)}`
    case "bigincrements":
      return `bigserial${isKey(second, true)}`
    case "uuid":
      return `uuid${isKey(second, false)}`
    case "decimal":
      if (second !== undefined && reader.scalar(second).kind === "nothing") return "decimal"
      return `decimal(${second === undefined ? "8" : String(reader.number(second))}, ${third === undefined ? "2" : String(reader.number(third))})`
    case "timestamp":
    case "datetime":
      return timestampOf(reader, second, third)
    case "specifictype":
      return reader.text(second)
    case "enu":
    case "enum":
      return enumOf(reader, plan, column, second, third)
    default:
      return SIMPLE[lower] ?? null
  }
}

function timestampOf(reader: Reader, second: Node | undefined, third: Node | undefined): string {
  const isOptions = reader.isObject(second)
  const options = isOptions ? only(reader.options(second), ["useTz", "precision"]) : null
  const withTz = options === null ? second === undefined || !reader.flag(second) : !options.has("useTz") || options.flag("useTz")
  const precision = options === null ? (third === undefined ? null : reader.number(third)) : options.number("precision")
  return `${withTz ? "timestamptz" : "timestamp"}${precision === null ? "" : `(${String(precision)})`}`
}

function enumOf(reader: Reader, plan: Plan, column: Node | undefined, values: Node | undefined, given: Node | undefined): string {
  const options = only(reader.options(given), ["useNative", "enumName", "existingType", "schemaName"])
  const labels = (): string => (reader.list(values) ?? unknown()).map((value) => literal(reader.text(value))).join(", ")
  if (!options.flag("useNative")) return `text check (${quoted(reader.text(column)).sql} in (${labels()}))`
  const schema = options.text("schemaName") ?? plan.target.schema
  const own = `${schema === null ? "" : `"${schema}".`}"${options.text("enumName") ?? unknown()}"`
  if (!options.flag("existingType")) plan.types.push(sql`create type ${own} as enum (${labels()})`)
  return own
}

function readColumn(reader: Reader, plan: Plan, first: Link, rest: readonly Link[], type: string): void {
  const [column] = first.arguments ?? []
  const serial = isSerial(first)
  const own = column === undefined && serial ? "id" : reader.text(column)
  const target = quoted(own.trim(), column)
  const state = { nullable: null as boolean | null, default: null as string | null, comment: null as string | null, alter: null as { nullable: boolean; type: boolean } | null, checks: new Map<string, string>() }
  const later: Piece[][] = []
  for (const [index, { name: method, arguments: given }] of rest.entries()) {
    const [argument, other] = given ?? []
    switch (method) {
      case "notNullable":
      case "notNull":
        state.nullable = false
        break
      case "nullable":
        state.nullable = argument === undefined || reader.flag(argument)
        break
      case "default":
      case "defaultTo":
      case "defaultsTo":
        state.default = defaultOf(reader, argument, first.name)
        break
      case "comment":
        state.comment = reader.text(argument)
        break
      case "unsigned":
      case "first":
      case "after":
      case "collate":
        // Only other databases' builders read these.
        break
      case "alter": {
        const options = only(reader.options(argument), ["alterNullable", "alterType"])
        const flag = (key: string): boolean => !options.has(key) || options.flag(key)
        state.alter = { nullable: flag("alterNullable"), type: flag("alterType") }
        break
      }
      case "primary":
        if (!serial) addPrimary(reader, plan, [{ text: own, node: column ?? first.node }], argument, later)
        break
      case "unique":
        if (!serial) later.push(unique(reader, plan, [{ text: own, node: column ?? first.node }], argument))
        break
      case "index":
        if (!serial) later.push(index_(reader, plan, [{ text: own, node: column ?? first.node }], argument, other))
        break
      case "references": {
        later.push(foreignKey(reader, plan, { ...first, arguments: column === undefined ? [] : [column] }, rest.slice(index).filter((one) => FOREIGN.has(one.name))))
        break
      }
      case "checkPositive":
        state.checks.set(method, check(reader, argument, `${target.sql} > 0`))
        break
      case "checkNegative":
        state.checks.set(method, check(reader, argument, `${target.sql} < 0`))
        break
      case "checkIn":
      case "checkNotIn": {
        const values = (reader.list(argument) ?? unknown()).map((one) => literal(reader.text(one))).join(",")
        state.checks.set(method, check(reader, other, `${target.sql} ${method === "checkIn" ? "" : "not "}in (${values})`))
        break
      }
      case "checkBetween": {
        const list = reader.list(argument) ?? unknown()
        const pairs = list.map((one) => reader.list(one))
        const intervals = pairs.every((pair) => pair !== null) ? pairs : [list]
        const bounds = intervals.map((pair) => pair.map((bound) => String(reader.number(bound))).join(" and "))
        state.checks.set(method, check(reader, other, bounds.map((one) => `${target.sql} between ${one}`).join(" or ")))
        break
      }
      case "checkRegex":
        state.checks.set(method, check(reader, other, `${target.sql} ~ ${literal(reader.text(argument))}`))
        break
      default:
        // What follows `references` was read with it.
        if (!FOREIGN.has(method)) throw new Unknown()
    }
  }
  const required = state.nullable === null ? "" : state.nullable ? " null" : " not null"
  const value = state.default === null ? "" : ` default ${state.default}`
  const checks = [...state.checks.values()].map((one) => ` ${one}`).join("")
  if (state.alter !== null) {
    if (checks !== "" || serial) throw new Unknown()
    const change = (action: string): void => void plan.altered.push(sql`alter table ${tableSql(plan)} alter column ${target} ${action}`)
    change("drop default")
    if (state.alter.nullable) change("drop not null")
    if (state.alter.type) change(`type ${type} using (${target.sql}::${/^enu/i.test(first.name) ? "text::" : ""}${type})`)
    if (state.default !== null) change(`set default ${state.default}`)
    if (state.alter.nullable && state.nullable === false) change("set not null")
  } else plan.added.push(sql`${target} ${serial ? type : `${type}${required}${value}${checks}`}`)
  if (state.comment !== null) plan.comments.push(sql`comment on column ${tableSql(plan)}.${target} is ${literal(state.comment)}`)
  plan.later.push(...later)
}

function check(reader: Reader, constraint: Node | undefined, predicate: string): string {
  return `${constraint === undefined ? "" : `constraint ${reader.text(constraint)} `}check (${predicate})`
}

/** Knex puts even numbers into quotes. */
function defaultOf(reader: Reader, node: Node | undefined, method: string): string {
  if (node === undefined) return unknown()
  if (/^jsonb?$/.test(method) && /^(?:Object|Array)Expression$/.test(reader.resolved(node).type)) {
    // An array is an object too.
    return literal(jsonOf(reader, node))
  }
  const value = reader.scalar(node)
  const isBool = /^bool/.test(method)
  switch (value.kind) {
    case "nothing":
      return "null"
    case "raw":
      return value.sql
    case "text":
      return isBool ? (value.text === "false" || value.text === "" ? "'0'" : "'1'") : literal(value.text)
    case "number":
      return isBool ? (value.number === 0 ? "'0'" : "'1'") : `'${String(value.number)}'`
    case "flag":
      return isBool ? (value.flag ? "'1'" : "'0'") : `'${String(value.flag)}'`
  }
}

function timestamps(reader: Reader, plan: Plan, given: readonly Node[]): void {
  const [first] = given
  const options = reader.isObject(first) ? only(reader.options(first), ["useTimestamps", "defaultToNow", "useCamelCase"]) : null
  const flag = (index: number, key: string): boolean => {
    if (options !== null) return options.flag(key)
    const node = given[index]
    return node !== undefined && reader.flag(node)
  }
  const rest = flag(1, "defaultToNow") ? " not null default CURRENT_TIMESTAMP" : ""
  for (const column of flag(2, "useCamelCase") ? ["createdAt", "updatedAt"] : ["created_at", "updated_at"]) plan.added.push(sql`${quoted(column)} timestamptz${rest}`)
}

type Plain = (reader: Reader, plan: Plan, given: readonly Node[]) => void

const PLAIN: Readonly<Record<string, Plain>> = {
  index: (reader, plan, [keys, own, options]) => void plan.later.push(index_(reader, plan, keysOf(reader, keys), own, options)),
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

function addPrimary(reader: Reader, plan: Plan, keys: readonly Key[], own: Node | undefined, later: Piece[][]): void {
  const options = reader.isObject(own) ? only(reader.options(own), ["constraintName", "deferrable"]) : null
  const deferrable = options?.text("deferrable") ?? null
  const constraint = options === null ? primaryName(reader, plan, own) : name(options.text("constraintName") ?? `${plan.target.text}_pkey`, options.node("constraintName"))
  const key = sql`constraint ${constraint} primary key (${columns(keys)})${deferrable === null ? "" : ` deferrable initially ${deferrable}`}`
  if (!plan.creates) later.push(sql`alter table ${tableSql(plan)} add ${key}`)
  // The first one counts.
  else plan.primary ??= key
}

function unique(reader: Reader, plan: Plan, keys: readonly Key[], own: Node | undefined): Piece[] {
  const options = reader.isObject(own) ? only(reader.options(own), ["indexName", "deferrable", "useConstraint", "predicate"]) : null
  const deferrable = options?.text("deferrable") ?? null
  const predicate = options?.node("predicate")
  const given = options === null ? (own === undefined ? null : reader.text(own)) : options.text("indexName")
  const index = given === null ? quoted(indexName(plan, keys, "unique")) : name(given, options?.node("indexName") ?? own)
  const asConstraint = options?.has("useConstraint") === true ? options.flag("useConstraint") : deferrable !== null || predicate === undefined
  if (!asConstraint) return sql`create unique index ${index} on ${tableSql(plan)} (${columns(keys)})${predicate === undefined ? "" : predicateOf(reader, predicate)}`
  return sql`alter table ${tableSql(plan)} add constraint ${index} unique (${columns(keys)})${deferrable === null ? "" : ` deferrable initially ${deferrable}`}`
}

function index_(reader: Reader, plan: Plan, keys: readonly Key[], own: Node | undefined, given: Node | undefined): Piece[] {
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

const FOREIGN: ReadonlySet<string> = new Set(["references", "inTable", "on", "onDelete", "onUpdate", "withKeyName", "deferrable"])

function foreignKey(reader: Reader, plan: Plan, { arguments: given }: Link, rest: readonly Link[]): Piece[] {
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

function keysOf(reader: Reader, node: Node | undefined): readonly Key[] {
  const list = reader.list(node) ?? (node === undefined ? unknown() : [node])
  return list.map((element): Key => {
    const raw = reader.raw(element)
    return raw === null ? { text: reader.text(element), node: element } : { text: raw, node: element, sql: raw }
  })
}

function columns(keys: readonly Key[]): Part {
  return joined(keys.map(({ text, node, sql: raw }) => (raw === undefined ? name(text, node) : { sql: raw, node })))
}

function constraintName(reader: Reader, plan: Plan, kind: string, keys: Node | undefined, own: Node | undefined): Piece {
  return own === undefined ? quoted(indexName(plan, keysOf(reader, keys), kind)) : named(reader, own)
}

function primaryName(reader: Reader, plan: Plan, own: Node | undefined): Piece {
  return own === undefined ? name(`${plan.target.text}_pkey`) : named(reader, own)
}

function indexName({ target }: Plan, keys: readonly Text[], kind: string): string {
  return `${target.text.replace(/[.-]/g, "_")}_${keys.map(({ text }) => text).join("_")}_${kind}`.toLowerCase()
}

function tableOf({ text, schema, node }: Target): Piece {
  return name(schema === null ? text : `${schema}.${text}`, node)
}

/** The table, as a part of what a chain in the callback emits. */
function tableSql({ target }: Plan): string {
  return tableOf(target).sql
}

function named(reader: Reader, node: Node | undefined): Piece {
  return name(reader.text(node), node)
}

function unknown(): never {
  throw new Unknown()
}
