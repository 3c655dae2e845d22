import { describe, expect, it } from "vitest"
import type { OperationKind } from "../../../src/parse/operation.ts"
import { loadGrammar } from "../../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../../src/parse/index.ts"
import { operationsOf, readOne } from "./read.ts"
import { SAMPLE } from "./sample.ts"
import { misplaced } from "./spans.ts"

/** Every operation there is; a new one fails to compile until the sample has it. */
const EVERY_OPERATION: Readonly<Record<OperationKind, true>> = {
  "add column": true,
  "drop column": true,
  "set default": true,
  "drop default": true,
  "set not null": true,
  "drop not null": true,
  "alter column type": true,
  "set statistics": true,
  "set storage": true,
  "set compression": true,
  "set column options": true,
  "add identity": true,
  "set identity": true,
  "drop identity": true,
  "set expression": true,
  "drop expression": true,
  "add constraint": true,
  "drop constraint": true,
  "validate constraint": true,
  "alter constraint": true,
  "set logged": true,
  "set tablespace": true,
  "move all to tablespace": true,
  "set access method": true,
  "set storage parameters": true,
  "cluster on": true,
  "set without cluster": true,
  "set without oids": true,
  "not of type": true,
  inherit: true,
  "no inherit": true,
  "of type": true,
  "owner to": true,
  "replica identity": true,
  "enable trigger": true,
  "disable trigger": true,
  "enable rule": true,
  "disable rule": true,
  "row level security": true,
  "attach partition": true,
  "detach partition": true,
  "attach index partition": true,
  "rename column": true,
  "rename relation": true,
  "rename constraint": true,
  "set schema": true,
  "other table action": true,
  "create table": true,
  "create table as": true,
  "create index": true,
  "create view": true,
  "create materialized view": true,
  "create sequence": true,
  "create enum": true,
  "create composite type": true,
  "create type": true,
  "create domain": true,
  "create trigger": true,
  "create rule": true,
  "create policy": true,
  "alter policy": true,
  "create function": true,
  "create schema": true,
  "create extension": true,
  "create statistics": true,
  "create publication": true,
  "create subscription": true,
  "add enum value": true,
  "rename enum value": true,
  "alter composite type": true,
  "alter domain": true,
  "alter sequence": true,
  "alter publication": true,
  "rename object": true,
  "set object schema": true,
  "set object owner": true,
  "alter function": true,
  "alter statistics": true,
  "alter database": true,
  drop: true,
  insert: true,
  update: true,
  delete: true,
  merge: true,
  select: true,
  copy: true,
  truncate: true,
  vacuum: true,
  analyze: true,
  cluster: true,
  reindex: true,
  "refresh materialized view": true,
  "lock table": true,
  comment: true,
  "trigger depends on extension": true,
  "security label": true,
  grant: true,
  revoke: true,
  begin: true,
  commit: true,
  rollback: true,
  savepoint: true,
  "release savepoint": true,
  "rollback to savepoint": true,
  plan: true,
  execute: true,
  deallocate: true,
  "prepare transaction": true,
  "commit prepared": true,
  "rollback prepared": true,
  set: true,
  reset: true,
  "set constraints": true,
  do: true,
  call: true,
  other: true,
}

function operationWords(sql: string): string {
  return operationsOf(sql)
    .map((operation) => (operation.op === "other" ? `other: ${operation.command}` : operation.op))
    .join(", ")
}

describe("every kind of statement", () => {
  it.each(SAMPLE)("%s", (sql, operations) => {
    expect(operationWords(sql)).toBe(operations)
  })

  it("covers every operation", () => {
    const covered = new Set(SAMPLE.flatMap(([sql]) => operationsOf(sql)).map(({ op }) => op))
    expect(Object.keys(EVERY_OPERATION).filter((op) => !covered.has(op as OperationKind))).toEqual([])
  })

  it("puts every part where it stands, in a file of all of them", () => {
    loadGrammar()
    const sql = SAMPLE.map(([statement]) => `-- é\n${statement} -- \u{1f600};\n`).join(";\n")
    const { statements, errors } = parseFile(sql)
    expect(errors).toEqual([])
    expect(statements.map(({ span }) => sql.slice(span.start, span.end))).toEqual(
      SAMPLE.map(([statement]) => statement),
    )
    expect(statements.flatMap((statement) => misplaced(sql, statement))).toEqual([])
  })

  it("is plain data that crosses a thread boundary unchanged", () => {
    const parsed = parseFile(SAMPLE.map(([statement]) => statement).join(";"))
    expect(structuredClone(parsed)).toEqual(parsed)
  })
})

describe("single statements", () => {
  it.each([
    ["CREATE INDEX CONCURRENTLY i ON t (a)", "CONCURRENTLY"],
    ["CREATE UNIQUE INDEX ON t (a)", "CREATE UNIQUE INDEX|"],
    ["CREATE INDEX concurrently ON t (a)", "concurrently"],
    ["DROP INDEX CONCURRENTLY IF EXISTS i", "CONCURRENTLY"],
    ["DROP INDEX IF EXISTS i", "DROP INDEX|"],
    ["REINDEX (CONCURRENTLY) TABLE t", "CONCURRENTLY"],
    ["REINDEX (VERBOSE) TABLE t", "REINDEX (VERBOSE) TABLE|"],
    ["REFRESH MATERIALIZED VIEW v", "REFRESH MATERIALIZED VIEW|"],
    ["REFRESH MATERIALIZED VIEW CONCURRENTLY v", "CONCURRENTLY"],
  ])("says where CONCURRENTLY stands or would stand in %s", (sql, place) => {
    const [operation] = operationsOf(sql)
    if (operation === undefined || !("concurrentlySpan" in operation)) throw new Error("no CONCURRENTLY")
    const { start, end } = operation.concurrentlySpan
    expect(start === end ? `${sql.slice(0, start)}|` : sql.slice(start, end)).toBe(place)
  })

  it("reads an index exactly", () => {
    const sql = `CREATE UNIQUE INDEX "I" ON s.t USING gin (a COLLATE "C" DESC NULLS LAST, (b || c) s.ops (x = 1), lower(d)) WHERE e > 1`
    expect(readOne(sql)).toMatchObject({
      index: { name: "I", span: '"I"' },
      table: { schema: "s", name: "t", span: "s.t" },
      unique: true,
      method: "gin",
      elements: [
        { column: { name: "a", span: "a" }, collation: { span: '"C"' }, descending: true, nullsFirst: false },
        { column: null, expression: { span: "(b || c)" }, operatorClass: "ops", span: "(b || c) s.ops (x = 1)" },
        { expression: { span: "lower(d)" }, descending: false, nullsFirst: false, span: "lower(d)" },
      ],
      predicate: { span: "e > 1" },
    })
    expect(readOne("CREATE INDEX ON t (a DESC)")).toMatchObject({
      index: null,
      elements: [{ descending: true, nullsFirst: true }],
    })
  })

  it("reads a table's clauses", () => {
    const sql = `CREATE TEMP TABLE IF NOT EXISTS x PARTITION OF s.y (a DEFAULT 5, CHECK (a > 1))
      FOR VALUES FROM (1) TO (2) PARTITION BY LIST (a, (b + 1)) USING heap WITH (fillfactor = 70) ON COMMIT DROP TABLESPACE ts`
    expect(readOne(sql)).toMatchObject({
      persistence: "temporary",
      ifNotExists: true,
      columns: [{ name: { span: "a" }, default: { span: "5" }, span: "a DEFAULT 5" }],
      constraints: [{ kind: "check", expression: { span: "a > 1" }, span: "CHECK (a > 1)" }],
      partitionOf: { parent: { schema: "s", span: "s.y" }, bound: { span: "FOR VALUES FROM (1) TO (2)" } },
      partitionBy: { strategy: "list", elements: [{ column: { span: "a" } }, { expression: { span: "(b + 1)" } }] },
      inherits: [],
      accessMethod: "heap",
      tablespace: "ts",
      parameters: { fillfactor: "70" },
      onCommitDrop: true,
    })
    expect(
      readOne("CREATE TABLE t (LIKE s.o INCLUDING INDEXES INCLUDING DEFAULTS, LIKE p) INHERITS (q, s.r)"),
    ).toMatchObject({
      like: [
        { table: { span: "s.o" }, including: ["defaults", "indexes"] },
        { table: { span: "p" }, including: [] },
      ],
      inherits: [{ span: "q" }, { span: "s.r" }],
      partitionOf: null,
    })
    expect(readOne("CREATE TABLE t OF s.ty (a WITH OPTIONS NOT NULL)")).toMatchObject({
      ofType: { schema: "s", name: "ty", span: "s.ty" },
      columns: [{ name: { span: "a" }, notNull: { span: "NOT NULL" } }],
    })
  })

  it("reads dropped objects with their tables and arguments", () => {
    expect(readOne("DROP TRIGGER IF EXISTS g ON s.t RESTRICT")).toMatchObject({
      kind: "trigger",
      objects: [{ name: { name: "g", span: "g" }, table: { schema: "s", name: "t", span: "s.t" }, span: "g ON s.t" }],
      ifExists: true,
      cascade: false,
    })
    expect(readOne("DROP FUNCTION s.f(int, text), g CASCADE")).toMatchObject({
      objects: [{ name: { schema: "s", name: "f", span: "s.f" }, span: "s.f(int, text)" }, { span: "g" }],
      cascade: true,
    })
    expect(readOne("DROP DOMAIN s.d")).toMatchObject({
      kind: "domain",
      objects: [{ name: { schema: "s", span: "s.d" } }],
    })
  })

  it("reads views without the clause behind the query", () => {
    expect(
      readOne("CREATE VIEW v (a) WITH (security_barrier) AS SELECT a FROM t WITH CASCADED CHECK OPTION"),
    ).toMatchObject({
      columnNames: [{ name: "a", span: "a" }],
      recursive: false,
      query: { reads: [{ span: "t" }], span: "SELECT a FROM t" },
    })
    expect(readOne("CREATE MATERIALIZED VIEW v AS TABLE t WITH NO DATA")).toMatchObject({
      withData: false,
      query: { reads: [{ span: "t" }], span: "TABLE t" },
    })
    expect(readOne("CREATE RECURSIVE VIEW v (a) AS SELECT 1 UNION SELECT a FROM v JOIN t USING (a)")).toMatchObject({
      recursive: true,
      query: { reads: [{ span: "t" }] },
    })
  })

  it("reads settings as text", () => {
    expect(readOne('SET search_path TO "A", b')).toMatchObject({
      setting: "search_path",
      value: "A, b",
      values: ["A", "b"],
      local: false,
    })
    expect(readOne("SET LOCAL Statement_Timeout = 5000")).toMatchObject({
      setting: "statement_timeout",
      value: "5000",
      local: true,
    })
    expect(readOne("SET lock_timeout TO DEFAULT")).toMatchObject({ setting: "lock_timeout", value: null, values: [] })
    expect(readOne("SET TIME ZONE 'UTC'")).toMatchObject({ setting: "timezone", value: "UTC" })
    expect(readOne("RESET lock_timeout")).toMatchObject({ op: "reset", setting: "lock_timeout" })
    expect(readOne("RESET ALL")).toMatchObject({ setting: null })
  })

  it("reads comments, grants and owners", () => {
    expect(readOne("COMMENT ON COLUMN s.t.\"C\" IS 'x'")).toMatchObject({
      kind: "column",
      object: { schema: null, name: "C", span: '"C"' },
      table: { schema: "s", name: "t", span: "s.t" },
    })
    expect(readOne("COMMENT ON FUNCTION s.f(int) IS 'x'")).toMatchObject({
      kind: "function",
      object: { span: "s.f" },
      table: null,
    })
    expect(readOne("SECURITY LABEL ON COLUMN s.t.c IS 'x'")).toMatchObject({
      kind: "column",
      object: { schema: "s", name: "t", span: "s.t" },
    })
    expect(readOne('GRANT ALL ON ALL TABLES IN SCHEMA a, "B" TO x')).toMatchObject({
      kind: "all in schema",
      objects: [
        { name: "a", span: "a" },
        { name: "B", span: '"B"' },
      ],
    })
    expect(readOne("GRANT EXECUTE ON FUNCTION s.f(int) TO x")).toMatchObject({
      kind: "function",
      objects: [{ schema: "s", span: "s.f" }],
    })
  })

  it("reads enum values with their quotes", () => {
    expect(readOne("ALTER TYPE s.e ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'b'")).toMatchObject({
      type: { schema: "s", name: "e", span: "s.e" },
      value: { text: "it's", span: "'it''s'" },
      ifNotExists: true,
      neighbor: "b",
      before: true,
    })
    expect(readOne("ALTER TYPE e RENAME VALUE 'a' TO 'b'")).toMatchObject({
      value: { text: "a", span: "'a'" },
      newValue: { text: "b", span: "'b'" },
    })
  })

  it("reads who owns a sequence", () => {
    expect(readOne("ALTER SEQUENCE q OWNED BY s.t.c")).toMatchObject({
      ownedBy: { table: { schema: "s", name: "t", span: "s.t" }, column: "c" },
    })
    expect(readOne("ALTER SEQUENCE q OWNED BY NONE INCREMENT 5")).toMatchObject({
      ownedBy: "none",
      options: ["owned by", "increment"],
    })
    expect(readOne("CREATE SEQUENCE q")).toMatchObject({ ownedBy: null })
  })

  it("tells which subscription makes a slot", () => {
    const slot = (options: string): unknown => readOne(`CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p ${options}`)
    expect(slot("")).toMatchObject({ createsSlot: true })
    expect(slot("WITH (create_slot = false)")).toMatchObject({ createsSlot: false })
    expect(slot("WITH (connect = off)")).toMatchObject({ createsSlot: false })
  })

  it("reads triggers", () => {
    expect(readOne('CREATE TRIGGER "G" INSTEAD OF DELETE ON s.v FOR EACH ROW EXECUTE PROCEDURE f()')).toMatchObject({
      trigger: { name: "G", span: '"G"' },
      table: { span: "s.v" },
      function: { schema: null, name: "f", span: "f" },
      timing: "instead of",
      events: ["delete"],
      updateOf: [],
      when: null,
      forEachRow: true,
      constraint: false,
    })
    expect(
      readOne(
        'CREATE OR REPLACE TRIGGER g BEFORE UPDATE OF a, "B" OR INSERT ON t WHEN (new.a IS NOT NULL) EXECUTE FUNCTION s.f(1)',
      ),
    ).toMatchObject({
      timing: "before",
      events: ["insert", "update"],
      updateOf: [{ span: "a" }, { span: '"B"' }],
      when: { span: "new.a IS NOT NULL" },
      function: { schema: "s", span: "s.f" },
      orReplace: true,
    })
  })
})
