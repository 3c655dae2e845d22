import { spawnSync } from "node:child_process"
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { describe, expect, it } from "vitest"
import type { LintResult } from "../../src/index.ts"
import { folder, pgsafe, plainEnvironment } from "./pgsafe.ts"

const TABLE = "CREATE TABLE orders (id bigint PRIMARY KEY, region varchar(50));\n"
const SAFE = "SET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN region TYPE varchar(80);\n"
const ERROR = "SET lock_timeout = '5s';\nCLUSTER orders USING orders_pkey;\n"

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd, encoding: "utf8", env: environment })
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`)
}

const environment = Object.fromEntries(
  Object.entries(plainEnvironment({ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" })).filter(([name]) => !/^GIT_(?:DIR|INDEX_FILE|WORK_TREE)$/.test(name)),
)

/** A repository whose branch `main` has the table and an old hazard, and whose current branch is `work`. */
function repository(): string {
  const cwd = folder({ "db/migrations/V1__orders.sql": TABLE, "db/migrations/V2__old.sql": ERROR, "db/report.sql": "SELECT 1;\n" })
  git(cwd, "init", "-q")
  git(cwd, "add", ".")
  git(cwd, "commit", "-qm", "a")
  git(cwd, "checkout", "-qb", "work")
  return cwd
}

function write(cwd: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text)
}

/** File and rule of what is found, and how many files were linted. */
function lint(cwd: string, ...args: readonly string[]): { files: number; found: string[] } {
  const { stdout } = pgsafe(["lint", "--format", "json", ...args], { cwd })
  const { summary, findings } = JSON.parse(stdout) as LintResult
  return { files: summary.files, found: findings.map(({ file, rule }) => `${file} ${rule}`) }
}

describe("--since", () => {
  it("lints the changelogs that were changed, and knows the others", () => {
    const changelog = (body: string): string => `<databaseChangeLog><changeSet id="1" author="t">${body}</changeSet></databaseChangeLog>\n`
    const cwd = repository()
    mkdirSync(join(cwd, "db/changelog"), { recursive: true })
    const master = '<databaseChangeLog><include file="1.xml" relativeToChangelogFile="true"/><include file="2.xml" relativeToChangelogFile="true"/></databaseChangeLog>'
    write(cwd, { "db/changelog/master.xml": master, "db/changelog/1.xml": changelog('<sql>CREATE TABLE carts (id bigint PRIMARY KEY, code text)</sql>') })
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    expect(pgsafe(["lint", "--since", "HEAD", "."], { cwd }).stderr).toBe("pgsafe: no migration changed since HEAD\n")
    write(cwd, { "db/changelog/2.xml": changelog('<dropColumn tableName="carts" columnName="code"/><dropColumn tableName="carts" columnName="region"/>'), "db/changelog/notes.md": "", "pom.xml": "<project/>" })
    const expected = { files: 1, found: ["db/changelog/2.xml column-drop-breaks-code", "db/changelog/2.xml statement-fails"] }
    expect(lint(cwd, "--since", "HEAD", "--ignore", "lock-timeout-missing")).toEqual(expected)
    expect(lint(cwd, "--since", "HEAD", "--ignore", "lock-timeout-missing", "db")).toEqual(expected)
    git(cwd, "add", "db")
    expect(lint(cwd, "--staged", "--ignore", "lock-timeout-missing")).toEqual(expected)
  })

  it("takes what a changelog had before for history, with what a changeset reads", () => {
    const changeSet = (id: number, body: string): string => `<changeSet id="${String(id)}" author="t">\n${body}\n</changeSet>\n`
    const changelog = (...bodies: readonly string[]): string => `<databaseChangeLog>\n${bodies.map((body, index) => changeSet(index, body)).join("")}</databaseChangeLog>\n`
    const old = ["<sql>CREATE TABLE carts (id bigint PRIMARY KEY, code text, note text)</sql>", '<!-- pgsafe-ignore column-drop-breaks-code - unused --><dropColumn tableName="carts" columnName="note"/>', '<sqlFile path="db/drop.sql"/>']
    const cwd = repository()
    mkdirSync(join(cwd, "db/changelog"), { recursive: true })
    write(cwd, { "db/changelog/all.xml": changelog(...old), "db/drop.sql": "ALTER TABLE carts DROP COLUMN IF EXISTS a;\n" })
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    const found = (...args: readonly string[]): string[] =>
      (JSON.parse(pgsafe(["lint", "--format", "json", "--select", "column-drop-breaks-code,column-rename-breaks-code,statement-fails,unused-suppression", ...args], { cwd }).stdout) as LintResult).findings.map(({ file, line, rule, related }) => `${file}:${String(line)} ${rule} ${related.map((one) => `${one.file}:${String(one.line)}`).join(" ")}`.trim())
    write(cwd, { "db/changelog/all.xml": changelog(...old.map((body) => body.replace(" ", "  ")), '<renameColumn tableName="carts" oldColumnName="code" newColumnName="sku"/>', '<dropColumn tableName="carts" columnName="note"/>') })
    expect(found("--since", "HEAD")).toEqual(["db/changelog/all.xml:12 column-rename-breaks-code", "db/changelog/all.xml:15 statement-fails db/changelog/all.xml:3"])
    // All of it together is one deploy, for which the table is new.
    expect(found("db/changelog/all.xml")).toEqual(["db/changelog/all.xml:15 statement-fails db/changelog/all.xml:3", "db/changelog/all.xml:6 unused-suppression"])
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "c")
    write(cwd, { "db/drop.sql": "ALTER TABLE carts DROP COLUMN sku;\n" })
    expect(found("--since", "HEAD")).toEqual(["db/drop.sql:1 column-drop-breaks-code"])
    git(cwd, "add", ".")
    expect(found("--staged")).toEqual(["db/drop.sql:1 column-drop-breaks-code"])
  })

  it("names statements of other migrations by the lines of the code that they stand in", () => {
    const cwd = folder({
      "m/20240101000000_a.js": "exports.up = (knex) => knex.raw('CREATE TABLE orders (id bigint PRIMARY KEY); CREATE TABLE shops (id bigint PRIMARY KEY, name text)')\n",
    })
    git(cwd, "init", "-q")
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "a")
    write(cwd, {
      "m/20240102000000_b.js": "// A column\n\nexports.up = async (knex) => {\n  await knex.raw('ALTER TABLE orders ADD COLUMN a int')\n}\n",
      "m/20240103000000_c.js": "exports.up = async (knex) => {\n\n\n  await knex.raw(\"UPDATE shops SET name = 'x'\")\n  await knex.raw('ALTER TABLE shops ADD COLUMN b int')\n}\n",
    })
    const lints = (rule: string): LintResult["findings"] =>
      (JSON.parse(pgsafe(["lint", "m", "--framework", "knex", "--since", "HEAD", "--select", rule, "--format", "json"], { cwd }).stdout) as LintResult).findings
    const [held] = lints("backfill-holds-lock")
    expect(held).toMatchObject({
      file: "m/20240103000000_c.js",
      message: "UPDATE of shops runs while the transaction holds ACCESS EXCLUSIVE on orders since line 4 of 20240102000000_b.js: all reads and writes of it wait for the whole backfill",
      related: [{ file: "m/20240102000000_b.js", line: 4, message: "ACCESS EXCLUSIVE is taken here" }],
    })
    const [several] = lints("transaction-locks-several-tables")
    expect(several?.message).toContain("since line 4 of 20240102000000_b.js")
    expect(several?.steps.map(({ note }) => note?.slice(0, "Put line 5 and".length))).toEqual(["Put line 5 and"])
  })

  it("are none in a bare repository, which is said", () => {
    const bare = join(folder({}), "bare")
    git(repository(), "clone", "-q", "--bare", ".", bare)
    const stderr = "pgsafe: this folder is in a git repository, but not in its work tree, so there are no files to lint; a bare repository has none\n"
    for (const change of [["--staged"], ["--since", "HEAD"]]) expect(pgsafe(["lint", ...change], { cwd: bare })).toMatchObject({ code: 2, stderr })
  })

  it("lints what the branch adds or changes, committed or not, and replays the rest", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__safe.sql": SAFE })
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    write(cwd, { "db/migrations/V4__new.sql": ERROR })
    expect(lint(cwd, "--since", "main")).toEqual({ files: 2, found: ["db/migrations/V4__new.sql cluster-rewrites-table"] })
  })

  it("does not count what the other branch did meanwhile", () => {
    const cwd = repository()
    git(cwd, "checkout", "-q", "main")
    write(cwd, { "db/migrations/V3__theirs.sql": ERROR })
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    git(cwd, "checkout", "-q", "work")
    const { code, stdout, stderr } = pgsafe(["lint", "--since", "main"], { cwd })
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "no findings in 0 statements in 0 files\n",
      stderr: "pgsafe: no migration changed since main\n",
    })
  })

  it("takes the files for one deploy: what an earlier one creates is new to a later one", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__a.sql": "CREATE TABLE items (id bigint);\n", "db/migrations/V4__b.sql": "CREATE INDEX items_id ON items (id);\n" })
    expect(lint(cwd, "--since", "main")).toEqual({ files: 2, found: [] })
    expect(lint(cwd, "db/migrations/V3__a.sql", "db/migrations/V4__b.sql").found).toEqual(["db/migrations/V4__b.sql index-creation-blocks-writes"])
  })

  it("sees expand, migrate and contract in three files of one deploy", () => {
    const cwd = repository()
    write(cwd, {
      "db/migrations/V3__expand.sql": "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN area text;\n",
      "db/migrations/V4__migrate.sql": "SET lock_timeout = '5s';\nUPDATE orders SET area = region WHERE id < 1000;\n",
      "db/migrations/V5__contract.sql": "SET lock_timeout = '5s';\nALTER TABLE orders DROP COLUMN region;\n",
    })
    const { stdout } = pgsafe(["lint", "--format", "json", "--select", "deploy-mixes-phases", "--since", "main"], { cwd })
    const [finding] = (JSON.parse(stdout) as LintResult).findings
    expect(finding?.message).toBe(
      "dropping column region of orders contracts in the same deploy that expands (line 2 of V3__expand.sql) and migrates (line 2 of V4__migrate.sql)",
    )
    expect(finding?.related.map(({ file, line }) => `${file}:${String(line)}`)).toEqual(["db/migrations/V3__expand.sql:2", "db/migrations/V4__migrate.sql:2"])
  })

  it("takes a renumbered migration for changed, and one that only moved to another folder for history", () => {
    const cwd = repository()
    renameSync(join(cwd, "db/migrations/V2__old.sql"), join(cwd, "db/migrations/V3__old.sql"))
    git(cwd, "add", "-A")
    expect(lint(cwd, "--since", "main")).toEqual({ files: 1, found: ["db/migrations/V3__old.sql cluster-rewrites-table"] })
    mkdirSync(join(cwd, "sql/migrations"), { recursive: true })
    renameSync(join(cwd, "db/migrations/V1__orders.sql"), join(cwd, "sql/migrations/V1__orders.sql"))
    renameSync(join(cwd, "db/migrations/V3__old.sql"), join(cwd, "sql/migrations/V2__old.sql"))
    git(cwd, "add", "-A")
    expect(lint(cwd, "--since", "main")).toEqual({ files: 0, found: [] })
  })

  it("works from a subdirectory, with paths, in a worktree and in a submodule", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__new.sql": ERROR, "db/other.sql": ERROR })
    const found = "cluster-rewrites-table"
    expect(lint(join(cwd, "db"), "--since", "main").found).toEqual([`migrations/V3__new.sql ${found}`])
    expect(lint(join(cwd, "db/migrations"), "--since", "main", "..").found).toEqual([`../migrations/V3__new.sql ${found}`, `../other.sql ${found}`])
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    git(cwd, "config", "diff.relative", "true")
    mkdirSync(join(cwd, "web"))
    expect(lint(join(cwd, "web"), "--since", "main", "../db/migrations").found).toEqual([`../db/migrations/V3__new.sql ${found}`])
    const elsewhere = folder({})
    git(cwd, "worktree", "add", "-q", join(elsewhere, "tree"), "-b", "third")
    expect(lint(join(elsewhere, "tree"), "--since", "main").found).toEqual([`db/migrations/V3__new.sql ${found}`])
    const outer = folder({})
    git(outer, "init", "-q")
    git(outer, "submodule", "--quiet", "add", "-b", "work", pathToFileURL(cwd).href, "inner")
    expect(lint(join(outer, "inner"), "--since", "origin/main").found).toEqual([`db/migrations/V3__new.sql ${found}`])
  })

  it("works in a shallow clone that has the commit, though not where the branches parted", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__new.sql": ERROR })
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    const clone = folder({})
    git(clone, "clone", "-q", "--depth=1", "--branch", "work", pathToFileURL(cwd).href, "shallow")
    const shallow = join(clone, "shallow")
    git(shallow, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    expect(lint(shallow, "--since", "origin/main")).toEqual({ files: 1, found: ["db/migrations/V3__new.sql cluster-rewrites-table"] })
  })

  it("reads nothing of the other files that have changed: a partial clone would have to fetch them", () => {
    const cwd = folder({ "db/migrations/V1__orders.sql": TABLE, "photo.txt": "a line\n".repeat(90) })
    git(cwd, "init", "-q")
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "a")
    git(cwd, "checkout", "-qb", "work")
    renameSync(join(cwd, "photo.txt"), join(cwd, "picture.txt"))
    write(cwd, { "picture.txt": "a line\n".repeat(80), "db/migrations/V2__new.sql": ERROR })
    git(cwd, "add", "-A")
    git(cwd, "commit", "-qm", "b")
    const { stdout } = spawnSync("git", ["rev-parse", "main:photo.txt"], { cwd, encoding: "utf8", env: environment })
    rmSync(join(cwd, ".git/objects", stdout.slice(0, 2), stdout.slice(2).trim()), { force: true })
    expect(lint(cwd, "--since", "main")).toEqual({ files: 1, found: ["db/migrations/V2__new.sql cluster-rewrites-table"] })
  })

  it("leaves a migration that was deleted out of the history", () => {
    const cwd = repository()
    rmSync(join(cwd, "db/migrations/V1__orders.sql"))
    write(cwd, { "db/migrations/V3__a.sql": SAFE })
    git(cwd, "add", "-A")
    const gone = { files: 1, found: ["db/migrations/V3__a.sql type-change-blocks-queries"] }
    expect(lint(cwd, "--since", "main")).toEqual(gone)
    expect(lint(cwd, "--staged")).toEqual(gone)
  })

  it("says why it cannot compare", () => {
    const said = (cwd: string, ...args: readonly string[]): unknown => {
      const { code, stderr } = pgsafe(["lint", ...args], { cwd, env: { GIT_CEILING_DIRECTORIES: join(cwd, "..") } })
      return { code, stderr }
    }
    const cwd = repository()
    write(cwd, { "db/migrations/V3__new.sql": ERROR })
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "b")
    expect(said(cwd, "--since", "mian")).toEqual({ code: 2, stderr: 'pgsafe: git knows no commit "mian"\n' })
    expect(said(cwd, "--since", "main", "--staged")).toEqual({ code: 2, stderr: "pgsafe: --since and --staged are two different questions; take one\n" })
    expect(said(folder({ "migrations/V1__a.sql": ERROR }), "--since", "main")).toEqual({ code: 2, stderr: "pgsafe: this folder is not in a git repository\n" })
    const clone = folder({})
    git(clone, "clone", "-q", "--depth=1", pathToFileURL(cwd).href, "shallow")
    expect(said(join(clone, "shallow"), "--since", "origin/main")).toEqual({
      code: 2,
      stderr: 'pgsafe: this shallow clone does not have the commit "origin/main"; fetch it first, for example with: git fetch --depth=1 origin main\n',
    })
    const { code, stderr } = pgsafe(["lint", "--since", "main"], { cwd, env: { PATH: "" } })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: git is not installed, or not on the PATH\n" })
  })
})

describe("--staged", () => {
  it("lints the content that is staged, not the one in the folder", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__new.sql": ERROR, "db/migrations/V4__unstaged.sql": ERROR })
    git(cwd, "add", "db/migrations/V3__new.sql")
    write(cwd, { "db/migrations/V3__new.sql": SAFE })
    expect(lint(cwd, "--staged")).toEqual({ files: 1, found: ["db/migrations/V3__new.sql cluster-rewrites-table"] })
  })

  it("knows of earlier migrations what is staged, and not what the folder has", () => {
    const cwd = repository()
    const wider = "SET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN region TYPE varchar(60);\n"
    write(cwd, { "db/migrations/V5__wider.sql": wider })
    git(cwd, "add", ".")
    expect(lint(cwd, "--staged")).toEqual({ files: 1, found: [] })
    const narrower = ["db/migrations/V5__wider.sql type-change-blocks-queries"]
    // Not staged, not in git at all, and gone from the folder.
    const table = TABLE.replace("50", "80")
    write(cwd, { "db/migrations/V1__orders.sql": table })
    expect(lint(cwd, "--staged").found).toEqual([])
    expect(lint(cwd, "--since", "HEAD").found).toContain(narrower[0])
    git(cwd, "checkout", "db/migrations/V1__orders.sql")
    write(cwd, { "db/migrations/V4__loose.sql": SAFE })
    expect(lint(cwd, "--staged").found).toEqual([])
    git(cwd, "add", "-N", "db/migrations/V4__loose.sql")
    expect(lint(cwd, "--staged").found).toEqual([])
    git(cwd, "add", ".")
    expect(lint(cwd, "--staged").found).toEqual(narrower)
    git(cwd, "commit", "-qm", "b", "--", "db/migrations/V4__loose.sql")
    rmSync(join(cwd, "db/migrations/V4__loose.sql"))
    expect(lint(cwd, "--staged").found).toEqual(narrower)
  })

  it("says where the staged content of another file has what a finding refers to", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__total.sql": "-- the total\nALTER TABLE orders ADD COLUMN total integer;\n", "db/migrations/V4__wide.sql": "ALTER TABLE orders ALTER COLUMN total TYPE bigint;\n" })
    git(cwd, "add", ".")
    write(cwd, { "db/migrations/V3__total.sql": "-- one\n-- two\n-- three\nALTER TABLE orders ADD COLUMN total integer;\n" })
    const { stdout } = pgsafe(["lint", "--staged", "--select", "type-change-blocks-queries", "--format", "json"], { cwd })
    const { findings } = JSON.parse(stdout) as LintResult
    expect(findings.flatMap(({ related }) => related)).toMatchObject([{ file: "db/migrations/V3__total.sql", line: 2, column: 1 }])
  })

  it("ends with 2 when a staged link leads nowhere", () => {
    const cwd = repository()
    symlinkSync("../../gone.sql", join(cwd, "db/migrations/V3__new.sql"))
    git(cwd, "add", ".")
    expect(pgsafe(["lint", "--staged"], { cwd })).toMatchObject({ code: 2, stderr: "pgsafe: db/migrations/V3__new.sql: the link leads nowhere\n" })
    expect(pgsafe(["lint", "--since", "main"], { cwd }).code).toBe(2)
    // Of what has not changed nothing was asked.
    git(cwd, "commit", "-qm", "b")
    expect(pgsafe(["lint", "--staged"], { cwd })).toMatchObject({ code: 0, stderr: "pgsafe: no migration is staged\n" })
  })

  it("lints what is staged and then deleted, and what a staged link leads to", () => {
    const cwd = repository()
    write(cwd, { "db/migrations/V3__new.sql": ERROR })
    git(cwd, "add", ".")
    rmSync(join(cwd, "db/migrations/V3__new.sql"))
    const expected = { files: 1, found: ["db/migrations/V3__new.sql cluster-rewrites-table"] }
    for (const paths of [[], ["db"], ["db/**/*.sql"], ["db/migrations/V3__new.sql"]]) expect(lint(cwd, "--staged", ...paths)).toEqual(expected)
    write(cwd, { "shared.sql": ERROR })
    symlinkSync("../../shared.sql", join(cwd, "db/migrations/V3__new.sql"))
    git(cwd, "add", "db")
    expect(lint(cwd, "--staged")).toEqual(expected)
  })

  it("asks nothing about standard input", () => {
    const { code, stderr } = pgsafe(["lint", "-", "--staged"], { cwd: repository(), input: ERROR })
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: standard input is no file of which git could say whether it has changed; lint it without --since and --staged\n" })
  })

  it("works from a subdirectory, with renames, in a worktree and in a submodule", () => {
    const cwd = repository()
    const found = "cluster-rewrites-table"
    renameSync(join(cwd, "db/migrations/V2__old.sql"), join(cwd, "db/migrations/V3 größer.sql"))
    git(cwd, "add", "-A")
    expect(lint(join(cwd, "db/migrations"), "--staged", ".")).toEqual({ files: 1, found: [`V3 größer.sql ${found}`] })
    git(cwd, "commit", "-qm", "b")
    const elsewhere = folder({})
    git(cwd, "worktree", "add", "-q", join(elsewhere, "tree"), "-b", "third")
    write(join(elsewhere, "tree"), { "db/migrations/V4__new.sql": ERROR })
    git(join(elsewhere, "tree"), "add", ".")
    expect(lint(join(elsewhere, "tree"), "--staged").found).toEqual([`db/migrations/V4__new.sql ${found}`])
    expect(lint(cwd, "--staged").files).toBe(0)
    const outer = folder({})
    git(outer, "init", "-q")
    git(outer, "submodule", "--quiet", "add", "-b", "work", pathToFileURL(cwd).href, "inner")
    write(join(outer, "inner"), { "db/migrations/V4__new.sql": ERROR })
    git(join(outer, "inner"), "add", ".")
    expect(lint(join(outer, "inner"), "--staged").found).toEqual([`db/migrations/V4__new.sql ${found}`])
    // The submodule itself is a folder of the outer repository, whose content is none of its business.
    expect(lint(outer, "--staged").files).toBe(0)
  })

  it("is silent when no migration is staged, and works before the first commit", () => {
    const cwd = repository()
    expect(pgsafe(["lint", "--staged"], { cwd })).toMatchObject({ code: 0, stderr: "pgsafe: no migration is staged\n" })
    rmSync(join(cwd, ".git"), { recursive: true })
    git(cwd, "init", "-q")
    git(cwd, "add", ".")
    expect(lint(cwd, "--staged").files).toBe(2)
  })
})
