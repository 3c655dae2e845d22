import { describe, expect, it } from "vitest"
import { lint } from "../../src/index.ts"

const ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, region text, note varchar(50), CONSTRAINT region_set CHECK (region IS NOT NULL));"
const NOT_NULL = "ALTER TABLE orders ALTER COLUMN region SET NOT NULL;"
const WIDER = "ALTER TABLE orders ALTER COLUMN note TYPE varchar(100);"

function found(history: readonly string[], sql: string): string[] {
  const files = history.map((text, at) => ({ path: `m/V${String(at + 1)}__a.sql`, sql: text }))
  const result = lint({ history: files, files: [{ path: `m/V${String(files.length + 1)}__b.sql`, sql }], options: { ignore: ["lock-timeout-missing", "column-drop-breaks-code"] } })
  return result.findings.map(({ rule, severity }) => `${severity} ${rule}`)
}

const dynamic = (sql: string, from = "pg_tables"): string =>
  `DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM ${from} LOOP EXECUTE format('${sql}', r.a, r.b); END LOOP; END $$;`

describe("what a condition decided", () => {
  it("leaves open whether ADD COLUMN IF NOT EXISTS adds a column", () => {
    const renames = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM x) THEN ALTER TABLE orders RENAME COLUMN note TO remark; END IF; END $$;"
    const adds = "ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text GENERATED ALWAYS AS (region || '!') STORED;"
    expect(found([ORDERS], adds)).toEqual([])
    expect(found([ORDERS, renames], adds)).toEqual(["error column-add-rewrites-table"])
  })
})

describe("what cannot be read", () => {
  it("proves nothing any more of the tables that it may have changed", () => {
    expect(found([ORDERS], NOT_NULL)).toEqual([])
    expect(found([ORDERS, dynamic("ALTER TABLE orders DROP CONSTRAINT %I")], NOT_NULL)).toEqual(["error not-null-scans-table"])
    expect(found([ORDERS, dynamic("ALTER TABLE %I DROP CONSTRAINT %I")], NOT_NULL)).toEqual(["error not-null-scans-table"])
    expect(found([ORDERS, dynamic("ALTER TABLE other DROP CONSTRAINT %I")], NOT_NULL)).toEqual([])
    expect(found([ORDERS], WIDER)).toEqual([])
    expect(found([ORDERS, dynamic("ALTER TABLE %I ALTER COLUMN %I TYPE varchar(200)")], WIDER)).toEqual(["warning type-change-blocks-queries"])
  })

  it("may be any table of the name, where the schema is a placeholder", () => {
    const narrower = "ALTER TABLE ${app}.orders ALTER COLUMN note TYPE varchar(500);"
    expect(found([ORDERS, narrower], WIDER)).toEqual(["warning type-change-blocks-queries"])
    // That of the placeholder is known itself.
    expect(found([ORDERS, "CREATE TABLE ${app}.orders (note text);", narrower], WIDER)).toEqual([])
    expect(found([ORDERS, "ALTER TABLE ${app}.items ALTER COLUMN note TYPE varchar(500);"], WIDER)).toEqual([])
  })

  it("leaves known what it does not touch", () => {
    for (const sql of ["GRANT SELECT ON %I TO %I", "ALTER TABLE %I OWNER TO %I", "ALTER TABLE %I ENABLE ROW LEVEL SECURITY", "CREATE TABLE %I PARTITION OF %I DEFAULT"]) {
      expect(found([ORDERS, dynamic(sql)], NOT_NULL + WIDER)).toEqual([])
    }
  })

  it.each([
    ["dynamic SQL may have added a column", [ORDERS, dynamic("ALTER TABLE orders ADD COLUMN %I text")], "ALTER TABLE orders DROP COLUMN code;"],
    ["a function of the history puts SQL together", [ORDERS, "CREATE FUNCTION add(t text, c text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN %I text', t, c); END $$;", "SELECT add('orders', 'code');"], "ALTER TABLE orders DROP COLUMN code;"],
    ["a function of the history does it", [ORDERS, "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE orders ADD COLUMN code text; END $$;", "SELECT f();"], "ALTER TABLE orders DROP COLUMN code;"],
    ["an extension's function works on the table", [ORDERS, "SELECT create_hypertable('orders', 'id');"], "ALTER TABLE orders DROP COLUMN code;"],
    ["nobody knows what DROP OWNED dropped", [ORDERS, "DROP OWNED BY me;"], "CREATE TABLE orders (id int);"],
    ["nobody knows where names lead", ["SELECT set_config('search_path', current_setting('app.schema'), false); CREATE TABLE orders (id int);"], "CREATE TABLE orders (id int);"],
    ["IF EXISTS says that a table may not be there", ["ALTER TABLE IF EXISTS orders ADD COLUMN a int;"], "CREATE TABLE orders (id int);"],
    ["a condition may have been false", [ORDERS, "DO $$ BEGIN IF true THEN ALTER TABLE orders ADD COLUMN code text; END IF; END $$;"], "ALTER TABLE orders ADD COLUMN code text;"],
    ["a table is made like one that nobody has seen", ["CREATE TABLE copy (LIKE elsewhere INCLUDING ALL);"], "ALTER TABLE copy DROP COLUMN zip;"],
    ["a table is made of a query over one", ["CREATE TABLE copy AS SELECT * FROM elsewhere;"], "ALTER TABLE copy DROP COLUMN zip;"],
    ["a table inherits from one", ["CREATE TABLE copy (a int) INHERITS (elsewhere);"], "ALTER TABLE copy DROP COLUMN zip;"],
    ["a partition is one of it", ["CREATE TABLE copy PARTITION OF elsewhere DEFAULT;"], "ALTER TABLE copy DROP COLUMN zip;"],
    ["an extension may have made it", ["CREATE EXTENSION some_queue;"], "CREATE TABLE jobs (id int); DROP TABLE queue.jobs_done;"],
  ])("never makes a statement fail for certain: %s", (_, history, sql) => {
    expect(found(history, sql)).not.toContain("error statement-fails")
  })

  it("tells of what is taken away later that it is gone", () => {
    const keyed = `${ORDERS} ALTER TABLE orders ADD CONSTRAINT one_region UNIQUE (region); CREATE UNIQUE INDEX one_note ON orders (note);`
    const unread = dynamic("ALTER TABLE orders DROP COLUMN %I")
    const gone = [keyed, unread, "ALTER TABLE orders DROP CONSTRAINT one_region;"]
    expect(found(gone, "DROP INDEX IF EXISTS one_region;")).toEqual([])
    expect(found(gone, "DROP INDEX one_region;")).toEqual(["error statement-fails"])
    expect(found([...gone, unread], "DROP INDEX IF EXISTS one_region;")).toEqual(["warning index-drop-blocks-queries"])
    // It may have been an index without a constraint.
    expect(found([keyed, unread, "ALTER TABLE orders DROP CONSTRAINT IF EXISTS one_region;"], "DROP INDEX IF EXISTS one_region;")).toEqual(["warning index-drop-blocks-queries"])
  })

  it("leaves open whether an index is still there of a table that it may have changed", () => {
    const indexed = `${ORDERS} CREATE UNIQUE INDEX one_note ON orders (note);`
    const again = "CREATE UNIQUE INDEX one_note ON orders (note);"
    expect(found([indexed], again)).toEqual(["error statement-fails"])
    expect(found([indexed, dynamic("ALTER TABLE orders DROP COLUMN %I")], again)).toEqual(["error index-creation-blocks-writes"])
    expect(found([indexed, dynamic("ALTER TABLE other DROP COLUMN %I")], again)).toEqual(["error statement-fails"])
  })
})
