/** What schema builders emit, asked of the libraries themselves. `npm install --no-save --prefix test/tools` installs them. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { parseCode } from "../../src/code/parse.ts"
import { readCode } from "../../src/code/read.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseSql } from "../../src/parse/grammar/index.ts"
import { CALLS } from "./calls.ts"

const folder = fileURLToPath(new URL("./", import.meta.url))
const installed = existsSync(`${folder}node_modules/kysely`)

beforeAll(() => { loadGrammar() })

const PARAMETERS: Readonly<Record<string, string>> = { Knex: "knex", "node-pg-migrate": "pgm", Sequelize: "queryInterface, Sequelize", TypeORM: "queryRunner", Kysely: "db", "db-migrate": "db" }

// Where everything has to be tested, it has to be there.
it.runIf(process.env["CI"] !== undefined)("finds the tools", () => { expect(installed).toBe(true) })

describe.skipIf(!installed).each(Object.entries(CALLS))("%s", (tool, calls) => {
  const emitted = installed ? emittedBy(tool, calls) : []

  it.each(calls.map((call, index) => [call, emitted[index]] as const))("%s", (call, theirs) => {
    const source = `exports.up = async (${PARAMETERS[tool] ?? ""}) => { ${call} }`
    const program = parseCode(source)
    if (program === null) throw new Error(`not valid: ${source}`)
    const { script, unread } = readCode(program, source, tool)
    expect(unread.map(({ start, end }) => source.slice(start, end))).toEqual([])
    expect(treesOf(script.sql)).toEqual(treesOf((theirs ?? []).join("\n;\n")))
  })
})

/** Asks the library for all calls at once: loading it takes longer than they do. */
function emittedBy(tool: string, calls: readonly string[]): readonly (readonly string[])[] {
  const output = execFileSync(process.execPath, ["record.mjs", tool, JSON.stringify(calls)], { cwd: folder, encoding: "utf8" })
  const parsed: unknown = JSON.parse(output)
  if (!Array.isArray(parsed)) throw new Error(output)
  return parsed.map((one: unknown) => (Array.isArray(one) ? one.map(String) : []))
}

/** What PostgreSQL's grammar makes of the statements, without places: blanks and kinds of quotes do not matter. */
function treesOf(sql: string): unknown {
  const outcome = parseSql(sql)
  if (!outcome.ok) return `${outcome.message}: ${sql}`
  return JSON.parse(JSON.stringify(outcome.tree.stmts), (key, value: unknown) => (/(?:^|_)location$|^stmt_len$|list_(?:start|end)$/.test(key) ? undefined : value))
}
