import { describe, expect, it } from "vitest"
import { atLeast, builtinVolatility, conflicts, provesNotNull, strongest } from "../../src/effects/index.ts"
import { boundsOverlap, coversBound } from "../../src/schema/partition-proofs.ts"
import type { Conjunct } from "../../src/parse/expression.ts"
import type { PartitionBound, PartitionValue } from "../../src/parse/operation.ts"
import type { Constraint } from "../../src/schema/catalog.ts"

describe("lock modes", () => {
  it("orders them", () => {
    expect(strongest(["SHARE", "ACCESS EXCLUSIVE", "ROW SHARE"])).toBe("ACCESS EXCLUSIVE")
    expect(strongest([])).toBeNull()
    expect(atLeast("SHARE ROW EXCLUSIVE", "SHARE")).toBe(true)
    expect(atLeast("SHARE UPDATE EXCLUSIVE", "SHARE")).toBe(false)
  })

  it("tells what waits", () => {
    expect(conflicts("ACCESS EXCLUSIVE")).toEqual(["reads", "writes"])
    expect(conflicts("SHARE")).toEqual(["writes"])
    expect(conflicts("SHARE UPDATE EXCLUSIVE")).toEqual([])
  })
})

describe("builtinVolatility", () => {
  it.each([
    ["now", 0, 18, "stable"],
    ["random", 0, 18, "volatile"],
    ["lower", 1, 18, "immutable"],
    ["gen_random_uuid", 0, 13, "volatile"],
    ["gen_random_uuid", 0, 12, null],
    ["uuidv7", 0, 17, null],
    ["timezone", 2, 18, "immutable"],
    ["no_such_function", 0, 18, null],
  ])("%s/%i on %i: %s", (name, count, pgVersion, expected) => {
    expect(builtinVolatility(name, count, pgVersion)).toBe(expected)
  })
})

function check(conjuncts: readonly Conjunct[], state: Partial<Constraint> = {}): Constraint {
  return {
    id: 1,
    name: "c",
    table: 1,
    kind: "check",
    columns: ["a"],
    validated: true,
    enforced: true,
    deferrable: false,
    initiallyDeferred: false,
    noInherit: false,
    inherited: false,
    local: true,
    created: null,
    expression: { text: "", conjuncts, functions: [], types: [] },
    references: null,
    index: null,
    ...state,
  }
}

describe("provesNotNull", () => {
  const present = { kind: "is not null", column: "a" } as const
  it("needs a validated, enforced CHECK on the very column", () => {
    expect(provesNotNull([check([present])], "a", false)).toBe(true)
    expect(provesNotNull([check([present])], "b", false)).toBe(false)
    expect(provesNotNull([check([present], { validated: false })], "a", false)).toBe(false)
    expect(provesNotNull([check([present], { enforced: false })], "a", false)).toBe(false)
    expect(provesNotNull([check([{ kind: "comparison", column: "a", operator: ">", value: "0" }])], "a", false)).toBe(false)
  })

  it("needs a test of the value itself where the values are rows", () => {
    expect(provesNotNull([check([present])], "a", true)).toBe(false)
    for (const rows of [true, false]) expect(provesNotNull([check([{ kind: "is distinct from null", column: "a" }])], "a", rows)).toBe(true)
  })
})

const literal = (text: string): PartitionValue => ({ keyword: null, literal: text, isNull: false })
const span = { start: 0, end: 0 }
const range = (from: string, to: string): PartitionBound => ({
  kind: "range",
  from: [literal(from)],
  to: [literal(to)],
  modulus: 0,
  remainder: 0,
  span,
})
const list = (...values: string[]): PartitionBound => ({
  kind: "list",
  from: values.map(literal),
  to: [],
  modulus: 0,
  remainder: 0,
  span,
})
const compare = (operator: "<" | "<=" | ">" | ">=" | "=", value: string): Conjunct => ({
  kind: "comparison",
  column: "a",
  operator,
  value,
})

describe("coversBound", () => {
  const ranged = { strategy: "range", columns: ["a"], expressions: false, order: "by value" } as const
  const listed = { strategy: "list", columns: ["a"], expressions: false, order: "by value" } as const
  const notNull = (): boolean => true

  it("compares ranges of numbers and dates", () => {
    expect(coversBound([check([compare(">=", "10"), compare("<", "20")])], range("10", "20"), ranged, notNull)).toBe(
      true,
    )
    expect(coversBound([check([compare(">=", "9"), compare("<", "20")])], range("10", "20"), ranged, notNull)).toBe(
      false,
    )
    expect(coversBound([check([compare(">=", "10"), compare("<=", "20")])], range("10", "20"), ranged, notNull)).toBe(
      false,
    )
    const year = check([compare(">=", "2024-01-01"), compare("<", "2025-01-01")])
    expect(coversBound([year], range("2024-01-01", "2025-01-01"), ranged, notNull)).toBe(true)
  })

  it("needs NULL to be excluded", () => {
    const within = check([compare(">=", "10"), compare("<", "20")])
    expect(coversBound([within], range("10", "20"), ranged, () => false)).toBe(false)
  })

  it("compares lists", () => {
    const some: Conjunct = { kind: "in", column: "a", values: ["1", "2"] }
    expect(coversBound([check([some])], list("1", "2", "3"), listed, notNull)).toBe(true)
    expect(coversBound([check([some])], list("1"), listed, notNull)).toBe(false)
    expect(coversBound([check([compare("=", "eu")])], list("eu"), listed, notNull)).toBe(true)
  })
})

describe("boundsOverlap", () => {
  const hash = (modulus: number, remainder: number): PartitionBound => ({
    kind: "hash",
    from: [],
    to: [],
    modulus,
    remainder,
    span,
  })
  it.each([
    [range("1", "10"), range("10", "20"), false],
    [range("1", "11"), range("10", "20"), true],
    [list("a", "b"), list("b"), true],
    [list("a"), list("b"), false],
    [hash(4, 1), hash(2, 1), true],
    [hash(4, 1), hash(2, 0), false],
  ])("%o and %o: %s", (a, b, expected) => {
    expect(boundsOverlap(a, b, "by value")).toBe(expected)
  })

  it("compares text by its spelling only", () => {
    expect(boundsOverlap(list("1"), list("01"), "by value")).toBe(true)
    expect(boundsOverlap(list("1"), list("01"), "unknown")).toBe(false)
    expect(boundsOverlap(range("a", "m"), range("b", "c"), "unknown")).toBe(false)
  })
})
