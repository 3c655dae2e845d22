import { beforeAll, describe, expect, it } from "vitest"
import { parseCode } from "../../src/code/parse.ts"
import { readCode } from "../../src/code/read.ts"
import { finderFor } from "../../src/cli/sql-files.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { tree } from "../files/memory.ts"

beforeAll(() => { loadGrammar() })

const PATH = "/repo/src/migrations/1_x.ts"

/** What a migration sends, with the code that each statement points at, and what is not read. */
function read(tool: string, source: string, others: Readonly<Record<string, string>>) {
  const program = parseCode(source)
  if (program === null) throw new Error("not valid")
  const files = tree({ "src/migrations/1_x.ts": source, ...others })
  const { script, unread } = readCode(program, source, tool, "up", finderFor(PATH, { root: "/repo/src/migrations", above: [], framework: "plain", runner: {} }, files))
  const textOf = (place: { readonly start: number; readonly end: number } | null) => (place === null ? null : source.slice(place.start, place.end))
  return {
    sql: script.parts.map(({ start, end }) => script.sql.slice(start, end)),
    places: script.parsed.statements.map(({ span }) => textOf(script.place(span))),
    unread: unread.map(textOf),
  }
}

describe("what a migration imports", () => {
  const helpers = `
    const PREFIX = "idx"
    export const index = (db, table, columns) =>
      db.schema.alterTable(table, (t) => { t.index(columns, \`\${PREFIX}_\${table}_\${columns.join("_")}\`) })
    export function comment(db, table) { return db.raw("COMMENT ON TABLE " + table + " IS 'kept'") }
    export function touch() { return pool.query("DELETE FROM visits") }
  `

  it("is read where it is handed what changes the schema, and findings stay in the migration", () => {
    const source = `
      import { index, comment as note, touch } from "../shared/helpers"
      export async function up(knex) {
        await index(knex, "orders", ["region", "total"])
        await note(knex, "orders")
        await touch()
      }`
    expect(read("Knex", source, { "src/shared/helpers.ts": helpers })).toEqual({
      sql: ['create index "idx_orders_region_total" on "orders" ("region", "total")', "COMMENT ON TABLE orders IS 'kept'"],
      places: ['index(knex, "orders", ["region", "total"])', 'note(knex, "orders")'],
      unread: [],
    })
  })

  it("may be a function that is handed the builder of a table", () => {
    const shared = `
      const LONGEST = 40
      const region = (t) => t.string("region", LONGEST)
      module.exports.stamps = (knex, t, required = true) => {
        t.timestamp("created_at").defaultTo(knex.fn.now())
        if (required) t.string("author", LONGEST)
      }
      module.exports.nested = (t) => { region(t) }
    `
    const source = `
      const { stamps, nested } = require("../shared/columns")
      const LONGEST = 7
      function keyed(table, name) { table.increments(name) }
      exports.up = async (knex) => {
        await knex.schema.createTable("orders", (table) => { keyed(table, "id"); stamps(knex, table) })
        await knex.schema.alterTable("lines", (table) => { stamps(knex, table) })
        await knex.schema.alterTable("parcels", (table) => { nested(table); log("parcels"); missing(table) })
      }`
    expect(read("Knex", source, { "src/shared/columns.js": shared })).toEqual({
      sql: [
        'create table "orders" ("id" serial primary key, "created_at" timestamptz default CURRENT_TIMESTAMP, "author" varchar(40))',
        'alter table "lines" add column "created_at" timestamptz default CURRENT_TIMESTAMP, add column "author" varchar(40)',
      ],
      places: [expect.stringContaining("knex.schema.createTable"), expect.stringContaining("knex.schema.alterTable")],
      // What another file calls is not followed further.
      unread: ["nested(table)", "missing(table)"],
    })
  })

  it("may be what Kysely hands its builder to", () => {
    const shared = `
      export const withTimes = <T>(builder: T) => builder.addColumn("created_at", "timestamptz", (col) => col.notNull())
    `
    const source = `
      import { withTimes } from "../shared/columns"
      const noted = (builder) => builder.addColumn("note", "text")
      export async function up(db) {
        await db.schema.createTable("orders").addColumn("id", "serial").$call(withTimes).$call((one) => noted(one)).execute()
        await db.schema.alterTable("lines").$call(missing).execute()
      }`
    expect(read("Kysely", source, { "src/shared/columns.ts": shared })).toMatchObject({
      sql: ['create table "orders" ("id" serial, "created_at" timestamptz not null, "note" text)'],
      unread: [expect.stringContaining('alterTable("lines")')],
    })
  })

  it("may be a class that the migration extends", () => {
    const base = `
      export class Base {
        async up(queryRunner) { await queryRunner.query("SELECT 1"); await this.more(queryRunner) }
        async index(queryRunner, table) { await queryRunner.query("CREATE INDEX ON " + table + " (id)") }
        async more(queryRunner) { await queryRunner.query("SELECT 2") }
      }`
    const own = `
      import { Base } from "../shared/base"
      export class Own extends Base {
        async up(queryRunner) { await this.index(queryRunner, "orders"); await super.up(queryRunner) }
        async more(queryRunner) { await queryRunner.query("SELECT 3") }
      }`
    expect(read("TypeORM", own, { "src/shared/base.ts": base })).toEqual({
      sql: ["CREATE INDEX ON orders (id)", "SELECT 1", "SELECT 3"],
      places: ['this.index(queryRunner, "orders")', "super.up(queryRunner)", "SELECT 3"],
      unread: [],
    })
    const inherits = `
      import { Base } from "../shared/base"
      export class Own extends Base {}`
    expect(read("TypeORM", inherits, { "src/shared/base.ts": base })).toEqual({ sql: ["SELECT 1", "SELECT 2"], places: ["Base", "Base"], unread: [] })
  })

  it("may have a name by a configuration of TypeScript that another one extends", () => {
    const source = `import { comment } from "~/shared/helpers"\nexport const up = async (knex) => { await comment(knex, "orders") }`
    const others = {
      "tsconfig.json": '{ "extends": ["./config/base", "./config/paths.json"], "compilerOptions": { "strict": true } }',
      "config/base.json": '{ "compilerOptions": { "strict": true } }',
      "config/paths.json": '{ "compilerOptions": { "baseUrl": "..", "paths": { "~/*": ["src/*"] } } }',
      "src/shared/helpers.ts": helpers,
    }
    expect(read("Knex", source, others)).toMatchObject({ sql: ["COMMENT ON TABLE orders IS 'kept'"], unread: [] })
  })

  it("may be constants of classes that speak of each other", () => {
    const names = Array.from({ length: 12 }, (_, index) => `Entity${String(index)}`)
    const classes = Object.fromEntries(names.map((own) => [
      `src/shared/${own}.ts`,
      `${names.filter((other) => other !== own).map((other) => `import { ${other} } from "./${other}"`).join("\n")}
      export class ${own} { static readonly TYPE = "${own.toLowerCase()}"; @Many(() => [${names.join(", ")}]) all; read() { return [${names.join(", ")}] } }`,
    ]))
    const source = `
      import { Entity0 } from "../shared/Entity0"
      export const up = async (knex) => { await knex.schema.dropTable(Entity0.TYPE) }`
    expect(read("Knex", source, classes)).toMatchObject({ sql: ['drop table "entity0"'], unread: [] })
  })

  it.each([
    ["a namespace", 'import * as shared from "../shared/helpers"', "shared.comment"],
    ["CommonJS", 'const shared = require("../shared/common")', "shared.comment"],
    ["CommonJS taken apart", 'const { comment } = require("../shared/common")', "comment"],
    ["a property of what is required", 'const write = require("../shared/common").comment', "write"],
    ["a function that is all of a file", 'const write = require("../shared/only")', "write"],
    ["an export by default", 'import write from "../shared/default.js"', "write"],
    ["a static method", 'import { Helper } from "../shared/helper"', "Helper.comment"],
    ["a function of an object", 'import { all } from "../shared/helper"', "all.comment"],
    ["what is handed on", 'import { write } from "../shared"', "write"],
    ["all that is handed on", 'import { comment } from "../shared"', "comment"],
    ["a path of TypeScript", 'import { comment } from "@/shared/helpers"', "comment"],
    ["a path below TypeScript's base", 'import { comment } from "src/shared/helpers"', "comment"],
    ["what CommonJS hands on", 'const shared = require("../shared/hands-on")', "shared.comment"],
    ["a path of the package", 'import { comment } from "#shared/helpers"', "comment"],
  ])("may be %s", (_, imports, call) => {
    const source = `${imports}\nmodule.exports = { up: async (knex) => { await ${call}(knex, "orders") } }`
    const others = {
      "package.json": '{ "imports": { "#shared/*": { "default": "./src/shared/*.ts" } } }',
      "tsconfig.json": '{ // paths\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], }, } }',
      "src/shared/helpers.ts": helpers,
      "src/shared/hands-on.js": `module.exports = { other: 1, ...require("./only"), ...require("./common") }`,
      "src/shared/common.js": `function comment(db, table) { return db.raw("COMMENT ON TABLE " + table + " IS 'kept'") }\nmodule.exports = { comment }`,
      "src/shared/only.js": `module.exports = (db, table) => db.raw("COMMENT ON TABLE " + table + " IS 'kept'")`,
      "src/shared/default.ts": `const write = (db, table) => db.raw("COMMENT ON TABLE " + table + " IS 'kept'")\nexport default write`,
      "src/shared/helper.ts": `
        const text = (table: string) => \`COMMENT ON TABLE \${table} IS 'kept'\`
        export class Helper { static comment(db: Knex, table: string) { return db.raw(text(table)) } }
        export const all = { comment: (db: Knex, table: string) => db.raw(text(table)) }`,
      "src/shared/index.ts": `export { comment as write } from "./helpers"\nexport * from "./helpers"`,
    }
    expect(read("Knex", source, others)).toEqual({
      sql: ["COMMENT ON TABLE orders IS 'kept'"],
      places: [`${call}(knex, "orders")`],
      unread: [],
    })
  })

  it("may be constants and enumerations", () => {
    const source = `
      import { Table, states, limits as bounds } from "./names"
      import * as names from "./names"
      export const up = async (queryInterface, Sequelize) => {
        await queryInterface.addColumn(Table.Orders, "state", { type: Sequelize.ENUM(...Object.values(names.State)), defaultValue: names.State.Open })
        for (const state of states) await queryInterface.sequelize.query(\`DELETE FROM \${Table.Old} WHERE state = '\${state}'\`)
        await queryInterface.sequelize.query("ALTER TABLE orders ALTER note TYPE varchar(" + bounds.note + ")")
      }`
    const others = {
      "src/migrations/names.ts": `
        export enum Table { Orders = "orders", Old = "old_orders" }
        export enum State { Open = "open", Closed = "closed" }
        const last = State.Closed
        export const states = ["lost", last]
        export const limits = { note: 40 }`,
    }
    expect(read("Sequelize", source, others)).toMatchObject({
      sql: [
        expect.stringContaining(`AS ENUM(''open'', ''closed'')`),
        `ALTER TABLE "public"."orders" ADD COLUMN "state" "public"."enum_orders_state" DEFAULT 'open'`,
        "DELETE FROM old_orders WHERE state = 'lost'",
        "DELETE FROM old_orders WHERE state = 'closed'",
        "ALTER TABLE orders ALTER note TYPE varchar(40)",
      ],
      unread: [],
    })
  })

  it("may be SQL that a function makes, or that it reads from a file", () => {
    const source = `
      import { trigger, script } from "../shared/sql"
      export const up = async (pgm) => {
        pgm.sql(trigger("orders"))
        pgm.sql(script("audit.sql"))
      }`
    const others = {
      "src/shared/sql.ts": `
        import { readFileSync } from "node:fs"
        import { join } from "node:path"
        export const trigger = (table) => \`DROP TRIGGER touched ON \${table}\`
        export const script = (name) => readFileSync(join(__dirname, "sql", name), "utf8")`,
      "src/shared/sql/audit.sql": "CREATE TABLE audit ()",
    }
    expect(read("node-pg-migrate", source, others)).toMatchObject({
      sql: ["DROP TRIGGER touched ON orders", "CREATE TABLE audit ()"],
      places: ['pgm.sql(trigger("orders"))', expect.anything()],
      unread: [],
    })
  })

  it("is counted where it is not in sight, at the call in the migration", () => {
    const source = `
      import { audit } from "some-package"
      import { later, round } from "./helpers"
      import { missing } from "./nowhere"
      export const up = async (pgm) => {
        audit(pgm, "orders")
        later(pgm, "orders")
        round(pgm)
        missing(pgm)
      }`
    const others = {
      "src/migrations/helpers.ts": `
        export const later = (pgm, table) => pgm.dropColumn(table, process.env.COLUMN)
        export const round = (pgm) => { pgm.sql("SELECT 1"); round(pgm) }`,
    }
    expect(read("node-pg-migrate", source, others)).toEqual({
      sql: ["SELECT 1"],
      places: ["round(pgm)"],
      unread: ['audit(pgm, "orders")', 'later(pgm, "orders")', "missing(pgm)"],
    })
  })

  it("is not taken for a name that the migration declares again, nor for a parameter", () => {
    const source = `
      import { table, column } from "./names"
      export const up = async (pgm) => {
        const drop = (column) => pgm.dropColumn("orders", column)
        drop(process.env.COLUMN)
        { const table = process.env.TABLE; pgm.dropTable(table) }
      }`
    const { sql, unread } = read("node-pg-migrate", source, { "src/migrations/names.ts": 'export const table = "orders"\nexport const column = "note"' })
    expect(sql).toEqual([])
    expect(unread).toEqual(['pgm.dropColumn("orders", column)', "pgm.dropTable(table)"])
  })

  it("may lead round in a circle", () => {
    const source = `
      import { a } from "./one"
      export const up = async (pgm) => { pgm.dropTable(a) }`
    const others = { "src/migrations/one.ts": 'import { b } from "./two"\nexport const a = b', "src/migrations/two.ts": 'import { a } from "./one"\nexport const b = a' }
    expect(read("node-pg-migrate", source, others)).toMatchObject({ sql: [], unread: ["pgm.dropTable(a)"] })
  })
})
