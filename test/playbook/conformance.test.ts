import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseFile } from "../../src/parse/index.ts"
import type { Major } from "../truth/versions.ts"
import { awkward } from "./awkward-cases.ts"
import { conformance } from "./cases.ts"
import { openPlace, runSteps, shapeOf, type Place } from "./database.ts"
import { stepsFor } from "./recipe.ts"
import { together } from "./together-cases.ts"

const majors: readonly Major[] = [14, 18]

for (const major of majors) {
  describe(`on PostgreSQL ${String(major)}`, () => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(major)
    }, 60_000)
    afterAll(async () => {
      await place.close()
    })

    for (const one of [...conformance, ...awkward, ...together]) {
      if (major < (one.since ?? major) || major > (one.until ?? major)) continue
      it(one.title, async () => {
        const steps = stepsFor({ schema: one.schema, migration: one.migration, pgVersion: major })
        expect(steps.length).toBeGreaterThan(0)
        for (const step of steps) expect(parseFile(step.sql).errors).toEqual([])
        const direct = await place.open(one.schema)
        const safe = await place.open(one.schema)
        await direct.query(one.directly ?? one.migration)
        if (one.rows !== undefined) await safe.query(one.rows)
        expect(await runSteps(safe, steps, one.byHand)).toEqual([])
        expect(await shapeOf(safe)).toEqual(await shapeOf(direct))
        for (const [query, rows] of Object.entries(one.data ?? {}))
          expect((await safe.query({ text: query, rowMode: "array" })).rows).toEqual(rows)
        await direct.end()
        await safe.end()
      })
    }
  })
}
