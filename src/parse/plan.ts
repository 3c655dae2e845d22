/**
 * How the operations of a statement are made from its tokens alone, when the grammar has read another one of the same shape.
 * Learned in templates.ts.
 */
import type { Tokens } from "../source/tokens.ts"
import type { Shape } from "./shape.ts"

/** How a part of the operations is made for a new statement. All plans have all fields, which makes them quick to read. */
export interface Plan {
  /** `identifier`: `{ name, span }`, the commonest object of all. `literal`: what a string or integer stands for; `number`: as a number. */
  readonly kind: "constant" | "name" | "literal" | "number" | "span" | "identifier" | "object" | "array"
  readonly value: unknown
  /** The number of a name; of a literal, that of its token. */
  readonly name: number
  /** Places are token numbers times two, plus one for the token's end. */
  readonly start: number
  readonly end: number
  /** Of an object; `parts` are its values, or the items of an array. */
  readonly keys: readonly string[]
  readonly parts: readonly Plan[]
}

export const NO_KEYS: readonly string[] = []
const NO_PARTS: readonly Plan[] = []

export function constant(value: unknown): Plan {
  return { kind: "constant", value, name: 0, start: 0, end: 0, keys: NO_KEYS, parts: NO_PARTS }
}

export function placed(kind: "name" | "literal" | "number" | "span" | "identifier", name: number, start: number, end: number): Plan {
  return { kind, value: null, name, start, end, keys: NO_KEYS, parts: NO_PARTS }
}

/** Of nothing but constants it is one itself. */
export function composed(kind: "object" | "array", keys: readonly string[], parts: readonly Plan[]): Plan {
  if (!parts.every((part) => part.kind === "constant")) return { kind, value: null, name: 0, start: 0, end: 0, keys, parts }
  const values = parts.map(({ value }) => value)
  return constant(kind === "array" ? values : Object.fromEntries(keys.map((key, i) => [key, values[i]])))
}

export function build(plan: Plan, shape: Shape): unknown {
  switch (plan.kind) {
    case "constant":
      return plan.value
    case "name":
      return shape.names[plan.name]
    case "literal":
      return literalOf(shape, plan.name)
    case "number":
      return Number(literalOf(shape, plan.name))
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

/** What the string or integer at a token of the statement stands for. Shapes have only strings in plain quotes. */
export function literalOf({ tokens: { text, starts, ends }, from }: Shape, token: number): string {
  const written = text.slice(starts[from + token], ends[from + token])
  return written.startsWith("'") ? written.slice(1, -1).replaceAll("''", "'") : written
}

// ---------------------------------------------------------------------------------------------------------------------
// As text

/** What stands for names and places in a plan that is written down: `@n1`, `@l4`, `@m4`, `@s2,7`, `@i0,4,5`. Operators have no letters. */
const KINDS: ReadonlyMap<string | undefined, "name" | "literal" | "number" | "span" | "identifier"> = new Map([["n", "name"], ["l", "literal"], ["m", "number"], ["s", "span"], ["i", "identifier"]])
const MARK = /^@([nlmsi])(\d+)(?:,(\d+))?(?:,(\d+))?$/

/** What stands for a plan without parts. */
export function marked({ kind, value, name, start, end }: Plan): unknown {
  switch (kind) {
    case "name":
      return `@n${String(name)}`
    case "literal":
      return `@l${String(name)}`
    case "number":
      return `@m${String(name)}`
    case "span":
      return `@s${String(start)},${String(end)}`
    case "identifier":
      return `@i${String(name)},${String(start)},${String(end)}`
    default:
      return value
  }
}

/** The plan that `marked` has written. */
export function unmarked(value: unknown): Plan {
  const mark = typeof value === "string" && value.startsWith("@") ? MARK.exec(value) : null
  const kind = KINDS.get(mark?.[1])
  if (mark === null || kind === undefined) return constant(value)
  const [first = 0, second = 0, third = 0] = mark.slice(2).map((number) => Number(number ?? 0))
  return kind === "span" ? placed(kind, 0, first, second) : placed(kind, first, second, third)
}
