import { beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lintCode } from "../../src/cli/code-files.ts"
import { parseCode, readCode } from "../../src/code/index.ts"
import { activate } from "../../src/engine/select.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"

beforeAll(() => { loadGrammar() })

function read(tool: string, source: string): { readonly sql: readonly string[]; readonly unread: readonly string[] } {
  const program = parseCode(source)
  if (program === null) throw new Error("not valid")
  const { script, unread } = readCode(program, source, tool)
  return { sql: script.sql.split("\n;\n").filter(Boolean), unread: unread.map(({ start, end }) => source.slice(start, end)) }
}

/** `rule at "the code it points at"`. */
function findings(path: string, source: string): string[] {
  const options = { pgVersion: 17, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), transaction: undefined }
  const result = lintCode(path, source, options)
  if (result === null || "message" in result) throw new Error(result === null ? "no migration" : result.message)
  return result.findings.map(({ rule, span }) => `${rule} at ${source.slice(span.start, span.end)}`)
}

describe("reading code", () => {
  it("takes raw SQL and calls of the builder in their order, and leaves out down", () => {
    const source = `
      exports.up = (pgm) => {
        pgm.sql("SELECT 1")
        pgm.dropColumn("orders", "note")
        pgm.sql("SELECT 2")
      }
      exports.down = (pgm) => { pgm.addColumn("orders", { note: "text" }) }
    `
    expect(read("node-pg-migrate", source).sql).toEqual(["SELECT 1", 'ALTER TABLE "orders" DROP "note"', "SELECT 2"])
  })

  it("counts what it would have to run, and never guesses", () => {
    const source = `
      exports.up = (pgm) => {
        for (const table of tables) pgm.dropTable(table)
        for (const table of ["a"]) pgm.dropTable("b")
        pgm.dropColumn(tableName(), "note")
        pgm.createIndex("orders", "region", options)
        pgm.addColumn("orders", { total: { type: "int", generated: { precedence: "ALWAYS" } } })
      }
    `
    const { sql, unread } = read("node-pg-migrate", source)
    expect(sql).toEqual([])
    expect(unread).toHaveLength(5)
  })

  it("knows constants of the file", () => {
    const source = `
      const TABLE = "orders"
      let other = "carts"
      exports.up = (pgm) => { pgm.dropTable(TABLE); pgm.dropTable(other) }
    `
    expect(read("node-pg-migrate", source)).toEqual({ sql: ['DROP TABLE "orders"'], unread: ["pgm.dropTable(other)"] })
  })

  it("reads TypeScript with decorators and types", () => {
    const source = `
      import { MigrationInterface, QueryRunner, TableIndex } from "typeorm"
      @Injectable()
      export class Region1700000000000 implements MigrationInterface {
        name?: string
        public async up(queryRunner: QueryRunner): Promise<void> {
          await queryRunner.createIndex("orders", new TableIndex({ name: "idx", columnNames: ["region"] as string[] }))
        }
        public async down<T>(queryRunner: QueryRunner): Promise<void> { await queryRunner.dropTable("orders") }
      }
    `
    expect(read("TypeORM", source)).toEqual({ sql: ['CREATE INDEX "idx" ON "orders" ("region")'], unread: [] })
  })
})

describe("linting code", () => {
  it("points at the calls", () => {
    const source = `/** @param {import("knex").Knex} knex */
      exports.up = async (knex) => {
        await knex.schema.alterTable("orders", (t) => { t.index(["region"]); t.renameColumn("a", "b") })
      }`
    expect(findings("migrations/20240102030405_region.js", source)).toEqual([
      'index-creation-blocks-writes at t.index(["region"])',
      'column-rename-breaks-code at "a"',
    ])
  })

  it("knows the tool's transaction and its switch", () => {
    const up = `pgm.createIndex("orders", "region", { concurrently: true })`
    const path = "migrations/1700000000000_region.js"
    expect(findings(path, `exports.up = (pgm) => { ${up} }`)).toEqual([`forbidden-in-transaction at ${up}`])
    expect(findings(path, `exports.up = (pgm) => { pgm.noTransaction(); ${up} }`)).toEqual([])
  })

  it("passes over code that is no migration", () => {
    const options = { pgVersion: 17, rules: activate(rules, {}), transaction: undefined }
    expect(lintCode("src/1700000000000_x.js", "export const a = 1", options)).toBeNull()
    expect(lintCode("migrations/1_x.js", "exports.up = (pgm) => { pgm.", options)).toEqual({
      file: "migrations/1_x.js",
      message: "this is not valid JavaScript or TypeScript",
    })
  })
})
