/** The statements that Ecto makes of tables. Source: lib/ecto/migration.ex and lib/ecto/adapters/postgres/connection.ex of ecto_sql 3. */
import type { Range } from "../expression.ts"
import { joined, within, type Part } from "../made.ts"
import { columnSql, defaultOf, isOpen, named, nameIn, namesIn, over, placed, referenceIn, referenceName, referenceSql, referencingType, typeOf, typePart } from "./columns.ts"
import type { Settings } from "./settings.ts"
import { isNil, NO_OPTIONS, optionsOf, textIn, truthOf, type Options, type Value } from "./values.ts"

export type Statement = readonly Part[]

/** What `table(:orders)` says. */
export interface Table {
  readonly name: string
  /** The schema that is named; null where none is. */
  readonly prefix: Value | null
  readonly sql: Part
  readonly options: Options
}

/** What a line in the block of a table changes. */
export interface Change {
  readonly action: "add" | "add_if_not_exists" | "modify" | "remove" | "remove_if_exists"
  readonly name: Value
  readonly type: Value | null
  readonly options: Options
  readonly range: Range
}

/** Null for what is no table, and for one whose name only running the code would tell. */
export function tableIn(value: Value | undefined, settings: Settings): Table | null {
  const [name, ...rest] = value?.kind === "call" && value.name === "table" ? value.args : []
  const options = optionsOf(rest)
  const given = options.option("prefix")
  const prefix = given === null || isNil(given) ? settings.prefix : given
  const text = textIn(name)
  const sql = name === undefined ? null : nameIn(prefix, name)
  return text === null || sql === null || !options.isWhole ? null : { name: text, prefix, sql, options }
}

/** The lines of `add :a, :text`, `modify`, `remove` and `timestamps()`; null for another call, and for what is not known. */
export function changesOf(name: string, args: readonly Value[], range: Range, settings: Settings): readonly Change[] | null {
  const [first, second, ...rest] = args
  if (name === "timestamps") return timestamps(optionsOf(args), range, settings)
  if (name !== "add" && name !== "add_if_not_exists" && name !== "modify" && name !== "remove" && name !== "remove_if_exists") return null
  const isRemoving = name.startsWith("remove")
  const options = optionsOf(rest)
  if (first === undefined || textIn(first) === null || (second === undefined && !isRemoving) || !options.isWhole) return null
  return [{ action: name, name: first, type: second ?? null, options, range }]
}

const NAIVE: Value = { kind: "atom", text: "naive_datetime", range: null }
const FALSE: Value = { kind: "atom", text: "false", range: null }

function timestamps(given: Options, range: Range, settings: Settings): readonly Change[] | null {
  const all = over(given, settings.timestamps)
  if (!all.isWhole) return null
  const options: Options = { ...all, option: (name) => (/^(?:type|inserted_at|updated_at)$/.test(name) ? null : (all.option(name) ?? (name === "null" ? FALSE : null))) }
  const names = ["inserted_at", "updated_at"].map((text) => all.option(text) ?? { kind: "atom" as const, text, range: null })
  if (names.some((name) => textIn(name) === null)) return null
  return names.flatMap((name): Change[] => (truthOf(name) === false ? [] : [{ action: "add", name, type: all.option("type") ?? NAIVE, options, range }]))
}

/** CREATE TABLE with the key that it has without a line for it; null for what only running the code would tell. */
export function createTable(table: Table, changes: readonly Change[], ifNotExists: boolean, settings: Settings): Statement | null {
  const key = primaryKey(table, settings)
  if (key === undefined) return null
  const all = key === null ? changes : [key, ...changes]
  const elements = all.map((change): readonly Part[] | null => {
    if (change.action !== "add" || change.type === null) return null
    const column = columnSql(change.name, change.type, change.options, settings)
    const reference = referenceIn(change.type, settings)
    const constraint = reference && referenceSql(reference, table, change.name)
    if (column === null || (reference !== null && constraint === null)) return null
    return at(change, constraint === null ? column : [...column, ", ", ...constraint])
  })
  const keys = keysOf(all)
  const [modifiers, options] = [table.options.option("modifiers"), table.options.option("options")].map((value) => (isNil(value) ? null : value))
  const [before, after] = [textOr(modifiers), textOr(options)]
  if (elements.some((one) => one === null) || keys === null || before === null || after === null) return null
  const columns = elements.flatMap((one) => (one === null ? [] : [one]))
  const constraints = keys.length === 0 ? [] : [["PRIMARY KEY (", ...keys, ")"]]
  return [
    `CREATE ${before === "" ? "" : `${before} `}TABLE ${ifNotExists ? "IF NOT EXISTS " : ""}`,
    table.sql,
    " (",
    ...joined([...columns, ...constraints]),
    ")",
    ...(after === "" || options == null ? [] : [placed(` ${after}`, options)]),
  ]
}

/** The text of an option; none where it is not given, null for what is not known. */
function textOr(value: Value | null | undefined): string | null {
  return value == null ? "" : textIn(value)
}

/** What comes from no part of the code comes from the line; that of a key comes from the call as a whole. */
function at({ range }: Pick<Change, "range">, parts: readonly Part[]): readonly Part[] {
  return range.to > range.from ? within(range, parts) : parts
}

const NOWHERE: Range = { from: 0, to: 0 }
const TRUE: Value = { kind: "atom", text: "true", range: null }

/** Null for none, undefined for what is not known. */
function primaryKey({ options }: Table, settings: Settings): Change | null | undefined {
  const given = options.option("primary_key")
  const truth = truthOf(given)
  if (truth === false) return null
  const own = given === null || truth === true ? settings.primaryKey : given.kind === "list" ? optionsOf(given.items) : undefined
  if (own === null || own === undefined) return own
  if (!own.isWhole) return undefined
  const name = own.option("name") ?? { kind: "atom" as const, text: "id", range: null }
  const type = own.option("type") ?? { kind: "atom" as const, text: "bigserial", range: null }
  return { action: "add", name, type, options: { ...own, option: (option) => (option === "primary_key" ? TRUE : own.option(option)) }, range: NOWHERE }
}

/** The columns that are marked as the primary key; null for what is not known. */
function keysOf(changes: readonly Change[]): readonly Part[] | null {
  const marks = changes.map(({ options }) => options.option("primary_key"))
  if (marks.some((mark) => mark !== null && truthOf(mark) === null && !isNil(mark))) return null
  return namesIn(changes.flatMap(({ action, name }, index) => (action.startsWith("remove") || truthOf(marks[index] ?? null) !== true ? [] : [name])))
}

/** ALTER TABLE with all lines of a block in one statement; null for what only running the code would tell. */
export function alterTable(table: Table, changes: readonly Change[], settings: Settings): Statement | null {
  const actions = changes.map((change) => {
    const parts = actionsOf(table, change, settings)
    return parts && at(change, parts)
  })
  const keys = keysOf(changes)
  if (actions.some((one) => one === null) || keys === null) return null
  const all = actions.flatMap((one) => (one === null ? [] : [one]))
  return ["ALTER TABLE ", table.sql, " ", ...joined([...all, ...(keys.length === 0 ? [] : [["ADD PRIMARY KEY (", ...keys, ")"]])])]
}

function actionsOf(table: Table, change: Change, settings: Settings): readonly Part[] | null {
  const { action, name, type, options } = change
  const column = named(name)
  if (column === null) return null
  const reference = referenceIn(type, settings)
  if (action === "remove" || action === "remove_if_exists") {
    const exists = action === "remove" ? "" : "IF EXISTS "
    const constraint = reference && referenceName(reference, table.name, name)
    if (reference !== null && (constraint === null || !reference.options.isWhole)) return null
    return [...(constraint === null ? [] : [`DROP CONSTRAINT ${exists}`, constraint, ", "]), `DROP COLUMN ${exists}`, column]
  }
  if (type === null) return null
  const constraint = reference && referenceSql(reference, table, name)
  if (reference !== null && constraint === null) return null
  if (action === "modify") return modified(table, change, type, settings, constraint)
  const definition = columnSql(name, type, options, settings)
  return definition && [`ADD COLUMN ${action === "add" ? "" : "IF NOT EXISTS "}`, ...definition, ...(constraint === null ? [] : [", ADD ", ...constraint])]
}

function modified(table: Table, { name, options }: Change, type: Value, settings: Settings, constraint: readonly Part[] | null): readonly Part[] | null {
  const column = named(name)
  const reference = referenceIn(type, settings)
  const sqlType = typePart(type, reference === null ? typeWith(type, options, settings) : referencingType(reference, options, settings))
  const [from, value, isNull, collation] = [options.option("from"), options.option("default"), options.option("null"), options.option("collation")]
  const earlier = referenceIn(from?.kind === "tuple" ? (from.items[0] ?? null) : from, settings)
  const dropped = earlier && referenceName(earlier, table.name, name)
  const truth = truthOf(isNull)
  const written = value === null ? [] : defaultOf(value, reference?.type ?? type, settings)
  const order = collation === null ? "" : textIn(collation)
  if (column === null || sqlType === null || written === null || order === null || (earlier !== null && dropped === null)) return null
  if (from?.kind === "unknown" || (truth === null && isOpen(isNull))) return null
  return [
    ...(dropped === null ? [] : ["DROP CONSTRAINT ", dropped, ", "]),
    "ALTER COLUMN ",
    column,
    " TYPE ",
    sqlType,
    ...(constraint === null ? [] : [", ADD ", ...constraint]),
    ...(isNull === null || truth === null ? [] : [", ALTER COLUMN ", column, placed(truth ? " DROP NOT NULL" : " SET NOT NULL", isNull)]),
    ...(value === null ? [] : [", ALTER COLUMN ", column, " SET", ...written]),
    order === "" ? "" : ` COLLATE "${order}"`,
  ]
}

/** What reverts the lines of a block; null where Ecto cannot. */
export function reverted(changes: readonly Change[]): readonly Change[] | null {
  const all = changes.map((change): Change | null => {
    const { action, type, options } = change
    if (type === null) return null
    if (action === "add") return { ...change, action: "remove", options: NO_OPTIONS }
    if (action === "remove") return { ...change, action: "add" }
    const from = action === "modify" ? options.option("from") : null
    const [earlier, list] = from?.kind === "tuple" ? from.items : [from]
    if (from === null || earlier === undefined || earlier === null) return null
    // Arrays and maps are tuples, too.
    const isPair = list?.kind === "list"
    const others = isPair ? optionsOf(list.items) : options
    return { ...change, type: isPair ? earlier : from, options: { ...others, option: (name) => (name === "from" ? type : others.option(name)) } }
  })
  const known = all.flatMap((change) => (change === null ? [] : [change]))
  return known.length < all.length ? null : known.reverse()
}

/** A type; null where something generates its values. */
function typeWith(type: Value, options: Options, settings: Settings): string | null {
  return options.option("generated") === null ? typeOf(type, options, settings) : null
}
