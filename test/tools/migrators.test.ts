/** Whether a migration succeeds, asked of the tools themselves and a real server. `npm ci --prefix test/tools` installs them. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lintCode } from "../../src/cli/code-files.ts"
import { activate } from "../../src/engine/select.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { lint } from "../../src/index.ts"
import { startServer, type Server } from "../truth/server.ts"

const here = fileURLToPath(new URL("./", import.meta.url))
const installed = existsSync(`${here}node_modules/knex`)
const RULE = "forbidden-in-transaction"
const CONCURRENT = "CREATE INDEX CONCURRENTLY idx_region ON orders (region)"

interface Case {
  readonly tool: "knex" | "typeorm" | "node-pg-migrate" | "drizzle" | "postgrator"
  readonly title: string
  readonly files: Readonly<Record<string, string>>
}

const journal = JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1, tag: "0000_x", breakpoints: true }] })

function typeormClass(field: string): string {
  const up = `async up(queryRunner) { await queryRunner.query("${CONCURRENT}") }`
  return `class X1700000000000 { ${field} ${up} async down(queryRunner) {} }\nmodule.exports = { X1700000000000 }\n`
}

const cases: readonly Case[] = [
  { tool: "knex", title: "raw SQL", files: { "20240102030405_x.cjs": `exports.up = (knex) => knex.raw("${CONCURRENT}")\nexports.down = () => {}` } },
  {
    tool: "knex",
    title: "raw SQL with its switch",
    files: { "20240102030405_x.cjs": `exports.up = (knex) => knex.raw("${CONCURRENT}")\nexports.down = () => {}\nexports.config = { transaction: false }` },
  },
  {
    tool: "node-pg-migrate",
    title: "createIndex",
    files: { "1700000000000_x.js": 'exports.up = (pgm) => { pgm.createIndex("orders", "region", { concurrently: true }) }\nexports.down = () => {}' },
  },
  {
    tool: "node-pg-migrate",
    title: "createIndex with its switch",
    files: {
      "1700000000000_x.js":
        'exports.up = (pgm) => { pgm.noTransaction(); pgm.createIndex("orders", "region", { concurrently: true }) }\nexports.down = () => {}',
    },
  },
  { tool: "node-pg-migrate", title: "a file of SQL", files: { "1700000000000_x.sql": `-- Up Migration\n${CONCURRENT};\n-- Down Migration\nSELECT 1;\n` } },
  { tool: "typeorm", title: "raw SQL", files: { "1700000000000-X.cjs": typeormClass("") } },
  { tool: "typeorm", title: "raw SQL with its switch", files: { "1700000000000-X.cjs": typeormClass("transaction = false;") } },
  { tool: "drizzle", title: "a statement alone", files: { "0000_x.sql": `${CONCURRENT};`, "meta/_journal.json": journal } },
  { tool: "postgrator", title: "a statement alone", files: { "001.do.x.sql": `${CONCURRENT};` } },
  { tool: "postgrator", title: "two statements", files: { "001.do.x.sql": `SELECT 1;\n${CONCURRENT};` } },
]

describe.skipIf(!installed)("a migration with CREATE INDEX CONCURRENTLY", () => {
  let server: Server
  beforeAll(async () => {
    loadGrammar()
    server = await startServer(18)
  }, 120_000)
  afterAll(async () => { await server.stop() })

  it.each(cases.map((one, index) => [one.tool, one.title, index, one] as const))("%s: %s", { timeout: 60_000 }, async (tool, _, index, { files }) => {
    const database = `tool_${String(index)}`
    const admin = await server.connect("postgres")
    await admin.query(`CREATE DATABASE ${database}`)
    await admin.end()
    const client = await server.connect(database)
    await client.query("CREATE TABLE orders (id bigint PRIMARY KEY, region text)")
    const settings = { host: client.host, port: client.port, user: "postgres", database }
    await client.end()
    expect(succeeds(tool, settings, files)).toBe(!isReported(tool, files))
  })
})

function succeeds(tool: string, settings: object, files: Case["files"]): boolean {
  const folder = mkdtempSync(join(tmpdir(), "pgsafe-tools-"))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    execFileSync(process.execPath, ["migrate.mjs", tool, JSON.stringify(settings), folder], { cwd: here, stdio: "pipe" })
    return true
  } catch (error) {
    // Every failure but the one that is expected is a failure of the test.
    expect(error instanceof Error && "stderr" in error ? String(error.stderr) : String(error)).toMatch(/cannot run inside a transaction block/)
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function isReported(tool: Case["tool"], files: Case["files"]): boolean {
  return Object.entries(files).some(([name, text]) => {
    if (name.endsWith(".sql") && tool !== "knex" && tool !== "typeorm") {
      const { findings } = lint({ files: [{ path: `migrations/${name}`, sql: text }], options: { pgVersion: 18, framework: tool } })
      return findings.some(({ rule }) => rule === RULE)
    }
    if (name.endsWith(".json")) return false
    const result = lintCode(`migrations/${name}`, text, { pgVersion: 18, rules: activate(rules, {}), transaction: undefined })
    return result !== null && "findings" in result && result.findings.some(({ rule }) => rule === RULE)
  })
}
