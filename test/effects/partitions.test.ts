import { describe, expect, it } from "vitest"
import { summary } from "./explain.ts"

const schema = `
  CREATE TABLE part (id int NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
  CREATE INDEX part_id ON part (id);
  CREATE TABLE fresh (id int NOT NULL, k int NOT NULL);
  CREATE TABLE proven (id int NOT NULL, k int NOT NULL, CHECK (k = 2));
  CREATE INDEX proven_id ON proven (id);`

describe("ATTACH PARTITION", () => {
  it.each([
    [
      "fresh FOR VALUES IN (2)",
      18,
      "ACCESS EXCLUSIVE fresh; SHARE UPDATE EXCLUSIVE part, part_id; scan fresh; build fresh",
    ],
    ["fresh FOR VALUES IN (2)", 11, "ACCESS EXCLUSIVE fresh, part; scan fresh; build fresh"],
    ["proven FOR VALUES IN (2)", 18, "ACCESS EXCLUSIVE proven; SHARE UPDATE EXCLUSIVE part, part_id"],
    ["proven FOR VALUES IN (3)", 18, "ACCESS EXCLUSIVE proven; SHARE UPDATE EXCLUSIVE part, part_id; scan proven"],
    ["fresh FOR VALUES IN (1)", 18, "fails 42P17"],
  ])("%s on %i", (action, pgVersion, expected) => {
    expect(summary(schema, `ALTER TABLE part ATTACH PARTITION ${action}`, pgVersion)).toBe(expected)
  })

  it("searches the default partition", () => {
    const withDefault = `${schema} CREATE TABLE part_rest PARTITION OF part DEFAULT`
    expect(summary(withDefault, "ALTER TABLE part ATTACH PARTITION proven FOR VALUES IN (2)")).toBe(
      "ACCESS EXCLUSIVE part_rest, proven; SHARE UPDATE EXCLUSIVE part, part_id; scan part_rest",
    )
    expect(summary(withDefault, "CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2)")).toBe(
      "ACCESS EXCLUSIVE part, part_rest; SHARE UPDATE EXCLUSIVE part_id; scan part_rest",
    )
    expect(summary(withDefault, "DROP TABLE part_1")).toBe("ACCESS EXCLUSIVE part, part_1, part_1_id_idx, part_rest")
  })
})

describe("DETACH PARTITION", () => {
  it.each([
    ["part_1", 18, "ACCESS EXCLUSIVE part, part_1, part_1_id_idx"],
    ["part_1", 13, "ACCESS EXCLUSIVE part, part_1_id_idx; SHARE UPDATE EXCLUSIVE part_1"],
    [
      "part_1 CONCURRENTLY",
      18,
      "ACCESS EXCLUSIVE part_1, part_1_id_idx; SHARE UPDATE EXCLUSIVE part; no transaction",
    ],
    ["part_1 CONCURRENTLY", 13, "unsupported"],
  ])("%s on %i", (action, pgVersion, expected) => {
    expect(summary(schema, `ALTER TABLE part DETACH PARTITION ${action}`, pgVersion)).toBe(expected)
  })
})

describe("a partitioned table with foreign keys", () => {
  const keyed = `
    CREATE TABLE parent (id int PRIMARY KEY);
    CREATE TABLE part (id int, parent_id int REFERENCES parent) PARTITION BY LIST (id);
    CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
    CREATE TABLE fresh (id int, parent_id int);
    CREATE TABLE same (id int, parent_id int REFERENCES parent);`
  it.each([
    [
      "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES IN (2)",
      "ACCESS EXCLUSIVE fresh; SHARE ROW EXCLUSIVE parent; SHARE UPDATE EXCLUSIVE part; scan fresh",
    ],
    [
      "ALTER TABLE part ATTACH PARTITION same FOR VALUES IN (2)",
      "ACCESS EXCLUSIVE parent, same; SHARE UPDATE EXCLUSIVE part; scan same",
    ],
    ["CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2)", "ACCESS EXCLUSIVE part; SHARE ROW EXCLUSIVE parent"],
    ["ALTER TABLE part DETACH PARTITION part_1", "ACCESS EXCLUSIVE part, part_1; SHARE ROW EXCLUSIVE parent"],
    ["DROP TABLE part_1", "ACCESS EXCLUSIVE part, part_1"],
    ["DROP TABLE part", "ACCESS EXCLUSIVE parent, part, part_1"],
  ])("%s", (sql, expected) => {
    expect(summary(keyed, sql)).toBe(expected)
  })
})
