import { describe, expect, it } from "vitest"
import { nearest } from "../../src/source/nearest.ts"

describe("nearest", () => {
  it("finds the word that was meant", () => {
    expect(nearest("vacum-full", ["vacuum-full", "vacuum"])).toBe("vacuum-full")
    expect(nearest("lnit", ["lint", "rules"])).toBe("lint")
  })

  it("finds what the word is the beginning of, after a whole word that is as near", () => {
    expect(nearest("vacum-full", ["vacuum-full-rewrites-table", "type-change-blocks-queries"])).toBe("vacuum-full-rewrites-table")
    expect(nearest("lnit", ["lint-staged", "lint"])).toBe("lint")
  })

  it("takes no notice of capitals", () => {
    expect(nearest("VACUUM-FULL", ["vacuum-full", "lint"])).toBe("vacuum-full")
    expect(nearest("pgversion", ["pgVersion", "rules"])).toBe("pgVersion")
  })

  it("finds nothing when no word is near", () => {
    expect(nearest("abc", ["vacuum-full", "lint"])).toBeUndefined()
    expect(nearest("x", ["lint"])).toBeUndefined()
  })
})
