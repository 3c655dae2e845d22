import { describe, expect, it } from "vitest"
import type { ColumnType } from "../../src/schema/catalog.ts"
import { createCatalog } from "../../src/schema/index.ts"
import { typeChange } from "../../src/effects/index.ts"
import { explain, summary } from "./explain.ts"

const type = (name: string, ...modifiers: number[]): ColumnType => ({
  schema: "pg_catalog",
  name,
  modifiers,
  dimensions: 0,
})
const catalog = createCatalog({ complete: true, pgVersion: 18 })
const outcome = (from: ColumnType, to: ColumnType, pgVersion = 18, timeZone: string | null = null): string => {
  const change = typeChange(from, to, catalog, pgVersion, timeZone)
  return change.rewrite ? "rewrite" : change.rebuildsIndexes ? "rebuild" : "free"
}

describe("typeChange", () => {
  it.each([
    [type("varchar", 10), type("varchar", 20), "free"],
    [type("varchar", 10), type("varchar"), "free"],
    [type("varchar", 10), type("text"), "free"],
    [type("text"), type("varchar"), "free"],
    [type("varchar", 20), type("varchar", 10), "rewrite"],
    [type("text"), type("varchar", 10), "rewrite"],
    [type("bpchar", 5), type("bpchar", 6), "rewrite"],
    [type("bpchar", 5), type("text"), "rewrite"],
    [type("numeric", 10, 2), type("numeric", 12, 2), "free"],
    [type("numeric", 10, 2), type("numeric"), "free"],
    [type("numeric", 10, 2), type("numeric", 12, 3), "rewrite"],
    [type("numeric"), type("numeric", 10, 2), "rewrite"],
    [type("timestamp", 3), type("timestamp", 6), "free"],
    [type("timestamp"), type("timestamp", 3), "rewrite"],
    [type("cidr"), type("inet"), "free"],
    [type("inet"), type("cidr"), "rewrite"],
    [type("int4"), type("int8"), "rewrite"],
    [type("int4"), type("oid"), "rebuild"],
    [type("oid"), type("regclass"), "free"],
    [type("bit", 8), type("varbit"), "rebuild"],
    [type("json"), type("jsonb"), "rewrite"],
    [type("date"), type("timestamp"), "rewrite"],
    [type("uuid"), type("text"), "rewrite"],
  ])("%o to %o: %s", (from, to, expected) => {
    expect(outcome(from, to)).toBe(expected)
  })

  it("depends on the time zone between timestamp and timestamptz, from 12 on", () => {
    const [plain, zoned] = [type("timestamp"), type("timestamptz")]
    expect(outcome(plain, zoned, 18, "UTC")).toBe("rebuild")
    expect(outcome(zoned, plain, 18, "Etc/UTC")).toBe("rebuild")
    expect(outcome(plain, zoned, 11, "UTC")).toBe("rewrite")
    expect(outcome(plain, zoned, 18, "Europe/Berlin")).toBe("rewrite")
    expect(typeChange(plain, zoned, catalog, 18, null).unknown).toMatch(/TimeZone/)
  })

  it("converts arrays even where the elements would stay", () => {
    const array = (element: ColumnType): ColumnType => ({ ...element, dimensions: 1 })
    expect(outcome(array(type("varchar", 50)), array(type("varchar", 100)))).toBe("rewrite")
    expect(outcome(array(type("text")), array(type("text")))).toBe("free")
  })

  it("does not know an unknown type", () => {
    const change = typeChange(
      { schema: null, name: "mystery", modifiers: [], dimensions: 0 },
      type("text"),
      catalog,
      18,
      null,
    )
    expect(change).toMatchObject({ rewrite: true, unknown: "what the type mystery is" })
  })
})

const schema = `
  CREATE TABLE p (id int PRIMARY KEY, code varchar(10) UNIQUE);
  CREATE TABLE t (
    id int PRIMARY KEY, p_id int REFERENCES p, code varchar(10) REFERENCES p (code), v varchar(10), checked varchar(10),
    n int GENERATED ALWAYS AS IDENTITY, CONSTRAINT t_checked CHECK (checked <> ''));
  CREATE INDEX t_v ON t (v);
  CREATE INDEX t_lower ON t (lower(v));
  CREATE INDEX t_partial ON t (id) WHERE v IS NOT NULL;`

describe("ALTER COLUMN TYPE", () => {
  it.each([
    ["v TYPE varchar(20)", "ACCESS EXCLUSIVE t, t_lower, t_partial, t_v; build t"],
    ["checked TYPE text", "ACCESS EXCLUSIVE t; scan t"],
    ["code TYPE text", "ACCESS EXCLUSIVE p, t"],
    ["p_id TYPE bigint", "ACCESS EXCLUSIVE p, t, t_lower, t_partial, t_pkey, t_v; rewrite t"],
    ["v TYPE varchar(20) USING v", "ACCESS EXCLUSIVE t, t_lower, t_partial, t_v; build t"],
    ["v TYPE varchar(20) USING upper(v)", "ACCESS EXCLUSIVE t, t_lower, t_partial, t_pkey, t_v; rewrite t"],
    ['v TYPE varchar(10) COLLATE "C"', "ACCESS EXCLUSIVE t, t_lower, t_partial, t_v; build t"],
    ["v TYPE int", "fails 42804"],
  ])("%s", (action, expected) => {
    expect(summary(schema, `ALTER TABLE t ALTER COLUMN ${action}`)).toBe(expected)
  })

  it("changes the sequence of an identity column", () => {
    const { locks } = explain(schema, "ALTER TABLE t ALTER COLUMN n TYPE bigint")
    expect(locks.find((lock) => lock.relation === "public.t_n_seq")).toEqual({
      relation: "public.t_n_seq",
      kind: "sequence",
      mode: "SHARE ROW EXCLUSIVE",
    })
  })

  it("verifies the foreign keys of other tables again when a key is rewritten", () => {
    expect(summary(schema, "ALTER TABLE p ALTER COLUMN id TYPE bigint")).toBe(
      "ACCESS EXCLUSIVE p, p_code_key, p_pkey, t; rewrite p; scan t",
    )
    expect(summary(schema, "ALTER TABLE p ALTER COLUMN code TYPE text")).toBe("ACCESS EXCLUSIVE p, p_code_key, t")
  })

  it("always rebuilds indexes that belong to a partitioned one", () => {
    const partitioned = `
      CREATE TABLE part (id int, v text) PARTITION BY LIST (id);
      CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
      CREATE INDEX part_v ON part (v);`
    expect(summary(partitioned, "ALTER TABLE part ALTER COLUMN v TYPE varchar")).toBe(
      "ACCESS EXCLUSIVE part, part_1, part_1_v_idx, part_v; build part_1",
    )
  })

  it("is refused under a view and on a partition key", () => {
    const viewed = "CREATE TABLE t (id int, v varchar(10)); CREATE VIEW w AS SELECT v FROM t"
    expect(summary(viewed, "ALTER TABLE t ALTER COLUMN v TYPE text")).toBe("fails 0A000")
    expect(summary(viewed, "ALTER TABLE t ALTER COLUMN id TYPE bigint")).toBe("ACCESS EXCLUSIVE t; rewrite t")
    const key = "CREATE TABLE part (id int) PARTITION BY LIST (id)"
    expect(summary(key, "ALTER TABLE part ALTER COLUMN id TYPE bigint")).toBe("fails 42P16")
  })

  it("checks every value against a domain with constraints", () => {
    const domains =
      "CREATE DOMAIN free AS int; CREATE DOMAIN strict AS int NOT NULL; CREATE TABLE t (a int, s strict)"
    expect(summary(domains, "ALTER TABLE t ALTER COLUMN a TYPE free")).toBe("ACCESS EXCLUSIVE t")
    expect(summary(domains, "ALTER TABLE t ALTER COLUMN a TYPE strict")).toBe("ACCESS EXCLUSIVE t; rewrite t")
    expect(summary(domains, "ALTER TABLE t ALTER COLUMN s TYPE int")).toBe("ACCESS EXCLUSIVE t")
  })

  it("takes the session's time zone into account", () => {
    const table = "CREATE TABLE t (at timestamp)"
    const sql = "ALTER TABLE t ALTER COLUMN at TYPE timestamptz"
    expect(summary(`${table}; SET timezone = 'UTC'`, sql)).toBe("ACCESS EXCLUSIVE t")
    expect(explain(table, sql)).toMatchObject({
      rewrites: ["public.t"],
      uncertain: ["the session's TimeZone: under UTC the stored values stay as they are"],
    })
  })
})
