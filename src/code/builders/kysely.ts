/** What Kysely 0.28 emits for the chains of `db.schema`. Checked against the library in test/tools. */
import type { Node } from "../../embedded/node.ts"
import { attempt, bodyOf, functionOf, scalarSql, Unknown, type Builder, type Reader, type Step } from "../call.ts"
import { chainOf, type Link } from "../chain.ts"
import { joined, literal, name, quoted, sql, within, type Part, type Piece } from "../pieces.ts"
import { child, children, textOf, unwrap } from "../../embedded/node.ts"

export const KYSELY: Builder = {
  receiver: /(?:^|\.)schema$/,
  get calls() { return { "db.schema": ["withSchema", ...Object.keys(EMITTERS)] } },
  read(links, reader) {
    // Nothing is sent before it is executed; a chain that is only compiled or kept is not sent here.
    const end = links.findIndex((link) => link.name === "execute")
    const whole = links[end < 0 ? links.length - 1 : end]
    if (whole === undefined) return []
    const calls = links.slice(0, end < 0 ? links.length : end).filter((link) => link.name !== "$call")
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

/** What is chained to the promise. */
function after(links: readonly Link[], end: number): Step[] {
  return end < 0 ? [] : links.slice(end + 1).map((link): Step => ({ kind: "skip", link }))
}

interface Call {
  readonly reader: Reader
  readonly schema: string | null
  readonly given: readonly Node[]
  readonly modifiers: readonly Link[]
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

function createTable(call: Call): Piece[] {
  const { reader, modifiers } = call
  const columns: Piece[][] = []
  const constraints: Piece[][] = []
  let [front, end, commit] = ["", "", ""]
  for (const link of modifiers) {
    const [first] = link.arguments ?? []
    switch (link.name) {
      case "addColumn":
        columns.push(column(call, link))
        break
      case "modifyFront":
        front += `${reader.raw(first) ?? unknown()} `
        break
      case "modifyEnd":
        end += ` ${reader.raw(first) ?? unknown()}`
        break
      case "onCommit":
        commit = ` on commit ${reader.text(first)}`
        break
      case "temporary":
      case "ifNotExists":
        break
      default:
        constraints.push(constraint(call, link) ?? unknown())
    }
  }
  const words = `${front}${flag(modifiers, "temporary", "temporary ")}table ${flag(modifiers, "ifNotExists", "if not exists ")}`
  return sql`create ${words}${table(call, call.given[0])} (${joined([...columns, ...constraints])})${commit}${end}`
}

function alterTable(call: Call): Piece[] {
  const { reader, modifiers } = call
  const actions: Piece[][] = []
  let single: Piece[] | null = null
  for (const [index, link] of modifiers.entries()) {
    const [first, second] = link.arguments ?? []
    const action = (pieces: Piece[]): void => void actions.push(within(first ?? link.node, pieces))
    switch (link.name) {
      case "addColumn":
        action(sql`add column ${column(call, link)}`)
        break
      case "dropColumn":
        action(sql`drop column ${ref(reader, first)}`)
        break
      case "renameColumn":
        action(sql`rename column ${ref(reader, first)} to ${ref(reader, second)}`)
        break
      case "alterColumn":
        for (const change of alterations(reader, second)) action(sql`alter column ${ref(reader, first)} ${change}`)
        break
      case "renameTo":
        single = sql`rename to ${table(call, first)}`
        break
      case "setSchema":
        single = sql`set schema ${named(reader, first)}`
        break
      case "dropConstraint": {
        const rest = modifiers.slice(index + 1)
        only(rest, ["ifExists", "cascade", "restrict"])
        single = sql`drop constraint ${flag(rest, "ifExists", "if exists ")}${named(reader, first)}${flag(rest, "cascade", " cascade")}${flag(rest, "restrict", " restrict")}`
        break
      }
      case "renameConstraint":
        single = sql`rename constraint ${named(reader, first)} to ${named(reader, second)}`
        break
      case "ifExists":
      case "cascade":
      case "restrict":
        break
      default: {
        // The builder of a foreign key takes its actions as further links.
        if (single !== null && CONSTRAINT_WORDS[link.name] !== undefined) break
        single = sql`add ${constraint(call, link, modifiers.slice(index + 1)) ?? unknown()}`
      }
    }
  }
  if ((single === null) === (actions.length === 0)) return unknown()
  return sql`alter table ${table(call, call.given[0])} ${single ?? joined(actions)}`
}

function alterations(reader: Reader, callback: Node | undefined): string[] {
  const { chains, others } = bodyOf(reader, callback)
  const [chain] = chains
  if (chain === undefined || chains.length > 1 || others.length > 0) return unknown()
  return chain.links.map(({ name: method, arguments: given }) => {
    switch (method) {
      case "setDataType":
        return `type ${dataType(reader, given?.[0])}`
      case "setDefault":
        return `set default ${valueOf(reader, given?.[0])}`
      case "dropDefault":
        return "drop default"
      case "setNotNull":
        return "set not null"
      case "dropNotNull":
        return "drop not null"
      default:
        return unknown()
    }
  })
}

/** `addColumn(name, type, (c) => c.notNull())`. */
function column({ reader, schema }: Call, { arguments: given, node }: Link): Piece[] {
  const [own, type, callback] = given ?? []
  const state = { generated: "", identity: "", default: "", references: "", onDelete: "", onUpdate: "", check: "", front: "", end: "" }
  const flags = new Set<string>()
  for (const { name: method, arguments: values } of callback === undefined ? [] : modifiersOf(reader, callback)) {
    const [first] = values ?? []
    switch (method) {
      case "notNull":
      case "unique":
      case "primaryKey":
      case "nullsNotDistinct":
      case "ifNotExists":
      case "stored":
        flags.add(method)
        break
      case "defaultTo":
        state.default = ` default ${valueOf(reader, first)}`
        break
      case "references": {
        const path = reader.text(first).split(".")
        const key = path.pop() ?? unknown()
        state.references = ` references ${name((schema !== null && path.length === 1 ? [schema, ...path] : path).join(".")).sql} (${quoted(key).sql})`
        break
      }
      case "onDelete":
        state.onDelete = ` on delete ${reader.text(first)}`
        break
      case "onUpdate":
        state.onUpdate = ` on update ${reader.text(first)}`
        break
      case "check":
        state.check = ` check (${reader.raw(first) ?? unknown()})`
        break
      case "generatedAlwaysAs":
        state.generated = ` generated always as (${reader.raw(first) ?? unknown()})`
        break
      case "generatedAlwaysAsIdentity":
        state.generated = " generated always as identity"
        break
      case "generatedByDefaultAsIdentity":
        state.generated = " generated by default as identity"
        break
      case "modifyFront":
        state.front += ` ${reader.raw(first) ?? unknown()}`
        break
      case "modifyEnd":
        state.end += ` ${reader.raw(first) ?? unknown()}`
        break
      default:
        return unknown()
    }
  }
  const has = (word: string, text: string): string => (flags.has(word) ? text : "")
  const generated = `${state.generated}${has("stored", " stored")}`
  const keys = `${state.default}${has("notNull", " not null")}${has("unique", " unique")}${has("nullsNotDistinct", " nulls not distinct")}${has("primaryKey", " primary key")}`
  const rest = `${keys}${state.references}${state.onDelete}${state.onUpdate}${state.check}${state.end}`
  return within(own ?? node, sql`${has("ifNotExists", "if not exists ")}${ref(reader, own)} ${dataType(reader, type)}${state.front}${generated}${rest}`)
}

const CONSTRAINT_WORDS: Readonly<Record<string, string>> = {
  deferrable: " deferrable",
  notDeferrable: " not deferrable",
  initiallyDeferred: " initially deferred",
  initiallyImmediate: " initially immediate",
  onDelete: " on delete ",
  onUpdate: " on update ",
}

/** A constraint of a table; null for other calls. */
function constraint(call: Call, { name: method, arguments: given }: Link, following: readonly Link[] = []): Piece[] | null {
  const { reader } = call
  const [own, second, third, fourth, fifth] = given ?? []
  const list = (node: Node | undefined): Part => joined((reader.list(node) ?? unknown()).map((one) => expression(reader, one)))
  const rest = (callback: Node | undefined): { actions: string; before: string; deferrable: string } => {
    const links = [...(callback === undefined ? [] : modifiersOf(reader, callback)), ...following]
    const words = (test: (key: string) => boolean): string =>
      links.filter((link) => test(link.name)).map((link) => `${CONSTRAINT_WORDS[link.name] ?? ""}${link.name.startsWith("on") ? reader.text(link.arguments?.[0]) : ""}`).join("")
    only(links, [...Object.keys(CONSTRAINT_WORDS), "nullsNotDistinct"])
    return {
      actions: words((key) => key === "onDelete") + words((key) => key === "onUpdate"),
      before: links.some((link) => link.name === "nullsNotDistinct") ? " nulls not distinct" : "",
      deferrable: words((key) => /deferrable$/i.test(key)) + words((key) => key.startsWith("initially")),
    }
  }
  const head = sql`constraint ${named(reader, own)} `
  switch (method) {
    case "addPrimaryKeyConstraint":
      return sql`${head}primary key (${list(second)})${rest(third).deferrable}`
    case "addUniqueConstraint": {
      const { before, deferrable } = rest(third)
      return sql`${head}unique${before} (${list(second)})${deferrable}`
    }
    case "addCheckConstraint":
      return sql`${head}check (${{ sql: reader.raw(second) ?? unknown(), ...(second === undefined ? {} : { node: second }) }})`
    case "addForeignKeyConstraint": {
      const { actions, deferrable } = rest(fifth)
      return sql`${head}foreign key (${list(second)}) references ${table(call, third)} (${list(fourth)})${actions}${deferrable}`
    }
    default:
      return null
  }
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

/** The calls on a callback's builder. */
function modifiersOf(reader: Reader, callback: Node): readonly Link[] {
  // A callback that returns its builder as it is: `(c) => c`.
  const own = functionOf(reader, callback)
  const body = child(own, "body")
  const [parameter] = children(own, "params")
  if (body?.type === "Identifier" && parameter !== undefined && textOf(unwrap(body), "name") === textOf(parameter, "name")) return []
  const { chains, others } = bodyOf(reader, own)
  const [chain] = chains
  return chain === undefined || chains.length > 1 || others.length > 0 ? unknown() : chain.links
}

/** `"a"`, `"a desc"`, or SQL. */
function expression(reader: Reader, node: Node | undefined): Piece[] {
  const raw = reader.raw(node)
  if (raw !== null) return sql`${node === undefined ? raw : { sql: raw, node }}`
  const [column = "", ...order] = reader.text(node).split(" ")
  return sql`${name(column, node)}${order.length === 0 ? "" : ` ${order.join(" ")}`}`
}

function dataType(reader: Reader, node: Node | undefined): string {
  return reader.raw(node) ?? reader.text(node)
}

function valueOf(reader: Reader, node: Node | undefined): string {
  return scalarSql(reader.scalar(node))
}

function table({ reader, schema }: Call, node: Node | undefined): Piece {
  const text = reader.text(node)
  return name(schema === null || text.includes(".") ? text : `${schema}.${text}`, node)
}

function ref(reader: Reader, node: Node | undefined): Piece {
  return name(reader.text(node), node)
}

function named(reader: Reader, node: Node | undefined): Piece {
  return quoted(reader.text(node), node)
}

function flag(links: readonly Link[], method: string, words: string): string {
  return links.some((link) => link.name === method) ? words : ""
}

function only(links: readonly Link[], known: readonly string[]): void {
  if (links.some((link) => !known.includes(link.name))) unknown()
}

function unknown(): never {
  throw new Unknown()
}
