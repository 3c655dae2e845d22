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
    expect(stdout).toContain("JOIN pg_class c ON")
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([])
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

  it("says which encoding it cannot read, and where the file is named", () => {
    const utf16 = Buffer.from(JSON.stringify([{ schema: "public", table: "orders", rows: 1, bytes: 8192 }]), "utf16le")
    const cwd = folder({ ...FILES, "utf16.json": utf16, "pgsafe.config.json": '{ "stats": "utf16.json" }' })
    expect(pgsafe(["lint", "V2__a.sql"], { cwd }).stderr).toBe(
      'pgsafe: "stats" in pgsafe.config.json: utf16.json: the file is encoded in UTF-16; save it as UTF-8; pgsafe stats prints the query that gives it\n',
    )
  })
})
