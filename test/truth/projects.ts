import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { startServer } from "./server.ts"
import { compareEffects, compareProject } from "./project.ts"
import { majors } from "./versions.ts"
import { openWorkbench } from "./workbench.ts"

// npx tsx test/truth/projects.ts [--pg 15] [--setup file.sql] [--effects] folder...
// Replays complete histories on a real server and in pgsafe, and prints every difference between the catalogs; with --effects, between what
// each statement locks, rewrites, scans and builds, and what pgsafe says of it.

const { values, positionals } = parseArgs({ options: { pg: { type: "string" }, setup: { type: "string" }, effects: { type: "boolean" } }, allowPositionals: true })
const major = majors.find((one) => String(one) === (values.pg ?? "15"))
if (major === undefined || positionals.length === 0) {
  console.error("npx tsx test/truth/projects.ts [--pg 11 to 18] [--setup file.sql] [--effects] folder...")
  process.exit(2)
}
const setup = values.setup === undefined ? "" : readFileSync(values.setup, "utf8")
const server = await startServer(major)
let failed = 0
try {
  const bench = values.effects === true ? await openWorkbench(server) : null
  for (const [index, folder] of positionals.entries()) {
    if (bench !== null) {
      const { statements, refused, differences } = await compareEffects(bench, resolve(folder), setup)
      for (const line of differences) console.log(`  ${line}`)
      console.log(`${folder}: ${String(statements)} statements, ${String(refused)} refused, ${String(differences.length)} differences`)
      failed += differences.length
      continue
    }
    const result = await compareProject(server, `project_${String(index)}`, resolve(folder), setup)
    console.log(`${folder}: ${result.framework}, ${String(result.files)} files, ${String(result.statements)} statements, ${String(result.tables)} tables`)
    for (const line of result.refused) console.log(`  the server refused ${line}`)
    for (const line of result.differences) console.log(`  ${line}`)
    console.log(`  ${String(result.refused.length)} refused, ${String(result.differences.length)} differences, complete: ${String(result.complete)}`)
    failed += result.differences.length
  }
  await bench?.close()
} finally {
  await server.stop()
}
process.exitCode = failed > 0 ? 1 : 0
