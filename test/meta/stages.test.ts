/** The stages of the engine import only what comes before them, and only the outer ones know Node.js. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))

/** What each stage may import, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  files: ["source"],
  source: [],
  parse: ["source"],
  schema: ["source", "parse"],
  effects: ["source", "parse", "schema"],
  playbook: ["source", "parse", "schema", "effects"],
  usage: ["source"],
  rules: ["source", "parse", "schema", "effects", "playbook", "usage", "engine"],
  engine: ["files", "source", "parse", "schema", "effects", "playbook", "usage"],
  embedded: ["files", "source", "parse"],
  code: ["files", "source", "embedded"],
  report: ["source", "parse", "playbook", "engine"],
  config: ["files", "source", "engine", "rules"],
  cli: ["files", "source", "embedded", "code", "parse", "schema", "effects", "engine", "report", "config", "rules"],
  eslint: ["files", "source", "embedded", "parse", "engine", "config", "rules"],
}

/** Stages that also have to run in a browser, with the files that hosts load in their stead. */
const PURE = ["source", "usage", "embedded", "code", "parse", "schema", "effects", "playbook", "rules", "engine", "report"]
const FOR_NODE = ["src/parse/grammar/load-node.ts"]

interface Import {
  readonly from: string
  readonly to: string
}

const folders = ["src", "rules"].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
)
const sources = folders.filter((name) => name.endsWith(".ts"))

function importsOf(file: string): Import[] {
  const text = readFileSync(`${ROOT}${file}`, "utf8")
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g)].map(([, target = ""]) => ({
    from: file,
    to: target.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), target)).replaceAll("\\", "/") : target,
  }))
}

function stageOf(file: string): string {
  return file.startsWith("rules/") ? "rules" : (file.split("/")[1] ?? "")
}

const imports = sources.flatMap(importsOf)

describe("the stages", () => {
  it("are all known here", () => {
    const inner = sources.filter((file) => file !== "src/index.ts")
    expect([...new Set(inner.map(stageOf))].filter((stage) => !(stage in ALLOWED))).toEqual([])
  })

  it("import only what comes before them", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (from === "src/index.ts" || !/^(?:src|rules)\//.test(to)) return false
      const [own, other] = [stageOf(from), stageOf(to)]
      return own !== other && ALLOWED[own]?.includes(other) !== true
    })
    expect(wrong).toEqual([])
  })

  it("import files that are there, with their extension", () => {
    expect(imports.filter(({ to }) => /^(?:src|rules)\//.test(to) && !sources.includes(to))).toEqual([])
  })

  it("are pure where they have to be", () => {
    const pure = sources.filter((file) => PURE.includes(stageOf(file)) && !FOR_NODE.includes(file))
    expect(imports.filter(({ from, to }) => pure.includes(from) && (to.startsWith("node:") || FOR_NODE.includes(to)))).toEqual([])
    const impure = pure.filter((file) => /\b(?:process|console|performance|Date)\.|\bMath\.random\b/.test(withoutTexts(readFileSync(`${ROOT}${file}`, "utf8"))))
    expect(impure).toEqual([])
  })
})

/** A source text without its comments and strings. */
function withoutTexts(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "")
}
