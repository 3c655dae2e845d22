import { beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { lintCode } from "../../src/cli/code-files.ts"
import { parseCode } from "../../src/code/parse.ts"
import { readCode } from "../../src/code/read.ts"
import { activate } from "../../src/engine/select.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { linted, read } from "./javascript.ts"

beforeAll(() => { loadGrammar() })

/** `rule at "the code it points at"`. */
function findings(path: string, source: string): string[] {
  return linted(path, source).map(({ rule, span }) => `${rule} at ${source.slice(span.start, span.end)}`)
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

  it("compares texts where an option is true or false", () => {
    const source = `
      exports.up = (pgm) => {
        for (const column of ["started_at", "ended_at"]) pgm.alterColumn("runs", column, { notNull: column !== "ended_at" })
        pgm.alterColumn("runs", "note", { notNull: other === "x" })
      }
    `
    const { sql, unread } = read("node-pg-migrate", source)
    expect(sql).toEqual(['ALTER TABLE "runs" ALTER "started_at" SET NOT NULL', 'ALTER TABLE "runs" ALTER "ended_at" DROP NOT NULL'])
    expect(unread).toEqual(['pgm.alterColumn("runs", "note", { notNull: other === "x" })'])
  })

  it("sends at the end what Lucid only takes down, in its order", () => {
    const source = `
      import { BaseSchema } from "@adonisjs/lucid/schema"
      export default class extends BaseSchema {
        protected tableName = "orders"
        async up() {
          this.schema.alterTable(this.tableName, (table) => {
            table.timestamp("paid_at", { useTz: true }).defaultTo(this.now())
            table.uuid("token").defaultTo(this.raw("gen_random_uuid()"))
            table.uuid("batch").defaultTo(this.db.rawQuery("gen_random_uuid()").knexQuery)
          })
          this.defer(async (db) => { await db.rawQuery("UPDATE orders SET note = ''") })
          this.schema.raw("VACUUM orders")
          await this.db.rawQuery("SET LOCAL lock_timeout = '1s'")
        }
        async down() { this.schema.dropTable(this.tableName) }
      }
    `
    expect(read("Lucid", source)).toEqual({
      sql: [
        "SET LOCAL lock_timeout = '1s'",
        'alter table "orders" add column "paid_at" timestamptz default CURRENT_TIMESTAMP, add column "token" uuid default gen_random_uuid(), add column "batch" uuid default gen_random_uuid()',
        "UPDATE orders SET note = ''",
        "VACUUM orders",
      ],
      unread: [],
    })
    expect(findings("database/migrations/1700000000000_a.ts", source).filter((one) => one.startsWith("forbidden"))).toEqual(["forbidden-in-transaction at VACUUM"])
    const switched = source.replace("protected", "static disableTransactions = true\n protected")
    expect(findings("database/migrations/1700000000000_a.ts", switched).filter((one) => one.startsWith("forbidden"))).toEqual([])
  })

  it("says nothing certain of a table some of whose changes are not read", () => {
    const source = (inside: string): string => `
      exports.up = async (knex) => {
        await knex.schema.createTable("orders", (table) => { table.bigIncrements("id"); table.text("code").unique(); })
        await knex.schema.alterTable("orders", (table) => { ${inside} })
      }
    `
    const fails = (inside: string): readonly string[] => findings("migrations/20240101_a.js", source(inside)).filter((one) => one.startsWith("statement-fails"))
    expect(fails('table.unique(["code"])')).toHaveLength(1)
    expect(fails('if (process.env.AGAIN) table.dropUnique(["code"]); table.unique(["code"])')).toEqual([])
    expect(fails('table.unique(["state"])')).toHaveLength(1)
    expect(fails('table.enum("state", statesOf("orders")); table.unique(["state"])')).toEqual([])
  })

  it("does not say that nothing fills a column where a query builder may", () => {
    const source = `
      import { sql, type Kysely } from "kysely"
      export async function up(db: Kysely<any>): Promise<void> {
        await db.schema.alterTable("orders").addColumn("region", "text").execute()
        await db.updateTable("orders").set({ region: "eu" }).execute()
        await sql\`ALTER TABLE orders ALTER COLUMN region SET NOT NULL\`.execute(db)
      }
    `
    const result = lintCode("migrations/20240101_a.ts", source, { pgVersion: 17, rules: activate(rules, { select: ["not-null-scans-table"] }), transaction: undefined })
    if (result === null || "message" in result) throw new Error("not read")
    expect(result.findings.map(({ message }) => message)).toEqual([
      'SET NOT NULL on region reads every row of orders while all reads and writes of it are blocked (ACCESS EXCLUSIVE)',
    ])
  })

  it("does not know what a runner of the project's own does with what it hands over", () => {
    const source = `
      const { seed } = require("./seeds")
      exports.up = async (db, done) => {
        logger.info("starting")
        await db.schema.createTable("orders", (table) => { table.increments() })
        await db.query("SELECT 1").then(() => db.query("SELECT 2")).catch(console.error)
        await seed(db)
        if (await hasOrders(db)) await db.release()
        done()
      }
    `
    expect(read("the tool that runs this file", source)).toEqual({
      sql: ["SELECT 1", "SELECT 2"],
      unread: ['db.schema.createTable("orders", (table) => { table.increments() })', "seed(db)"],
    })
  })

  it("tells the calls of Payload that are outside of the transaction, and its own helpers", () => {
    const source = `
      import { MigrateUpArgs, sql } from "@payloadcms/db-postgres"
      import { migratePostgresV2toV3 } from "@payloadcms/db-postgres/migration-utils"
      export async function up({ db, payload, req }: MigrateUpArgs): Promise<void> {
        await db.execute(sql\`VACUUM a; VACUUM b\`)
        await payload.db.drizzle.execute(sql\`VACUUM c\`)
        await payload.db.drizzle.execute(sql.raw("VACUUM d"))
        await migratePostgresV2toV3({ payload, req })
        await db.execute(sql.raw(\`VACUUM e\`))
      }
    `
    expect(read("Payload", source)).toEqual({
      sql: ["VACUUM a; VACUUM b", "VACUUM c", "VACUUM d", "VACUUM e"],
      unread: ["migratePostgresV2toV3({ payload, req })"],
    })
    expect(findings("src/migrations/20240101_120000_a.ts", source).filter((one) => one.startsWith("forbidden"))).toEqual([
      "forbidden-in-transaction at VACUUM",
      "forbidden-in-transaction at VACUUM",
      "forbidden-in-transaction at VACUUM",
    ])
  })

  it("knows what a variable holds where statements of one function change it one after the other", () => {
    const source = `
      exports.up = async (knex) => {
        let query = "SELECT 1"
        await knex.raw(query)
        query = "SELECT 2"
        await knex.raw(query)
        query += " AS two"
        await knex.raw(query)
        const all = []
        all.push("SELECT 3", "SELECT 4")
        for (const one of all) await knex.raw(one)
        for (const one of ["a", "b"].map((name) => "DROP INDEX " + name)) await knex.raw(one)
      }
      exports.down = async (knex) => {
        let query = "SELECT 5"
        query = "SELECT 6"
      }
    `
    expect(read("Knex", source)).toEqual({
      sql: ["SELECT 1", "SELECT 2", "SELECT 2 AS two", "SELECT 3", "SELECT 4", "DROP INDEX a", "DROP INDEX b"],
      unread: [],
    })
  })

  it("does not know what a variable holds that may have been changed, or not", () => {
    const source = `
      exports.up = async (knex) => {
        let query = "SELECT 1"
        if (big) query = "SELECT 2"
        await knex.raw(query)
        const all = ["SELECT 3"]
        for (const table of tables) all.push("DROP TABLE " + table)
        for (const one of all) await knex.raw(one)
        let text = "SELECT 4"
        const change = () => { text = "SELECT 5" }
        change()
        await knex.raw(text)
      }
    `
    expect(read("Knex", source)).toEqual({ sql: [], unread: ["knex.raw(query)", "knex.raw(one)", "knex.raw(text)"] })
  })

  it("reads calls that are handed to then(), and functions however deep they stand in each other", () => {
    let inner = "knex.raw('SELECT 10')"
    for (let depth = 9; depth >= 2; depth -= 1) inner = `knex.raw("SELECT ${String(depth)}").then(() => ${inner})`
    const source = `exports.up = (knex) => knex.raw("SELECT 0").then(knex.raw("SELECT 1")).then(() => ${inner})`
    expect(read("Knex", source)).toEqual({ sql: Array.from({ length: 11 }, (_, index) => `SELECT ${String(index)}`), unread: [] })
  })

  it("counts calls that it does not follow any further, and methods from elsewhere that are handed the connection", () => {
    const chain = Array.from({ length: 9 }, (_, index) => `const f${String(index)} = (knex) => f${String(index + 1)}(knex)`).join("\n")
    const source = `${chain}
      const f9 = (knex) => knex.raw("SELECT 1")
      export class Late extends Base {
        async up(knex) { f0(knex); this.index(knex, "orders"); super.up(knex) }
      }`
    expect(read("Knex", source)).toEqual({ sql: [], unread: ["f6(knex)", 'this.index(knex, "orders")', "super.up(knex)"] })
  })

  it("takes placeholders for values, also beside expressions", () => {
    const source = `
      module.exports = {
        async up(queryInterface) {
          for (const { id } of rows) {
            await queryInterface.sequelize.query(\`SELECT total FROM invoices WHERE id = \${id}\`)
            await queryInterface.sequelize.query(\`UPDATE orders SET total = :total WHERE id = :order\`, { replacements: { total, order } })
          }
        },
      }`
    expect(findings("migrations/20240101000000-x.js", source)).toEqual([])
  })

  it("counts what it would have to run, and never guesses", () => {
    const source = `
      exports.up = (pgm) => {
        for (const table of tables) pgm.dropTable(table)
        pgm.dropColumn(tableName(), "note")
        pgm.createIndex("orders", "region", options)
        pgm.addColumn("orders", { total: { type: "int", generated: { precedence: "ALWAYS" } } })
        addAuditColumns(pgm)
        helpers.audit(pgm, "orders")
        pgm.sql(readFileSync("x.sql", "utf8"))
      }
    `
    const { sql, unread } = read("node-pg-migrate", source)
    expect(sql).toEqual([])
    expect(unread).toEqual([
      "pgm.dropTable(table)",
      "pgm.dropColumn(tableName(), \"note\")",
      "pgm.createIndex(\"orders\", \"region\", options)",
      "pgm.addColumn(\"orders\", { total: { type: \"int\", generated: { precedence: \"ALWAYS\" } } })",
      "addAuditColumns(pgm)",
      "helpers.audit(pgm, \"orders\")",
      "pgm.sql(readFileSync(\"x.sql\", \"utf8\"))",
    ])
  })

  it("reads a text of comments that holds no statement, however long they are", () => {
    const source = `exports.up = (knex) => knex.raw("${"-".repeat(80)}\\n${"/* a */ ".repeat(40)}nothing of PostgreSQL")`
    expect(read("knex", source).sql).toEqual([])
    const statement = `exports.up = (knex) => knex.raw("${"-".repeat(80)}\\n${"/* a **/ ".repeat(40)}SELECT 1")`
    expect(read("knex", statement).sql.map((sql) => sql.slice(-8))).toEqual(["SELECT 1"])
  })

  it("takes loops over constants apart", () => {
    const source = `
      const TABLES = ["orders", "carts"]
      const COLUMNS = { note: "text", total: "int" }
      exports.up = (pgm) => {
        for (const table of TABLES) pgm.dropColumn(table, "note")
        TABLES.forEach((table) => pgm.sql(\`DROP INDEX \${table}_idx\`))
        for (const [column, type] of Object.entries(COLUMNS)) pgm.addColumn("items", { [column]: { type } })
      }
    `
    expect(read("node-pg-migrate", source)).toEqual({
      sql: [
        'ALTER TABLE "orders" DROP "note"',
        'ALTER TABLE "carts" DROP "note"',
        "DROP INDEX orders_idx",
        "DROP INDEX carts_idx",
        'ALTER TABLE "items" ADD "note" text',
        'ALTER TABLE "items" ADD "total" integer',
      ],
      unread: [],
    })
  })

  it("knows variables of the function that is read, and what functions of the file make", () => {
    const source = `
      function fill(column) { const value = "0"; return \`UPDATE orders SET \${column} = \${value} WHERE \${column} IS NULL\` }
      const filled = (column) => { return fill(column) }
      exports.up = async (pgm) => {
        pgm.sql(filled("count"))
        const options = { type: "int" }
        let never = "never"
        var other = "other"
        other = process.env.OTHER
        pgm.addColumn("orders", { total: options })
        pgm.sql(fill("total"))
        pgm.dropColumn("orders", never)
        pgm.dropColumn("orders", other)
      }
      exports.down = async (pgm) => {
        const options = { type: "text" }
      }
    `
    expect(read("node-pg-migrate", source)).toEqual({
      sql: ["UPDATE orders SET count = 0 WHERE count IS NULL", 'ALTER TABLE "orders" ADD "total" integer', "UPDATE orders SET total = 0 WHERE total IS NULL", 'ALTER TABLE "orders" DROP "never"'],
      unread: ['pgm.dropColumn("orders", other)'],
    })
  })

  it("follows functions and methods of the file", () => {
    const source = `
      const table = "wrong"
      async function addNote(qi, table, options = {}) { await qi.addColumn(table, "note", { type: Sequelize.TEXT, ...options }) }
      const drop = (qi) => (column) => qi.removeColumn("orders", column)
      module.exports = {
        async up(qi, Sequelize) {
          await addNote(qi, "orders")
          await addNote(qi, "carts", { allowNull: false })
          await addNote(qi, process.env.TABLE)
          await endless(qi)
        },
        async down(qi) { await qi.dropTable("orders") },
      }
      async function endless(qi) { await qi.dropTable("carts"); await endless(qi) }
    `
    expect(read("Sequelize", source)).toEqual({
      sql: [
        'ALTER TABLE "public"."orders" ADD COLUMN "note" TEXT',
        'ALTER TABLE "public"."carts" ADD COLUMN "note" TEXT NOT NULL',
        'DROP TABLE IF EXISTS "carts"',
      ],
      unread: ['qi.addColumn(table, "note", { type: Sequelize.TEXT, ...options })'],
    })
    const typeorm = `
      export class X1700000000000 implements MigrationInterface {
        private readonly table = "orders"
        async up(runner: QueryRunner) { await this.drop(runner, "note") }
        private async drop(runner: QueryRunner, column: string) { await runner.dropColumn(this.table, column); await runner.query(\`DROP INDEX "\${column}_idx"\`) }
        async down(runner: QueryRunner) { await runner.dropTable("carts") }
      }
    `
    expect(read("TypeORM", typeorm)).toEqual({ sql: ['ALTER TABLE "orders" DROP COLUMN "note"', 'DROP INDEX "note_idx"'], unread: [] })
  })

  it("takes raw SQL that is handed to a query builder for a part of its query", () => {
    const source = `
      exports.up = async (knex) => {
        const rows = await knex("members")
          .select("id", knex.raw("(select max(v.id) from versions as v where v.member = members.id) as version"))
          .innerJoin("versions", function () {
            this.on("versions.member", "members.id").andOn("versions.id", knex.raw("(select max(v.id) from versions as v where v.member = members.id)"))
          })
        await knex("members").whereNull("version").update({ version: knex.raw("(select 1)") }).then(() => knex.raw("SELECT 1"))
        await Promise.all([knex("members").where(knex.raw("(select true)")).delete(), knex.raw("SELECT 2")])
        await knex.schema.alterTable("members", (t) => { t.dropColumn("note") }).raw("SELECT 3")
      }
    `
    expect(read("Knex", source).sql).toEqual([
      'UPDATE "members" SET "version" = (select 1) WHERE "version" IS NULL',
      "SELECT 1",
      'DELETE FROM "members" WHERE (select true)',
      "SELECT 2",
      'alter table "members" drop column "note"',
      "SELECT 3",
    ])
  })

  it("tells what may be passed over", () => {
    const source = `
      exports.up = async (knex) => {
        if (!(await knex.schema.hasTable("orders"))) await knex.schema.createTable("orders", (t) => { t.increments() })
        if (await knex.schema.hasColumn("carts", "note")) await knex.schema.alterTable("carts", (t) => { t.dropColumn("note") })
        await knex.raw("SELECT 1")
        if (process.env.SKIP) return
        await knex.raw("SELECT 2")
        try { await knex.raw("SELECT 3") } catch { await knex.raw("SELECT 4") }
      }
    `
    const program = parseCode(source)
    if (program === null) throw new Error("not valid")
    const { parts } = readCode(program, source, "Knex").script
    expect(parts.map(({ found }) => [found.text.sql, found.conditional])).toEqual([
      ['create table IF NOT EXISTS "orders" ("id" serial primary key)', false],
      ['alter table "carts" drop column "note"', true],
      ["SELECT 1", false],
      ["SELECT 2", true],
      ["SELECT 3", true],
    ])
  })

  it("reads both texts of a choice that only running the code would make, and one where the code tells", () => {
    const source = `
      const big = false
      exports.up = async (knex) => {
        const note = knex.client.config.notes ? "SELECT 1" : \`SELECT 2\`
        await knex.raw(note)
        await knex.raw(process.env.ONLY ? "SELECT 3" : load())
        await knex.raw(big ? "SELECT 4" : "SELECT 5")
      }
    `
    const program = parseCode(source)
    if (program === null) throw new Error("not valid")
    const { script, unread } = readCode(program, source, "Knex")
    expect(script.parts.map(({ found }) => [found.text.sql, found.conditional])).toEqual([["SELECT 1", true], ["SELECT 2", true], ["SELECT 3", true], ["SELECT 5", false]])
    expect(unread).toHaveLength(1)
  })

  it("reads promises, arrays of promises and lists of bound calls", () => {
    const knex = `
      exports.up = (knex) => knex.schema.hasTable("orders").then(() => knex.schema.dropTable("orders")).then(() => Promise.all([
        knex.schema.dropTable("a"), knex.raw("SELECT 1"),
      ])).catch(() => knex.raw("SELECT 2"))
    `
    expect(read("Knex", knex).sql).toEqual(['drop table "orders"', 'drop table "a"', "SELECT 1"])
    const dbMigrate = `
      exports.up = function (db, callback) {
        async.series([
          db.createTable.bind(db, "orders", { id: "int" }),
          db.addIndex.bind(db, "orders", "idx", ["id"]),
          db.runSql.bind(db, "UPDATE orders SET id = 1", []),
          db.runSql.bind(db, text),
        ], callback)
      }
      const text = "SELECT 1"
    `
    expect(read("db-migrate", dbMigrate).sql).toEqual(['CREATE TABLE "orders" ("id" INTEGER)', 'CREATE INDEX "idx" ON "orders" ("id")', "UPDATE orders SET id = 1", "SELECT 1"])
    const callbacks = `
      exports.up = function (db, callback) {
        db.addColumn("orders", "note", "text", function (error) { if (error) return callback(error); db.removeColumn("orders", "old", callback) })
      }
    `
    expect(read("db-migrate", callbacks).sql).toEqual(['ALTER TABLE "orders" ADD COLUMN "note" TEXT', 'ALTER TABLE "orders" DROP COLUMN "old"'])
  })

  it("puts what is sent at the end behind what is sent at once", () => {
    const source = `
      export class Migration20240102030405 extends Migration {
        async up() { this.addSql("SELECT 1"); await this.execute("SELECT 2"); this.addSql("SELECT 3") }
      }
    `
    expect(read("MikroORM", source).sql).toEqual(["SELECT 2", "SELECT 1", "SELECT 3"])
  })

  it("follows functions of the file that are called on the migration", () => {
    const source = `
      async function widen(table) { this.addSql(\`ALTER TABLE \${table} ADD COLUMN note text\`) }
      export class A extends Migration { async up() { await widen.call(this, "orders") } }
    `
    expect(read("MikroORM", source)).toEqual({ sql: ["ALTER TABLE orders ADD COLUMN note text"], unread: [] })
  })

  it("sees the transactions that Sequelize's migrations open", () => {
    const managed = `
      module.exports = { up: (queryInterface) => queryInterface.sequelize.transaction((t) => Promise.all([
        queryInterface.removeColumn("a", "b", { transaction: t }),
        queryInterface.removeColumn("c", "d", { transaction: t }),
      ])) }
    `
    expect(read("Sequelize", managed).sql).toEqual(["BEGIN", 'ALTER TABLE "public"."a" DROP COLUMN "b"', 'ALTER TABLE "public"."c" DROP COLUMN "d"', "COMMIT"])
    const own = `
      module.exports = { async up(queryInterface) {
        const t = await queryInterface.sequelize.transaction()
        try {
          await queryInterface.removeColumn("a", "b", { transaction: t })
          await t.commit()
        } catch (error) { await t.rollback(); throw error }
      } }
    `
    expect(read("Sequelize", own).sql).toEqual(["BEGIN", 'ALTER TABLE "public"."a" DROP COLUMN "b"', "COMMIT"])
    const unused = `module.exports = { up: (queryInterface) => queryInterface.sequelize.transaction(async (t) => { await queryInterface.removeColumn("a", "b") }) }`
    expect(read("Sequelize", unused).sql).toEqual(['ALTER TABLE "public"."a" DROP COLUMN "b"'])
  })

  it("takes the way that the code goes on PostgreSQL, and the values that it has there", () => {
    const source = `
      const compat = { charset: config.type === \`mysql\` || config.type === "mariadb", cascades: config.type !== "mssql" }
      const sqlite = config.type === "sqlite"
      const bool = sqlite ? "integer" : "boolean"
      const json = (type) => { switch (type) { case "postgres": return "jsonb"; case "sqlite": return "varchar"; default: throw new Error(type) } }
      function moment(type) { if (type === "sqlite") return "datetime"; return "timestamptz" }
      exports.up = async (knex) => {
        await knex.schema.alterTable("orders", (t) => {
          if (compat.charset) t.charset("utf8mb4")
          if (compat.cascades && !sqlite) { t.text("a") } else { t.text("b") }
          t.specificType("c", bool)
          t.specificType("d", json(config.type))
          t.specificType("e", moment(config.type))
        })
        if (!["mysql", "mariadb"].includes(config.type)) await knex.raw("SELECT 1")
        if (/mysql/.test(config.type) && ready) await knex.raw("SELECT 2")
        else if (isPostgres() || ready) await knex.raw(\`SELECT \${moment(config.type)}\`)
        else await knex.raw("SELECT 3")
        if (!postgresHasOrders) await knex.raw("SELECT 4")
      }
    `
    expect(read("Knex", source)).toEqual({
      sql: [
        'alter table "orders" add column "a" text, add column "c" boolean, add column "d" jsonb, add column "e" timestamptz',
        "SELECT 1",
        "SELECT timestamptz",
        "SELECT 4",
      ],
      unread: [],
    })
  })

  it("keeps what it knows of a table that it cannot read", () => {
    const source = `
      exports.up = (knex) => knex.schema.createTable("orders", (t) => {
        t.increments()
        if (large) t.text("note")
        t.integer("customer_id").references("customers.id")
      })
    `
    expect(read("Knex", source)).toEqual({
      sql: [
        'CREATE TABLE "orders" AS SELECT WITH NO DATA',
        'ALTER TABLE "orders" ADD COLUMN "id" serial primary key, ADD COLUMN "customer_id" integer',
        'alter table "orders" add constraint "orders_customer_id_foreign" foreign key ("customer_id") references "customers" ("id")',
      ],
      unread: ['t.text("note")'],
    })
  })

  it("leaves out what runs on other databases", () => {
    const source = `
      export class M implements MigrationInterface {
        async up(queryRunner) {
          switch (queryRunner.connection.options.type) {
            case Type.sqlite:
            case Type.betterSqlite3:
              await this.rebuild(queryRunner)
              break
            case Type.postgres:
            case Type.cockroachdb:
              await queryRunner.query("SELECT 1")
              break
            default:
              await queryRunner.query("SELECT 2")
          }
          if (type === "mysql") await queryRunner.query("SELECT 3")
          else await queryRunner.query("SELECT 4")
        }
        async rebuild(queryRunner) { await queryRunner.query("SELECT 5") }
      }
    `
    expect(read("TypeORM", source).sql).toEqual(["SELECT 1", "SELECT 4"])
  })

  // What Knex 3 makes of it.
  it("lets a serial column be the key that it is, whatever is called behind it", () => {
    const made = (columns: string): readonly string[] => read("Knex", `exports.up = (knex) => knex.schema.createTable("a", (t) => { ${columns} })`).sql
    expect(made('t.increments().notNullable().primary(); t.text("b")')).toEqual(['create table "a" ("id" serial primary key, "b" text)'])
    expect(made('t.increments(); t.integer("b").primary()')).toEqual(['create table "a" ("id" serial, "b" integer, constraint "a_pkey" primary key ("b"))'])
    expect(made('t.increments(); t.primary(["id", "b"])')).toEqual(['create table "a" ("id" serial, constraint "a_pkey" primary key ("id", "b"))'])
  })

  it("knows of a view that it is new, whatever it shows", () => {
    const source = `
      export async function up(db: Kysely<any>) {
        await db.schema.createView("stats").materialized().as(db.selectFrom("orders").selectAll()).execute()
        await db.schema.createIndex("idx").on("stats").column("id").execute()
      }
    `
    const { sql, unread } = read("Kysely", source)
    expect(sql).toEqual(['create materialized view "stats" as select with no data', 'create index "idx" on "stats" ("id")'])
    expect(unread).toHaveLength(1)
    const options = { pgVersion: 17, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), transaction: undefined }
    expect(lintCode("migrations/2024-01-02_x.ts", `import { Kysely } from "kysely"\n${source}`, options)).toMatchObject({ findings: [], unread: 1 })
  })

  it("takes umzug's context and other names for what it is handed", () => {
    const source = `export const up: Migration = async ({ context: qi }) => { await qi.removeColumn("orders", "note") }`
    expect(read("Sequelize", source).sql).toEqual(['ALTER TABLE "public"."orders" DROP COLUMN "note"'])
    expect(read("Kysely", 'export async function up(k) { await k.schema.dropTable("a").execute(); await k.transaction().execute(async (q) => { await q.schema.dropTable("b").execute() }) }').sql).toEqual([
      'drop table "a"',
      "BEGIN",
      'drop table "b"',
      "COMMIT",
    ])
    expect(read("node-pg-migrate", 'exports.up = (m) => { m.sql("SELECT 1"); m.dropTable("a") }').sql).toEqual(["SELECT 1", 'DROP TABLE "a"'])
  })

  it("knows constants of the file", () => {
    const source = `
      const TABLE = "orders"
      let other = "carts"
      other = "baskets"
      exports.up = (pgm) => { pgm.dropTable(TABLE); pgm.dropTable(other) }
    `
    expect(read("node-pg-migrate", source)).toEqual({ sql: ['DROP TABLE "orders"'], unread: ["pgm.dropTable(other)"] })
  })

  it("knows what a class holds, members of enumerations and names that are made of texts in the middle of SQL", () => {
    const source = `
      enum Table { Orders = "orders" }
      export class M extends Migration {
        private readonly VIEW = \`CREATE VIEW v AS SELECT 1 FROM \${Table.Orders}\`
        async up() {
          this.addSql(this.VIEW)
          this.addSql(\`DROP VIEW \${this.VIEW_NAME}\`)
        }
      }`
    expect(read("MikroORM", source)).toEqual({ sql: ["CREATE VIEW v AS SELECT 1 FROM orders", "DROP VIEW ${this.VIEW_NAME}"], unread: [] })
    const names = `
      const table = "orders"
      const COLUMN = "note"
      export const up = async (db) => {
        await sql\`ALTER TABLE \${sql.id("app", table)} DROP COLUMN \${sql.ref(COLUMN)}\`.execute(db)
        await sql\`DROP TABLE \${sql.table(name)}\`.execute(db)
      }`
    expect(read("Kysely", names).sql).toEqual(['ALTER TABLE "app"."orders" DROP COLUMN "note"', "DROP TABLE ${sql.table(name)}"])
    expect(read("@slonik/migrator", "export const up = async ({ context: { connection, sql } }) => { await connection.query(sql.unsafe`DROP TABLE ${sql.identifier(['app', 'or\"ders'])}`) }").sql).toEqual(['DROP TABLE "app"."or""ders"'])
  })

  it("knows what a list joined and a text in other letters make, and all values of an enumeration", () => {
    const source = `
      enum State { Open = "open", Closed = "closed" }
      enum Size { Small, Large }
      const columns = ["region", "total"]
      exports.up = (pgm) => {
        pgm.createIndex("orders", columns, { name: \`idx_\${columns.join("_")}\`.toUpperCase() })
        pgm.createType(" State ".trim().toLowerCase(), Object.values(State))
        pgm.createType("size", Object.values(Size))
        pgm.dropTable(columns.join(separator))
      }`
    const { sql, unread } = read("node-pg-migrate", source)
    expect(sql).toEqual(['CREATE INDEX "IDX_REGION_TOTAL" ON "orders" ("region", "total")', `CREATE TYPE "state" AS ENUM ('open', 'closed')`])
    expect(unread).toEqual(['pgm.createType("size", Object.values(Size))', "pgm.dropTable(columns.join(separator))"])
  })

  it("takes the loops of Bluebird, async and lodash apart", () => {
    const source = `
      exports.up = async (pgm) => {
        await Promise.mapSeries(["a", "b"], (table) => pgm.dropTable(table))
        await async.eachLimit(["c"], 2, async (table) => { pgm.dropTable(table) })
        _.each(tables, (table) => pgm.dropTable(table))
      }`
    const { sql, unread } = read("node-pg-migrate", source)
    expect(sql).toEqual(['DROP TABLE "a"', 'DROP TABLE "b"', 'DROP TABLE "c"'])
    expect(unread).toEqual(["pgm.dropTable(table)"])
  })

  it("counts a text once, however often a loop sends it", () => {
    const source = 'exports.up = (pgm) => { for (const table of ["a", "b", "c"]) pgm.sql(`ALTER TABLE ${table} ${verb} OF IT ALL`) }'
    expect(read("node-pg-migrate", source)).toEqual({ sql: [], unread: ["`ALTER TABLE ${table} ${verb} OF IT ALL`"] })
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

  it("doubts what a call that is not read may have changed from where it runs, not from where it is written", () => {
    const up = (dropped: string) => `module.exports = { up: async (queryInterface, Sequelize) => {
      const drop = (table, column) => queryInterface.removeColumn(table, column)
      const rename = (from, to) => queryInterface.renameTable(from, to)
      await queryInterface.createTable("old_orders", { note: { type: Sequelize.TEXT } })
      await rename("old_orders", "orders")
      await drop("orders", ${dropped})
      await queryInterface.addColumn("orders", "note", { type: Sequelize.TEXT })
    } }`
    expect(findings("migrations/20240102030405-a.js", up('"other"'))).toEqual(expect.arrayContaining([expect.stringMatching(/^statement-fails at queryInterface\.addColumn/)]))
    expect(findings("migrations/20240102030405-a.js", up("process.env.COLUMN"))).toEqual([])
  })

  it("reads names that a later major reserved as the major reads them", () => {
    const source = 'exports.up = async (knex) => { await knex.raw(`CREATE TABLE system_user (id int); ALTER TABLE ${"app"}.orders DROP system_user`) }'
    const at = (pgVersion: number) => {
      const result = lintCode("migrations/20240102030405_a.js", source, { pgVersion, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), transaction: undefined })
      if (result === null || "message" in result) throw new Error("not linted")
      return [result.unread, ...result.findings.map(({ rule }) => rule)]
    }
    expect(at(15)).toEqual([0, "column-drop-breaks-code"])
    expect(at(16)).toEqual([0, "syntax-error", "syntax-error"])
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
