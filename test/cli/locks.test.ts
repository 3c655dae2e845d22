/** `pgsafe locks`, as a user runs it, and the help of all commands. */
import { openSync } from "node:fs"
import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { CLI, folder, pgsafe, plainEnvironment } from "./pgsafe.ts"

describe("locks", () => {
  it("says what a statement does, on the major that is asked for", () => {
    const uuid = "ALTER TABLE t ADD COLUMN code uuid DEFAULT gen_random_uuid()"
    expect(pgsafe(["locks", uuid])).toEqual({ code: 0, stdout: `${uuid}\n  ACCESS EXCLUSIVE on public.t\n  rewrites public.t\n`, stderr: "" })
    expect(pgsafe(["locks", "CREATE INDEX CONCURRENTLY i ON t (a)"]).stdout).toContain("  SHARE UPDATE EXCLUSIVE on public.t\n  builds an index on public.t\n  cannot run in a transaction\n")
    const notNull = "ALTER TABLE t ADD COLUMN code int DEFAULT 0"
    expect(pgsafe(["locks", notNull, "--pg-version", "18"]).stdout).not.toContain("rewrites")
  })

  it("knows the database from a schema", () => {
    const cwd = folder({ "schema.sql": "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (parent int REFERENCES parent);" })
    const { stdout } = pgsafe(["locks", "DROP TABLE child", "--schema", "schema.sql", "--format", "json"], { cwd })
    expect(JSON.parse(stdout)).toMatchObject([{ sql: "DROP TABLE child", locks: [{ relation: "public.child", mode: "ACCESS EXCLUSIVE" }, { relation: "public.parent", mode: "ACCESS EXCLUSIVE" }] }])
    expect(pgsafe(["locks", "DROP TABLE child", "--schema", "none.sql"], { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot read the schema none.sql") as string })
  })

  it("says where a schema cannot be read", () => {
    const cwd = folder({ "bad.sql": "CREATE TABLE t (id int);\nCREATE TABL u (a int);", "latin.sql": Buffer.from("-- caf\xe9\n", "latin1") })
    const told = (schema: string): object => pgsafe(["locks", "DROP TABLE t", "--schema", schema], { cwd })
    expect(told("bad.sql")).toEqual({ code: 2, stdout: "", stderr: 'pgsafe: cannot read the schema bad.sql:2:8: syntax error at or near "TABL"\n' })
    expect(told("latin.sql")).toEqual({ code: 2, stdout: "", stderr: "pgsafe: cannot read the schema latin.sql:1:7: the file is not valid UTF-8: unexpected byte 0xE9\n" })
  })

  it("looks words up among the proven forms", () => {
    const { code, stdout } = pgsafe(["locks", "reindex", "concurrently"])
    expect(code).toBe(0)
    const titles = stdout.split("\n").filter((line) => /^\S/.test(line))
    expect(titles.length).toBeGreaterThan(3)
    expect(titles.every((line) => line.startsWith("reindex: "))).toBe(true)
  })

  it("says what is wrong with a statement that is none", () => {
    expect(pgsafe(["locks", "ALTER TABL zq"]).stderr).toBe('pgsafe: no form of a statement matches "ALTER TABL zq", and it is no statement: syntax error at or near "TABL"; pgsafe locks alone lists all forms\n')
    expect(pgsafe(["locks", "zzz"])).toEqual({ code: 2, stdout: "", stderr: 'pgsafe: no form of a statement matches "zzz"; pgsafe locks alone lists all forms\n' })
  })
})

describe("help", () => {
  it.each(["lint", "locks", "stats", "schema", "explain", "rules"])("is the same in both ways: %s", (command) => {
    const help = pgsafe(["help", command])
    expect(help).toEqual(pgsafe([command, "--help"]))
    expect(help).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining(`Usage: pgsafe ${command}`) as string })
  })

  it("lists the commands", () => {
    expect(pgsafe(["help"])).toEqual(pgsafe(["--help"]))
    expect(pgsafe(["help"]).stdout).toMatch(/\n {2}lint [\s\S]*\n {2}locks [\s\S]*\n {2}rules /)
  })
})

it.skipIf(process.platform !== "linux")("says that the disk is full, and does not call it a bug", () => {
  const cwd = folder({ "a.sql": "VACUUM FULL orders;" })
  const { status, stderr } = spawnSync(process.execPath, [CLI, "lint", "a.sql"], { cwd, env: plainEnvironment(), encoding: "utf8", stdio: ["ignore", openSync("/dev/full", "w"), "pipe"] })
  expect({ status, stderr }).toEqual({ status: 2, stderr: "pgsafe: cannot write the output: no space is left on the device\n" })
})
