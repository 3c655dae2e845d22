import { describe, expect, it } from "vitest"
import { piecesOf } from "../../src/cli/output.ts"
import { folder, pgsafe } from "./pgsafe.ts"

describe("piecesOf", () => {
  it.each([
    ["", []],
    ["abc", ["abc"]],
    ["abcdefg", ["abc", "def", "g"]],
    ["ab😀cd", ["ab", "😀c", "d"]],
    ["a😀bcd", ["a😀", "bcd"]],
    ["😀😀", ["😀", "😀"]],
  ])("cuts %j", (text, pieces) => {
    expect([...piecesOf(text, 3)]).toEqual(pieces)
  })
})

describe("standard output", () => {
  it("has all of a large text, whatever is where it is cut", () => {
    const names = Array.from({ length: 150 }, (_, index) => `${"x".repeat(index % 3)}${"😀é".repeat(10)}${String(index)}`)
    const root = folder({ "1.sql": names.map((name) => `DROP TABLE "${name}" -- ${"😀".repeat(60)}\n;\n`).join("") })
    const { stdout } = pgsafe(["lint", "--format", "json", "--select", "table-drop-loses-data,object-drop-breaks-code", "1.sql"], { cwd: root })
    expect(stdout.length).toBeGreaterThan(200_000)
    expect(stdout).not.toContain("\uFFFD")
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly statement: string }[] }
    expect(names.filter((name) => !findings.some(({ statement }) => statement.includes(`"${name}"`)))).toEqual([])
  })
})
