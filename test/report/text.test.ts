import { describe, expect, it } from "vitest"
import { fitting, plural, textWidth, wrap } from "../../src/report/text.ts"

describe("textWidth", () => {
  it.each([
    ["orders", 6],
    ["", 0],
    ["\u6ce8\u6587", 4],
    ["\uff21\uff22", 4],
    ["\uff71", 1],
    ["\ud55c\uae00", 4],
    ["Bestellungen \u00e4\u00f6\u00fc", 16],
    ["e\u0301", 1],
    ["\ud83d\ude80", 2],
    ["\u200b", 0],
    ["\u001b[31mred\u001b[39m", 3],
  ])("of %j is %i", (text, width) => {
    expect(textWidth(text)).toBe(width)
  })
})

describe("fitting", () => {
  it("never cuts a character in two", () => {
    expect(fitting("ab\u6ce8", 3)).toBe("ab")
    expect(fitting("\ud83d\ude80x", 2)).toBe("\ud83d\ude80")
    expect(fitting("abc", 0)).toBe("")
  })
})

describe("wrap", () => {
  it("breaks at blanks", () => {
    expect(wrap("one two three", 7)).toBe("one two\nthree")
    expect(wrap("one two three", 9, "  ")).toBe("one two\n  three")
  })

  it("keeps words that are too long whole", () => {
    expect(wrap("a verylongword b", 5)).toBe("a\nverylongword\nb")
  })

  it("keeps line breaks, and indented lines as they are", () => {
    expect(wrap("-- first\nsecond third\n  SELECT something FROM somewhere;", 10, "-- ")).toBe(
      "-- first\n-- second\n-- third\n--   SELECT something FROM somewhere;",
    )
  })

  it("measures what is seen, not the colours", () => {
    expect(wrap("\u001b[1mone\u001b[22m two three", 7)).toBe("\u001b[1mone\u001b[22m two\nthree")
  })

  it("does nothing without a limit", () => {
    expect(wrap("a ".repeat(500).trim(), Infinity)).toBe("a ".repeat(500).trim())
  })
})

it("counts in words", () => {
  expect([0, 1, 2, 1000, 1234567].map((count) => plural(count, "file"))).toEqual([
    "0 files",
    "1 file",
    "2 files",
    "1,000 files",
    "1,234,567 files",
  ])
})
