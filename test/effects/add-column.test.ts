import { describe, expect, it } from "vitest"
import { explain, summary } from "./explain.ts"

const schema = `
  CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, a int);
  CREATE DOMAIN free AS int;
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE FUNCTION dice() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN random() * 6; END';
  CREATE FUNCTION six() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 6; END';`
const free = "ACCESS EXCLUSIVE t"
const rewritten = "ACCESS EXCLUSIVE t, t_pkey; rewrite t"

describe("ADD COLUMN", () => {
  it.each([
    ["int", free],
    ["int DEFAULT 5", free],
    ["int NOT NULL DEFAULT 5", free],
    ["timestamptz DEFAULT now()", free],
    ["date DEFAULT CURRENT_DATE", free],
    ["int DEFAULT six()", free],
    ["free", free],
    ["positive[]", free],
    ["int GENERATED ALWAYS AS (a + 1) VIRTUAL", free],
    ["uuid DEFAULT gen_random_uuid()", rewritten],
    ["timestamptz DEFAULT clock_timestamp()", rewritten],
    ["text DEFAULT md5(random()::text)", rewritten],
    ["int DEFAULT dice()", rewritten],
    ["positive", rewritten],
    ["serial", rewritten],
    ["int GENERATED ALWAYS AS IDENTITY", rewritten],
    ["int GENERATED ALWAYS AS (a + 1) STORED", rewritten],
    ["int NOT NULL", `${free}; scan t`],
    ["int CHECK (z > 0)", `${free}; scan t`],
    ["int UNIQUE", `${free}; build t`],
    ["int REFERENCES p", `${free}; SHARE ROW EXCLUSIVE p`],
    ["int DEFAULT NULL REFERENCES p", `${free}; SHARE ROW EXCLUSIVE p; scan t`],
    ["int REFERENCES t", free],
  ])("%s", (definition, expected) => {
    expect(summary(schema, `ALTER TABLE t ADD COLUMN z ${definition}`)).toBe(expected)
  })

  it("says why it rewrites", () => {
    const answer = explain(schema, "ALTER TABLE t ADD COLUMN z int DEFAULT dice()")
    expect(answer.rewrites).toEqual(["public.t"])
    expect(answer).not.toHaveProperty("uncertain")
  })

  it("looks into SQL functions, which the planner inlines from 12 on", () => {
    const added = (options: string, body: string, pgVersion = 18): ReturnType<typeof explain> =>
      explain(`CREATE TABLE t (id int); CREATE FUNCTION four() RETURNS int LANGUAGE sql ${options} AS $$${body}$$`, "ALTER TABLE t ADD COLUMN z int DEFAULT four()", pgVersion)
    expect(added("", "SELECT 4").rewrites).toEqual([])
    expect(added("", "SELECT 4", 11).rewrites).toEqual(["public.t"])
    const inlined = added("", "SELECT CAST(extract(EPOCH FROM now() AT TIME ZONE 'utc') AS int)")
    expect(inlined.rewrites).toEqual([])
    expect(inlined).not.toHaveProperty("uncertain")
    for (const body of ["SELECT (random() * 4)::int", "SELECT id FROM t", "SELECT 1; SELECT 2"]) {
      expect(added("", body).rewrites).toEqual(["public.t"])
      expect(added("", body)).not.toHaveProperty("uncertain")
    }
    for (const [options, body] of [["SECURITY DEFINER", "SELECT 4"], ["STRICT", "SELECT 4"], ["SET work_mem = '1MB'", "SELECT 4"], ["", "SELECT 4 LIMIT 1"], ["", "SELECT unheard_of()"]] as const) {
      expect(added(options, body).rewrites).toEqual(["public.t"])
      expect(added(options, body).uncertain).toHaveLength(1)
    }
  })

  it("locks as much when the column is there already, but does nothing", () => {
    expect(summary(schema, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int DEFAULT random()")).toBe(free)
    expect(summary(schema, "ALTER TABLE t ADD COLUMN a int")).toBe("fails 42701")
  })

  it("fails without a default when there are rows", () => {
    expect(summary(`${schema}; INSERT INTO t VALUES (1, 1)`, "ALTER TABLE t ADD COLUMN z int NOT NULL")).toBe(
      "fails 23502",
    )
  })

  it("checks the foreign keys of a whole statement up to 12", () => {
    const sql = "ALTER TABLE t ADD COLUMN y int REFERENCES p, ADD COLUMN z int DEFAULT 1"
    expect(summary(schema, sql, 12)).toBe(`${free}; SHARE ROW EXCLUSIVE p; scan t`)
    expect(summary(schema, sql, 13)).toBe(`${free}; SHARE ROW EXCLUSIVE p`)
  })

  it("rewrites partitions and children, never a partitioned table", () => {
    const partitioned =
      "CREATE TABLE part (id int) PARTITION BY LIST (id); CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1)"
    expect(summary(partitioned, "ALTER TABLE part ADD COLUMN z float DEFAULT random()")).toBe(
      "ACCESS EXCLUSIVE part, part_1; rewrite part_1",
    )
    const inherited = "CREATE TABLE base (id int); CREATE TABLE derived () INHERITS (base)"
    expect(summary(inherited, "ALTER TABLE base ADD COLUMN z serial")).toBe(
      "ACCESS EXCLUSIVE base, derived; rewrite base, derived",
    )
  })

  it("knows from which major a form is understood", () => {
    expect(summary(schema, "ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a) STORED", 11)).toBe("unsupported")
    expect(summary(schema, "ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a) VIRTUAL", 17)).toBe("unsupported")
    expect(summary(schema, "ALTER TABLE t ADD COLUMN z uuid DEFAULT gen_random_uuid()", 12)).toBe("unsupported")
  })
})
