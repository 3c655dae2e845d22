import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { loadConfig } from "../../src/config/load.ts"
import { checkConfig } from "../../src/config/schema.ts"
import { frameworks } from "../../src/files/frameworks/index.ts"
import { folder, pgsafe } from "../cli/pgsafe.ts"

describe("a configuration", () => {
  it("is what it says", () => {
    const config = { $schema: "x", pgVersion: 17, rules: { "index-drop-blocks-queries": "error" }, ignore: ["old/**"], transaction: true, searchPath: ["app", "public"], framework: "flyway" }
    expect(checkConfig(config)).toEqual({ config })
    expect(checkConfig({})).toEqual({ config: {} })
  })

  it.each([
    [[], ["the configuration must be an object"]],
    [{ pgversion: 14 }, ['unknown key "pgversion" (did you mean "pgVersion"?)']],
    [{ quiet: true }, ['unknown key "quiet"; known are $schema, pgVersion, rules, ignore, transaction, searchPath, schema, stats, app, cacheLocation, framework']],
    [{ pgVersion: 10 }, ['"pgVersion" must be a PostgreSQL major, a number from 11 to 18']],
    [{ pgVersion: 16.4 }, ['"pgVersion" must be a PostgreSQL major, a number from 11 to 18']],
    [{ pgVersion: "14" }, ['"pgVersion" must be a PostgreSQL major, a number from 11 to 18']],
    [{ rules: { "index-drop-blocks-query": "error" } }, ['"rules" names the unknown rule "index-drop-blocks-query" (did you mean "index-drop-blocks-queries"?)']],
    [{ rules: { "index-drop-blocks-queries": "warn" } }, ['"rules.index-drop-blocks-queries" must be "error", "warning" or "off"']],
    [{ ignore: "old/**" }, ['"ignore" must be a list of patterns']],
    [{ ignore: ["old/**", "!old/1.sql"] }, ['"ignore[1]" cannot take paths back with "!"']],
    [{ ignore: ["db\\**"] }, ['"ignore[0]" has a "\\"; "/" stands between folders, on Windows, too']],
    [{ ignore: ["../db/**"] }, ['"ignore[0]" leads out of the folder of the configuration, to which patterns are relative']],
    [{ ignore: [5, ""] }, ['"ignore[0]" must be a pattern in quotes', '"ignore[1]" must not be empty']],
    [{ app: [""], schema: "", cacheLocation: "" }, ['"schema" must be the path of a file', '"app[0]" must not be empty', '"cacheLocation" must be the path of a folder']],
    [{ $schema: 3 }, ['"$schema" must be the address of a schema']],
    [{ rules: { strict: "error" } }, ['"rules" names the unknown rule "strict"; pgsafe rules lists them']],
    [{ transaction: "yes" }, ['"transaction" must be true or false']],
    [{ searchPath: "app,public" }, ['"searchPath" must be a list of schemas']],
    [{ searchPath: [] }, ['"searchPath" must name a schema']],
    [{ searchPath: ["app", 5, ""] }, ['"searchPath[1]" must be the name of a schema', '"searchPath[2]" must not be empty']],
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

  it.each([
    ['// for us\n{ "pgVersion": 14 }', "pgsafe.config.json:1:1: Unexpected token '/'; JSON has no comments"],
    ['{ "a": "//",\n  // for us\n  "pgVersion": 14 }', "pgsafe.config.json:2:3: "],
    ['{\n  // for us\n  "pgVersion": 14 }', /^pgsafe\.config\.json:2:3: .*; JSON has no comments$/],
    ["", "pgsafe.config.json: Unexpected end of JSON input"],
    [Buffer.from('\ufeff{ "pgVersion": 14 }', "utf16le"), "pgsafe.config.json:1:1: the file is encoded in UTF-16; save it as UTF-8"],
    [Buffer.from('{ "pgVersion": 14 }', "utf16le"), "pgsafe.config.json:1:1: the file is encoded in UTF-16; save it as UTF-8"],
    [Buffer.from('{ "app": ["\xe4"] }', "latin1"), "pgsafe.config.json:1:12: the file is not valid UTF-8: unexpected byte 0xE4"],
  ])("says what is wrong with %j", async (content, message) => {
    await expect(loadConfig(folder({ "pgsafe.config.json": content }), undefined)).rejects.toThrow(message)
  })

  it("reads what a package.json that is named says of pgsafe", async () => {
    const root = folder({ "package.json": '{ "name": "a", "pgsafe": { "pgVersion": 17 } }', "b/package.json": '{ "name": "b" }' })
    expect(await loadConfig(root, "package.json")).toMatchObject({ config: { pgVersion: 17 }, folder: root })
    await expect(loadConfig(root, "b/package.json")).rejects.toThrow('b/package.json has no configuration under "pgsafe"')
  })

  it("passes over no configuration in silence", async () => {
    const twice = folder({ "pgsafe.config.json": SETTINGS, "package.json": '{ "pgsafe": { "pgVersion": 17 } }' })
    await expect(loadConfig(twice, undefined)).rejects.toThrow('both pgsafe.config.json and "pgsafe" in package.json are configurations; keep one of them')
    const program = folder({ "pgsafe.config.ts": "export default {}", "a/x.sql": "" })
    await expect(loadConfig(join(program, "a"), undefined)).rejects.toThrow('../pgsafe.config.ts is not read; the configuration is JSON, in pgsafe.config.json or under "pgsafe" in package.json')
    const close = [".pgsaferc", ".pgsaferc.yml", "pgsafe.config", "pgsafe.config.json5", ".pgsafe.config.json", "pgsafe.json", ".pgsafe.json", "pgsafe.yaml", "pgsafe.toml"]
    for (const name of close) await expect(loadConfig(folder({ [name]: SETTINGS }), undefined)).rejects.toThrow(`${name} is not read; the configuration is JSON, in pgsafe.config.json`)
    expect(await loadConfig(folder({ "pgsafe.ts": "", "pgsafe": "", "my-pgsafe.json": SETTINGS }), undefined)).toMatchObject({ config: {} })
    const link = folder({})
    symlinkSync("nowhere", join(link, "pgsafe.config.json"))
    await expect(loadConfig(link, undefined)).rejects.toThrow("cannot read the configuration pgsafe.config.json: there is no such file")
    const circle = folder({})
    symlinkSync("pgsafe.config.json", join(circle, "pgsafe.config.json"))
    await expect(loadConfig(circle, undefined)).rejects.toThrow("cannot read the configuration pgsafe.config.json: its links lead in a circle")
  })
})

it("does not take the result of a run for a configuration, not even before it is written", async () => {
  const cwd = folder({ "a.sql": "VACUUM FULL orders;" })
  writeFileSync(join(cwd, "pgsafe.json"), "")
  const { code, stdout } = pgsafe(["lint", "--format", "json", "a.sql"], { cwd })
  expect(code).toBe(1)
  writeFileSync(join(cwd, "pgsafe.json"), stdout)
  expect(await loadConfig(cwd, undefined)).toMatchObject({ config: {} })
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
