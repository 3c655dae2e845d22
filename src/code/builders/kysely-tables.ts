/** Tables as Kysely writes them: columns, constraints, and the actions of ALTER TABLE. */
import type { Node } from "../../embedded/node.ts"
import { bodyOf } from "../body.ts"
import { unknown, type Reader } from "../call.ts"
import type { Link } from "../chain.ts"
import { joined, name, quoted, sql, within, type Part, type Piece } from "../pieces.ts"
import { expression, flag, modifiersOf, named, only, ref, table, valueOf, type Call } from "./kysely-call.ts"

/** `createTable()` with its columns and constraints. */
export function createTable(call: Call): Piece[] {
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

/** `alterTable()`: actions on columns, or one single other change. */
export function alterTable(call: Call): Piece[] {
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
  const { chains, maybe, others } = bodyOf(reader, callback)
  const [chain] = chains
  if (chain === undefined || chains.length > 1 || maybe.length + others.length > 0) return unknown()
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
export function column({ reader, schema }: Call, { arguments: given, node }: Link): Piece[] {
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

function dataType(reader: Reader, node: Node | undefined): string {
  return reader.raw(node) ?? reader.text(node)
}
