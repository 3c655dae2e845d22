import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

/** The rule and the text marked, for each finding. */
function found(sql: string): string[] {
  const lines = sql.split("\n")
  return lint({ files: [{ path: "a.sql", sql }] }).findings.map(({ rule, line, column, endColumn }) => `${rule}: ${lines[line - 1]?.slice(column - 1, endColumn - 1) ?? ""}`)
}

describe("code that a migration runs", () => {
  it("is analyzed where it stands in a DO block", () => {
    expect(found("SET lock_timeout = '5s';\nDO $$\nBEGIN\n  CREATE INDEX i ON orders (a);\nEND $$;")).toEqual(["index-creation-blocks-writes: orders"])
  })

  it("sees what earlier statements of the block made", () => {
    expect(found("DO $$\nBEGIN\n  CREATE TABLE fresh (a int);\n  CREATE INDEX i ON fresh (a);\nEND $$;")).toEqual([])
  })

  it("is analyzed in a function that the migration calls, and not in one that it only creates", () => {
    const body = "SET lock_timeout = '5s';\nCREATE FUNCTION build() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  CREATE INDEX i ON orders (a);\nEND $$;\n"
    expect(found(body)).toEqual([])
    expect(found(`${body}SELECT build();`)).toEqual(["index-creation-blocks-writes: orders"])
  })

  it("gets no recipe that would take its variables out of the block", () => {
    const sql = "DO $$\nDECLARE v int := 1;\nBEGIN\n  UPDATE orders SET a = v WHERE a IS NULL;\nEND $$;"
    const { findings } = lint({ files: [{ path: "a.sql", sql }] })
    expect(findings.map(({ rule, steps }) => [rule, steps])).toEqual([["unbatched-backfill", []]])
  })

  it("has names and steps in the text that PostgreSQL runs, where the file has it with escapes", () => {
    const sql = "SET lock_timeout = '5s';\nDO $$\nBEGIN\n  EXECUTE 'CREATE INDEX open_orders ON \"Orders\" (a) '\n    || 'WHERE state = ''open''';\nEND $$;"
    const [finding] = lint({ files: [{ path: "a.sql", sql }] }).findings
    expect(finding?.message).toBe('creating index open_orders blocks writes to "Orders" (SHARE) until it is built')
    expect(finding?.steps.map((step) => step.sql)).toEqual(["CREATE INDEX CONCURRENTLY open_orders ON \"Orders\" (a) WHERE state = 'open';"])
    expect(finding?.fix).toBeNull()
  })

  it("is analyzed where it stands in a quoted body", () => {
    const sql = "SET lock_timeout = '5s';\nCREATE FUNCTION build() RETURNS void LANGUAGE plpgsql AS '\nBEGIN\n  PERFORM note(''x'');\n  CREATE INDEX i ON orders (a);\nEND';\nSELECT build();"
    expect(found(sql)).toEqual(["index-creation-blocks-writes: orders"])
  })

  it("ends with a function that calls itself", () => {
    const sql = "CREATE FUNCTION again() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  PERFORM again();\nEND $$;\nSELECT again();"
    expect(found(sql)).toEqual([])
  })

  it("is the body that the function has when it is called", () => {
    const make = (body: string): string => `CREATE OR REPLACE FUNCTION build() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  ${body}\nEND $$;\n`
    const first = make("CREATE INDEX i ON orders (a);")
    const second = make("DROP TABLE invoices;")
    const call = "SELECT build();\n"
    expect(found(`SET lock_timeout = '5s';\n${first}${call}${second}`)).toEqual(["index-creation-blocks-writes: orders"])
    expect(found(`SET lock_timeout = '5s';\n${first}${second}${call}`)).toEqual(["table-drop-loses-data: invoices"])
    expect(found(`SET lock_timeout = '5s';\n${call}${first}`)).toEqual([])
  })
})
