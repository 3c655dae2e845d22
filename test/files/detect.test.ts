import { describe, expect, it } from "vitest"
import { detectProjects } from "../../src/files/detect.ts"
import type { DetectOptions } from "../../src/files/types.ts"
import { tree } from "./memory.ts"

const table = "CREATE TABLE t (id integer);\n"

function detect(files: Readonly<Record<string, string>>, paths?: readonly string[], options?: DetectOptions) {
  return detectProjects(tree(files), paths ?? Object.keys(files).filter((path) => path.endsWith(".sql")), options)
}

function ids(files: Readonly<Record<string, string>>, paths?: readonly string[]): readonly string[] {
  return detect(files, paths).map(({ framework }) => framework)
}

it.each([
  ["    all_or_nothing: true\n", "all pending", true],
  ["    # all_or_nothing: true\n", "file", false],
  ["    all_or_nothing: false\n", "file", false],
])("reads whether Doctrine runs all or nothing: %j", (line, wrap, refuses) => {
  const file = "migrations/Version20240101000000.php"
  const files = { "config/packages/doctrine_migrations.yaml": `doctrine_migrations:\n${line}`, [file]: "<?php\nuse Doctrine\\Migrations\\AbstractMigration;\n" }
  const runner = detect(files, [file])[0]?.runner
  expect({ wrap: runner?.wrap, refuses: runner?.refusesSwitch !== undefined }).toEqual({ wrap, refuses })
})

describe("shapes that several tools share are decided by marker files", () => {
  it.each([
    ["golang-migrate", {}],
    ["sqlx", { "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' }],
    ["encore", { "encore.app": "{}" }],
    ["node-pg-migrate", { "package.json": '{ "dependencies": { "node-pg-migrate": "8" } }' }],
    ["pop", { "go.mod": "require github.com/gobuffalo/pop/v6 v6.1.1\n" }],
    ["bun", { "go.mod": "require github.com/uptrace/bun v1.2.15\n" }],
    ["golang-migrate", { "go.mod": "require (\n\tgithub.com/uptrace/bun v1.2.15\n\tgithub.com/golang-migrate/migrate/v4 v4.18.1\n)\n" }],
  ])("1_x.up.sql belongs to %s", (id, markers) => {
    expect(ids({ ...markers, "migrations/1_x.up.sql": table })).toEqual([id])
  })

  it.each(["postgres-migrations", "pg-node-migrations"])("0001_x.sql beside a dependency on %s belongs to postgres-migrations", (dependency) => {
    expect(ids({ "package.json": `{ "dependencies": { "${dependency}": "1" } }`, "src/migrations/0001_x.sql": table })).toEqual(["postgres-migrations"])
  })

  it.each([
    ["flyway", {}],
    ["flyway", { "pom.xml": "<artifactId>flyway-core</artifactId>" }],
    ["refinery", { "Cargo.toml": 'refinery = "0.8"\n' }],
  ])("V1__x.sql belongs to %s", (id, markers) => {
    expect(ids({ ...markers, "db/V1__x.sql": table })).toEqual([id])
  })

  it.each([
    ["plain", {}],
    ["flyway", { "build.gradle": "compile 'org.flywaydb:flyway-core'\n" }],
  ])("20240102__x.sql, with an empty prefix, belongs to %s", (id, markers) => {
    expect(ids({ ...markers, "src/main/resources/db/migration/20240102__x.sql": table })).toEqual([id])
  })

  it("takes no file for a migration of Flyway that lies elsewhere and has no prefix", () => {
    expect(ids({ "build.gradle": "compile 'org.flywaydb:flyway-core'\n", "scripts/1__x.sql": table })).toEqual(["plain"])
  })

  it.each([
    ["diesel", {}],
    ["diesel", { "diesel.toml": "" }],
    ["hasura", { "config.yaml": "version: 3\nmetadata_directory: metadata\n" }],
  ])("1_x/up.sql belongs to %s", (id, markers) => {
    expect(ids({ ...markers, "migrations/1_x/up.sql": table })).toEqual([id])
  })

  it("takes any name behind the version for one of Ecto", () => {
    const migration = "defmodule A do\n  use Ecto.Migration\nend\n"
    const path = "priv/repo/migrations/20240101000000_add-orders.exs"
    expect(detect({ [path]: migration }, [path]).map(({ framework, files }) => [framework, files.length])).toEqual([["ecto", 1]])
  })

  it("takes no other folder for one of the Supabase CLI than its own", () => {
    const files = { "supabase/config.toml": 'project_id = "x"\n', "db/migrations/20240101000000_x.sql": table, "supabase/migrations/20240101000000_x.sql": table }
    expect(detect(files).map(({ root, framework }) => [root, framework])).toEqual([["/repo/db/migrations", "plain"], ["/repo/supabase/migrations", "supabase"]])
  })

  it.each([
    ["prisma", { "db/migration_lock.toml": 'provider = "postgresql"\n' }],
    ["prisma", {}],
    ["drizzle", { "db/20240101000000_x/snapshot.json": "{}" }],
  ])("20240101000000_x/migration.sql belongs to %s", (id, markers) => {
    expect(ids({ ...markers, "db/20240101000000_x/migration.sql": table })).toEqual([id])
  })

  it("leaves what Drizzle writes for the Supabase CLI to the latter", () => {
    const files = {
      "supabase/config.toml": 'project_id = "x"\n',
      "supabase/migrations/meta/_journal.json": '{ "entries": [{ "tag": "20240101000000_x" }] }',
      "supabase/migrations/20240101000000_x.sql": `${table}--> statement-breakpoint\n${table}`,
    }
    expect(ids(files)).toEqual(["supabase"])
  })

  it("takes the nearest marker in a monorepo", () => {
    const files = {
      "Cargo.toml": 'sqlx = "0.8"\n',
      "a/encore.app": "{}",
      "a/migrations/1_x.up.sql": table,
      "b/migrations/1_x.up.sql": table,
    }
    expect(ids(files)).toEqual(["encore", "sqlx"])
  })

  it("does not look above the repository", () => {
    const files = tree({ "migrations/1_x.sql": table })
    const outside = { ...files, list: (folder: string) => (folder === "/" ? [{ name: "tern.conf", folder: false }] : files.list(folder)) }
    expect(detectProjects(outside, ["migrations/1_x.sql"]).map(({ framework }) => framework)).toEqual(["plain"])
  })
})

it("recognizes a tool by the neighbours of the only file that is asked for", () => {
  const files = { "db/1_a.sql": "-- +goose Up\nSELECT 1;\n", "db/2_b.sql": table }
  expect(ids(files, ["db/2_b.sql"])).toEqual(["goose"])
})

it.each([
  ["a dump of the schema", "migrations/schema.sql", "-- PostgreSQL database dump\n\nSET statement_timeout = 0;\n"],
  ["a dump of a newer pg_dump", "migrations/schema.sql", "\\restrict Xq9\n\n-- PostgreSQL database dump\n"],
  ["a dump of another tool", "migrations/schema.sql", "-- made by make; do not edit\n--\n-- pgdump-lite database dump\n--\n\nCREATE EXTENSION IF NOT EXISTS pgcrypto;\n"],
  ["a dump with a hyphen in its name", "migrations/shop-dump.sql", "--\n-- Sorted PostgreSQL database dump\n--\n\nCREATE TABLE t (id integer);\n"],
  ["migrations of goose", "migrations/0001_x.sql", "-- +goose Up\nCREATE TABLE t (id integer);\n"],
])("knows the tool of code beside %s", (_, path, text) => {
  const files = { "knexfile.js": 'module.exports = { client: "pg" }\n', "migrations/20240101_a.js": "exports.up = (k) => k.schema.dropTable('t')\n", [path]: text }
  const found = detect(files, ["migrations/20240101_a.js", path])
  expect(found.map((project) => [project.framework, project.files.map((file) => file.path)])).toContainEqual(["knex", ["migrations/20240101_a.js"]])
  expect(found).toHaveLength(2)
})

it("knows the way back of plain files by the end or the beginning of their names, or by their folder", () => {
  const paths = ["sql/Orders/Add-region.sql", "sql/Orders/Rollback-add-region.sql", "sql/Orders/region_down.sql", "sql/versions/0008-downgrade.sql", "sql/revert/add-region.sql", "sql/downtime.sql"]
  const found = detect(Object.fromEntries(paths.map((path) => [path, table]))).flatMap(({ files }) => files.map(({ path, direction }) => `${path.slice(4)} ${direction}`))
  expect(found.sort()).toEqual([
    "Orders/Add-region.sql up",
    "Orders/Rollback-add-region.sql down",
    "Orders/region_down.sql down",
    "downtime.sql up",
    "revert/add-region.sql down",
    "versions/0008-downgrade.sql down",
  ])
})

it("knows the way back of psql's scripts, as of plain files", () => {
  const text = "\\c shop\nDROP TABLE t;\n"
  const files = { "sql/1.0_to_1.1_rollback.sql": text, "sql/1.0_to_1.1_upgrade.sql": text, "sql/down/1.1.sql": text }
  expect(detect(files).flatMap(({ framework, files: found }) => found.map(({ path, direction }) => `${framework} ${path} ${direction}`)).sort()).toEqual([
    "psql sql/1.0_to_1.1_rollback.sql down",
    "psql sql/1.0_to_1.1_upgrade.sql up",
    "psql sql/down/1.1.sql down",
  ])
})

it("does not take an ordinary comment for the output of a tool", () => {
  expect(ids({ "sql/a.sql": "--\n-- Create tables for the shop\nCREATE TABLE t (id integer);\n" })).toEqual(["plain"])
  expect(ids({ "sql/a.sql": "--\n-- Create model Shop\n--\nCREATE TABLE t (id integer);\n" })).toEqual(["django"])
})

it("does not take a tool for the runner, by the names of files alone, of a folder with migrations that it would leave out", () => {
  const mixed = { "migrations/1_a.up.sql": table, "migrations/2_b.sql": table, "migrations/3_c.up.sql": table }
  expect(ids(mixed)).toEqual(["plain"])
  expect(ids({ ...mixed, "go.mod": "\tgithub.com/golang-migrate/migrate/v4 v4.18.1\n" })).toEqual(["golang-migrate", "plain"])
  expect(ids({ "migrations/1_a.up.sql": table, "migrations/seed.sql": table })).toEqual(["golang-migrate", "plain"])
})

it("does not take an indirect dependency for the tool", () => {
  const files = { "go.mod": "\tgithub.com/gobuffalo/pop/v6 v6.1.1 // indirect\n", "migrations/1_x.up.sql": table }
  expect(ids(files)).toEqual(["golang-migrate"])
})

it("names files as the caller did and puts each into one project", () => {
  const files = { "db/migrations/1_x.up.sql": table, "db/migrations/1_x.down.sql": table, "db/seed.sql": table }
  const paths = ["./db/migrations/1_x.up.sql", "/repo/db/migrations/1_x.down.sql", "db/seed.sql"]
  const found = detect(files, paths)
  expect(found.map(({ root, files: members }) => [root, members.map(({ path }) => path)])).toEqual([
    ["/repo/db/migrations", ["/repo/db/migrations/1_x.down.sql", "./db/migrations/1_x.up.sql"]],
    ["/repo/db", ["db/seed.sql"]],
  ])
})

describe("order", () => {
  it.each([
    ["the value of the numbers", ["m/10_b.up.sql", "m/9_a.up.sql", "m/0011_c.up.sql"], ["m/9_a.up.sql", "m/10_b.up.sql", "m/0011_c.up.sql"]],
    ["numbers beyond 2^53", ["m/20240101000000000002_b.up.sql", "m/20240101000000000001_a.up.sql"], ["m/20240101000000000001_a.up.sql", "m/20240101000000000002_b.up.sql"]],
    ["the parts of a version", ["m/V1.10__c.sql", "m/V1_9__b.sql", "m/V1__a.sql", "m/V1.0.1__d.sql"], ["m/V1__a.sql", "m/V1.0.1__d.sql", "m/V1_9__b.sql", "m/V1.10__c.sql"]],
    ["plain names as people count", ["m/b10.sql", "m/b9.sql", "m/a.sql"], ["m/a.sql", "m/b9.sql", "m/b10.sql"]],
  ])("by %s", (_, given, expected) => {
    const found = detect(Object.fromEntries(given.map((path) => [path, table])))
    expect(found.flatMap(({ files }) => files.map(({ path }) => path))).toEqual(expected)
  })

  it.each([
    ["numbers", ["db/0/01_b.up.sql", "db/0/02_a.up.sql", "db/2/01_c.up.sql", "db/2/01_c.down.sql", "db/10/01_d.up.sql"], ["db"]],
    ["versions", ["m/v1/001.sql", "m/v1.0.1/001.sql", "m/v1.2/001.sql", "m/v1.10/002.sql", "m/v1.10/010.sql", "m/v2.0/001.sql"], ["m"]],
    ["years and months", ["m/2023/11/1_a.up.sql", "m/2023/12/1_b.up.sql", "m/2024/01/1_c.up.sql"], ["m"]],
    ["numbers with words", ["m/0001_first/01.sql", "m/0001_first/02.sql", "m/0002_second/01.sql"], ["m"]],
    [
      "versions, for each database one sequence",
      ["s/v12/shop/v1.0/a.sql", "s/v12/shop/v1.1/b.sql", "s/v12/stock/v1.0/a.sql", "s/v12/stock/v1.1/b.sql", "s/v96/shop/v1.0/a.sql", "s/v96/shop/v1.1/b.sql"],
      ["s/v12/shop", "s/v12/stock", "s/v96/shop"],
    ],
    ["names, which are no order", ["m/shop/1_a.up.sql", "m/stock/1_b.up.sql"], ["m/shop", "m/stock"]],
    ["a single number, which is no order", ["v2/1_a.up.sql", "web/1_b.up.sql"], ["v2", "web"]],
  ])("folders called by %s", (_, paths, roots) => {
    const files = Object.fromEntries(paths.map((path) => [path, table]))
    const found = detect(files, [...paths].reverse())
    expect(found.map(({ root }) => root.slice("/repo/".length)).sort()).toEqual(roots)
    const names = found.flatMap((project) => project.files.map(({ path }) => path))
    expect(names.filter((path) => !path.endsWith(".down.sql")).sort((left, right) => Number(roots.length > 1) * (left < right ? -1 : 1))).toEqual(
      paths.filter((path) => !path.endsWith(".down.sql")),
    )
    const last = paths.at(-1) ?? ""
    const history = detect(files, [last], { history: true }).flatMap((project) => project.files)
    expect(history.map(({ path }) => path).sort()).toEqual(paths.filter((path) => path.startsWith(`${roots.at(-1) ?? ""}/`)).sort())
  })

  it("by plain text where the tool does so", () => {
    const files = { "db/migrations/10_b.sql": "-- migrate:up\n", "db/migrations/9_a.sql": "-- migrate:up\n" }
    expect(detect(files)[0]?.files.map(({ path }) => path)).toEqual(["db/migrations/10_b.sql", "db/migrations/9_a.sql"])
  })
})

describe("options", () => {
  const files = { "sql/1.sql": table, "sql/2.sql": table }

  it("force a framework on files of any shape", () => {
    const found = detect(files, undefined, { framework: "atlas" })
    expect(found.map(({ framework, evidence }) => [framework, evidence])).toEqual([["atlas", "the framework option"]])
    expect(detect(files, undefined, { framework: "dbmate" })[0]?.runner.wrap).toBe("section")
  })

  it("say whether files are wrapped in a transaction", () => {
    expect(detect(files)[0]?.runner.wrap).toBe("unknown")
    expect(detect(files, undefined, { transaction: true })[0]?.runner.wrap).toBe("file")
    expect(detect(files, undefined, { transaction: false })[0]?.runner.wrap).toBe("none")
    expect(detect(files, undefined, { framework: "drizzle", transaction: true })[0]?.runner.wrap).toBe("all pending")
  })

  it("bring the other migrations of the project along as history", () => {
    const found = detect({ ...files, "sql/notes/3.sql": table }, ["sql/2.sql"], { history: true })
    expect(found[0]?.files.map(({ path, requested }) => [path, requested])).toEqual([
      ["sql/1.sql", false],
      ["sql/2.sql", true],
    ])
  })
})

describe("versions decide", () => {
  const migration = { "prisma/migrations/1_x/migration.sql": table }
  it.each([
    ["one message", "7.3.0", { "package.json": '{ "devDependencies": { "prisma": "^7.3.0" } }' }],
    ["split", "7.4.0", { "package.json": '{ "devDependencies": { "prisma": "~7.4.0" } }' }],
    ["split", "7.10.1", {
      "package.json": '{ "devDependencies": { "prisma": "^7.1.0" } }',
      "package-lock.json": '{ "packages": { "node_modules/prisma": { "version": "7.10.1" } } }',
    }],
    ["split", "8.0.0", {
      "package.json": '{ "devDependencies": { "prisma": "*" } }',
      "pnpm-lock.yaml": "packages:\n\n  prisma@8.0.0(typescript@5.9.2):\n    resolution: {}\n",
    }],
    ["one message", "6.2.1", {
      "package.json": '{ "devDependencies": { "prisma": "latest" } }',
      "yarn.lock": 'prisma@latest:\n  version "6.2.1"\n',
    }],
    ["one message", undefined, {}],
  ])("Prisma sends %s with %s", (send, version, files) => {
    const runner = detect({ ...migration, ...files })[0]?.runner
    expect([runner?.send, runner?.version]).toEqual([send, version])
    expect(runner?.fallback !== undefined).toBe(send === "split")
  })

  it.each([
    ["2.108.0", undefined, undefined],
    ["2.109.0", true, false],
    ["3.1.0", true, true],
  ])("the Supabase CLI %s finds concurrent indexes: %s, dropped ones: %s", (version, creates, drops) => {
    const runner = detect({
      "package.json": `{ "devDependencies": { "supabase": "${version}" } }`,
      "supabase/config.toml": "",
      "supabase/migrations/1_x.sql": table,
    })[0]?.runner
    const found = (sql: string) => runner?.detects?.patterns.some((pattern) => pattern.test(sql))
    expect(found("CREATE INDEX CONCURRENTLY i ON t (id)")).toBe(creates)
    expect(found("DROP INDEX CONCURRENTLY i")).toBe(drops)
  })

  it("is what Play's settings say", () => {
    const wrap = (settings: string): string | undefined =>
      detect({ "conf/evolutions/default/1.sql": "# --- !Ups\nSELECT 1;\n", "conf/application.conf": settings })[0]?.runner.wrap
    expect(wrap("play.evolutions.enabled = true\n# play.evolutions.autocommit = false\n")).toBe("none")
    expect(wrap("play.evolutions.autocommit=false\n")).toBe("all pending")
    expect(wrap('play.evolutions.db.default.autocommit = "false"\n')).toBe("all pending")
    expect(wrap("play {\n  evolutions {\n    enabled = true\n    autocommit: false\n  }\n}\n")).toBe("all pending")
    expect(wrap("play {\n  evolutions { enabled = true }\n  other { autocommit = false }\n}\n")).toBe("none")
  })

  it("the configuration of Flyway changes the transaction", () => {
    const at = "src/main/resources/db/migration/V1__x.sql"
    const wrap = (files: Record<string, string>) => detect({ [at]: table, ...files })[0]?.runner
    expect(wrap({})?.wrap).toBe("file")
    expect(wrap({ "flyway.toml": "[flyway]\ngroup = true\n" })?.wrap).toBe("all pending")
    expect(wrap({ "flyway.conf": "flyway.executeInTransaction=false\n" })?.wrap).toBe("none")
    expect(wrap({ "pom.xml": "<group>true</group>" })?.wrap).toBe("all pending")
    expect(wrap({ "src/main/resources/application.yml": "spring:\n  flyway:\n    enabled: true\n    mixed: true\n" })?.detects?.effect).toBe("whole file")
    expect(wrap({ "src/main/resources/application.yml": "spring:\r\n  flyway:\r\n\r\n    enabled: true\r\n    group: true\r\n" })?.wrap).toBe("all pending")
    expect(wrap({ "src/main/resources/application.yml": "spring:\n  flyway: # ours\n    enabled: true\n  streams:\n    group: true\n" })?.wrap).toBe("file")
    const long = `  flyway:\r\n${"        locations: classpath:migrations\r\n".repeat(60)}`
    expect(wrap({ "src/main/resources/application.yml": `spring:\r\n${long}` })?.wrap).toBe("file")
    expect(wrap({ "src/main/resources/application.yml": `spring:\r\n${long}        execute-in-transaction: false\r\n` })?.wrap).toBe("none")
    expect(wrap({ "src/main/resources/application.properties": "spring.flyway.execute-in-transaction=false\n" })?.wrap).toBe("none")
    expect(wrap({})?.detects?.effect).toBe("pure file")
  })
})

describe("Flyway's settings have its files called otherwise", () => {
  const order = (settings: Readonly<Record<string, string>>, names: readonly string[]): string[] =>
    detect({ ...settings, ...Object.fromEntries(names.map((name) => [`sql/${name}`, table])) }, names.map((name) => `sql/${name}`)).flatMap(({ framework, files }) => [
      framework,
      ...files.map(({ path, role, direction, repeats }) => [path.slice("sql/".length), ...(role === "migration" ? [] : [role]), ...(direction === "up" ? [] : [direction]), ...(repeats ? ["repeats"] : [])].join(" ")),
    ])
  it.each([
    [{ "flyway.toml": '[flyway]\nsqlMigrationPrefix = "M"\nsqlMigrationSeparator = "-"\n' }, ["M10-b.sql", "M2-a.sql", "R-view.sql"], ["flyway", "M2-a.sql", "M10-b.sql", "R-view.sql repeats"]],
    [{ "flyway.conf": "flyway.sqlMigrationPrefix=\n" }, ["10__b.sql", "2__a.sql", "afterMigrate.sql"], ["flyway", "2__a.sql", "10__b.sql", "afterMigrate.sql"]],
    [{ "application.yml": "spring:\n  flyway:\n    sql-migration-separator: _\n    repeatable-sql-migration-prefix: View\n" }, ["V10_b.sql", "V2_a_c.sql", "View_x.sql"], ["flyway", "V2_a_c.sql", "V10_b.sql", "View_x.sql repeats"]],
    [{ "pom.xml": "<plugin>flyway<sqlMigrationPrefix>V</sqlMigrationPrefix><undoSqlMigrationPrefix>VU</undoSqlMigrationPrefix></plugin>" }, ["V1__a.sql", "VU1__a.sql"], ["flyway", "V1__a.sql", "VU1__a.sql down"]],
    [{ "flyway.conf": "flyway.baselineMigrationPrefix=Base\n" }, ["Base2__b.sql", "V1__a.sql", "V2__b.sql", "V3__c.sql"], ["flyway", "V1__a.sql", "Base2__b.sql dump", "V2__b.sql", "V3__c.sql"]],
    [{}, ["M10-b.sql", "M2-a.sql"], ["plain", "M2-a.sql", "M10-b.sql"]],
  ])("%j", (settings, names, expected) => {
    expect(order(settings, names)).toEqual(expected)
  })
})

it("does not take for a migration what the journal of Drizzle does not list", () => {
  const listed = { "d/meta/_journal.json": '{ "dialect": "postgresql", "entries": [{ "tag": "0000_a" }, { "tag": "0001_c" }] }' }
  const sql = { "d/0000_a.sql": table, "d/0001_b.sql": table, "d/0001_c.sql": table }
  const roles = (files: Readonly<Record<string, string>>): (string | undefined)[] | undefined =>
    detect({ ...files, ...sql }, undefined, { framework: "drizzle" })[0]?.files.map(({ path, role }) => `${path} ${role}`)
  expect(roles(listed)).toEqual(["d/0000_a.sql migration", "d/0001_c.sql migration", "d/0001_b.sql unlisted"])
  expect(roles({})).toEqual(["d/0000_a.sql migration", "d/0001_b.sql migration", "d/0001_c.sql migration"])
})

describe("what does not run between the migrations", () => {
  const roles = (files: Readonly<Record<string, string>>): string[] =>
    detect(files, Object.keys(files).filter((path) => /\.(?:sql|py)$/.test(path))).flatMap(({ files: members }) => members.map(({ path, role }) => `${path} ${role}`))

  it("are callbacks of Flyway for other commands and for failures, in the places of the others", () => {
    const names = ["V1__a", "R__v", "afterMigrate__grants", "beforeEachMigrate", "afterVersioned", "beforeRepeatables", "createSchema", "beforeClean", "afterMigrateError", "afterEachUndo__x", "beforeValidate"]
    const found = roles({ "flyway.conf": "", ...Object.fromEntries(names.map((name) => [`db/migration/${name}.sql`, table])) })
    expect(found.filter((one) => one.endsWith(" migration"))).toEqual(
      ["beforeEachMigrate", "beforeValidate", "createSchema", "V1__a", "afterVersioned", "beforeRepeatables", "R__v", "afterMigrate__grants"].map((name) => `db/migration/${name}.sql migration`),
    )
    expect(found.filter((one) => one.endsWith(" aside"))).toEqual(["beforeClean", "afterEachUndo__x", "afterMigrateError"].map((name) => `db/migration/${name}.sql aside`))
  })

  it("are scripts that Flyway is told not to execute", () => {
    expect(roles({ "flyway.conf": "", "m/V1__a.sql": table, "m/V2__b.sql": table, "m/V2__b.sql.conf": "shouldExecute=false\n" })).toEqual(["m/V1__a.sql migration", "m/V2__b.sql aside"])
  })

  it("are baselines of Flyway, unless the versions before are gone", () => {
    expect(roles({ "flyway.conf": "", "m/V1__a.sql": table, "m/V1.2__b.sql": table, "m/B1.2__base.sql": table, "m/V2__c.sql": table })).toEqual(["m/V1__a.sql migration", "m/B1.2__base.sql dump", "m/V1.2__b.sql migration", "m/V2__c.sql migration"])
    expect(roles({ "flyway.conf": "", "m/B1.2__base.sql": table, "m/V2__c.sql": table })).toEqual(["m/B1.2__base.sql migration", "m/V2__c.sql migration"])
  })

  it("are checkpoints of Atlas, unless the files before are gone", () => {
    const checkpoint = `-- atlas:checkpoint\n\n${table}`
    expect(roles({ "m/atlas.sum": "", "m/1.sql": table, "m/2.sql": checkpoint, "m/3.sql": table })).toEqual(["m/1.sql migration", "m/2.sql dump", "m/3.sql migration"])
    expect(roles({ "m/atlas.sum": "", "m/2.sql": checkpoint, "m/3.sql": table })).toEqual(["m/2.sql migration", "m/3.sql migration"])
  })

  it("are squashed migrations of Django, unless what they replace is gone", () => {
    const python = "from django.db import migrations\n"
    const squashed = `${python}class Migration(migrations.Migration):\n    replaces = [("shop", "0001_a"), ("shop", "0002_b")]\n`
    const squash = { "shop/migrations/0001_squashed_0002_b.py": squashed, "shop/migrations/0003_c.py": python }
    expect(roles({ ...squash, "shop/migrations/0001_a.py": python, "shop/migrations/0002_b.py": python })).toContain("shop/migrations/0001_squashed_0002_b.py dump")
    expect(roles(squash)).toContain("shop/migrations/0001_squashed_0002_b.py migration")
  })

  it("are scripts that the plan of Sqitch does not have", () => {
    const plan = { "sqitch.plan": "%project=shop\n\norders 2024-01-01T00:00:00Z me <a@b> # x\n" }
    expect(roles({ ...plan, "deploy/orders.sql": table, "deploy/other.sql": table })).toEqual(["deploy/orders.sql migration", "deploy/other.sql unlisted"])
    expect(roles({ ...plan, "shop/sqitch.conf": "", "shop/deploy/other.sql": table })).toEqual(["shop/deploy/other.sql migration"])
  })

  it("are seeds, roles, tests and declared schemas of Supabase", () => {
    const aside = ["supabase/seed.sql", "supabase/roles.sql", "supabase/seeds/a.sql", "supabase/schemas/public/a.sql", "supabase/tests/a.sql"]
    const found = roles({ "supabase/config.toml": 'project_id = "x"\n', "supabase/migrations/1_a.sql": table, ...Object.fromEntries(aside.map((path) => [path, table])) })
    expect([...found].sort()).toEqual(["supabase/migrations/1_a.sql migration", ...aside.map((path) => `${path} aside`)].sort())
  })
})

it("orders revisions of Alembic behind those that they depend on", () => {
  const revision = (id: string, after: string, more = ""): string => `from alembic import op\nrevision = "${id}"\ndown_revision = ${after}\n${more}`
  const files = {
    "alembic/versions/z_1.py": revision("a1", "None"),
    "alembic/versions/y_2.py": revision("b2", '"a1"'),
    "alembic/versions/a_3.py": revision("c3", '"a1"', 'depends_on: Union[str, None] = "b2"\n'),
    "alembic/versions/a_4.py": revision("d4", '("b2", "c3")', "depends_on = None\n"),
  }
  expect(detect(files, Object.keys(files)).flatMap(({ files: members }) => members.map(({ path }) => path))).toEqual(["z_1", "y_2", "a_3", "a_4"].map((name) => `alembic/versions/${name}.py`))
})

it("lists migrations in languages that are not read as history", () => {
  const history = (files: Readonly<Record<string, string>>, path: string): string[] =>
    detect(files, [path], { history: true }).flatMap(({ files: members }) => members.map(({ path: one, role }) => `${one} ${role}`))
  const goose = { "m/1_a.sql": "-- +goose Up\n", "m/2_b.go": "package m\n", "m/2_b_test.go": "package m\n", "m/3_c.sql": "-- +goose Up\n" }
  expect(history(goose, "m/3_c.sql")).toEqual(["m/1_a.sql migration", "m/2_b.go unread", "m/3_c.sql migration"])
  const [sql, code] = ["src/main/resources/db/migration", "src/main/kotlin/db/migration"]
  const flyway = { [`${sql}/V1__a.sql`]: table, [`${code}/V2_1__b_æ.kt`]: "", [`${code}/Tools.kt`]: "", [`${sql}/V2_2__c.sql`]: table, [`${sql}/V2__d.java`]: "", [`${sql}/V10__e.sql`]: table }
  expect(history(flyway, `${sql}/V10__e.sql`)).toEqual([`${sql}/V1__a.sql migration`, `${sql}/V2__d.java unread`, `${code}/V2_1__b_æ.kt unread`, `${sql}/V2_2__c.sql migration`, `${sql}/V10__e.sql migration`])
  const migrate = { "m/1_a.up.sql": table, "m/2_b.up.go": "", "m/2_b.down.go": "", "m/3_c.up.sql": table }
  expect(history(migrate, "m/3_c.up.sql")).toEqual(["m/1_a.up.sql migration", "m/2_b.up.go unread", "m/3_c.up.sql migration"])
  const pop = { "go.mod": "\tgithub.com/gobuffalo/pop/v6 v6.1.1\n", "m/1_a.up.sql": table, "m/2_b.up.fizz": "", "m/2_b.down.fizz": "", "m/3_c.up.sql": table }
  expect(history(pop, "m/3_c.up.sql")).toEqual(["m/1_a.up.sql migration", "m/2_b.up.fizz unread", "m/3_c.up.sql migration"])
  const refinery = { "Cargo.toml": 'refinery = "0.8"\n', "m/V1__a.sql": table, "m/V2__b.rs": "", "m/mod.rs": "", "m/V3__c.sql": table }
  expect(history(refinery, "m/V3__c.sql")).toEqual(["m/V1__a.sql migration", "m/V2__b.rs unread", "m/V3__c.sql migration"])
})

it("knows that golang-migrate may send each statement by itself", () => {
  const send = (url: string): string | undefined =>
    detect({ "go.mod": "require github.com/golang-migrate/migrate/v4 v4.18.0\n", "m/1_a.up.sql": table, Makefile: `up:\n\tmigrate -path m -database '${url}' up\n` }, ["m/1_a.up.sql"])[0]?.runner.send
  expect(send("postgres://h/d?x-multi-statement=true")).toBe("split")
  expect(send("postgres://h/d?x-multi-statement=false")).toBe("one message")
  const sendWith = (go: Readonly<Record<string, string>>): string | undefined =>
    detect({ "go.mod": "require github.com/golang-migrate/migrate/v4 v4.18.0\n", "m/1_a.up.sql": table, ...go }, ["m/1_a.up.sql"])[0]?.runner.send
  const source = (config: string, driver = "postgres"): string => `package store\nimport "github.com/golang-migrate/migrate/v4/database/${driver}"\n${config}\n`
  const config = "\tdriver, err := postgres.WithInstance(db, &postgres.Config{\n\t\tMultiStatementEnabled: true,\n\t})"
  expect(sendWith({ "internal/store/open.go": source(config) })).toBe("split")
  expect(sendWith({ "cmd/server/main.go": source("\tcfg.MultiStatementEnabled = true", "pgx/v5") })).toBe("split")
  expect(sendWith({ "cmd/server/main.go": 'const url = "postgres://h/d?x-multi-statement=true"\n' })).toBe("split")
  expect(sendWith({ "internal/store/open.go": source("\t// MultiStatementEnabled: true") })).toBe("one message")
  expect(sendWith({ "internal/store/open.go": source(config, "clickhouse") })).toBe("one message")
  expect(sendWith({ "internal/store/open_test.go": source(config), "vendor/store/open.go": source(config) })).toBe("one message")
})

it("tells apart what Django printed of its migrations for several servers", () => {
  const printed = 'BEGIN;\n--\n-- Create model Order\n--\nCREATE TABLE "orders" ("id" bigint);\nCOMMIT;\n'
  const names = ["0001_initial", "0002_note"]
  // The first one was printed under another name.
  const moved = { "shop/migrations/0000_start.py": "", "shop/migrations/0000_begin.sql": printed, "shop/migrations/0000_begin_replica.sql": printed }
  const files = Object.fromEntries(names.flatMap((name) => [[`shop/migrations/${name}.py`, "from django.db import migrations\n"], [`shop/migrations/${name}.sql`, printed], [`shop/migrations/${name}_replica.sql`, printed]]))
  const given = ["shop/migrations/0002_note.sql", "shop/migrations/0002_note_replica.sql"]
  expect(detect({ ...files, ...moved }, given, { history: true }).map(({ files: members }) => members.map(({ path }) => path))).toEqual([
    ["shop/migrations/0000_begin.sql", "shop/migrations/0001_initial.sql", "shop/migrations/0002_note.sql"],
    ["shop/migrations/0000_begin_replica.sql", "shop/migrations/0001_initial_replica.sql", "shop/migrations/0002_note_replica.sql"],
  ])
})

it("does not know what the parts did that stand for what Django printed of a migration", () => {
  const printed = 'BEGIN;\n--\n-- Create model Order\n--\nCREATE TABLE "orders" ("id" bigint);\nCOMMIT;\n'
  const names = ["0001_initial.sql", "0002_note_first.sql", "0002_note_second.sql", "0003_more.sql"]
  const files = Object.fromEntries([...names, "0001_initial.py", "0002_note.py", "0003_more.py"].map((name) => [`shop/migrations/${name}`, name.endsWith(".sql") ? printed : "from django.db import migrations\n"]))
  expect(detect(files, ["shop/migrations/0003_more.sql"], { history: true }).map(({ files: members }) => members.map(({ key, role }) => `${key}: ${role}`))).toEqual([
    ["0001_initial.sql: migration", "0002_note_first.sql: unread", "0002_note_second.sql: unread", "0003_more.sql: migration"],
  ])
})

describe("files for other databases", () => {
  it.each([
    ["m/1_x.sqlite3.up.sql", "foreign"],
    ["m/1_x.postgres.up.sql", "migration"],
    ["db/mysql/1_x.up.sql", "foreign"],
    ["db/hsqldb/V1__x.sql", "foreign"],
    ["migrations/Derby/1_x.up.sql", "foreign"],
    ["m/1_x.duckdb.up.sql", "foreign"],
    ["migrations/mongo/1_x.up.sql", "foreign"],
    ["migrations/planetscale/1_x.up.sql", "foreign"],
    ["schema/crdb/1_x.up.sql", "foreign"],
    ["migrations/mongolian/1_x.up.sql", "migration"],
    ["internal/db2/1_x.up.sql", "migration"],
    ["derby-to-postgres/1_x.up.sql", "migration"],
    ["mysql-to-postgres/1_x.up.sql", "migration"],
    ["m/1_drop_sqlite_leftovers.up.sql", "migration"],
    ["m/72/01_x.sql.postgres", "migration"],
    ["m/72/01_x.pg.sql", "migration"],
    ["m/72/01_x.sql.sqlite", "foreign"],
  ])("%s is %s", (path, role) => {
    expect(detect({ [path]: table }, [path])[0]?.files[0]?.role).toBe(role)
  })

  it("passes over the files of other databases beside one for PostgreSQL, where only a word in the middle tells them apart", () => {
    const files = { "m/upgrade-h2.sql": table, "m/upgrade-postgresql.sql": table, "m/db2_engine_7.1.sql": table, "m/pg_engine_7.1.sql": table, "m/orders-oracle.sql": table }
    expect(detect(files).flatMap(({ files: found }) => found.map(({ path, role }) => `${path} ${role}`)).sort()).toEqual([
      "m/db2_engine_7.1.sql foreign",
      "m/orders-oracle.sql migration",
      "m/pg_engine_7.1.sql migration",
      "m/upgrade-h2.sql foreign",
      "m/upgrade-postgresql.sql migration",
    ])
  })

  it("are those in code that speak to another database's client, unless the tool's own migrations do", () => {
    const files = {
      "package.json": '{ "dependencies": { "node-pg-migrate": "8" } }',
      "migrations/1_a.js": "exports.up = (pgm) => { pgm.sql('SELECT 1') }",
      "migrations/2_b.js": 'const { ObjectId } = require("mongodb")\nexports.up = (pgm) => { pgm.sql("SELECT 1") }',
      "migrations/mdb/3_c.js": 'import { Db } from "mongodb"\nexport const up = async (db) => { await db.dropCollection("names") }',
      "migrations/mdb/4_d.js": 'import { Db } from "mongodb"\nimport { Client } from "pg"\nexport const up = async (db) => {}',
    }
    const found = detect(files, Object.keys(files).slice(1))
    expect(found.flatMap(({ files: members }) => members.map(({ path, role }) => `${path} ${role}`))).toEqual([
      "migrations/1_a.js migration",
      "migrations/2_b.js migration",
      "migrations/mdb/3_c.js foreign",
      "migrations/mdb/4_d.js migration",
    ])
  })

  it("are in one sequence, and say nothing of the others' text", () => {
    const lite = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);\n"
    const files = { "m/1_a.sql.sqlite": lite, "m/1_a.sql.postgres": table, "m/2_b.sqlite.sql": lite, "m/2_b.postgres.sql": table, "m/3_c.sql": table }
    const found = detect(files, Object.keys(files))
    expect(found.map(({ files: members }) => members.map(({ path, role }) => `${path} ${role}`))).toEqual([
      ["m/1_a.sql.postgres migration", "m/1_a.sql.sqlite foreign", "m/2_b.postgres.sql migration", "m/2_b.sqlite.sql foreign", "m/3_c.sql migration"],
    ])
  })

  it.each([
    ["migrations/Version20240101000000.php", { ".env": "# DATABASE_URL=\"postgresql://a\"\nDATABASE_URL=\"mysql://a\"\n" }, "foreign"],
    ["migrations/Version20240101000000.php", { ".env": "# DATABASE_URL=\"mysql://a\"\nDATABASE_URL=\"postgresql://a\"\n" }, "migration"],
    ["migrations/Version20240101000000.php", { "config/packages/doctrine.yaml": "doctrine:\n  dbal:\n    driver: 'pdo_sqlite'\n" }, "foreign"],
    ["migrations/Version20240101000000.php", { "migrations/Version20230101000000.php": "<?php $this->addSql('CREATE TABLE a (id INT AUTO_INCREMENT NOT NULL) ENGINE = InnoDB');" }, "foreign"],
    ["migrations/Version20240101000000.php", { ".env": "DATABASE_URL=\"sqlite:///a\"\n", "migrations/Version20230101000000.php": "<?php if ($platform instanceof PostgreSQLPlatform) {}" }, "migration"],
    ["migrations/Version20240101000000.php", { ".env": "DATABASE_URL=\"mysql://a\"\n", "migrations/Version20230101000000.php": "<?php if ($platform instanceof PostgreSQLPlatform) {}" }, "foreign"],
    ["migrations/Version20240101000000.php", {}, "migration"],
    ["database/migrations/2024_01_01_000000_a.php", { ".env.example": "DB_CONNECTION=mysql\n", "config/database.php": "<?php return [\n  'default' => env('DB_CONNECTION', 'sqlite'),\n  'connections' => ['pgsql' => []],\n];" }, "foreign"],
    ["database/migrations/2024_01_01_000000_a.php", { ".env.example": "DB_CONNECTION=pgsql\n" }, "migration"],
    ["db/migrations/20240101000000_a.php", { "phinx.yml": "environments:\n  production:\n    adapter: mysql\n" }, "foreign"],
    ["db/migrations/20240101000000_a.php", { "phinx.yml": "environments:\n  production:\n    adapter: pgsql\n" }, "migration"],
  ] as const)("are told by the settings of a project in PHP: %s %j", (path, settings, role) => {
    const uses = path.startsWith("database") ? "Illuminate\\Support\\Facades\\DB" : path.startsWith("db") ? "Phinx\\Migration\\AbstractMigration" : "Doctrine\\Migrations\\AbstractMigration"
    const files = { ...settings, [path]: `<?php\nuse ${uses};\n` }
    expect(detect(files, [path])[0]?.files[0]?.role).toBe(role)
  })

  it("are told by the provider of Prisma and the dialect of Drizzle", () => {
    const prisma = { "p/migration_lock.toml": 'provider = "mysql"\n', "p/1_x/migration.sql": table }
    const drizzle = { "d/meta/_journal.json": '{ "dialect": "sqlite" }', "d/0000_x.sql": table }
    expect(detect({ ...prisma, ...drizzle }).map(({ files }) => files[0]?.role)).toEqual(["foreign", "foreign"])
  })

  it.each([
    ['[dependencies]\nsqlx = { version = "0.8", features = [\n  "runtime-tokio",\n  "sqlite",\n] }\n', "foreign"],
    ['[dependencies.sqlx]\nversion = "0.8"\nfeatures = ["sqlite"]\n', "foreign"],
    ['[dependencies]\nsqlx = { version = "0.8", features = ["sqlite", "postgres"] }\n', "migration"],
    ['[dependencies]\nsqlx = { version = "0.8", features = ["sqlite"] }\n\n[features]\npostgres = ["sqlx/postgres"]\n', "migration"],
    ['[dependencies]\nsqlx = { workspace = true }\nrusqlite = { version = "1", features = ["sqlite"] }\n', "migration"],
  ])("are told by the driver in Cargo.toml: %j", (manifest, role) => {
    expect(detect({ "Cargo.toml": manifest, "migrations/1_x.sql": table })[0]?.files[0]?.role).toBe(role)
  })

  it.each([
    ["CREATE TABLE t (at DateTime CODEC(Delta, ZSTD(3))) engine = MergeTree ORDER BY at;\n", "dialect"],
    ["CREATE TABLE `t` (`id` INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;\n", "dialect"],
    ["CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);\n", "dialect"],
    ["CREATE TABLE [dbo].[t] (name NVARCHAR(40));\n", "dialect"],
    ["CREATE DATABASE IF NOT EXISTS `shop`;\n", "dialect"],
    ["ALTER TABLE t ADD COLUMN IF NOT EXISTS tags Array(String), ADD COLUMN a UInt64 DEFAULT 0, ADD COLUMN b Float32;\n", "dialect"],
    ["CREATE TABLE t (string text, float32 real, int64 int8, a int8[]);\nSELECT a AS string FROM t;\n", "migration"],
    ["CREATE USER app IDENTIFIED BY 'secret';\n", "dialect"],
    ["CREATE USER identified; COMMENT ON ROLE identified IS 'identified by x';\n", "migration"],
    ["CREATE TABLE t (id TEXT PRIMARY KEY, data BLOB) STRICT;\n", "dialect"],
    ["CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;\n", "dialect"],
    ["CREATE TABLE t (id INT8 PRIMARY KEY DEFAULT unique_rowid(), a INT8);\n", "dialect"],
    ["CREATE INDEX i ON t (a) STORING (b);\n", "dialect"],
    ["CREATE INDEX i ON t (a) INCLUDE (storing);\n", "migration"],
    ["CREATE TABLE t (at INTEGER NOT NULL DEFAULT (strftime('%s', 'now')));\n", "dialect"],
    ["CREATE TABLE t (id int);\nCREATE FUNCTION f(a int) RETURNS TABLE (b int) STRICT LANGUAGE sql AS 'SELECT 1';\n", "migration"],
    ["-- was: CREATE TABLE `t` (id INT) ENGINE=InnoDB\nCREATE TABLE t (id int, note text DEFAULT ') engine=x');\n", "migration"],
    ["DO $$ BEGIN RAISE NOTICE 'ALTER TABLE `t` MODIFY COLUMN id'; END $$;\n", "migration"],
    ["CREATE TABLE t (id int, engine text, autoincrement int, CHECK (engine = 'a'));\n", "migration"],
    ["CREATE TABLE t (id int){{ if .mysql }} ENGINE=InnoDB{{ end }};\n", "migration"],
  ])("are told by their text: %j", (sql, role) => {
    const text = `-- migrate:up\n${sql}`
    expect(detect({ "m/20240101000000_a.sql": text, "m/20240102000000_b.sql": text })[0]?.files[0]?.role).toBe(role)
  })

  it("are told by several of the texts of a sequence", () => {
    const views = { "m/1_a.sql": "-- migrate:up\nCREATE TABLE t (at DateTime) ENGINE = MergeTree;\n", "m/2_b.sql": "-- migrate:up\nDROP VIEW v;\n", "m/3_c.sql": "-- migrate:up\nCREATE MATERIALIZED VIEW v TO u AS SELECT 1;\n" }
    expect(detect(views)[0]?.files.map(({ role }) => role)).toEqual(["dialect", "dialect", "dialect"])
    const stray = { "m/1_a.up.sql": "CREATE TABLE `t` (id int);\n", "m/2_b.up.sql": table, "m/3_c.up.sql": table }
    expect(detect(stray)[0]?.files.map(({ role }) => role)).toEqual(["migration", "migration", "migration"])
    // A mistake in the only migration stays one.
    expect(detect({ "m/1_a.up.sql": "CREATE TABLE t (id int AUTO_INCREMENT);\n" })[0]?.files[0]?.role).toBe("migration")
    expect(detect({ "m/1_a.up.sql": "CREATE TABLE t (id int) ENGINE=InnoDB;\n" })[0]?.files[0]?.role).toBe("dialect")
  })

  it("are told by what deploys, as what reverts is the same for all, and by more files where a few leave it open", () => {
    const plan = Array.from({ length: 24 }, (_, index) => `t${String(index)}`)
    const deploys = plan.map((name, index) => [`deploy/${name}.sql`, index % 2 === 0 ? `CREATE TABLE ${name} (id INT AUTO_INCREMENT, PRIMARY KEY (id));\n` : `ALTER TABLE ${name} ADD note text;\n`] as const)
    const others = plan.flatMap((name) => [[`revert/${name}.sql`, `DROP TABLE ${name};\n`], [`verify/${name}.sql`, `SELECT id FROM ${name};\n`]] as const)
    const files = Object.fromEntries([["sqitch.plan", `%project=x\n\n${plan.map((name) => `${name} 2024-01-01T00:00:00Z A <a@b>\n`).join("")}`], ...deploys, ...others])
    const roles = (paths: readonly string[]): (string | undefined)[] => detect(files, paths, { history: true })[0]?.files.filter(({ path }) => path.startsWith("deploy/")).map(({ role }) => role) ?? []
    expect(new Set(roles(Object.keys(files).filter((path) => path.endsWith(".sql"))))).toEqual(new Set(["dialect"]))
    expect(new Set(roles(["deploy/t1.sql"]))).toEqual(new Set(["dialect"]))
  })

  it("are told by a file alone that says so throughout, where no tool says that the files belong together", () => {
    const lite = (name: string): string => `CREATE TABLE IF NOT EXISTS "${name}" (\n  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL\n);\n`
    const roles = (files: Readonly<Record<string, string>>): unknown => detect(files).flatMap(({ files: members }) => members.map(({ path, role }) => `${path} ${role}`))
    const dump = `-- a dump\n${["a", "b", "c", "d"].map(lite).join("")}CREATE TABLE e (t text DEFAULT '{{id}}');\n`
    expect(roles({ "schema/lite.sql": dump })).toEqual(["schema/lite.sql dialect"])
    expect(roles({ "schema/lite.sql": dump, "schema/other.sql": table, "schema/more.sql": table })).toEqual(["schema/lite.sql dialect", "schema/more.sql migration", "schema/other.sql migration"])
    expect(roles({ "schema/lite.sql": `PRAGMA foreign_keys=OFF;\n${lite("a")}` })).toEqual(["schema/lite.sql dialect"])
    // Two mistakes among many tables, and words in names and texts.
    expect(roles({ "schema/a.sql": `${lite("a")}${lite("b")}${table}` })).toEqual(["schema/a.sql migration"])
    expect(roles({ "schema/a.sql": `CREATE TABLE t (pragma text, note text DEFAULT 'PRAGMA foreign_keys', autoincrement int);\n` })).toEqual(["schema/a.sql migration"])
    expect(roles({ "m/1_a.up.sql": dump, "m/2_b.up.sql": table })).toEqual(["m/1_a.up.sql migration", "m/2_b.up.sql migration"])
  })

  it("include the file for all databases that Pop has one of PostgreSQL's own for", () => {
    const names = ["1_a.up.sql", "1_a.postgres.up.sql", "1_a.down.sql", "2_b.autocommit.up.sql", "2_b.postgres.autocommit.up.sql", "3_c.mysql.up.sql", "3_c.up.sql"]
    const files = Object.fromEntries(names.map((name) => [`migrations/${name}`, table]))
    const roles = detect({ "go.mod": "require github.com/gobuffalo/pop/v6 v6.1.1\n", ...files })[0]?.files.map(({ path, role }) => `${path.slice(11)} ${role}`)
    expect(roles).toEqual([
      "1_a.down.sql migration",
      "1_a.postgres.up.sql migration",
      "1_a.up.sql foreign",
      "2_b.autocommit.up.sql foreign",
      "2_b.postgres.autocommit.up.sql migration",
      "3_c.mysql.up.sql foreign",
      "3_c.up.sql migration",
    ])
  })
})
