/** Rows that query builders change. What the libraries themselves emit for what is in sight is compared in test/tools. */
import { beforeAll, describe, expect, it } from "vitest"
import { readMigration } from "../../src/code/migration.ts"
import { codeRunner } from "../../src/embedded/index.ts"
import type { CodeFacts } from "../../src/files/framework.ts"
import type { Runner } from "../../src/files/types.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { linted, read } from "./javascript.ts"

beforeAll(() => { loadGrammar() })

const RAILS: Runner = { ...codeRunner("knex"), framework: "rails", name: "Rails" }
const JAVASCRIPT: CodeFacts = { language: "javascript", sign: /knex/ }

/** `rule at "the code it points at": number of steps`. */
function findings(path: string, source: string): string[] {
  return linted(path, source).map(({ rule, span, steps }) => `${rule} at ${source.slice(span.start, span.end)}: ${String(steps.length)}`)
}

describe("Knex", () => {
  it("writes names as the project has it write them, and raw SQL as it is", () => {
    const source = `
      exports.up = async (knex) => {
        await knex.schema.table("orderLines", (table) => { table.integer("partId").index() })
        await knex("orderLines").insert({ partId: 1, kind: "aB" })
        await knex.raw('UPDATE "orderLines" SET a = 1')
      }
    `
    const found = readMigration({ path: "migrations/1_a.js", source }, { ...codeRunner("knex"), migrationSettings: "snake case" }, JAVASCRIPT, "up")
    expect(found?.script.parts.map(({ found: { text } }) => text.sql)).toEqual([
      'alter table "order_lines" add column "part_id" integer',
      'create index "orderlines_partid_index" on "order_lines" ("part_id")',
      `INSERT INTO "order_lines" ("kind", "part_id") VALUES ('aB', 1)`,
      'UPDATE "orderLines" SET a = 1',
    ])
  })

  it("writes parameters for what only running the code would tell", () => {
    const source = `
      exports.up = async (knex) => {
        const rows = await knex("orders").select("id", "note")
        for (const row of rows) {
          await knex("orders").where({ id: row.id }).update({ note: clean(row.note), tags: ["a"] })
        }
        await knex("orders").whereIn("id", ids).del()
        await knex("orders").whereIn("id", knex("old").select("id")).del()
        await knex("orders").whereIn("id", function () { this.select("id").from("old") }).del()
        await knex("orders").whereJsonPath("doc", "$.a", "=", 1).orWhere(other).del()
        await knex("orders").insert(rows)
      }
    `
    expect(read("Knex", source)).toEqual({
      sql: [
        'UPDATE "orders" SET "note" = $2, "tags" = $3 WHERE "id" = $1',
        'DELETE FROM "orders" WHERE "id" IN ($1)',
        'DELETE FROM "orders" WHERE "id" IN (SELECT $1)',
        'DELETE FROM "orders" WHERE "id" IN (SELECT $1)',
        'DELETE FROM "orders" WHERE $1 = $2 OR $3 = $4',
        'INSERT INTO "orders" SELECT',
      ],
      unread: [],
    })
  })

  it("knows the connection and its transactions by the names that people give them", () => {
    const source = `
      exports.up = async (connection) => {
        await connection("orders").update({ a: 1 })
        await connection.transaction(async (t) => { await t("orders").update({ a: 2 }) })
        await this.knex("orders").update({ a: 3 })
        await trx.into("orders").update({ a: 4 })
        await app.service("orders").update({ a: 5 })
      }
    `
    expect(read("Knex", source).sql).toEqual([1, 2, 3, 4].map((value) => `UPDATE "orders" SET "a" = ${String(value)}`))
    const lucid = `
      export default class extends BaseSchema {
        async up() {
          this.defer(async (db) => { await db.from("orders").where("a", 1).update({ a: 2 }) })
          await this.db.from("orders").update({ a: 1 })
        }
      }
    `
    expect(read("Lucid", lucid).sql).toEqual(['UPDATE "orders" SET "a" = 1', 'UPDATE "orders" SET "a" = 2 WHERE "a" = 1'])
  })

  it("leaves out queries that are not sent, and follows what comes after the others", () => {
    const source = `
      exports.up = async (knex) => {
        console.log(knex("orders").update({ a: 1 }).toString())
        await knex("orders").where("a", 1).first()
        return knex("orders").update({ a: 2 }).then(() => knex("orders").del())
      }
    `
    expect(read("Knex", source).sql).toEqual(['UPDATE "orders" SET "a" = 2', 'DELETE FROM "orders"'])
  })

  it("counts changes of which nothing is in sight, and doubts nothing because of them", () => {
    const source = `
      exports.up = async (knex) => {
        await knex.schema.createTable("orders", (t) => { t.increments() })
        await knex(table).update({ a: 1 })
        await knex("orders").update(changes)
        await knex("orders").with("old", query).update({ a: 1 })
      }
    `
    const { sql, unread } = read("Knex", source)
    expect(sql).toEqual(['create table "orders" ("id" serial primary key)'])
    expect(unread).toEqual(["knex(table).update({ a: 1 })", 'knex("orders").update(changes)', 'knex("orders").with("old", query).update({ a: 1 })'])
    const migration = readMigration({ path: "migrations/1_orders.js", source }, codeRunner("knex"), JAVASCRIPT, "up")
    expect(migration?.doubts).toEqual([])
  })

  it("doubts no table because its rows may have been changed", () => {
    const source = `
      exports.up = async (knex) => {
        if (process.env.SEED) await knex("orders").insert({ note: "x" })
        if (process.env.SEED) await knex.raw("UPDATE orders SET note = 'y'")
        if (process.env.SEED) await knex.raw("ALTER TABLE carts ADD COLUMN note text")
      }
    `
    const migration = readMigration({ path: "migrations/1_orders.js", source }, codeRunner("knex"), JAVASCRIPT, "up")
    expect(migration?.doubts.map(({ words }) => words)).toEqual([["ALTER", "TABLE", "carts", "ADD", "COLUMN", "note", "text"]])
  })

  it("points to the table whose rows are changed under a lock", () => {
    const source = `
      exports.up = async (knex) => {
        await knex.schema.alterTable("users", (t) => { t.integer("can_upload").defaultTo(0).notNullable() })
        await knex("users").update({ can_upload: 1 })
      }
    `
    expect(findings("migrations/20210101000000_users.js", source)).toEqual(['backfill-holds-lock at "users": 1'])
  })
})

it.each([
  ["migrations/20210101000000_users.js", 'exports.up = async (knex) => { await knex("users").update({ a: 1 }); await knex("users").update({ a: value }) }'],
  ["database/migrations/2021_01_01_000000_users.php", "<?php use Illuminate\\Support\\Facades\\DB; return new class extends Migration { public function up() { DB::table('users')->update(['a' => 1]); DB::table('users')->update(['a' => now()]); } };"],
  ["db/migrate/20210101000000_users.rb", "class Users < ActiveRecord::Migration[7.1]\n  def up\n    User.update_all(a: 1)\n    User.update_all(a: value)\n  end\nend\n"],
])("hands over no steps where values stand nowhere: %s", (path, source) => {
  expect(findings(path, source).map((text) => text.replace(/ at .*:/, ""))).toEqual(["unbatched-backfill 1", "unbatched-backfill 0"])
})

describe("Kysely", () => {
  it("writes parameters for what only running the code would tell", () => {
    const source = `
      export async function up(db) {
        const old = db.selectFrom("old").select("id")
        await db.updateTable("orders").set({ note }).where("id", "in", old).execute()
        await db.updateTable("orders").set({ note: "x" }).where((eb) => eb.or([eb("a", "=", 1), eb("b", "=", 2)])).execute()
        await db.insertInto("orders").columns(["a", "b"]).expression((eb) => eb.selectFrom("old").select(["a", "b"])).execute()
        await db.insertInto("orders").values(rows).execute()
        await db.updateTable("orders").set((eb) => ({ a: eb.fn.max("b") })).execute()
        await db.updateTable("orders").set((eb) => eb.ref("b")).execute()
        db.deleteFrom("orders")
      }
    `
    expect(read("Kysely", source)).toEqual({
      sql: [
        'UPDATE "orders" SET "note" = $2 WHERE "id" in (SELECT $1)',
        `UPDATE "orders" SET "note" = 'x' WHERE $1 = $2`,
        'INSERT INTO "orders" ("a", "b") SELECT $1, $2',
        'INSERT INTO "orders" SELECT',
        'UPDATE "orders" SET "a" = $1',
      ],
      unread: ['db.updateTable("orders").set((eb) => eb.ref("b")).execute()'],
    })
  })
})

describe("Sequelize", () => {
  it("takes no condition, or an empty one, for all rows, and one that it cannot read for some", () => {
    const source = `
      exports.up = async (queryInterface, Sequelize) => {
        await queryInterface.bulkUpdate("Orders", { status: value }, {})
        await queryInterface.bulkUpdate("Orders", { status: "open" }, { [Sequelize.Op.or]: [{ a: 1 }, { b: 2 }] })
        await queryInterface.bulkDelete("Orders", { id: ids })
        await queryInterface.bulkInsert("Orders", rows.map((row) => ({ id: row.id })))
        await queryInterface.bulkUpdate("Orders", changes, {})
        await queryInterface.upsert("Orders", { id: 1 }, { id: 1 }, {}, model)
      }
    `
    expect(read("Sequelize", source)).toEqual({
      sql: [
        'UPDATE "Orders" SET "status" = $1',
        `UPDATE "Orders" SET "status" = 'open' WHERE $1 = $2`,
        'DELETE FROM "Orders" WHERE "id" = $1',
        'INSERT INTO "Orders" SELECT',
      ],
      unread: ['queryInterface.bulkUpdate("Orders", changes, {})', 'queryInterface.upsert("Orders", { id: 1 }, { id: 1 }, {}, model)'],
    })
  })
})

describe("TypeORM", () => {
  it("reads tables that are named, and counts writes to entities", () => {
    const source = `
      export class Orders1 {
        async up(queryRunner) {
          await queryRunner.manager.createQueryBuilder().update("orders").set({ status: next }).where("status = :old", { old }).execute()
          await queryRunner.manager.createQueryBuilder().insert().into("orders").values(rows).execute()
          await queryRunner.manager.createQueryBuilder().update(Order).set({ status: "x" }).execute()
          await queryRunner.manager.update(Order, { id: 1 }, { status: "x" })
          await queryRunner.manager.getRepository(Order).save(orders)
          const orders = await queryRunner.manager.find(Order)
          const query = queryRunner.manager.createQueryBuilder().delete().from("orders")
        }
      }
    `
    expect(read("TypeORM", source)).toEqual({
      sql: ['UPDATE "orders" SET "status" = $2 WHERE status = $1', 'INSERT INTO "orders" SELECT'],
      unread: [
        'queryRunner.manager.createQueryBuilder().update(Order).set({ status: "x" }).execute()',
        'queryRunner.manager.update(Order, { id: 1 }, { status: "x" })',
        "queryRunner.manager.getRepository(Order).save(orders)",
      ],
    })
  })
})

it("doubts nothing because of SQL that PostgreSQL rejects as it is written, but what a part of it may stand for", () => {
  const source = (sql: string): string => `class Orders < ActiveRecord::Migration[7.1]\n  def up\n    execute <<~SQL\n      ${sql}\n    SQL\n  end\nend\n`
  const doubts = (sql: string): readonly (readonly string[])[] | undefined => {
    const migration = readMigration({ path: "db/migrate/20210101000000_orders.rb", source: source(sql) }, RAILS, { language: "ruby", sign: /Migration/ }, "up")
    return migration?.doubts.map(({ words }) => words.filter((word) => word === "orders"))
  }
  expect(doubts("CREATE NONCLUSTERED INDEX by_code ON orders (code)")).toEqual([[]])
  expect(doubts("CREATE NONCLUSTERED #{kind} INDEX by_code ON orders (code)")).toEqual([["orders"]])
})
