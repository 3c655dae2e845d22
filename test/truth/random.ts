import { parseArgs } from "node:util"
import { runRandom } from "./random/run.ts"
import { runRandomSteps, shown } from "./steps/run.ts"
import { majors, serverPackage, type Major } from "./versions.ts"

// npm run truth:random -- [--seed S] [--runs N] [--pg 18[,14]] [--steps]

const { values } = parseArgs({
  options: { seed: { type: "string" }, runs: { type: "string" }, pg: { type: "string" }, steps: { type: "boolean" } },
})
const seed = Number(values.seed ?? "1")
const runs = Number(values.runs ?? "100")
const wanted = (values.pg ?? "11,14,18").split(",").map(Number)
const chosen = majors.filter((major) => wanted.includes(major))
if (!Number.isInteger(seed) || !Number.isInteger(runs) || runs < 1 || chosen.length === 0) {
  console.error("--seed and --runs take whole numbers, --pg majors from 11 to 18.")
  process.exit(2)
}

const waiting: Major[] = [...chosen]
let wrong = 0
async function worker(): Promise<void> {
  for (let major = waiting.shift(); major !== undefined; major = waiting.shift()) {
    const there = serverPackage(major)
    if ("missing" in there) {
      console.error(`skipped: ${there.missing}`)
      continue
    }
    if (values.steps === true) {
      const { schemas, followed, steps, writes, disagreements } = await runRandomSteps(major, seed, runs)
      const counts = `${String(schemas)} schemas, ${String(followed)} statements, ${String(steps)} steps, ${String(writes)} writes`
      console.log(`PostgreSQL ${String(major)}: ${counts}, ${String(disagreements.length)} disagreements${disagreements.map(shown).join("")}`)
      wrong += disagreements.length
      continue
    }
    const result = await runRandom(major, seed, runs)
    console.log(
      `PostgreSQL ${String(major)}: ${String(result.programs)} programs, ${String(result.statements)} statements (${String(result.refused)} refused), ` +
        `${String(result.disagreements.length)} disagreements`,
    )
    for (const one of result.disagreements) {
      console.log(`\n-- PostgreSQL ${String(major)}\n${one.program.join(";\n")};`)
      for (const difference of one.differences) console.log(`    ${difference}`)
    }
    wrong += result.disagreements.length
  }
}
await Promise.all([worker(), worker()])
process.exitCode = wrong > 0 ? 1 : 0
