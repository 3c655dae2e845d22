import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { applyFixes, casesOf, run, toExpectation } from "./fixture.ts"

describe.each(rules.map(({ id }) => id))("%s", (id) => {
  const cases = casesOf(id)

  it.each(cases.map((one) => [one.title, one] as const))("%s", (_, one) => {
    const { findings, errors } = run(id, one, one.sql)
    expect(errors).toEqual([])
    expect(findings.map(toExpectation)).toEqual(one.expected)

    const fixed = applyFixes(one.sql, findings, id)
    expect(fixed).toBe(one.fixed)
    if (fixed === null) return
    const again = run(id, one, fixed).findings.map(({ rule }) => rule)
    expect(again).not.toContain(id)
    expect(again).not.toContain("syntax-error")
  })

  it("fires somewhere, and stays silent at least as often", () => {
    const firing = cases.filter(({ expected }) => expected.some(({ rule }) => rule === id)).length
    const silent = cases.filter(({ expected }) => expected.length === 0).length
    expect(firing).toBeGreaterThan(0)
    expect(silent).toBeGreaterThanOrEqual(firing)
  })
})
