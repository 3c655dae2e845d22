import { execFileSync, spawn, spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { LintResult } from "../../src/index.ts"
import { CLI, folder, pgsafe, plainEnvironment } from "./pgsafe.ts"

const SAFE = "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
const ERROR = "SET lock_timeout = '5s';\nVACUUM FULL orders;\n"
const WARNING = "SET lock_timeout = '5s';\nDROP INDEX orders_region;\n"

function json(args: readonly string[], situation: Parameters<typeof pgsafe>[1] = {}): LintResult {
  // The form of the result has a test of its own.
  return JSON.parse(pgsafe(["lint", "--format", "json", ...args], situation).stdout) as LintResult
}

describe("exit codes", () => {
  it("is 0 without findings", () => {
    const { code, stdout, stderr } = pgsafe(["lint", "."], { cwd: folder({ "a.sql": SAFE }) })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "no findings in 1 statement in 1 file\n", stderr: "" })
  })

  it("is 1 with an error", () => {
    expect(pgsafe(["lint", "."], { cwd: folder({ "a.sql": ERROR }) }).code).toBe(1)
  })

  it("is 0 with warnings alone, and 1 when there are more than --max-warnings", () => {
    const cwd = folder({ "a.sql": WARNING })
    expect(pgsafe(["lint", "."], { cwd }).code).toBe(0)
    expect(pgsafe(["lint", "--max-warnings", "1", "."], { cwd }).code).toBe(0)
    expect(pgsafe(["lint", "--max-warnings", "0", "."], { cwd }).code).toBe(1)
  })

  it("is what Supabase's settings say, where they agree and nobody else says one", () => {
    const view = "CREATE VIEW v WITH (security_invoker = on) AS SELECT 1;"
    const files = { "a/supabase/config.toml": "[db]\n# major_version = 14\nmajor_version = 17\n", "a/supabase/migrations/20240101000000_a.sql": view }
    const major = (others: Readonly<Record<string, string>>, options: readonly string[] = []): unknown => {
      const { stdout, stderr } = pgsafe(["lint", "--format", "json", ...options], { cwd: folder({ ...files, ...others }) })
      const { pgVersion, findings } = JSON.parse(stdout) as { pgVersion: number; findings: { rule: string }[] }
      return [pgVersion, findings.map(({ rule }) => rule).filter((rule) => rule === "statement-fails").length, stderr.includes("which is assumed")]
    }
    expect(major({})).toEqual([17, 0, false])
    expect(major({}, ["--pg-version", "16"])).toEqual([16, 0, false])
    expect(major({ "pgsafe.config.json": '{ "pgVersion": 13 }' })).toEqual([13, 1, false])
    const other = { "b/supabase/migrations/20240101000000_a.sql": view }
    expect(major({ ...other, "b/supabase/config.toml": "major_version = 17\n" })).toEqual([17, 0, false])
    expect(major({ ...other, "b/supabase/config.toml": "major_version = 15\n" })).toEqual([14, 2, true])
    expect(major({ "a/supabase/config.toml": "major_version = 99\n" })).toEqual([14, 1, true])
  })

  it("is the same for pgsafe schema", () => {
    const cwd = folder({ "supabase/config.toml": "major_version = 18\n", "supabase/migrations/20240101000000_a.sql": "CREATE TABLE t (a integer CONSTRAINT a_there NOT NULL);\n" })
    // Such constraints have names since 18.
    expect(pgsafe(["schema"], { cwd }).stdout).toContain("a_there")
    expect(pgsafe(["schema", "--pg-version", "14"], { cwd }).stdout).not.toContain("a_there")
  })

  it("comes with a hint when statements need another PostgreSQL than the one that is assumed", () => {
    const cwd = folder({ "a.sql": "ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b + 1);\n", "b.sql": "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DO NOTHING;\n" })
    const hint = (count: string): string => `pgsafe: ${count} another PostgreSQL than 14, which is assumed; --pg-version, or pgVersion in the configuration, tells the one that you have\n`
    expect(pgsafe(["lint", "."], { cwd })).toMatchObject({ code: 0, stderr: hint("2 statements need") })
    expect(pgsafe(["lint", "b.sql"], { cwd })).toMatchObject({ code: 0, stderr: hint("1 statement needs") })
    const said = (options: readonly string[]): unknown => (JSON.parse(pgsafe(["lint", "--format", "json", "b.sql", ...options], { cwd }).stdout) as { findings: { severity: string; message: string }[] }).findings.map(({ severity, message }) => [severity, message])
    expect(said([])).toEqual([["warning", "this is not possible on PostgreSQL 14, which is assumed: MERGE came with PostgreSQL 15"]])
    expect(said(["--pg-version", "14"])).toEqual([["error", "this is not possible on PostgreSQL 14: MERGE came with PostgreSQL 15"]])
    expect(pgsafe(["lint", "--pg-version", "14", "."], { cwd })).toMatchObject({ code: 1, stderr: "" })
    writeFileSync(join(cwd, "pgsafe.config.json"), '{ "pgVersion": 14 }')
    expect(pgsafe(["lint", "."], { cwd })).toMatchObject({ code: 1, stderr: "" })
  })

  it("is 1 with a syntax error, which does not hide the rest of its file", () => {
    const { findings, errors } = json(["a.sql"], { cwd: folder({ "a.sql": `CREATE TABEL x ();\n${ERROR}` }) })
    expect(findings.map(({ rule, line, column }) => [rule, line, column])).toEqual([
      ["syntax-error", 1, 8],
      ["vacuum-full-rewrites-table", 3, 13],
    ])
    expect(errors).toEqual([])
  })

  it.each([
    ["a missing path", ["missing.sql"], "missing.sql: there is no such file or folder"],
    ["a pattern without files", ["db/*.sql"], "db/*.sql: no .sql file and no code matches this pattern"],
    ["a folder without SQL", ["empty"], "empty: there is no .sql file and no migration in code in this folder"],
    ["invalid UTF-8", ["latin1.sql"], "latin1.sql:2:4: the file is not valid UTF-8: unexpected byte 0xE9"],
    ["UTF-16", ["utf16.sql"], "utf16.sql:1:1: the file is encoded in UTF-16; save it as UTF-8"],
    ["a NUL byte", ["nul.sql"], "nul.sql:1:8: the file contains a NUL byte, which PostgreSQL does not allow in SQL"],
  ])("is 2 with %s, and the other files are linted all the same", (_, paths, message) => {
    const cwd = folder({
      "a.sql": ERROR,
      "latin1.sql": Buffer.from("SELECT 1;\n-- \u00e9\n", "latin1"),
      "utf16.sql": Buffer.from("\ufeffSELECT 1;\n", "utf16le"),
      "nul.sql": "SELECT \0 1;\n",
    })
    mkdirSync(join(cwd, "empty"))
    const { code, stdout, stderr } = pgsafe(["lint", ...paths, "a.sql"], { cwd })
    expect(code).toBe(2)
    expect(stderr).toBe(`pgsafe: ${message}\n`)
    expect(stdout).toContain("error[vacuum-full-rewrites-table]")
    expect(stdout).toContain("\n1 error in 2 statements in 1 file; 1 path not read\n")
    const place = /^(\S+?)(?::(\d+):(\d+))?: (.*)$/.exec(message)
    expect(json([...paths, "a.sql"], { cwd }).errors).toEqual([
      { file: place?.[1], message: place?.[4], ...(place?.[2] !== undefined && { line: Number(place[2]), column: Number(place[3]) }) },
    ])
  })

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("is 2 with a file that may not be read", () => {
    const cwd = folder({ "a.sql": ERROR, "b.sql": SAFE })
    chmodSync(join(cwd, "b.sql"), 0)
    const { code, stdout, stderr } = pgsafe(["lint", "."], { cwd })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: b.sql: cannot read the file: permission denied\n" })
    expect(stdout).toContain("error[vacuum-full-rewrites-table]")
  })
})

describe("what is linted", () => {
  it("finds the usual folders by itself and says which", () => {
    const cwd = folder({ "db/migrations/1.sql": ERROR, "notes/2.sql": ERROR })
    const { stdout, stderr } = pgsafe(["lint"], { cwd })
    expect(stderr).toBe("pgsafe: linting db/migrations\n")
    expect(stdout).toContain("1 error in 2 statements in 1 file\n")
  })

  it("asks for paths when there is no usual folder", () => {
    const { code, stdout, stderr } = pgsafe(["lint"], { cwd: folder({ "notes/2.sql": ERROR }) })
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toBe("pgsafe: no migrations found in the usual folders; name the files or folders to lint, as in: pgsafe lint db/migrations\n")
  })

  it("takes files, folders and patterns, each file once", () => {
    const cwd = folder({ "a.sql": SAFE, "b/c.sql": SAFE, "b/d/e.sql": SAFE, "b/readme.md": "" })
    expect(json(["a.sql", "./a.sql", "b", "b/**/*.sql"], { cwd }).summary).toMatchObject({ files: 3, statements: 3 })
  })

  it("says why none of the files is linted, once", () => {
    const cwd = folder({
      "m/1_a.down.sql": "DROP TABLE a;",
      "u/1_a.up.sql": "DROP TABLE a;",
      "q/orders.sql": "-- name: GetOrder :one\nSELECT 1;",
      "s/001_shop.rb": "class Shop\nend",
      "d/schema.sql": "-- PostgreSQL database dump",
    })
    const told = (...args: string[]): string => {
      const { code, stdout, stderr } = pgsafe(["lint", ...args], { cwd })
      expect({ code, stdout }).toEqual({ code: 0, stdout: "no findings in 0 statements in 0 files\n" })
      return stderr
    }
    expect(told("m")).toBe("pgsafe: none of these files is an up migration; --direction down lints them\n")
    expect(told("u", "--direction", "down")).toBe("pgsafe: none of these files is a down migration; --direction up lints them\n")
    expect(told("q")).toBe("pgsafe: not linted, because an application runs its statements by name: q/orders.sql\n")
    expect(told("s/001_shop.rb")).toBe("pgsafe: not linted, because it is code of no migration tool that pgsafe knows: s/001_shop.rb\n")
    expect(told("-", "--stdin-filename", "s/001_shop.rb")).toBe("pgsafe: not linted, because it is code of no migration tool that pgsafe knows: s/001_shop.rb\n")
    expect(told("s")).toBe("pgsafe: none of these files is a migration that pgsafe lints; --verbose says why\n")
    expect(told("s", "--verbose")).toBe("pgsafe: s/001_shop.rb: not linted, it is no migration of a tool that pgsafe knows\n")
    expect(told("d")).toBe("pgsafe: none of these files is a migration that pgsafe lints; --verbose says why\n")
    expect(told("d/schema.sql", "--verbose").split("\n").slice(-2)).toEqual(["pgsafe: d/schema.sql: not linted, it is a dump of a schema", ""])
  })

  it("passes over files that hold no SQL by their names, as a shell makes them of migrations/*", () => {
    const cwd = folder({ "m/1_a.sql": ERROR, "m/README.md": "# How we migrate", "m/sizes.csv": "a,b", "m/lock.toml": "provider = 1", "m/plain": "SELECT 1;" })
    const { code, stdout, stderr } = pgsafe(["lint", "--format", "json", "m/1_a.sql", "m/README.md", "m/sizes.csv", "m/lock.toml", "m/plain"], { cwd })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ errors: [], summary: { files: 2, errors: 1 } })
    expect(stderr).toBe("pgsafe: not linted, because their names say that they hold no SQL: m/README.md, m/sizes.csv, m/lock.toml\n")
    expect(pgsafe(["lint", "m/README.md"], { cwd }).stderr).toBe("pgsafe: not linted, because its name says that it holds no SQL: m/README.md\npgsafe: none of these files holds SQL\n")
    expect(pgsafe(["lint", "m/README.md"], { cwd })).toMatchObject({ code: 0, stderr: expect.stringContaining("none of these files holds SQL") as string })
  })

  it("reads Liquibase's changelogs with what they include, in the usual folders and by name", () => {
    const changeSet = (id: number, body: string): string => `<changeSet id="${String(id)}" author="t">${body}</changeSet>`
    const cwd = folder({
      "db/changelog/all.xml": '<databaseChangeLog><include file="z.xml" relativeToChangelogFile="true"/><include file="db/changelog/a.yaml"/></databaseChangeLog>',
      "db/changelog/z.xml": `<databaseChangeLog>${changeSet(1, "<sql>CREATE TABLE orders (id bigint PRIMARY KEY, code text)</sql>")}</databaseChangeLog>`,
      "db/changelog/a.yaml": "databaseChangeLog:\n- changeSet:\n    id: 2\n    changes:\n    - dropColumn:\n        tableName: orders\n        columnName: code\n    - customChange: { class: org.shop.Fill }\n",
      "db/changelog/other.xml": "<x/>",
    })
    for (const paths of [[], ["."], ["db/changelog/all.xml"], ["db/**"]]) {
      const { code, stdout, stderr } = pgsafe(["lint", ...paths, "--select", "column-drop-breaks-code", "--format", "json"], { cwd })
      const { findings, summary } = JSON.parse(stdout) as LintResult
      expect({ code, files: summary.files, found: findings.map(({ file, line, column, rule }) => `${file}:${String(line)}:${String(column)} ${rule}`) }).toEqual({ code: 1, files: 3, found: ["db/changelog/a.yaml:5:7 column-drop-breaks-code"] })
      expect(stderr).toContain("pgsafe: 1 call of the schema builder of Liquibase could not be read without running it\n")
    }
  })

  it("says which changelogs are damaged", () => {
    const { code, stderr } = pgsafe(["lint", "db"], { cwd: folder({ "db/a.xml": "<databaseChangeLog><changeSet></databaseChangeLog>", "db/b.yaml": "databaseChangeLog:\n- {\n" }) })
    expect({ code, lines: stderr.split("\n").filter((line) => line.includes("not valid")).length }).toEqual({ code: 2, lines: 2 })
  })

  it("reads the migrations of Doctrine, Laravel and Phinx, and says what it passes over", () => {
    const cwd = folder({
      "migrations/Version20240101120000.php": "<?php\nuse Doctrine\\Migrations\\AbstractMigration;\nfinal class Version20240101120000 extends AbstractMigration {\n  function up($schema) {\n    $schema->getTable('orders')->dropColumn('b');\n    $this->addSql('ALTER TABLE orders DROP a');\n  }\n}\n",
      "migrations/Version20240102120000.php": "<?php\n\nfinal class Version20240102120000 {}\n",
      "database/migrations/2024_01_01_000000_a.php": "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nreturn new class extends Migration {\n  function up() {\n    // pgsafe-ignore column-drop-breaks-code -- unused\n    DB::statement('ALTER TABLE orders DROP a');\n  }\n};\n",
      "db/migrations/20240101120000_orders.php": "<?php\nuse Phinx\\Migration\\AbstractMigration;\nfinal class Orders extends AbstractMigration {\n  function up() {\n    $this->execute('ALTER TABLE orders DROP a');\n  }\n}\n",
    })
    const { code, stdout, stderr } = pgsafe(["lint", "--select", "column-drop-breaks-code", "--format", "json"], { cwd })
    const { findings } = JSON.parse(stdout) as { findings: { file: string; line: number; column: number }[] }
    expect({ code, found: findings.map(({ file, line, column }) => `${file}:${String(line)}:${String(column)}`) }).toEqual({
      code: 1,
      found: ["db/migrations/20240101120000_orders.php:5:40", "migrations/Version20240101120000.php:6:39"],
    })
    expect(stderr).toContain("pgsafe: 1 call of the schema builder of Doctrine passed over; only raw SQL is read; to lint them: php bin/console doctrine:migrations:migrate --write-sql=pending.sql, and then pgsafe lint pending.sql\n")
  })

  it("is content with a folder that the configuration ignores", () => {
    const cwd = folder({ "pgsafe.config.json": '{ "ignore": ["old"] }', "old/m/1.sql": ERROR, "all/old/1.sql": ERROR })
    for (const path of ["old", "old/m", "all", "all/old/*.sql"]) {
      expect(pgsafe(["lint", path], { cwd })).toMatchObject({ code: 0, stderr: "pgsafe: the configuration ignores all of these files\n" })
    }
  })

  it("says which files hold queries that an application runs by name", () => {
    const sql = "-- name: DropOrders :exec\nDROP TABLE orders;\n-- name: Region :one\nSELECT region FROM orders WHERE id = :id AND;\n"
    const { code, stdout, stderr } = pgsafe(["lint", "db"], { cwd: folder({ "db/queries/orders.sql": sql, "db/reset.sql": "SELECT 1;\n" }) })
    expect(code).toBe(0)
    expect(stdout).toBe("no findings in 1 statement in 1 file\n")
    expect(stderr).toBe("pgsafe: not linted, because an application runs its statements by name: db/queries/orders.sql\n")
  })

  it("says which files are the SQL of another database", () => {
    const mysql = "CREATE TABLE `orders` (id int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;\n"
    const cwd = folder({ "m/1_a.sql": mysql, "m/2_b.sql": mysql })
    const { code, stderr } = pgsafe(["lint", "m"], { cwd })
    expect(code).toBe(0)
    expect(stderr).toBe("pgsafe: not linted, because it is the SQL of another database: m/1_a.sql, m/2_b.sql\n")
  })

  it("reads one file of each for PostgreSQL, in the order of numbered folders, and says which it leaves", () => {
    const cwd = folder({
      "m/2/01_a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      "m/2/02_b.sql.sqlite": "SELECT 1;",
      "m/10/01_a.sql.postgres": "ALTER TABLE orders ALTER id SET NOT NULL;\nDROP TABLE orders;",
      "m/10/01_a.sql.sqlite": "DROP TABLE orders;",
    })
    const { stdout, stderr } = pgsafe(["lint", "--format", "json", "--select", "not-null-scans-table,table-drop-loses-data", "m"], { cwd })
    expect(stderr).toBe("pgsafe: not linted, because they are for another database: m/2/02_b.sql.sqlite, m/10/01_a.sql.sqlite\n")
    // The key of the first folder's table makes SET NOT NULL harmless.
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; file: string }[] }
    expect(findings.map(({ rule, file }) => [rule, file])).toEqual([["table-drop-loses-data", "m/10/01_a.sql.postgres"]])
  })

  it("says once of all folders what is for another database, and no more", () => {
    const cwd = folder({ "a/crdb/1_a.sql": "SELECT 1;", "b/crdb/1_a.sql": "SELECT 1;" })
    expect(pgsafe(["lint", "."], { cwd })).toMatchObject({ code: 0, stderr: "pgsafe: not linted, because they are for another database: a/crdb/1_a.sql, b/crdb/1_a.sql\n" })
  })

  it("says which migrations Drizzle's journal does not list", () => {
    const journal = '{ "dialect": "postgresql", "entries": [{ "tag": "0000_a" }] }'
    const cwd = folder({ "drizzle/meta/_journal.json": journal, "drizzle/0000_a.sql": SAFE, "drizzle/0001_b.sql": ERROR })
    const { code, stdout, stderr } = pgsafe(["lint", "drizzle"], { cwd })
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "no findings in 1 statement in 1 file\n",
      stderr: "pgsafe: drizzle/0001_b.sql: not linted, the list that the tool keeps of its migrations does not have it, so that it does not run\n",
    })
  })

  it("refuses a name for standard input that is not linted", () => {
    const { code, stderr } = pgsafe(["lint", "a.sql", "--stdin-filename", "b.sql"], { cwd: folder({ "a.sql": SAFE }), input: ERROR })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: --stdin-filename gives a name to standard input, which is linted only when - is among the paths\n" })
  })

  it("says which option got nothing, as from an unset variable of a script", () => {
    for (const option of ["--stdin-filename", "--since", "--config", "--schema", "--stats", "--cache-location"]) {
      expect(pgsafe(["lint", "-", option, ""], { input: SAFE })).toMatchObject({ code: 2, stdout: "", stderr: `pgsafe: ${option} is empty\n` })
    }
  })

  it.skipIf(process.platform === "win32")("says when standard input is a folder", () => {
    const cwd = folder({ "a.sql": SAFE })
    const { status, stderr } = spawnSync("bash", ["-c", 'exec "$0" "$1" lint - < .', process.execPath, CLI], { cwd, encoding: "utf8", env: plainEnvironment({}) })
    expect({ status, stderr }).toEqual({ status: 2, stderr: "pgsafe: cannot read standard input: it is a directory\n" })
  })

  it.skipIf(process.platform === "win32")("does not wait for a named pipe that lies beside the migrations, and reads one that is named", () => {
    const cwd = folder({ "m/V3__a.sql": "SELECT 1;\n" })
    execFileSync("mkfifo", [join(cwd, "m/V2__pipe.sql")])
    expect(pgsafe(["lint", "m/V3__a.sql"], { cwd }).stdout).toBe("no findings in 1 statement in 1 file\n")
    expect(pgsafe(["lint", "m"], { cwd }).stdout).toBe("no findings in 1 statement in 1 file\n")
    const writer = spawn("bash", ["-c", "echo 'SELECT 1;' > m/V2__pipe.sql"], { cwd, stdio: "ignore" })
    expect(pgsafe(["lint", "m/V2__pipe.sql"], { cwd }).stdout).toBe("no findings in 1 statement in 1 file\n")
    writer.kill()
  })

  it("reads standard input as -, or under the name of --stdin-filename", () => {
    expect(json(["-"], { input: ERROR }).findings).toMatchObject([{ file: "<stdin>", line: 2, column: 13 }])
    expect(json(["--stdin-filename", "db/1_a.sql"], { input: ERROR }).findings).toMatchObject([{ file: "db/1_a.sql" }])
    const { code, stderr } = pgsafe(["lint", "-"], { input: Buffer.from([0xff, 0x3b]) })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: <stdin>:1:1: the file is not valid UTF-8: unexpected byte 0xFF\n" })
  })

  it("recognizes the tool by what standard input holds, under the name that it is given", () => {
    const goose = "-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE orders;\n"
    expect(json(["-", "--stdin-filename", "migrations/00002_a.sql"], { cwd: folder({}), input: goose }).findings).toEqual([])
    const rails = "class IndexOrders < ActiveRecord::Migration[7.1]\n  def change\n    add_index :orders, :region\n  end\nend\n"
    const file = "db/migrate/20240102030405_index_orders.rb"
    expect(json(["-", "--stdin-filename", file], { cwd: folder({}), input: rails }).findings).toMatchObject([{ rule: "index-creation-blocks-writes", file, line: 3 }])
    // What the disk has under that name does not count.
    expect(json(["-", "--stdin-filename", file], { cwd: folder({ [file]: "class Shop\nend\n" }), input: rails }).findings).toHaveLength(1)
  })

  it("gives the same output for many files, which are parsed on threads, as for one by one", () => {
    const names = Array.from({ length: 450 }, (_, index) => `${String(index).padStart(3, "0")}.sql`)
    const cwd = folder(Object.fromEntries(names.map((name, index) => [name, index % 50 === 0 ? ERROR : SAFE])))
    const all = json(["."], { cwd })
    expect(all.summary).toMatchObject({ files: 450, statements: 459, errors: 9 })
    expect(all.findings.map(({ file }) => file)).toEqual(names.filter((_, index) => index % 50 === 0))
    expect(pgsafe(["lint", "."], { cwd }).stdout).toBe(pgsafe(["lint", "."], { cwd }).stdout)
  })
})

describe("options", () => {
  it("selects and ignores rules and presets", () => {
    const cwd = folder({ "a.sql": ERROR + WARNING })
    const found = (...args: string[]): string[] => json([...args, "."], { cwd }).findings.map(({ rule }) => rule)
    expect(found()).toEqual(["vacuum-full-rewrites-table", "index-drop-blocks-queries"])
    expect(found("--select", "index-drop-blocks-queries")).toEqual(["index-drop-blocks-queries"])
    expect(found("--ignore", "index-drop-blocks-queries")).toEqual(["vacuum-full-rewrites-table"])
    expect(found("--ignore", "all")).toEqual([])
    // A second one adds to the first.
    expect(found("--select", "vacuum-full-rewrites-table", "--select", "index-drop-blocks-queries")).toEqual(["vacuum-full-rewrites-table", "index-drop-blocks-queries"])
    expect(found("--ignore", "vacuum-full-rewrites-table", "--ignore", "index-drop-blocks-queries")).toEqual([])
  })

  it("shows no warnings under --quiet, and counts them", () => {
    const cwd = folder({ "a.sql": ERROR + WARNING })
    const { stdout } = pgsafe(["lint", "--quiet", "."], { cwd })
    expect(stdout).not.toContain("warning[")
    expect(stdout).toContain("1 error and 1 warning (not shown) in 4 statements in 1 file\n")
  })

  it("assumes the PostgreSQL major of --pg-version", () => {
    const cwd = folder({ "a.sql": "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN region text DEFAULT 'eu';\n" })
    expect(json(["."], { cwd }).findings).toEqual([])
    expect(json(["--pg-version", "11.4", "."], { cwd })).toMatchObject({ pgVersion: 11, findings: [] })
    expect(json(["--pg-version", "18", "."], { cwd }).pgVersion).toBe(18)
  })

  it("takes the user's word for the transaction", () => {
    const cwd = folder({ "a.sql": "CREATE INDEX CONCURRENTLY orders_region ON orders (region);\n" })
    expect(json(["--transaction", "."], { cwd }).findings.map(({ rule }) => rule)).toEqual(["forbidden-in-transaction"])
    expect(json(["--no-transaction", "."], { cwd }).findings).toEqual([])
  })

  it("takes unqualified names for those of the search_path that the tool's files or the user tell", () => {
    const sql = (table: string): string => `SET lock_timeout = '5s';\nALTER TABLE ${table} ALTER COLUMN region TYPE varchar(80);\n`
    const cwd = folder({
      "flyway.conf": "flyway.schemas=app\n",
      "V1__a.sql": "CREATE TABLE orders (id bigint, region varchar(50));\nCREATE TABLE public.orders (id bigint, region text);\n",
      "V2__b.sql": sql("orders"),
      "V3__c.sql": sql("app.orders"),
      "V4__d.sql": sql("public.orders"),
    })
    const found = (...args: readonly string[]): string[] => json([...args, "V2__b.sql", "V3__c.sql", "V4__d.sql"], { cwd }).findings.map(({ file, rule }) => `${file} ${rule}`)
    expect(found()).toEqual(["V4__d.sql type-change-blocks-queries"])
    expect(found("--search-path", "public,app")).toContain("V2__b.sql type-change-blocks-queries")
    expect(pgsafe(["lint", "--verbose", "V2__b.sql"], { cwd }).stderr).toContain("pgsafe: .: sessions begin with search_path app, ... -- flyway.conf:1\n")
    expect(pgsafe(["lint", "--search-path", ",", "."], { cwd }).stderr).toContain("It must name a schema.")
  })

  it("says under --verbose which tool runs the files", () => {
    const cwd = folder({ "1_a.sql": `-- +goose Up\n${SAFE}` })
    expect(pgsafe(["lint", "--verbose", "."], { cwd }).stderr).toBe(
      "pgsafe: .: goose, recognized by a line in 1_a.sql; goose runs each migration in a transaction of its own\n",
    )
  })

  it.each([
    [["lint", "--formt", "json"], "unknown option '--formt'\n(Did you mean --format?)"],
    [["lint", "--format", "jsn"], `option '-f, --format <format>' argument 'jsn' is invalid. Did you mean "json"?`],
    [["lint", "--format", "xml"], "option '-f, --format <format>' argument 'xml' is invalid. It must be one of pretty, json, github, sarif."],
    [["lint", "--pg-version", "9.6"], "option '--pg-version <major>' argument '9.6' is invalid. It must be a PostgreSQL major from 11 to 18."],
    [["lint", "--max-warnings", "few"], "option '--max-warnings <count>' argument 'few' is invalid. It must be a whole number, 0 or more."],
    [["lint", "--select", "vacum-full-rewrites-table"], 'unknown rule "vacum-full-rewrites-table" (did you mean "vacuum-full-rewrites-table"?); pgsafe rules lists them, and the presets are recommended, strict, style, all\n'],
    [["lint", "--select", " "], "--select names no rule\n"],
    [["help", "lnt"], 'unknown command "lnt" (did you mean "lint"?)'],
    [["lnt"], 'unknown command "lnt" (did you mean "lint"?)'],
    [["migrations/"], 'unknown command "migrations/"; to lint it: pgsafe lint migrations/'],
    [["frobnicate"], 'unknown command "frobnicate"; the commands are lint, '],
    [["explain", "vacuum-full"], 'unknown rule "vacuum-full" (did you mean "vacuum-full-rewrites-table"?); pgsafe rules lists them'],
    [["explain", "frobnicate"], 'unknown rule "frobnicate"; pgsafe rules lists them'],
    [["explain"], "missing required argument 'rule'"],
    [["lint", "--framework", "flway"], 'unknown framework "flway" (did you mean "flyway"?)'],
    [["lint", "--schema", "a.sql", "--schema", "b.sql"], '--schema is given twice, with "a.sql" and "b.sql"; it takes one value\n'],
    [["lint", "--transaction", "--no-transaction"], "--transaction and --no-transaction say the opposite of each other; give one of them\n"],
    [["lint", "--no-transaction", "a.sql", "--transaction"], "--transaction and --no-transaction say the opposite of each other; give one of them\n"],
    [["--verbose", "a.sql"], "unknown option '--verbose'; it is one of pgsafe lint\n"],
    [["--json"], "unknown option '--json'; it is one of pgsafe schema\n"],
    [["lint", "--since", "a", "--since=b"], '--since is given twice, with "a" and "b"; it takes one value\n'],
    [["schema", "--schema", "a.sql", "--schema", "b.sql"], "--schema is given twice"],
    [["locks", "SELECT 1", "--schema", "a.sql", "--schema", "b.sql"], "--schema is given twice"],
    [["explain", "vacuum-full-rewrites-table", "lock-timeout-missing"], "too many arguments for 'explain'. Expected 1 argument but got 2"],
    [["stats", "orders"], "too many arguments for 'stats'. Expected 0 arguments but got 1"],
    [["rules", "vacuum"], "too many arguments for 'rules'. Expected 0 arguments but got 1"],
    [["lint", "--config", "none.json"], "the configuration file none.json does not exist"],
  ])("refuses %j", (args, message) => {
    const { code, stdout, stderr } = pgsafe(args, { cwd: folder({}) })
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr.startsWith(`pgsafe: ${message}`)).toBe(true)
  })
})

describe("paths that are easily mistaken", () => {
  it("are said to be empty, or files with the look of options", () => {
    const cwd = folder({ "-x.sql": SAFE, "a.sql": SAFE })
    const lint = (...args: readonly string[]): unknown => {
      const { code, stderr } = pgsafe(["lint", ...args], { cwd })
      return { code, stderr }
    }
    expect(lint("", "a.sql")).toEqual({ code: 2, stderr: 'pgsafe: "": the path is empty; the current folder is .\n' })
    expect(lint("-x.sql")).toEqual({ code: 2, stderr: "pgsafe: unknown option '-x.sql'; the file of that name is ./-x.sql\n" })
    expect(lint("./-x.sql")).toEqual({ code: 0, stderr: "" })
    expect(lint("--", "-x.sql")).toEqual({ code: 0, stderr: "" })
  })

  it("are links that lead nowhere", () => {
    const cwd = folder({ "a.sql": SAFE })
    symlinkSync("gone.sql", join(cwd, "link.sql"))
    expect(pgsafe(["lint", "link.sql"], { cwd })).toMatchObject({ code: 2, stderr: "pgsafe: link.sql: the link leads nowhere\n" })
  })

  it("are usual folders that the configuration ignores", () => {
    const cwd = folder({ "db/migrations/1_a.sql": SAFE, "pgsafe.config.json": '{ "ignore": ["db"] }' })
    const nothing = "no migrations found in the usual folders that the configuration does not ignore; name the files or folders to lint, as in: pgsafe lint db/migrations"
    expect(pgsafe(["lint"], { cwd })).toMatchObject({ code: 2, stderr: `pgsafe: ${nothing}\n` })
  })

  it.skipIf(process.platform === "win32")("are those of a folder that was deleted meanwhile", () => {
    const cwd = folder({ "gone/a.sql": SAFE })
    const { status, stderr } = spawnSync("bash", ["-c", 'cd gone && rm a.sql && rmdir ../gone && "$NODE" "$CLI" lint a.sql'], { cwd, env: plainEnvironment({ NODE: process.execPath, CLI }), encoding: "utf8" })
    expect({ status, stderr }).toEqual({ status: 2, stderr: "pgsafe: the current folder does not exist any more\n" })
  })
})

describe("colour", () => {
  const coloured = (args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean =>
    pgsafe(["lint", ...args], { cwd: folder({ "a.sql": ERROR }), env }).stdout.includes("\u001b[")

  it("is left out of files and pipes", () => {
    expect(coloured(["a.sql"])).toBe(false)
    expect(coloured(["a.sql"], { CI: "true" })).toBe(false)
  })

  it("goes by the flag, then NO_COLOR, then FORCE_COLOR", () => {
    expect(coloured(["a.sql"], { FORCE_COLOR: "1" })).toBe(true)
    expect(coloured(["a.sql"], { FORCE_COLOR: "0" })).toBe(false)
    expect(coloured(["a.sql"], { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false)
    expect(coloured(["--color=always", "a.sql"], { NO_COLOR: "1" })).toBe(true)
    expect(coloured(["--color", "never", "a.sql"], { FORCE_COLOR: "1" })).toBe(false)
    expect(coloured(["--no-color", "a.sql"], { FORCE_COLOR: "1" })).toBe(false)
  })

  it("does not take a path for the value of --color", () => {
    expect(coloured(["--color", "a.sql"])).toBe(true)
  })
})

describe.skipIf(process.platform === "win32")("a closed pipe", () => {
  const shell = (command: string, cwd: string): { stdout: string; stderr: string } => {
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { cwd, env: plainEnvironment({ NODE: process.execPath, CLI }), encoding: "utf8" })
    return { stdout, stderr }
  }

  it("ends the run without a word", () => {
    const cwd = folder({ "a.sql": "VACUUM FULL orders;\n".repeat(2000) })
    expect(shell('"$NODE" "$CLI" lint a.sql | head -n 1 | cut -c 1-5', cwd)).toEqual({ stdout: "error\n", stderr: "" })
    expect(shell('"$NODE" "$CLI" lint a.sql | head -n 1 > first; echo "${PIPESTATUS[0]}"', cwd)).toEqual({ stdout: "1\n", stderr: "" })
    expect(shell('"$NODE" "$CLI" rules | true', cwd)).toEqual({ stdout: "", stderr: "" })
    expect(shell('"$NODE" "$CLI" --help | true', cwd)).toEqual({ stdout: "", stderr: "" })
  })

  it("on standard error loses only what was to be said there", () => {
    const cwd = folder({ "a.sql": ERROR })
    const { stdout } = shell('{ "$NODE" "$CLI" lint missing.sql a.sql 2>&1 1>&3 | true; } 3>&1; echo "${PIPESTATUS[0]}"', cwd)
    expect(stdout).toContain("error[vacuum-full-rewrites-table]")
  })
})

describe("a table that none of the migrations makes", () => {
  const OWN = ["a", "b", "c", "d", "e"].map((name) => `CREATE TABLE ${name} (id bigint PRIMARY KEY);\n`).join("")
  const MIGRATIONS = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "services/orders/migrations/1_tables.sql": OWN,
    "services/orders/migrations/2_users.sql": "SET lock_timeout = '5s';\nALTER TABLE users ADD COLUMN orders int;\n",
  }
  const rulesOf = (files: Readonly<Record<string, string>>): readonly string[] => json(["services/orders/migrations"], { cwd: folder(files) }).findings.map(({ rule }) => rule)

  it("is a mistake", () => {
    expect(rulesOf(MIGRATIONS)).toEqual(["statement-fails"])
  })

  it("is none where the migrations of another part of the repository make it", () => {
    expect(rulesOf({ ...MIGRATIONS, "services/users/migrations/1_users.sql": "CREATE TABLE users (id bigint PRIMARY KEY);\n" })).toEqual([])
  })
})

describe("a lock_timeout that the tool's files give to its sessions", () => {
  const FILES = {
    "db/migrate/20240101000000_a.rb": "class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :orders\n  end\nend\n",
    "db/migrate/20240102000000_b.rb": "class B < ActiveRecord::Migration[7.1]\n  def change\n    add_column :orders, :note, :text\n  end\nend\n",
  }
  const found = (files: Readonly<Record<string, string>>): string[] => json(["db"], { cwd: folder({ ...FILES, ...files }) }).findings.map(({ line, rule }) => `${String(line)} ${rule}`)
  const given = { "config/initializers/strong_migrations.rb": "StrongMigrations.lock_timeout = 10.seconds\n" }

  it("is not missing, unless a migration takes it away", () => {
    expect(found({})).toEqual(["3 lock-timeout-missing"])
    expect(found(given)).toEqual([])
    expect(found({ ...given, "db/migrate/20240103000000_c.rb": 'class C < ActiveRecord::Migration[7.1]\n  def change\n    execute "SET lock_timeout = 0"\n    execute "ALTER TABLE orders ADD COLUMN x int"\n  end\nend\n' })).toEqual(["4 lock-timeout-missing"])
  })

  it("is named by --verbose", () => {
    expect(pgsafe(["lint", "--verbose", "db"], { cwd: folder({ ...FILES, ...given }) }).stderr).toContain("pgsafe: db/migrate: sessions have a lock_timeout -- config/initializers/strong_migrations.rb:1\n")
  })
})

describe("a table that Rails renames", () => {
  it("takes the index of its primary key and its sequence along, for which nobody waits any more", () => {
    const change = (name: string, body: string): string => `class ${name} < ActiveRecord::Migration[7.1]\n  def up\n    ${body}\n  end\nend\n`
    const cwd = folder({
      "db/migrate/20240101000000_a.rb": change("A", "create_table :a\n    create_table :b\n    create_table :c\n    create_table :d\n    create_table :orders"),
      "db/migrate/20240102000000_b.rb": change("B", "rename_table :orders, :purchases"),
      "db/migrate/20240103000000_c.rb": change("C", 'execute "SET lock_timeout = 1000"\n    execute "ALTER SEQUENCE purchases_id_seq CACHE 10"\n    execute "ALTER INDEX purchases_pkey RENAME TO key"'),
    })
    expect(json(["db"], { cwd }).findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual(["db/migrate/20240102000000_b.rb table-rename-breaks-code"])
    // Others have keys that do not count.
    const uuids = folder({
      "db/migrate/20240101000000_a.rb": change("A", "create_table :orders, id: :uuid"),
      "db/migrate/20240102000000_b.rb": change("B", "rename_table :orders, :purchases"),
      "db/migrate/20240103000000_c.rb": change("C", "rename_table :purchases, :buys"),
    })
    expect(json(["db"], { cwd: uuids }).findings.map(({ rule }) => rule)).toEqual(["table-rename-breaks-code", "table-rename-breaks-code"])
    expect(pgsafe(["schema", "db"], { cwd: uuids }).stdout).not.toContain("SEQUENCE")
  })
})

describe("a column that none of the migrations adds", () => {
  const MIGRATIONS = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "modules/core/migrations/1_orders.sql": "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
    "modules/core/migrations/2_region.sql": "SET lock_timeout = '5s';\nUPDATE orders SET region = 'eu' WHERE id = 1;\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER t AFTER UPDATE OF region ON orders FOR EACH ROW EXECUTE FUNCTION f();\n",
  }
  const failures = (files: Readonly<Record<string, string>>): readonly number[] =>
    json(["modules/core/migrations"], { cwd: folder(files) }).findings.flatMap(({ rule, line }) => (rule === "statement-fails" ? [line] : []))

  it("is a mistake", () => {
    expect(failures(MIGRATIONS)).toEqual([2, 4])
    expect(failures({ ...MIGRATIONS, "modules/maps/migrations/1_maps.sql": "CREATE TABLE maps (region text); ALTER TABLE maps ADD COLUMN order_id bigint;\n" })).toEqual([2, 4])
  })

  it("is none where the migrations of another part of the repository may add it", () => {
    expect(failures({ ...MIGRATIONS, "modules/regions/migrations/20240101000000_regions.ts": "exports.up = (knex) => knex.schema.alterTable('orders', (table) => table.text('region'))\n" })).toEqual([])
  })
})
