import { describe, expect, it } from "vitest"
import { lint, type LintInput } from "../../src/index.ts"

/** Place and message of every `statement-fails`, with the places that it refers to. */
function failures(files: Readonly<Record<string, string>>, options: LintInput["options"] = {}, schema?: string): string[] {
  const input = { files: Object.entries(files).map(([path, sql]) => ({ path, sql })), options: { select: ["statement-fails"], ...options } }
  return lint(schema === undefined ? input : { ...input, schema }).findings.map(({ file, line, column, message, related }) =>
    [`${file}:${String(line)}:${String(column)} ${message}`, ...related.map((one) => `${one.file}:${String(one.line)} ${one.message}`)].join(" | "),
  )
}

const ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, region text);\n"

describe("what is not there", () => {
  it("names the statement that took it away, and says so once", () => {
    const files = {
      "migrations/1_a.sql": ORDERS,
      "migrations/2_b.sql": "DROP TABLE orders;",
      "migrations/3_c.sql": "ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE orders ADD COLUMN b int;",
    }
    expect(failures(files)).toEqual([
      'migrations/3_c.sql:1:13 this fails with error 42P01: table "orders" does not exist | migrations/2_b.sql:1 `orders` is gone since here',
    ])
  })

  it("is there again once it is made anew", () => {
    const files = { "migrations/1_a.sql": `${ORDERS}DROP TABLE orders;`, "migrations/2_b.sql": ORDERS, "migrations/3_c.sql": "ALTER TABLE orders ADD COLUMN a int;" }
    expect(failures(files)).toEqual([])
  })

  it("names what is called nearly the same", () => {
    const files = { "migrations/1_a.sql": ORDERS, "migrations/2_b.sql": 'INSERT INTO "order" (id) VALUES (1);' }
    expect(failures(files)).toEqual([
      'migrations/2_b.sql:1:13 this fails with error 42P01: table "order" does not exist; is orders meant? | migrations/1_a.sql:1 table `orders` is made here',
    ])
  })

  it("is not said again of what a statement would have made that fails", () => {
    const files = { "migrations/1_a.sql": ORDERS, "migrations/2_b.sql": "CREATE TABLE order2 (id int, id int);", "migrations/3_c.sql": "ALTER TABLE order2 ADD COLUMN a int;" }
    expect(failures(files)).toEqual(['migrations/2_b.sql:1:30 this fails with error 42701: column "id" specified more than once'])
  })

  it("is said of each of several mistakes about one table", () => {
    const files = { "migrations/1_a.sql": ORDERS, "migrations/2_b.sql": "ALTER TABLE orders ADD COLUMN region text;\nALTER TABLE orders DROP COLUMN nothing;\nCREATE INDEX ON orders (total);" }
    expect(failures(files).map((one) => one.replace(/ \| .*/, ""))).toEqual([
      'migrations/2_b.sql:1:1 this fails with error 42701: column "region" of relation "orders" already exists',
      'migrations/2_b.sql:2:1 this fails with error 42703: column "nothing" of relation "orders" does not exist',
      'migrations/2_b.sql:3:1 this fails with error 42703: column "total" does not exist',
    ])
  })

  it("is only known where the history begins with an empty database", () => {
    const files = { "migrations/7_a.sql": ORDERS, "migrations/8_b.sql": "ALTER TABLE orderz ADD COLUMN a int;" }
    expect(failures(files)).toEqual([])
  })

  it("is not known once something ran that nobody could read", () => {
    const made = "CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE ' || 'orderz'; END $$;\nSELECT make();"
    const files = { "migrations/1_a.sql": ORDERS, "migrations/2_b.sql": made, "migrations/3_c.sql": "ALTER TABLE orderz ADD COLUMN a int;" }
    expect(failures(files)).toEqual([])
    expect(failures({ ...files, "migrations/2_b.sql": "ALTR TABLE orders RENAME TO orderz;" })).toEqual([])
  })

  it("is not judged where ways back are linted with the ways there", () => {
    const file = (up: string, down: string): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`
    const files = { "migrations/1_a.sql": file(ORDERS, "DROP TABLE orders;"), "migrations/2_b.sql": file("ALTER TABLE orders ADD COLUMN a int;", "ALTER TABLE orders DROP COLUMN a;") }
    expect(failures(files, { direction: "both" })).toEqual([])
    expect(failures(files)).toEqual([])
  })

  it("is told by a dump", () => {
    const file = { "change.sql": "ALTER TABLE orderz ADD COLUMN a int;" }
    expect(failures(file, {}, ORDERS)).toEqual(['change.sql:1:13 this fails with error 42P01: table "orderz" does not exist; is orders meant? | <schema>:1 table `orders` is made here'])
    expect(failures(file, {}, "CREATE TABLE customers (id bigint);")).toEqual([])
  })

  it("is judged in the order of numbers where a folder of migrations has no known tool, and not among scripts", () => {
    const twice = (folder: string) => ({ [`${folder}/001_a.sql`]: ORDERS, [`${folder}/002_b.sql`]: "ALTER TABLE orders ADD COLUMN region text;" })
    expect(failures(twice("db/migrations"))).toEqual([
      'db/migrations/002_b.sql:1:1 this fails with error 42701: column "region" of relation "orders" already exists | db/migrations/001_a.sql:1 `orders.region` is made here',
    ])
    expect(failures(twice("scripts"))).toEqual([])
  })
})
