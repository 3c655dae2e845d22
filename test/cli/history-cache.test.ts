/** What is kept of a history never changes what a run says. */
import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { CLI, pgsafe, plainEnvironment, type Outcome } from "./pgsafe.ts"

const RULES = new URL("../../fixtures/rules/", import.meta.url).pathname
const TEXTS = readdirSync(RULES, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".sql"))
  .sort()
  .map((path) => readFileSync(join(RULES, path), "utf8"))
/** Names that the pending migration asks about, and what the end of the history tells. */
const OLD = "CREATE TABLE old_orders (id bigint PRIMARY KEY, region varchar(20), note text);\nALTER TABLE old_orders ADD CONSTRAINT old_check CHECK (id > 0) NOT VALID;\n"
const PENDING = "ALTER TABLE old_orders ALTER COLUMN region TYPE varchar(30);\nALTER TABLE old_orders ALTER COLUMN id TYPE integer;\nALTER TABLE old_orders DROP COLUMN gone;\n"

/** A history, and statements that are now known. */
const KEPT = [expect.stringMatching(/^history-.*\.bin$/), expect.stringMatching(/^history-.*\.files$/), "statements.txt"]

let root: string
let kept: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pgsafe-history-"))
  kept = join(root, "node_modules/.cache/pgsafe")
  mkdirSync(join(root, "node_modules"))
  mkdirSync(join(root, "migrations"))
  for (const [index, text] of TEXTS.slice(0, 64).entries()) write(index + 1, text)
  write(30, OLD + "x".repeat(10).replaceAll("x", `-- ${"padding ".repeat(1500)}\n`))
  write(65, PENDING)
})
afterEach(() => { rmSync(root, { recursive: true, force: true }) })

function path(version: number): string {
  return join(root, `migrations/V${String(version)}__change.sql`)
}

function write(version: number, text: string): void {
  writeFileSync(path(version), text)
}

function lint(version: number, ...args: string[]): Outcome {
  const { stdout, ...rest } = pgsafe(["lint", "--format", "json", `migrations/${basename(path(version))}`, ...args], { cwd: root })
  return { ...rest, stdout: stdout.replace(/"durationMs":\d+/, "") }
}

function files(): readonly string[] {
  return readdirSync(kept).filter((name) => name.startsWith("history-")).sort()
}

/** Runs with what is kept, after a run that may have kept it, say what a run without says. */
function agree(version: number): void {
  const without = lint(version, "--no-cache")
  expect(lint(version)).toEqual(without)
  expect(lint(version)).toEqual(without)
}

describe("what is kept of a history", { timeout: 120_000 }, () => {
  it("is kept once, and changes nothing", () => {
    const without = lint(65, "--no-cache")
    expect(() => files()).toThrow("ENOENT")
    expect(without.stdout).toContain("`old_orders.id` is `bigint` since here")
    expect(lint(65)).toEqual(without)
    const [session = "", list = ""] = files()
    expect([session, list]).toEqual([expect.stringMatching(/^history-[0-9a-f]{8}-56-[0-9a-f]{20}\.bin$/), session.replace(".bin", ".files")])
    const written = readFileSync(join(kept, session))
    expect(lint(65)).toEqual(without)
    expect(files()).toHaveLength(2)
    expect(readFileSync(join(kept, session)).equals(written)).toBe(true)
  })

  it("agrees after files were added, changed, renamed, swapped and removed", () => {
    agree(65)
    write(66, "ALTER TABLE old_orders ALTER COLUMN note SET NOT NULL;\n")
    agree(66)
    write(62, "ALTER TABLE old_orders DROP COLUMN region;\n")
    agree(66)
    write(30, OLD.replace("varchar(20)", "varchar(90)"))
    agree(65)
    renameSync(path(30), path(5000))
    agree(65)
    renameSync(path(5000), path(31))
    unlinkSync(path(3))
    agree(65)
    renameSync(path(10), path(9999))
    renameSync(path(11), path(10))
    renameSync(path(9999), path(11))
    agree(66)
  })

  it("is not taken for a file of the same size and time", () => {
    agree(65)
    const { atime, mtime } = statSync(path(30))
    write(30, readFileSync(path(30), "utf8").replace("varchar(20)", "varchar(90)"))
    utimesSync(path(30), atime, mtime)
    expect(lint(65).stdout).toContain("character varying(90)")
    agree(65)
  })

  it("depends on the version and on the tool's transaction", () => {
    agree(65)
    for (const args of [["--pg-version", "11"], ["--no-transaction"], ["--framework", "plain"], ["--search-path", "app,public"]]) {
      expect(lint(65, ...args)).toEqual(lint(65, "--no-cache", ...args))
      expect(lint(65, ...args)).toEqual(lint(65, "--no-cache", ...args))
    }
  })

  it("is made again when it is damaged", () => {
    const without = lint(65, "--no-cache")
    lint(65)
    for (const name of files()) {
      const intact = readFileSync(join(kept, name))
      for (const damaged of [intact.subarray(0, intact.length / 2), Buffer.alloc(0), flipped(intact, 0.3), flipped(intact, 0.99), flipped(intact, 1)]) {
        writeFileSync(join(kept, name), damaged)
        expect(lint(65)).toEqual(without)
        expect(files()).toHaveLength(2)
        expect(lint(65)).toEqual(without)
      }
    }
  })

  it("can be written by many runs at once", async () => {
    const without = lint(65, "--no-cache")
    const runs = Array.from({ length: 6 }, () => new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [CLI, "lint", "--format", "json", "migrations/V65__change.sql"], { cwd: root, env: plainEnvironment() })
      let text = ""
      child.stdout.on("data", (data: Buffer) => { text += data.toString() })
      child.on("close", () => { resolve(text.replace(/"durationMs":\d+/, "")) })
    }))
    for (const text of await Promise.all(runs)) expect(text).toBe(without.stdout)
    expect(files()).toHaveLength(2)
    expect(lint(65)).toEqual(without)
  })

  it("goes where one says, or nowhere when that cannot be written", () => {
    const without = lint(65, "--no-cache")
    expect(lint(65, "--cache-location", "elsewhere")).toEqual(without)
    expect(readdirSync(join(root, "elsewhere")).sort()).toEqual(KEPT)
    writeFileSync(join(root, "pgsafe.config.json"), `{ "cacheLocation": "configured" }`)
    expect(lint(65)).toEqual(without)
    expect(readdirSync(join(root, "configured")).sort()).toEqual(KEPT)
    expect(lint(65, "--cache-location", "pgsafe.config.json")).toEqual(without)
    if (process.platform === "linux") expect(lint(65, "--cache-location", "/proc/pgsafe")).toEqual(without)
    rmSync(join(root, "pgsafe.config.json"))
    rmSync(join(root, "node_modules"), { recursive: true })
    expect(lint(65)).toEqual(without)
    expect(readdirSync(root).sort()).toEqual(["configured", "elsewhere", "migrations"])
  })

  it("is kept of a dump, too", () => {
    writeFileSync(join(root, "dump.sql"), `${OLD}${TEXTS.slice(0, 80).join("\n")}`)
    const without = lint(65, "--schema", "dump.sql", "--no-cache")
    expect(lint(65, "--schema", "dump.sql")).toEqual(without)
    expect(files()).toEqual([expect.stringMatching(/-1-[0-9a-f]{20}\.bin$/), expect.stringMatching(/\.files$/)])
    expect(lint(65, "--schema", "dump.sql")).toEqual(without)
    writeFileSync(join(root, "dump.sql"), `${OLD.replace("varchar(20)", "varchar(90)")}${TEXTS.slice(0, 80).join("\n")}`)
    expect(lint(65, "--schema", "dump.sql").stdout).toContain("character varying(90)")
  })

  it("comes with what the parser has learned, which changes nothing either", () => {
    const without = lint(65, "--no-cache")
    lint(65)
    const path = join(kept, "statements.txt")
    const intact = readFileSync(path)
    expect(intact.toString()).toContain('"alter column type"')
    lint(65)
    expect(readFileSync(path).equals(intact)).toBe(true)
    for (const damaged of [intact.subarray(0, intact.length / 2), Buffer.alloc(0), flipped(intact, 0.01), flipped(intact, 0.5), flipped(intact, 1)]) {
      writeFileSync(path, damaged)
      expect(lint(65)).toEqual(without)
    }
  })

  it("does not pile up", () => {
    for (let run = 0; run < 10; run++) {
      write(1, `CREATE TABLE run_${String(run)} (id int);\n`)
      lint(65)
    }
    expect(files().filter((name) => name.endsWith(".bin"))).toHaveLength(8)
  })
})

function flipped(bytes: Buffer, where: number): Buffer {
  const damaged = Buffer.from(bytes)
  const at = Math.min(bytes.length - 1, Math.floor(bytes.length * where))
  damaged[at] = (damaged[at] ?? 0) ^ 0x21
  return damaged
}
