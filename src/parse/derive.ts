/** How the operations of a statement follow from its tokens, told by comparing it with another of the same shape. */
import type { Tokens } from "../source/tokens.ts"
import type { Shape } from "./shape.ts"
import { lex } from "../source/lexer.ts"
import { isSpan } from "../source/span.ts"
import { TokenKind } from "../source/tokens.ts"
import { composed, constant, literalOf, NO_KEYS, placed, type Plan } from "./plan.ts"
import { FIXED, LITERAL } from "./shape.ts"

/** The same statement with other names, literals and blanks. */
export interface Replaced {
  readonly tokens: Tokens
  /** The number of a name by what stands in its place. */
  readonly names: ReadonlyMap<string, number>
  /** What stands in the place of names and literals, and the tokens that it replaces. */
  readonly replacements: ReadonlyMap<string, readonly number[]>
}

/** @param decisive tokens that stay as they are, counted from the first */
export function replaced({ tokens: { text, kinds, starts, ends }, from, to, roles, joints }: Shape, decisive: readonly number[]): Replaced {
  const names = new Map<string, number>()
  const replacements = new Map<string, number[]>()
  let mark = "zq"
  while (text.slice(starts[from], ends[to - 1]).toLowerCase().includes(mark)) mark += "q"
  let changed = ""
  for (let at = 0; at < roles.length; at++) {
    const index = from + at
    const role = roles[at] ?? FIXED
    const original = text.slice(starts[index], ends[index])
    // Blanks between all tokens: they make no difference to the grammar, and have to make none to us.
    if (at > 0) changed += joints.includes(at) ? " " : ` ${text.slice(ends[index - 1], starts[index])}`
    if (role === FIXED || decisive.includes(at)) {
      changed += original
      continue
    }
    let value = `${mark}${role}n`
    if (role === LITERAL) value = kinds[index] === TokenKind.number ? String(765_400_000 + at) : `${mark}${at}s`
    else names.set(value, role)
    replacements.set(value, [...(replacements.get(value) ?? []), at])
    const quote = kinds[index] === TokenKind.quotedName ? '"' : kinds[index] === TokenKind.string ? "'" : ""
    changed += quote + value + quote
  }
  return { tokens: lex(changed), names, replacements }
}

/** A plan, or the tokens whose text decides about it. */
export type Derived = { readonly plan: Plan } | { readonly decisive: readonly number[] }

/** Compares what the grammar made of two statements. Null when they differ in a way that no token explains. */
export function derive(original: unknown, other: unknown, shape: Shape, changed: Replaced): Derived | null {
  const decisive = new Set<number>()
  let explained = true

  /** A difference: the tokens whose replacement shows up in it are decisive. */
  const blame = (value: unknown): Plan => {
    const text = String(value)
    let found = false
    for (const [replacement, tokens] of changed.replacements) {
      if (!text.includes(replacement)) continue
      found = true
      for (const at of tokens) decisive.add(at)
    }
    if (!found) explained = false
    return constant(null)
  }
  const place = (here: number, there: number): number => {
    const { from, to, tokens } = shape
    for (let at = 0; at < to - from; at++) {
      if (tokens.starts[from + at] === here && changed.tokens.starts[at] === there) return at * 2
      if (tokens.ends[from + at] === here && changed.tokens.ends[at] === there) return at * 2 + 1
    }
    explained = false
    return 0
  }
  /** The one string or number of the statement in whose place this one stands. */
  const literalAt = (value: string): number | undefined => {
    const [token, another] = changed.replacements.get(value) ?? []
    return token !== undefined && another === undefined && shape.roles[token] === LITERAL ? token : undefined
  }
  const compare = (left: unknown, right: unknown, key: string, holder: object): Plan => {
    if (typeof left === "string" && typeof right === "string") {
      if (left === right) return constant(left)
      const token = isLiteral(key, holder) ? literalAt(right) : undefined
      if (token !== undefined && literalOf(shape, token) === left) return placed("literal", token, 0, 0)
      const name = changed.names.get(right)
      return name !== undefined && shape.names[name] === left && mayVary(key, holder) ? placed("name", name, 0, 0) : blame(right)
    }
    if (key === "modifiers" && typeof left === "number" && typeof right === "number") {
      const token = literalAt(String(right))
      if (token !== undefined && Number(literalOf(shape, token)) === left) return placed("number", token, 0, 0)
    }
    if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
      return left === right ? constant(left) : blame(right)
    }
    if (Array.isArray(left) || Array.isArray(right)) {
      if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return blame(right)
      const items = left.map((item: unknown, i) => compare(item, right[i], key, holder))
      return composed("array", NO_KEYS, items)
    }
    if (isSpan(left) && isSpan(right)) {
      return placed("span", 0, place(left.start, right.start), place(left.end, right.end))
    }
    const entries = Object.entries(left) as [string, unknown][]
    const others = new Map(Object.entries(right) as [string, unknown][])
    if (others.size !== entries.length) return blame(right)
    const parts = entries.map(([field, value]) => compare(value, others.get(field), field, left))
    const [name, span] = parts
    if (parts.length === 2 && name?.kind === "name" && span?.kind === "span" && entries[0]?.[0] === "name") {
      return placed("identifier", name.name, span.start, span.end)
    }
    return composed("object", entries.map(([key]) => key), parts)
  }

  const plan = compare(original, other, "", {})
  if (!explained || changed.tokens.count !== shape.to - shape.from) return null
  return decisive.size > 0 ? { decisive: [...decisive] } : { plan }
}

/** Fields that hold the name of a column, or the name by which a table goes in a query. */
const NAMING: ReadonlySet<string> = new Set(["alias", "column", "columns", "merged"])
/** Fields of an element of an index. */
const OF_ELEMENT: ReadonlySet<string> = new Set(["label", "operatorClass"])

/**
 * Whether a text at this place is a name to which nothing else is tied: an identifier, a name, a type, a function, a column read or
 * written. Types and functions that the lowering knows are no free names. Names of options and languages decide about more than themselves.
 */
function mayVary(key: string, holder: object): boolean {
  if (NAMING.has(key)) return true
  // A column that a query returns.
  if ("type" in holder && "column" in holder) return key === "name" || key === "table"
  if (OF_ELEMENT.has(key)) return "nullsFirst" in holder
  if (!("span" in holder)) return false
  const size = Object.keys(holder).length
  const isUsed = "modifiers" in holder || "arguments" in holder
  if (key === "name") return isUsed || size === 2 || (size === 3 && "schema" in holder)
  if (key === "schema") return isUsed || (size === 3 && "name" in holder)
  return key === "table" && size === 3 && "column" in holder
}

/**
 * Whether a text at this place repeats a string or number as it is written: a literal, an argument, a label of an enum, what a column is
 * compared with.
 */
function isLiteral(key: string, holder: object): boolean {
  if ((key === "value" || key === "values") && "kind" in holder) return holder.kind === "comparison" || holder.kind === "in"
  return key === "literal" || key === "ofLiteral" || key === "arguments" || (key === "text" && "span" in holder && Object.keys(holder).length === 2)
}
