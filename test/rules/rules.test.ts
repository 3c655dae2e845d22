import { existsSync, readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { ruleIds, ruleIndex } from "../../scripts/generate-rule-index.ts"
import { pages } from "../../scripts/generate-docs.ts"
import { FIXTURES } from "./fixture.ts"

const root = new URL("../../", import.meta.url)

describe("the set of rules", () => {
  it("is listed in the generated index", () => {
    expect(readFileSync(new URL("rules/index.ts", root), "utf8")).toBe(ruleIndex(ruleIds()))
    expect(rules.map(({ id }) => id)).toEqual(ruleIds())
  })

  it("has fixtures for every rule and none for others", () => {
    expect(readdirSync(FIXTURES).sort()).toEqual(ruleIds())
  })

  it("has a fresh page for every rule and none for others", () => {
    const written = pages()
    expect(readdirSync(new URL("docs/rules/", root)).sort()).toEqual([...written.keys()].sort())
    for (const [name, text] of written)
      expect(readFileSync(new URL(`docs/rules/${name}`, root), "utf8"), name).toBe(text)
  })
})

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  it("is named in kebab case and by its file", () => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)+$/)
    expect(existsSync(new URL(`rules/${id}.ts`, root))).toBe(true)
  })

  it("documents itself in whole sentences", () => {
    for (const [part, text] of Object.entries(rule.docs)) {
      if (typeof text === "string") expect(text, part).toMatch(/^[A-Z].*\.$/)
    }
    for (const url of rule.docs.references) expect(() => new URL(url)).not.toThrow()
  })

  it("has messages of one sentence, without a period", () => {
    for (const message of Object.values(rule.messages)) expect(message).not.toMatch(/\.$|\n/)
  })

  it("belongs to a preset", () => {
    expect(rule.presets.length).toBeGreaterThan(0)
  })
})
