import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { loadConfig } from "../../src/config/load.ts"
import { checkConfig } from "../../src/config/schema.ts"
import { frameworks } from "../../src/files/frameworks/index.ts"
import { folder, pgsafe } from "../cli/pgsafe.ts"

describe("a configuration", () => {
  it("is what it says", () => {
    const config = { $schema: "x", pgVersion: 17, rules: { "index-drop-blocks-queries": "error" }, ignore: ["old/**"], transaction: true, framework: "flyway" }
    expect(checkConfig(config)).toEqual({ config })
    expect(checkConfig({})).toEqual({ config: {} })
  })

  it.each([
    [[], ["the configuration must be an object"]],
    [{ pgversion: 14 }, ['unknown key "pgversion" (did you mean "pgVersion"?)']],
    [{ quiet: true }, ['unknown key "quiet"; known are $schema, pgVersion, rules, ignore, transaction, schema, stats, app, cacheLocation, framework']],
    [{ pgVersion: 10 }, ['"pgVersion" must be a PostgreSQL major, a number from 11 to 18']],
    [{ pgVersion: 16.4 }, ['"pgVersion" must be a PostgreSQL major, a number from 11 to 18']],
    [{ pgVersion: "14" }, ['"pgVersion" must be a PostgreSQL major, a number from 11 to 18']],
    [{ rules: { "index-drop-blocks-query": "error" } }, ['"rules" names the unknown rule "index-drop-blocks-query" (did you mean "index-drop-blocks-queries"?)']],
    [{ rules: { "index-drop-blocks-queries": "warn" } }, ['"rules.index-drop-blocks-queries" must be "error", "warning" or "off"']],
    [{ ignore: "old/**" }, ['"ignore" must be a list of patterns']],
    [{ ignore: ["old/**", "!old/1.sql"] }, ['"ignore.1" cannot take paths back with "!"']],
    [{ transaction: "yes" }, ['"transaction" must be true or false']],
    [{ framework: "Flyway" }, ['"framework" is not a migration tool that pgsafe knows (did you mean "flyway"?)']],
    [{ framework: "bookshelf", frameworks: 1 }, [`"framework" is not a migration tool that pgsafe knows; known are ${frameworks.map(({ id }) => id).join(", ")}`, 'unknown key "frameworks" (did you mean "framework"?)']],
  ])("%j is refused", (content, problems) => {
    expect(checkConfig(content)).toEqual({ problems })
  })
})

describe("loading", () => {
  const SETTINGS = '{ "pgVersion": 16 }'

  it("takes the nearest file at or above the folder", async () => {
    const root = folder({ "pgsafe.config.json": SETTINGS, "a/package.json": '{ "name": "a", "pgsafe": { "pgVersion": 17 } }', "a/b/x.sql": "" })
    expect(await loadConfig(join(root, "a/b"), undefined)).toMatchObject({ config: { pgVersion: 17 }, folder: join(root, "a") })
    expect(await loadConfig(root, undefined)).toMatchObject({ config: { pgVersion: 16 }, folder: root })
  })

  it("passes over a package.json that only depends on pgsafe", async () => {
    const root = folder({ "pgsafe.config.json": SETTINGS, "a/package.json": '{ "devDependencies": { "pgsafe": "1" } }' })
    expect(await loadConfig(join(root, "a"), undefined)).toMatchObject({ config: { pgVersion: 16 }, folder: root })
  })

  it("stops at the top of the repository", async () => {
    const root = folder({ "pgsafe.config.json": SETTINGS, "repository/a/x.sql": "" })
    mkdirSync(join(root, "repository/.git"))
    expect(await loadConfig(join(root, "repository/a"), undefined)).toEqual({ config: {}, folder: join(root, "repository/a") })
  })

  it("says which file is wrong, and where", async () => {
    const root = folder({ "a.json": '{\n  "pgVersion": 14,\n}', "package.json": '{ "pgsafe": [] }' })
    await expect(loadConfig(root, "a.json")).rejects.toThrow(/^a\.json:3:1: /)
    await expect(loadConfig(root, undefined)).rejects.toThrow("package.json: the configuration must be an object")
  })
})

describe("the command line", () => {
  it("obeys the configuration, and its own options more", () => {
    const cwd = folder({
      "pgsafe.config.json": '\ufeff{ "rules": { "index-drop-blocks-queries": "error" }, "ignore": ["old/**"], "pgVersion": 15 }',
      "old/1.sql": "VACUUM FULL orders;",
      "new/2.sql": "SET lock_timeout = '5s';\nDROP INDEX orders_region;",
    })
    const { code, stdout } = pgsafe(["lint", "--format", "json", "."], { cwd })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ pgVersion: 15, findings: [{ rule: "index-drop-blocks-queries", severity: "error" }], summary: { files: 1 } })
    expect(pgsafe(["lint", "--ignore", "index-drop-blocks-queries", "--pg-version", "18", "."], { cwd }).code).toBe(0)
    expect(pgsafe(["lint", "1.sql"], { cwd: join(cwd, "old") })).toEqual({
      code: 0,
      stdout: "no findings in 0 statements in 0 files\n",
      stderr: "pgsafe: the configuration ignores all of these files\n",
    })
  })

  it.each(["pgsafe.config.json", "package.json"])("says that it cannot read %s", (name) => {
    // Everybody fails to read a folder, whatever it is called; the superuser can read every file.
    const cwd = folder({ [`${name}/x`]: "", "a.sql": "" })
    const { code, stderr } = pgsafe(["lint", "a.sql"], { cwd })
    expect({ code, stderr }).toEqual({ code: 2, stderr: `pgsafe: cannot read the configuration ${name}: it is a directory\n` })
  })

  it("exits with 2 when it is wrong", () => {
    const cwd = folder({ "pgsafe.config.json": '{ "pgversion": 14 }', "a.sql": "" })
    expect(pgsafe(["lint", "a.sql"], { cwd })).toEqual({
      code: 2,
      stdout: "",
      stderr: 'pgsafe: pgsafe.config.json: unknown key "pgversion" (did you mean "pgVersion"?)\n',
    })
  })
})
