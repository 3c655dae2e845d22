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
})
