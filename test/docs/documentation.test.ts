/**
 * Runs what the documentation shows. A comment before a block of code says what has to hold of it:
 *
 * - `<!-- finds: <rule>, <rule> -->` or `<!-- finds: nothing -->`: what pgsafe finds in the SQL.
 * - `<!-- run -->`: the commands or the program run; `<!-- prints -->` before the block after it: that is the output.
 * - `<!-- config -->`: a valid configuration. `<!-- yaml -->`, `<!-- workflow -->`: YAML.
 * - `<!-- not run: <why> -->`: shell commands that a test cannot run.
 *
 * Every SQL block parses, and every shell block is run or says why not.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { checkConfig } from "../../src/config/schema.ts"
import { lint } from "../../src/index.ts"
import { CLI, folder, plainEnvironment } from "../cli/pgsafe.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
const PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...readdirSync(`${ROOT}docs`).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)]

interface Block {
  readonly language: string
  readonly code: string
  /** The comment before it. */
  readonly note: string
  readonly line: number
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(`${ROOT}${page}`, "utf8")
  return [...text.matchAll(/(?:<!-- ((?:finds|run|prints|config|yaml|workflow|not run)\b[^>]*?) -->\n)?^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
    ({ 1: note = "", 2: indent = "", 3: language = "", 4: code = "", index }) => ({
      language,
      code: code.split("\n").map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join("\n"),
      note,
      line: text.slice(0, index).split("\n").length,
    }),
  )
}

const blocks = PAGES.flatMap((page) => {
  const found = blocksOf(page)
  return found.map((block, index) => ({ page, block, next: found[index + 1], name: `${page}:${String(block.line)}` }))
})

function only(test: (block: Block) => boolean): (readonly [string, Block, Block | undefined])[] {
  return blocks.filter(({ block }) => test(block)).map(({ name, block, next }) => [name, block, next] as const)
}

function findingsOf(sql: string): string[] {
  return lint({ files: [{ path: "migration.sql", sql }] }).findings.map(({ rule }) => rule)
}

/** What a program prints, with `pgsafe` as the built package. */
function outputOf(program: string): string {
  const path = `${folder({ "program.mjs": program.replaceAll('from "pgsafe"', `from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)}`) })}/program.mjs`
  return execFileSync(process.execPath, [path], { encoding: "utf8", env: plainEnvironment() })
}

describe("SQL in the documentation", () => {
  it.each(only(({ language }) => language === "sql"))("%s parses", (_, { code }) => {
    expect(findingsOf(code)).not.toContain("syntax-error")
  })

  it.each(only(({ note }) => note.startsWith("finds: ")))("%s has the findings it claims", (_, { note, code }) => {
    const claimed = note.slice("finds: ".length)
    expect(findingsOf(code)).toEqual(claimed === "nothing" ? [] : claimed.split(", "))
  })
})

describe("programs and commands in the documentation", () => {
  it.each(only(({ language }) => language === "js"))("%s runs and prints what is shown", (_, { code, note }) => {
    expect(note).toBe("run")
    expect(outputOf(code)).not.toBe("")
  })

  it.each(blocks.flatMap(({ block, next, name }) => (block.language === "js" && next?.note === "prints" ? [[name, block, next] as const] : [])))(
    "%s prints what is shown",
    (_, { code }, shown) => {
      expect(outputOf(code)).toBe(shown.code)
    },
  )

  it.each(only(({ language, note }) => language === "sh" && note === "run"))("%s runs", (_, { code }) => {
    for (const command of code.trim().split("\n")) {
      const { status, stderr } = spawnSync("bash", ["-c", command.replace(/^npx pgsafe/, '"$NODE" "$CLI"')], {
        cwd: ROOT,
        encoding: "utf8",
        env: plainEnvironment({ NODE: process.execPath, CLI }),
      })
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: "" })
    }
  })

  it.each(only(({ language }) => language === "sh"))("%s names scripts, options, rules and files that exist", (_, { code }) => {
    const scripts = Object.keys((JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { scripts: object }).scripts)
    const help = execFileSync(process.execPath, [CLI, "lint", "--help"], { encoding: "utf8" })
    for (const [, script = ""] of code.matchAll(/\bnpm run ([\w:-]+)/g)) expect(scripts).toContain(script)
    for (const [, rest = ""] of code.matchAll(/\bpgsafe lint (.*)/g)) {
      for (const [option] of rest.matchAll(/(?<= |^)--[a-z][\w-]*/g)) expect(help).toContain(option)
    }
    for (const [path] of code.matchAll(/\bfixtures\/[\w/-]+/g)) expect(existsSync(`${ROOT}${path}`)).toBe(true)
  })
})

it.skipIf(process.platform === "win32")("the hook without pre-commit lints what is staged, whatever it is called", () => {
  const hook = blocks.find(({ block }) => block.code.startsWith("#!/bin/sh"))?.block.code ?? ""
  const cwd = folder({ "migrations/V1__ä b.sql": "SET lock_timeout = '5s';\nVACUUM FULL orders;\n" })
  const run = (): number | null => spawnSync("sh", ["-c", hook.replace("npx pgsafe", '"$NODE" "$CLI"')], { cwd, env: plainEnvironment({ NODE: process.execPath, CLI }) }).status
  execFileSync("git", ["init", "--quiet"], { cwd })
  expect(run()).toBe(0)
  execFileSync("git", ["add", "."], { cwd })
  writeFileSync(`${cwd}/migrations/V1__ä b.sql`, "SELECT 1;\n")
  expect(run()).toBe(1)
})

describe("settings in the documentation", () => {
  it.each(only(({ note }) => note === "config"))("%s is a valid configuration", (_, { code }) => {
    expect(checkConfig(JSON.parse(code))).toHaveProperty("config")
  })

  it.each(only(({ note }) => note === "yaml" || note === "workflow"))("%s is YAML", (_, { code }) => {
    expect(parse(code)).toBeTypeOf("object")
  })

  it("gives the action only inputs that it has", () => {
    const { inputs } = parse(readFileSync(`${ROOT}action.yml`, "utf8")) as { inputs: Record<string, unknown> }
    const workflows = only(({ note }) => note === "workflow").map(([, { code }]) => parse(code) as { jobs: { pgsafe: { steps: { uses: string; with?: object }[] } } })
    const used = workflows.flatMap(({ jobs }) => jobs.pgsafe.steps).flatMap(({ uses, with: given }) => (uses.includes("pgsafe") ? Object.keys(given ?? {}) : []))
    expect(used.length).toBeGreaterThan(0)
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(used))
  })
})

it("the documentation links to files that exist", () => {
  const broken = PAGES.flatMap((page) => {
    const text = readFileSync(`${ROOT}${page}`, "utf8")
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[\w-]*)?\)/g)].map(([, target = ""]) => target)
    return links.filter((target) => !existsSync(fileURLToPath(new URL(target, `file://${ROOT}${page}`)))).map((target) => `${page}: ${target}`)
  })
  expect(broken).toEqual([])
})
