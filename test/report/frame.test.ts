import { describe, expect, it } from "vitest"
import { createColors } from "../../src/report/colors.ts"
import { codeFrame } from "../../src/report/frame.ts"

function frame(sql: string, line: number, column: number, endLine: number, endColumn: number, width = 80): string {
  const colors = createColors(false)
  return codeFrame(sql.split("\n"), { line, column, endLine, endColumn }, { colors, width, paint: (text) => text }).join("\n")
}

describe("a code frame", () => {
  it("marks the place", () => {
    expect(frame("DROP TABLE orders;", 1, 12, 1, 18)).toBe(
      `
  |
1 | DROP TABLE orders;
  |            ^^^^^^
  |`.slice(1),
    )
  })

  it("marks an empty place with one caret", () => {
    expect(frame("SELECT", 1, 7, 1, 7)).toBe(
      `
  |
1 | SELECT
  |       ^
  |`.slice(1),
    )
  })

  it("marks several lines and folds the rest", () => {
    expect(frame("a (\n\n  b,\n  c,\n  d,\n  e\n);", 1, 1, 7, 2)).toBe(
      `
  |
1 | a (
  | ^^^
2 |
3 |   b,
  |   ^^
4 |   c,
  |   ^^
  | (3 more lines)
  |`.slice(1),
    )
  })

  it("fills tabs and counts wide characters double", () => {
    expect(frame('\tDROP TABLE "\u6ce8\u6587", b;', 1, 19, 1, 20)).toBe(
      `
  |
1 |     DROP TABLE "\u6ce8\u6587", b;
  |                        ^
  |`.slice(1),
    )
  })

  it("widens the gutter for the largest number", () => {
    expect(frame("\n".repeat(98) + "a\nb", 99, 1, 100, 2)).toBe(
      `
    |
 99 | a
    | ^
100 | b
    | ^
    |`.slice(1),
    )
  })

  it("cuts a long line so that the place is seen", () => {
    expect(frame(`${"a".repeat(100)} HERE ${"b".repeat(100)}`, 1, 102, 1, 106, 40)).toBe(
      `
  |
1 | …${"a".repeat(30)} HERE
  | ${" ".repeat(32)}^^^^
  |`.slice(1),
    )
    for (const line of frame(`${"a".repeat(100)} ${"c".repeat(100)} b`, 1, 102, 1, 202, 40).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(40)
    }
  })

  it("makes control characters visible", () => {
    expect(frame("a \u001b[2J b", 1, 1, 1, 2)).toContain("a \u00b7[2J b")
  })
})
