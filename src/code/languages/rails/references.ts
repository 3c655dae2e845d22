/** References from table to table: columns with an index and perhaps a foreign key; and the two columns for times. */
import type { Arguments, Said } from "../arguments.ts"
import { plural } from "../inflections.ts"
import { named, quoted, type Part } from "../made.ts"
import { columnOf } from "./columns.ts"
import { createIndex } from "./indexes.ts"
import { foreignKey } from "./keys.ts"
import { alter, ifOption, texts, type Rails, type Statement } from "./statement.ts"
import { hashAt, isFalse, isNil, isTrue, textAt } from "./values.ts"

/** What `references` and `add_reference` make: columns, perhaps an index and a foreign key. */
export interface Reference {
  readonly columns: readonly (readonly Part[])[]
  readonly index: Statement | null
  readonly key: readonly Part[] | null
  readonly isValid: boolean
}

/** Null for what only running the code would tell. */
export function referenceOf(table: Said, name: Said, args: Arguments, rails: Rails): Reference | null {
  const { tokens } = args
  const column: Said = { text: `${name.text}_id`, range: name.range }
  const type = textAt(tokens, args.option("type"))
  if (args.option("type") !== null && type === null) return null
  const own = columnOf(column, type?.text ?? (rails.version >= 5.1 ? "bigint" : "integer"), type ?? name, args, rails.version)
  const isPolymorphic = args.option("polymorphic") !== null && !isFalse(tokens, args.option("polymorphic"))
  const kind: Said = { text: `${name.text}_type`, range: name.range }
  const isRequired = isFalse(tokens, args.option("null"))
  const columns = isPolymorphic ? [[named(kind), ` character varying${isRequired ? " NOT NULL" : ""}`], own] : [own]
  const [index, key] = [optionsOf(args, "index", rails.version >= 5), optionsOf(args, "foreign_key", false)]
  if (own === null || index === undefined || key === undefined) return null
  const indexed = index && createIndex(table, isPolymorphic ? [kind, column] : [column], index, rails, isPolymorphic && rails.version >= 6.1 ? `index_${table.text}_on_${name.text}` : undefined)
  const to = key && (textAt(tokens, key.option("to_table")) ?? (key.option("to_table") === null ? { text: plural(name.text), range: name.range } : null))
  const constraint = key && to && foreignKey(table.text, to, key, column.text)
  if ((index !== null && indexed === null) || (key !== null && constraint === null)) return null
  return { columns: columns.flatMap((one) => (one === null ? [] : [one])), index: indexed, key: constraint, isValid: key === null || !isFalse(tokens, key.option("validate")) }
}

/** Options of their own that an option may hold: `true` for none; null where it is off, undefined for what only running the code would tell. */
function optionsOf({ tokens, option }: Arguments, name: string, isDefault: boolean): Arguments | null | undefined {
  const range = option(name)
  const none: Arguments = { tokens, given: [], option: () => null, isWhole: true }
  if (range === null) return isDefault ? none : null
  if (isTrue(tokens, range)) return none
  if (isFalse(tokens, range) || isNil(tokens, range)) return null
  return hashAt(tokens, range) ?? undefined
}

export function addReference(args: Arguments, rails: Rails): readonly Statement[] | null {
  const [table, name] = texts(args, 2)
  const reference = table === undefined || name === undefined ? null : referenceOf(table, name, args, rails)
  if (table === undefined || reference === null) return null
  const { columns, index, key, isValid } = reference
  const statements: Statement[] = columns.map((column) => alter(table, ["ADD COLUMN ", ifOption(args, "if_not_exists", "IF NOT EXISTS "), ...column]))
  if (index !== null) statements.push(index)
  if (key !== null) statements.push(alter(table, ["ADD ", ...key, isValid ? "" : " NOT VALID"]))
  return statements
}

export function removeReference(args: Arguments): readonly Statement[] | null {
  const [table, name] = texts(args, 2)
  if (table === undefined || name === undefined) return null
  const isPolymorphic = isTrue(args.tokens, args.option("polymorphic"))
  return [`${name.text}_id`, ...(isPolymorphic ? [`${name.text}_type`] : [])].map((text) => alter(table, ["DROP COLUMN ", ifOption(args, "if_exists", "IF EXISTS "), { sql: quoted(text), range: name.range }]))
}

/** `created_at` and `updated_at`, which were nullable before 5.0. */
export function timestamps(args: Arguments, version: number, place: Said): readonly (readonly Part[])[] | null {
  const columns = ["created_at", "updated_at"].map((text) => {
    // Earlier than for other times.
    const column = columnOf({ text, range: place.range }, "datetime", place, args, version, version >= 6)
    return column && (args.option("null") === null && version >= 5 ? [...column, " NOT NULL"] : column)
  })
  return columns.some((column) => column === null) ? null : columns.flatMap((column) => (column === null ? [] : [column]))
}
