import { describe, expect, it } from "vitest"
import { readOne } from "./read.ts"

function where(condition: string): Record<string, unknown> {
  const operation = readOne(`DELETE FROM t WHERE ${condition}`)
  if (operation === null || typeof operation !== "object" || !("where" in operation)) throw new Error("no WHERE")
  return operation["where"] as Record<string, unknown>
}

function assigned(expression: string): Record<string, unknown> {
  const operation = readOne(`ALTER TABLE t ALTER c SET DEFAULT ${expression}`)
  if (operation === null || typeof operation !== "object" || !("default" in operation)) throw new Error("no DEFAULT")
  return operation["default"] as Record<string, unknown>
}

const OTHER = { kind: "other" }
/** `a NOT BETWEEN 1 AND 3` */
const OUTSIDE = {
  kind: "or",
  branches: [[{ kind: "comparison", column: "a", operator: "<", value: "1" }], [{ kind: "comparison", column: "a", operator: ">", value: "3" }]],
}

describe("conjuncts", () => {
  it.each([
    ["a IS NOT NULL", [{ kind: "is not null", column: "a" }]],
    ["t.a IS NULL", [{ kind: "is null", column: "a" }]],
    ["NOT (a IS NULL)", [{ kind: "is not null", column: "a" }]],
    ["NOT a IS NOT NULL", [{ kind: "is null", column: "a" }]],
    ["(a IS NOT NULL) IS TRUE", [OTHER]],
    ["a IS NOT NULL OR b IS NOT NULL", [{ kind: "or", branches: [[{ kind: "is not null", column: "a" }], [{ kind: "is not null", column: "b" }]] }]],
    ["a IS NOT NULL OR lower(b) = 'x'", [OTHER]],
    ["a IS NOT NULL OR false", [{ kind: "is not null", column: "a" }]],
    ["true AND NOT (NOT true OR a IS NULL)", [{ kind: "is not null", column: "a" }]],
    ["a IS NOT NULL OR (false AND b = 1) OR c IS NOT NULL", [{ kind: "or", branches: [[{ kind: "is not null", column: "a" }], [{ kind: "is not null", column: "c" }]] }]],
    ["a IS NOT NULL OR NOT false", []],
    ["a IS NOT NULL AND false", [OTHER]],
    ["false OR false", [OTHER]],
    ["a IS NOT NULL OR NULL", [OTHER]],
    ["NOT (a IS NULL OR b < 1)", [{ kind: "is not null", column: "a" }, { kind: "comparison", column: "b", operator: ">=", value: "1" }]],
    ["NOT (a IN ('x'))", [{ kind: "comparison", column: "a", operator: "<>", value: "x" }]],
    ["NOT a NOT BETWEEN 1 AND 3", [{ kind: "comparison", column: "a", operator: ">=", value: "1" }, { kind: "comparison", column: "a", operator: "<=", value: "3" }]],
    ["NOT a BETWEEN 1 AND 3", [OUTSIDE]],
    ["(a, b) IS NOT NULL", [{ kind: "is distinct from null", column: "a" }, { kind: "is distinct from null", column: "b" }]],
    ["ROW(a) IS NULL", [{ kind: "is not distinct from null", column: "a" }]],
    ["NOT (a, b) IS NULL", [OTHER]],
    ["a IS DISTINCT FROM NULL", [{ kind: "is distinct from null", column: "a" }]],
    ["NOT a IS NOT DISTINCT FROM NULL", [{ kind: "is distinct from null", column: "a" }]],
    ["NULL IS NOT DISTINCT FROM a", [{ kind: "is not distinct from null", column: "a" }]],
    ["(a IS NOT NULL) = true", [{ kind: "is not null", column: "a" }]],
    ["false = (a IS NOT NULL)", [{ kind: "is null", column: "a" }]],
    ["(a IS NULL) <> true", [{ kind: "is not null", column: "a" }]],
    ["a = true", [{ kind: "comparison", column: "a", operator: "=", value: "true" }]],
    [
      "a IS NOT NULL AND (b > 1 AND c <> 'x')",
      [
        { kind: "is not null", column: "a" },
        { kind: "comparison", column: "b", operator: ">", value: "1" },
        { kind: "comparison", column: "c", operator: "<>", value: "x" },
      ],
    ],
    ["5 < a", [{ kind: "comparison", column: "a", operator: ">", value: "5" }]],
    ["5 >= a", [{ kind: "comparison", column: "a", operator: "<=", value: "5" }]],
    ["a != -1.5", [{ kind: "comparison", column: "a", operator: "<>", value: "-1.5" }]],
    ["a = 'x'::text", [{ kind: "comparison", column: "a", operator: "=", value: "x" }]],
    ["a = NULL", [OTHER]],
    ["a = b", [OTHER]],
    ["lower(a) = 'x'", [OTHER]],
    ["a::text = 'x'", [OTHER]],
    ["a LIKE 'x%'", [OTHER]],
    ["a IN ('x', 'y')", [{ kind: "in", column: "a", values: ["x", "y"] }]],
    ["a IN ('x', NULL)", [OTHER]],
    [
      "a NOT IN ('x', 'y')",
      [
        { kind: "comparison", column: "a", operator: "<>", value: "x" },
        { kind: "comparison", column: "a", operator: "<>", value: "y" },
      ],
    ],
    ["NOT a NOT IN ('x', 'y')", [{ kind: "in", column: "a", values: ["x", "y"] }]],
    ["a <> ALL (ARRAY['x'])", [{ kind: "comparison", column: "a", operator: "<>", value: "x" }]],
    ["a <> ANY (ARRAY['x'])", [OTHER]],
    ["a = ANY (ARRAY['x'::text, 'y'::text])", [{ kind: "in", column: "a", values: ["x", "y"] }]],
    ["a IN (SELECT x FROM o)", [OTHER]],
    [
      "a BETWEEN 1 AND 3",
      [
        { kind: "comparison", column: "a", operator: ">=", value: "1" },
        { kind: "comparison", column: "a", operator: "<=", value: "3" },
      ],
    ],
    ["a NOT BETWEEN 1 AND 3", [OUTSIDE]],
    ["b = 1 OR a NOT BETWEEN 1 AND 3", [{ kind: "or", branches: [[{ kind: "comparison", column: "b", operator: "=", value: "1" }], ...OUTSIDE.branches] }]],
    ["b = 1 OR (c = 2 AND a NOT BETWEEN 1 AND 3)", [{ kind: "or", branches: [[{ kind: "comparison", column: "b", operator: "=", value: "1" }], [{ kind: "comparison", column: "c", operator: "=", value: "2" }, OUTSIDE]] }]],
    ["a IS DISTINCT FROM 1", [OTHER]],
    ["a", [OTHER]],
  ])("of %s", (condition, conjuncts) => {
    expect(where(condition)["conjuncts"]).toEqual(conjuncts)
    expect(where(condition)["span"]).toBe(condition)
  })
})

describe("expressions", () => {
  it("reads a literal exactly", () => {
    expect(assigned("'eu'")).toEqual({
      span: "'eu'",
      literal: "eu",
      isNull: false,
      constant: true,
      functions: [],
      columns: [],
      casts: [],
      operators: [],
      relations: [],
      conjuncts: [OTHER],
      column: null,
    })
  })

  it.each([
    ["'eu'::text", "eu", true],
    ["0", "0", true],
    ["-1", "-1", true],
    ["12345678901234567890", "12345678901234567890", true],
    ["true", "true", true],
    ["CAST('1' AS int)", "1", true],
    ["1 + 2", null, true],
    ["ARRAY[1, 2]", null, true],
    ["ROW(1, 'a')", null, true],
    ["now()", null, false],
    ["CURRENT_DATE", null, false],
    ["'{}'::jsonb || '{}'", null, true],
    ["(SELECT 1)", null, false],
  ])("knows whether %s is constant", (expression, literal, constant) => {
    expect(assigned(expression)).toMatchObject({ span: expression, literal, constant, isNull: false })
  })

  it("looks through casts of NULL", () => {
    expect(assigned("NULL::text")).toMatchObject({ isNull: true, literal: null, constant: true })
  })

  it.each([
    ["CURRENT_TIMESTAMP", "now"],
    ["CURRENT_TIMESTAMP(3)", "now"],
    ["CURRENT_DATE", "current_date"],
    ["CURRENT_USER", "current_user"],
    ["LOCALTIMESTAMP", "localtimestamp"],
    ["SESSION_USER", "session_user"],
  ])("calls %s a function", (expression, name) => {
    expect(assigned(expression)["functions"]).toMatchObject([{ schema: null, name }])
  })

  it("collects calls with their literal arguments, columns, casts and operators", () => {
    expect(where("s.f('a', x.b, 2) || coalesce(g((1)), 'k')::ty ->> 'z' = $1")).toMatchObject({
      constant: false,
      functions: [
        { schema: "s", name: "f", arguments: ["a", null, "2"], span: "s.f('a', x.b, 2)" },
        { schema: null, name: "g", arguments: ["1"], span: "g((1))" },
      ],
      columns: [{ table: "x", column: "b", span: "x.b" }],
      casts: [{ type: { name: "ty", span: "ty" }, ofLiteral: null }],
      operators: ["=", "->>", "||"],
    })
  })

  it("looks into every kind of expression", () => {
    const condition =
      "CASE WHEN a THEN f1() ELSE f2() END AND EXISTS (SELECT f3() FROM r1 JOIN LATERAL f4() ON true) " +
      "AND greatest(b, nullif(c, f5())) > 1 AND count(*) FILTER (WHERE d) OVER (PARTITION BY f6() ORDER BY e) > 0 " +
      "AND xmlelement(name z, f7()) IS DOCUMENT AND json_value(f8(), '$.a') = 'b' AND (ARRAY[g, f9()])[h] = ANY (SELECT i FROM r2)"
    const found = where(condition)
    expect((found["functions"] as { name: string }[]).map(({ name }) => name).sort()).toEqual([
      "count",
      "f1",
      "f2",
      "f3",
      "f4",
      "f5",
      "f6",
      "f7",
      "f8",
      "f9",
    ])
    expect((found["columns"] as { column: string }[]).map(({ column }) => column)).toEqual([..."abcdeghi"])
    expect((found["relations"] as { name: string }[]).map(({ name }) => name)).toEqual(["r1", "r2"])
  })

  it("names the column of USING", () => {
    const using = (expression: string): unknown =>
      (readOne(`ALTER TABLE t ALTER c TYPE int USING ${expression}`) as { using: { column: unknown } }).using.column
    expect(using("c")).toBe("c")
    expect(using("c::text::int")).toBe("c")
    expect(using("t.c::int")).toBe("c")
    expect(using("c + 1")).toBeNull()
  })
})
