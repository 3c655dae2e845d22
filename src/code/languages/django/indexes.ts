/** Indexes and constraints of models. Source: django/db/models/indexes.py, django/db/models/constraints.py and django/contrib/postgres/indexes.py. */
import type { Range } from "../expression.ts"
import type { Part } from "../made.ts"
import { conditionAt, indexElementAt } from "./expressions.ts"
import { quoted } from "./names.ts"
import { calledAt, listAt, literalAt, spelledAt, stringAt, stringsAt, type Called } from "../python/program.ts"
import { alter, derived, from, HOLE, pieces, type Context, type Statement } from "./statements.ts"
import { columnsIn, columnsOf, tableOf, type Model } from "./state.ts"

/** Access methods by the classes of indexes. */
const METHODS: Readonly<Record<string, string>> = {
  BloomIndex: " USING bloom",
  BrinIndex: " USING brin",
  BTreeIndex: " USING btree",
  GinIndex: " USING gin",
  GistIndex: " USING gist",
  HashIndex: " USING hash",
  Index: "",
  SpGistIndex: " USING spgist",
}

/** Options that stand behind WITH, and those that change nothing. */
const STORAGE = ["fillfactor", "fastupdate", "gin_pending_list_limit", "pages_per_range", "autosummarize", "buffering", "deduplicate_items", "length"]
const DJANGO = /^django\.(?:(?:contrib\.gis\.)?db\.models|contrib\.postgres\.(?:indexes|constraints))(?:\.\w+)*\.\w+$/

function madeAt({ python }: Context, range: Range | null): Called | null {
  const called = calledAt(python, range)
  return called?.isCall === true && called.args.isWhole && DJANGO.test(called.path) ? called : null
}

/** `CREATE INDEX`; null for what only running the code would tell. */
export function createIndex(context: Context, model: Model, range: Range | null, concurrently = false): Statement | null {
  const { python } = context
  const called = madeAt(context, range)
  const method = called === null ? undefined : METHODS[called.name]
  if (called === null || range === null || method === undefined || called.args.option("db_tablespace") !== null) return null
  const { args } = called
  const name = stringAt(python, args.option("name"))
  const columns = indexColumns(context, model, called)
  const behind = clauses(context, model, called)
  if (name === null || columns === null || behind === null) return null
  const storage = STORAGE.flatMap((option) => {
    const value = args.option(option)
    return value === null ? [] : [`${option} = ${literalAt(python, value)?.replaceAll("'", "") ?? HOLE}`]
  })
  const parameters = storage.length === 0 ? "" : ` WITH (${storage.join(", ")})`
  return {
    parts: [`CREATE INDEX ${concurrently ? "CONCURRENTLY " : ""}`, from(range, quoted(name)), " ON ", quoted(tableOf(model)), ...pieces(range, `${method} (${columns})${behind.include}${parameters}${behind.where}`)],
  }
}

export function nameOfIndex(context: Context, range: Range | null): string | null {
  const called = calledAt(context.python, range)
  return called === null ? null : stringAt(context.python, called.args.option("name"))
}

/** What stands between the brackets of an index. */
function indexColumns(context: Context, model: Model, { args }: Called): string | null {
  const { python } = context
  const fields = args.option("fields")
  if (fields === null) {
    const elements = args.given.map((one) => indexElementAt(python, one, columnsIn(context.state, model)) ?? HOLE)
    return elements.length === 0 ? null : elements.join(", ")
  }
  const names = stringsAt(python, fields)
  const columns = names === null ? null : columnsOf(model, names.map((one) => one.replace(/^-/, "")))
  const operators = args.option("opclasses") === null ? [] : stringsAt(python, args.option("opclasses"))
  if (names === null || columns === null || operators === null || columns.length === 0) return null
  return columns.map((column, index) => `${quoted(column)}${operators[index] === undefined ? "" : ` ${operators[index]}`}${names[index]?.startsWith("-") === true ? " DESC" : ""}`).join(", ")
}

/** INCLUDE and WHERE. */
function clauses(context: Context, model: Model, { args }: Called): { readonly include: string; readonly where: string } | null {
  const { python, state } = context
  const [include, condition] = [args.option("include"), args.option("condition")]
  const names = include === null ? [] : stringsAt(python, include)
  const columns = names === null ? null : columnsOf(model, names)
  if (columns === null) return null
  const isNone = condition === null || spelledAt(python, condition) === "None"
  const where = isNone ? "" : ` WHERE ${conditionAt(python, condition, columnsIn(state, model)) ?? `(${HOLE})`}`
  return { include: columns.length === 0 ? "" : ` INCLUDE (${columns.map(quoted).join(", ")})`, where }
}

/** A constraint as an element of a table, or the index that stands for it. */
export interface Constraint {
  readonly name: string
  readonly kind: "constraint" | "index"
  readonly element: readonly Part[]
  readonly index: Statement | null
  /** Django leaves it out where the server does not know it. */
  readonly needsVersion: boolean
}

export function constraintAt(context: Context, model: Model, range: Range | null): Constraint | null {
  const { python } = context
  const called = madeAt(context, range)
  const name = called === null ? null : stringAt(python, called.args.option("name"))
  if (called === null || range === null || name === null) return null
  const head: readonly Part[] = ["CONSTRAINT ", from(range, quoted(name)), " "]
  if (called.name === "CheckConstraint") {
    const condition = called.args.option("condition") ?? called.args.option("check") ?? called.args.given[0] ?? null
    if (condition === null) return null
    const sql = conditionAt(python, condition, columnsIn(context.state, model)) ?? HOLE
    return { name, kind: "constraint", element: [...head, ...pieces(range, `CHECK (${sql})`)], index: null, needsVersion: false }
  }
  if (called.name === "UniqueConstraint") return uniqueAt(context, model, called, range, name, head)
  return called.name === "ExclusionConstraint" ? exclusionAt(context, model, called, range, name, head) : null
}

function uniqueAt(context: Context, model: Model, called: Called, range: Range, name: string, head: readonly Part[]): Constraint | null {
  const { python } = context
  const { args } = called
  const [columns, behind] = [indexColumns(context, model, called), clauses(context, model, called)]
  const nulls = args.option("nulls_distinct") === null ? "None" : spelledAt(python, args.option("nulls_distinct") ?? range)
  const deferrable = deferrableAt(context, called)
  if (columns === null || behind === null || deferrable === null || !/^(?:None|True|False)$/.test(nulls)) return null
  const distinct = nulls === "None" ? "" : nulls === "True" ? " NULLS DISTINCT" : " NULLS NOT DISTINCT"
  const isIndex = args.option("fields") === null || behind.include !== "" || behind.where !== "" || args.option("opclasses") !== null
  if (!isIndex) return { name, kind: "constraint", element: [...head, ...pieces(range, `UNIQUE${distinct} (${columns})${deferrable}`)], index: null, needsVersion: distinct !== "" }
  const index: Statement = { parts: ["CREATE UNIQUE INDEX ", from(range, quoted(name)), " ON ", quoted(tableOf(model)), ...pieces(range, ` (${columns})${behind.include}${distinct}${behind.where}`)] }
  return { name, kind: "index", element: [], index, needsVersion: distinct !== "" }
}

function deferrableAt({ python }: Context, { args }: Called): string | null {
  const range = args.option("deferrable")
  if (range === null || spelledAt(python, range) === "None") return ""
  // `Deferrable.DEFERRED`, and `Deferrable["DEFERRED"]`, as Django writes it.
  const value = /\bDeferrable (?:\. (\w+)|\[ "(\w+)" \])$/.exec(spelledAt(python, range))?.slice(1).join("")
  return value === "DEFERRED" || value === "IMMEDIATE" ? ` DEFERRABLE INITIALLY ${value}` : null
}

/** Each element is an expression and an operator. */
function exclusionAt(context: Context, model: Model, called: Called, range: Range, name: string, head: readonly Part[]): Constraint | null {
  const { python } = context
  const method = called.args.option("index_type") === null ? "GIST" : stringAt(python, called.args.option("index_type"))
  const elements = listAt(python, called.args.option("expressions"))?.map((one) => {
    const [expression, operator] = listAt(python, one) ?? []
    const sign = operator === undefined ? null : (stringAt(python, operator) ?? OPERATORS[spelledAt(python, operator).split(" ").at(-1) ?? ""] ?? null)
    const column = expression === undefined ? null : (indexElementAt(python, expression, columnsIn(context.state, model)) ?? HOLE)
    return column === null || sign === null ? null : `${column} WITH ${sign}`
  })
  const [behind, deferrable] = [clauses(context, model, called), deferrableAt(context, called)]
  if (method === null || elements === undefined || elements.length === 0 || elements.some((one) => one === null) || behind === null || deferrable === null) return null
  const where = behind.where === "" ? "" : ` WHERE (${behind.where.slice(" WHERE ".length)})`
  return { name, kind: "constraint", element: [...head, ...pieces(range, `EXCLUDE USING ${method} (${elements.join(", ")})${behind.include}${where}${deferrable}`)], index: null, needsVersion: false }
}

/** Source: django/contrib/postgres/fields/ranges.py. */
const OPERATORS: Readonly<Record<string, string>> = { EQUAL: "=", NOT_EQUAL: "<>", CONTAINS: "@>", CONTAINED_BY: "<@", OVERLAPS: "&&", FULLY_LT: "<<", FULLY_GT: ">>", NOT_LT: "&>", NOT_GT: "&<", ADJACENT_TO: "-|-" }

export function addConstraint(model: Model, { element, index, needsVersion }: Constraint, behind = ""): Statement {
  const statement = index ?? alter(tableOf(model), "ADD ", ...element, behind)
  return needsVersion ? derived(statement) : statement
}
