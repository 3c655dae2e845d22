import { describe, expect, it } from "vitest"
import { milliseconds } from "../../src/effects/duration.ts"
import { lint } from "../../src/index.ts"

// test/truth/timeouts.ts compares with real servers.
describe("a duration", () => {
  it.each([
    ["0", 0],
    ["5000", 5000],
    [" 5 s ", 5000],
    ["90min", 5_400_000],
    ["1.5 h", 5_400_000],
    ["2d", 172_800_000],
    ["1e3", 1000],
    ["0x10 s", 16_000],
    ["010", 8],
    ["600us", 1],
    ["0.5", 0],
    ["1.5", 2],
    ["-0", 0],
  ])("%j is read as the server reads it", (written, expected) => {
    expect(milliseconds(written)).toBe(expected)
  })

  it.each(["", "s", "5S", "5sec", "-1", "_t", "{{x}}", "5 constructor"])("%j is none", (written) => {
    expect(milliseconds(written)).toBeNull()
  })
})

/** Rules that go by a timeout, of those that speak up. */
function found(sql: string, options: { readonly transaction?: boolean } = { transaction: false }): string[] {
  return lint({ files: [{ path: "migrations/0001.sql", sql }], options })
    .findings.map(({ rule }) => rule)
    .filter((rule) => rule === "lock-timeout-missing" || rule === "statement-timeout-cancels-build")
}

describe("a timeout of the session", () => {
  it("is not known where only running the file tells", () => {
    for (const set of ["SET lock_timeout = :t", "DO $$ BEGIN IF now() > '2020-01-01' THEN SET lock_timeout = 0; END IF; END $$", "SELECT set_config(name, '0', false) FROM settings"]) {
      expect(found(`${set};\nALTER TABLE orders ADD COLUMN note text;`)).toEqual([])
    }
  })

  it("may or may not be set by SET LOCAL where nobody knows about the transaction", () => {
    const sql = "SET LOCAL lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN note text;"
    expect(found(sql, {})).toEqual([])
    expect(found(`SELECT 1;\n${sql}`, { transaction: true })).toEqual([])
  })

  it("ends with its file", () => {
    const files = [
      { path: "migrations/0001.sql", sql: "SET statement_timeout = '5s'; SET lock_timeout = '5s'; ALTER TABLE orders ADD COLUMN note text;" },
      { path: "migrations/0002.sql", sql: "CREATE INDEX CONCURRENTLY orders_note ON orders (note);" },
    ]
    expect(lint({ files, pending: true, options: { transaction: false } }).findings).toEqual([])
  })

  it.each([
    "ALTER TABLE orders RENAME TO purchases",
    "ALTER VIEW open_orders RENAME TO orders_to_do",
    "ALTER TABLE orders SET SCHEMA shop",
    "ALTER TABLE orders RENAME COLUMN note TO remark",
    "DROP TABLE orders",
    "ALTER TABLE orders DROP COLUMN note",
    "ALTER TABLE orders ALTER note SET NOT NULL",
  ])("is not asked for where the safe version of the statement sets one: %s", (sql) => {
    const { findings } = lint({ files: [{ path: "migrations/0001.sql", sql: `${sql};` }], options: { transaction: false } })
    expect(findings.map(({ steps }) => steps.some((step) => step.sql.startsWith("SET lock_timeout")))).toEqual([true])
    expect(found(`${sql};`)).toEqual([])
  })
})
