import type { Span } from "../source/span.ts"
import type { Tokens } from "../source/tokens.ts"
import type { Operation } from "./operation.ts"
import type { Shape } from "./shape.ts"
import { lex } from "../source/lexer.ts"
import { TokenKind } from "../source/tokens.ts"
import { FIXED, LITERAL } from "./shape.ts"

/**
 * Operations of statements that are like earlier ones, without the grammar. When a shape comes back, the statement is
 * read a second time with all names, literals and blanks replaced by others: what stays the same in the operations does
 * not depend on them, and what changes must be one of the names, letter for letter, or a place between tokens; else the
 * token that made the difference becomes part of what must be equal. To the grammar one name is like any other that is
 * no keyword, so that what holds for the replaced ones holds for all.
 */
export interface Templates {
  /** The operations of a statement of this shape; null when none was learned. */
  find(shape: Shape): readonly Operation[] | null
  /** Remembers what the grammar made of a statement. `read` gives the operations of another text, null when it is none. */
  learn(shape: Shape, operations: readonly Operation[], read: (sql: string) => readonly Operation[] | null): void
}

/** How a part of the operations is made for a new statement. All plans have all fields, which makes them quick to read. */
interface Plan {
  /** `identifier`: `{ name, span }`, the commonest object of all. */
  readonly kind: "constant" | "name" | "span" | "identifier" | "object" | "array"
  readonly value: unknown
  readonly name: number
  /** Places are token numbers times two, plus one for the token's end. */
  readonly start: number
  readonly end: number
  /** Of an object; `parts` are its values, or the items of an array. */
  readonly keys: readonly string[]
  readonly parts: readonly Plan[]
}

const NO_KEYS: readonly string[] = []
const NO_PARTS: readonly Plan[] = []

function constant(value: unknown): Plan {
  return { kind: "constant", value, name: 0, start: 0, end: 0, keys: NO_KEYS, parts: NO_PARTS }
}

function placed(kind: "name" | "span" | "identifier", name: number, start: number, end: number): Plan {
  return { kind, value: null, name, start, end, keys: NO_KEYS, parts: NO_PARTS }
}

function composed(kind: "object" | "array", keys: readonly string[], parts: readonly Plan[]): Plan {
  return { kind, value: null, name: 0, start: 0, end: 0, keys, parts }
}

/** Statements of one shape. */
interface Family {
  /** Tokens, counted from the statement's first one, whose text decides about the operations. */
  readonly decisive: number[]
  /** By the text of the decisive tokens: how often it was seen, its plan, or null when there can be none. */
  readonly members: Map<string, number | Plan | null>
}

/** Beyond these nothing more is remembered, so that memory stays flat. */
const MOST_FAMILIES = 4000
const MOST_MEMBERS = 1000
/** Reading a statement twice pays when its shape comes back; most do not. */
const LEARN_AT = 2

export function createTemplates(): Templates {
  const families = new Map<string, Family>()
  return {
    find(shape) {
      const family = families.get(shape.key)
      if (family === undefined) return null
      const plan = family.members.get(textOf(shape, family.decisive))
      // The plan was derived from operations, so that it makes operations.
      return typeof plan === "object" && plan !== null ? (build(plan, shape) as readonly Operation[]) : null
    },
    learn(shape, operations, read) {
      let family = families.get(shape.key)
      if (family === undefined) {
        if (families.size >= MOST_FAMILIES) return
        families.set(shape.key, (family = { decisive: [], members: new Map() }))
      }
      const { decisive, members } = family
      const text = textOf(shape, decisive)
      const seen = members.get(text) ?? 0
      if (typeof seen !== "number" || (seen === 0 && members.size >= MOST_MEMBERS)) return
      if (seen + 1 < LEARN_AT) {
        members.set(text, seen + 1)
        return
      }
      const changed = replaced(shape, decisive)
      const other = read(changed.tokens.text)
      const result = other === null ? null : derive(operations, other, shape, changed)
      if (result === null || "plan" in result) {
        members.set(text, result?.plan ?? null)
        return
      }
      // Plans made before may have taken one of these tokens for free.
      decisive.push(...result.decisive)
      members.clear()
      members.set(textOf(shape, decisive), LEARN_AT - 1)
    },
  }
}

function textOf({ tokens: { text, starts, ends }, from }: Shape, decisive: readonly number[]): string {
  let joined = ""
  for (const at of decisive) joined += `${text.slice(starts[from + at], ends[from + at])}\n`
  return joined
}

// ---------------------------------------------------------------------------------------------------------------------
// Making operations

function build(plan: Plan, shape: Shape): unknown {
  switch (plan.kind) {
    case "constant":
      return plan.value
    case "name":
      return shape.names[plan.name]
    case "span":
      return { start: placeOf(shape.tokens, shape.from, plan.start), end: placeOf(shape.tokens, shape.from, plan.end) }
    case "identifier": {
      const { tokens, from } = shape
      return { name: shape.names[plan.name], span: { start: placeOf(tokens, from, plan.start), end: placeOf(tokens, from, plan.end) } }
    }
    case "array":
      return plan.parts.map((part) => build(part, shape))
    case "object": {
      const { keys, parts } = plan
      const made: Record<string, unknown> = {}
      for (let i = 0; i < keys.length; i++) {
        const part = parts[i]
        if (part !== undefined) made[keys[i] ?? ""] = build(part, shape)
      }
      return made
    }
  }
}

function placeOf({ starts, ends }: Tokens, from: number, place: number): number {
  return ((place & 1) === 0 ? starts : ends)[from + (place >> 1)] ?? 0
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

function replaced({ tokens: { text, kinds, starts, ends }, from, to, roles }: Shape, decisive: readonly number[]): Replaced {
  const names = new Map<string, number>()
  const replacements = new Map<string, number[]>()
  let mark = "zq"
  while (text.slice(starts[from], ends[to - 1]).toLowerCase().includes(mark)) mark += "q"
  let changed = ""
  for (let at = 0; at < roles.length; at++) {
    const index = from + at
    const role = roles[at] ?? FIXED
    const original = text.slice(starts[index], ends[index])
    if (at > 0 && starts[index] !== ends[index - 1]) changed += ` ${text.slice(ends[index - 1], starts[index])}`
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
    const before = decisive.size
    const text = String(value)
    for (const [replacement, tokens] of changed.replacements) {
      if (text.includes(replacement)) for (const at of tokens) decisive.add(at)
    }
    if (decisive.size === before) explained = false
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
  const compare = (left: unknown, right: unknown, key: string, holder: object): Plan => {
    if (typeof left === "string" && typeof right === "string") {
      if (left === right) return constant(left)
      const name = changed.names.get(right)
      return name !== undefined && shape.names[name] === left && mayVary(key, holder) ? placed("name", name, 0, 0) : blame(right)
    }
    if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
      return left === right ? constant(left) : blame(right)
    }
    if (Array.isArray(left) || Array.isArray(right)) {
      if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return blame(right)
      const items = left.map((item: unknown, i) => compare(item, right[i], key, holder))
      return items.every(isConstant) ? constant(left) : composed("array", NO_KEYS, items)
    }
    if (isSpan(left) && isSpan(right)) {
      return placed("span", 0, place(left.start, right.start), place(left.end, right.end))
    }
    const entries = Object.entries(left) as [string, unknown][]
    const others = new Map(Object.entries(right) as [string, unknown][])
    if (others.size !== entries.length) return blame(right)
    const parts = entries.map(([field, value]) => compare(value, others.get(field), field, left))
    if (parts.every(isConstant)) return constant(left)
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

function isConstant({ kind }: Plan): boolean {
  return kind === "constant"
}

function isSpan(value: object): value is Span {
  return "start" in value && "end" in value && Object.keys(value).length === 2
}

/**
 * Whether a text at this place is a name to which nothing else is tied: an identifier, a name, a column read or written.
 * Names of types, functions, options and languages decide about more than themselves.
 */
function mayVary(key: string, holder: object): boolean {
  if (key === "column" || key === "columns") return true
  if (!("span" in holder)) return false
  const size = Object.keys(holder).length
  if (key === "name") return size === 2 || (size === 3 && "schema" in holder)
  if (key === "schema") return size === 3 && "name" in holder
  return key === "table" && size === 3 && "column" in holder
}
