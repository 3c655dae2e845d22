import { createHash } from "node:crypto"
import { beforeAll, describe, expect, it } from "vitest"
import { plural, singular } from "../../src/code/languages/inflections.ts"
import { readRails } from "../../src/code/languages/rails/read.ts"
import { readRailsSchema, type CodeMigration } from "../../src/code/index.ts"
import { sha256 } from "../../src/code/sha.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { summary } from "./summary.ts"

beforeAll(() => { loadGrammar() })

function read(body: string, version = "7.1") {
  const source = `class Change < ActiveRecord::Migration[${version}]\n  def change\n${body}\n  end\nend\n`
  return { ...summary(source, readRails(source)), source, calls: readRails(source).calls }
}

/** The statements that go up. */
function sqlOf(body: string, version?: string): readonly string[] {
  const { sql, builders, unread } = read(body, version)
  expect({ builders, unread }).toEqual({ builders: 0, unread: [] })
  return sql.map((text) => text.replace(/^up: /, ""))
}

it("Rails is read with the constants of the file", () => {
  const source = `class A < ActiveRecord::Migration[7.1]
  NEW = :orders_new
  OLD = "orders_old".freeze
  COLUMNS = %i[a b].freeze
  LIST = [:a, "c"]
  MADE = "x" + suffix
  TWICE = :x
  TWICE = :y
  def up
    add_index :orders, COLUMNS, name: NEW
    add_index :orders, LIST, name: "three"
    rename_index :orders, OLD, NEW
    remove_index :orders, name: MADE
    remove_index :orders, name: TWICE
  end
end
`
  expect(summary(source, readRails(source))).toMatchObject({
    sql: ['up: CREATE INDEX "orders_new" ON "orders" ("a", "b")', 'up: CREATE INDEX "three" ON "orders" ("a", "c")', 'up: ALTER INDEX "orders_old" RENAME TO "orders_new"'],
    builders: 2,
  })
})

describe("Rails makes SQL of", () => {
  it.each([
    ["add_column :orders, :region, :string", 'ALTER TABLE "orders" ADD COLUMN "region" character varying'],
    ['add_column "app.orders", :region, :string, limit: 20, default: "it\'s", null: false, if_not_exists: true', 'ALTER TABLE "app"."orders" ADD COLUMN IF NOT EXISTS "region" character varying(20) DEFAULT \'it\'\'s\' NOT NULL'],
    ["add_column :orders, :code, :uuid, :default => 'gen_random_uuid()', :null => false", 'ALTER TABLE "orders" ADD COLUMN "code" uuid DEFAULT gen_random_uuid() NOT NULL'],
    ['add_column :orders, :at, :datetime, default: -> { "now()" }', 'ALTER TABLE "orders" ADD COLUMN "at" timestamp(6) DEFAULT now()'],
    ["add_column :orders, :rate, :decimal, precision: 10, scale: 2, default: -1.5", 'ALTER TABLE "orders" ADD COLUMN "rate" decimal(10,2) DEFAULT -1.5'],
    ["add_column :orders, :count, :integer, limit: 8", 'ALTER TABLE "orders" ADD COLUMN "count" bigint'],
    ["add_column :orders, :tags, :string, array: true, default: []", 'ALTER TABLE "orders" ADD COLUMN "tags" character varying[] DEFAULT \'{}\''],
    ["add_column :orders, :tags, :text, array: true, default: %w[a b]", 'ALTER TABLE "orders" ADD COLUMN "tags" text[] DEFAULT \'{a,b}\''],
    ["add_column :orders, :data, :jsonb, default: []", 'ALTER TABLE "orders" ADD COLUMN "data" jsonb DEFAULT \'[]\''],
    ["add_column :orders, :state, :enum, enum_type: :order_state", 'ALTER TABLE "orders" ADD COLUMN "state" "order_state"'],
    ['add_column :orders, :total, :virtual, type: :integer, as: "a + b", stored: true', 'ALTER TABLE "orders" ADD COLUMN "total" integer GENERATED ALWAYS AS (a + b) STORED'],
    ["remove_column :orders, :region, :string, if_exists: true", 'ALTER TABLE "orders" DROP COLUMN IF EXISTS "region"'],
    ["remove_columns :orders, :a, :b, type: :string", 'ALTER TABLE "orders" DROP COLUMN "a", DROP COLUMN "b"'],
    ["add_timestamps :orders", 'ALTER TABLE "orders" ADD COLUMN "created_at" timestamp(6) NOT NULL, ADD COLUMN "updated_at" timestamp(6) NOT NULL'],
    ["remove_timestamps :orders", 'ALTER TABLE "orders" DROP COLUMN "updated_at", DROP COLUMN "created_at"'],
    ["rename_column :orders, :a, :b", 'ALTER TABLE "orders" RENAME COLUMN "a" TO "b"'],
    ["rename_table :orders, :purchases", 'ALTER TABLE "orders" RENAME TO "purchases"; ALTER INDEX IF EXISTS "orders_pkey" RENAME TO "purchases_pkey"; ALTER SEQUENCE IF EXISTS "orders_id_seq" RENAME TO "purchases_id_seq"'],
    ['rename_table "app.orders", "purchases"', 'ALTER TABLE "app"."orders" RENAME TO "purchases"'],
    ["rename_index :orders, :a, :b", 'ALTER INDEX "a" RENAME TO "b"'],
    ["change_column :orders, :a, :bigint", 'ALTER TABLE "orders" ALTER COLUMN "a" TYPE bigint'],
    ['change_column :orders, :a, :integer, using: "a::integer", null: false, default: nil', 'ALTER TABLE "orders" ALTER COLUMN "a" TYPE integer USING a::integer, ALTER COLUMN "a" DROP DEFAULT, ALTER COLUMN "a" SET NOT NULL'],
    ["change_column_default :orders, :a, from: 1, to: 2", 'ALTER TABLE "orders" ALTER COLUMN "a" SET DEFAULT 2'],
    ["change_column_default :orders, :a, nil", 'ALTER TABLE "orders" ALTER COLUMN "a" DROP DEFAULT'],
    ["change_column_null :orders, :a, true", 'ALTER TABLE "orders" ALTER COLUMN "a" DROP NOT NULL'],
    ["add_index :orders, :region", 'CREATE INDEX "index_orders_on_region" ON "orders" ("region")'],
    ["add_index :orders, [:region, :at], unique: true, order: { at: :desc }, where: 'a > 0', algorithm: :concurrently, if_not_exists: true", 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "index_orders_on_region_and_at" ON "orders" ("region", "at" desc) WHERE a > 0'],
    ["add_index :orders, %i[a b], using: :gin, opclass: :gin_trgm_ops, name: :by_a, include: :c, nulls_not_distinct: true", 'CREATE INDEX "by_a" ON "orders" USING gin ("a" gin_trgm_ops, "b" gin_trgm_ops) INCLUDE ("c") NULLS NOT DISTINCT'],
    ['add_index :orders, "lower(region)"', 'CREATE INDEX "index_orders_on_lower_region" ON "orders" (lower(region))'],
    ["remove_index :orders, name: :by_a, algorithm: :concurrently", 'DROP INDEX CONCURRENTLY "by_a"'],
    ["remove_index :orders, column: [:a, :b]", 'DROP INDEX IF EXISTS "index_orders_on_a_and_b"'],
    ["remove_reference :orders, :shop, polymorphic: true", 'ALTER TABLE "orders" DROP COLUMN "shop_id"; ALTER TABLE "orders" DROP COLUMN "shop_type"'],
    ["add_reference :orders, :shop, index: false", 'ALTER TABLE "orders" ADD COLUMN "shop_id" bigint'],
    ["add_reference :orders, :owner, polymorphic: true, null: false", 'ALTER TABLE "orders" ADD COLUMN "owner_type" character varying NOT NULL; ALTER TABLE "orders" ADD COLUMN "owner_id" bigint NOT NULL; CREATE INDEX "index_orders_on_owner" ON "orders" ("owner_type", "owner_id")'],
    ["add_check_constraint :orders, 'a > 0', name: :positive, validate: false", 'ALTER TABLE "orders" ADD CONSTRAINT "positive" CHECK (a > 0) NOT VALID'],
    ["validate_check_constraint :orders, name: :positive", 'ALTER TABLE "orders" VALIDATE CONSTRAINT "positive"'],
    ["add_unique_constraint :orders, using_index: :by_a, name: :one_a", 'ALTER TABLE "orders" ADD CONSTRAINT "one_a" UNIQUE USING INDEX "by_a"'],
    ["drop_table :orders, :parts, if_exists: true, force: :cascade", 'DROP TABLE IF EXISTS "orders", "parts" CASCADE'],
    ["add_unique_constraint :orders, [:a, :b], deferrable: :deferred, nulls_not_distinct: true", 'ALTER TABLE "orders" ADD UNIQUE NULLS NOT DISTINCT ("a", "b") DEFERRABLE INITIALLY DEFERRED'],
    ["add_exclusion_constraint :orders, 'room WITH =, during WITH &&', using: :gist, where: 'a > 0', name: :apart", 'ALTER TABLE "orders" ADD CONSTRAINT "apart" EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (a > 0)'],
    ["enable_extension :citext", 'CREATE EXTENSION IF NOT EXISTS "citext"'],
    ["enable_extension 'app.citext'", 'CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA "app"'],
    ["create_schema :app", 'CREATE SCHEMA "app"'],
    ["create_view :late, materialized: true, sql_definition: <<-SQL\n      SELECT id FROM orders;\n  SQL", 'CREATE MATERIALIZED VIEW "late" AS SELECT id FROM orders'],
    ["drop_view :late, revert_to_version: 2", 'DROP VIEW "late"'],
    ["drop_view 'app.late', materialized: true", 'DROP MATERIALIZED VIEW "app"."late"'],
    ["create_enum :mood, %w[sad ok]", "CREATE TYPE \"mood\" AS ENUM ('sad', 'ok')"],
    ["add_enum_value :mood, :glad, after: :ok", "ALTER TYPE \"mood\" ADD VALUE 'glad' AFTER 'ok'"],
    ["rename_enum_value :mood, from: :ok, to: :fine", "ALTER TYPE \"mood\" RENAME VALUE 'ok' TO 'fine'"],
    ["change_column_comment :orders, :a, 'x'", ""],
  ])("%s", (call, expected) => {
    expect(sqlOf(call).join("; ")).toBe(expected)
  })

  it("lookups of foreign keys, which need not be those that their columns are called after", () => {
    expect(read("validate_foreign_key :orders, :people").sql).toEqual([expect.stringMatching(/^up perhaps: ALTER TABLE "orders" VALIDATE CONSTRAINT "fk_rails_/)])
    expect(read("validate_foreign_key :orders, column: :owner_id").sql).toEqual([expect.stringMatching(/^up: ALTER TABLE "orders" VALIDATE CONSTRAINT "fk_rails_/)])
  })

  it("foreign keys, whose names are made of their columns", () => {
    const name = (text: string): string => `fk_rails_${createHash("sha256").update(text).digest("hex").slice(0, 10)}`
    expect(sqlOf("add_foreign_key :orders, :people, on_delete: :cascade, validate: false, deferrable: :deferred\nvalidate_foreign_key :orders, column: :person_id\nremove_foreign_key :orders, column: :person_id")).toEqual([
      `ALTER TABLE "orders" ADD CONSTRAINT "${name("orders_person_id_fk")}" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID`,
      `ALTER TABLE "orders" VALIDATE CONSTRAINT "${name("orders_person_id_fk")}"`,
      `ALTER TABLE "orders" DROP CONSTRAINT IF EXISTS "${name("orders_person_id_fk")}"`,
    ])
    expect(sqlOf("add_reference :orders, :company, foreign_key: true")).toEqual([
      'ALTER TABLE "orders" ADD COLUMN "company_id" bigint',
      'CREATE INDEX "index_orders_on_company_id" ON "orders" ("company_id")',
      `ALTER TABLE "orders" ADD CONSTRAINT "${name("orders_company_id_fk")}" FOREIGN KEY ("company_id") REFERENCES "companies" ("id")`,
    ])
  })

  it("long names of indexes, from 7.1 on", () => {
    const call = "add_index :purchase_orders, [:customer_account_id, :shipping_address_id]"
    const long = "index_purchase_orders_on_customer_account_id_and_shipping_address_id"
    const short = `idx_on_customer_account_id_shipping_address_id_${createHash("sha256").update(long).digest("hex").slice(0, 10)}`
    expect(sqlOf(call)).toEqual([`CREATE INDEX "${short}" ON "purchase_orders" ("customer_account_id", "shipping_address_id")`])
    expect(sqlOf(call, "7.0")[0]).toContain(`"${long}"`)
  })

  it("values that nobody knows, where the statement stands without them", () => {
    expect(sqlOf("change_column_null :orders, :at, false, Time.current")).toEqual(['UPDATE "orders" SET "at" = ${...} WHERE "at" IS NULL', 'ALTER TABLE "orders" ALTER COLUMN "at" SET NOT NULL'])
    expect(sqlOf("change_column_null :orders, :a, false, 0")).toEqual(['UPDATE "orders" SET "a" = 0 WHERE "a" IS NULL', 'ALTER TABLE "orders" ALTER COLUMN "a" SET NOT NULL'])
  })

  it("tables with their columns, keys and indexes", () => {
    expect(sqlOf(`
    create_table :orders do |t|
      t.string :region, :note, null: false
      t.column :rate, :float, default: 1.0
      t.references :shop, foreign_key: { to_table: :stores }, null: false
      t.belongs_to :owner, polymorphic: true, index: false
      t.integer :code, index: { unique: true }
      t.timestamps null: true

      t.index [:region, :note], name: "by_region"
      t.check_constraint "code > 0", name: "positive"
    end`)).toEqual([
      `CREATE TABLE "orders" ("id" bigserial PRIMARY KEY, "region" character varying NOT NULL, "note" character varying NOT NULL, "rate" float DEFAULT 1.0, "shop_id" bigint NOT NULL, "owner_type" character varying, "owner_id" bigint, "code" integer, "created_at" timestamp(6), "updated_at" timestamp(6), CONSTRAINT "fk_rails_${sha256("orders_shop_id_fk").slice(0, 10)}" FOREIGN KEY ("shop_id") REFERENCES "stores" ("id"), CONSTRAINT "positive" CHECK (code > 0))`,
      'CREATE INDEX "index_orders_on_shop_id" ON "orders" ("shop_id")',
      'CREATE UNIQUE INDEX "index_orders_on_code" ON "orders" ("code")',
      'CREATE INDEX "by_region" ON "orders" ("region", "note")',
    ])
  })

  it("primary keys of many kinds", () => {
    expect(sqlOf("create_table(:a, id: :uuid) { |t| t.text :x }\ncreate_table :b, id: false do |t|\n  t.text :x\nend\ncreate_table :c, primary_key: :code, id: :string\ncreate_table :d, primary_key: [:x, :y] do |t|\n  t.integer :x, :y\nend\ncreate_table :e, force: :cascade, id: :uuid, default: -> { \"uuid_generate_v4()\" }")).toEqual([
      'CREATE TABLE "a" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, "x" text)',
      'CREATE TABLE "b" ("x" text)',
      'CREATE TABLE "c" ("code" character varying NOT NULL PRIMARY KEY)',
      'CREATE TABLE "d" ("x" integer, "y" integer, PRIMARY KEY ("x", "y"))',
      'CREATE TABLE IF NOT EXISTS "e" ("id" uuid DEFAULT uuid_generate_v4() NOT NULL PRIMARY KEY)',
    ])
  })

  it("changes of a table in a block", () => {
    expect(sqlOf(`
    change_table :orders, bulk: true do |t|
      t.string :note, :code
      t.remove :a, :b
      t.rename :c, :d
      t.change :e, :bigint
      t.index :note
      t.references :shop, index: false
    end`)).toEqual([
      'ALTER TABLE "orders" ADD COLUMN "note" character varying',
      'ALTER TABLE "orders" ADD COLUMN "code" character varying',
      'ALTER TABLE "orders" DROP COLUMN "a", DROP COLUMN "b"',
      'ALTER TABLE "orders" RENAME COLUMN "c" TO "d"',
      'ALTER TABLE "orders" ALTER COLUMN "e" TYPE bigint',
      'CREATE INDEX "index_orders_on_note" ON "orders" ("note")',
      'ALTER TABLE "orders" ADD COLUMN "shop_id" bigint',
    ])
  })
})

describe("The version of a migration of Rails", () => {
  it.each([
    ["4.2", '"id" serial PRIMARY KEY, "shop_id" integer, "at" timestamp, "created_at" timestamp, "updated_at" timestamp'],
    ["5.0", '"id" serial PRIMARY KEY, "shop_id" integer, "at" timestamp, "created_at" timestamp NOT NULL, "updated_at" timestamp NOT NULL'],
    ["5.2", '"id" bigserial PRIMARY KEY, "shop_id" bigint, "at" timestamp, "created_at" timestamp NOT NULL, "updated_at" timestamp NOT NULL'],
    ["6.1", '"id" bigserial PRIMARY KEY, "shop_id" bigint, "at" timestamp, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL'],
    ["8.0", '"id" bigserial PRIMARY KEY, "shop_id" bigint, "at" timestamp(6), "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL'],
  ])("decides about types: %s", (version, columns) => {
    const [table, ...indexes] = sqlOf("create_table :orders do |t|\n  t.references :shop\n  t.datetime :at\n  t.timestamps\nend", version)
    expect({ table, indexes: indexes.length }).toEqual({ table: `CREATE TABLE "orders" (${columns})`, indexes: version === "4.2" ? 0 : 1 })
  })
})

describe("Calls of Rails that are not read", () => {
  it.each([
    "add_column table, :a, :string",
    "add_column :orders, :a, :string, default: Order::NONE",
    "add_column :orders, :a, :string, **options",
    "add_index :orders, COLUMNS",
    "add_index :orders, :a, name: NAME",
    "add_reference :orders, :shop, foreign_key: options",
    "remove_columns :orders, *columns",
    "change_table :orders do |t|\n  t.userstamps\nend",
    "create_table :orders, as: 'SELECT 1'",
    "create_view :orders",
  ])("are counted: %s", (call) => {
    const { sql, builders } = read(call)
    expect({ sql, builders }).toEqual({ sql: [], builders: 1 })
  })

  it("leave a new table without its columns", () => {
    const { sql, builders, tables } = read("create_table :orders do |t|\n  t.string :a\n  t.attachment :b\nend")
    expect({ sql, builders, tables }).toEqual({ sql: [], builders: 1, tables: ["orders"] })
  })

  it("may change what only other lines name, where the first argument is no literal", () => {
    const wideOf = (call: string): readonly boolean[] => readRails(read(call).source).builders.map(({ wide }) => wide)
    expect(wideOf("[:orders, :parts].each do |table|\n  add_column table, :region, :string\nend")).toEqual([true])
    expect(wideOf("add_column \"#{name}s\", :region, :string")).toEqual([true])
    expect(wideOf("add_column :orders, :region, kind")).toEqual([false])
  })

  it("may change the tables of all models that the code speaks of, where the first argument is no literal", () => {
    const namesOf = (call: string): readonly (readonly string[] | undefined)[] => readRails(read(call).source).builders.map(({ names }) => names?.filter((name) => /order|part/.test(name)))
    expect(namesOf("[OrderLine, Part].each do |model|\n  rename_column model.table_name, :a, :b\nend")).toEqual([["order_lines", "parts"]])
    expect(namesOf("Part.first\nadd_column :orders, :region, kind")).toEqual([undefined])
  })

  it("are none where the file has a method of that name", () => {
    expect(read("update_prices(list, 2)\n  end\n\n  def update_prices(all, factor)\n    execute 'UPDATE parts SET price = 2'").builders).toBe(0)
  })

  it("are none where it is a name", () => {
    expect(read("change_notes = list\nchange_notes.each { |one| one }").builders).toBe(0)
  })
})

describe("What Rails may pass over", () => {
  it("stands under a condition, has one, or stands behind a return", () => {
    expect(read("    if a?\n      add_column :orders, :a, :string\n    end\n    add_column :orders, :b, :string unless column_exists?(:orders, :b)\n    return if done?\n    add_column :orders, :c, :string").sql.map((text) => text.replace(/ADD.*/, ""))).toEqual([
      'up perhaps: ALTER TABLE "orders" ',
      'up perhaps: ALTER TABLE "orders" ',
      'up perhaps: ALTER TABLE "orders" ',
    ])
  })

  it("is undone in a block of revert, and in down", () => {
    expect(read("revert do\n  add_column :orders, :a, :string\nend\nreversible do |dir|\n  dir.down do\n    drop_table :orders\n  end\nend").sql).toEqual(['down: DROP TABLE "orders"'])
  })
})

describe("A dump of the schema in Ruby", () => {
  const dump = (head: string, body: string): CodeMigration => readRailsSchema(`# Written by Rails.\n${head} do\n${body}\nend\n`)
  const TABLE = '  create_table "orders", force: :cascade do |t|\n    t.datetime "at"\n    t.unique_constraint ["at"], name: "one_at"\n    t.exclusion_constraint "at WITH =", using: :gist, name: "apart"\n    t.index ["at"], name: "by_at"\n  end'

  it("has tables with all that belongs to them", () => {
    expect(dump("ActiveRecord::Schema[8.0].define(version: 2024_01_02_030405)", TABLE).script.sql).toBe(
      'CREATE TABLE IF NOT EXISTS "orders" ("id" bigserial PRIMARY KEY, "at" timestamp(6), CONSTRAINT "one_at" UNIQUE ("at"), CONSTRAINT "apart" EXCLUDE USING gist (at WITH =))\n;\nCREATE INDEX "by_at" ON "orders" ("at")\n;\n',
    )
  })

  it("tells by its newest migration what keys were like when it was written", () => {
    const [before, after] = [20150102030405, 20200102030405].map((version) => dump(`ActiveRecord::Schema.define(version: ${String(version)})`, TABLE).script.sql)
    expect(before).toContain('"id" serial PRIMARY KEY, "at" timestamp,')
    expect(after).toContain('"id" bigserial PRIMARY KEY, "at" timestamp,')
  })

  it("leaves out tables that Rails could not dump", () => {
    const { doubts } = dump("ActiveRecord::Schema[8.0].define(version: 2024_01_02_030405)", '# Could not dump table "places" because of following StandardError\n#   Unknown type \'geometry\' for column \'at\'')
    expect(doubts).toEqual([{ at: 0, words: ["places"] }])
  })
})

it("points to the arguments, and to the line in a block", () => {
  const { source, calls } = read('add_column :orders, :region, :string, null: false\nchange_table :orders do |t|\n  t.string :note\n  t.index :note\nend')
  const placesOf = (sql: RegExp): readonly string[] =>
    calls.filter(({ text }) => sql.test(text.sql)).flatMap(({ text: { sql, segments } }) => segments.map(({ start, end, from, to }) => `${sql.slice(start, end)} <- ${source.slice(from, to)}`))
  expect(placesOf(/region/)).toEqual([
    "ALTER TABLE  <- add_column :orders, :region, :string, null: false",
    '"orders" <- :orders',
    "  <- add_column :orders, :region, :string, null: false",
    "ADD COLUMN  <- add_column :orders, :region, :string, null: false",
    '"region" <- :region',
    "  <- add_column :orders, :region, :string, null: false",
    "character varying <- :string",
    " NOT NULL <- false",
  ])
  expect(placesOf(/INDEX/)[0]).toBe("CREATE  <- t.index :note")
})

it("knows words as Rails does", () => {
  const words = [["order", "orders"], ["person", "people"], ["salesperson", "salespeople"], ["company", "companies"], ["address", "addresses"], ["status", "statuses"], ["box", "boxes"], ["half", "halves"], ["analysis", "analyses"], ["datum", "data"], ["child", "children"], ["news", "news"], ["key", "keys"], ["case", "cases"], ["bus", "buses"]] as const
  expect(words.map(([one]) => plural(one))).toEqual(words.map(([, many]) => many))
  expect(words.map(([, many]) => singular(many))).toEqual(words.map(([one]) => one))
})

it.each(["", "abc", "orders_customer_id_fk", "x".repeat(55), "x".repeat(64), "\u00e9".repeat(100)])("has SHA-256 right: %j", (text) => {
  expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"))
})

describe("Active Record", () => {
  it.each([
    ['Order.update_all(status: "open", total: 0, note: nil, paid: true, token: SecureRandom.hex)', `UPDATE "orders" SET "status" = 'open', "total" = 0, "note" = NULL, "paid" = true, "token" = \${...}`],
    ["Order.update_all :status => 'open', :total => -1", `UPDATE "orders" SET "status" = 'open', "total" = -1`],
    ['APIKey.unscoped.where(a: [1, nil], "b" => nil).where.not(c: nil).update_all({ d: :x })', `UPDATE "api_keys" SET "d" = 'x' WHERE "a" IN (1, NULL) AND "b" IS NULL AND "c" IS NOT NULL`],
    ["Person.where('age > ? AND name = ?', 17, name).update_all('adult = true')", 'UPDATE "people" SET adult = true WHERE (age > 17 AND name = ${...})'],
    ["Order.where(id: ids).delete_all", 'DELETE FROM "orders" WHERE "id" = ${...}'],
    ["Order.where.not(a: 1, b: 2).where(c: { d: 1 }, e: 1..3).delete_all", 'DELETE FROM "orders" WHERE ${...} AND ${...}'],
    ["Order.open.joins(:lines).in_batches.update_all(a: 1)", 'UPDATE "orders" SET "a" = 1 WHERE ${...} AND ${...} AND ${...}'],
    ["OrderLine\n  .where(a: 1)\n  .order(:id)\n  .delete_all", 'DELETE FROM "order_lines" WHERE "a" = 1'],
    ["Order.delete_all", 'DELETE FROM "orders"'],
  ])("makes a statement of %s", (call, expected) => {
    expect(sqlOf(call)).toEqual([expected])
  })

  it("knows the tables of classes of the file, and passes over models that it does not know", () => {
    const source = `
class Change < ActiveRecord::Migration[7.1]
  class Order < ApplicationRecord
    self.table_name = "purchases"
  end

  class Line < ApplicationRecord
  end

  def up
    Order.update_all(a: 1)
    Line.update_all(a: 2)
    Shop::Item.update_all(a: 3)
    records.update_all(a: 4)
    Order.update_all(changes)
    Order.update_all(a: 5) if Order.exists?
  end
end
`
    const { sql, builders, unread } = summary(source, readRails(source))
    expect(sql).toEqual(['up: UPDATE "purchases" SET "a" = 1', 'up: UPDATE "lines" SET "a" = 2', 'up perhaps: UPDATE "purchases" SET "a" = 5'])
    expect({ builders, unread }).toEqual({ builders: 0, unread: [] })
    expect(readRails(source).calls.map(({ text, derived }) => [source.slice(text.from, text.to), derived])).toEqual([
      ["Order.update_all(a: 1)", true],
      ["Line.update_all(a: 2)", true],
      ["Order.update_all(a: 5)", true],
    ])
  })
})
