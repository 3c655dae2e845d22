import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { folder, pgsafe } from "./pgsafe.ts"

loadGrammar()

const PROJECTS = fileURLToPath(new URL("../../fixtures/projects/", import.meta.url))

const FILES = {
  "migrations/V1__orders.sql":
    "CREATE TYPE mood AS ENUM ('sad', 'ok');\n" +
    "CREATE TABLE orders (id bigint PRIMARY KEY, region varchar(50), feeling mood DEFAULT 'ok');\n" +
    "CREATE INDEX ON orders (lower(region)) WHERE region IS NOT NULL;\n",
  "migrations/V2__items.sql":
    'CREATE TABLE app."Items" (id int GENERATED ALWAYS AS IDENTITY, "order" bigint REFERENCES orders (id));\n' +
    "ALTER TABLE orders ADD COLUMN total numeric(10, 2) NOT NULL, ADD CHECK (total > 0) NOT VALID;\n" +
    "CREATE VIEW totals AS SELECT total FROM orders;\n",
  "migrations/V3__elsewhere.sql": "ALTER TABLE older ADD COLUMN note text;\n",
}

describe("pgsafe schema", () => {
  it("prints what the migrations have built, and where", () => {
    expect(pgsafe(["schema"], { cwd: folder(FILES) }).stdout).toBe(`CREATE SCHEMA app;

CREATE TYPE mood AS ENUM ('sad', 'ok'); -- V1__orders.sql:1

CREATE TABLE app."Items" ( -- V2__items.sql:1
  id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  "order" bigint
);

-- known only in part: it was there before, or something changed it that could not be read
CREATE TABLE older (
  note text -- V3__elsewhere.sql:1
);

CREATE TABLE orders ( -- V1__orders.sql:2
  id bigint NOT NULL,
  region character varying(50),
  feeling mood DEFAULT 'ok',
  total numeric(10,2) NOT NULL -- V2__items.sql:2
);
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id); -- V1__orders.sql:2
ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total > 0) NOT VALID; -- V2__items.sql:2
CREATE INDEX orders_lower_idx ON orders ((lower(region))) WHERE region IS NOT NULL; -- V1__orders.sql:3

-- view totals, which reads orders -- V2__items.sql:3

ALTER TABLE app."Items" ADD CONSTRAINT "Items_order_fkey" FOREIGN KEY ("order") REFERENCES orders (id); -- V2__items.sql:1
`)
  })

  it("goes no further than --at, and prints JSON", () => {
    const cwd = folder(FILES)
    const { tables } = JSON.parse(pgsafe(["schema", "--json", "--at", "migrations/V1__orders.sql"], { cwd }).stdout) as { tables: { name: string }[] }
    expect(tables.map(({ name }) => name)).toEqual(["public.orders"])
    expect(pgsafe(["schema", "migrations", "--at", "migrations/V9.sql"], { cwd })).toMatchObject({
      code: 2,
      stderr: "pgsafe: migrations/V9.sql is none of the migrations\n",
    })
    expect(pgsafe(["schema", "migrations", "--at", "V1__orders.sql"], { cwd })).toMatchObject({
      code: 2,
      stderr: 'pgsafe: V1__orders.sql is none of the migrations (did you mean "migrations/V1__orders.sql"?)\n',
    })
  })

  it.each(readdirSync(PROJECTS))("prints SQL for %s", (project) => {
    const { stdout } = pgsafe(["schema", project], { cwd: PROJECTS })
    expect(parseFile(stdout).errors).toEqual([])
  })

  it("says which of several projects it prints, and prints one of them as JSON", () => {
    const cwd = folder({ "a/migrations/1_a.sql": "CREATE TABLE a (id int);", "b/goose/1_b.sql": "-- +goose Up\nCREATE TABLE b (id int);" })
    const { code, stdout } = pgsafe(["schema", "a", "b"], { cwd })
    expect({ code, heads: stdout.match(/^-- .*$/gm) }).toEqual({ code: 0, heads: ["-- a/migrations", "-- b/goose: goose"] })
    expect(pgsafe(["schema", "a", "b", "--json"], { cwd })).toMatchObject({
      code: 2,
      stdout: "",
      stderr: "pgsafe: there are several projects, in a/migrations, b/goose; name one of these folders, or a migration with --at\n",
    })
  })

  it("says which statements it passes over", () => {
    const goose = "-- +goose Up\nCREATE TABLE a (id int);\nCREATE TABEL b (id int);\n-- +goose Down\nDROP TABEL b;\n"
    const cwd = folder({ "migrations/1_a.sql": goose, "migrations/2_b.sql": "-- +goose Up\nSELECT 1;\n" })
    const { code, stdout, stderr } = pgsafe(["schema"], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: "CREATE TABLE a ( -- 1_a.sql:2\n  id integer\n);\n" })
    expect(stderr).toBe('pgsafe: migrations/1_a.sql:3:8: syntax error at or near "TABEL"; this statement is passed over, and what it makes is not known\n')
  })

  it("ends with 2 when a migration cannot be read", () => {
    const cwd = folder({ "migrations/V1__a.sql": "CREATE TABLE a (id int);", "migrations/V2__b.sql": "SELECT 1;\u0000" })
    const { code, stdout, stderr } = pgsafe(["schema"], { cwd })
    expect({ code, stdout: stdout.includes("CREATE TABLE a"), stderr: stderr.includes("migrations/V2__b.sql: the file contains a NUL byte") }).toEqual({ code: 2, stdout: true, stderr: true })
  })

  it("starts from a dump, of --schema or the configuration", () => {
    const dump = "CREATE TABLE public.orders (\n  id bigint\n);\nCREATE TABEL x ();\n"
    const cwd = folder({ "dump.sql": dump, "migrations/V9__a.sql": "ALTER TABLE orders ADD COLUMN region text;\n" })
    const rest = 'pgsafe: dump.sql:4:8: syntax error at or near "TABEL"; this statement of the dump is passed over, and what it makes is not known\n'
    const { stdout, stderr } = pgsafe(["schema", "--schema", "dump.sql"], { cwd })
    expect({ stdout, stderr }).toEqual({ stdout: "CREATE TABLE orders ( -- dump.sql:1\n  id bigint\n);\n", stderr: rest })
    const both = "CREATE TABLE orders ( -- dump.sql:1\n  id bigint,\n  region text -- V9__a.sql:1\n);\n"
    expect(pgsafe(["schema", "--schema", "dump.sql", "migrations"], { cwd }).stdout).toBe(both)
    const configured = folder({ "pgsafe.config.json": '{ "schema": "dump.sql" }', "dump.sql": dump, "migrations/V9__a.sql": "ALTER TABLE orders ADD COLUMN region text;\n" })
    expect(pgsafe(["schema", "--at", "migrations/V9__a.sql"], { cwd: configured }).stdout).toBe(both)
    expect(pgsafe(["schema", "--schema", "none.sql"], { cwd })).toMatchObject({ code: 2, stderr: "pgsafe: none.sql: cannot start from the dump: cannot read the file: there is no such file\n" })
  })

  it("starts from the dump of a project whose migrations are read in part", () => {
    const dump = "-- PostgreSQL database dump\nCREATE TABLE public.orders (\n  id bigint\n);\n"
    const migration = 'class A < ActiveRecord::Migration[7.1]\n  def change\n    execute "ALTER TABLE orders ADD COLUMN region text"\n  end\nend\n'
    const cwd = folder({ "db/structure.sql": dump, "db/migrate/20240101000000_a.rb": migration })
    expect(pgsafe(["schema", "db/migrate"], { cwd }).stdout).toBe("CREATE TABLE orders ( -- structure.sql:2\n  id bigint\n);\n")
  })
})
