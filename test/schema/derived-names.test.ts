import { describe, expect, it } from "vitest"
import { deriveName, makeObjectName } from "../../src/schema/index.ts"
import { byteLength, clip, indexColumnNames } from "../../src/schema/derived-names.ts"
import { catalogAfter, names, tableAfter } from "./replay.ts"

const LONG = "a_table_with_quite_a_long_name_indeed"

describe("derived names", () => {
  it("cuts the longer part first, to 63 bytes", () => {
    expect(makeObjectName("t", "a", "fkey")).toBe("t_a_fkey")
    expect(makeObjectName("t", null, "pkey")).toBe("t_pkey")
    const name = makeObjectName(LONG.repeat(2), "short", "key")
    expect(name).toBe(`${LONG.repeat(2).slice(0, 53)}_short_key`)
    expect(byteLength(name)).toBe(63)
  })

  it("never cuts a character", () => {
    expect(clip("ääää", 5)).toBe("ää")
    expect(clip("a🙂b", 4)).toBe("a")
    expect(byteLength("a€🙂é")).toBe(10)
  })

  it("numbers what is taken in the schema", () => {
    const t = tableAfter(
      `CREATE TABLE u (id int PRIMARY KEY);
       CREATE TABLE t (a int CHECK (a > 0) CHECK (a > 1), b int, CHECK (a < b), CHECK (a <> b));
       CREATE TABLE t_b_idx (x int);
       CREATE INDEX ON t (b); CREATE INDEX ON t (a, a); CREATE INDEX ON t (lower(a::text)); CREATE INDEX ON t ((a + b), (a - b));
       CREATE INDEX ON t (coalesce(a, b)); CREATE INDEX ON t ((a::text)); CREATE INDEX ON t (a) INCLUDE (b);
       ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u, ADD FOREIGN KEY (a) REFERENCES u`,
      "t",
    )
    expect(names(t.constraints)).toEqual(["t_a_check", "t_a_check1", "t_a_fkey", "t_a_fkey1", "t_check", "t_check1"])
    expect(names(t.indexes)).toEqual([
      "t_a_a1_idx",
      "t_a_b_idx",
      "t_a_idx",
      "t_b_idx1",
      "t_coalesce_idx",
      "t_expr_expr1_idx",
      "t_lower_idx",
    ])
  })

  it("names a foreign key over several columns after all of them, before 12 after the first", () => {
    const sql =
      "CREATE TABLE u (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, y int, FOREIGN KEY (x, y) REFERENCES u)"
    expect(names(tableAfter(sql, "t", { pgVersion: 12 }).constraints)).toEqual(["t_x_y_fkey"])
    expect(names(tableAfter(sql, "t", { pgVersion: 11 }).constraints)).toEqual(["t_x_fkey"])
  })

  it("makes one index of equal keys", () => {
    expect(
      names(tableAfter("CREATE TABLE t (a int PRIMARY KEY UNIQUE, b int, UNIQUE (b), UNIQUE (b))", "t").indexes),
    ).toEqual(["t_b_key", "t_pkey"])
  })

  it("keeps index column names apart", () => {
    expect(indexColumnNames(["a", null, "a", null, "a1"])).toEqual(["a", "expr", "a1", "expr1", "a11"])
  })

  it("derives stable free names of at most 63 bytes for proposals", () => {
    const catalog = catalogAfter("CREATE TABLE t (a int); CREATE INDEX t_a_idx ON t (a)")
    expect(deriveName(["t", "a", "idx"], catalog)).toBe("t_a_idx1")
    expect(deriveName(["t", "b", "idx"], catalog)).toBe("t_b_idx")
    expect(byteLength(deriveName([LONG, LONG, "new"], catalog))).toBe(63)
    expect(deriveName([LONG, LONG, "new"], catalog)).toBe(deriveName([LONG, LONG, "new"], catalog))
  })
})
