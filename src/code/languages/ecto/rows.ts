/**
 * What a repository makes of functions that change rows: `Repo.update_all(from(o in "orders", where: o.total > 5), set: [note: nil])`. Source:
 * lib/ecto/repo/queryable.ex of ecto 3 and lib/ecto/adapters/postgres/connection.ex of ecto_sql 3. Conditions and values that only running the
 * code would tell are holes.
 */
import { trimmed, type Range } from "../expression.ts"
import { joined, literal, quoted, unknown, type Part } from "../made.ts"
import { isSign, isWord, textOf } from "../tokens.ts"
import { evaluate } from "./evaluate.ts"
import { callAt, closingAt, elementsIn, operandsOf, sidesOf } from "./syntax.ts"
import { isNil, optionsOf, textIn, type Scope, type Value } from "./values.ts"

const FUNCTION = /(?:^|\.)[Rr]epo\.(update_all|delete_all|insert_all)$/

/** The function of a repository that changes rows; null for any other. */
export function rowsFunction(name: string): string | null {
  return FUNCTION.exec(name)?.[1] ?? null
}

/** Null for what only running the code would tell. @param whole The tokens of the call. */
export function rowsSql(scope: Scope, name: string, [first, ...rest]: readonly Value[], whole: Range): readonly Part[] | null {
  const source: Source = { scope, whole }
  if (name === "insert_all") return first === undefined ? null : inserted(source, first, rest)
  const query = first === undefined ? null : queryOf(source, first)
  const given = optionsOf(rest)
  const prefix = prefixOf(given.option("prefix"), query?.prefix)
  if (query === null || prefix === null) return null
  const table = tablePart(query, prefix)
  const where = whereOf(query.conditions)
  if (name === "delete_all") return ["DELETE FROM ", table, ...where]
  const sets = [...query.updates, ...rest.filter((value) => value.kind === "list")].map((list) => assignments(source, list, query.binding))
  const set = sets.flatMap((one) => one ?? [])
  return set.length === 0 || sets.includes(null) ? null : ["UPDATE ", table, " SET ", ...joined(set), ...where]
}

/** The code that a query stands in. */
interface Source {
  readonly scope: Scope
  /** The tokens of what is not in sight. */
  readonly whole: Range
}

interface Condition {
  readonly parts: readonly Part[]
  readonly isOther: boolean
}

interface Query {
  readonly table: string
  readonly at: Range
  /** Empty for none. */
  readonly prefix: string
  /** What the query calls its table. */
  readonly binding: string | null
  readonly conditions: readonly Condition[]
  readonly updates: readonly Value[]
}

function tablePart({ table, at }: Query, prefix: string): Part {
  return { sql: quoted(prefix === "" ? table : `${prefix}.${table}`), range: at }
}

/** The schema that is named; null for one that only running the code would tell. */
function prefixOf(value: Value | null, usual = ""): string | null {
  return value === null || isNil(value) ? usual : textIn(value)
}

/** Macros that pick no rows. */
const WITHOUT_EFFECT = /^(?:order_by|select|select_merge|preload|distinct|lock|exclude)$/
const WHERE = /^(?:or_)?where$/

/** Null for what only running the code would tell. */
function queryOf(source: Source, value: Value): Query | null {
  const at = value.range ?? source.whole
  if (value.kind === "tuple") return value.items[0]?.kind === "text" ? queryOf(source, value.items[0]) : null
  const table = value.kind === "text" ? textIn(value) : value.kind === "call" ? schemaIn(source.scope, value.name) : null
  if (table !== null) return { table, at, prefix: "", binding: null, conditions: [], updates: [] }
  if (value.kind !== "call") return null
  const name = value.name.replace(/^Ecto\.Query\./, "")
  const [first, ...rest] = value.args
  const inner = first === undefined ? null : name === "from" ? bound(source, first) : queryOf(source, first)
  if (inner === null) return null
  if (name === "from") return rest.flatMap((one) => (one.kind === "list" ? one.items : [one])).reduce<Query | null>((query, entry) => query && clause(source, query, entry.kind === "pair" ? textIn(entry.key) : null, entry.kind === "pair" ? entry.value : entry), inner)
  // `where(query, [o], o.total > 5)`
  const [binding, ...others] = rest
  const named = binding?.kind === "list" && others.length > 0 ? binding : undefined
  const what = named === undefined ? binding : others[0]
  return what === undefined && !WITHOUT_EFFECT.test(name) ? null : clause(source, { ...inner, binding: named === undefined ? inner.binding : bindingIn(source.scope, named) }, name, what ?? value)
}

/** `o in "orders"` */
function bound(source: Source, value: Value): Query | null {
  const { tokens } = source.scope
  const [name, table] = value.range === null ? [] : sidesOf(tokens, value.range, "in")
  if (name === undefined || table === undefined) return queryOf(source, value)
  const query = queryOf(source, evaluate(source.scope, table))
  return query && { ...query, binding: textOf(tokens[name.from]) }
}

/** `[o]`, `[o, l]` */
function bindingIn({ tokens }: Scope, { range }: Value): string | null {
  const [first] = range === null ? [] : elementsIn(tokens, { from: range.from + 1, to: range.to - 1 })
  return first?.to === (first?.from ?? 0) + 1 ? textOf(tokens[first?.from ?? 0]) : null
}

/** The query with one more of its parts; null for one that is not understood. */
function clause(source: Source, query: Query, name: string | null, value: Value): Query | null {
  if (name === null) return null
  if (WITHOUT_EFFECT.test(name)) return query
  if (name === "update") return { ...query, updates: [...query.updates, value] }
  if (name === "prefix") {
    const prefix = prefixOf(value)
    return prefix === null ? null : { ...query, prefix }
  }
  // Rows of other tables pick those of this one.
  const isJoin = /^(?:(?:inner_|left_|right_|full_|cross_)?(?:lateral_)?join|on)$/.test(name)
  if (!WHERE.test(name) && !isJoin) return null
  const parts = isJoin ? [unknown(value.range ?? source.whole)] : (keywords(source, value) ?? condition(source, value.range, query.binding))
  return { ...query, conditions: [...query.conditions, { parts, isOther: name === "or_where" }] }
}

function whereOf([first, ...more]: readonly Condition[]): readonly Part[] {
  if (first === undefined) return []
  return [" WHERE ", ...more.reduce((all, { parts, isOther }) => (isOther ? ["(", ...all, " OR ", ...parts, ")"] : [...all, " AND ", ...parts]), first.parts)]
}

/** The table of a schema that the file has: `schema "orders" do`. */
function schemaIn({ tokens }: Scope, module: string): string | null {
  const name = module.split(".").at(-1) ?? ""
  const start = /^[A-Z]/.test(name) ? tokens.findIndex((token, at) => isWord(token, name) && isModule(tokens, at, module)) : -1
  const at = start < 0 ? -1 : tokens.findIndex((token, index) => index > start && (isWord(token, "schema") || isWord(token, "defmodule")))
  return at < 0 || !isWord(tokens[at], "schema") ? null : textIn(evaluate({ tokens, isElsewhere: true, names: new Map(), functions: new Map(), depth: 0 }, { from: isSign(tokens[at + 1], "(") ? at + 2 : at + 1, to: isSign(tokens[at + 1], "(") ? at + 3 : at + 2 }))
}

/** Whether a module is defined whose name ends there: `defmodule Shop.Order do`. Its last part alone may be an alias of it. */
function isModule(tokens: Scope["tokens"], last: number, module: string): boolean {
  let at = last
  while (isSign(tokens[at - 1], ".")) at -= 2
  const name = tokens.slice(at, last + 1).map((token) => textOf(token) ?? "").join("")
  return isWord(tokens[at - 1], "defmodule") && (name === module || !module.includes("."))
}

/** `[set: [note: nil], inc: [count: 1]]`; null for what only running the code would tell. */
function assignments(source: Source, list: Value, binding: string | null): readonly Part[][] | null {
  const groups = list.kind === "list" ? list.items.filter((item) => item.kind !== "pair" || !/^(?:prefix|returning|log|timeout|skip_\w+)$/.test(textIn(item.key) ?? "")) : []
  const all = groups.map((group): readonly Part[][] | null => {
    const kind = group.kind === "pair" ? textIn(group.key) : null
    const entries = group.kind === "pair" && group.value.kind === "list" ? group.value.items : []
    if (!/^(?:set|inc)$/.test(kind ?? "") || entries.length === 0) return null
    const made = entries.map((entry): Part[] | null => {
      const column = entry.kind === "pair" ? textIn(entry.key) : null
      if (entry.kind !== "pair" || column === null) return null
      const name = quoted(column)
      const value = valueOf(source, entry.value, binding)
      return [{ sql: name, range: entry.key.range ?? source.whole }, " = ", ...(kind === "inc" ? [`${name} + `] : []), value]
    })
    return made.includes(null) ? null : made.flatMap((one) => (one === null ? [] : [one]))
  })
  return all.includes(null) ? null : all.flatMap((one) => one ?? [])
}

/** A literal, a column of the table, or a hole. */
function valueOf(source: Source, value: Value, binding: string | null): Part {
  const range = value.range ?? source.whole
  const text = textIn(value)
  if (value.kind === "text" && text !== null) return { sql: literal(text), range }
  if (value.kind === "number") return { sql: value.text, range }
  // Other atoms are values of an enumeration that the schema tells.
  if (value.kind === "atom" && /^(?:nil|true|false)$/.test(value.text)) return { sql: value.text === "nil" ? "NULL" : value.text, range }
  const column = value.range === null ? null : columnAt(source.scope, value.range, binding)
  return column ?? fragmentAt(source, value) ?? unknown(range)
}

/** `o.total` */
function columnAt({ tokens }: Scope, { from, to }: Range, binding: string | null): Part | null {
  const name = to === from + 3 && isSign(tokens[from + 1], ".") && isWord(tokens[from], binding ?? "") ? textOf(tokens[from + 2]) : null
  return name === null ? null : { sql: quoted(name), range: { from, to } }
}

/** `fragment("now()")`, without parameters. */
function fragmentAt({ whole }: Source, value: Value): Part | null {
  const [text, ...more] = value.kind === "call" && value.name === "fragment" ? value.args : []
  const sql = more.length > 0 ? null : textIn(text)
  return sql === null || text?.kind !== "text" ? null : { sql, range: value.range ?? whole }
}

/** `[a: 1, b: ^b]`; null for anything else. */
function keywords(source: Source, value: Value): readonly Part[] | null {
  const pairs = value.kind === "list" ? value.items.map((item) => (item.kind === "pair" && textIn(item.key) !== null ? item : null)) : []
  if (pairs.length === 0 || pairs.includes(null)) return null
  return joined(pairs.flatMap((pair) => (pair === null ? [] : [[{ sql: quoted(textIn(pair.key) ?? ""), range: pair.key.range ?? source.whole }, " = ", valueOf(source, pair.value, null)]])), " AND ")
}

const COMPARISONS = ["==", "!=", ">=", "<=", ">", "<"]

/** A condition as the code writes it; a hole for what only running the code would tell. */
function condition(source: Source, range: Range | null, binding: string | null): readonly Part[] {
  return (range === null ? null : known(source, range, binding)) ?? [unknown(range ?? source.whole)]
}

/** Null for what only running the code would tell. */
function known(source: Source, given: Range, binding: string | null): readonly Part[] | null {
  const { scope } = source
  const { tokens } = scope
  const range = trimmed(tokens, given)
  if (isSign(tokens[range.from], "(") && closingAt(tokens, range.from) === range.to - 1) return known(source, { from: range.from + 1, to: range.to - 1 }, binding)
  for (const word of ["or", "and"]) {
    const sides = sidesOf(tokens, range, word)
    if (sides.length > 1) return ["(", ...joined(sides.map((side) => condition(source, side, binding)), ` ${word.toUpperCase()} `), ")"]
  }
  if (isWord(tokens[range.from], "not")) {
    const inner = known(source, { from: range.from + 1, to: range.to }, binding)
    return inner === null ? null : ["NOT (", ...inner, ")"]
  }
  for (const sign of COMPARISONS) {
    const [left, right, more] = operandsOf(tokens, range, sign)
    if (left === undefined || right === undefined) continue
    const column = more === undefined ? columnAt(scope, left, binding) : null
    // A column of another table may be many.
    const isForeign = columnLike(source, right) && columnAt(scope, right, binding) === null
    return column === null || isForeign ? null : [column, ` ${sign === "==" ? "=" : sign} `, valueOf(source, evaluate(scope, right), binding)]
  }
  const [left, list] = sidesOf(tokens, range, "in")
  if (left !== undefined && list !== undefined) return inList(source, columnAt(scope, left, binding), list, binding)
  const call = callAt(tokens, range)
  const [only, ...others] = call?.args ?? []
  const column = call?.name === "is_nil" && call.path.length === 0 && only !== undefined && others.length === 0 ? columnAt(scope, only, binding) : null
  if (column !== null) return [column, " IS NULL"]
  const fragment = fragmentAt(source, evaluate(scope, range))
  return fragment === null ? null : ["(", fragment, ")"]
}

/** `l.total`, where no `^` says that the code tells it. */
function columnLike({ scope: { tokens } }: Source, { from, to }: Range): boolean {
  return to === from + 3 && isSign(tokens[from + 1], ".")
}

function inList(source: Source, column: Part | null, list: Range, binding: string | null): readonly Part[] | null {
  const { scope } = source
  const value = evaluate(scope, list)
  if (column === null || (value.kind === "list" && value.items.length === 0)) return null
  if (value.kind === "list") return [column, " IN (", ...joined(value.items.map((item) => [valueOf(source, item, binding)])), ")"]
  return [column, " IN (", value.kind === "call" && /^subquery$/.test(value.name) ? "SELECT " : "", unknown(list), ")"]
}

/** `Repo.insert_all("orders", [[a: 1], %{a: 2}])` */
function inserted(source: Source, into: Value, [rows, ...rest]: readonly Value[]): readonly Part[] | null {
  const query = queryOf(source, into)
  const given = optionsOf(rest)
  const [prefix, conflict] = [prefixOf(given.option("prefix"), query?.prefix), given.option("on_conflict")]
  if (query === null || prefix === null || rows === undefined || (conflict !== null && textIn(conflict) !== "nothing") || given.option("conflict_target") !== null) return null
  const head: readonly Part[] = ["INSERT INTO ", tablePart(query, prefix)]
  const lists = rows.kind === "list" ? rows.items.map((row) => (row.kind === "list" || row.kind === "map" ? row.items : [])) : []
  const entries = lists.map((list) => new Map(list.flatMap((item) => (item.kind === "pair" ? [[textIn(item.key) ?? "", item.value] as const] : []))))
  const columns = [...(entries[0]?.keys() ?? [])]
  // Rows that the code works out: there may be none, or many.
  if (columns.length === 0 || entries.some((row, index) => row.size !== columns.length || lists[index]?.length !== columns.length || !columns.every((column) => column !== "" && row.has(column)))) return [...head, " SELECT"]
  const lines = entries.map((row) => ["(", ...joined(columns.map((column) => [valueOf(source, row.get(column) ?? into, null)])), ")"])
  return [...head, ` (${columns.map(quoted).join(", ")}) VALUES `, ...joined(lines), ...(conflict === null ? [] : [" ON CONFLICT DO NOTHING"])]
}
