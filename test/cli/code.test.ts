import { describe, expect, it } from "vitest"
import { folder, pgsafe } from "./pgsafe.ts"

describe("migrations in code", () => {
  const migration = 'exports.up = (pgm) => {\n  pgm.sql("VACUUM FULL orders")\n  pgm.dropTable(name)\n}\n'

  it("are found in the usual folders, linted, and what is not understood is counted", () => {
    const cwd = folder({ "migrations/1700000000000_vacuum.js": migration, "migrations/helpers.js": "exports.up = 1\n" })
    const { code, stdout, stderr } = pgsafe(["lint", "--ignore", "forbidden-in-transaction", "--format", "json"], { cwd })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "pgsafe: linting migrations\npgsafe: 1 call in code could not be read without running it\n",
    })
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ rule: "vacuum-full-rewrites-table", file: "migrations/1700000000000_vacuum.js", line: 2, column: 24 }],
      summary: { files: 1, statements: 1 },
    })
  })
})

describe("scripts of psql", () => {
  it("name the files that they include and that nobody lints", () => {
    const cwd = folder({ "a.sql": "\\i b.sql\n\\ir sub/c.sql\nSELECT 1;\n", "b.sql": "SELECT 2;\n", "sub/c.sql": "SELECT 3;\n" })
    const { stderr } = pgsafe(["lint", "a.sql", "b.sql"], { cwd })
    expect(stderr).toBe("pgsafe: files that \\i includes are linted only when they are named, too: sub/c.sql\n")
  })
})
