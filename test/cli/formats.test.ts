/** What each format prints for two migrations of the example project, to the letter. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { textWidth } from "../../src/report/text.ts"
import { folder, pgsafe } from "./pgsafe.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
const MIGRATIONS = ["002_add_region.sql", "003_reference_customers.sql"].map((name) => `fixtures/projects/orders/migrations/${name}`)

/** Without the time, which differs on every run, and without what changes whenever there is a new rule. */
function stable(text: string): string {
  return text
    .replace(/"durationMs":\d+/, '"durationMs":0')
    .replace(/"rules": \[.*?\n {10}\]/s, '"rules": []')
    .replace(/"ruleIndex": \d+/g, '"ruleIndex": 0')
}

describe("the output", () => {
  it.each([
    ["pretty", "pretty.txt"],
    ["json", "json.json"],
    ["github", "github.txt"],
    ["sarif", "sarif.json"],
  ])("as %s", async (format, snapshot) => {
    const { code, stdout, stderr } = pgsafe(["lint", "--format", format, ...MIGRATIONS], { cwd: ROOT })
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" })
    await expect(stable(stdout)).toMatchFileSnapshot(`golden/${snapshot}`)
  })

  it("is github's under GITHUB_ACTIONS, unless another is asked for", () => {
    const env = { GITHUB_ACTIONS: "true" }
    expect(pgsafe(["lint", ...MIGRATIONS], { cwd: ROOT, env }).stdout).toMatch(/^::error file=fixtures/)
    expect(pgsafe(["lint", "--format", "pretty", ...MIGRATIONS], { cwd: ROOT, env }).stdout).toMatch(/^error\[/)
  })

  it("names files as GitHub does, from the repository, wherever in it the step runs", () => {
    const root = folder({ "api/db/1.sql": "VACUUM FULL orders;\n", "api/db/2.sql": Buffer.from("SELECT '\u00e9';\n", "latin1") })
    const named = (workspace: string, ...args: readonly string[]): readonly string[] => {
      const { stdout } = pgsafe(["lint", ...args, "--quiet"], { cwd: join(root, "api"), env: { GITHUB_WORKSPACE: workspace }, input: "VACUUM FULL orders;" })
      return [...stdout.matchAll(/^::error file=([^,]*),|"uri": "([^"]*)"/gm)].map(([, file, uri]) => file ?? uri ?? "")
    }
    const github = ["--format", "github"]
    expect(named(root, ...github, "db")).toEqual(["api/db/1.sql", "api/db/2.sql"])
    expect(named(root, ...github, join(root, "api/db"))).toEqual(["api/db/1.sql", "api/db/2.sql"])
    expect(named(root, "--format", "sarif", "db/1.sql")).toEqual(["api/db/1.sql"])
    // What is no file of the repository keeps its name.
    expect(named(join(root, "web"), ...github, "db/1.sql")).toEqual(["db/1.sql"])
    expect(named(root, ...github, "-")).toEqual(["<stdin>"])
  })

  it("has at most 80 columns where it is prose", () => {
    const { stdout } = pgsafe(["lint", "fixtures/projects/orders"], { cwd: ROOT })
    // Lines that end a wrapped text are indented by comments and notes; SQL is not wrapped, since it is there to be copied.
    const prose = stdout.split("\n").filter((line) => /^(?:\S| *(?:=|-->|--(?! {3}| pgsafe)|\d* ?\|))/.test(line))
    expect(prose.length).toBeGreaterThan(50)
    expect(prose.filter((line) => textWidth(line) > 80)).toEqual([])
  })

  it("counts lines and columns right with Windows line ends, a byte order mark, tabs and wide characters", () => {
    const sql = "\ufeff-- \u65e5\u672c\u8a9e\r\nSET lock_timeout = '5s';\r\n\tVACUUM FULL \"\u6ce8\u6587\";\r\n"
    const { stdout } = pgsafe(["lint", "a.sql"], { cwd: folder({ "a.sql": sql }) })
    expect(stdout.split("\n").slice(2, 7)).toEqual([
      " --> a.sql:3:14",
      "  |",
      '3 |     VACUUM FULL "\u6ce8\u6587";',
      "  |                 ^^^^^^",
      "  |",
    ])
  })

  it.skipIf(process.platform === "win32")("keeps the name of a file on its line", () => {
    const cwd = folder({ "a\n--> b.sql": "VACUUM FULL a;\n", "c\nd.sql": Buffer.from("SELECT '\u00e9';\n", "latin1") })
    const { stdout, stderr } = pgsafe(["lint", "--format", "pretty", "."], { cwd })
    expect(stdout).toContain(" --> a\u00b7--> b.sql:1:13\n")
    expect(stderr).toMatch(/^pgsafe: c\u00b7d\.sql:1:9: [^\n]*\n$/)
  })

  it("shows control characters without obeying them", () => {
    const { stdout } = pgsafe(["lint", "a.sql"], { cwd: folder({ "a.sql": "SET lock_timeout = '5s'; VACUUM FULL orders /* \u001b[2J */;" }) })
    expect(stdout).not.toContain("\u001b")
    const named = pgsafe(["lint", "-"], { input: 'SET lock_timeout = \'5s\'; ALTER TABLE "a\u001b[2Jb" DROP COLUMN "c\u0007";' }).stdout
    expect(named).toContain('"a\u00b7[2Jb"')
    expect(named).not.toContain("\u001b")
    expect(named).not.toContain("\u0007")
  })

  it("fits into 80 columns where it is help", () => {
    for (const command of [[], ["lint"], ["locks"], ["schema"], ["explain"], ["rules"]]) {
      expect(pgsafe([...command, "--help"]).stdout.split("\n").filter((line) => line.length > 80)).toEqual([])
    }
  })
})

describe("the JSON contract", () => {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(new URL("../../schema/result.schema.json", import.meta.url), "utf8")) as object,
  )

  it("holds for every example project", () => {
    const { stdout } = pgsafe(["lint", "--format", "json", "--direction", "both", "fixtures/projects"], { cwd: ROOT })
    const result = JSON.parse(stdout) as unknown
    validate(result)
    expect(validate.errors).toBeNull()
  })

  it("holds for the fixtures of the rules, and for files that cannot be read", () => {
    const { stdout } = pgsafe(["lint", "--format", "json", "missing.sql", "fixtures/rules"], { cwd: ROOT })
    const result = JSON.parse(stdout) as unknown
    validate(result)
    expect(validate.errors).toBeNull()
    expect(result).toMatchObject({ errors: [{ file: "missing.sql" }] })
  })
})
