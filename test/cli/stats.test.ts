import { describe, expect, it } from "vitest"
import { folder, pgsafe } from "./pgsafe.ts"

const FILES = {
  "V2__a.sql": "SET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN region SET NOT NULL;\n",
  "stats.json": '[{"schema":"public","table":"orders","rows":120,"bytes":16384}]',
  "wrong.json": "rows",
}

describe("pgsafe stats", () => {
  it("prints the query, and its help does, too", () => {
    const { stdout } = pgsafe(["stats"])
    expect(stdout).toContain("FROM pg_class c")
    expect(pgsafe(["stats", "--help"]).stdout).toContain(stdout.trim())
  })

  it("lets severity follow the size", () => {
    const cwd = folder(FILES)
    expect(pgsafe(["lint", "V2__a.sql"], { cwd }).code).toBe(1)
    const { code, stdout } = pgsafe(["lint", "--stats", "stats.json", "V2__a.sql"], { cwd })
    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, " ")).toContain("but orders has about 120 rows (16 kB)")
  })

  it("says what is wrong with the file", () => {
    const cwd = folder(FILES)
    expect(pgsafe(["lint", "--stats", "wrong.json", "V2__a.sql"], { cwd })).toMatchObject({
      code: 2,
      stderr: "pgsafe: wrong.json: it is neither a JSON list nor CSV with the header schema,table,rows,bytes; pgsafe stats prints the query that gives it\n",
    })
  })
})
