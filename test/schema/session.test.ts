import { describe, expect, it } from "vitest"
import { createCatalog, snapshot } from "../../src/schema/index.ts"
import { catalogAfter, names, replay } from "./replay.ts"

const tables = (sql: string): readonly string[] => names(snapshot(catalogAfter(sql)).tables)

describe("transactions", () => {
  it("forgets what is rolled back", () => {
    expect(tables("CREATE TABLE a (x int); BEGIN; CREATE TABLE b (x int); DROP TABLE a; ROLLBACK")).toEqual([
      "public.a",
    ])
    expect(tables("BEGIN; CREATE TABLE b (x int); COMMIT; ROLLBACK")).toEqual(["public.b"])
  })

  it("rolls back to a savepoint, which stays", () => {
    expect(
      tables(`BEGIN; CREATE TABLE a (x int); SAVEPOINT s; CREATE TABLE b (x int); ROLLBACK TO s; CREATE TABLE c (x int);
        ROLLBACK TO s; CREATE TABLE d (x int); RELEASE s; COMMIT`),
    ).toEqual(["public.a", "public.d"])
  })

  it("lets the inner of two savepoints of one name hide the outer", () => {
    expect(
      tables(`BEGIN; SAVEPOINT s; CREATE TABLE a (x int); SAVEPOINT s; CREATE TABLE b (x int); ROLLBACK TO s; RELEASE s;
        CREATE TABLE c (x int); ROLLBACK TO s; COMMIT`),
    ).toEqual([])
  })

  it("starts the next transaction with AND CHAIN", () => {
    expect(tables("BEGIN; CREATE TABLE a (x int); COMMIT AND CHAIN; CREATE TABLE b (x int); ROLLBACK")).toEqual([
      "public.a",
    ])
  })

  it("knows the transactions that tools make", () => {
    const catalog = createCatalog({ complete: true, pgVersion: 16 })
    catalog.begin()
    catalogAfter("CREATE TABLE a (x int)", { catalog })
    catalog.commit()
    catalog.begin()
    catalogAfter("CREATE TABLE b (x int); BEGIN", { catalog })
    catalog.rollback()
    expect(names(snapshot(catalog).tables)).toEqual(["public.a"])
  })

  it("lets a COMMIT in the file end a tool's transaction", () => {
    const catalog = createCatalog({ complete: true, pgVersion: 16 })
    catalog.begin()
    catalogAfter("CREATE TABLE a (x int); COMMIT; CREATE TABLE b (x int)", { catalog })
    catalog.rollback()
    expect(names(snapshot(catalog).tables)).toEqual(["public.a", "public.b"])
  })

  it("undoes a failed statement whole, and goes on", () => {
    const { catalog, conflicts } = replay(
      "CREATE TABLE t (a int); ALTER TABLE t ADD b int, ADD COLUMN a int; ALTER TABLE t ADD c int",
    )
    expect(conflicts.map(({ code }) => code)).toEqual(["42701"])
    expect(names(snapshot(catalog).tables[0]?.columns ?? [])).toEqual(["a", "c"])
  })

  it("drops ON COMMIT DROP tables at the end of the transaction", () => {
    const catalog = catalogAfter("BEGIN; CREATE TEMP TABLE a (x int) ON COMMIT DROP")
    expect(catalog.relation({ schema: null, name: "a" })?.persistence).toBe("temporary")
    catalogAfter("COMMIT", { catalog })
    expect(catalog.relation({ schema: null, name: "a" })).toBeUndefined()
  })
})

describe("session", () => {
  it("resolves names through search_path", () => {
    const catalog = catalogAfter(`
      CREATE SCHEMA app; CREATE TABLE t (a int); CREATE TABLE app.t (b int);
      SET search_path = app, public; ALTER TABLE t ADD c int; CREATE TABLE u (a int)`)
    expect(catalog.searchPath).toEqual(["app", "public"])
    expect(catalog.creationSchema).toBe("app")
    expect(snapshot(catalog).tables.map((table) => [table.name, names(table.columns)])).toEqual([
      ["app.t", ["b", "c"]],
      ["app.u", ["a"]],
      ["public.t", ["a"]],
    ])
    catalogAfter("RESET search_path", { catalog })
    expect(catalog.relation({ schema: null, name: "t" })?.schema).toBe("public")
  })

  it("begins with the search_path of whoever runs it, and so does the next", () => {
    const searchPath = { schemas: ["app", "public"], open: false, ofConnection: true }
    const catalog = createCatalog({ complete: false, pgVersion: 16, start: { searchPath, makes: ["app"] } })
    catalogAfter("CREATE TABLE t (a int); CREATE TABLE public.t (b int); SET search_path = public; ALTER TABLE t ADD c int; RESET search_path; ALTER TABLE t ADD d int", { catalog })
    expect(snapshot(catalog).tables.map((table) => [table.name, names(table.columns)])).toEqual([
      ["app.t", ["a", "d"]],
      ["public.t", ["b", "c"]],
    ])
    expect(catalog.hasSchema("app")).toBe(true)
    catalogAfter("SET search_path = public", { catalog })
    catalog.endSession()
    expect(catalog.creationSchema).toBe("app")
    // Nobody said that the schema is not there, nor that it is.
    expect(replay("CREATE SCHEMA app", { catalog }).conflicts).toEqual([])
  })

  it("knows only the front of a search_path that the server's own stands behind", () => {
    const start = { searchPath: { schemas: ["app"], open: true, ofConnection: false }, makes: [] }
    const made = "CREATE TABLE legacy.t (a int); CREATE TABLE u (a int); CREATE TABLE public.v (a int)"
    const schemaOf = (sql: string, name: string): string | undefined =>
      catalogAfter(`${made}; ${sql}`, { catalog: createCatalog({ complete: false, pgVersion: 16, start }) }).relation({ schema: null, name })?.schema
    expect(["t", "u", "v"].map((name) => schemaOf("", name))).toEqual(["legacy", "app", "public"])
    expect(schemaOf("SET search_path = app", "t")).toBeUndefined()
    // What is set is gone; nobody knows what the server then has.
    expect(schemaOf("RESET search_path; CREATE TABLE w (a int)", "w")).toBe("public")
  })

  it("creates in the first schema of the path that exists", () => {
    expect(catalogAfter("SET search_path = missing, public").creationSchema).toBe("public")
  })

  it("ends SET LOCAL with the transaction, and SET with its rollback", () => {
    const catalog = catalogAfter("SET search_path = a; BEGIN; SET LOCAL search_path = b")
    expect(catalog.searchPath).toEqual(["b"])
    catalogAfter("COMMIT; BEGIN; SET search_path = c; SET TimeZone = 'UTC'", { catalog })
    expect(catalog.timeZone).toBe("UTC")
    catalogAfter("ROLLBACK", { catalog })
    expect(catalog.searchPath).toEqual(["a"])
    expect(catalog.timeZone).toBeNull()
  })

  it("understands set_config as pg_dump writes it", () => {
    const catalog = catalogAfter(
      "SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.t (a int)",
    )
    expect(catalog.searchPath).toEqual([])
    expect(catalog.relation({ schema: "public", name: "t" })?.known).toBe(true)
  })

  it("hides tables behind temporary ones, until the session ends", () => {
    const catalog = catalogAfter("CREATE TABLE t (a int); CREATE TEMP TABLE t (b int); SET search_path = x")
    expect(catalog.relation({ schema: null, name: "t" })?.columns[0]?.name).toBe("b")
    catalog.endSession()
    expect(catalog.relation({ schema: null, name: "t" })?.columns[0]?.name).toBe("a")
  })
})

describe("rows", () => {
  it("says whether a table may hold rows", () => {
    const populated = (sql: string) => catalogAfter(sql).relation({ schema: null, name: "t" })?.populated
    expect(populated("CREATE TABLE t (a int)")).toBe(false)
    expect(populated("CREATE TABLE t (a int); UPDATE t SET a = 1")).toBe(false)
    expect(populated("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")).toBe(true)
    expect(populated("CREATE TABLE t AS SELECT 1 AS a")).toBe(true)
    expect(populated("CREATE TABLE t AS SELECT 1 AS a WITH NO DATA")).toBe(false)
    expect(
      populated(
        "CREATE TABLE t (a int); CREATE TABLE u (a int); WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT a FROM x",
      ),
    ).toBe(true)
  })

  it("knows which tables certainly hold rows: a delete takes those of others only where a foreign key cascades", () => {
    const filled = (last: string, onDelete = "") => {
      const made = `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p (id)${onDelete}); CREATE TABLE u (a int);`
      const after = catalogAfter(`${made} INSERT INTO p VALUES (1); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1); ${last}`)
      return ["p", "t", "u"].filter((name) => after.relation({ schema: null, name })?.filled === true)
    }
    expect(filled("SELECT 1")).toEqual(["p", "t", "u"])
    expect(filled("DELETE FROM p")).toEqual(["t", "u"])
    expect(filled("DELETE FROM p", " ON DELETE SET NULL")).toEqual(["t", "u"])
    expect(filled("DELETE FROM p", " ON DELETE CASCADE")).toEqual(["u"])
    expect(filled("TRUNCATE p CASCADE")).toEqual(["u"])
  })
})
