import type { Expression, FunctionCall } from "../parse/expression.ts"
import { parseFile } from "../parse/index.ts"
import { extensionFunctions, mixedFunctions, uniformFunctions } from "../schema/builtin-functions.ts"
import type { Catalog, FunctionInfo } from "../schema/catalog.ts"
import { isBuiltinType } from "./type-change.ts"

export type Volatility = "immutable" | "stable" | "volatile"

interface Known {
  readonly volatility: Volatility
  readonly since: number
  readonly until: number
  /** Number of arguments; null: whatever their number. */
  readonly arguments: number | null
}

const letters: Readonly<Record<string, Volatility>> = { i: "immutable", s: "stable", v: "volatile" }
const rank: Readonly<Record<Volatility, number>> = { immutable: 0, stable: 1, volatile: 2 }

let builtins: Map<string, Known[]> | null = null
let extensions: Map<string, Volatility> | null = null

/** `13`: from 13 on; `-12`: up to 12; `12-15`: from 12 to 15. */
function readVersions(text: string | undefined): { since: number; until: number } {
  if (text === undefined || text === "") return { since: 0, until: Infinity }
  const [since = "", until] = text.split("-")
  return { since: since === "" ? 0 : Number(since), until: until === undefined ? Infinity : Number(until) }
}

/** Forms of SQL that are no functions of pg_proc; extract() was date_part() up to 13, which is immutable for dates and timestamps. */
const forms: Readonly<Record<string, Volatility>> = {
  current_date: "stable",
  current_time: "stable",
  localtime: "stable",
  localtimestamp: "stable",
  current_role: "stable",
  user: "stable",
  extract: "immutable",
}

/** The generated tables are text, cheap to load; they are read on first use. */
function readBuiltins(): Map<string, Known[]> {
  const result = new Map<string, Known[]>()
  const add = (name: string, known: Known): void => {
    const list = result.get(name)
    if (list === undefined) result.set(name, [known])
    else list.push(known)
  }
  for (const volatility of ["immutable", "stable", "volatile"] as const) {
    for (const word of uniformFunctions[volatility].split(/\s+/)) {
      const [name = "", versions] = word.split("@")
      add(name, { volatility, ...readVersions(versions), arguments: null })
    }
  }
  for (const word of mixedFunctions.split(/\s+/)) {
    const [, name = "", types = "", versions, letter = ""] = /^(\w+)\(([^)]*)\)(?:@([\d-]+))?=(\w)$/.exec(word) ?? []
    const volatility = letters[letter]
    if (volatility === undefined) continue
    add(name, { volatility, ...readVersions(versions), arguments: types === "" ? 0 : types.split(",").length })
  }
  return result
}

function readExtensions(): Map<string, Volatility> {
  const result = new Map<string, Volatility>()
  for (const functions of Object.values(extensionFunctions)) {
    for (const volatility of ["immutable", "stable", "volatile"] as const) {
      for (const word of functions[volatility].split(/\s+/)) {
        const name = word.split("@")[0] ?? ""
        const known = result.get(name)
        if (name !== "" && (known === undefined || rank[known] < rank[volatility])) result.set(name, volatility)
      }
    }
  }
  return result
}

/**
 * Volatility of a built-in function, from the pg_proc of each major; null when that major has no such function. Where
 * overloads with that many arguments differ, the least volatile: the few that differ in being volatile take arguments
 * that defaults do not have (`timezone(text, timetz)` before 15).
 */
export function builtinVolatility(name: string, argumentCount: number, pgVersion: number): Volatility | null {
  builtins ??= readBuiltins()
  let result: Volatility | null = null
  for (const known of builtins.get(name) ?? []) {
    if (pgVersion < known.since || pgVersion > known.until) continue
    if (known.arguments !== null && known.arguments !== argumentCount) continue
    if (result === null || rank[known.volatility] < rank[result]) result = known.volatility
  }
  return result ?? forms[name] ?? null
}

/** The users' functions that a call may mean; a built-in one of that name comes first on the search path. */
export function functionsCalled(call: FunctionCall, catalog: Catalog, pgVersion: number): readonly FunctionInfo[] {
  const mayBeBuiltin = call.schema === null && builtinVolatility(call.name, call.arguments.length, pgVersion) !== null
  if (mayBeBuiltin || call.schema === "pg_catalog") return NO_FUNCTIONS
  return catalog.functions(call).filter(({ argumentTypes }) => argumentTypes.length >= call.arguments.length)
}

const NO_FUNCTIONS: readonly FunctionInfo[] = []

/** The first major with a built-in function of that name; null when none has it. */
export function builtinSince(name: string): number | null {
  builtins ??= readBuiltins()
  const known = builtins.get(name)
  return known === undefined ? null : Math.min(...known.map((one) => one.since))
}

/** Volatility of one called function; null when nothing is known about it. */
export function functionVolatility(call: FunctionCall, catalog: Catalog, pgVersion: number): Volatility | null {
  const count = call.arguments.length
  if (call.schema === null || call.schema === "pg_catalog") {
    const builtin = builtinVolatility(call.name, count, pgVersion)
    if (builtin !== null) return builtin
  }
  let result: Volatility | null = null
  const overloads = catalog.functions(call)
  const matching = overloads.filter((known) => known.argumentTypes.length === count)
  for (const known of matching.length > 0 ? matching : overloads) {
    if (result === null || rank[known.volatility] > rank[result]) result = known.volatility
  }
  if (result !== null) return result
  const type = catalog.type(call)
  if (type?.kind === "range" || type?.kind === "multirange") return "immutable"
  // A cast in the form of a call.
  if (count === 1 && (type !== undefined || (call.schema === null && isBuiltinType(call.name)))) return "stable"
  extensions ??= readExtensions()
  return extensions.get(call.name) ?? null
}

/**
 * Volatility of what the planner makes of a call: from 12 on a function in SQL that is one plain SELECT is replaced by its expression before
 * ADD COLUMN looks at the default (expression_planner, inline_function). null: not known.
 */
function plannedVolatility(call: FunctionCall, catalog: Catalog, pgVersion: number, outer: readonly FunctionInfo[] = []): Volatility | null {
  const volatility = functionVolatility(call, catalog, pgVersion)
  if (volatility !== "volatile" || pgVersion < 12) return volatility
  const overloads = functionsCalled(call, catalog, pgVersion)
  const [called] = overloads
  if (called === undefined || !overloads.some(({ language }) => language === "sql")) return volatility
  if (overloads.length > 1 || outer.includes(called)) return null
  const inlined = inlinedCalls(called)
  if (inlined === null || inlined === "never inlined") return inlined === null ? null : volatility
  const inside = inlined.calls.map((one) => plannedVolatility(one, catalog, pgVersion, [...outer, called]))
  // Then it does not matter whether the planner inlines it.
  if (inside.includes("volatile")) return "volatile"
  // An argument that the body names more than once, or not at all, may forbid it.
  const isPlain = call.arguments.every((argument) => argument !== null)
  return !inlined.certain || inside.includes(null) || !isPlain || called.guarded ? null : "stable"
}

/** What a body calls, and whether it is certain that the planner puts its expression in the place of the call. */
interface Inlined {
  readonly calls: readonly FunctionCall[]
  readonly certain: boolean
}

/** What the body of a function in SQL calls where it is one SELECT that may be inlined; null where that cannot be told. */
function inlinedCalls({ kind, returns, returnsSet, body, parameters }: FunctionInfo): Inlined | "never inlined" | null {
  if (kind !== "function" || returnsSet || returns?.schema !== "pg_catalog" || body === null) return null
  if (parameters.some(({ mode }) => mode !== "in")) return null
  const { statements, errors } = parseFile(body)
  const [operation] = statements[0]?.operations ?? []
  if (errors.length > 0) return null
  if (statements.length !== 1 || operation?.op !== "select" || operation.query.reads.length > 0) return "never inlined"
  return { calls: operation.query.functions, certain: !clauses.test(body.replaceAll(ARGUMENTS, "")) }
}

/** Words of a SELECT that has more than an expression. */
const clauses = /\b(?:from|where|group|having|window|over|order|limit|offset|fetch|union|intersect|except|values|with|distinct|into)\b|\bselect\b.*\bselect\b/is

/** Functions whose arguments have a FROM between them, up to that word. */
const ARGUMENTS = /\b(?:extract|overlay|substring|trim)\s*\([^()]*?\bfrom\b/gi

/** The same of a default that is kept as text, as that of a domain is. */
export function textVolatility(text: string, catalog: Catalog, pgVersion: number): DefaultVolatility {
  const [operation] = parseFile(`SELECT ${text}`).statements[0]?.operations ?? []
  return operation?.op === "select" ? defaultVolatility(operation.query, catalog, pgVersion) : notVolatile
}

/** Why a default may have to be computed for each row. */
export interface DefaultVolatility {
  readonly volatile: boolean
  /** The function that makes it volatile; null when none does. */
  readonly function: string | null
  /** Volatile only because nothing is known about `function`. */
  readonly assumed: boolean
}

const notVolatile: DefaultVolatility = { volatile: false, function: null, assumed: false }

/**
 * Whether a default is volatile, which makes ADD COLUMN rewrite the table (PostgreSQL 11 and later keep any other
 * default in the catalog, stable ones included: they are computed once).
 */
export function defaultVolatility(expression: Pick<Expression, "functions">, catalog: Catalog, pgVersion: number): DefaultVolatility {
  if (expression.functions.length === 0) return notVolatile
  let unknown: string | null = null
  for (const call of expression.functions) {
    const volatility = plannedVolatility(call, catalog, pgVersion)
    if (volatility === "volatile") return { volatile: true, function: call.name, assumed: false }
    if (volatility === null) unknown ??= call.name
  }
  return unknown === null ? notVolatile : { volatile: true, function: unknown, assumed: true }
}
