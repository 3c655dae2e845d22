import { describe, expect, it } from "vitest"
import { replay } from "./replay.ts"

const SCHEMA = `
  CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE, n int);
  CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p, n int CONSTRAINT k CHECK (n > 0), g int GENERATED ALWAYS AS (n + 1) STORED);
  CREATE VIEW v AS SELECT p FROM t;
  CREATE INDEX i ON t (p);
  CREATE TYPE e AS ENUM ('a');
  CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';`

// Code and message as PostgreSQL 16 gives them for the statement after SCHEMA.
const CASES: readonly (readonly [string, string, string])[] = [
  ["CREATE TABLE t (a int)", "42P07", 'relation "t" already exists'],
  ["CREATE TABLE i (a int)", "42P07", 'relation "i" already exists'],
  ["CREATE TABLE nosuch.t (a int)", "3F000", 'schema "nosuch" does not exist'],
  ["CREATE TABLE x (a int, a text)", "42701", 'column "a" specified more than once'],
  ["CREATE TABLE x (a nosuch)", "42704", 'type "nosuch" does not exist'],
  ["ALTER TABLE nosuch ADD a int", "42P01", 'relation "nosuch" does not exist'],
  ["ALTER TABLE nosuch.t ADD a int", "3F000", 'schema "nosuch" does not exist'],
  ["ALTER TABLE t ADD n text", "42701", 'column "n" of relation "t" already exists'],
  ["ALTER TABLE t DROP x", "42703", 'column "x" of relation "t" does not exist'],
  ["ALTER TABLE t ALTER x SET NOT NULL", "42703", 'column "x" of relation "t" does not exist'],
  ["ALTER TABLE t RENAME x TO y", "42703", 'column "x" does not exist'],
  ["ALTER TABLE t RENAME n TO p", "42701", 'column "p" of relation "t" already exists'],
  ["ALTER TABLE t RENAME TO p", "42P07", 'relation "p" already exists'],
  ["ALTER TABLE t DROP CONSTRAINT x", "42704", 'constraint "x" of relation "t" does not exist'],
  ["ALTER TABLE t VALIDATE CONSTRAINT x", "42704", 'constraint "x" of relation "t" does not exist'],
  ["ALTER TABLE t ADD CONSTRAINT k CHECK (n > 1)", "42710", 'constraint "k" for relation "t" already exists'],
  ["ALTER TABLE t ADD PRIMARY KEY (n)", "42P16", 'multiple primary keys for table "t" are not allowed'],
  ["ALTER TABLE t ALTER id DROP NOT NULL", "42P16", 'column "id" is in a primary key'],
  ["ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES nosuch", "42P01", 'relation "nosuch" does not exist'],
  [
    "ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p (n)",
    "42830",
    'there is no unique constraint matching given keys for referenced table "p"',
  ],
  ["ALTER TABLE t DROP p", "2BP01", "cannot drop column p of table t because other objects depend on it"],
  ["ALTER TABLE t DROP n", "2BP01", "cannot drop column n of table t because other objects depend on it"],
  ["ALTER TABLE p DROP id", "2BP01", "cannot drop column id of table p because other objects depend on it"],
  [
    "ALTER TABLE p DROP CONSTRAINT p_pkey",
    "2BP01",
    "cannot drop constraint p_pkey on table p because other objects depend on it",
  ],
  ["ALTER TABLE t ALTER p TYPE bigint", "0A000", "cannot alter type of a column used by a view or rule"],
  ["ALTER TABLE t ALTER n TYPE bigint", "0A000", "cannot alter type of a column used by a generated column"],
  ["DROP TABLE p", "2BP01", "cannot drop table p because other objects depend on it"],
  ["DROP TABLE nosuch", "42P01", 'table "nosuch" does not exist'],
  ["DROP INDEX nosuch", "42704", 'index "nosuch" does not exist'],
  ["DROP INDEX t_pkey", "2BP01", "cannot drop index t_pkey because constraint t_pkey on table t requires it"],
  ["DROP TYPE nosuch", "42704", 'type "nosuch" does not exist'],
  ["DROP TRIGGER x ON t", "42704", 'trigger "x" for table "t" does not exist'],
  ["CREATE INDEX i ON t (n)", "42P07", 'relation "i" already exists'],
  ["CREATE INDEX ON t (x)", "42703", 'column "x" does not exist'],
  ["CREATE TYPE e AS ENUM ('b')", "42710", 'type "e" already exists'],
  ["ALTER TYPE e ADD VALUE 'a'", "42710", `enum label "a" already exists`],
  ["ALTER TYPE e RENAME VALUE 'x' TO 'y'", "22023", '"x" is not an existing enum label'],
  [
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 2'",
    "42723",
    'function "f" already exists with same argument types',
  ],
  ["CREATE SCHEMA public", "42P06", 'schema "public" already exists'],
  ["INSERT INTO nosuch VALUES (1)", "42P01", 'relation "nosuch" does not exist'],
]

describe("statements that will fail", () => {
  it.each(CASES)("%s", (sql, code, message) => {
    const { conflicts } = replay(`${SCHEMA} ${sql}`)
    expect(conflicts.map((conflict) => [conflict.code, conflict.message])).toEqual([[code, message]])
  })

  // DROP ... IF EXISTS and what only reads the server's own relations never fails for absence.
  it.each([
    "DROP TABLE IF EXISTS nosuch",
    "ALTER TABLE IF EXISTS nosuch ADD a int",
    "ALTER TABLE t DROP COLUMN IF EXISTS x, DROP CONSTRAINT IF EXISTS x",
    "ALTER TABLE t DROP n CASCADE",
    "DROP TABLE p CASCADE",
    "CREATE TABLE IF NOT EXISTS t (x int)",
    "CREATE INDEX IF NOT EXISTS i ON t (n)",
    "CREATE OR REPLACE VIEW v AS SELECT p FROM t",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 2'",
    "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 2'",
    "UPDATE pg_index SET indisvalid = false",
    "DELETE FROM pg_catalog.pg_depend",
    "ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p (u)",
    "CREATE TABLE ${schema}.t (a int)",
  ])("accepts %s", (sql) => {
    expect(replay(`${SCHEMA} ${sql}`).conflicts).toEqual([])
  })
})
