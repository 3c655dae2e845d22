import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { startServer } from "./server.ts"
import { compareProject } from "./project.ts"
import { majors } from "./versions.ts"

// npx tsx test/truth/projects.ts [--pg 15] [--setup file.sql] folder...
// Replays complete histories on a real server and in pgsafe, and prints every difference between the catalogs.

const { values, positionals } = parseArgs({ options: { pg: { type: "string" }, setup: { type: "string" } }, allowPositionals: true })
const major = majors.find((one) => String(one) === (values.pg ?? "15"))
if (major === undefined || positionals.length === 0) {
  console.error("npx tsx test/truth/projects.ts [--pg 11 to 18] [--setup file.sql] folder...")
  process.exit(2)
}
const setup = values.setup === undefined ? "" : readFileSync(values.setup, "utf8")
const server = await startServer(major)
let failed = 0
try {
  for (const [index, folder] of positionals.entries()) {
    const result = await compareProject(server, `project_${String(index)}`, resolve(folder), setup)
    console.log(`${folder}: ${result.framework}, ${String(result.files)} files, ${String(result.statements)} statements, ${String(result.tables)} tables`)
    for (const line of result.refused) console.log(`  the server refused ${line}`)
    for (const line of result.differences) console.log(`  ${line}`)
    console.log(`  ${String(result.refused.length)} refused, ${String(result.differences.length)} differences, complete: ${String(result.complete)}`)
    failed += result.differences.length
  }
} finally {
  await server.stop()
}
process.exitCode = failed > 0 ? 1 : 0
