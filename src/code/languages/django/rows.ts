/**
 * Rows that functions of RunPython change through the models that `apps.get_model` gives them: `Order.objects.filter(...).update(...)`.
 * Source: django/db/models/query.py. Conditions and values that only running the code would tell are holes.
 */
import { elementsOf } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { joined, type Part } from "../made.ts"
import { assignmentBefore, linksAt, type Link } from "../python/chains.ts"
import { literalAt, stringAt, truthAt, calledAt, type Python } from "../python/program.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { conditionAt, expressionAt, lookupAt, type ColumnOf } from "./expressions.ts"
import { quoted } from "./names.ts"
import { columnsIn, modelOf, tableOf, type Model, type State } from "./state.ts"
import { from, HOLE, pieces } from "./statements.ts"

/** A statement, and the tokens of the call that sends it. */
export interface ChangedRows {
  readonly parts: readonly Part[]
  readonly place: Range
}

/** The statements of a function's body, in the order of the code. @param state The models as they are when it runs. */
export function rowsIn(python: Python, state: State, body: Range): readonly ChangedRows[] {
  const { tokens } = python
  const found: ChangedRows[] = []
  for (let at = body.from; at < body.to; at += 1) {
    const query = queryAt(tokens, at, body)
    const last = query?.links.at(-1)
    if (query === null || last === undefined || !/^(?:update|delete)$/.test(last.name)) continue
    const model = modelAt(python, state, query.model, body)
    const parts = model === null ? null : statementOf(python, state, model, query.links, last)
    if (parts !== null) found.push({ parts, place: { from: at, to: last.range.to } })
  }
  return found
}

/** A model, and the calls on its manager. */
interface Query {
  readonly model: Range
  readonly links: readonly Link[]
}

const MANAGER = /^(?:objects|_default_manager|_base_manager)$/

/** The query that begins at a token, also by the variable of another one; null for anything else. */
function queryAt(tokens: readonly Token[], at: number, body: Range): Query | null {
  if (tokens[at]?.kind !== "word" || isSign(tokens[at - 1], ".")) return null
  const end = modelEnd(tokens, at)
  if (end === null) return null
  if (isSign(tokens[end], ".") && MANAGER.test(textOf(tokens[end + 1]) ?? "")) return { model: { from: at, to: end }, links: linksAt(tokens, end + 2) }
  const links = end === at + 1 ? linksAt(tokens, end) : []
  if (links.length === 0) return null
  const assigned = assignmentBefore(tokens, at, body)
  const outer = assigned === null ? null : queryAt(tokens, assigned, { from: body.from, to: assigned })
  return outer && { model: outer.model, links: [...outer.links, ...links] }
}

/** Where `Order`, or `apps.get_model("shop", "Order")`, ends. */
function modelEnd(tokens: readonly Token[], at: number): number | null {
  const open = at + 3
  if (isSign(tokens[at + 1], ".") && isWord(tokens[at + 2], "get_model") && isSign(tokens[open], "(")) return closing(tokens, open) + 1
  return at + 1
}

/** The model that `apps.get_model` gives, or the variable that holds it. */
function modelAt(python: Python, state: State, { from: at, to }: Range, body: Range): Model | null {
  const { tokens } = python
  const value = to === at + 1 ? assignmentBefore(tokens, at, { from: body.from, to: at }) : at
  const end = value === null ? null : modelEnd(tokens, value)
  const called = value === null || end === null || end === value + 1 ? null : calledAt(python, { from: value, to: end })
  if (called?.name !== "get_model") return null
  const [first, second] = called.args.given
  const app = stringAt(python, called.args.option("app_label") ?? first)
  const model = stringAt(python, called.args.option("model_name") ?? second)
  const [label = "", name = ""] = model === null ? (app?.split(".") ?? []) : [app ?? "", model]
  return modelOf(state, label, name)
}

/** Links that pick no rows. */
const WITHOUT_EFFECT = /^(?:all|using|order_by|only|defer|select_related|prefetch_related|select_for_update|get_queryset)$/

function statementOf(python: Python, state: State, model: Model, links: readonly Link[], last: Link): readonly Part[] | null {
  const columnOf = columnsIn(state, model)
  const table = quoted(tableOf(model))
  const conditions = links.slice(0, -1).flatMap(({ name, args, range }): Part[][] => {
    if (WITHOUT_EFFECT.test(name) || (args.length === 0 && /^(?:filter|exclude)$/.test(name))) return []
    if (name === "filter") return args.map((one) => [...pieces(one, conditionOf(python, one, columnOf))])
    const excluded = name === "exclude" ? exclusion(python, args, columnOf) : null
    return [[...pieces(range, excluded ?? HOLE)]]
  })
  const where: readonly Part[] = conditions.length === 0 ? [] : [" WHERE ", ...joined(conditions, " AND ")]
  if (last.name === "delete") return [`DELETE FROM ${table}`, ...where]
  const set = last.args.map((one) => {
    const named = keywordAt(python, one)
    const column = named === null ? null : columnOf(named.name)
    return named === null || column === null ? null : [{ sql: quoted(column.column), range: one }, " = ", from(named.value, valueOf(python, named.value, columnOf))]
  })
  if (set.length === 0 || set.some((one) => one === null)) return null
  return [`UPDATE ${table} SET `, ...joined(set.flatMap((one) => (one === null ? [] : [one]))), ...where]
}

function valueOf(python: Python, range: Range, columnOf: ColumnOf): string {
  const literal = literalAt(python, range)
  // A text alone would name a field.
  return literal ?? expressionAt(python, range, columnOf) ?? HOLE
}

/** `name=value`. */
function keywordAt({ tokens }: Python, { from: at, to }: Range): { readonly name: string; readonly value: Range } | null {
  const name = tokens[at]?.kind === "word" && isSign(tokens[at + 1], "=") ? textOf(tokens[at]) : null
  return name === null ? null : { name, value: { from: at + 2, to } }
}

/** One argument of `filter`. */
function conditionOf(python: Python, range: Range, columnOf: ColumnOf): string {
  const named = keywordAt(python, range)
  if (named === null) return conditionAt(python, range, columnOf) ?? HOLE
  const condition = lookupAt(python, named.name, named.value, columnOf)
  if (condition !== null) return condition
  // The value is not in sight, but what it is compared with.
  const [field = "", kind = "exact", ...more] = named.name.split("__")
  const column = more.length > 0 ? null : columnOf(field)
  if (column !== null && kind === "exact") return `${quoted(column.column)} = ${HOLE}`
  const isVariable = kind === "in" && elementsOf(python.tokens, named.value) === null
  return column !== null && isVariable ? `${quoted(column.column)} IN (${HOLE})` : HOLE
}

/** What `exclude` makes of one condition: rows without a value stay in. Null for what is not simple. */
function exclusion(python: Python, args: readonly Range[], columnOf: ColumnOf): string | null {
  const [only, ...more] = args
  const named = only === undefined || more.length > 0 ? null : keywordAt(python, only)
  if (named === null) return null
  const condition = lookupAt(python, named.name, named.value, columnOf)
  const [field = "", kind] = named.name.split("__")
  const column = columnOf(field)
  if (condition === null || column === null) return null
  const asksNull = kind === "isnull" ? truthAt(python, named.value, false) !== null : / IS NULL$/.test(condition)
  return asksNull || !column.isNull ? `NOT (${condition})` : `NOT (${condition} AND ${quoted(column.column)} IS NOT NULL)`
}
