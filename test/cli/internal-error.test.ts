import { describe, expect, it } from "vitest"
import { DamagedSession } from "../../src/cli/damaged-session.ts"
import { internalError, orError } from "../../src/cli/internal-error.ts"

function fails(): never {
  throw new RangeError("Maximum call stack size exceeded")
}

describe("a mistake of pgsafe itself", () => {
  it("is told in one line, with the place and without the folders", () => {
    expect(orError("a.sql", () => 1)).toBe(1)
    expect(orError("a.sql", fails)).toEqual({
      file: "a.sql",
      message: expect.stringMatching(/^internal error, please report it with this file: RangeError: Maximum call stack size exceeded \(at fails \(internal-error\.test\.ts:\d+:\d+\)\)$/) as string,
    })
    expect(internalError("odd")).toBe("odd")
  })

  it("is not what a damaged history brings about", () => {
    expect(() => orError("a.sql", () => { throw new DamagedSession("kept") })).toThrow(DamagedSession)
  })
})
