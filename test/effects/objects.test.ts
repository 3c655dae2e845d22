import { describe, expect, it } from "vitest"
import { explain, summary } from "./explain.ts"

const schema = `
  CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE t (id serial PRIMARY KEY, p_id int REFERENCES p, a int);
  CREATE INDEX t_a ON t (a);
  CREATE VIEW v AS SELECT a FROM t;
  CREATE MATERIALIZED VIEW mv AS SELECT a FROM v;
  CREATE UNIQUE INDEX mv_a ON mv (a);
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TABLE moods (m mood);
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
  CREATE SEQUENCE s;`

describe("DROP", () => {
  it.each([
    ["DROP TABLE t", "fails 2BP01"],
    ["DROP TABLE t CASCADE", "ACCESS EXCLUSIVE mv, mv_a, p, t, t_a, t_id_seq, t_pkey, v"],
    ["DROP TABLE p", "fails 2BP01"],
    ["DROP TABLE p CASCADE", "ACCESS EXCLUSIVE p, p_pkey, t"],
    ["DROP TABLE IF EXISTS nothing", ""],
    ["DROP TABLE nothing", "fails 42P01"],
    ["DROP VIEW v CASCADE", "ACCESS EXCLUSIVE mv, mv_a, v"],
    ["ALTER TABLE t DROP COLUMN p_id", "ACCESS EXCLUSIVE p, t"],
    ["ALTER TABLE t DROP COLUMN a CASCADE", "ACCESS EXCLUSIVE mv, mv_a, t, t_a, v"],
    ["ALTER TABLE t DROP COLUMN id", "ACCESS EXCLUSIVE t, t_id_seq, t_pkey"],
    ["DROP TYPE mood", "fails 2BP01"],
    ["DROP TYPE mood CASCADE", "ACCESS EXCLUSIVE moods"],
    ["DROP FUNCTION f CASCADE", "ACCESS EXCLUSIVE p"],
    ["DROP TRIGGER g ON p", "ACCESS EXCLUSIVE p"],
    ["DROP TRIGGER IF EXISTS nothing ON p", ""],
    ["DROP SEQUENCE s", "ACCESS EXCLUSIVE s"],
    ["TRUNCATE t", "ACCESS EXCLUSIVE t, t_a, t_pkey"],
    ["TRUNCATE t RESTART IDENTITY", "ACCESS EXCLUSIVE t, t_a, t_id_seq, t_pkey"],
    ["TRUNCATE p", "fails 0A000"],
    ["TRUNCATE p CASCADE", "ACCESS EXCLUSIVE p, p_pkey, t, t_a, t_pkey"],
  ])("%s", (sql, expected) => {
    expect(summary(schema, sql)).toBe(expected)
  })
})

describe("CREATE", () => {
  it.each([
    ["CREATE TABLE n (id int)", ""],
    [
      "CREATE TABLE n (id int PRIMARY KEY, p_id int REFERENCES p, n_id int, FOREIGN KEY (n_id) REFERENCES n (id))",
      "SHARE ROW EXCLUSIVE p",
    ],
    ["CREATE TABLE n (LIKE t INCLUDING ALL)", "ACCESS SHARE t"],
    ["CREATE TABLE n () INHERITS (p)", "SHARE UPDATE EXCLUSIVE p"],
    ["CREATE TABLE IF NOT EXISTS t (id int REFERENCES p)", ""],
    ["CREATE TABLE t (id int)", "fails 42P07"],
    ["CREATE TABLE n AS SELECT * FROM v", "ACCESS SHARE t, v"],
    ["CREATE VIEW w AS SELECT a FROM v", "ACCESS SHARE v"],
    ["CREATE OR REPLACE VIEW v AS SELECT a FROM t", "ACCESS EXCLUSIVE v; ACCESS SHARE t"],
    ["CREATE TRIGGER h AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "SHARE ROW EXCLUSIVE t"],
    ["CREATE POLICY h ON t USING (true)", "ACCESS EXCLUSIVE t"],
    ["CREATE STATISTICS h ON id, a FROM t", "SHARE UPDATE EXCLUSIVE t"],
    ["CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT a FROM t'", "ACCESS SHARE t"],
    ["CREATE SCHEMA app CREATE TABLE n (p_id int REFERENCES public.p)", "SHARE ROW EXCLUSIVE p"],
  ])("%s", (sql, expected) => {
    expect(summary(schema, sql)).toBe(expected)
  })
})

describe("maintenance and others", () => {
  it.each([
    ["VACUUM t", "SHARE UPDATE EXCLUSIVE t; no transaction"],
    ["VACUUM FULL t", "ACCESS EXCLUSIVE t, t_a, t_pkey; rewrite t; no transaction"],
    ["CLUSTER t USING t_a", "ACCESS EXCLUSIVE t, t_a, t_pkey; rewrite t"],
    ["REFRESH MATERIALIZED VIEW mv", "ACCESS EXCLUSIVE mv, mv_a; ACCESS SHARE t, v; rewrite mv"],
    ["REFRESH MATERIALIZED VIEW CONCURRENTLY mv", "EXCLUSIVE mv; ACCESS SHARE t, v"],
    ["LOCK TABLE t IN SHARE MODE", "SHARE t"],
    ["COMMENT ON COLUMN t.a IS 'x'", "SHARE UPDATE EXCLUSIVE t"],
    ["ALTER SEQUENCE s RESTART", "SHARE ROW EXCLUSIVE s"],
    ["ALTER TABLE t SET (fillfactor = 70)", "SHARE UPDATE EXCLUSIVE t"],
    ["ALTER TABLE t SET UNLOGGED", "ACCESS EXCLUSIVE t, t_a, t_id_seq, t_pkey; rewrite t"],
    ["ALTER TABLE t SET LOGGED", "ACCESS EXCLUSIVE t"],
    ["ALTER TABLE t DISABLE TRIGGER ALL", "SHARE ROW EXCLUSIVE t"],
    ["ALTER TABLE t RENAME TO t2", "ACCESS EXCLUSIVE t"],
    ["ALTER TYPE mood ADD VALUE 'glad'", ""],
    ["ALTER SYSTEM SET work_mem = '64MB'", "no transaction"],
    ["EXPLAIN UPDATE t SET a = 1", "ROW EXCLUSIVE t"],
  ])("%s", (sql, expected) => {
    expect(summary(schema, sql)).toBe(expected)
  })

  it("keeps GRANT's lock from 18 on", () => {
    expect(summary(schema, "GRANT SELECT ON t TO PUBLIC", 17)).toBe("")
    expect(summary(schema, "GRANT SELECT ON t TO PUBLIC", 18)).toBe("ACCESS SHARE t")
  })

  it("forbids ADD VALUE in a transaction in 11", () => {
    expect(summary(schema, "ALTER TYPE mood ADD VALUE 'glad'", 11)).toBe("no transaction")
  })
})

describe("rows", () => {
  it.each([
    ["SELECT * FROM v", "ACCESS SHARE t, v"],
    ["SELECT * FROM t FOR UPDATE", "ROW SHARE t"],
    ["SELECT nextval('s')", "ROW EXCLUSIVE s"],
    ["INSERT INTO t (a) VALUES (1)", "ROW EXCLUSIVE t, t_id_seq"],
    ["INSERT INTO t (p_id) VALUES (1)", "ROW EXCLUSIVE t, t_id_seq; ROW SHARE p"],
    ["UPDATE t SET a = 1", "ROW EXCLUSIVE t"],
    ["WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone", "ROW EXCLUSIVE t"],
    ["COPY t TO STDOUT", "ACCESS SHARE t"],
  ])("%s", (sql, expected) => {
    expect(summary(schema, sql)).toBe(expected)
  })

  it("says when it cannot know which rows change", () => {
    expect(explain(schema, "DELETE FROM p WHERE id = 1").uncertain).toEqual([
      "whether rows of p that other tables reference change",
    ])
  })
})

describe("what the server accepts", () => {
  it.each([
    ["a table that DROP OWNED may have taken", "CREATE TABLE t (a int); DROP OWNED BY shopkeeper;", "CREATE TABLE t (a int)"],
    ["a schema that has the name of the role", "CREATE SCHEMA AUTHORIZATION CURRENT_USER;", "CREATE TABLE shopkeeper.t (a int)"],
    ["a table moved into pg_catalog", "CREATE TABLE t (a int); ALTER TABLE t SET SCHEMA pg_catalog;", "ALTER TABLE t ADD COLUMN b int"],
    ["a storage parameter of an extension", "CREATE TABLE t (a int);", "ALTER TABLE t SET (timescaledb.compress, timescaledb.compress_segmentby = 'a')"],
    ["a type moved into pg_catalog", "CREATE TYPE e AS ENUM ('a'); ALTER TYPE e SET SCHEMA pg_catalog;", "CREATE TABLE t (a e)"],
  ])("do not fail: %s", (_, schema, sql) => {
    expect(explain(schema, sql).fails).toBeUndefined()
  })
})
