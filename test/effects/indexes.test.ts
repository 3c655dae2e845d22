import { describe, expect, it } from "vitest"
import { summary } from "./explain.ts"

const schema = `
  CREATE TABLE t (id int PRIMARY KEY, a int);
  CREATE INDEX t_a ON t (a);
  CREATE TABLE part (id int) PARTITION BY LIST (id);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
  CREATE INDEX part_id ON part (id);`

describe("indexes", () => {
  it.each([
    ["CREATE INDEX i ON t (a)", "SHARE t; build t"],
    ["CREATE INDEX CONCURRENTLY i ON t (a)", "SHARE UPDATE EXCLUSIVE t; build t; no transaction"],
    ["CREATE INDEX IF NOT EXISTS t_a ON t (a)", "SHARE t"],
    ["CREATE INDEX t_a ON t (a)", "fails 42P07"],
    ["CREATE INDEX i ON part (id)", "SHARE part, part_1; build part_1"],
    ["CREATE INDEX i ON ONLY part (id)", "SHARE part"],
    ["CREATE INDEX CONCURRENTLY i ON part (id)", "no transaction; fails 0A000"],
    ["CREATE INDEX i ON t (now())", "fails 42P17"],
    ["DROP INDEX t_a", "ACCESS EXCLUSIVE t, t_a"],
    ["DROP INDEX part_id", "ACCESS EXCLUSIVE part, part_1, part_1_id_idx, part_id"],
    ["DROP INDEX part_1_id_idx", "fails 2BP01"],
    ["DROP INDEX t_pkey", "fails 2BP01"],
    ["DROP INDEX CONCURRENTLY t_a", "ACCESS EXCLUSIVE t_a; SHARE UPDATE EXCLUSIVE t; no transaction"],
    ["DROP INDEX IF EXISTS nothing", ""],
    ["REINDEX INDEX t_a", "ACCESS EXCLUSIVE t_a; SHARE t; build t"],
    ["REINDEX TABLE t", "ACCESS EXCLUSIVE t_a, t_pkey; SHARE t; build t"],
    [
      "REINDEX TABLE CONCURRENTLY t",
      "ACCESS EXCLUSIVE t_a, t_pkey; SHARE UPDATE EXCLUSIVE t; build t; no transaction",
    ],
    ["ALTER INDEX t_a RENAME TO t_b", "SHARE UPDATE EXCLUSIVE t_a"],
    ["ALTER TABLE t_a RENAME TO t_b", "ACCESS EXCLUSIVE t_a"],
    ["ALTER INDEX t_a SET (fillfactor = 70)", "SHARE UPDATE EXCLUSIVE t_a"],
    ["ALTER INDEX t_a SET TABLESPACE fast", "ACCESS EXCLUSIVE t_a; rewrite t_a"],
  ])("%s", (sql, expected) => {
    expect(summary(schema, sql)).toBe(expected)
  })

  it("knows what older majors do", () => {
    expect(summary(schema, "ALTER INDEX t_a RENAME TO t_b", 11)).toBe("ACCESS EXCLUSIVE t_a")
    expect(summary(schema, "REINDEX TABLE CONCURRENTLY t", 11)).toBe("unsupported")
    expect(summary(schema, "REINDEX TABLE part", 13)).toBe("SHARE part")
    expect(summary(schema, "REINDEX TABLE part", 14)).toBe(
      "ACCESS EXCLUSIVE part_1_id_idx; SHARE part, part_1; build part_1; no transaction",
    )
  })
})
