/**
 * What Active Record makes of `Order.where(...).update_all(...)` and `delete_all`. Source: activerecord/lib/active_record/relation.rb.
 * Conditions and values that only running the code would tell are holes.
 */
import { elementsOf, type Said } from "../arguments.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { plural } from "../inflections.ts"
import { joined, literal, named, unknown, type Part } from "../made.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"
import { isFalse, isNil, isTrue, textAt } from "./values.ts"

/** A statement, and the tokens of the chain that makes it. */
export interface ChangedRows {
  readonly parts: readonly Part[]
  readonly place: Range
}

/** The statement of the chain whose last call, `update_all` or `delete_all`, is at a token; null for what names no model. */
export function changedRows(tokens: readonly Token[], at: number): ChangedRows | null {
  const calls = callsBefore(tokens, at)
  const model = calls === null ? undefined : tokens[calls.from]
  const name = textOf(model)
  // What a module adds to the names of its tables stands elsewhere.
  if (calls === null || name === null || !/^[A-Z]\w*$/.test(name) || isSign(tokens[calls.from - 1], "::")) return null
  const range = { from: calls.from, to: calls.from + 1 }
  const table = named({ text: tableOf(tokens, name), range })
  const { list, end } = argumentsAt(tokens, at + 1)
  const bracketed = isSign(tokens[at + 1], "(")
  const where = whereOf(tokens, calls.links)
  if (isWord(tokens[at], "delete_all")) return { parts: ["DELETE FROM ", table, ...where], place: { from: calls.from, to: bracketed ? end + 1 : at + 1 } }
  const set = setOf(tokens, list)
  return set && { parts: ["UPDATE ", table, " SET ", ...set, ...where], place: { from: calls.from, to: bracketed ? end + 1 : end } }
}

/** The table of a model. */
function tableOf(tokens: readonly Token[], model: string): string {
  return declaredTable(tokens, model) ?? plural(underscored(model))
}

/** The tables of all models that the code speaks of: a loop over models changes one after the other by `model.table_name`. */
export function tablesOfModels(tokens: readonly Token[]): readonly string[] {
  const models = new Set(tokens.flatMap((token) => (token.kind === "word" && /^[A-Z]\w*$/.test(token.text) ? [token.text] : [])))
  return [...models].map((model) => tableOf(tokens, model))
}

/** `Order.where(...).not(...)` up to the period in front of a call. */
interface Calls {
  readonly from: number
  readonly links: readonly Link[]
}

interface Link {
  readonly name: string
  readonly list: readonly Range[]
  readonly range: Range
}

function callsBefore(tokens: readonly Token[], at: number): Calls | null {
  const links: Link[] = []
  let next = at
  for (;;) {
    if (!isSign(tokens[next - 1], ".")) return null
    let last = next - 2
    // The period may begin the next line.
    while (isSign(tokens[last], "\n")) last -= 1
    const open = isSign(tokens[last], ")") ? opening(tokens, last) : null
    const word = open === null ? last : open - 1
    const name = textOf(tokens[word])
    if (name === null || tokens[word]?.kind !== "word") return null
    if (!isSign(tokens[word - 1], ".")) return open === null ? { from: word, links: links.reverse() } : null
    links.push({ name, list: open === null ? [] : argumentsAt(tokens, open).list, range: { from: word, to: last + 1 } })
    next = word
  }
}

/** The bracket that a closing one closes. */
function opening(tokens: readonly Token[], close: number): number {
  let depth = 0
  for (let at = close; at >= 0; at -= 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === ")" || text === "]" || text === "}") depth += 1
    else if ((text === "(" || text === "[" || text === "{") && --depth === 0) return at
  }
  return 0
}

/** `self.table_name = "orders"` in a class of the file. */
function declaredTable(tokens: readonly Token[], model: string): string | null {
  const start = tokens.findIndex((token, at) => isWord(token, "class") && isWord(tokens[at + 1], model))
  if (start < 0) return null
  const end = tokens.findIndex((token, at) => at > start && isWord(token, "class"))
  const at = tokens.findIndex((token, index) => index > start && (end < 0 || index < end) && isWord(token, "table_name") && isWord(tokens[index - 2], "self"))
  return at < 0 ? null : (textAt(tokens, { from: at + 2, to: at + 3 })?.text ?? null)
}

/** `APIKey` as `api_key`: ActiveSupport's `underscore`. */
function underscored(name: string): string {
  return name.replace(/([A-Z]+)(?=[A-Z][a-z])|([a-z\d])(?=[A-Z])/g, "$1$2_").toLowerCase()
}

/** A hash of columns, or SQL; null for what only running the code would tell. */
function setOf(tokens: readonly Token[], list: readonly Range[]): readonly Part[] | null {
  const [first] = list
  if (first === undefined) return null
  const text = sqlAt(tokens, list)
  if (text !== null) return text
  const entries = entriesAt(tokens, list)
  return entries && joined(entries.map(({ key, value }) => [named(key), " = ", valueAt(tokens, value) ?? unknown(value)]))
}

interface Entry {
  readonly key: Said
  readonly value: Range
}

/** `a: 1, :b => 2`, in braces or not; null for anything else. */
function entriesAt(tokens: readonly Token[], list: readonly Range[]): readonly Entry[] | null {
  const [first, ...others] = list
  const inner = first !== undefined && others.length === 0 && isSign(tokens[first.from], "{") ? elementsOf(tokens, first) : list
  if (inner === null || inner.length === 0) return null
  const entries = inner.map(({ from, to }): Entry | null => {
    const range = { from, to: from + 1 }
    const value = { from: from + 2, to }
    if (isSign(tokens[from + 1], "=>")) {
      const key = textAt(tokens, range)
      return key && { key, value }
    }
    const key = tokens[from]?.kind === "word" && isSign(tokens[from + 1], ":") ? textOf(tokens[from]) : null
    return key === null ? null : { key: { text: key, range }, value: to === from + 2 ? range : value }
  })
  return entries.some((entry) => entry === null) ? null : entries.flatMap((entry) => entry ?? [])
}

/** A literal in SQL; null for what only running the code would tell. */
function valueAt(tokens: readonly Token[], range: Range): Part | null {
  if (isNil(tokens, range)) return { sql: "NULL", range }
  if (isTrue(tokens, range) || isFalse(tokens, range)) return { sql: textOf(tokens[range.from]) ?? "", range }
  const text = textAt(tokens, range)
  if (text === null) return null
  return { sql: /^-?[\d_.]+$/.test(text.text) && tokens[range.from]?.kind !== "text" ? text.text : literal(text.text), range }
}

/** SQL with values in the place of question marks; null for anything else. */
function sqlAt(tokens: readonly Token[], list: readonly Range[]): readonly Part[] | null {
  const [first, ...values] = list
  const token = first === undefined ? undefined : tokens[first.from]
  if (first === undefined || token?.kind !== "text" || first.to !== first.from + 1) return null
  const parts: Part[] = []
  let used = 0
  for (const { kind, value } of token.runs) {
    if (kind === "hole") {
      parts.push(unknown(first))
      continue
    }
    for (const [index, text] of (values.length === 0 ? [value] : value.split("?")).entries()) {
      const given = index === 0 ? undefined : values[used]
      if (index > 0) {
        used += 1
        parts.push(given === undefined ? unknown(first) : (valueAt(tokens, given) ?? unknown(given)))
      }
      parts.push({ sql: text, range: first })
    }
  }
  return parts
}

/** Links that pick no rows. */
const WITHOUT_EFFECT = /^(?:all|unscoped|where|reorder|order|in_order_of)$/

/** ` WHERE ...`; nothing where there is no condition. Scopes, joins and batches are holes. */
function whereOf(tokens: readonly Token[], links: readonly Link[]): readonly Part[] {
  const conditions = links.flatMap(({ name, list, range }, index): Part[][] => {
    const isNot = name === "not" && links[index - 1]?.name === "where" && links[index - 1]?.list.length === 0
    if (list.length === 0 && WITHOUT_EFFECT.test(name)) return []
    if (/^(?:reorder|order)$/.test(name)) return []
    if (name !== "where" && !isNot) return [[unknown(range)]]
    return [conditionOf(tokens, list, isNot) ?? [unknown(range)]]
  })
  return conditions.length === 0 ? [] : [" WHERE ", ...joined(conditions, " AND ")]
}

function conditionOf(tokens: readonly Token[], list: readonly Range[], isNot: boolean): Part[] | null {
  const text = isNot ? null : sqlAt(tokens, list)
  if (text !== null) return ["(", ...text, ")"]
  const entries = entriesAt(tokens, list)
  const conditions = entries?.map(({ key, value }) => compared(tokens, key, value, isNot)) ?? []
  // With several columns `not` rules out only rows that have all of the values.
  if (conditions.length === 0 || (isNot && conditions.length > 1) || conditions.some((one) => one === null)) return null
  return joined(conditions.flatMap((one) => (one === null ? [] : [one])), " AND ")
}

function compared(tokens: readonly Token[], key: Said, value: Range, isNot: boolean): Part[] | null {
  // Conditions on other tables.
  if (isSign(tokens[value.from], "{")) return null
  const elements = isSign(tokens[value.from], "[") ? elementsOf(tokens, value) : null
  if (elements !== null) return elements.length === 0 ? null : [named(key), isNot ? " NOT IN (" : " IN (", ...joined(elements.map((one) => [valueAt(tokens, one) ?? unknown(one)])), ")"]
  if (isNil(tokens, value)) return [named(key), isNot ? " IS NOT NULL" : " IS NULL"]
  return [named(key), isNot ? " != " : " = ", valueAt(tokens, value) ?? unknown(value)]
}
