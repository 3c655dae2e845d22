import { expect, test } from "vitest"
import { createChooser } from "./random/chooser.ts"
import { runRandom } from "./random/run.ts"
import { runRandomSteps } from "./steps/run.ts"
import { whyMissing } from "./missing.ts"

test("a chooser reads its numbers one after the other and then says no", () => {
  const choose = createChooser([4, 2, 7])
  expect(choose.pick(["a", "b", "c"])).toBe("b")
  expect(choose.once(3)).toBe(true)
  expect(choose.number(5)).toBe(2)
  expect(choose.once(3)).toBe(false)
  expect(choose.pick([])).toBeUndefined()
})

test("random programs do what pgsafe says", { timeout: 120_000 }, async (context) => {
  const missing = await whyMissing(18)
  if (missing !== null) return context.skip(missing)
  const { statements, disagreements } = await runRandom(18, 9000, 20)
  expect(statements).toBeGreaterThan(100)
  expect(disagreements).toEqual([])
})

test("the steps for random statements end where the statements do", { timeout: 240_000 }, async (context) => {
  const missing = await whyMissing(18)
  if (missing !== null) return context.skip(missing)
  const { steps, writes, disagreements } = await runRandomSteps(18, 4, 25)
  expect(steps).toBeGreaterThan(20)
  expect(writes).toBeGreaterThan(100)
  expect(disagreements.map(({ seed, differences }) => [seed, ...differences])).toEqual([])
})
