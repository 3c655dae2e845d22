import type { Tokens } from "../source/tokens.ts"
import type { Shape } from "./shape.ts"
import { lex } from "../source/lexer.ts"
import { isSpan } from "../source/span.ts"
import { TokenKind } from "../source/tokens.ts"
import { familyIn, learnedText, NOTHING, planAt, type Learned } from "./learned.ts"
import { build, composed, constant, literalOf, NO_KEYS, placed, type Plan } from "./plan.ts"
import { FIXED, LITERAL } from "./shape.ts"

/**
 * Operations of statements that are like earlier ones, without the grammar. When a shape comes back, the statement is
 * read a second time with all names, literals and blanks replaced by others: what stays the same in the operations does
 * not depend on them, and what changes must be one of the names, letter for letter, or a place between tokens; else the
 * token that made the difference becomes part of what must be equal. To the grammar one name is like any other that is
 * no keyword, so that what holds for the replaced ones holds for all.
 */
export interface Templates {
  /** What a text of this shape means, as `learn` was told; null when nothing was learned. */
  find(shape: Shape): unknown
  /**
   * Remembers what the grammar made of a text. `example` gives a text of the shape with its meaning, when one is needed, `read` the
   * meaning of another text; null when it has none.
   */
  learn(shape: Shape, example: () => Example | null, read: (sql: string) => unknown): void
  /** What was learned so far, for `createTemplates` of another process. */
  learned(): Learned
}

/** A text and its meaning: the operations of a statement, or a part of one. */
export interface Example {
  readonly shape: Shape
  readonly meaning: unknown
}

/** Statements of one shape. */
interface Family {
  /** Tokens, counted from the statement's first one, whose text decides about the operations. */
  readonly decisive: number[]
  /** By the text of the decisive tokens: how often it was seen, its plan, or null when there can be none. */
  readonly members: Map<string, number | Plan | null>
  /** Where plans are that were known beforehand. */
  readonly places: ReadonlyMap<string, number> | null
}

/** Beyond these nothing more is remembered, so that memory stays flat. */
const MOST_FAMILIES = 4000
const MOST_MEMBERS = 1000
/** Reading a statement twice pays when its shape comes back; most do not. */
const LEARN_AT = 2

/** `beforehand` is what was learned already. */
export function createTemplates(beforehand: Learned = NOTHING): Templates {
  const families = new Map<string, Family>()
  const familyOf = ({ key }: Shape): Family | undefined => {
    const known = families.get(key)
    if (known !== undefined || families.size >= MOST_FAMILIES) return known
    const learned = familyIn(beforehand, key)
    const family = { decisive: [...(learned?.decisive ?? [])], members: new Map<string, number | Plan | null>(), places: learned?.places ?? null }
    families.set(key, family)
    return family
  }
  return {
    find(shape) {
      const family = familyOf(shape)
      if (family === undefined) return null
      const { members, decisive, places } = family
      const text = textOf(shape, decisive)
      let plan = members.get(text)
      const place = plan === undefined ? places?.get(text) : undefined
      if (place !== undefined) members.set(text, (plan = planAt(beforehand, place)))
      return typeof plan === "object" && plan !== null ? build(plan, shape) : null
    },
    learn(shape, example, read) {
      const family = familyOf(shape)
      if (family === undefined) return
      const { decisive, members } = family
      const text = textOf(shape, decisive)
      const seen = members.get(text) ?? 0
      if (typeof seen !== "number" || (seen === 0 && members.size >= MOST_MEMBERS)) return
      if (seen + 1 < LEARN_AT) {
        members.set(text, seen + 1)
        return
      }
      const known = example()
      const changed = known === null ? null : replaced(known.shape, decisive)
      const other = changed === null ? null : read(changed.tokens.text)
      const result = known === null || changed === null || other === null ? null : derive(known.meaning, other, known.shape, changed)
      if (result === null || "plan" in result) {
        members.set(text, result?.plan ?? null)
        return
      }
      // Plans made before may have taken one of these tokens for free.
      decisive.push(...result.decisive)
      members.clear()
      families.set(shape.key, { decisive, members, places: null })
      members.set(textOf(shape, decisive), LEARN_AT - 1)
    },
    learned: () => learnedText(plansOf(families)),
  }
}

function* plansOf(families: ReadonlyMap<string, Family>): Generator<readonly [string, readonly number[], ReadonlyMap<string, Plan>]> {
  for (const [key, { decisive, members }] of families) {
    yield [key, decisive, new Map([...members].flatMap(([text, plan]) => (typeof plan === "object" && plan !== null ? [[text, plan]] : [])))]
  }
}

function textOf({ tokens: { text, starts, ends }, from }: Shape, decisive: readonly number[]): string {
  let joined = ""
  for (const at of decisive) joined += `${text.slice(starts[from + at], ends[from + at])}\n`
  return joined
}

// ---------------------------------------------------------------------------------------------------------------------
// Learning

/** The same statement with other names, literals and blanks. */
interface Replaced {
  readonly tokens: Tokens
  /** The number of a name by what stands in its place. */
  readonly names: ReadonlyMap<string, number>
  /** What stands in the place of names and literals, and the tokens that it replaces. */
  readonly replacements: ReadonlyMap<string, readonly number[]>
}

function replaced({ tokens: { text, kinds, starts, ends }, from, to, roles, joints }: Shape, decisive: readonly number[]): Replaced {
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

type Derived = { readonly plan: Plan } | { readonly decisive: readonly number[] }

/** Compares what the grammar made of two statements. Null when they differ in a way that no token explains. */
function derive(original: unknown, other: unknown, shape: Shape, changed: Replaced): Derived | null {
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

/**
 * Whether a text at this place is a name to which nothing else is tied: an identifier, a name, a type, a function, a column read or
 * written. Types and functions that the lowering knows are no free names. Names of options and languages decide about more than themselves.
 */
function mayVary(key: string, holder: object): boolean {
  if (key === "column" || key === "columns") return true
  if (!("span" in holder)) return false
  const size = Object.keys(holder).length
  const isUsed = "modifiers" in holder || "arguments" in holder
  if (key === "name") return isUsed || size === 2 || (size === 3 && "schema" in holder)
  if (key === "schema") return isUsed || (size === 3 && "name" in holder)
  return key === "table" && size === 3 && "column" in holder
}

/** Whether a text at this place repeats a string or number as it is written: a literal, an argument, a label of an enum. */
function isLiteral(key: string, holder: object): boolean {
  return key === "literal" || key === "arguments" || (key === "text" && "span" in holder && Object.keys(holder).length === 2)
}
