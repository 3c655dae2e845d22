import { parseArgs } from "node:util"
import { observeMajorCached } from "./cache.ts"
import { catalogInspector, type CatalogDifference } from "./catalog.ts"
import { builtinDifferences, readBuiltins } from "./builtins.ts"
import { cases } from "./cases/all.ts"
import { schemas } from "./cases/schemas.ts"
import { deviations } from "./deviations.ts"
import { judge, type Disagreement } from "./judge.ts"
import type { Observation } from "./observation.ts"
import { allPrograms, programDifferences } from "./programs.ts"
import { observeMajor } from "./run-major.ts"
import { timeoutDifferences } from "./timeouts.ts"
import { transactionDifferences } from "./transactions.ts"
import { majors, serverPackage, type Major } from "./versions.ts"
import type { Workbench } from "./workbench.ts"

// npm run truth -- [--pg 16[,17]] [--only words] [--cached]

const { values } = parseArgs({
  options: { pg: { type: "string" }, only: { type: "string" }, cached: { type: "boolean" } },
})
const wanted = values.pg === undefined ? majors : majors.filter((major) => values.pg?.split(",").includes(String(major)))
const only = values.only?.toLowerCase()
const chosen = cases.filter((one) => only === undefined || `${one.id} ${one.sql}`.toLowerCase().includes(only))
const programs = allPrograms().filter((one) => only === undefined || one.title.toLowerCase().includes(only))
if (wanted.length === 0 || (chosen.length === 0 && programs.length === 0)) {
  console.error("Nothing to run: --pg takes majors from 11 to 18, --only words of a case's id or SQL.")
  process.exit(2)
}

const catalogs: CatalogDifference[] = []
const observed = new Map<Major, Map<string, Observation>>()
const seconds = new Map<Major, number>()
const waiting = [...wanted]

/** What is proven beside the cases: programs, what may run in a transaction, and the table of built-in functions. */
const others: string[] = []
let statements = 0
async function more(bench: Workbench): Promise<void> {
  const { major } = bench.server
  const ran = await programDifferences(bench, programs)
  statements += ran.statements
  others.push(...ran.differences.map((line) => `PostgreSQL ${String(major)}: ${line}`))
  if (only !== undefined) return
  const session = await bench.connect()
  const wrong = [...(await transactionDifferences(bench)), ...(await timeoutDifferences(bench)), ...builtinDifferences(await readBuiltins(session), major)]
  await session.end()
  others.push(...wrong.map((line) => `PostgreSQL ${String(major)}: ${line}`))
}

/** Two servers at a time keep two cores busy. */
async function worker(): Promise<void> {
  for (let major = waiting.shift(); major !== undefined; major = waiting.shift()) {
    const there = serverPackage(major)
    if ("missing" in there) {
      console.error(`skipped: ${there.missing}`)
      continue
    }
    const start = performance.now()
    if (values.cached === true) observed.set(major, await observeMajorCached(major, schemas, chosen))
    else observed.set(major, await observeMajor(major, schemas, chosen, catalogInspector(major, schemas, catalogs), more))
    seconds.set(major, (performance.now() - start) / 1000)
  }
}
await Promise.all([worker(), worker()])

const inOrder = new Map([...observed].sort(([a], [b]) => a - b))
const found = [
  ...judge(schemas, chosen, inOrder),
  ...catalogs.map((one) => ({ ...one, differences: one.differences.map((line) => `catalog after it: ${line}`) })),
]
const unexplained = found.filter((one) => deviations[one.case.id] === undefined)
printDisagreements(unexplained)
for (const line of others) console.log(line)
console.log("major  cases  failing  deviations  disagreements  seconds")
for (const [major, all] of inOrder) {
  const failing = [...all.values()].filter((one) => one.fails !== undefined).length
  const mine = found.filter((one) => one.major === major)
  const wrong = unexplained.filter((one) => one.major === major).length
  const columns = [major, all.size, failing, mine.length - wrong, wrong, (seconds.get(major) ?? 0).toFixed(1)]
  const widths = [5, 5, 7, 10, 13, 7]
  console.log(columns.map((value, at) => String(value).padStart(widths[at] ?? 0)).join("  "))
}
console.log(`${String(programs.length)} programs, ${String(statements)} statements on all majors`)
const used = new Set(found.map((one) => one.case.id))
const stale = only === undefined && wanted.length === majors.length ? Object.keys(deviations).filter((id) => !used.has(id)) : []
for (const id of stale) console.log(`no longer a deviation: ${id}`)
process.exitCode = unexplained.length > 0 || others.length > 0 || stale.length > 0 ? 1 : 0

/** Majors with the same differences share one line. */
function printDisagreements(all: readonly Disagreement[]): void {
  const groups = new Map<string, { first: Disagreement; majors: Major[] }>()
  for (const one of all) {
    const key = `${one.case.id}\n${one.differences.join("\n")}`
    const group = groups.get(key) ?? { first: one, majors: [] }
    groups.set(key, group)
    group.majors.push(one.major)
  }
  for (const { first, majors: on } of groups.values()) {
    console.log(`${first.case.id}  [${on.join(" ")}]\n  ${first.case.sql}`)
    for (const difference of first.differences) console.log(`    ${difference}`)
  }
}
