import { describe, expect, test } from "vitest"
import { catalogInspector, type CatalogDifference } from "./catalog.ts"
import { cases } from "./cases/all.ts"
import { schemas } from "./cases/schemas.ts"
import { deviations } from "./deviations.ts"
import { install } from "./install.ts"
import { judge } from "./judge.ts"
import { observeMajor } from "./run-major.ts"
import { serverPackage, type Major } from "./versions.ts"

// `npm run truth` asks all majors; the newest and the oldest differ most.
const asked: readonly Major[] = [11, 18]

test("case ids are unique and deviations name cases", () => {
  const ids = cases.map((one) => one.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(Object.keys(deviations).filter((id) => !ids.includes(id))).toEqual([])
})

describe.each(asked)("PostgreSQL %i", (major) => {
  test("does what pgsafe says", { timeout: 300_000 }, async (context) => {
    const missing = await whyMissing(major)
    if (missing !== null) return context.skip(missing)
    const catalogs: CatalogDifference[] = []
    const observed = await observeMajor(major, schemas, cases, catalogInspector(major, schemas, catalogs))
    const found = [...judge(schemas, cases, new Map([[major, observed]])), ...catalogs]
    expect(observed.size).toBeGreaterThan(1000)
    expect(
      found
        .filter((one) => deviations[one.case.id] === undefined)
        .map((one) => `${one.case.id}: ${one.case.sql}\n  ${one.differences.join("\n  ")}`),
    ).toEqual([])
  })
})

/** Without a package for this platform there is nothing to ask; without a network, only a build server must complain. */
async function whyMissing(major: Major): Promise<string | null> {
  const there = serverPackage(major)
  if ("missing" in there) return there.missing
  try {
    await install(major)
    return null
  } catch (error) {
    if (process.env["CI"] !== undefined || !(error instanceof Error)) throw error
    return error.message
  }
}
