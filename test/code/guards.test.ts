/** What code sends only where the schema has, or lacks, a table or column. */
import { beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { loadCode } from "../../src/cli/code-files.ts"
import { parseCode } from "../../src/code/parse.ts"
import { readCode } from "../../src/code/read.ts"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { memoryFiles } from "../../src/files/memory-files.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"

beforeAll(() => { loadGrammar() })

/** `name(table.column=answer, ...)?` of all that is sent; `?` for what may be passed over besides. */
function guards(tool: string, source: string): readonly string[] {
  const program = parseCode(source)
  if (program === null) throw new Error("not valid")
  return readCode(program, source, tool).script.parts.map(({ found }) => {
    const all = (found.guards ?? []).map(({ question: { relation, column }, answer }) =>
      `${[relation.schema, relation.name, column].filter((one) => one !== null).join(".")}=${String(answer)}`)
    return `${found.text.sql.replace(/^SELECT /, "")}(${all.join(", ")})${found.maybe === true ? "?" : ""}`
  })
}

const knex = (body: string): string => `exports.up = async (knex) => {${body}}`

/** `file: statements, rules` of a history, all of it reported. */
function history(bodies: readonly string[], wrap = knex, dependency = "knex"): readonly string[] {
  const files = bodies.map((body, index) => [`/migrations/2024010${String(index + 1)}000000_step.js`, wrap(body)] as const)
  const texts = new Map<string, string>([...files, ["/package.json", `{ "dependencies": { "${dependency}": "1", "pg": "8" } }`]])
  const [project] = detectProjects(memoryFiles(texts), files.map(([path]) => path))
  if (project === undefined) throw new Error("no project")
  const session = createSession({ pgVersion: 17, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), runner: project.runner, direction: "up" })
  return project.files.map((file) => {
    const code = loadCode(file.path, texts.get(file.path) ?? "", project.runner, "up")
    if ("message" in code) throw new Error(code.message)
    const { statements, findings } = session.analyze({ ...code, file, report: true })
    return [String(statements), ...findings.map(({ rule }) => rule)].join(" ")
  })
}

describe("reading what code asks of the schema", () => {
  it("takes answers in place, from variables and from promises", () => {
    expect(guards("Knex", knex(`
      if (!(await knex.schema.hasTable("a"))) await knex.raw("SELECT 1")
      else await knex.raw("SELECT 2")
      const has = await knex.schema.withSchema("app").hasColumn("b", "c")
      if (has === false) await knex.raw("SELECT 3")
      has && await knex.raw("SELECT 4")
      has || await knex.raw("SELECT 5")
      if (!has && process.env.MORE) await knex.raw("SELECT 6")
      if (has || process.env.MORE) await knex.raw("SELECT 7")
      await knex.schema.hasTable("d").then((exists) => exists ? knex.raw("SELECT 8") : knex.raw("SELECT 9"))
    `))).toEqual([
      "1(a=false)", "2(a=true)", "3(app.b.c=false)", "4(app.b.c=true)", "5(app.b.c=false)", "6(app.b.c=false)?", "7()?", "8(d=true)", "9(d=false)",
    ])
  })

  it("knows what an early return leaves, and what a variable was told once", () => {
    const source = knex(`
      await knex.raw("SELECT 1")
      const exists = await knex.schema.hasTable("a")
      if (exists) { await knex.raw("SELECT 2"); return }
      await knex.raw("SELECT 3")
      if (await knex.schema.hasTable("b")) { if (process.env.SKIP) return }
      await knex.raw("SELECT 4")
    `)
    expect(guards("Knex", source)).toEqual(["1()", "2(a=true)", "3(a=false)", "4(a=false)?"])
    const program = parseCode(source)
    const parts = program === null ? [] : readCode(program, source, "Knex").script.parts
    expect(parts[1]?.found.guards?.[0]?.question).toBe(parts[2]?.found.guards?.[0]?.question)
  })

  it("reads a helper that asks, and each round of a loop", () => {
    expect(guards("Knex", `
      const missing = async (knex, table) => !(await knex.schema.hasTable(table))
      exports.up = async (knex) => {
        for (const table of ["a", "b"]) if (await missing(knex, table)) await knex.raw(\`SELECT \${table}\`)
      }
    `)).toEqual(["a(a=false)", "b(b=false)"])
  })

  it("reads those of TypeORM and Sequelize", () => {
    expect(guards("TypeORM", `export class A implements MigrationInterface { async up(queryRunner: QueryRunner) {
      if (!(await queryRunner.hasTable("app.a"))) await queryRunner.query("SELECT 1")
      if (await queryRunner.hasColumn("a", "b")) await queryRunner.query("SELECT 2")
      if (await this.hasTable("a")) await queryRunner.query("SELECT 3")
    } }`)).toEqual(["1(app.a=false)", "2(a.b=true)", "3()?"])
    expect(guards("Sequelize", `module.exports = { async up(queryInterface) {
      if (!(await queryInterface.tableExists({ tableName: "a", schema: "app" }))) await queryInterface.sequelize.query("SELECT 1")
      const columns = await queryInterface.describeTable("a")
      if (!columns.b) await queryInterface.sequelize.query("SELECT 2")
      if (!columns["c"]) await queryInterface.sequelize.query("SELECT 3")
      if (!("d" in columns)) await queryInterface.sequelize.query("SELECT 4")
      return queryInterface.describeTable("e").then((table) => { if (table.f) return queryInterface.sequelize.query("SELECT 5") })
    } }`)).toEqual(["1(app.a=false)", "2(a.b=false)", "3(a.c=false)", "4(a.d=false)", "5(e.f=true)"])
  })
})

describe("a history", () => {
  const make = `await knex.schema.createTable("orders", (t) => { t.increments("id"); t.string("code").unique(); t.integer("shop").references("id").inTable("shops"); t.index(["shop"]) })`
  const guarded = `if (!(await knex.schema.hasTable("orders"))) { ${make} }`
  const note = `if (!(await knex.schema.hasColumn("orders", "note"))) await knex.schema.alterTable("orders", (t) => { t.text("note").unique() })`

  it("tells that a table is there, so that what makes it does not run", () => {
    expect(history([make, guarded, `const exists = await knex.schema.hasTable("orders"); if (exists) return; ${make}`])).toEqual(["4", "0", "0"])
    expect(history([guarded, guarded, `return knex.schema.hasTable("orders").then((exists) => { if (!exists) return ${make.slice("await ".length)} })`])).toEqual(["4", "0", "0"])
  })

  it("tells that a column is there", () => {
    expect(history([make, note, note])).toEqual(["4", "2 unique-constraint-blocks-queries", "0"])
  })

  it("goes on where it is known what ran", () => {
    // The second one fails, because the column is there.
    const add = `await knex.schema.alterTable("orders", (t) => { t.text("note") })`
    expect(history([guarded, note, add])[2]).toBe("1 statement-fails")
    expect(history([guarded, `if (await knex.schema.hasTable("orders")) { ${add} }`, add])[2]).toBe("1 statement-fails")
  })

  it("tells that a table is gone", () => {
    expect(history([make, `await knex.schema.dropTable("orders")`, guarded, guarded]).map((one) => one.split(" ")[0])).toEqual(["4", "1", "4", "0"])
  })

  it("takes what stands behind a guard for one thing where nobody knows", () => {
    // Nothing is known of the table before, but what is made there is new.
    expect(history(["await helper(knex)", guarded, guarded])).toEqual(["0", "4", "0"])
  })

  it("tells nothing of what the file itself changes", () => {
    expect(history([make, `await knex.schema.dropTable("orders"); ${guarded}`]).map((one) => one.split(" ")[0])).toEqual(["4", "5"])
    expect(history([make, `await knex.raw("select tidy()"); ${guarded}`]).map((one) => one.split(" ")[0])).toEqual(["4", "5"])
  })

  it("is not taken for the database that a way back finds", () => {
    const session = (direction: "up" | "down"): number => {
      const source = `exports.up = async (knex) => { await knex.raw("CREATE TABLE orders (id int)") }\nexports.down = async (knex) => { if (await knex.schema.hasTable("carts")) await knex.raw("DROP TABLE carts") }`
      const path = "/migrations/20240101000000_step.js"
      const [project] = detectProjects(memoryFiles(new Map([[path, source]])), [path])
      const [file] = project?.files ?? []
      if (project === undefined || file === undefined) throw new Error("no project")
      const code = loadCode(path, source, project.runner, direction)
      if ("message" in code) throw new Error(code.message)
      return createSession({ pgVersion: 17, rules: activate(rules, {}), runner: project.runner, direction }).analyze({ ...code, file, report: true }).statements
    }
    expect([session("up"), session("down")]).toEqual([1, 1])
  })

  it("tells TypeORM and Sequelize the same", () => {
    const typeorm = (body: string): string => `module.exports = class A { async up(queryRunner) {${body}} }`
    const unique = `await queryRunner.query("ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code)")`
    expect(history([`await queryRunner.query("CREATE TABLE orders (id int, code text)")`, `if (!(await queryRunner.hasTable("orders"))) { ${unique} }`, `if (!(await queryRunner.hasColumn("orders", "code"))) { ${unique} }`], typeorm, "typeorm")).toEqual(["1", "0", "0"])
    const sequelize = (body: string): string => `module.exports = { async up(queryInterface) {${body}} }`
    const add = `await queryInterface.addColumn("orders", "code", { type: "TEXT", unique: true })`
    expect(history([`await queryInterface.sequelize.query("CREATE TABLE orders (id int, code text)")`, `const columns = await queryInterface.describeTable("orders"); if (!columns.code) ${add}`], sequelize, "sequelize-cli")).toEqual(["1", "0"])
  })
})
