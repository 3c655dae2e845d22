/** The package as npm packs and installs it. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { plainEnvironment } from "../cli/pgsafe.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
const SQL = "VACUUM FULL orders;"

let folder: string
let packed: { readonly filename: string; readonly size: number; readonly files: readonly { readonly path: string }[] }

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", [...args], { cwd, encoding: "utf8", env: plainEnvironment(), shell: process.platform === "win32", stdio: ["ignore", "pipe", "ignore"] })
}

function node(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, input: SQL, encoding: "utf8", env: plainEnvironment() })
  return { code: status, stdout, stderr }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pgsafe-package-"))
  // npm tells what it packed as the first element of a list.
  packed = (JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], ROOT)) as [typeof packed])[0]
  npm(["init", "--yes"], folder)
  npm(["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", join(folder, packed.filename)], folder)
}, 60_000)

afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

describe("the package", () => {
  it("holds what is needed and nothing else", () => {
    const paths = packed.files.map(({ path }) => path.replace(/-[\w-]{8}\.(c?js)$/, "-*.$1")).sort()
    expect(paths.filter((path) => !path.startsWith("dist/"))).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
      "schema/config.schema.json",
      "schema/result.schema.json",
    ])
    expect(paths).toEqual(
      expect.arrayContaining([
        "dist/COMMAND-LINE-LICENSES.txt",
        "dist/FORMAT-LIBRARIES-LICENSES.txt",
        "dist/LIBRARY-LICENSES.txt",
        "dist/cli.cjs",
        "dist/index.d.ts",
        "dist/index.js",
        "dist/libpg-query.wasm",
        "dist/parse-worker.cjs",
      ]),
    )
    expect(packed.size).toBeLessThan(3_000_000)
  })

  it("starts from plain ASCII, which takes half the memory", () => {
    const dist = join(folder, "node_modules/pgsafe/dist")
    const large = readdirSync(dist).filter((name) => /^(cli|main|lint|eslint-engine|parse-worker)\b.*\.cjs$/.test(name))
    expect(large).toHaveLength(5)
    for (const name of large) expect([name, /[^\0-\x7f]/.exec(readFileSync(join(dist, name), "utf8"))?.[0]]).toEqual([name, undefined])
  })

  it("has what reads YAML and TOML in one file, which nothing loads at its start", () => {
    const dist = join(folder, "node_modules/pgsafe/dist")
    const readers = readdirSync(dist).filter((name) => /\.c?js$/.test(name) && /class LineCounter|class TomlError/.test(readFileSync(join(dist, name), "utf8")))
    expect(readers).toEqual(["format-libraries.cjs"])
    writeFileSync(join(folder, "flyway.toml"), "[flyway]\ngroup = true\n")
    writeFileSync(join(folder, "V1__a.sql"), "SELECT 1;\n")
    expect(node("node_modules/pgsafe/dist/cli.cjs", "lint", "--verbose", "V1__a.sql").stderr).toContain("flyway.group is true")
  })

  it("runs from the command line", () => {
    const { code, stdout } = node("node_modules/pgsafe/dist/cli.cjs", "lint", "-")
    expect(code).toBe(1)
    expect(stdout).toContain("error[vacuum-full-rewrites-table]")
    expect(npm(["exec", "--offline", "--", "pgsafe", "--version"], folder).trim()).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it("is imported by modules", () => {
    const program = `import { lint, rules } from "pgsafe"; console.log(rules.length > 30, lint({ files: [{ path: "a.sql", sql: ${JSON.stringify(SQL)} }] }).summary.errors)`
    expect(node("--input-type=module", "--eval", program)).toEqual({ code: 0, stdout: "true 1\n", stderr: "" })
  })

  it("is required by CommonJS", () => {
    const program = `const { lint } = require("pgsafe"); console.log(lint({ files: [{ path: "a.sql", sql: ${JSON.stringify(SQL)} }] }).summary.errors)`
    const { code, stdout } = node("--eval", program)
    expect({ code, stdout }).toEqual({ code: 0, stdout: "1\n" })
  })

  it("gives its schemas", () => {
    const program = 'console.log(Object.keys(require("pgsafe/schema/result.schema.json").properties)[0], require("pgsafe/package.json").name)'
    expect(node("--eval", program)).toEqual({ code: 0, stdout: "version pgsafe\n", stderr: "" })
  })
})
