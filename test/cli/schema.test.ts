import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { LintResult } from "../../src/index.ts"
import { folder, pgsafe } from "./pgsafe.ts"

const DUMP = `--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
SET lock_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.orders (
    id bigint NOT NULL,
    region character varying(50)
);
ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
`
const WIDER = "SET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN region TYPE varchar(80);\n"

function lint(cwd: string, ...args: readonly string[]): string[] {
  const { findings } = JSON.parse(pgsafe(["lint", "--format", "json", ...args], { cwd }).stdout) as LintResult
  return findings.map(({ file, rule }) => `${file} ${rule}`)
}

describe("how sessions begin", () => {
  const files = { "db/migration/V1__a.sql": "CREATE TABLE orders (id bigint);\n" }

  it("is printed with the file that says so", () => {
    const cwd = folder({ ...files, "flyway.toml": '[flyway]\ndefaultSchema = "App"\n' })
    expect(pgsafe(["schema"], { cwd }).stdout).toBe(
      "-- every session begins with search_path \"App\", ... -- flyway.toml:2\n-- schema \"App\": Flyway makes it where it is missing -- flyway.toml:2\n\n" +
        'CREATE SCHEMA "App";\n\nCREATE TABLE "App".orders ( -- V1__a.sql:1\n  id bigint\n);\n',
    )
  })

  it("is what the configuration says, or the options that pgsafe lint has, too", () => {
    const config = '{ "searchPath": ["app", "public"] }'
    const cwd = folder({ ...files, "pgsafe.config.json": config, "other.json": config })
    const printed = "-- every session begins with search_path app, public -- the searchPath option\n\nCREATE SCHEMA app;\n\nCREATE TABLE app.orders ( -- V1__a.sql:1\n  id bigint\n);\n"
    expect(pgsafe(["schema"], { cwd }).stdout).toBe(printed)
    const without = folder({ ...files, "other.json": config })
    expect(pgsafe(["schema", "--config", "other.json"], { cwd: without }).stdout).toBe(printed)
    expect(pgsafe(["schema", "--search-path", "app, public"], { cwd: without }).stdout).toBe(printed)
    expect(pgsafe(["schema", "--framework", "flyaway"], { cwd: without }).stderr).toContain('unknown framework "flyaway" (did you mean "flyway"?)')
  })
})

describe("a migration in a language that is not read", () => {
  const files = {
    "m/1_a.sql": "-- +goose Up\nCREATE TABLE orders (id bigint);\n",
    "m/2_b.go": 'package m\n\nfunc up(tx *sql.Tx) error { return tx.Exec("ALTER TABLE orders ADD COLUMN code text") }\n',
    "m/3_c.sql": "-- +goose Up\nSET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN code SET DEFAULT 'x';\n",
  }

  it("may have made anything", () => {
    const cwd = folder(files)
    expect(lint(cwd, "m/3_c.sql")).toEqual([])
    expect(pgsafe(["schema", "m"], { cwd }).stderr).toBe("pgsafe: m/2_b.go: the language of this migration is not read, so that anything may exist after it\n")
    const { "m/2_b.go": code, ...read } = files
    expect(code).toContain("code text")
    expect(lint(folder(read), "m/3_c.sql")).toEqual(["m/3_c.sql statement-fails"])
  })
})

describe("a dump of the schema", () => {
  it("tells what is there, from --schema or the configuration", () => {
    const cwd = folder({ "V9__wider.sql": WIDER, "dumps/production.sql": DUMP })
    expect(lint(cwd, "V9__wider.sql")).toEqual(["V9__wider.sql type-change-blocks-queries"])
    expect(lint(cwd, "V9__wider.sql", "--schema", "dumps/production.sql")).toEqual([])
    writeFileSync(join(cwd, "pgsafe.config.json"), '{ "schema": "dumps/production.sql" }')
    expect(lint(cwd, "V9__wider.sql")).toEqual([])
    expect(lint(join(cwd, "dumps"), "../V9__wider.sql")).toEqual([])
  })

  it("is found beside the migrations and beside their folder, and never linted", () => {
    const cwd = folder({ "db/migrations/V9__wider.sql": WIDER, "db/structure.sql": DUMP })
    expect(lint(cwd, "db")).toEqual([])
    expect(lint(cwd, "db/migrations/V9__wider.sql")).toEqual([])
  })

  it("is that of Rails in Ruby, too, where the migrations that are linted have not run yet", () => {
    const rails = (version: string): string =>
      `ActiveRecord::Schema[7.1].define(version: ${version}) do\n  create_table "orders", force: :cascade do |t|\n    t.string "region", limit: 50\n    t.string "code", null: false\n  end\nend\n`
    const migration = (body: string): string => `class A < ActiveRecord::Migration[7.1]\n  def change\n    execute "SET lock_timeout = '5s'"\n${body}\n  end\nend\n`
    const files = {
      "db/migrate/20230101000000_a.rb": migration("    change_column_null :orders, :code, true"),
      "db/migrate/20240101000000_b.rb": migration("    change_column :orders, :region, :string, limit: 80\n    change_column_null :orders, :code, false"),
    }
    const changed = "db/migrate/20240101000000_b.rb"
    const before = folder({ ...files, "db/schema.rb": rails("2023_01_01_000000") })
    expect(lint(before, changed)).toEqual([])
    const after = folder({ ...files, "db/schema.rb": rails("2024_01_01_000000") })
    expect(lint(after, changed)).toEqual([`${changed} type-change-blocks-queries`, `${changed} not-null-scans-table`])
    expect(lint(after, changed, "--schema", "db/schema.rb")).toEqual([])
    expect(pgsafe(["schema", "--schema", "db/schema.rb"], { cwd: before }).stdout).toContain('CREATE TABLE orders ( -- schema.rb:2\n')
    const other = folder({ ...files, "other.rb": "puts 1\n" })
    const { code, stderr } = pgsafe(["lint", changed, "--schema", "other.rb"], { cwd: other })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: other.rb: cannot start from the dump that --schema names: this is no dump that Rails has written, which is called db/schema.rb\n" })
  })

  it("is not needed where there is a history", () => {
    const cwd = folder({
      "db/migrations/V1__a.sql": "CREATE TABLE orders (id bigint, region varchar(90));\n",
      "db/migrations/V9__narrower.sql": WIDER,
      "db/structure.sql": DUMP,
    })
    expect(lint(cwd, "db/migrations/V9__narrower.sql")).toEqual(["db/migrations/V9__narrower.sql type-change-blocks-queries"])
    expect(lint(cwd, "db/migrations/V9__narrower.sql", "--schema", "db/structure.sql")).toEqual([])
  })

  it("may be newer than the migration: what the migration makes is new all the same", () => {
    const sql = "CREATE TABLE orders (id bigint, region varchar(50));\nCREATE INDEX orders_region ON orders (region);\n"
    const cwd = folder({ "db/migrations/V1__a.sql": sql, "db/structure.sql": `${DUMP}CREATE INDEX orders_region ON public.orders (region);\n` })
    expect(lint(cwd, "db/migrations/V1__a.sql", "--transaction")).toEqual([])
  })

  it("may be newer than the migration: names in it may have been those of other tables", () => {
    const dump = `-- PostgreSQL database dump
CREATE TABLE public.raw_orders (id bigint CONSTRAINT orders_key PRIMARY KEY, note text CONSTRAINT orders_notes UNIQUE);
CREATE INDEX orders_note ON public.raw_orders (note);
`
    const files = {
      "db/migrations/V1__a.sql": "CREATE TABLE IF NOT EXISTS orders (id bigint, note text, CONSTRAINT orders_key PRIMARY KEY (id));\nCREATE INDEX orders_note ON orders (note);\n",
      "db/migrations/V2__b.sql": "CREATE TABLE notes (note text);\nALTER TABLE notes ADD CONSTRAINT orders_notes UNIQUE (note);\nCREATE INDEX notes_note ON notes (note);\n",
      "db/migrations/V3__c.sql": "ALTER TABLE orders RENAME TO raw_orders;\n",
      "db/structure.sql": dump,
    }
    const selected = ["--transaction", "--select", "statement-fails,index-creation-blocks-writes"]
    expect(lint(folder(files), "db/migrations", ...selected)).toEqual([])
    expect(lint(folder(files), "db/migrations", "--schema", "db/structure.sql", ...selected)).toEqual([])
  })

  it("may be newer than the migration: what it lacks, or has become, fails nothing", () => {
    const files = {
      "db/migrations/V1__a.sql": "SET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN placed SET DEFAULT now();\nCOMMENT ON COLUMN orders.gone IS 'x';\n",
      "db/structure.sql": "-- PostgreSQL database dump\nCREATE TABLE public.orders (id bigint, placed timestamptz GENERATED ALWAYS AS (NULL) STORED);\n",
    }
    expect(lint(folder(files), "db/migrations/V1__a.sql")).toEqual([])
    // One that was asked for is the schema before the migration.
    expect(lint(folder(files), "db/migrations/V1__a.sql", "--schema", "db/structure.sql")).toEqual([
      "db/migrations/V1__a.sql statement-fails",
      "db/migrations/V1__a.sql statement-fails",
    ])
  })

  it("may be newer than the migration: what is of another kind in it, or has namesakes, fails nothing", () => {
    const files = {
      "db/migrations/V1__a.sql": "DROP FUNCTION IF EXISTS total;\nDROP DOMAIN mood;\n",
      "db/structure.sql": `-- PostgreSQL database dump
CREATE FUNCTION public.total(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.total(a text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE public.mood AS ENUM ('calm');
`,
    }
    const fails = (...args: readonly string[]): string[] => lint(folder(files), "db/migrations/V1__a.sql", "--select", "statement-fails", ...args)
    expect(fails()).toEqual([])
    expect(fails("--schema", "db/structure.sql")).toEqual(["db/migrations/V1__a.sql statement-fails", "db/migrations/V1__a.sql statement-fails"])
  })

  it("may begin with dropping what it makes", () => {
    const cleaning = "DROP VIEW IF EXISTS public.regions;\nALTER TABLE IF EXISTS ONLY public.orders DROP CONSTRAINT IF EXISTS orders_pkey;\nDROP TABLE IF EXISTS public.orders;\nCREATE TABLE"
    const dump = `${DUMP}CREATE VIEW public.regions AS SELECT region FROM public.orders;\n`.replace("CREATE TABLE", cleaning)
    expect(lint(folder({ "V9__wider.sql": WIDER, "dump.sql": dump }), "V9__wider.sql", "--schema", "dump.sql")).toEqual(["V9__wider.sql statement-fails"])
  })

  it("has to be there when it is asked for", () => {
    const { code, stderr } = pgsafe(["lint", "V1.sql", "--schema", "none.sql"], { cwd: folder({ "V1.sql": "SELECT 1;\n" }) })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: none.sql: cannot start from the dump that --schema names: cannot read the file: there is no such file\n" })
    expect(pgsafe(["lint", "V1.sql", "--schema", "V1.sql/none.sql"], { cwd: folder({ "V1.sql": "SELECT 1;\n" }) }).stderr).toContain("cannot read the file: a folder of its path is a file\n")
    const configured = folder({ "V1.sql": "SELECT 1;\n", "pgsafe.config.json": '{ "schema": "none.sql" }' })
    expect(pgsafe(["lint", "V1.sql"], { cwd: configured }).stderr).toContain('none.sql: cannot start from the dump that "schema" in pgsafe.config.json names: cannot read')
    expect(pgsafe(["lint", "a", "b", "--schema", "none.sql"], { cwd: folder({ "a/V1__a.sql": "SELECT 1;\n", "b/1_b.up.sql": "SELECT 1;\n" }) }).stdout).toContain("; 1 path not read")
  })

  it("may have statements that cannot be read: in every run it says which, and uses the others", () => {
    const cwd = folder({ "V9__wider.sql": WIDER, "dump.sql": `${DUMP}CREATE TABEL public.items (id int);\n`, "long.sql": `${DUMP}${"CREATE TABEL a ();\n".repeat(7)}${"-- long\n".repeat(9000)}` })
    const run = (path: string): unknown => {
      const { code, stdout, stderr } = pgsafe(["lint", "V9__wider.sql", "--schema", path, "--cache-location", "kept"], { cwd })
      return { code, stdout, stderr }
    }
    const rest = 'syntax error at or near "TABEL"; this statement of the dump is passed over, and what it makes is not known'
    expect(run("dump.sql")).toEqual({ code: 0, stdout: "no findings in 2 statements in 1 file\n", stderr: `pgsafe: dump.sql:12:8: ${rest}\n` })
    const lines = [12, 13, 14, 15, 16].map((line) => `pgsafe: long.sql:${String(line)}:8: ${rest}${line === 16 ? "; so are 2 more" : ""}\n`)
    for (const again of [run("long.sql"), run("long.sql")]) expect(again).toEqual({ code: 0, stdout: "no findings in 2 statements in 1 file\n", stderr: lines.join("") })
  })

  it("has to have a statement that can be read when it is asked for", () => {
    const { code, stderr } = pgsafe(["lint", "V1.sql", "--schema", "notes.md"], { cwd: folder({ "V1.sql": "SELECT 1;\n", "notes.md": "No dump.\n" }) })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^pgsafe: notes.md:1:1: cannot start from the dump that --schema names, of which nothing can be read: syntax error at or near "No"/)
  })
})
