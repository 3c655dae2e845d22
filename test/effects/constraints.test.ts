import { describe, expect, it } from "vitest"
import { explain, summary } from "./explain.ts"

const schema = `
  CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, a int, b int NOT NULL, p_id int);
  ALTER TABLE t ADD CONSTRAINT t_p_fk FOREIGN KEY (p_id) REFERENCES p;
  ALTER TABLE t ADD CONSTRAINT waiting CHECK (a > 0) NOT VALID;
  ALTER TABLE t ADD CONSTRAINT waiting_fk FOREIGN KEY (a) REFERENCES p NOT VALID;
  CREATE UNIQUE INDEX t_a_unique ON t (a);`

describe("constraints", () => {
  it.each([
    ["ADD CONSTRAINT c CHECK (a > 1)", "ACCESS EXCLUSIVE t; scan t"],
    ["ADD CONSTRAINT c CHECK (a > 1) NOT VALID", "ACCESS EXCLUSIVE t"],
    ["ADD CONSTRAINT c CHECK (a > 1) NOT ENFORCED", "ACCESS EXCLUSIVE t"],
    ["ADD CONSTRAINT c CHECK (a > 1) NOT VALID, VALIDATE CONSTRAINT c", "ACCESS EXCLUSIVE t; scan t"],
    ["VALIDATE CONSTRAINT waiting", "SHARE UPDATE EXCLUSIVE t; scan t"],
    ["VALIDATE CONSTRAINT waiting_fk", "SHARE UPDATE EXCLUSIVE t; ROW SHARE p; scan t"],
    ["VALIDATE CONSTRAINT t_p_fk", "SHARE UPDATE EXCLUSIVE t"],
    ["ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p", "SHARE ROW EXCLUSIVE p, t; scan t"],
    ["ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID", "SHARE ROW EXCLUSIVE p, t"],
    ["DROP CONSTRAINT t_p_fk", "ACCESS EXCLUSIVE p, t"],
    ["ALTER CONSTRAINT t_p_fk DEFERRABLE", "ACCESS EXCLUSIVE t"],
    ["ALTER CONSTRAINT t_p_fk NOT ENFORCED", "ACCESS EXCLUSIVE p, t"],
    ["ADD UNIQUE (b)", "ACCESS EXCLUSIVE t; build t"],
    ["ADD CONSTRAINT u UNIQUE USING INDEX t_a_unique", "ACCESS EXCLUSIVE t; SHARE UPDATE EXCLUSIVE t_a_unique"],
    ["DROP CONSTRAINT t_pkey", "ACCESS EXCLUSIVE t, t_pkey"],
    ["ADD CONSTRAINT x EXCLUDE USING btree (b WITH =)", "ACCESS EXCLUSIVE t; build t"],
    ["RENAME CONSTRAINT t_pkey TO k", "ACCESS EXCLUSIVE t; SHARE UPDATE EXCLUSIVE t_pkey"],
    ["DROP CONSTRAINT IF EXISTS nothing", "ACCESS EXCLUSIVE t"],
    ["DROP CONSTRAINT nothing", "fails 42704"],
    ["ADD PRIMARY KEY (b)", "fails 42P16"],
  ])("%s", (action, expected) => {
    expect(summary(schema, `ALTER TABLE t ${action}`)).toBe(expected)
  })

  it("refuses to drop a key that a foreign key needs, and locks the other table with CASCADE", () => {
    expect(summary(schema, "ALTER TABLE p DROP CONSTRAINT p_pkey")).toBe("fails 2BP01")
    expect(summary(schema, "ALTER TABLE p DROP CONSTRAINT p_pkey CASCADE")).toBe("ACCESS EXCLUSIVE p, p_pkey, t")
  })

  it("locks the index of USING INDEX and RENAME CONSTRAINT fully in 11", () => {
    const sql = "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX t_a_unique"
    expect(summary(schema, sql, 11)).toBe("ACCESS EXCLUSIVE t, t_a_unique")
    expect(summary(schema, "ALTER TABLE t RENAME CONSTRAINT t_pkey TO k", 11)).toBe("ACCESS EXCLUSIVE t, t_pkey")
  })

  it("scans for a primary key on a nullable column", () => {
    const keyless = "CREATE TABLE t (a int, b int NOT NULL)"
    expect(summary(keyless, "ALTER TABLE t ADD PRIMARY KEY (a)")).toBe("ACCESS EXCLUSIVE t; scan t; build t")
    expect(summary(keyless, "ALTER TABLE t ADD PRIMARY KEY (b)")).toBe("ACCESS EXCLUSIVE t; build t")
  })

  it("locks partitions less for a unique constraint up to 17", () => {
    const partitioned =
      "CREATE TABLE part (id int) PARTITION BY LIST (id); CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1)"
    expect(summary(partitioned, "ALTER TABLE part ADD UNIQUE (id)", 17)).toBe(
      "ACCESS EXCLUSIVE part; SHARE part_1; build part_1",
    )
    expect(summary(partitioned, "ALTER TABLE part ADD UNIQUE (id)", 18)).toBe(
      "ACCESS EXCLUSIVE part, part_1; build part_1",
    )
  })
})

describe("SET NOT NULL", () => {
  const proven = `
    CREATE TABLE t (id int PRIMARY KEY, a int, b int);
    ALTER TABLE t ADD CONSTRAINT a_present CHECK (a IS NOT NULL AND a > 0);
    ALTER TABLE t ADD CONSTRAINT b_positive CHECK (b > 0);`
  it.each([
    ["ALTER COLUMN id SET NOT NULL", 18, "ACCESS EXCLUSIVE t"],
    ["ALTER COLUMN a SET NOT NULL", 18, "ACCESS EXCLUSIVE t"],
    ["ALTER COLUMN a SET NOT NULL", 11, "ACCESS EXCLUSIVE t; scan t"],
    ["ALTER COLUMN b SET NOT NULL", 18, "ACCESS EXCLUSIVE t; scan t"],
    ["ALTER COLUMN a SET NOT NULL, DROP CONSTRAINT a_present", 18, "ACCESS EXCLUSIVE t; scan t"],
    ["ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL", 18, "ACCESS EXCLUSIVE t; scan t"],
  ])("%s on %i", (action, pgVersion, expected) => {
    expect(summary(proven, `ALTER TABLE t ${action}`, pgVersion)).toBe(expected)
  })

  it("is not proven by a CHECK that is validated only in the same statement", () => {
    const waiting = "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID"
    expect(summary(waiting, "ALTER TABLE t VALIDATE CONSTRAINT c, ALTER COLUMN a SET NOT NULL")).toBe(
      "ACCESS EXCLUSIVE t; scan t",
    )
    expect(
      summary(`${waiting}; ALTER TABLE t VALIDATE CONSTRAINT c`, "ALTER TABLE t ALTER COLUMN a SET NOT NULL"),
    ).toBe("ACCESS EXCLUSIVE t")
  })
})

describe("domains", () => {
  const domains = `
    CREATE DOMAIN d AS int;
    CREATE DOMAIN nested AS d;
    CREATE TABLE t (id int, v d);
    CREATE TABLE u (id int, v nested);`
  it.each([
    ["ADD CONSTRAINT c CHECK (VALUE > 0)", "SHARE t, u; scan t, u"],
    ["ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID", ""],
    ["SET NOT NULL", "SHARE t, u; scan t, u"],
    ["DROP NOT NULL", ""],
  ])("ALTER DOMAIN %s", (action, expected) => {
    expect(summary(domains, `ALTER DOMAIN d ${action}`)).toBe(expected)
  })

  it("cannot be checked inside arrays", () => {
    expect(summary(`${domains}; CREATE TABLE a (v d[])`, "ALTER DOMAIN d SET NOT NULL")).toBe("fails 0A000")
  })
})

it("names relations and kinds as the server has them", () => {
  const answer = explain(
    "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY)",
    "ALTER TABLE app.t DROP CONSTRAINT t_pkey",
  )
  expect(answer.locks).toEqual([
    { relation: "app.t", kind: "table", mode: "ACCESS EXCLUSIVE" },
    { relation: "app.t_pkey", kind: "index", mode: "ACCESS EXCLUSIVE" },
  ])
})
