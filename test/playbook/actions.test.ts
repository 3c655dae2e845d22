import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lint, type Step } from "../../src/index.ts"
import { actionCases, orders, type ActionCase } from "./action-cases.ts"
import { openPlace, runSteps, shapeOf, type Place } from "./database.ts"

function stepsOf({ schema, migration, rules }: ActionCase, pgVersion: number): readonly Step[] {
  const files = [
    { path: "migrations/1.sql", sql: schema },
    { path: "migrations/2.sql", sql: migration },
  ]
  const { findings } = lint({ files, options: { pgVersion, transaction: false, ignore: ["lock-timeout-missing"] } })
  const own = findings.filter(({ file }) => file === "migrations/2.sql")
  expect(own.map(({ rule }) => rule)).toEqual(rules)
  return own.flatMap(({ steps }) => steps)
}

for (const major of [14, 18] as const) {
  describe(`actions of one ALTER TABLE on PostgreSQL ${String(major)}`, () => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(major)
    }, 60_000)
    afterAll(async () => {
      await place.close()
    })

    it.each(actionCases.filter(({ since = major, until = major }) => since <= major && major <= until).map((one) => [one.title, one] as const))("%s", async (_, one) => {
      const steps = stepsOf(one, major)
      const direct = await place.open(one.schema)
      const safe = await place.open(one.schema)
      await direct.query(one.migration)
      if (one.rows !== undefined) await safe.query(one.rows)
      expect(await runSteps(safe, steps)).toEqual([])
      const made = /^(?:function|trigger|index CREATE INDEX "?(?:orders_(?:a|By)|T_c)_idx"?) /
      expect((await shapeOf(safe)).filter((line) => !made.test(line))).toEqual((await shapeOf(direct)).filter((line) => !made.test(line)))
      await direct.end()
      await safe.end()
    })
  })
}

describe("the other actions of a statement", () => {
  const lintOf = (sql: string, select?: readonly string[]): readonly Step[] =>
    lint({ files: [{ path: "m/1.sql", sql: orders }, { path: "m/2.sql", sql }], options: { transaction: false, ...(select !== undefined && { select }) } }).findings.flatMap(
      ({ rule, steps }) => (rule === "lock-timeout-missing" ? [] : steps),
    )

  it("go into the plan's own deploys where they do not depend on it", () => {
    const deploysOf = (sql: string): readonly Step["deploy"][] =>
      lintOf(sql).flatMap(({ deploy }, at, all) => (all[at - 1]?.deploy === deploy ? [] : [deploy]))
    const titlesOf = (sql: string): readonly string[] => lintOf(sql).map(({ title }) => title)
    const apart = "ALTER TABLE orders ALTER a TYPE bigint, ALTER b SET NOT NULL, ALTER id TYPE bigint, ALTER \"b\" SET STATISTICS 9;"
    expect(deploysOf(apart)).toEqual(["expand", "migrate", "contract"])
    expect(titlesOf(apart).filter((title) => title.startsWith("Refuse new NULLs in b,"))).toHaveLength(1)
    const own = titlesOf("ALTER TABLE orders ALTER b TYPE int USING 1, ALTER b SET NOT NULL;")
    expect(own.filter((title) => /^(?:Refuse|Swap|Drop)/.test(title)).map((title) => title.slice(0, 30))).toEqual([
      "Refuse new NULLs in b_new, wit", "Swap the two names", "Drop the column of the old typ",
    ])
  })

  it("are in the one plan of all columns that the statement adds, which stands behind the last finding", () => {
    const added = "ADD t uuid DEFAULT gen_random_uuid(), ADD u text NOT NULL, ADD k serial"
    const planOf = (sql: string): (readonly Step[])[] =>
      lint({ files: [{ path: "m/1.sql", sql: orders }, { path: "m/2.sql", sql }] })
        .findings.filter(({ rule }) => rule !== "lock-timeout-missing")
        .map(({ steps }) => steps)
    const plan = planOf(`ALTER TABLE orders ${added};`)
    expect(plan.map(({ length }) => length > 0)).toEqual([false, false, true])
    expect(plan.at(-1)?.[0]?.title).toBe("Add t, u and k")
    expect(planOf(`-- pgsafe-ignore column-add-rewrites-table -- small\nALTER TABLE orders ${added};`)).toEqual(plan.slice(-1))
  })

  it("are those that the findings which are left have no steps for", () => {
    const sql = "ALTER TABLE orders ADD CONSTRAINT k CHECK (a > 0), DROP COLUMN b;"
    const raw = /^SET lock_timeout = '5s';\nALTER TABLE orders DROP COLUMN b;\nRESET/m
    const text = (steps: readonly Step[]): string => steps.map((step) => step.sql).join("\n")
    expect(text(lintOf(sql))).not.toMatch(raw)
    expect(text(lintOf(`-- pgsafe-ignore column-drop-breaks-code -- nothing reads it\n${sql}`))).toMatch(raw)
    expect(text(lintOf(sql, ["check-constraint-scans-table"]))).toMatch(raw)
  })
})
