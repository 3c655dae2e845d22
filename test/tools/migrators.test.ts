/** Whether a migration succeeds, asked of the tools themselves and a real server. `npm install --no-save --prefix test/tools` installs them. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lintCode } from "../../src/cli/code-files.ts"
import { activate } from "../../src/engine/select.ts"
import { frameworks } from "../../src/files/frameworks/index.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { lint } from "../../src/index.ts"
import { startServer, type Server } from "../truth/server.ts"
import { CASES, type Case } from "./migrations.ts"

const here = fileURLToPath(new URL("./", import.meta.url))
const installed = existsSync(`${here}node_modules/kysely`)
const RULE = "forbidden-in-transaction"

// Where everything has to be tested, it has to be there.
it.runIf(process.env["CI"] !== undefined)("finds the tools", () => { expect(installed).toBe(true) })

describe.skipIf(!installed)("a migration with CREATE INDEX CONCURRENTLY", () => {
  let server: Server
  beforeAll(async () => {
    loadGrammar()
    server = await startServer(18)
  }, 120_000)
  afterAll(async () => { await server.stop() })

  it.each(Object.entries(CASES))("%s", { timeout: 120_000 }, async (tool, cases) => {
    const folders = cases.map(({ files }) => writeAll(files))
    try {
      const runs = await Promise.all(
        cases.map(async ({ off }, index) => ({ settings: await prepare(server, `${tool.replaceAll("-", "_")}_${String(index)}`), folder: folders[index], off: off === true })),
      )
      const output: unknown = JSON.parse(execFileSync(process.execPath, ["migrate.mjs", tool, JSON.stringify(runs)], { cwd: here, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))
      const outcomes = Array.isArray(output) ? output : []
      // Every failure but the one that is expected is a failure of the test.
      const words = outcomes.map((error: unknown) => (error === null ? "succeeds" : /cannot (?:run|be executed) (?:inside|from)/.test(String(error)) ? "fails" : String(error)))
      expect(cases.map(({ title }, index) => `${title}: ${words[index] ?? "not run"}`)).toEqual(
        cases.map((one) => `${one.title}: ${isReported(tool, one) ? "fails" : "succeeds"}`),
      )
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true })
    }
  })
})

/** A database with a table. */
async function prepare(server: Server, database: string): Promise<object> {
  const admin = await server.connect("postgres")
  await admin.query(`CREATE DATABASE ${database}`)
  await admin.end()
  const client = await server.connect(database)
  await client.query("CREATE TABLE orders (id bigint PRIMARY KEY, region text)")
  const settings = { host: client.host, port: client.port, user: "postgres", database }
  await client.end()
  return settings
}

function writeAll(files: Case["files"]): string {
  const folder = mkdtempSync(join(tmpdir(), "pgsafe-tools-"))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

function isReported(tool: string, { files, off }: Case): boolean {
  const framework = frameworks.find(({ id }) => id === tool)?.id
  if (framework === undefined) throw new Error(`${tool} is not a tool`)
  const sql = Object.entries(files).filter(([name]) => name.endsWith(".sql"))
  const code = Object.entries(files).filter(([name]) => /\.[cm]?js$/.test(name))
  const transaction = off === true ? { transaction: false } : {}
  const linted = lint({ files: sql.map(([name, text]) => ({ path: `migrations/${name}`, sql: text })), options: { pgVersion: 18, framework, ...transaction } })
  const inCode = code.flatMap(([name, text]) => {
    const result = lintCode(`migrations/${name}`, text, { pgVersion: 18, rules: activate(rules, {}), transaction: off === true ? false : undefined })
    if (result === null || "message" in result) throw new Error(`${name} is not read: ${JSON.stringify(result)}`)
    if (result.statements === 0) throw new Error(`nothing is found in ${name}`)
    return result.findings
  })
  return [...linted.findings, ...inCode].some(({ rule }) => rule === RULE)
}
