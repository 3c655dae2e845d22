import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { codePointToUtf16, createByteMap, createLineMap, hasByteOrderMark, isAscii } from "../../src/source/text.ts"

describe("createLineMap", () => {
  it("knows \\n, \\r\\n and a lone \\r", () => {
    const map = createLineMap("a\nbc\r\nd\re")
    expect(map.lineCount).toBe(4)
    expect([0, 1, 2, 4, 5, 6, 7, 8, 9].map((offset) => map.position(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 2, column: 4 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 4, column: 1 },
      { line: 4, column: 2 },
    ])
    expect([1, 2, 3, 4, 5].map((line) => map.lineStart(line))).toEqual([0, 2, 6, 8, 9])
  })
  it("counts columns in UTF-16 units", () => {
    expect(createLineMap("é\u{1f600}x").position(3)).toEqual({ line: 1, column: 4 })
  })
  it("does not count a byte order mark", () => {
    const map = createLineMap("\ufeffab\nc")
    expect(map.position(0)).toEqual({ line: 1, column: 1 })
    expect(map.position(1)).toEqual({ line: 1, column: 1 })
    expect(map.position(2)).toEqual({ line: 1, column: 2 })
    expect(map.position(4)).toEqual({ line: 2, column: 1 })
  })
  it("clamps offsets", () => {
    const map = createLineMap("ab")
    expect(map.position(-5)).toEqual({ line: 1, column: 1 })
    expect(map.position(50)).toEqual({ line: 1, column: 3 })
  })
})

describe("byte and code point maps", () => {
  const text = fc.string({ unit: "binary" })
  it("agree with an encoder at every character", () => {
    fc.assert(
      fc.property(text, fc.nat(400), (piece, repeat) => {
        const whole = piece + "x".repeat(repeat) + piece
        const map = createByteMap(whole)
        let offset = 0
        let bytes = 0
        for (const [index, character] of [...whole].entries()) {
          expect(map.toUtf16(bytes)).toBe(offset)
          expect(map.toByte(offset)).toBe(bytes)
          expect(codePointToUtf16(whole, index)).toBe(offset)
          offset += character.length
          bytes += Buffer.byteLength(character)
        }
        expect(map.toUtf16(bytes)).toBe(whole.length)
        expect(map.toByte(whole.length)).toBe(bytes)
      }),
      { numRuns: 60 },
    )
  })
  it("gives the start of a character for a byte inside it", () => {
    const map = createByteMap("a\u{1f600}b")
    expect([0, 1, 2, 3, 4, 5].map((byte) => map.toUtf16(byte))).toEqual([0, 1, 1, 1, 1, 3])
  })
  it("stops at the end", () => {
    expect(codePointToUtf16("ab", 9)).toBe(2)
  })
})

it("recognizes ASCII and the byte order mark", () => {
  expect([isAscii("a~"), isAscii("é"), hasByteOrderMark("\ufeffa"), hasByteOrderMark("a")]).toEqual([
    true,
    false,
    true,
    false,
  ])
})
