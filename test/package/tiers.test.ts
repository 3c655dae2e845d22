/** V8 must not optimize the grammar: on Node.js 24 that takes seconds and hundreds of megabytes. It tells what it compiles. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { describe, expect, it } from "vitest"
import { folder, plainEnvironment } from "../cli/pgsafe.ts"
import { installNode, NODES } from "../eslint/nodes.ts"

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url))
const at = (name: string): string => JSON.stringify(pathToFileURL(join(DIST, name)).href)

/** Statements of which each needs the grammar, enough of them to keep its functions busy. */
const SQL = Array.from({ length: 300 }, (_, index) => `SELECT ${"a + ".repeat(index)}1 FROM b NATURAL LEFT JOIN LATERAL (SELECT 1) AS c;`).join("\n")

const HOSTS = {
  "the command line": { file: "cli.mjs", text: `import ${at("cli.cjs")}` },
  "the library": {
    file: "library.mjs",
    text: `import { readFileSync } from "node:fs"
import { lint } from ${at("index.js")}
for (const sql of readFileSync("1.sql", "utf8").split("\\n")) lint({ files: [{ path: "1.sql", sql }] })`,
  },
  "the ESLint plugin": {
    file: "eslint.mjs",
    text: `import { readFileSync } from "node:fs"
import { Linter } from ${JSON.stringify(pathToFileURL(fileURLToPath(new URL("../../node_modules/eslint/lib/api.js", import.meta.url))).href)}
import pgsafe from ${at("eslint.js")}
const linter = new Linter()
for (const sql of readFileSync("1.sql", "utf8").split("\\n")) linter.verify(sql, pgsafe.configs.sql, { filename: "1.sql" })`,
  },
} as const

function compiledBy(node: string, { file, text }: { readonly file: string; readonly text: string }): { readonly baseline: number; readonly optimized: number } {
  const cwd = folder({ "1.sql": SQL, [file]: text })
  const { status, stdout, stderr } = spawnSync(node, ["--trace-wasm-compilation-times", file, "lint", "--no-cache", "1.sql"], { cwd, encoding: "utf8", env: plainEnvironment(), maxBuffer: 1e8 })
  expect(status, stderr).toBe(0)
  const count = (words: string): number => stdout.split(words).length - 1
  return { baseline: count("using Liftoff"), optimized: count("using TurboFan") }
}

describe.each([null, ...NODES])("on Node.js %s", (version) => {
  it.each(Object.entries(HOSTS))("%s does not wait for an optimized grammar", (_, host) => {
    const { baseline, optimized } = compiledBy(version === null ? process.execPath : installNode(version), host)
    expect(baseline).toBeGreaterThan(40)
    expect(optimized).toBe(0)
  }, 120_000)
})
