import { describe, expect, it } from "vitest"
import { effects } from "../../src/index.ts"

/** Found by random programs on real servers (12, 15, 18). */
describe("what goes along", () => {
  it("locks every partition when a partitioned index is dropped, attached or not", () => {
    const schema = `
      CREATE TABLE p (id int) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
      CREATE INDEX only_p ON ONLY p (id);`
    const [drop] = effects({ schema, sql: "DROP INDEX only_p", pgVersion: 15 })
    expect(drop?.locks.filter(({ kind }) => kind === "table")).toEqual([
      { relation: "public.p", kind: "table", mode: "ACCESS EXCLUSIVE" },
      { relation: "public.p1", kind: "table", mode: "ACCESS EXCLUSIVE" },
    ])
  })

  it("drops the views of a column when its type is dropped", () => {
    const schema = `
      CREATE TYPE e AS ENUM ('a');
      CREATE TABLE t (id int, c e);
      CREATE VIEW v AS SELECT id, c FROM t;
      DROP TYPE e CASCADE;`
    const [again] = effects({ schema, sql: "CREATE VIEW v AS SELECT id FROM t", pgVersion: 15 })
    expect(again?.fails).toBeUndefined()
  })

  it("leaves a child the NOT NULL that it asked for itself when the parent's goes (18)", () => {
    const schema = `
      CREATE TABLE parent (id int CONSTRAINT given NOT NULL);
      CREATE TABLE child (c int) INHERITS (parent);
      ALTER TABLE child ALTER COLUMN id SET NOT NULL;
      ALTER TABLE parent DROP CONSTRAINT given;`
    const [again] = effects({ schema, sql: "ALTER TABLE child ALTER COLUMN id SET NOT NULL", pgVersion: 18 })
    expect(again?.scans).toEqual([])
  })
})
