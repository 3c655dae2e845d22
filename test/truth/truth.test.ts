import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { catalogInspector, type CatalogDifference } from "./catalog.ts"
import { cases } from "./cases/all.ts"
import { schemas } from "./cases/schemas.ts"
import { deviations } from "./deviations.ts"
import { judge } from "./judge.ts"
import { compareEffects, compareProject } from "./project.ts"
import { allPrograms, programDifferences, readPrograms } from "./programs.ts"
import { observeMajor } from "./run-major.ts"
import { startServer } from "./server.ts"
import { whyMissing } from "./missing.ts"
import type { Major } from "./versions.ts"
import { openWorkbench } from "./workbench.ts"

// `npm run truth` asks all majors (`.ci/run` does so before the tests); the newest and the oldest differ most.
const asked: readonly Major[] = [11, 18]

test("case ids are unique and deviations name cases", () => {
  const ids = cases.map((one) => one.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(Object.keys(deviations).filter((id) => !ids.includes(id))).toEqual([])
})

test("programs are read with their titles and exceptions", () => {
  expect(readPrograms("-- one\n-- except 12 13: a reason\nSELECT 1;\nSELECT\n  2;\n\n-- two\nSELECT ';';\n")).toEqual([
    { title: "one", except: [12, 13], statements: ["SELECT 1", "SELECT\n  2"] },
    { title: "two", except: [], statements: ["SELECT ';'"] },
  ])
  const titles = allPrograms().map((one) => one.title)
  expect(new Set(titles).size).toBe(titles.length)
})

describe.each(asked)("PostgreSQL %i", (major) => {
  test("does what pgsafe says", { timeout: 300_000 }, async (context) => {
    const missing = process.env["PGSAFE_TRUTH_RAN"] === "1" ? "`npm run truth` has just asked it the same" : await whyMissing(major)
    if (missing !== null) return context.skip(missing)
    const catalogs: CatalogDifference[] = []
    let programs: readonly string[] = []
    const observed = await observeMajor(major, schemas, cases, catalogInspector(major, schemas, catalogs), async (bench) => {
      programs = (await programDifferences(bench, allPrograms())).differences
    })
    expect(programs).toEqual([])
    const found = [...judge(schemas, cases, new Map([[major, observed]])), ...catalogs]
    expect(observed.size).toBeGreaterThan(1000)
    expect(
      found
        .filter((one) => deviations[one.case.id] === undefined)
        .map((one) => `${one.case.id}: ${one.case.sql}\n  ${one.differences.join("\n  ")}`),
    ).toEqual([])
  })
})

const FOLDER = fileURLToPath(new URL("../../fixtures/projects/", import.meta.url))

/** With variables of their tool, COPY data, tables that other code makes, or nothing to replay. */
const NOT_PLAIN_SQL = ["django", "dump", "flyway", "graphile-migrate", "psql"]

test("whole projects do what pgsafe says and replay to the catalog of a server", { timeout: 300_000 }, async (context) => {
  const missing = await whyMissing(18)
  if (missing !== null) return context.skip(missing)
  const server = await startServer(18)
  try {
    const bench = await openWorkbench(server)
    for (const [index, name] of readdirSync(FOLDER).entries()) {
      const hasSql = readdirSync(`${FOLDER}${name}`, { recursive: true, encoding: "utf8" }).some((path) => path.endsWith(".sql"))
      if (NOT_PLAIN_SQL.includes(name) || !hasSql) continue
      const { tables, refused, differences } = await compareProject(server, `project_${String(index)}`, `${FOLDER}${name}`)
      expect({ name, refused, differences }).toEqual({ name, refused: [], differences: [] })
      expect(tables).toBeGreaterThan(0)
      const effects = await compareEffects(bench, `${FOLDER}${name}`)
      expect({ name, refused: effects.refused, differences: effects.differences }).toEqual({ name, refused: 0, differences: [] })
      expect(effects.statements).toBeGreaterThan(0)
    }
    await bench.close()
  } finally {
    await server.stop()
  }
})
