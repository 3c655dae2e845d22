/** What V8 compiled is kept between runs, and never decides about what a run does. */
import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import * as nodeModule from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { CLI, plainEnvironment, type Outcome } from "./pgsafe.ts"

let root: string
let cache: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pgsafe-compiled-"))
  cache = join(root, "node_modules/.cache/pgsafe")
  cpSync(dirname(CLI), join(root, "node_modules/pgsafe/dist"), { recursive: true })
  writeFileSync(join(root, "1.sql"), "DROP INDEX orders_region;\n")
})
afterEach(() => { rmSync(root, { recursive: true, force: true }) })

function run(env: Readonly<Record<string, string>> = {}, paths: readonly string[] = ["1.sql"]): Outcome {
  const args = [join(root, "node_modules/pgsafe/dist/cli.cjs"), "lint", ...paths]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env: plainEnvironment(env), encoding: "utf8" })
  return { code: status, stdout, stderr }
}

function keptFiles(): readonly string[] {
  return readdirSync(cache).filter((name) => name.endsWith(".bin")).sort()
}

// Node.js 22.8 and later do it by themselves.
describe.skipIf("enableCompileCache" in nodeModule)("compiled code", () => {
  it("is kept beside the package, and used again", () => {
    const first = run()
    expect(first.stdout).toContain("DROP INDEX CONCURRENTLY orders_region;")
    const files = keptFiles()
    expect(files.map((name) => name.replace(/-.*/, ""))).toEqual(expect.arrayContaining(["lint", "main", "pretty"]))
    const before = files.map((name) => readFileSync(join(cache, name)))
    expect(run()).toEqual(first)
    expect(keptFiles()).toEqual(files)
    expect(files.filter((name, index) => before[index]?.equals(readFileSync(join(cache, name))) !== true)).toEqual([])
  })

  it("is not kept of a run that compiles much that runs on a few files do not need", () => {
    run({}, [join(dirname(CLI), "../fixtures")])
    expect(keptFiles()).toEqual([])
    run()
    expect(keptFiles()).not.toEqual([])
  })

  it("is made again when the file is damaged", () => {
    const first = run()
    for (const name of keptFiles()) {
      const intact = readFileSync(join(cache, name))
      for (const at of [0, 7, 300, intact.length - 1]) {
        const damaged = Buffer.from(intact)
        damaged[at] = (damaged[at] ?? 0) ^ 0x10
        writeFileSync(join(cache, name), at === 7 ? damaged.subarray(0, 700) : damaged)
        expect(run()).toEqual(first)
        // What V8 compiled may differ from run to run.
        expect(readFileSync(join(cache, name)).equals(damaged)).toBe(false)
      }
    }
  })

  it("is made again after a day, with what has been compiled since", () => {
    run()
    const yesterday = new Date(Date.now() - 90_000_000)
    for (const name of keptFiles()) utimesSync(join(cache, name), yesterday, yesterday)
    writeFileSync(join(root, "1.sql"), "ALTER TABLE orders ALTER COLUMN code TYPE bigint;\n")
    const sizes = (): number[] => keptFiles().map((name) => statSync(join(cache, name)).size)
    const before = sizes()
    run()
    expect(Math.max(...sizes())).toBeGreaterThan(Math.max(...before))
    expect(keptFiles().map((name) => statSync(join(cache, name)).mtimeMs > yesterday.getTime())).not.toContain(false)
  })

  it("does not pile up", () => {
    mkdirSync(cache, { recursive: true })
    for (let index = 0; index < 40; index++) writeFileSync(join(cache, `old-${String(index)}.bin`), "")
    run()
    expect(keptFiles()).toHaveLength(24)
    expect(keptFiles().some((name) => name.startsWith("lint-"))).toBe(true)
  })

  it("is not kept where nothing can be written, or when it is switched off", () => {
    const first = run({ NODE_DISABLE_COMPILE_CACHE: "1" })
    expect(() => keptFiles()).toThrow("ENOENT")
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(cache, "a file where the folder should be")
    chmodSync(dirname(cache), 0o555)
    expect(run()).toEqual(first)
    chmodSync(dirname(cache), 0o755)
  })
})
