/** The indexes and constraints that Ecto makes. Source: lib/ecto/migration.ex and lib/ecto/adapters/postgres/connection.ex of ecto_sql 3. */
import { joined, type Part } from "../made.ts"
import { named, nameIn, placed } from "./columns.ts"
import type { Settings } from "./settings.ts"
import type { Statement } from "./tables.ts"
import { isNil, optionsOf, textIn, truthOf, type Options, type Value } from "./values.ts"

/** What `index(:orders, [:region])` says. */
export interface Index {
  readonly table: Value
  readonly columns: readonly Value[]
  readonly options: Options
  readonly isUnique: boolean
  readonly prefix: Value | null
}

/** Null for what is no index, and for options that only running the code would tell. */
export function indexIn(value: Value | undefined, settings: Settings): Index | null {
  if (value?.kind !== "call" || !/^(?:unique_)?index$/.test(value.name)) return null
  const [table, columns, ...rest] = value.args
  const options = optionsOf(rest)
  if (table === undefined || columns === undefined || !options.isWhole) return null
  const unique = options.option("unique")
  const isUnique = value.name === "unique_index" || truthOf(unique) === true
  if (unique !== null && truthOf(unique) === null) return null
  return { table, columns: columns.kind === "list" ? columns.items : [columns], options, isUnique, prefix: prefixOf(options, settings) }
}

function prefixOf({ option }: Options, settings: Settings): Value | null {
  const prefix = option("prefix")
  return prefix === null || isNil(prefix) ? settings.prefix : prefix
}

/** Flags and texts of an index; null for what is not known. */
function flag({ options }: Index, name: string): boolean | null {
  const value = options.option(name)
  return value === null || isNil(value) ? false : truthOf(value)
}

function indexName({ table, columns, options }: Index): Value | null {
  const written = options.option("name")
  if (written !== null && !isNil(written)) return written
  const texts = [table, ...columns.map((column) => orderedIn(column)?.key ?? column)].map(textIn)
  // Ecto looks at bytes.
  if (texts.some((text) => text === null || /[^\0-\x7f]/.test(text))) return null
  const parts = [...texts, "index"].map((text) => (text ?? "").replace(/\W/g, "_").replace(/_+$/, ""))
  return { kind: "atom", text: parts.join("_"), range: null }
}

/** `desc: :at`, `{:desc, :at}` */
function orderedIn(column: Value): { readonly order: Value; readonly key: Value } | null {
  if (column.kind === "pair") return { order: column.key, key: column.value }
  const [order, key] = column.kind === "tuple" ? column.items : []
  return order === undefined || key === undefined ? null : { order, key }
}

/** The keys of an index: columns, expressions in texts, either with an order. */
function keyOf(column: Value): readonly Part[] | null {
  const ordered = orderedIn(column)
  if (ordered !== null) {
    const key = keyOf(ordered.key)
    const order = textIn(ordered.order)
    return key === null || order === null || !/^(?:asc|desc)(?:_nulls_(?:first|last))?$/.test(order) ? null : [...key, ` ${order.toUpperCase().replaceAll("_", " ")}`]
  }
  if (column.kind !== "text") return column.kind === "atom" ? keyOr(named(column)) : null
  const text = textIn(column)
  return text === null ? null : [placed(text, column)]
}

function keyOr(part: Part | null): readonly Part[] | null {
  return part === null ? null : [part]
}

export function createIndex(index: Index, ifNotExists: boolean): Statement | null {
  const { options, isUnique } = index
  const name = indexName(index)
  const quoted = name && named(name)
  const table = nameIn(index.prefix, index.table)
  const keys = index.columns.map(keyOf)
  const included = listOf(options.option("include")).map(keyOf)
  const [concurrently, only] = [flag(index, "concurrently"), flag(index, "only")]
  const [using, where, storage] = ["using", "where", "options"].map((option) => given(options.option(option)))
  const distinct = nullsDistinct(options.option("nulls_distinct"))
  if (quoted === null || table === null || concurrently === null || only === null || distinct === null) return null
  if ([...keys, ...included].some((key) => key === null) || [using, where, storage].some((value) => value != null && textIn(value) === null)) return null
  const list = (all: readonly (readonly Part[] | null)[]): readonly Part[] => joined(all.flatMap((key) => (key === null ? [] : [key])))
  return [
    `CREATE ${isUnique ? "UNIQUE " : ""}INDEX ${concurrently ? "CONCURRENTLY " : ""}${ifNotExists ? "IF NOT EXISTS " : ""}`,
    quoted,
    ` ON ${only ? "ONLY " : ""}`,
    table,
    using == null ? "" : ` USING ${textIn(using) ?? ""}`,
    " (",
    ...list(keys),
    ")",
    ...(included.length === 0 ? [] : [" INCLUDE (", ...list(included), ")"]),
    distinct,
    storage == null ? "" : ` WITH (${textIn(storage) ?? ""})`,
    ...(where == null ? [] : [" WHERE ", placed(textIn(where) ?? "", where)]),
  ]
}

function listOf(value: Value | null): readonly Value[] {
  return value === null || isNil(value) ? [] : value.kind === "list" ? value.items : [value]
}

function given(value: Value | null): Value | null {
  return isNil(value) ? null : value
}

function nullsDistinct(value: Value | null): string | null {
  if (value === null || isNil(value)) return ""
  const truth = truthOf(value)
  return truth === null ? null : truth ? " NULLS DISTINCT" : " NULLS NOT DISTINCT"
}

/** @param mode ` CASCADE` or nothing. */
export function dropIndex(index: Index, exists: string, mode: string): Statement | null {
  const name = indexName(index)
  const quoted = name && nameIn(index.prefix, name)
  const concurrently = flag(index, "concurrently")
  return quoted === null || concurrently === null ? null : [`DROP INDEX ${concurrently ? "CONCURRENTLY " : ""}${exists}`, quoted, mode]
}

/** @param isReverting It gets its first name again. */
export function renameIndex(index: Index, to: Value, isReverting: boolean): Statement | null {
  const name = indexName(index)
  if (name === null) return null
  const [quoted, newName] = isReverting ? [nameIn(index.prefix, to), named(name)] : [nameIn(index.prefix, name), named(to)]
  return quoted === null || newName === null ? null : ["ALTER INDEX ", quoted, " RENAME TO ", newName]
}

/** What `constraint(:orders, :positive)` says. */
export interface Constraint {
  readonly table: Part
  readonly name: Part
  readonly options: Options
}

export function constraintIn(value: Value | undefined, settings: Settings): Constraint | null {
  const [table, name, ...rest] = value?.kind === "call" && value.name === "constraint" ? value.args : []
  const options = optionsOf(rest)
  const part = table === undefined ? null : nameIn(prefixOf(options, settings), table)
  const own = name === undefined ? null : named(name)
  return part === null || own === null || !options.isWhole ? null : { table: part, name: own, options }
}

/** @param mode ` CASCADE` or nothing. */
export function dropConstraint({ table, name }: Constraint, exists: string, mode: string): Statement {
  return ["ALTER TABLE ", table, ` DROP CONSTRAINT ${exists}`, name, mode]
}

export function addConstraint({ table, name, options }: Constraint): Statement | null {
  const [check, exclude] = [given(options.option("check")), given(options.option("exclude"))]
  const validate = options.option("validate")
  const isValid = validate === null ? true : truthOf(validate)
  const expression = check ?? exclude
  const text = expression?.kind === "text" ? textIn(expression) : null
  if (expression === null || text === null || isValid === null) return null
  const what = check === null ? ` EXCLUDE USING ${text}` : ` CHECK (${text})`
  return ["ALTER TABLE ", table, " ADD CONSTRAINT ", name, placed(what, expression), isValid ? "" : " NOT VALID"]
}
