import { chmodSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import type { LintResult } from "../../src/index.ts"
import { folder, pgsafe } from "./pgsafe.ts"

const HISTORY = { "db/migrations/V1__a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, region text);\nCREATE VIEW totals AS SELECT id FROM orders;\n" }
const DROP = "SET lock_timeout = '5s';\nALTER TABLE orders DROP COLUMN region;\n"
const SQL = 'await db.query("SELECT region FROM orders")\n'

function lint(files: Readonly<Record<string, string>>, ...args: readonly string[]): LintResult["findings"] {
  const cwd = folder({ ...HISTORY, ...files })
  const { stdout, stderr } = pgsafe(["lint", "--format", "json", ...args, "db/migrations"], { cwd })
  expect(stderr).toBe("")
  return (JSON.parse(stdout) as LintResult).findings
}

describe("--app", () => {
  it("names the places that still use a column that is dropped", () => {
    const [finding] = lint({ "db/migrations/V2__b.sql": DROP, "src/a.ts": SQL, "src/b.ts": "\nknex('orders').where({ region })\n", "src/c.ts": "region()\n" }, "--app", "src")
    expect(finding?.message).toBe(
      "dropping column region of orders deletes its data and breaks running code that still reads or writes it; still used in 1 place: src/a.ts:1, and likely in 1 more",
    )
    expect(finding?.related).toEqual([
      { file: "src/a.ts", line: 1, column: 24, message: "SQL uses `orders.region`", grade: "certain" },
      { file: "src/b.ts", line: 2, column: 24, message: "likely uses `orders.region`", grade: "likely" },
    ])
    expect(finding?.removes).toEqual([{ kind: "column", schema: "public", table: "orders", column: "region" }])
  })

  it("says how much was searched when there is none, and searches no migrations", () => {
    const files = { "db/migrations/V2__b.sql": DROP, "db/migrations/run.ts": SQL, "src/a.ts": "a()\n", "src/b.ts": "b()\n" }
    const [finding] = lint(files, "--app", ".")
    expect(finding?.message).toMatch(/reads or writes it; no use of it was found in 2 files$/)
    expect(finding?.related).toEqual([])
  })

  it("makes an error of a warning only by a certain use", () => {
    const drop = { "db/migrations/V2__b.sql": "SET lock_timeout = '5s';\nDROP VIEW totals;\n" }
    const severity = (source: string): unknown => lint({ ...drop, "src/a.ts": source }, "--app", "src").map((finding) => finding.severity)
    expect(severity("q(`SELECT id FROM totals`)")).toEqual(["error"])
    expect(severity("knex('totals')")).toEqual(["warning"])
    expect(severity("totals")).toEqual(["warning"])
  })

  it("looks at the last step of a rename, which is silent otherwise", () => {
    const contract = { "db/migrations/V2__b.sql": `SET lock_timeout = '5s';\nDROP TRIGGER keep_in_step ON orders;\n${DROP}` }
    expect(lint({ ...contract, "src/a.ts": "a()\n" }, "--app", "src", "--ignore", "statement-fails")).toEqual([])
    expect(lint({ ...contract, "src/a.ts": SQL }, "--ignore", "statement-fails")).toEqual([])
    const found = lint({ ...contract, "src/a.ts": SQL }, "--app", "src", "--ignore", "statement-fails")
    expect(found.map(({ rule, severity, message }) => ({ rule, severity, message }))).toEqual([
      {
        rule: "column-drop-breaks-code",
        severity: "error",
        message: "dropping column region of orders breaks running code that still reads or writes it; still used in 1 place: src/a.ts:1",
      },
    ])
  })

  it("does not ask for what a later migration brought back", () => {
    const files = { "db/migrations/V2__b.sql": DROP, "db/migrations/V3__c.sql": "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN region text;\n", "src/a.ts": SQL }
    expect(lint(files, "--app", "src").map(({ message, related }) => [message.includes("used in"), related.length])).toEqual([[false, 0]])
  })

  it("stands in the configuration, relative to it", () => {
    const files = { "db/migrations/V2__b.sql": DROP, "src/a.ts": SQL, "pgsafe.config.json": '{ "app": ["src/**/*.ts"] }' }
    expect(lint(files)[0]?.message).toContain("still used in 1 place: src/a.ts:1")
  })

  it("has to mean something", () => {
    const { code, stderr } = pgsafe(["lint", "--app", "scr", "db/migrations"], { cwd: folder({ ...HISTORY, "src/a.ts": SQL }) })
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'pgsafe: --app: no source file matches "scr"; what git ignores, tests and files of data do not count\n' })
    expect(pgsafe(["lint", "--app", "", "db/migrations"], { cwd: folder(HISTORY) }).stderr).toContain('pgsafe: --app: no source file matches ""')
    const configured = folder({ ...HISTORY, "pgsafe.config.json": '{ "app": ["[z-a].ts"] }' })
    expect(pgsafe(["lint", "db/migrations"], { cwd: configured }).stderr).toBe('pgsafe: "app" in pgsafe.config.json: no source file matches "[z-a].ts"; what git ignores, tests and files of data do not count\n')
  })

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("is 2 with sources and folders that may not be read, and says what the others hold", () => {
    const cwd = folder({ ...HISTORY, "db/migrations/V2__b.sql": DROP, "src/a.ts": SQL, "src/locked.ts": SQL, "src/deep/b.ts": SQL })
    for (const path of ["src/locked.ts", "src/deep"]) chmodSync(join(cwd, path), 0)
    onTestFinished(() => { chmodSync(join(cwd, "src/deep"), 0o755) })
    const searched = (app: string): unknown => {
      const { code, stdout, stderr } = pgsafe(["lint", "--app", app, "db/migrations"], { cwd })
      return { code, lines: stderr.trimEnd().split("\n"), used: /still used in \d+ places?: [^ ]*/.exec(stdout.replace(/\s+/g, " "))?.[0], end: /; .*not read/.exec(stdout)?.[0] }
    }
    const file = "pgsafe: src/locked.ts: cannot look for uses here: permission denied"
    const deep = "pgsafe: src/deep: cannot look for uses here: permission denied"
    expect(searched("src")).toEqual({ code: 2, lines: [deep, file], used: "still used in 1 place: src/a.ts:1", end: "; 2 paths not read" })
    // A pattern that does not reach into the folder.
    expect(searched("src/*.ts")).toEqual({ code: 2, lines: [file], used: "still used in 1 place: src/a.ts:1", end: "; 1 path not read" })
    expect(searched("src/deep/b.ts")).toEqual({ code: 2, lines: ["pgsafe: src/deep/b.ts: cannot look for uses here: permission denied"], used: undefined, end: "; 1 path not read" })
    expect(searched("src/deep/*.ts")).toEqual({ code: 2, lines: [deep], used: undefined, end: "; 1 path not read" })
  })

  it("shows the uses in every format", () => {
    const cwd = folder({ ...HISTORY, "db/migrations/V2__b.sql": DROP, "src/a.ts": SQL })
    const shown = (format: string): string => pgsafe(["lint", "--app", "src", "--format", format, "db/migrations"], { cwd }).stdout
    expect(shown("pretty")).toContain("= see: src/a.ts:1:24: SQL uses `orders.region`")
    expect(shown("github")).toContain("%0ASee src/a.ts:1:24: SQL uses `orders.region`%0A")
    expect(shown("sarif")).toContain('"uri": "src/a.ts"')
  })
})
