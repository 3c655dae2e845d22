import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

const history = { path: "migrations/0001.sql", sql: "CREATE TABLE orders (id bigint PRIMARY KEY);" }

/** What is said of SET NOT NULL. */
function said(sql: string): string[] {
  const files = [history, { path: "migrations/0002.sql", sql }]
  return lint({ files, options: { transaction: false } }).findings.flatMap(({ rule, message }) => (rule === "not-null-scans-table" ? [message] : []))
}

const SET = "ALTER TABLE orders ALTER COLUMN token SET NOT NULL;"

describe("SET NOT NULL on a column that an earlier statement of the file adds", () => {
  it("is said to fail when nothing fills the column", () => {
    const fails = ["SET NOT NULL on token fails if orders has rows: line 1 adds it without a value, and nothing fills it before"]
    expect(said(`ALTER TABLE orders ADD COLUMN token uuid;\n${SET}`)).toEqual(fails)
    expect(said(`ALTER TABLE orders ADD COLUMN token uuid DEFAULT NULL;\nCREATE INDEX CONCURRENTLY i ON orders (token);\n${SET}`)).toEqual(fails)
  })

  it("reads every row when something may have filled it, or its default has", () => {
    const reads = ["SET NOT NULL on token reads every row of orders while all reads and writes of it are blocked (ACCESS EXCLUSIVE)"]
    for (const fills of ["UPDATE orders SET token = gen_random_uuid() WHERE id < 5", "SELECT fill_tokens()", "FILL orders", "DO $$ BEGIN PERFORM fill_tokens(); END $$"]) {
      expect(said(`ALTER TABLE orders ADD COLUMN token uuid;\n${fills};\n${SET}`)).toEqual(reads)
    }
    expect(said(`ALTER TABLE orders ADD COLUMN token int DEFAULT 1;\n${SET}`)).toEqual(reads)
  })
})
