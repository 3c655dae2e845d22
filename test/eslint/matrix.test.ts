/** Real ESLint 8.57, 9 and 10 on a small project, with every kind of configuration. Needs the build (`npm run build`). */
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { installNode, NODES } from "./nodes.ts"

// Each test starts ESLint, some of them several times.
vi.setConfig({ testTimeout: 120_000 })

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "pgsafe-eslint-"))

const VERSIONS = { "8.57": "eslint8", "9": "eslint9", "10": "eslint" } as const
type Version = keyof typeof VERSIONS

const FLAT_BODY = `[
  { ...pgsafe.configs.recommended, files: ["**/*.js", "**/*.ts"] },
  { files: ["**/*.ts"], languageOptions: { parser } },
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs" } },
  PGSAFE_SQL
]`
const LEGACY_BODY = `{
  root: true,
  parserOptions: { ecmaVersion: 2024 },
  extends: ["plugin:pgsafe/legacy-recommended", "plugin:pgsafe/legacy-sql"],
  overrides: [{ files: ["*.ts"], parser: "@typescript-eslint/parser" }],
}`

const CONFIGS = {
  "eslint.config.mjs": `import pgsafe from "pgsafe/eslint"\nimport parser from "@typescript-eslint/parser"\nexport default ${FLAT_BODY}\n`,
  "eslint.config.cjs": `const pgsafe = require("pgsafe/eslint")\nconst parser = require("@typescript-eslint/parser")\nmodule.exports = ${FLAT_BODY}\n`,
  "plugin.config.mjs": `import pgsafe from "eslint-plugin-pgsafe"\nimport parser from "@typescript-eslint/parser"\nexport default ${FLAT_BODY}\n`,
  ".eslintrc.cjs": `module.exports = ${LEGACY_BODY}\n`,
} as const
type Config = keyof typeof CONFIGS

/** ESLint 8.57 has no languages. */
function sqlOf(version: Version): string {
  return version === "8.57" ? `{ files: ["**/*.sql"], plugins: { pgsafe }, languageOptions: { parser: pgsafe.parsers.sql }, rules: pgsafe.configs.sql.rules }` : "pgsafe.configs.sql"
}

function project(name: string, version: Version, config: Config): string {
  const path = join(folder, name)
  cpSync(join(ROOT, "fixtures/eslint/project"), path, { recursive: true })
  writeFileSync(join(path, config), CONFIGS[config].replace("PGSAFE_SQL", sqlOf(version)))
  return path
}

interface Outcome {
  readonly status: number | null
  readonly stderr: string
  readonly results: readonly { readonly filePath: string; readonly messages: readonly Message[] }[]
}

interface Message {
  readonly ruleId: string | null
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}

function eslint(cwd: string, version: Version, config: Config, ...options: string[]): Outcome {
  return eslintOn(process.execPath, cwd, version, config, ...options)
}

function eslintOn(node: string, cwd: string, version: Version, config: Config, ...options: string[]): Outcome {
  const legacy = config === ".eslintrc.cjs"
  const run = spawnSync(
    node,
    [
      join(ROOT, "node_modules", VERSIONS[version], "bin/eslint.js"),
      "--format",
      "json",
      ...(legacy ? ["--ext", ".js,.ts,.sql"] : ["--config", config]),
      ...options,
      "src",
      "db",
    ],
    { cwd, encoding: "utf8", env: { ...process.env, ESLINT_USE_FLAT_CONFIG: String(!legacy) } },
  )
  // The JSON formatter's output; what is not JSON fails the test.
  return { status: run.status, stderr: run.stderr, results: run.stdout === "" ? [] : (JSON.parse(run.stdout) as Outcome["results"]) }
}

function found({ results }: Outcome): string[] {
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, column, endLine = 0, endColumn = 0 }) => `${filePath.replaceAll("\\", "/").split("/").at(-1) ?? ""}:${String(line)}:${String(column)}-${String(endLine)}:${String(endColumn)} ${ruleId ?? "no rule"}`),
  ).sort()
}

const EXPECTED = [
  "0001_orders.sql:1:35-1:41 pgsafe/index-creation-blocks-writes",
  "0001_orders.sql:9:10-9:16 pgsafe/truncate-loses-data",
  "1700000000001-AddRegion.ts:12:35-12:41 pgsafe/type-change-blocks-queries",
  "1700000000001-AddRegion.ts:14:66-14:76 pgsafe/index-creation-blocks-writes",
  "20240102030405_index.js:4:53-4:59 pgsafe/index-creation-blocks-writes",
  "app.js:5:21-5:26 pgsafe/embedded-parse-error",
]

const variants: (readonly [Version, Config])[] = [
  ["8.57", "eslint.config.mjs"],
  ["8.57", "eslint.config.cjs"],
  ["8.57", ".eslintrc.cjs"],
  ["9", "eslint.config.mjs"],
  ["9", "eslint.config.cjs"],
  ["9", "plugin.config.mjs"],
  ["9", ".eslintrc.cjs"],
  ["10", "eslint.config.mjs"],
  ["10", "eslint.config.cjs"],
  ["10", "plugin.config.mjs"],
]

beforeAll(() => {
  if (!existsSync(join(ROOT, "dist/eslint.js"))) execFileSync(process.execPath, [join(ROOT, "node_modules/tsdown/dist/run.mjs")], { cwd: ROOT })
  mkdirSync(join(folder, "node_modules"))
  symlinkSync(ROOT, join(folder, "node_modules/pgsafe"), "junction")
  for (const name of ["@eslint", "@typescript-eslint", "eslint", "typescript"]) symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "junction")
  cpSync(join(ROOT, "packages/eslint-plugin-pgsafe"), join(folder, "node_modules/eslint-plugin-pgsafe"), { recursive: true })
}, 120_000)

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe("every ESLint finds the same", () => {
  it.each(variants)("ESLint %s with %s", (version, config) => {
    const outcome = eslint(project(`same-${version}-${config}`, version, config), version, config)
    expect(outcome.stderr.replace(/\(node:\d+\) ESLintRCWarning[\s\S]*/, "")).toBe("")
    expect(found(outcome)).toEqual(EXPECTED)
    expect(outcome.status).toBe(1)
  })
})

describe.each(NODES)("on Node.js %s", (nodeVersion) => {
  let node = ""
  beforeAll(() => {
    node = installNode(nodeVersion)
  }, 120_000)

  it.each([
    ["8.57", "eslint.config.mjs"],
    ["8.57", ".eslintrc.cjs"],
    ["9", "eslint.config.mjs"],
    ["9", "eslint.config.cjs"],
    ["10", "eslint.config.mjs"],
    ["10", "eslint.config.cjs"],
  ] as const)("ESLint %s with %s", (version, config) => {
    const outcome = eslintOn(node, project(`node-${nodeVersion}-${version}-${config}`, version, config), version, config)
    expect(outcome.stderr.replace(/\(node:\d+\) ESLintRCWarning[\s\S]*/, "")).toBe("")
    expect(found(outcome)).toEqual(EXPECTED)
  })
})

describe("options of ESLint", () => {
  it.each([["8.57", ".eslintrc.cjs"], ["9", "eslint.config.mjs"], ["10", "eslint.config.mjs"]] as const)("--fix with ESLint %s", (version, config) => {
    const cwd = project(`fix-${version}`, version, config)
    eslint(cwd, version, config, "--fix")
    const read = (path: string): string => readFileSync(join(cwd, path), "utf8")
    expect(read("src/migrations/20240102030405_index.js")).toContain("knex.raw('CREATE INDEX CONCURRENTLY idx_orders_region ON orders (region)')")
    // Inside a transaction it is no fix.
    expect(read("src/migrations/1700000000001-AddRegion.ts")).not.toContain("CONCURRENTLY")
  })

  it.each([["9", "eslint.config.mjs"], ["10", "eslint.config.mjs"]] as const)("--cache and --concurrency with ESLint %s", (version, config) => {
    const cwd = project(`cache-${version}`, version, config)
    const cached = ["--cache", "--cache-strategy", "content"]
    expect(found(eslint(cwd, version, config, ...cached))).toEqual(EXPECTED)
    expect(found(eslint(cwd, version, config, ...cached))).toEqual(EXPECTED)
    expect(found(eslint(cwd, version, config, "--concurrency", "2"))).toEqual(EXPECTED)
  })
})

describe("configurations meant for JavaScript that reach SQL files", () => {
  const broad = `import pgsafe from "pgsafe/eslint"
import js from "@eslint/js"
import typescript from "@typescript-eslint/eslint-plugin"
export default [js.configs.all, ...typescript.configs["flat/strict"], ...typescript.configs["flat/stylistic"], pgsafe.configs.sql]\n`

  it.each(["9", "10"] as const)("do no harm with ESLint %s", (version) => {
    const cwd = project(`broad-${version}`, version, "eslint.config.mjs")
    writeFileSync(join(cwd, "eslint.config.mjs"), broad)
    const outcome = eslint(cwd, version, "eslint.config.mjs")
    expect(outcome.stderr).toBe("")
    expect(found(outcome).filter((line) => line.startsWith("0001_orders.sql"))).toEqual(EXPECTED.filter((line) => line.startsWith("0001_orders.sql")))
  })
})

describe("the examples of docs/eslint.md", () => {
  const blocks = [...readFileSync(join(ROOT, "docs/eslint.md"), "utf8").matchAll(/^```(mjs|json)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({ language, code }))
  const example = (language: string, words: string): string => blocks.find(({ language: given, code }) => given === language && code.includes(words))?.code ?? `no example with ${words}`
  const IN_CODE_AND_SQL = EXPECTED.filter((line) => !line.includes(".ts:"))

  it("are all tried here", () => {
    expect(blocks).toHaveLength(5)
  })

  it("eslint.config.js", () => {
    const cwd = project("docs-flat", "10", "eslint.config.mjs")
    writeFileSync(join(cwd, "eslint.config.mjs"), example("mjs", "defineConfig"))
    expect(found(eslint(cwd, "10", "eslint.config.mjs", "--ignore-pattern", "**/*.ts"))).toEqual(IN_CODE_AND_SQL)
  })

  it("SQL files in ESLint 8.57", () => {
    const cwd = project("docs-parser", "8.57", "eslint.config.mjs")
    writeFileSync(join(cwd, "eslint.config.mjs"), `import pgsafe from "pgsafe/eslint"\nexport default [\n${example("mjs", "pgsafe.parsers.sql")}]\n`)
    expect(found(eslint(cwd, "8.57", "eslint.config.mjs", "--ignore-pattern", "**/*.js", "--no-error-on-unmatched-pattern"))).toEqual(EXPECTED.filter((line) => line.includes(".sql:")))
  })

  it("eslintrc", () => {
    const cwd = project("docs-legacy", "8.57", ".eslintrc.cjs")
    writeFileSync(join(cwd, ".eslintrc.cjs"), `module.exports = { root: true, parserOptions: { ecmaVersion: 2024 }, ...${example("json", "legacy-recommended")} }\n`)
    expect(found(eslint(cwd, "8.57", ".eslintrc.cjs", "--ignore-pattern", "**/*.ts"))).toEqual(IN_CODE_AND_SQL)
  })

  it("settings", () => {
    const cwd = project("docs-settings", "10", "eslint.config.mjs")
    mkdirSync(join(cwd, "src/db/changes"), { recursive: true })
    writeFileSync(join(cwd, "src/db/changes/1.js"), "runMigrationSql('TRUNCATE orders')\napp.db.exec('SELECT 1 +')\n")
    const settings = example("mjs", "postgresVersion").replace('"db/changes/**"', '"src/db/changes/**"')
    writeFileSync(join(cwd, "eslint.config.mjs"), `import pgsafe from "pgsafe/eslint"\nexport default [pgsafe.configs.recommended, \n${settings}]\n`)
    expect(found(eslint(cwd, "10", "eslint.config.mjs", "--ignore-pattern", "src/migrations", "--no-error-on-unmatched-pattern"))).toEqual([
      "1.js:1:27-1:33 pgsafe/truncate-loses-data",
      "1.js:2:23-2:24 pgsafe/embedded-parse-error",
      "app.js:5:21-5:26 pgsafe/embedded-parse-error",
    ])
  })

  it("settings of an editor", () => {
    expect(JSON.parse(example("json", "eslint.validate"))).toEqual({ "eslint.validate": ["javascript", "typescript", "sql"] })
  })
})
