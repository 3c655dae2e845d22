import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { frameworkIds, frameworkIndex } from "../../scripts/generate-framework-index.ts"
import { frameworks } from "../../src/files/frameworks/index.ts"
import { nodeFiles } from "../../src/files/node-files.ts"
import { knownFiles } from "../../src/files/known-files.ts"

it("has an index that names every adapter", () => {
  const written = readFileSync(new URL("../../src/files/frameworks/index.ts", import.meta.url), "utf8")
  expect(written).toBe(frameworkIndex(frameworkIds()))
})

it.each(frameworks.map((framework) => [framework.id, framework] as const))("%s is complete", (id, framework) => {
  const place = { files: knownFiles(nodeFiles("/nowhere")), root: "/nowhere", above: ["/nowhere"] }
  const runner = framework.runner(place)
  expect(runner.framework).toBe(id)
  expect(framework.docs).toMatch(/^https:\/\//)
  expect(runner.why).not.toMatch(/\.$/)
  expect(runner.offSwitch.how).not.toMatch(/\.$/)
  // Whatever a user names is linted, with or without a tool that would take it.
  expect(framework.path("notes.md", []) === undefined).toBe(id !== "plain")
})

it("has exactly one adapter that takes everything", () => {
  const takers = frameworks.filter(({ shape, content }) => shape === "any" && content?.required !== true)
  expect(takers.map(({ id }) => id)).toEqual(["plain"])
})
