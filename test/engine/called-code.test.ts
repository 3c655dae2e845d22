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

  it.each([
    ["IF", "IF wanted() THEN\n  CREATE TABLE fresh (a int);\n  CREATE INDEX i ON fresh (a);\nEND IF;"],
    ["an IF inside", "IF wanted() THEN\n  CREATE TABLE fresh (a int);\n  IF more() THEN CREATE INDEX i ON fresh (a); END IF;\nEND IF;"],
    ["CASE", "CASE WHEN wanted() THEN\n  CREATE TABLE fresh AS SELECT 1 AS a;\n  CREATE INDEX i ON fresh (a);\nELSE NULL; END CASE;"],
    ["a loop", "WHILE wanted() LOOP\n  CREATE TABLE fresh (a int);\n  CREATE INDEX i ON fresh (a);\n  DROP TABLE fresh;\nEND LOOP;"],
    ["a block with a handler", "BEGIN\n  CREATE TABLE fresh (a int);\n  CREATE INDEX i ON fresh (a);\nEXCEPTION WHEN duplicate_table THEN NULL; END;"],
    ["a RETURN before", "IF wanted() THEN RETURN; END IF;\nCREATE TABLE fresh (a int);\nCREATE INDEX i ON fresh (a);"],
    ["dynamic SQL", "IF wanted() THEN\n  EXECUTE 'CREATE TABLE fresh (a int)';\n  EXECUTE 'CREATE INDEX i ON fresh (a)';\nEND IF;"],
  ])("knows that a table is new to the rest of the branch that makes it: %s", (_, code) => {
    expect(found(`SET lock_timeout = '5s';\nDO $$\nBEGIN\n${code}\nEND $$;`).filter((line) => line.startsWith("index-creation"))).toEqual([])
  })

  it.each([
    ["the other branch", "IF wanted() THEN\n  CREATE TABLE fresh (a int);\nELSE\n  CREATE INDEX i ON fresh (a);\nEND IF;"],
    ["behind it", "IF wanted() THEN\n  CREATE TABLE fresh (a int);\nEND IF;\nCREATE INDEX i ON fresh (a);"],
    ["the handler", "BEGIN\n  CREATE TABLE fresh (a int);\nEXCEPTION WHEN duplicate_table THEN\n  CREATE INDEX i ON fresh (a);\nEND;"],
    ["the next branch of the same condition", "IF wanted() THEN\n  CREATE TABLE fresh (a int);\nEND IF;\nIF wanted() THEN\n  CREATE INDEX i ON fresh (a);\nEND IF;"],
    ["a branch that may not have made it", "IF wanted() THEN\n  CREATE TABLE IF NOT EXISTS fresh (a int);\n  CREATE INDEX i ON fresh (a);\nEND IF;"],
  ])("does not take it for new elsewhere: %s", (_, code) => {
    expect(found(`SET lock_timeout = '5s';\nDO $$\nBEGIN\n${code}\nEND $$;`)).toContain("index-creation-blocks-writes: fresh")
  })

  it("does not take a table for new that a branch made, once the block is over", () => {
    const block = "SET lock_timeout = '5s';\nDO $$\nBEGIN\n  IF wanted() THEN CREATE TABLE fresh (a int); END IF;\nEND $$;\n"
    expect(found(`${block}CREATE INDEX i ON fresh (a);`)).toEqual(["index-creation-blocks-writes: fresh"])
    expect(found(`${block}DO $$ BEGIN IF wanted() THEN CREATE INDEX i ON fresh (a); END IF; END $$;`)).toEqual(["index-creation-blocks-writes: fresh"])
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

  it("is analyzed with what the function is called with", () => {
    const make = "SET lock_timeout = '5s';\nCREATE FUNCTION watch(target regclass, col text) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  EXECUTE format('CREATE INDEX ON %s (%I)', target, col);\nEND $$;\n"
    expect(found(make)).toEqual([])
    const { findings } = lint({ files: [{ path: "a.sql", sql: `${make}SELECT watch('orders', 'Region');\nSELECT watch('invoices', 'sent');` }] })
    expect(findings.map(({ message, line, steps }) => [message, line, steps[0]?.sql])).toEqual([
      ["creating an index blocks writes to orders (SHARE) until it is built", 4, 'CREATE INDEX CONCURRENTLY "orders_Region_idx" ON orders ("Region");'],
      ["creating an index blocks writes to invoices (SHARE) until it is built", 4, "CREATE INDEX CONCURRENTLY invoices_sent_idx ON invoices (sent);"],
    ])
  })

  it("knows arguments that are given by name", () => {
    const make = "SET lock_timeout = '5s';\nCREATE FUNCTION watch(target text, col text, other text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  EXECUTE format('CREATE INDEX ON %I (%I)', target, col);\nEND $$;\n"
    const messages = (call: string): string[] => lint({ files: [{ path: "a.sql", sql: make + call }] }).findings.map(({ message }) => message)
    const said = ["creating an index blocks writes to orders (SHARE) until it is built"]
    expect(messages("SELECT watch(col => 'region', target => 'orders');")).toEqual(said)
    expect(messages("SELECT watch('orders', other := 'x', col := 'region');")).toEqual(said)
    expect(messages("DO $$ BEGIN PERFORM watch('orders', col => 'region'); END $$;")).toEqual(said)
    expect(messages("SELECT watch(col => 'region', target => current_setting('x'));")).toEqual([])
  })

  describe("in a function of an earlier file", () => {
    const MAKE = `CREATE TABLE orders (id bigint PRIMARY KEY, region text);
CREATE FUNCTION harden(col text) RETURNS void LANGUAGE plpgsql SET lock_timeout = '5s' AS '
BEGIN
  ALTER TABLE orders ADD COLUMN code text;
  EXECUTE format(''ALTER TABLE orders ALTER COLUMN %I SET NOT NULL'', col);
END';
`
    const findingsOf = (second: string): ReturnType<typeof lint>["findings"] => lint({ history: [{ path: "m/V1__a.sql", sql: MAKE }], files: [{ path: "m/V2__b.sql", sql: second }] }).findings

    it("is reported at the call, with the place of the function and steps in its names", () => {
      const findings = findingsOf("SELECT harden('region');")
      expect(findings).toMatchObject([
        {
          rule: "not-null-scans-table",
          file: "m/V2__b.sql",
          line: 1,
          column: 8,
          endColumn: 24,
          related: [{ file: "m/V1__a.sql", line: 1, message: "`orders.region` is made here, and may hold NULL" }, { file: "m/V1__a.sql", line: 2, message: "`harden()` is made here" }],
        },
      ])
      expect(findings[0]?.steps[0]?.sql).toContain("CHECK (region IS NOT NULL) NOT VALID")
    })

    it("is replayed, so that later statements know what it made", () => {
      const later = "SET lock_timeout = '5s';\nALTER TABLE orders ALTER COLUMN region SET NOT NULL;\nCOMMENT ON COLUMN orders.code IS 'x';\nCOMMENT ON COLUMN orders.nothing IS 'x';"
      const findings = findingsOf(`-- pgsafe-ignore not-null-scans-table -- small\nSELECT harden('region');\n${later}`)
      expect(findings.map(({ rule, message }) => [rule, message])).toEqual([["statement-fails", 'this fails with error 42703: column "nothing" of relation "orders" does not exist']])
    })

    it("may not run, or run often, where a query calls it for each row", () => {
      const findings = findingsOf("SELECT harden('region') FROM orders;\nCOMMENT ON COLUMN orders.code IS 'x';")
      expect(findings.map(({ rule }) => rule)).toEqual(["not-null-scans-table"])
    })

    it("is not known where several functions have the name", () => {
      expect(findingsOf("CREATE FUNCTION harden(a text, b int DEFAULT 1) RETURNS void LANGUAGE sql AS '';\nSELECT public.harden('region', 2);")).toEqual([])
    })
  })

  it("is reported for ten tables at one place, and counted from there on", () => {
    const loop = (last: number): string => `SET lock_timeout = '5s';\nDO $$\nBEGIN\n  FOR i IN 1..${String(last)} LOOP\n    EXECUTE 'CREATE INDEX ON t' || i || ' (a)';\n  END LOOP;\nEND $$;`
    const related = (last: number): string[][] => lint({ files: [{ path: "a.sql", sql: loop(last) }] }).findings.map((finding) => finding.related.map(({ message }) => message))
    expect(related(10)).toEqual(Array(10).fill([]))
    expect(related(12)).toEqual([...Array<string[]>(9).fill([]), ["2 more statements that run here have the same problem"]])
  })

  it("can be suppressed where it is put together", () => {
    const make = (comment: string): string =>
      `SET lock_timeout = '5s';\nDO $$\nDECLARE t text;\nBEGIN\n  FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP\n    ${comment}\n    EXECUTE format('CREATE INDEX ON %I (c)', t);\n  END LOOP;\nEND $$;`
    expect(found(make(""))).toEqual(Array(2).fill("index-creation-blocks-writes: format('CREATE INDEX ON %I (c)', t)"))
    expect(found(make("-- pgsafe-ignore index-creation-blocks-writes -- small tables"))).toEqual([])
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
