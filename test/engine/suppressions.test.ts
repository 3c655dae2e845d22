import { beforeAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/engine/finding.ts"
import { lint } from "../../src/index.ts"
import { applySuppressions } from "../../src/engine/suppressions.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile, textReader } from "../../src/parse/index.ts"
import { createLineMap } from "../../src/source/text.ts"

beforeAll(() => { loadGrammar() })

/** One finding of rule `hazard` for each statement of `sql`; what is left of them, what was of no use, and how often a line was looked up. */
function suppressCounting(sql: string): { left: string[]; unused: string[]; lookUps: number } {
  const parsed = parseFile(sql)
  const { statements, suppressions } = parsed
  const findings = statements.map(({ span }): Finding => ({
    rule: "hazard",
    severity: "error",
    message: "",
    why: null,
    file: "a.sql",
    span,
    statement: span,
    locks: [],
    fix: null,
    steps: [],
    related: [],
    uncertain: [],
    removes: [],
    replaces: null,
    onlyIfUsed: false,
    rejected: false,
    changes: [],
  }))
  const lines = createLineMap(sql)
  let lookUps = 0
  const result = applySuppressions(findings, suppressions, parsed, textReader(sql, parsed.statements), (offset) => {
    lookUps++
    return lines.position(offset).line
  })
  return { left: result.findings.map(({ span }) => sql.slice(span.start, span.end)), unused: result.unused.map(({ rule }) => rule), lookUps }
}

function suppress(sql: string): { left: string[]; unused: string[] } {
  const { left, unused } = suppressCounting(sql)
  return { left, unused }
}

describe("suppression comments", () => {
  it("silence the next statement only", () => {
    expect(suppress("-- pgsafe-ignore hazard -- known\nSELECT 1;\nSELECT 2;")).toEqual({ left: ["SELECT 2"], unused: [] })
  })

  it("silence the statement on the same line", () => {
    expect(suppress("SELECT 1; -- pgsafe-ignore hazard\nSELECT 2;")).toEqual({ left: ["SELECT 2"], unused: [] })
  })

  it("silence the first statement that ends on their line", () => {
    expect(suppress("SELECT\n1; SELECT 2; -- pgsafe-ignore hazard\nSELECT 3;")).toEqual({ left: ["SELECT 2", "SELECT 3"], unused: [] })
    expect(suppress("SELECT 1;\n/* pgsafe-ignore hazard */ SELECT 2; SELECT 3;")).toEqual({ left: ["SELECT 1", "SELECT 3"], unused: [] })
  })

  it("are all of use where several speak of one statement", () => {
    expect(suppress("-- pgsafe-ignore hazard\n-- pgsafe-ignore hazard, other\nSELECT 1; -- pgsafe-ignore-file hazard\nSELECT 2;")).toEqual({ left: [], unused: ["other"] })
  })

  it("are looked up without looking at all statements for each of them", () => {
    const of = (count: number): ReturnType<typeof suppressCounting> => suppressCounting("-- pgsafe-ignore hazard\nSELECT 1;\nSELECT 2;\n".repeat(count))
    const { left, unused, lookUps } = of(2000)
    expect([left.length, unused]).toEqual([2000, []])
    // Twice as many comments and statements take hardly more than twice the work.
    expect(lookUps).toBeLessThan(2.5 * of(1000).lookUps)
  })

  it("silence the statement that they stand in", () => {
    expect(suppress("SELECT\n  -- pgsafe-ignore hazard\n  1;\nSELECT 2;")).toEqual({ left: ["SELECT 2"], unused: [] })
  })

  it("silence the whole file when they say so", () => {
    expect(suppress("SELECT 1;\n-- pgsafe-ignore-file hazard -- legacy\nSELECT 2;")).toEqual({ left: [], unused: [] })
  })

  it("are told when they silence nothing", () => {
    expect(suppress("-- pgsafe-ignore other, hazard\nSELECT 1;")).toEqual({ left: [], unused: ["other"] })
    expect(suppress("SELECT 1;\n-- pgsafe-ignore hazard\n")).toEqual({ left: ["SELECT 1"], unused: ["hazard"] })
  })

  it("speak of single statements in code", () => {
    const sql =
      "DO $$\nBEGIN\n  -- pgsafe-ignore truncate-loses-data -- known\n  TRUNCATE a;\n  TRUNCATE b;\n" +
      "  IF x THEN\n    TRUNCATE c; -- pgsafe-ignore truncate-loses-data\n  END IF;\n" +
      "  -- pgsafe-ignore truncate-loses-data\nEND $$;\n" +
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  TRUNCATE d;\n" +
      "  TRUNCATE e; -- pgsafe-ignore truncate-loses-data\nEND $$;\nSELECT f();\nTRUNCATE g;"
    const { findings } = lint({ files: [{ path: "a.sql", sql }], options: { select: ["truncate-loses-data", "unused-suppression"] } })
    expect(findings.map(({ rule, line }) => [rule, line])).toEqual([
      ["truncate-loses-data", 5],
      ["unused-suppression", 9],
      ["truncate-loses-data", 13],
      ["truncate-loses-data", 17],
    ])
  })
})
