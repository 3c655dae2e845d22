/** Conditions and values in SQLAlchemy's language of expressions. Source: lib/sqlalchemy/sql/operators.py and sql/default_comparator.py of sqlalchemy 2. */
import { elementsOf } from "../arguments.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { joined, quoted, unknown, type Part } from "../made.ts"
import { splitAt } from "../python/chains.ts"
import { calledAt, literalAt, stringAt } from "../python/program.ts"
import { textAt } from "../python/values.ts"
import { valueOf } from "../python/variables.ts"
import { closing, isSign, isWord, textOf } from "../tokens.ts"
import { spelled, targetAt, type Target } from "./tables.ts"
import type { TypeSource } from "./types.ts"

/** What is looked for in a revision, and the table whose rows change. */
export interface Place {
  readonly revision: TypeSource
  readonly target: Target
}

const SQLALCHEMY = /^(?:sqlalchemy|sqlmodel)\b/

/** What stands between brackets around all of an expression. */
export function unbracketed({ python: { tokens } }: TypeSource, range: Range): Range {
  const isBracketed = isSign(tokens[range.from], "(") && closing(tokens, range.from) === range.to - 1
  return isBracketed ? { from: range.from + 1, to: range.to - 1 } : range
}

/** A condition; a hole where only running the code would tell. */
export function conditionAt(place: Place, range: Range): readonly Part[] {
  return known(place, range) ?? [unknown(range)]
}

/** Null for what only running the code would tell. */
function known(place: Place, given: Range): readonly Part[] | null {
  const { revision } = place
  const { python } = revision
  const range = unbracketed(revision, given)
  const compared = comparisonAt(place, range)
  if (compared !== undefined) return compared
  for (const [sign, word] of [["|", " OR "], ["&", " AND "]] as const) {
    const sides = splitAt(python.tokens, range, sign)
    if (sides.length > 1) return ["(", ...joined(sides.map((side) => conditionAt(place, side)), word), ")"]
  }
  if (isSign(python.tokens[range.from], "~")) return ["NOT (", ...conditionAt(place, { from: range.from + 1, to: range.to }), ")"]
  const called = calledAt(python, range)
  if (called !== null && called.isCall && SQLALCHEMY.test(called.path)) {
    const { given: all } = called.args
    if (/^(?:and_|or_)$/.test(called.name) && called.args.isWhole && all.length > 0) return ["(", ...joined(all.map((one) => conditionAt(place, one)), called.name === "or_" ? " OR " : " AND "), ")"]
    if (called.name === "not_" && all[0] !== undefined) return ["NOT (", ...conditionAt(place, all[0]), ")"]
    const text = called.name === "text" ? textAt(python.tokens, range) : null
    // Parameters of its own.
    return text === null || /(?:^|[^:]):\w/.test(text.text) ? null : ["(", { sql: text.text, range }, ")"]
  }
  return methodAt(place, range)
}

const COMPARISONS = [["=", "="], ["!", "="], ["<", "="], [">", "="], ["<", ""], [">", ""]] as const

/** `orders.c.a == 1`; undefined for what compares nothing. */
function comparisonAt(place: Place, range: Range): readonly Part[] | null | undefined {
  const { tokens } = place.revision.python
  let depth = 0
  for (let at = range.from; at < range.to; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") depth -= 1
    const found = depth > 0 ? undefined : COMPARISONS.find(([first, second]) => text === first && (second === "" || isSign(tokens[at + 1], second)))
    if (found === undefined) continue
    const [first, second] = found
    const [left, right] = [{ from: range.from, to: at }, { from: at + (second === "" ? 1 : 2), to: range.to }]
    // `&` binds closer than a comparison.
    if ([left, right].some((side) => ["&", "|"].some((sign) => splitAt(tokens, side, sign).length > 1))) return null
    const column = columnAt(place, left)
    if (column === null || isForeign(place, right)) return null
    const value = valueAt(place, right)
    const operator = first === "=" ? "=" : `${first}${second}`
    const isNull = typeof value !== "string" && /^null$/i.test(value.sql)
    if (isNull && (operator === "=" || operator === "!=")) return [column, operator === "=" ? " IS NULL" : " IS NOT NULL"]
    return [column, ` ${operator} `, value]
  }
  return undefined
}

const ON_COLUMN: Readonly<Record<string, string>> = { is_: "IS", is_not: "IS NOT", isnot: "IS NOT", like: "LIKE", ilike: "ILIKE", in_: "IN", not_in: "NOT IN", notin_: "NOT IN", is_distinct_from: "IS DISTINCT FROM" }

/** `orders.c.a.is_(None)`, `Order.id.in_([1, 2])`. */
function methodAt(place: Place, range: Range): readonly Part[] | null {
  const { tokens } = place.revision.python
  const open = openingOf(place.revision, range)
  if (open === null || !isSign(tokens[open - 2], ".")) return null
  const operator = ON_COLUMN[textOf(tokens[open - 1]) ?? ""]
  const column = operator === undefined ? null : columnAt(place, { from: range.from, to: open - 2 })
  const [argument, ...more] = argumentsAt(tokens, open).list
  if (operator === undefined || column === null || argument === undefined || more.length > 0) return null
  if (!operator.endsWith("IN")) return [column, ` ${operator} `, valueAt(place, argument)]
  const elements = elementsOf(tokens, argument)
  if (elements?.length === 0) return null
  const values = elements === null ? [[isQuery(place.revision, argument) ? "SELECT " : "", unknown(argument)]] : elements.map((element) => [valueAt(place, element)])
  return [column, ` ${operator} (`, ...joined(values), ")"]
}

/** Whether an expression, or the variable that it is, makes a query: that may give many rows. */
function isQuery(revision: TypeSource, range: Range): boolean {
  const { tokens } = revision.python
  const { from, to } = (range.to === range.from + 1 ? valueOf(tokens, revision.source, range.from) : null) ?? range
  return tokens.slice(from, to).some((token) => isWord(token, "select") || isWord(token, "query"))
}

/** Whether an expression names a column of another table. */
function isForeign({ revision }: Place, { from, to }: Range): boolean {
  const { tokens } = revision.python
  const end = isWord(tokens[to - 3], "c") || isWord(tokens[to - 3], "columns") ? to - 4 : to - 2
  return end > from && isSign(tokens[to - 2], ".") && targetAt(revision, { from, to: end }) !== null
}

/** The bracket that the last one of an expression closes. */
function openingOf({ python: { tokens } }: TypeSource, { from, to }: Range): number | null {
  for (let at = from; at < to; at += 1) if (isSign(tokens[at], "(") && closing(tokens, at) === to - 1) return at
  return null
}

/** A column of the table whose rows change: `orders.c.a`, `orders.c["a"]`, `Order.a`, `sa.column("a")`; null for any other. */
function columnAt({ revision, target }: Place, range: Range): Part | null {
  const { python } = revision
  const { tokens } = python
  const called = calledAt(python, range)
  if (called?.isCall === true) {
    const name = called.name === "column" && SQLALCHEMY.test(called.path) ? textAt(tokens, called.args.given[0]) : null
    return name && { sql: quoted(name.text), range }
  }
  const key = isSign(tokens[range.to - 1], "]") ? stringAt(python, { from: range.to - 2, to: range.to - 1 }) : null
  const name = key ?? (tokens[range.to - 1]?.kind === "word" ? textOf(tokens[range.to - 1]) : null)
  // In front of the name, or of its brackets.
  const of = spelled(tokens, { from: range.from, to: key === null ? range.to - 2 : range.to - 3 })
  const isOwn = [target.spelling, `${target.spelling}.c`, `${target.spelling}.columns`].includes(of)
  return isOwn && name !== null ? { sql: quoted(target.columnOf(name)), range } : null
}

/** A literal, a column or a function of both; anything else is a hole. */
export function valueAt(place: Place, range: Range): Part {
  const { python } = place.revision
  const written = literalAt(python, range)
  if (written !== null) return { sql: written, range }
  const column = columnAt(place, range)
  if (column !== null) return column
  const called = calledAt(python, range)
  if (called === null || !called.isCall || !called.args.isWhole) return unknown(range)
  const [first, ...more] = called.args.given
  if (called.path === "op.inline_literal" || called.path === "alembic.op.inline_literal") return first === undefined ? unknown(range) : valueAt(place, first)
  const [, own] = /^(?:sqlalchemy|sqlmodel)\.(?:(?:sql|sql\.expression)\.)?(func\.\w+|\w+)$/.exec(called.path) ?? []
  if (own === undefined) return unknown(range)
  if (/^(?:null|true|false)$/.test(own)) return { sql: own, range }
  if (own === "literal" && first !== undefined) return valueAt(place, first)
  const text = /^(?:text|literal_column)$/.test(own) ? textAt(python.tokens, first) : null
  if (text !== null) return /(?:^|[^:]):\w/.test(text.text) ? unknown(range) : { sql: text.text, range }
  if (!own.startsWith("func.")) return unknown(range)
  const all = (first === undefined ? [] : [first, ...more]).map((one) => valueAt(place, one))
  const known = all.flatMap((part) => (typeof part === "string" || part.isUnknown === true ? [] : [part.sql]))
  return known.length < all.length ? unknown(range) : { sql: `${own.slice("func.".length)}(${known.join(", ")})`, range }
}

/** `a=1`, or an entry of `{"a": 1}` or `{orders.c.a: 1}`, as the name of a column and its value. */
export function entryAt(place: Place, { from, to }: Range): { readonly column: Part; readonly value: Range } | null {
  const { tokens } = place.revision.python
  if (tokens[from]?.kind === "word" && isSign(tokens[from + 1], "=")) return { column: { sql: quoted(place.target.columnOf(textOf(tokens[from]) ?? "")), range: { from, to: from + 1 } }, value: { from: from + 2, to } }
  const [key, value, ...more] = splitAt(tokens, { from, to }, ":")
  if (key === undefined || value === undefined || more.length > 0) return null
  const name = stringAt(place.revision.python, key)
  const column = name === null ? columnAt(place, key) : { sql: quoted(place.target.columnOf(name)), range: key }
  return column === null ? null : { column, value }
}

