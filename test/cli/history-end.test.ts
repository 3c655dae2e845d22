import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { LintResult } from "../../src/index.ts"
import { folder, pgsafe, plainEnvironment } from "./pgsafe.ts"

const TABLE = "CREATE TABLE orders (id bigint PRIMARY KEY, region text);\n"
const CHECK = "SET lock_timeout = '5s';\nALTER TABLE orders ADD CONSTRAINT region_set CHECK (region IS NOT NULL) NOT VALID;\n"
const OTHER = "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN note text;\n"
const VALIDATE = "ALTER TABLE orders VALIDATE CONSTRAINT region_set;\n"

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd, encoding: "utf8", env: plainEnvironment() })
  if (status !== 0) throw new Error(stderr)
}

function lint(cwd: string, ...args: readonly string[]): string[] {
  const { findings } = JSON.parse(pgsafe(["lint", "--format", "json", ...args], { cwd }).stdout) as LintResult
  return findings.map(({ file, line, rule }) => `${file}:${String(line)} ${rule}`)
}

/** A project with numbered files; the last ones come with a branch. */
function project(history: readonly string[], branch: readonly string[] = []): string {
  const cwd = folder({})
  git(cwd, "init", "-q")
  const write = (sql: string, at: number): void => { writeFileSync(join(cwd, `V${String(at)}__a.sql`), sql) }
  history.forEach((sql, index) => { write(sql, index + 1) })
  git(cwd, "add", "-A")
  git(cwd, "commit", "-qm", "a")
  branch.forEach((sql, index) => { write(sql, history.length + index + 1) })
  return cwd
}

const FOUND = "V2__a.sql:2 constraint-never-validated"

describe("a constraint that is never validated", () => {
  it("is reported once, where it was added, in a run over all migrations", () => {
    expect(lint(project([TABLE, CHECK, OTHER]), ".")).toEqual([FOUND])
    expect(lint(project([TABLE, CHECK, OTHER, VALIDATE]), ".")).toEqual([])
    expect(lint(project([TABLE, CHECK]), ".")).toEqual([])
  })

  it("is reported from the history of a pending deploy, and not from the deploy itself", () => {
    expect(lint(project([TABLE, CHECK], [OTHER]), "--since", "HEAD")).toEqual([FOUND])
    expect(lint(project([TABLE], [CHECK, OTHER]), "--since", "HEAD")).toEqual([])
    expect(lint(project([TABLE, CHECK], [VALIDATE]), "--since", "HEAD")).toEqual([])
    expect(lint(project([TABLE, CHECK.replace("ALTER", "-- pgsafe-ignore constraint-never-validated -- old rows\nALTER")], [OTHER]), "--since", "HEAD")).toEqual([])
  })

  it("is not reported where only some of the migrations are linted", () => {
    const cwd = project([TABLE, CHECK, OTHER, VALIDATE])
    expect(lint(cwd, "V3__a.sql")).toEqual([])
    expect(lint(cwd, "V2__a.sql", "V3__a.sql")).toEqual([])
    expect(lint(project([TABLE, CHECK, OTHER]), "V3__a.sql")).toEqual([])
  })

  it("is not reported when a file that cannot be read may have validated it", () => {
    const cwd = project([TABLE, CHECK, OTHER])
    writeFileSync(join(cwd, "V4__b.sql"), "ALTER TABLE orders VALIDATE CONSTRAINT region_set SOON;\n")
    expect(lint(cwd, ".").filter((found) => !found.endsWith("syntax-error"))).toEqual([])
  })

  it("has a comment that silences it, and one that silences nothing is reported", () => {
    const ignored = CHECK.replace("ALTER", "-- pgsafe-ignore constraint-never-validated -- old rows\nALTER")
    expect(lint(project([TABLE, ignored, OTHER]), ".")).toEqual([])
    expect(lint(project([TABLE, ignored, VALIDATE]), ".")).toEqual(["V2__a.sql:2 unused-suppression"])
  })
})
