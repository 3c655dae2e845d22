/**
 * What SQLAlchemy makes of statements that change rows: `orders.update().where(...).values(...)`, `sa.insert(orders)`,
 * `session.query(Order).filter(...).delete()`, and of `op.bulk_insert`. Source: lib/sqlalchemy/sql/dml.py and sql/crud.py of sqlalchemy 2.
 * Conditions and values that only running the code would tell are holes.
 */
import { argumentsOf, elementsOf } from "../arguments.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { joined, list, named, unknown, type Part } from "../made.ts"
import { linksAt, type Link } from "../python/chains.ts"
import { calledAt } from "../python/program.ts"
import { textsAt } from "../python/values.ts"
import { valueOf } from "../python/variables.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { conditionAt, entryAt, unbracketed, valueAt, type Place } from "./conditions.ts"
import { targetAt, type Target } from "./tables.ts"
import type { TypeSource } from "./types.ts"

/** A statement on rows, and the tokens of the code that make it; null for one that only running the code would tell. */
export interface ChangedRows {
  readonly parts: readonly Part[] | null
  readonly place: Range
}

/** What `execute` is given: a statement on rows, a query that reads, or null for anything that SQLAlchemy does not make. @param rows What it is given beside it. */
export function rowsAt(revision: TypeSource, place: Range, rows: Range | null): ChangedRows | "reads" | null {
  const query = queryAt(revision, place)
  if (query === "reads" || query === "writes") return query === "reads" ? query : { parts: null, place }
  return query && { parts: querySql(revision, query, rows), place }
}

/** A statement on rows, as far as it is in sight. */
interface Query {
  readonly verb: "update" | "insert" | "delete"
  readonly table: Range
  /** What is said behind the verb. */
  readonly links: readonly Link[]
}

/** What is one of SQLAlchemy's, though not more is known of it. */
type Found = Query | "reads" | "writes" | null

const VERB = /^(?:update|insert|delete)$/
const READS = /^(?:select|exists|union|union_all)$/
const DEEPEST = 6

/** The statement that an expression makes, also by variables; null for anything that is none of SQLAlchemy's. */
function queryAt(revision: TypeSource, given: Range, depth = 0): Found {
  const range = unbracketed(revision, given)
  return chainAt(revision, range, depth) ?? looksAt(revision.python.tokens, range)
}

/** What an expression looks like that is no such chain: `helper(orders).update().where(...)`. */
function looksAt(tokens: readonly Token[], { from, to }: Range): Found {
  for (let at = from; at < to; at += 1) {
    const token = tokens[at]
    if (token?.kind === "text") return null
    const name = isSign(tokens[at + 1], "(") ? (textOf(token) ?? "") : ""
    if (VERB.test(name) || /^(?:select|values|where)$/.test(name)) return VERB.test(name) ? "writes" : "reads"
    // What stands in brackets belongs to a call of the chain.
    if (isSign(token, "(") || isSign(token, "[")) at = closing(tokens, at)
  }
  return null
}

function chainAt(revision: TypeSource, range: Range, depth: number): Found {
  const { python } = revision
  const { tokens } = python
  let names = range.from
  while (tokens[names]?.kind === "word" && isSign(tokens[names + 1], ".")) names += 2
  if (tokens[names]?.kind !== "word" || depth > DEEPEST) return null
  // A call without anything in front of it begins the chain like any other.
  const isCalled = isSign(tokens[names + 1], "(")
  const first = isCalled ? callFrom(revision, names) : null
  const links = first === null ? [] : [first, ...linksAt(tokens, first.range.to)]
  if ((links.at(-1)?.range.to ?? names + 1) !== range.to) return null
  if (first === null) return variable(revision, range, [], depth)
  const head = calledAt(python, { from: range.from, to: first.range.to })
  const isOwn = head !== null && /^sqlalchemy\b|^sqlmodel\b/.test(head.path)
  if (READS.test(first.name) && (isOwn || first.args.length === 0)) return "reads"
  if (VERB.test(head?.name ?? "") && isOwn && first.args[0] !== undefined) return { verb: verbOf(head?.name ?? ""), table: first.args[0], links: links.slice(1) }
  if (VERB.test(first.name) && first.args.length === 0 && names > range.from) return { verb: verbOf(first.name), table: { from: range.from, to: names - 1 }, links: links.slice(1) }
  const [, second] = links
  if (/^(?:table|Table)$/.test(first.name) && second !== undefined) {
    return READS.test(second.name) ? "reads" : VERB.test(second.name) && second.args.length === 0 ? { verb: verbOf(second.name), table: { from: range.from, to: first.range.to }, links: links.slice(2) } : null
  }
  return names === range.from + 2 ? variable(revision, { from: range.from, to: range.from + 1 }, links, depth) : null
}

function verbOf(name: string): Query["verb"] {
  return name === "insert" || name === "delete" ? name : "update"
}

/** A call by the token of its name. */
function callFrom({ python: { tokens } }: TypeSource, at: number): Link {
  const { list, end } = argumentsAt(tokens, at + 1)
  return { name: textOf(tokens[at]) ?? "", args: list, range: { from: at, to: end + 1 } }
}

/** What a variable holds, with what is called on it. */
function variable(revision: TypeSource, range: Range, links: readonly Link[], depth: number): Found {
  const value = range.to === range.from + 1 ? valueOf(revision.python.tokens, revision.source, range.from) : null
  const found = value === null ? null : queryAt(revision, value, depth + 1)
  return found === null || typeof found === "string" ? found : { ...found, links: [...found.links, ...links] }
}

/** Links that change nothing of what happens to the rows. */
const WITHOUT_EFFECT = /^(?:returning|execution_options|return_defaults|inline)$/

/** The SQL of a statement; null for what only running the code would tell. @param rows What `execute` is given beside it. */
function querySql(revision: TypeSource, { verb, table, links: all }: Query, rows: Range | null): readonly Part[] | null {
  const target = targetAt(revision, table)
  const links = all.filter(({ name }) => !WITHOUT_EFFECT.test(name))
  if (target === null) return null
  const place: Place = { revision, target }
  if (verb === "insert") return inserted(place, links, rows)
  if (links.some(({ name }) => !/^(?:where|filter)$/.test(name) && !(name === "values" && verb === "update"))) return null
  const where = whereOf(place, links)
  if (verb === "delete") return ["DELETE FROM ", named(target.table), ...where]
  const set = links.filter(({ name }) => name === "values").map(({ args }) => assignments(place, args))
  return updated(target, set, where)
}

function updated(target: Target, set: readonly (readonly Part[][] | null)[], where: readonly Part[]): readonly Part[] | null {
  const all = set.flatMap((one) => one ?? [])
  return all.length === 0 || set.includes(null) ? null : ["UPDATE ", named(target.table), " SET ", ...joined(all), ...where]
}

function whereOf(place: Place, links: readonly Link[]): readonly Part[] {
  const conditions = links.flatMap(({ name, args, range }): (readonly Part[])[] => {
    if (/^(?:where|filter)$/.test(name)) return args.map((one) => conditionAt(place, one))
    if (name !== "filter_by") return name === "values" ? [] : [[unknown(range)]]
    return args.map((one) => {
      const entry = entryAt(place, one)
      return entry === null ? [unknown(one)] : [entry.column, " = ", valueAt(place, entry.value)]
    })
  })
  return conditions.length === 0 ? [] : [" WHERE ", ...joined(conditions, " AND ")]
}

/** `values(a=1)`, `values({"a": 1})`; null for what only running the code would tell. */
function assignments(place: Place, args: readonly Range[]): readonly Part[][] | null {
  const { tokens } = place.revision.python
  const [first] = args
  const entries = (args.length === 1 && first !== undefined && isSign(tokens[first.from], "{") ? elementsOf(tokens, first) : args)?.map((one) => entryAt(place, one))
  if (entries === undefined || entries.length === 0 || entries.some((entry) => entry === null)) return null
  return entries.flatMap((entry) => (entry === null ? [] : [[entry.column, " = ", valueAt(place, entry.value)]]))
}

/** Rows that the code works out: there may be none, or many. */
const UNKNOWN_ROWS = " SELECT"

function inserted(place: Place, links: readonly Link[], given: Range | null): readonly Part[] | null {
  const head: readonly Part[] = ["INSERT INTO ", named(place.target.table)]
  const [values, ...more] = links
  const skip = more.length === 0 ? [] : more.length === 1 && more[0]?.name === "on_conflict_do_nothing" ? skipping(place, more[0]) : null
  if (skip === null) return null
  if (values?.name === "from_select") {
    const columns = textsAt(place.revision.python.tokens, values.args[0])
    return [...head, ...(columns === null ? [UNKNOWN_ROWS] : [" (", ...list(columns), ") SELECT ", ...joined(columns.map(() => [unknown(values.range)])), ...skip])]
  }
  if (values !== undefined && values.name !== "values") return null
  const rows = values === undefined ? given : null
  const made = values !== undefined ? rowsOf(place, values.args) : rows === null ? null : rowsOf(place, [rows])
  if (made === null) return [...head, UNKNOWN_ROWS]
  return [...head, ...made, ...skip]
}

/** ` ON CONFLICT ("a") DO NOTHING`; null for what only running the code would tell. */
function skipping({ revision: { python: { tokens } } }: Place, { args: given }: Link): readonly Part[] | null {
  const args = argumentsOf(tokens, given)
  const columns = args.option("index_elements")
  if (given.length === 0) return [" ON CONFLICT DO NOTHING"]
  const texts = given.length === 1 ? textsAt(tokens, columns) : null
  return texts && [" ON CONFLICT (", ...list(texts), ") DO NOTHING"]
}

/** ` ("a") VALUES (1), (2)`; null for what only running the code would tell. */
function rowsOf(place: Place, args: readonly Range[]): readonly Part[] | null {
  const { tokens } = place.revision.python
  const [first] = args
  const elements = args.length === 1 && first !== undefined && (isSign(tokens[first.from], "[") || isSign(tokens[first.from], "(")) ? elementsOf(tokens, first) : null
  const lists = elements === null ? [args.length === 1 && first !== undefined && isSign(tokens[first.from], "{") ? elementsOf(tokens, first) : args] : elements.map((one) => (isSign(tokens[one.from], "{") ? elementsOf(tokens, one) : null))
  const rows = lists.map((list) => list?.map((one) => entryAt(place, one)) ?? null)
  const columns = rows[0]?.map((entry) => entry?.column ?? null) ?? []
  if (columns.length === 0 || columns.includes(null)) return null
  const lines = rows.map((row): readonly Part[] | null => {
    const values = columns.map((column) => row?.find((entry) => entry !== null && sqlOf(entry.column) === sqlOf(column))?.value)
    return row?.length !== columns.length || values.includes(undefined) ? null : ["(", ...joined(values.flatMap((value) => (value === undefined ? [] : [[valueAt(place, value)]]))), ")"]
  })
  if (lines.includes(null)) return null
  return [" (", ...joined(columns.flatMap((column) => (column === null ? [] : [[column]]))), ") VALUES ", ...joined(lines.flatMap((line) => (line === null ? [] : [line])))]
}

function sqlOf(part: Part | null): string | null {
  return part === null || typeof part === "string" ? part : part.sql
}

/** `op.bulk_insert(orders, [...])`. */
export function bulkInserted(revision: TypeSource, [table, rows]: readonly Range[]): readonly Part[] | null {
  const target = table === undefined ? null : targetAt(revision, table)
  return target && inserted({ revision, target }, [], rows ?? null)
}

/** A change of rows by a chain of the session's own: `session.query(Order).filter(...).update({...})`, and the tokens of the chain. */
export function sessionQuery(revision: TypeSource, at: number): ChangedRows | null {
  const { tokens } = revision.python
  const links = [callFrom(revision, at), ...linksAt(tokens, callFrom(revision, at).range.to)]
  const [query, ...behind] = links
  const last = behind.at(-1)
  if (last === undefined || query?.args.length !== 1 || query.args[0] === undefined || !/^(?:update|delete)$/.test(last.name)) return null
  const place = { from: isWord(tokens[at - 2]) ? at - 2 : at, to: last.range.to }
  const target = targetAt(revision, query.args[0])
  if (target === null) return { parts: null, place }
  const where = whereOf({ revision, target }, behind.slice(0, -1))
  if (last.name === "delete") return { parts: ["DELETE FROM ", named(target.table), ...where], place }
  const [values] = last.args
  return { parts: values === undefined ? null : updated(target, [assignments({ revision, target }, [values])], where), place }
}
