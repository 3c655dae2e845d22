/** Expressions and conditions of Django's query language, as far as their SQL can be told. Source: django/db/models/lookups.py. */
import type { Range } from "../expression.ts"
import { splitAt } from "../python/chains.ts"
import { isSign } from "../tokens.ts"
import { calledAt, listAt, literalAt, stringAt, truthAt, type Python } from "../python/program.ts"
import { DJANGO } from "./classes.ts"
import { quoted } from "./names.ts"

/** The column of a field; null for what is none. */
export type ColumnOf = (field: string) => { readonly column: string; readonly type: string | null; readonly isNull: boolean } | null

const COMPARISONS: Readonly<Record<string, string>> = { exact: "=", gt: ">", gte: ">=", lt: "<", lte: "<=" }
const FUNCTIONS: Readonly<Record<string, string>> = { Abs: "ABS", Length: "LENGTH", Lower: "LOWER", Trim: "TRIM", Upper: "UPPER" }

/** An expression without brackets around it; null for what only running the code would tell. */
export function expressionAt(python: Python, range: Range, columnOf: ColumnOf): string | null {
  const name = stringAt(python, range)
  const named = name === null ? null : columnOf(name)
  if (name !== null) return named === null ? null : quoted(named.column)
  const called = calledAt(python, range)
  if (called === null || !called.isCall || !called.args.isWhole || !DJANGO.test(called.path)) return null
  const [first, second] = called.args.given
  if (called.name === "Now") return "STATEMENT_TIMESTAMP()"
  if (first === undefined) return null
  if (called.name === "F") return second === undefined ? expressionAt(python, first, columnOf) : null
  if (called.name === "Value") return literalAt(python, first)
  const made = FUNCTIONS[called.name]
  const inner = made === undefined || second !== undefined ? null : expressionAt(python, first, columnOf)
  return made === undefined || inner === null ? null : `${made}(${inner})`
}

/** One of the expressions of an index, in brackets as Django writes them. */
export function indexElementAt(python: Python, range: Range, columnOf: ColumnOf): string | null {
  const called = calledAt(python, range)
  if (called?.name === "OrderBy" && called.args.given[0] !== undefined) {
    const inner = indexElementAt(python, called.args.given[0], columnOf)
    const descending = truthAt(python, called.args.option("descending"), false)
    const nulls = (["nulls_first", "nulls_last"] as const).filter((option) => truthAt(python, called.args.option(option), false) === true)
    return inner === null || descending === null ? null : `${inner} ${descending ? "DESC" : "ASC"}${nulls.map((option) => ` ${option.replace("_", " ").toUpperCase()}`).join("")}`
  }
  if (called?.name === "OpClass") {
    const [first, second] = called.args.given
    const [inner, operators] = [first === undefined ? null : expressionAt(python, first, columnOf), stringAt(python, called.args.option("name") ?? second)]
    return inner === null || operators === null ? null : `(${inner}) ${operators}`
  }
  const inner = expressionAt(python, range, columnOf)
  return inner === null ? null : inner.startsWith('"') ? inner : `(${inner})`
}

/** The SQL of `Q(...)`, without brackets around all of it; null for what only running the code would tell. */
export function conditionAt(python: Python, range: Range, columnOf: ColumnOf): string | null {
  const { tokens } = python
  for (const [sign, word] of [["|", "OR"], ["&", "AND"]] as const) {
    const sides = splitAt(tokens, range, sign)
    if (sides.length < 2) continue
    return combined(sides.map((side) => conditionAt(python, side, columnOf)), word)
  }
  if (isSign(tokens[range.from], "~")) return negated(conditionAt(python, { from: range.from + 1, to: range.to }, columnOf))
  const called = calledAt(python, range)
  if (called?.name !== "Q" || !called.args.isWhole || !DJANGO.test(called.path)) {
    // Brackets around all of it.
    const inner = isSign(tokens[range.from], "(") ? listAt(python, range) : null
    return inner?.length === 1 && inner[0] !== undefined ? conditionAt(python, inner[0], columnOf) : null
  }
  const { given, option } = called.args
  const connector = option("_connector") === null ? "AND" : stringAt(python, option("_connector"))
  const negates = truthAt(python, option("_negated"), false)
  if ((connector !== "AND" && connector !== "OR") || negates === null) return null
  const named = keywordsOf(python, range)
  const parts = [
    ...given.map((one) => {
      const pair = isSign(tokens[one.from], "(") ? listAt(python, one) : null
      const [field, value] = pair ?? []
      const name = stringAt(python, field)
      return name !== null && value !== undefined && pair?.length === 2 ? lookupAt(python, name, value, columnOf) : conditionAt(python, one, columnOf)
    }),
    ...named.map(({ name, value }) => lookupAt(python, name, value, columnOf)),
  ]
  const whole = parts.length === 0 ? null : combined(parts, connector)
  return negates ? negated(whole) : whole
}

/** `Q(price__gt=0)`: what has a name is a condition, but for the options. */
function keywordsOf({ tokens }: Python, { from, to }: Range): readonly { readonly name: string; readonly value: Range }[] {
  let depth = 0
  const found: { name: string; start: number }[] = []
  const ends: number[] = []
  for (let at = from; at < to; at += 1) {
    const token = tokens[at]
    if (token?.kind === "sign" && /^[([{]$/.test(token.text)) depth += 1
    else if (token?.kind === "sign" && /^[)\]}]$/.test(token.text)) depth -= 1
    if (depth === 1 && (isSign(token, ",") || isSign(token, "("))) ends.push(at)
    if (depth === 1 && token?.kind === "word" && isSign(tokens[at + 1], "=") && !token.text.startsWith("_")) found.push({ name: token.text, start: at + 2 })
  }
  ends.push(to - 1)
  return found.map(({ name, start }) => ({ name, value: { from: start, to: ends.find((end) => end > start) ?? to - 1 } }))
}

function combined(parts: readonly (string | null)[], word: string): string | null {
  if (parts.some((part) => part === null)) return null
  return parts.length === 1 ? (parts[0] ?? null) : `(${parts.join(` ${word} `)})`
}

/** What Django makes of a negated condition also asks whether nullable columns have a value, unless they are asked for just that. */
function negated(condition: string | null): string | null {
  return condition !== null && /^"[^"]*" IS (?:NOT )?NULL$/.test(condition) ? `NOT (${condition})` : null
}

/** The condition of a keyword argument: `price__gt=0`; null for what only running the code would tell, and for other models. */
export function lookupAt(python: Python, name: string, range: Range, columnOf: ColumnOf): string | null {
  const [field = "", ...rest] = name.split("__")
  const kind = rest.length === 0 ? "exact" : rest.length === 1 ? rest[0] : undefined
  const found = columnOf(field)
  if (found === null || kind === undefined) return null
  const column = quoted(found.column)
  if (kind === "isnull") {
    const truth = truthAt(python, range, false)
    return truth === null ? null : `${column} IS ${truth ? "NULL" : "NOT NULL"}`
  }
  if (kind === "in") {
    const values = listAt(python, range)?.map((one) => literalAt(python, one))
    return values === undefined || values.length === 0 || values.some((one) => one === null || one === "NULL") ? null : `${column} IN (${values.join(", ")})`
  }
  const [operator, value] = [COMPARISONS[kind], literalAt(python, range) ?? expressionOnly(python, range, columnOf)]
  if (operator === undefined || value === null || found.type === "jsonb") return null
  if (value === "NULL") return kind === "exact" ? `${column} IS NULL` : null
  if (kind === "exact" && /^(?:true|false)$/.test(value)) return value === "true" ? column : `NOT ${column}`
  return `${column} ${operator} ${value}`
}

/** `F("other")`: a string alone is a value. */
function expressionOnly(python: Python, range: Range, columnOf: ColumnOf): string | null {
  const made = stringAt(python, range) === null ? expressionAt(python, range, columnOf) : null
  return made?.startsWith('"') === true ? `(${made})` : made
}
