/** The hook and the action that other repositories use. */
import { execFileSync, spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { folder, pgsafe, plainEnvironment } from "../cli/pgsafe.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))

it("the hook runs a command that exists, in one process", () => {
  const [hook] = parse(readFileSync(`${ROOT}.pre-commit-hooks.yaml`, "utf8")) as Record<string, unknown>[]
  expect(hook).toMatchObject({ id: "pgsafe", entry: "pgsafe lint", language: "node", types: ["sql"], require_serial: true })
})

describe.skipIf(process.platform === "win32")("the action", () => {
  function repository(): { cwd: string; base: string } {
    const cwd = folder({ "migrations/1 old.sql": "SET lock_timeout = '5s';\nVACUUM FULL a;\n", "notes.md": "" })
    const git = (...args: string[]): string => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd, encoding: "utf8" })
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "old")
    const base = git("rev-parse", "HEAD").trim()
    writeFileSync(join(cwd, "migrations/2 new.sql"), "SET lock_timeout = '5s';\nVACUUM FULL b;\n")
    writeFileSync(join(cwd, "notes.md"), "more")
    git("add", ".")
    git("commit", "--quiet", "-m", "new")
    return { cwd, base }
  }

  function action(cwd: string, inputs: Readonly<Record<string, string>>): { code: number | null; files: string[]; stdout: string } {
    const environment = { PATHS: "*.sql", ALL: "false", ARGS: "", VERSION: "", ACTION: ROOT, BASE: "", PULL: "", GITHUB_ACTIONS: "true", ...inputs }
    const { status, stdout } = spawnSync("bash", [`${ROOT}scripts/action.sh`], { cwd, encoding: "utf8", env: plainEnvironment(environment) })
    return { code: status, files: [...stdout.matchAll(/^::error file=([^,]+)/gm)].map(([, file = ""]) => file), stdout }
  }

  it("lints what changed", () => {
    const { cwd, base } = repository()
    expect(action(cwd, { BASE: base })).toMatchObject({ code: 1, files: ["migrations/2 new.sql"] })
  })

  it("passes over what lies beside the migrations", () => {
    const { cwd, base } = repository()
    expect(action(cwd, { BASE: base, PATHS: "." })).toMatchObject({ code: 1, files: ["migrations/2 new.sql"] })
  })

  it("lints everything when asked, or when there is nothing to compare with", () => {
    const { cwd, base } = repository()
    const both = { code: 1, files: ["migrations/1 old.sql", "migrations/2 new.sql"] }
    expect(action(cwd, { BASE: base, ALL: "true" })).toMatchObject(both)
    expect(action(cwd, { BASE: "0".repeat(40) })).toMatchObject(both)
  })

  it("says what to do when git cannot fetch the commit to compare with", () => {
    const { cwd } = repository()
    expect(action(cwd, { BASE: "1".repeat(40) })).toMatchObject({ code: 2, files: [] })
  })

  it("hands options on", () => {
    const { cwd, base } = repository()
    expect(action(cwd, { BASE: base, ARGS: "--pg-version 16 --ignore vacuum-full-rewrites-table" })).toMatchObject({ code: 0, files: [] })
    expect(action(cwd, { BASE: base, ARGS: "--pg-version 6" }).code).toBe(2)
  })

  it("takes words on several lines", () => {
    const { cwd, base } = repository()
    expect(action(cwd, { BASE: base, PATHS: "other\nmigrations\n" })).toMatchObject({ code: 1, files: ["migrations/2 new.sql"] })
    expect(action(cwd, { BASE: base, ARGS: "--pg-version 16\n--ignore vacuum-full-rewrites-table\n" })).toMatchObject({ code: 0, files: [] })
  })

  it("fails when git does not say which files there are", () => {
    const { cwd, base } = repository()
    expect(action(cwd, { BASE: base, PATHS: ":(unheard-of)a" })).toEqual({ code: 2, files: [], stdout: "" })
    expect(action(folder({ "a.sql": "" }), { ALL: "true" })).toEqual({ code: 2, files: [], stdout: "" })
  })

  it("compares GitHub's merge of a pull request with what it was merged into", () => {
    const { cwd, base } = repository()
    const git = (...args: string[]): string => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd, encoding: "utf8" }).trim()
    const pull = git("rev-parse", "HEAD")
    git("checkout", "--quiet", base)
    writeFileSync(join(cwd, "migrations/3 other.sql"), "SET lock_timeout = '5s';\nVACUUM FULL c;\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "somebody else's")
    git("merge", "--quiet", "--no-edit", pull)
    expect(action(cwd, { BASE: base, PULL: pull })).toMatchObject({ code: 1, files: ["migrations/2 new.sql"] })
    // A merge of the branch's own is no such merge.
    expect(action(cwd, { BASE: base, PULL: git("rev-parse", "HEAD") })).toMatchObject({ code: 1, files: ["migrations/2 new.sql", "migrations/3 other.sql"] })
  })

  it("is content when no migration changed", () => {
    const { cwd, base } = repository()
    expect(action(cwd, { BASE: base, PATHS: "other" })).toEqual({ code: 0, files: [], stdout: "pgsafe: no migration changed\n" })
  })

  it("has the inputs that the script reads", () => {
    const { runs } = parse(readFileSync(`${ROOT}action.yml`, "utf8")) as { runs: { steps: { env: object }[] } }
    const read = [...new Set([...readFileSync(`${ROOT}scripts/action.sh`, "utf8").matchAll(/\$\{?([A-Z]+)\b/g)].map(([, name = ""]) => name))]
    expect(Object.keys(runs.steps[0]?.env ?? {}).sort()).toEqual(read.sort())
  })
})

it("files with blanks and dashes in their names are files", () => {
  const cwd = folder({ "-a b.sql": "VACUUM FULL orders;" })
  expect(pgsafe(["lint", "--", "-a b.sql"], { cwd }).stdout).toContain("--> -a b.sql:1:13")
})
