import { describe, expect, it } from "vitest"
import { read, readOne } from "./read.ts"

const ON_T = {
  relation: { schema: null, name: "t", span: "t" },
  keyword: "table",
  missingOk: false,
  only: false,
}

describe("ALTER TABLE", () => {
  it("gives one operation per action, each with the span of its action", () => {
    const sql = `ALTER TABLE IF EXISTS ONLY "S".t -- comment, with a comma
      ADD COLUMN IF NOT EXISTS a int DEFAULT f(1, 2) , DROP b CASCADE /* , */, ALTER c SET NOT NULL`
    const on = { relation: { schema: "S", name: "t", span: '"S".t' }, keyword: "table", missingOk: true, only: true }
    expect(read(sql)).toMatchObject([
      { op: "add column", ...on, ifNotExists: true, span: "ADD COLUMN IF NOT EXISTS a int DEFAULT f(1, 2)" },
      {
        op: "drop column",
        ...on,
        column: { name: "b", span: "b" },
        cascade: true,
        ifExists: false,
        span: "DROP b CASCADE",
      },
      { op: "set not null", ...on, column: { name: "c", span: "c" }, span: "ALTER c SET NOT NULL" },
    ])
  })

  it.each([
    [
      'DROP COLUMN IF EXISTS "A b"',
      { op: "drop column", column: { name: "A b", span: '"A b"' }, ifExists: true, cascade: false },
    ],
    ["ALTER COLUMN a DROP DEFAULT", { op: "drop default", column: { name: "a", span: "a" } }],
    ["ALTER A DROP NOT NULL", { op: "drop not null", column: { name: "a", span: "A" } }],
    ["ALTER a SET STATISTICS 5", { op: "set statistics", column: { name: "a", span: "a" } }],
    ["ALTER a SET STORAGE plain", { op: "set storage", column: { name: "a", span: "a" } }],
    ["ALTER a SET COMPRESSION lz4", { op: "set compression", column: { name: "a", span: "a" } }],
    ["ALTER a SET (n_distinct = 5)", { op: "set column options", column: { name: "a", span: "a" } }],
    [
      "ALTER a ADD GENERATED ALWAYS AS IDENTITY",
      { op: "add identity", identity: "always", column: { name: "a", span: "a" } },
    ],
    ["ALTER a SET GENERATED ALWAYS", { op: "set identity", identity: "always", column: { name: "a", span: "a" } }],
    ["ALTER a DROP IDENTITY IF EXISTS", { op: "drop identity", ifExists: true, column: { name: "a", span: "a" } }],
    ["ALTER a DROP EXPRESSION", { op: "drop expression", ifExists: false, column: { name: "a", span: "a" } }],
    [
      "DROP CONSTRAINT IF EXISTS c CASCADE",
      { op: "drop constraint", constraint: { name: "c", span: "c" }, ifExists: true, cascade: true },
    ],
    ["VALIDATE CONSTRAINT c", { op: "validate constraint", constraint: { name: "c", span: "c" } }],
    ["SET UNLOGGED", { op: "set logged", logged: false }],
    ["SET TABLESPACE fast", { op: "set tablespace", tablespace: "fast" }],
    ["SET ACCESS METHOD DEFAULT", { op: "set access method", accessMethod: null }],
    ["CLUSTER ON i", { op: "cluster on", index: { name: "i", span: "i" } }],
    ["SET WITHOUT CLUSTER", { op: "set without cluster" }],
    ["SET WITHOUT OIDS", { op: "set without oids" }],
    ["NOT OF", { op: "not of type" }],
    [
      "OF s.ty",
      {
        op: "of type",
        type: { schema: "s", name: "ty", modifiers: [], dimensions: 0, percentType: false, span: "s.ty" },
      },
    ],
    ["INHERIT s.p", { op: "inherit", parent: { schema: "s", name: "p", span: "s.p" } }],
    ["NO INHERIT p", { op: "no inherit", parent: { schema: null, name: "p", span: "p" } }],
    ["OWNER TO CURRENT_USER", { op: "owner to", owner: "current_user" }],
    ["REPLICA IDENTITY FULL", { op: "replica identity", identity: "full", index: null }],
    ["REPLICA IDENTITY USING INDEX i", { op: "replica identity", identity: "index", index: { name: "i", span: "i" } }],
    ["ENABLE REPLICA TRIGGER g", { op: "enable trigger", trigger: { name: "g", span: "g" } }],
    ["DISABLE TRIGGER ALL", { op: "disable trigger", trigger: "all" }],
    ["DISABLE RULE r", { op: "disable rule", rule: { name: "r", span: "r" } }],
    ["NO FORCE ROW LEVEL SECURITY", { op: "row level security", action: "no force" }],
    [
      "DETACH PARTITION p CONCURRENTLY",
      {
        op: "detach partition",
        partition: { schema: null, name: "p", span: "p" },
        concurrently: true,
        finalize: false,
      },
    ],
    [
      "DETACH PARTITION p FINALIZE",
      {
        op: "detach partition",
        partition: { schema: null, name: "p", span: "p" },
        concurrently: false,
        finalize: true,
      },
    ],
    [
      'RENAME COLUMN a TO "B"',
      { op: "rename column", column: { name: "a", span: "a" }, newName: { name: "B", span: '"B"' } },
    ],
    ["RENAME a TO b", { op: "rename column", column: { name: "a", span: "a" }, newName: { name: "b", span: "b" } }],
    ["RENAME TO u", { op: "rename relation", newName: { name: "u", span: "u" } }],
    [
      "RENAME CONSTRAINT a TO b",
      { op: "rename constraint", constraint: { name: "a", span: "a" }, newName: { name: "b", span: "b" } },
    ],
    ["SET SCHEMA s", { op: "set schema", schema: { name: "s", span: "s" } }],
    ["OPTIONS (SET a 'b')", { op: "other table action", action: "options" }],
  ])("lowers %s exactly", (action, expected) => {
    expect(readOne(`ALTER TABLE t ${action}`)).toEqual({ ...expected, ...ON_T, span: action })
  })

  it("tells what ALTER CONSTRAINT does not mention", () => {
    const unset = { deferrable: null, initiallyDeferred: null, enforced: null, noInherit: null }
    const constraint = { name: "c", span: "c" }
    const on = { op: "alter constraint", ...ON_T, constraint, ...unset }
    expect(readOne("ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE INITIALLY DEFERRED")).toMatchObject({
      ...on,
      deferrable: true,
      initiallyDeferred: true,
    })
    expect(readOne("ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED")).toMatchObject({ ...on, enforced: false })
    expect(readOne("ALTER TABLE t ALTER CONSTRAINT c NO INHERIT")).toMatchObject({ ...on, noInherit: true })
  })

  it("reads a change of type with its collation and USING", () => {
    expect(
      readOne('ALTER TABLE t ALTER c SET DATA TYPE varchar(20)[] COLLATE s."C" USING upper(c)::varchar(20)'),
    ).toMatchObject({
      op: "alter column type",
      column: { name: "c", span: "c" },
      type: { schema: "pg_catalog", name: "varchar", modifiers: [20], dimensions: 1, span: "varchar(20)[]" },
      collation: { schema: "s", name: "C", span: 's."C"' },
      using: {
        span: "upper(c)::varchar(20)",
        column: null,
        functions: [{ name: "upper", arguments: [null], span: "upper(c)" }],
      },
    })
    expect(readOne("ALTER TABLE t ALTER c TYPE bigint USING c::bigint")).toMatchObject({
      using: { span: "c::bigint", column: "c", constant: false },
    })
  })

  it("reads storage parameters", () => {
    expect(readOne("ALTER TABLE t SET (Fillfactor = 70, toast.autovacuum_enabled = false)")).toMatchObject({
      op: "set storage parameters",
      reset: false,
      parameters: { fillfactor: "70", "toast.autovacuum_enabled": "false" },
    })
    expect(readOne("ALTER TABLE t RESET (fillfactor)")).toMatchObject({ reset: true, parameters: { fillfactor: "" } })
  })

  it.each([
    ["FOR VALUES IN (1, NULL, 'a'::text)", "list", ["1", null, "a"], []],
    ["FOR VALUES FROM (MINVALUE, '2024-01-01') TO (MAXVALUE, now())", "range", [null, "2024-01-01"], [null, null]],
    ["FOR VALUES WITH (MODULUS 4, REMAINDER 3)", "hash", [], []],
    ["DEFAULT", "default", [], []],
  ])("reads the partition bound %s", (bound, kind, from, to) => {
    const operation = readOne(`ALTER TABLE s.t ATTACH PARTITION "P" ${bound}`)
    expect(operation).toMatchObject({
      op: "attach partition",
      partition: { schema: null, name: "P", span: '"P"' },
      bound: { kind, span: bound, from: from.map((literal) => ({ literal })), to: to.map((literal) => ({ literal })) },
      span: `ATTACH PARTITION "P" ${bound}`,
    })
  })

  it("reads keywords, NULL and numbers in bounds", () => {
    expect(readOne("ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (MINVALUE) TO (MAXVALUE)")).toMatchObject({
      bound: { from: [{ keyword: "minvalue" }], to: [{ keyword: "maxvalue" }] },
    })
    expect(readOne("ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (NULL)")).toMatchObject({
      bound: { from: [{ isNull: true }] },
    })
    expect(readOne("ALTER TABLE t ATTACH PARTITION p FOR VALUES WITH (MODULUS 4, REMAINDER 3)")).toMatchObject({
      bound: { modulus: 4, remainder: 3 },
    })
  })

  it("keeps the keyword behind ALTER", () => {
    expect(readOne("ALTER INDEX i ATTACH PARTITION j")).toMatchObject({
      op: "attach index partition",
      keyword: "index",
    })
    expect(readOne("ALTER VIEW v ALTER COLUMN c SET DEFAULT 5")).toMatchObject({ op: "set default", keyword: "view" })
    expect(readOne("ALTER MATERIALIZED VIEW m RENAME TO n")).toMatchObject({
      op: "rename relation",
      keyword: "materialized view",
    })
    expect(readOne("ALTER SEQUENCE IF EXISTS s RENAME TO u")).toMatchObject({ keyword: "sequence", missingOk: true })
    expect(readOne("ALTER FOREIGN TABLE f DROP COLUMN c")).toMatchObject({ keyword: "foreign table" })
  })

  it("counts in UTF-16 behind characters of several bytes", () => {
    expect(read('-- \u{1f600} é\nALTER TABLE "größe" DROP COLUMN é, DROP \u{1f600}z')).toMatchObject([
      { relation: { name: "größe", span: '"größe"' }, column: { name: "é", span: "é" } },
      { column: { name: "\u{1f600}z", span: "\u{1f600}z" } },
    ])
  })
})
