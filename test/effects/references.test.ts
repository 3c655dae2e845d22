import { describe, expect, it } from "vitest"
import { summary } from "./explain.ts"

// As observed on real servers; test/truth/programs has the whole stories.

const schema = `
  CREATE TABLE p (id int PRIMARY KEY, a int) PARTITION BY RANGE (id);
  CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
  CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
  CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);
  CREATE TABLE cp (id int PRIMARY KEY, p_id int REFERENCES p) PARTITION BY RANGE (id);
  CREATE TABLE cp1 PARTITION OF cp FOR VALUES FROM (0) TO (10);`

describe("foreign keys on a partitioned table", () => {
  it.each([
    ["TRUNCATE p1", 16, "fails 0A000"],
    ["TRUNCATE p1 CASCADE", 16, "ACCESS EXCLUSIVE c, c_pkey, cp, cp1, cp1_pkey, p1, p1_pkey"],
    [
      "ALTER TABLE p DETACH PARTITION p1",
      16,
      "ACCESS EXCLUSIVE c, cp, p, p1, p1_pkey; ACCESS SHARE cp1; scan c, cp1",
    ],
    ["ALTER TABLE cp DETACH PARTITION cp1", 16, "ACCESS EXCLUSIVE cp, cp1, cp1_pkey; SHARE ROW EXCLUSIVE p, p1, p2"],
    ["ALTER TABLE cp DETACH PARTITION cp1", 14, "ACCESS EXCLUSIVE cp, cp1, cp1_pkey"],
    ["ALTER TABLE cp DETACH PARTITION cp1", 12, "ACCESS EXCLUSIVE cp, cp1_pkey; SHARE ROW EXCLUSIVE p; SHARE UPDATE EXCLUSIVE cp1"],
    ["CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30)", 16, "ACCESS EXCLUSIVE p; SHARE ROW EXCLUSIVE c, cp; SHARE UPDATE EXCLUSIVE p_pkey"],
    ["CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30)", 14, "ACCESS EXCLUSIVE p; SHARE UPDATE EXCLUSIVE p_pkey; ACCESS SHARE c, cp"],
    ["DROP TABLE p1", 16, "fails 2BP01"],
    ["DROP TABLE c", 14, "ACCESS EXCLUSIVE c, c_pkey, p1, p2"],
    ["DROP TABLE c", 15, "ACCESS EXCLUSIVE c, c_pkey, p, p1, p2"],
    ["ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES p1", 16, "fails 55006"],
    ["ALTER TABLE ONLY cp ADD FOREIGN KEY (id) REFERENCES c", 16, "fails 42809"],
  ])("%s on %i", (sql, pgVersion, expected) => {
    expect(summary(schema, sql, pgVersion)).toBe(expected)
  })
})

describe("what a table reads and calls", () => {
  const tables = "CREATE TABLE t (id int PRIMARY KEY, v int); CREATE TABLE u (id int PRIMARY KEY, v int);"

  it("knows the table that a view's qualifier means", () => {
    const view = `${tables} CREATE VIEW a AS SELECT x.id, y.v FROM t AS x CROSS JOIN u AS y;`
    expect(summary(view, "ALTER TABLE t ALTER v TYPE bigint")).toBe("ACCESS EXCLUSIVE t, t_pkey; rewrite t")
    expect(summary(view, "ALTER TABLE u ALTER v TYPE bigint")).toBe("fails 0A000")
    expect(summary(view, "ALTER TABLE u DROP COLUMN v")).toBe("fails 2BP01")
  })

  it("takes a CTE for no table", () => {
    const sql = "WITH w AS (SELECT id FROM u) UPDATE t SET v = w.id FROM w WHERE w.id = t.id"
    expect(summary(tables, sql)).toBe("ROW EXCLUSIVE t; ACCESS SHARE u")
  })

  it("reads the casts of USING from the inside out", () => {
    expect(summary(tables, "ALTER TABLE t ALTER v TYPE interval USING v::text::interval")).toBe("ACCESS EXCLUSIVE t, t_pkey; rewrite t")
    expect(summary(tables, "ALTER TABLE t ALTER v TYPE interval USING v::interval")).toBe("fails 42846")
  })

  it("does not count on a key that dynamic SQL of the same block may have dropped", () => {
    const block = `DO $$ BEGIN EXECUTE 'ALTER TABLE t DROP CONSTRAINT ' || 't_pkey'; ALTER TABLE t ADD PRIMARY KEY (v); END $$`
    expect(summary(tables, block)).not.toContain("fails")
  })

  it("leaves a child the column that is its own, too", () => {
    const family = "CREATE TABLE p (id int); CREATE TABLE c (id int PRIMARY KEY); ALTER TABLE c INHERIT p;"
    expect(summary(family, "ALTER TABLE p DROP COLUMN id")).toBe("ACCESS EXCLUSIVE c, p")
    expect(summary(`${family} ALTER TABLE p DROP COLUMN id;`, "ALTER TABLE c DROP COLUMN id")).toBe("ACCESS EXCLUSIVE c, c_pkey")
  })

  it("finds triggers by the schema of their function", () => {
    const triggers = `${tables} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION public.f();`
    expect(summary(triggers, "DROP FUNCTION f()")).toBe("fails 2BP01")
    expect(summary(triggers, "DROP FUNCTION f() CASCADE")).toBe("ACCESS EXCLUSIVE t")
  })
})
