import { describe, expect, it } from "vitest"
import { readOne } from "./read.ts"

function query(sql: string): Record<string, unknown> {
  const operation = readOne(sql)
  if (operation === null || typeof operation !== "object" || !("query" in operation)) throw new Error("no query")
  return operation["query"] as Record<string, unknown>
}

/** Names as written. */
function names(list: unknown): readonly unknown[] {
  return (list as readonly { span: unknown }[]).map(({ span }) => span)
}

describe("queries", () => {
  it.each([
    ["SELECT 1", []],
    ['SELECT * FROM a, "S".b AS x JOIN c USING (d) LEFT JOIN (SELECT 1 FROM e) f ON true', ["a", '"S".b', "c", "e"]],
    ["SELECT 1 FROM a TABLESAMPLE system (5)", ["a"]],
    ["SELECT (SELECT 1 FROM a) FROM b WHERE c IN (SELECT 1 FROM d) ORDER BY (SELECT 1 FROM e)", ["a", "b", "d", "e"]],
    ["SELECT 1 FROM a UNION ALL (SELECT 1 FROM b EXCEPT SELECT 1 FROM c)", ["a", "b", "c"]],
    ["VALUES ((SELECT 1 FROM a)), (2)", ["a"]],
    ["TABLE a", ["a"]],
    // CTE names are no relations, in their scope only.
    ["WITH a AS (SELECT 1 FROM b) SELECT 1 FROM a, s.a", ["b", "s.a"]],
    ["WITH a AS (SELECT 1 FROM a) SELECT 1 FROM a", ["a"]],
    ["WITH RECURSIVE a AS (SELECT 1 FROM a) SELECT 1 FROM a", []],
    ["WITH a AS (SELECT 1), b AS (SELECT 1 FROM a, c) SELECT 1 FROM b", ["c"]],
    ["SELECT 1 FROM (WITH a AS (SELECT 1) SELECT 1 FROM a) x, a", ["a"]],
  ])("%s reads %j", (sql, reads) => {
    expect(names(query(sql)["reads"])).toEqual(reads)
  })

  it.each([
    ["SELECT 1 FROM a, b FOR UPDATE", ["a", "b"]],
    ["SELECT 1 FROM a x, b FOR SHARE OF x", ["a"]],
    ["SELECT 1 FROM a JOIN b ON true FOR NO KEY UPDATE OF b SKIP LOCKED", ["b"]],
    ["SELECT 1 FROM (SELECT 1 FROM a) x, b FOR UPDATE OF x", ["a"]],
    ["WITH a AS (SELECT 1) SELECT 1 FROM a, b FOR UPDATE", ["b"]],
    ["SELECT 1 FROM a", []],
  ])("%s locks rows of %j", (sql, locks) => {
    expect(names(query(sql)["rowLocks"])).toEqual(locks)
  })

  it("collects the writes of data-modifying CTEs", () => {
    const sql = `WITH a AS (DELETE FROM t1 RETURNING *), b AS (UPDATE t2 SET x = 1 WHERE y RETURNING *),
      c AS (INSERT INTO t3 SELECT * FROM a RETURNING *) SELECT * FROM b, c`
    expect(query(sql)).toMatchObject({
      reads: [],
      writes: [
        { op: "delete", table: { name: "t1", span: "t1" }, where: false },
        { op: "update", table: { name: "t2", span: "t2" }, where: true },
        { op: "insert", table: { name: "t3", span: "t3" }, where: true },
      ],
      star: false,
    })
  })

  it("reads the columns of USING", () => {
    const { columns } = query('SELECT 1 FROM a JOIN b USING (c, "D") JOIN (SELECT 1) x USING (e)')
    expect(columns).toEqual([
      { table: "a", column: "c", span: "c" },
      { table: "b", column: "c", span: "c" },
      { table: "a", column: "D", span: '"D"' },
      { table: "b", column: "D", span: '"D"' },
      // Of the left side nobody knows which table it is.
      { table: null, column: "e", span: "e" },
    ])
  })

  it.each([
    ["SELECT a FROM t, s.u AS x", ["t x: a"]],
    ["SELECT a FROM t JOIN u USING (b) JOIN v ON t.c = v.d", ["t u v: a b b t.c v.d"]],
    // What may be an output column, and what has a schema in front, is left out.
    ["SELECT a AS k, s.t.b FROM s.t GROUP BY k, c HAVING d ORDER BY e", ["t: a d"]],
    ["SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE d = e)", ["u t: c d e", "t: a b"]],
    ["SELECT a FROM t, f() g", ["t ...: a"]],
    ["SELECT a FROM t, (SELECT b FROM u) x", ["u: b", "t ...: a"]],
    ["SELECT 1 FROM t, LATERAL (SELECT b FROM u) x", ["u ...: b"]],
    ["SELECT 1 FROM t, f() g WHERE (SELECT b FROM u) = 1", ["u t ...: b"]],
    ["SELECT a FROM t AS x (y)", [" ...: a"]],
    ["SELECT a FROM (t JOIN u ON b = c) AS j", [" ...: a b c"]],
    ["SELECT a FROM t JOIN u USING (b) AS j", [" ...: a b b"]],
    ["WITH c AS (SELECT a FROM t) SELECT b FROM c, u", ["t: a", "u ...: b"]],
    ["SELECT a FROM t UNION SELECT b FROM u ORDER BY c", ["t: a", "u: b"]],
    ["SELECT (SELECT a ORDER BY (SELECT b))", [" ...: b", ": a"]],
    ["INSERT INTO t AS x VALUES (a) ON CONFLICT (k) DO UPDATE SET b = c WHERE d RETURNING e", [": a", "x excluded: c d", "x old new: e"]],
    ["INSERT INTO t DEFAULT VALUES RETURNING WITH (OLD AS o) a", []],
    ["UPDATE t SET a = b FROM u WHERE c RETURNING d", ["t u: b c", "t u old new: d"]],
    ["DELETE FROM t USING u AS x WHERE a", ["t x: a"]],
    ["MERGE INTO t USING (SELECT a FROM u) x ON b WHEN MATCHED THEN UPDATE SET c = (SELECT d FROM v)", ["u: a", "t ...: b", "v t ...: d"]],
    ["MERGE INTO t USING u ON a WHEN NOT MATCHED BY SOURCE AND b THEN DELETE WHEN NOT MATCHED AND c THEN INSERT VALUES (d)", ["t u: a", "t: b", "u: c d"]],
    ["SELECT 1 FROM v, t JOIN u ON a JOIN w ON b WHERE c", ["t u: a", "t u w: b", "v t u w: c"]],
  ])("%s looks columns up in %j", (sql, expected) => {
    type Shown = { tables: { alias: string }[]; complete: boolean; columns: { span: string }[] }
    const shown = (query(sql)["scopes"] as Shown[]).map(
      ({ tables, complete, columns }) => `${[...tables.map(({ alias }) => alias), ...(complete ? [] : [tables.length === 0 ? " ..." : "..."])].join(" ")}: ${columns.map(({ span }) => span).join(" ")}`,
    )
    expect(shown).toEqual(expected)
  })

  it("counts what INSERT gives", () => {
    const shown = (sql: string): unknown => {
      const { width, nulls, defaults, overriding } = readOne(sql) as Record<string, unknown>
      return { width, nulls, defaults, overriding }
    }
    expect(shown("INSERT INTO t VALUES (1, NULL, DEFAULT), (NULL, f(), DEFAULT)")).toEqual({ width: 3, nulls: [0, 1], defaults: [2], overriding: null })
    expect(shown("INSERT INTO t OVERRIDING USER VALUE VALUES (1, DEFAULT), (2, 3)")).toEqual({ width: 2, nulls: [], defaults: [], overriding: "user" })
    expect(shown("INSERT INTO t OVERRIDING SYSTEM VALUE SELECT 1, NULL UNION SELECT a, b FROM u")).toEqual({ width: 2, nulls: [], defaults: [], overriding: "system" })
    expect(shown("INSERT INTO t VALUES (1), (2, NULL)")).toMatchObject({ width: null })
    for (const star of ["*", "u.*", "1, (u).*"]) expect(shown(`INSERT INTO t SELECT ${star} FROM u`)).toMatchObject({ width: null })
    expect(shown("INSERT INTO t DEFAULT VALUES")).toMatchObject({ width: null, nulls: [], defaults: [] })
  })

  it("follows chains of any length", () => {
    const union = Array.from({ length: 3_000 }, (_, i) => `SELECT f() FROM t${i}`).join(" UNION ALL ")
    expect(names(query(union)["reads"])).toEqual(Array.from({ length: 3_000 }, (_, i) => `t${i}`))
    expect(query(`SELECT ${Array(6_000).fill("a").join("||")} FROM t`)["columns"]).toHaveLength(6_000)
  })

  it("does not throw on what is nested too deep", () => {
    const { op } = readOne(`SELECT ${"CASE WHEN a THEN ".repeat(900)}1${" END".repeat(900)}`) as { op: string }
    // How deep is too deep is the host's business.
    expect(["select", "other"]).toContain(op)
  })

  it("knows a LIMIT from none", () => {
    expect(query("SELECT 1 FROM a LIMIT 5")["limited"]).toBe(true)
    expect(query("SELECT 1 FROM a FETCH FIRST ROW ONLY")["limited"]).toBe(true)
    expect(query("SELECT 1 FROM a LIMIT ALL")["limited"]).toBe(false)
    expect(query("SELECT 1 FROM (SELECT 1 FROM a LIMIT 5) x")["limited"]).toBe(false)
  })
})

describe("data statements", () => {
  it("reads INSERT", () => {
    expect(
      readOne('INSERT INTO s.t AS x (a, "B") VALUES (1, now()), (2, DEFAULT) ON CONFLICT (a) DO UPDATE SET a = 2'),
    ).toMatchObject({
      op: "insert",
      table: { schema: "s", name: "t", span: "s.t" },
      columns: [
        { name: "a", span: "a" },
        { name: "B", span: '"B"' },
      ],
      overriding: null,
      rows: 2,
      width: 2,
      nulls: [],
      defaults: [],
      updated: [{ name: "a", span: "a" }],
      fromSelect: false,
      onConflict: "update",
      query: { reads: [], functions: [{ name: "now", span: "now()" }] },
    })
    expect(readOne("INSERT INTO t SELECT * FROM u ON CONFLICT DO NOTHING")).toMatchObject({
      rows: 0,
      fromSelect: true,
      onConflict: "nothing",
    })
    expect(readOne("INSERT INTO t SELECT 1")).toMatchObject({ rows: 0, fromSelect: false, onConflict: "error" })
    expect(readOne("INSERT INTO t DEFAULT VALUES")).toMatchObject({ rows: 0, fromSelect: false })
  })

  it("reads UPDATE", () => {
    const sql = 'UPDATE ONLY t x SET (a, b) = (1, f()), "C" = g() FROM u JOIN v ON true WHERE x.a = u.a RETURNING h()'
    expect(readOne(sql)).toMatchObject({
      op: "update",
      table: { name: "t", span: "t" },
      columns: [
        { name: "a", span: "a" },
        { name: "b", span: "b" },
        { name: "C", span: '"C"' },
      ],
      where: { span: "x.a = u.a" },
      from: [{ span: "u" }, { span: "v" }],
      query: {
        reads: [{ span: "u" }, { span: "v" }],
        functions: [{ name: "f" }, { name: "g" }, { name: "h" }],
        limited: false,
      },
    })
  })

  it.each([
    "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 1000 FOR UPDATE SKIP LOCKED)",
    "UPDATE t SET a = 1 WHERE b AND id = ANY (ARRAY(SELECT id FROM t LIMIT 1000))",
    "WITH x AS (SELECT id FROM t LIMIT 1000) UPDATE t SET a = 1 FROM x WHERE x.id = t.id",
    "DELETE FROM t USING (SELECT id FROM t LIMIT 1000) x WHERE x.id = t.id",
    "WITH x AS (SELECT id FROM t LIMIT 1000) DELETE FROM t WHERE id IN (SELECT x.id FROM x JOIN u ON u.id = x.id)",
    "WITH x AS (DELETE FROM u WHERE id IN (SELECT id FROM u LIMIT 9) RETURNING id) UPDATE t SET a = 1 FROM x WHERE x.id = t.id",
    "UPDATE t SET a = 1 WHERE id IN (SELECT x.id FROM (SELECT u.id FROM t u WHERE u.a IS NULL LIMIT 1000) x)",
    "DELETE FROM t WHERE EXISTS (SELECT FROM (SELECT id FROM t LIMIT 1000) x WHERE x.id = t.id)",
    "DELETE FROM t WHERE id <= (SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 999)",
    "UPDATE t SET a = 1 WHERE id = (SELECT t.id FROM t WHERE t.a IS NULL LIMIT 1)",
    "UPDATE t o SET a = 1 WHERE id = (SELECT g FROM generate_series(1, 9) g, unnest(ARRAY[1]) WHERE g = unnest.unnest LIMIT 1)",
  ])("knows %s for a batch", (sql) => {
    expect(query(sql)["limited"]).toBe(true)
  })

  it.each([
    "UPDATE t SET a = (SELECT x FROM u LIMIT 1)",
    "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u)",
    "DELETE FROM t WHERE a OR id IN (SELECT id FROM t LIMIT 1000)",
    "UPDATE t SET a = 1 WHERE id = (SELECT u.t_id FROM u WHERE u.b = t.b LIMIT 1)",
    "UPDATE t o SET a = 1 WHERE o.id IN (SELECT i.id FROM t i WHERE i.b = o.b ORDER BY i.id LIMIT 1)",
    "UPDATE t SET a = 1 FROM c WHERE t.id = (SELECT u.t_id FROM u WHERE u.c_id = c.id LIMIT 1)",
    "UPDATE t SET a = 1 WHERE EXISTS (SELECT FROM u LIMIT 1)",
    "DELETE FROM t WHERE id NOT IN (SELECT id FROM t ORDER BY id DESC LIMIT 1000)",
    "DELETE FROM t WHERE id <> ALL (SELECT id FROM t LIMIT 1000)",
    "DELETE FROM t WHERE at < (SELECT at FROM u ORDER BY at DESC LIMIT 1)",
    "DELETE FROM t WHERE id < (SELECT id FROM t ORDER BY id DESC LIMIT 1 OFFSET 999)",
    "WITH x AS (SELECT id FROM u LIMIT 1) UPDATE t SET a = (SELECT id FROM x) WHERE a IS NULL",
    "UPDATE t SET a = x.id FROM (SELECT id FROM u LIMIT 1) x WHERE t.a IS NULL",
  ])("does not take %s for a batch", (sql) => {
    expect(query(sql)["limited"]).toBe(false)
  })

  it("reads DELETE, MERGE, COPY and TRUNCATE", () => {
    expect(readOne("DELETE FROM t")).toMatchObject({ op: "delete", table: { span: "t" }, where: null, using: [] })
    expect(readOne("DELETE FROM t USING u WHERE (a) RETURNING *")).toMatchObject({
      where: { span: "(a)" },
      using: [{ span: "u" }],
    })
    expect(readOne("MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED THEN INSERT VALUES (f())")).toMatchObject({
      op: "merge",
      table: { span: "t" },
      query: { reads: [{ span: "u" }], functions: [{ name: "f" }] },
    })
    expect(readOne("COPY s.t (a) TO STDOUT")).toMatchObject({
      op: "copy",
      table: { span: "s.t" },
      direction: "to",
      query: null,
    })
    expect(readOne("COPY (SELECT 1 FROM t) TO STDOUT")).toMatchObject({
      table: null,
      query: { reads: [{ span: "t" }] },
    })
    expect(readOne("TRUNCATE a, ONLY s.b RESTART IDENTITY CASCADE")).toMatchObject({
      op: "truncate",
      tables: [
        { table: { span: "a" }, only: false },
        { table: { span: "s.b" }, only: true },
      ],
      cascade: true,
      restartIdentity: true,
    })
  })

  it("turns SELECT INTO into CREATE TABLE AS", () => {
    expect(readOne("SELECT a INTO TEMP x FROM t")).toMatchObject({
      op: "create table as",
      table: { name: "x", span: "x" },
      persistence: "temporary",
      query: { reads: [{ span: "t" }] },
      withData: true,
    })
  })
})
