import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { discover } from "../../src/files/discover.ts"

let cwd = ""

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "pgsafe-"))
})

afterEach(() => {
  rmSync(cwd, { recursive: true })
})

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), "SELECT 1;\n")
  }
}

async function found(inputs: string[], ignore: string[] = []): Promise<readonly string[]> {
  const { files, errors } = await discover(inputs, { cwd, ignore })
  expect(errors).toEqual([])
  return files
}

describe("inputs", () => {
  it("are files, folders and patterns, in that order and each file once", async () => {
    write("b/2.sql", "b/10.sql", "b/c/1.sql", "b/notes.md", "a.sql")
    expect(await found(["a.sql", "./b/", "b/*.sql", join(cwd, "a.sql")])).toEqual(["a.sql", "b/10.sql", "b/2.sql", "b/c/1.sql"])
    expect(await found(["**/[12].sql"])).toEqual(["b/2.sql", "b/c/1.sql"])
    expect(await found(["."])).toEqual(["a.sql", "b/10.sql", "b/2.sql", "b/c/1.sql"])
  })

  it("may have upper-case extensions, as Windows leaves them", async () => {
    write("db/migrations/1_a.SQL", "db/migrations/2_b.sql", "db/migrations/3_c.Sql")
    expect(await found(["db"])).toEqual(["db/migrations/1_a.SQL", "db/migrations/2_b.sql", "db/migrations/3_c.Sql"])
    expect(await found(["db/migrations/*"])).toEqual(["db/migrations/1_a.SQL", "db/migrations/2_b.sql", "db/migrations/3_c.Sql"])
    rmSync(join(cwd, "db/migrations/2_b.sql"))
    expect((await discover([], { cwd })).picked).toEqual(["db/migrations"])
  })

  it("may be absolute, and then the answer is", async () => {
    write("m/1.sql")
    expect(await found([join(cwd, "m")])).toEqual([`${cwd.replaceAll("\\", "/")}/m/1.sql`])
  })

  it("may have names that look like patterns", async () => {
    write("[id]/1.sql", "a{b}.sql")
    expect(await found(["[id]", "a{b}.sql"])).toEqual(["[id]/1.sql", "a{b}.sql"])
  })

  it("may be Liquibase's changelogs, which their beginnings tell", async () => {
    write("db/1.sql", "db/notes.xml", "db/data.json")
    writeFileSync(join(cwd, "db/schema.xml"), '<?xml version="1.0"?>\n<!-- all of it -->\n<databaseChangeLog xmlns="x">\n</databaseChangeLog>\n')
    writeFileSync(join(cwd, "db/more.yaml"), "# later\ndatabaseChangeLog:\n  - changeSet:\n")
    writeFileSync(join(cwd, "db/changelog-3.json"), '{ "databaseChangeLog": [] }')
    mkdirSync(join(cwd, "db/liquibase"))
    writeFileSync(join(cwd, "db/liquibase/4.json"), '{ "databaseChangeLog": [] }')
    writeFileSync(join(cwd, "db/parts.yaml"), "x-columns:\n  - column: &key\n      type: uuid\n\ndatabaseChangeLog:\n  - changeSet:\n")
    writeFileSync(join(cwd, "db/config.yml"), "file: databaseChangeLog\nof:\n  databaseChangeLog: x\n")
    const changelogs = ["db/changelog-3.json", "db/liquibase/4.json", "db/more.yaml", "db/parts.yaml", "db/schema.xml"]
    expect(await discover(["db"], { cwd })).toMatchObject({ files: ["db/1.sql"], others: [], code: changelogs })
    expect((await discover(["db"], { cwd, ignore: ["db/*.xml"] })).code).toEqual(changelogs.slice(0, 4))
    expect((await discover(["db/**"], { cwd })).code).toEqual(changelogs)
    expect(await discover(["db/1.sql", "db/schema.xml", "db/notes.xml"], { cwd })).toMatchObject({ others: ["db/notes.xml"], code: ["db/schema.xml"] })
  })

  it("may be a changelog, which means those that it includes as well", async () => {
    write("db/other.sql", "db/all/1.sql")
    writeFileSync(join(cwd, "db/all.xml"), '<databaseChangeLog><include file="more.xml" relativeToChangelogFile="true"/><includeAll path="db/all"/></databaseChangeLog>')
    writeFileSync(join(cwd, "db/more.xml"), "<databaseChangeLog/>")
    expect(await discover(["db/all.xml"], { cwd })).toMatchObject({ files: ["db/all/1.sql"], code: ["db/all.xml", "db/more.xml"] })
  })

  it("may hold settings that begin with a frame of signs, or with many comments", async () => {
    write("1.sql")
    writeFileSync(join(cwd, "settings.yml"), `${"#".repeat(70)}\n# Settings   #\n${"#".repeat(70)}\nport: 3000\n`)
    writeFileSync(join(cwd, "pom.xml"), `${"<!-- a part of it -->\n".repeat(50)}<project/>\n`)
    writeFileSync(join(cwd, "all.yaml"), `${"#".repeat(70)}\r\n# All of it\r\n\r\ndatabaseChangeLog:\r\n`)
    expect(await discover(["."], { cwd })).toMatchObject({ files: ["1.sql"], code: ["all.yaml"] })
  })

  it("leave out dependencies and hidden folders, unless these are asked for", async () => {
    write("node_modules/x/1.sql", ".cache/1.sql", "m/1.sql")
    expect(await found(["."])).toEqual(["m/1.sql"])
    expect(await found(["node_modules/x"])).toEqual(["node_modules/x/1.sql"])
  })

  it("follow links to files, not to folders", async () => {
    write("real/1.sql", "m/2.sql")
    symlinkSync(join(cwd, "real/1.sql"), join(cwd, "m/linked.sql"))
    symlinkSync(join(cwd, "m"), join(cwd, "m/loop"))
    expect(await found(["m"])).toEqual(["m/2.sql", "m/linked.sql"])
  })

  it("follow links to files in patterns, too, and only files count", async () => {
    write("real/1.sql", "m/2.sql", "m/folder.sql/4.sql")
    symlinkSync(join(cwd, "real/1.sql"), join(cwd, "m/linked.sql"))
    symlinkSync(join(cwd, "real"), join(cwd, "m/folder-link.sql"))
    symlinkSync(join(cwd, "gone.sql"), join(cwd, "m/gone.sql"))
    const { files, errors } = await discover(["m/*.sql"], { cwd })
    expect(files).toEqual(["m/2.sql", "m/linked.sql"])
    expect(errors).toEqual([{ file: "m/gone.sql", message: "the link leads nowhere", kind: "missing" }])
  })

  it.skipIf(process.platform === "win32")("may have a backslash in their names", async () => {
    write("a\\b.sql", "a/c.sql")
    expect(await found(["a\\b.sql"])).toEqual(["a\\b.sql"])
    expect((await discover(["a\\c.sql"], { cwd })).errors).toMatchObject([{ kind: "missing" }])
  })

  it("report links that lead nowhere, or round in a circle", async () => {
    write("m/1.sql")
    symlinkSync(join(cwd, "gone.sql"), join(cwd, "m/2.sql"))
    symlinkSync(join(cwd, "m/3.sql"), join(cwd, "m/3.sql"))
    const { files, errors } = await discover(["m"], { cwd })
    expect(files).toEqual(["m/1.sql"])
    expect(errors.map(({ file, message }) => `${file}: ${message}`)).toEqual(["m/2.sql: the link leads nowhere", "m/3.sql: the link leads nowhere"])
  })

  it("never vanish silently", async () => {
    write("m/1.sql", "empty/readme.md")
    const { files, errors } = await discover(["nope.sql", "m", "empty", "x/*.sql", "m/1.sql/2.sql"], { cwd })
    expect(files).toEqual(["m/1.sql"])
    expect(errors).toEqual([
      { file: "nope.sql", message: "there is no such file or folder", kind: "missing" },
      { file: "empty", message: "there is no .sql file and no migration in code in this folder", kind: "empty" },
      { file: "x/*.sql", message: "no .sql file and no code matches this pattern", kind: "empty" },
      { file: "m/1.sql/2.sql", message: "there is no such file or folder", kind: "missing" },
    ])
  })

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("say when a folder may not be read", async () => {
    write("m/1.sql", "locked/1.sql")
    chmodSync(join(cwd, "locked"), 0)
    const { files, errors } = await discover(["."], { cwd })
    chmodSync(join(cwd, "locked"), 0o755)
    expect(files).toEqual(["m/1.sql"])
    expect(errors).toEqual([{ file: "locked", message: "permission denied", kind: "unreadable" }])
  })

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("say when a folder that a pattern looks into may not be read", async () => {
    write("m/1.sql", "m/locked/1.sql")
    chmodSync(join(cwd, "m/locked"), 0)
    const { files, errors } = await discover(["m/**/*.sql"], { cwd })
    chmodSync(join(cwd, "m/locked"), 0o755)
    expect(files).toEqual(["m/1.sql"])
    expect(errors).toEqual([{ file: "m/**/*.sql", message: "cannot read the folder m/locked: permission denied", kind: "unreadable" }])
  })
})

describe("files that are gone", () => {
  it("count in folders, patterns and by name, as if they were there", async () => {
    write("m/1.sql")
    const at = (path: string): string => `${cwd.replaceAll("\\", "/")}/${path}`
    const gone = ["m/2.sql", "m/sub/3.sql", "m/.hidden/4.sql", "n/5.sql"].map(at)
    for (const [input, files] of [["m", ["m/1.sql", "m/2.sql", "m/sub/3.sql"]], ["m/*.sql", ["m/1.sql", "m/2.sql"]], ["n", ["n/5.sql"]], ["m/2.sql", ["m/2.sql"]]] as const) {
      expect(await discover([input], { cwd, gone })).toMatchObject({ files, errors: [] })
    }
    expect((await discover(["m"], { cwd, gone, ignore: ["m/2.sql"] })).files).toEqual(["m/1.sql", "m/sub/3.sql"])
  })
})

describe("ignored paths", () => {
  it.each([
    ["[z-a].sql", ["legacy/0.sql", "m/1.sql", "m/2.down.sql"]],
    ["legacy", ["m/1.sql", "m/2.down.sql"]],
    ["legacy/**", ["m/1.sql", "m/2.down.sql"]],
    ["*.down.sql", ["legacy/0.sql", "m/1.sql"]],
    ["m/{1,2}*", ["legacy/0.sql"]],
    ["**/[!1]*.sql", ["m/1.sql"]],
    ["./m", ["legacy/0.sql"]],
  ])("%s", async (pattern, expected) => {
    write("legacy/0.sql", "m/1.sql", "m/2.down.sql")
    expect(await found(["."], [pattern])).toEqual(expected)
  })

  it("are left out even when they are named", async () => {
    write("m/1.sql", "m/2.sql")
    expect(await discover(["m/1.sql", "m/2.sql"], { cwd, ignore: ["m/1.sql"] })).toMatchObject({ files: ["m/2.sql"], leftOut: true })
    expect(await discover(["m"], { cwd, ignore: ["other"] })).toMatchObject({ files: ["m/1.sql", "m/2.sql"], leftOut: false })
  })
})

describe("without a path", () => {
  it.each([
    ["migrations/1.sql", "migrations"],
    ["db/migrations/1_x.sql", "db/migrations"],
    ["services/cart/src/main/resources/db/migration/V1__x.sql", "services/cart/src/main/resources/db/migration"],
    ["packages/db/prisma/migrations/1_x/migration.sql", "packages/db/prisma/migrations"],
    ["src/main/resources/db/changelog/a.sql", "src/main/resources/db/changelog"],
    ["apps/web/drizzle/0000_x.sql", "apps/web/drizzle"],
    ["conf/evolutions/default/1.sql", "conf/evolutions"],
    ["app/src/main/resources/flyway/V1__x.sql", "app/src/main/resources/flyway"],
    ["src/main/resources/liquibase/a.sql", "src/main/resources/liquibase"],
    ["db/changelogs/a.sql", "db/changelogs"],
    ["sql/V1__x.sql", "sql"],
    ["pkg/store/pgmigrations/1_x.up.sql", "pkg/store/pgmigrations"],
  ])("%s is found in %s", async (path, folder) => {
    write(path, "queries/users.sql", "node_modules/x/migrations/1.sql", "test/migrations/1.sql", "pkg/stub/migrations/1.sql")
    const { files, picked } = await discover([], { cwd })
    expect([files, picked]).toEqual([[path], [folder]])
  })

  it("finds the scripts of Sqitch by its plan", async () => {
    write("db/sqitch.plan", "db/deploy/x.sql", "db/revert/x.sql", "other/deploy/y.sql")
    expect((await discover([], { cwd })).picked).toEqual(["db/deploy"])
  })

  it("finds the folders that Atlas keeps a list of", async () => {
    write("app/store/revisions/atlas.sum", "app/store/revisions/20240101000000.sql", "app/store/queries/users.sql", "app/empty/atlas.sum", "sqlite/revisions/atlas.sum", "sqlite/revisions/1.sql")
    expect((await discover([], { cwd })).picked).toEqual(["app/store/revisions"])
  })

  it("finds the environments of Alembic, whatever their folders are called", async () => {
    write("src/shop/database/revisions/core/env.py", "src/shop/database/revisions/core/versions/2021-06-02_f011c050b9ba.py", "src/shop/versions/base.py", "src/shop/empty/env.py", "src/shop/empty/versions/__init__.py")
    expect((await discover([], { cwd })).picked).toEqual(["src/shop/database/revisions/core"])
  })

  it("finds the revisions that lie beside Alembic's template", async () => {
    write("src/app/db/revisions/core/script.py.mako", "src/app/db/revisions/core/versions/2024_add_region.py", "src/app/other/versions/notes.py", "src/app/empty/script.py.mako")
    expect((await discover([], { cwd })).picked).toEqual(["src/app/db/revisions/core"])
  })

  it("finds a changelog that lies in no folder for migrations", async () => {
    write("src/main/resources/notes-on-migrations.yaml")
    writeFileSync(join(cwd, "src/main/resources/migrations.xml"), "<databaseChangeLog/>\n")
    expect(await discover([], { cwd })).toMatchObject({ picked: ["src/main/resources/migrations.xml"], code: ["src/main/resources/migrations.xml"] })
    writeFileSync(join(cwd, "src/main/resources/changelog.xml"), '<databaseChangeLog><include file="migrations.xml"/></databaseChangeLog>\n')
    expect(await discover([], { cwd })).toMatchObject({ picked: ["src/main/resources/changelog.xml"], code: ["src/main/resources/changelog.xml", "src/main/resources/migrations.xml"] })
  })

  it("finds folders with files that are called like nothing but migrations, where no folder is called so", async () => {
    write("app/src/main/resources/org/shop/app/store/database/V1__a.sql", "api/store/0001_a.up.sql", "api/store/0001_a.down.sql", "api/queries/1_users.sql", "api/store/seed/1_a.up.sql", "tests/V1__b.sql")
    const deep = "app/src/main/resources/org/shop/app/identity/store/database/postgresql"
    write(`${deep}/V1__c.sql`)
    expect((await discover([], { cwd })).picked).toEqual(["api/store", deep, "app/src/main/resources/org/shop/app/store/database"])
    write("db/migration/V1__a.sql")
    expect((await discover([], { cwd })).picked).toEqual(["db/migration"])
  })

  it("finds folders with files that are called like the parts of a sequence, where nothing else tells", async () => {
    const picked = async (...paths: readonly string[]): Promise<readonly string[]> => {
      write(...paths)
      const found = await discover([], { cwd })
      rmSync(cwd, { recursive: true })
      mkdirSync(cwd)
      return found.picked
    }
    const three = (folder: string, name: (number: string) => string): string[] => ["1", "2", "10"].map((number) => `${folder}/${name(number)}`)
    expect(await picked(...three("packages/db", (number) => `000${number}-a.sql`))).toEqual(["packages/db"])
    expect(await picked(...three("schemas", (number) => `schema-upgrade-1.${number}.sql`), "schemas/README")).toEqual(["schemas"])
    expect(await picked(...three("a/b/c/migrations", (number) => `upgrade-${number}.sql`), ...three("a/b/c/schemas", (number) => `all-${number}.sql`))).toEqual(["a/b/c/migrations"])
    expect(await picked(...three("schema/versioned", (number) => `v1.${number}/a.sql`), ...three("mysql/versioned", (number) => `v1.${number}/a.sql`))).toEqual(["schema/versioned"])
    expect(await picked(...three("pg/upgrade", (number) => `${number}-${number}1/a.sql`), ...three("pg/deploy", (number) => `${number}/a.sql`))).toEqual(["pg/upgrade"])
    expect(await picked(...three("queries", (number) => `q${number}.sql`), ...three("docs/tour", (number) => `${number}.sql`))).toEqual([])
    expect(await picked("db/1.sql", "db/2.sql", ...three("reports", (number) => `${number}.sql`), "reports/users.sql", "reports/orders.sql")).toEqual([])
    expect(await picked(...three("app/db", (number) => `${number}.sql`), "db/migrate/1.sql")).toEqual(["db/migrate"])
  })

  it("takes a folder called sql for one of migrations only where none says more, neither in it nor elsewhere", async () => {
    write("store/sql/migrations/1_a.sql", "store/sql/src/1_a.sql", "reports/sql/12_orders.sql")
    expect((await discover([], { cwd })).picked).toEqual(["store/sql/migrations"])
  })

  it("takes it for one where its files have versions and a folder in it is called by what helps migrations", async () => {
    write("sql/2024-01-01_a.sql", "sql/2024-02-01_b.sql", "sql/2024-03-01_c.sql", "sql/migration-helpers/notify.sql")
    expect((await discover([], { cwd })).picked).toEqual(["sql"])
    write("db/migrations/1_a.sql")
    expect((await discover([], { cwd })).picked).toEqual(["db/migrations", "sql/migration-helpers"])
  })

  it("leaves out queries and other databases", async () => {
    write("sql/users.sql", "a/b/c/migrations/status.sql", "mysql/migrations/1.sql")
    expect(await discover([], { cwd })).toEqual({ files: [], code: [], errors: [], picked: [], others: [], leftOut: false })
  })
})
