import { describe, expect, it } from "vitest"
import { explain, guess, summary } from "./explain.ts"

const schema = `
  CREATE TABLE t (id int PRIMARY KEY, a int);
  CREATE PROCEDURE alters() LANGUAGE plpgsql AS 'BEGIN ALTER TABLE t ADD COLUMN z serial; END';
  CREATE PROCEDURE commits() LANGUAGE plpgsql AS 'BEGIN UPDATE t SET a = 2; COMMIT; END';
  CREATE FUNCTION writes() RETURNS void LANGUAGE plpgsql AS 'BEGIN UPDATE t SET a = 2; PERFORM writes(); END';
  CREATE FUNCTION dynamic() RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE current_query(); END';`

describe("code that a statement runs", () => {
  it.each([
    ["DO $$ BEGIN ALTER TABLE t ALTER COLUMN a TYPE bigint; END $$", "ACCESS EXCLUSIVE t, t_pkey; rewrite t"],
    ["DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$", "fails 25001"],
    ["CALL alters()", "ACCESS EXCLUSIVE t, t_pkey; rewrite t"],
    ["CALL commits()", "ROW EXCLUSIVE t; no transaction"],
    ["SELECT writes()", "ROW EXCLUSIVE t"],
    ["CALL nothing()", "fails 42883"],
  ])("%s", (sql, expected) => {
    expect(summary(schema, sql)).toBe(expected)
  })

  it("reads bodies by their own text, wherever they stand", () => {
    const tree = "CREATE TABLE p (id int, a int); CREATE TABLE c () INHERITS (p);"
    expect(summary(`${tree} CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE ONLY p SET a = 2'`, "SELECT f()")).toBe("ROW EXCLUSIVE p")
    expect(summary(`${tree} CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN UPDATE ONLY p SET a = 2; END'`, "SELECT f()")).toBe("ROW EXCLUSIVE p")
    expect(summary(tree, "DO $$ BEGIN EXECUTE 'UPDATE ONLY p SET a = ''2'''; END $$")).toBe("ROW EXCLUSIVE p")
  })

  it("says when it cannot be read", () => {
    expect(explain(schema, "SELECT dynamic()").uncertain).toEqual(["what the function dynamic does"])
    expect(explain(schema, "DO $$ BEGIN EXECUTE format('DROP TABLE %I', current_user); END $$").uncertain).toEqual([
      "what the block's dynamic SQL does",
    ])
  })

  it("says when it may not run", () => {
    const sql = "DO $$ BEGIN IF current_user = 'x' THEN ALTER TABLE t DROP COLUMN a; END IF; END $$"
    expect(summary(schema, sql)).toBe("ACCESS EXCLUSIVE t")
    expect(explain(schema, sql).uncertain).toEqual(["which of the conditional statements in a DO block run"])
  })

  it("leaves out tables that the block itself makes", () => {
    const { locks } = guess(
      "DO $$ BEGIN CREATE TABLE n (id int); ALTER TABLE n ADD COLUMN a int; ALTER TABLE o ADD COLUMN a int; END $$",
    )
    expect(locks.map((lock) => lock.relation.name)).toEqual(["o"])
  })

  it("reads the body of a function once, however many ways lead to it", () => {
    const calling = Array.from({ length: 40 }, (_, at) => at + 1).map(
      (at) => `CREATE FUNCTION f${at}() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM f${at - 1}(); PERFORM f${at - 1}(); END';`,
    )
    const made = `${schema} CREATE FUNCTION f0() RETURNS void LANGUAGE plpgsql AS 'BEGIN UPDATE t SET a = 2; END'; ${calling.join(" ")}`
    expect(summary(made, "SELECT f40(), f39()")).toBe("ROW EXCLUSIVE t")
  })

  it("knows what functions do that call each other", () => {
    const made = `${schema}
      CREATE FUNCTION ping() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM pong(); UPDATE t SET a = 2; END';
      CREATE FUNCTION pong() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM ping(); TRUNCATE t; END';`
    expect(summary(made, "SELECT ping()")).toBe("ACCESS EXCLUSIVE t, t_pkey")
    expect(summary(made, "SELECT pong()")).toBe("ACCESS EXCLUSIVE t, t_pkey")
  })

  it("says where calls of calls lead too deep to be followed", () => {
    const calling = Array.from({ length: 2000 }, (_, at) => `CREATE FUNCTION f${at + 1}() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM f${at}(); END';`)
    const made = `CREATE FUNCTION f0() RETURNS void LANGUAGE plpgsql AS 'BEGIN END'; ${calling.join(" ")}`
    expect(explain(made, "SELECT f2000()").uncertain).toEqual(["what the function f1950 does"])
    expect(explain(made, "SELECT f49()").uncertain).toBeUndefined()
  })
})
