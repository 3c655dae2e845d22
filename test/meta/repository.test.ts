/** What has to hold for all files of the project. */
import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { configJsonSchema } from "../../src/config/schema.ts"
import { pages } from "../../scripts/generate-docs.ts"
import { eslintMetadata } from "../../scripts/generate-eslint-metadata.ts"
import { frameworkIds, frameworkIndex } from "../../scripts/generate-framework-index.ts"
import { picture } from "../../scripts/generate-picture.ts"
import { refreshed, WRITTEN_PAGES } from "../../scripts/generate-pages.ts"
import { ruleIds, ruleIndex } from "../../scripts/generate-rule-index.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))

function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, "utf8")
}

describe("generated files are fresh (npm run generate)", () => {
  it("the indexes", () => {
    expect(read("rules/index.ts")).toBe(ruleIndex(ruleIds()))
    expect(read("src/files/frameworks/index.ts")).toBe(frameworkIndex(frameworkIds()))
  })

  it("what ESLint knows of the rules", () => {
    expect(read("src/eslint/metadata.ts")).toBe(eslintMetadata(rules))
  })

  it("the rules' pages", () => {
    const expected = pages()
    expect(readdirSync(`${ROOT}docs/rules`).sort()).toEqual([...expected.keys()].sort())
    for (const [name, text] of expected) expect(read(`docs/rules/${name}`)).toBe(text)
  })

  it("the schema of the configuration", () => {
    expect(JSON.parse(read("schema/config.schema.json"))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())))
  })

  it("the written pages and the picture", () => {
    for (const page of WRITTEN_PAGES) expect(read(page)).toBe(refreshed(read(page)))
    expect(read("docs/images/lint.svg")).toBe(picture())
  })
})

describe("every rule", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))("%s has its file, page and fixtures, and is on somewhere", (id, { presets }) => {
    expect(existsSync(`${ROOT}rules/${id}.ts`)).toBe(true)
    expect(existsSync(`${ROOT}docs/rules/${id}.md`)).toBe(true)
    expect(readdirSync(`${ROOT}fixtures/rules/${id}`).sort()).toEqual(expect.arrayContaining(["firing.sql", "silent.sql"]))
    expect(presets.length).toBeGreaterThan(0)
  })

  it("is the only owner of its fixtures", () => {
    expect(readdirSync(`${ROOT}fixtures/rules`).sort()).toEqual(ruleIds())
  })
})

describe("the repository", () => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean)
  const texts = files.filter((file) => /\.(?:ts|mjs|cjs|js|json|md|ya?ml|sql|txt)$/.test(file) && file !== "package-lock.json" && existsSync(`${ROOT}${file}`))

  it("names no machine's paths", () => {
    // The place of one's own clone, or of a temporary folder, means nothing to others.
    const paths = /(?:^|[\s"'`(=:])\/(?:home\/\w+|Users\/\w+|root|work|tmp)\//
    const found = texts.filter((file) => paths.test(read(file)))
    expect(found.filter((file) => !["test/meta/repository.test.ts"].includes(file))).toEqual([])
  })

  it("takes packages from whatever registry npm is set to", () => {
    expect(read("package-lock.json")).not.toContain('"resolved": "http')
  })

  it("locks the optional packages of every platform, without which npm ci refuses", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, { optionalDependencies?: object; optional?: boolean }> }
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")))
    expect(wanted.filter((name) => !locked.has(name))).toEqual([])
  })

  it("needs no package at run time", () => {
    expect(JSON.parse(read("package.json"))).not.toHaveProperty("dependencies")
  })
})
