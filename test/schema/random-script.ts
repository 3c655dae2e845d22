/** Scripts of statements that get in each other's way. */
import fc from "fast-check"

const table = fc.constantFrom("a", "b", "c", "s.a", "p")
const column = fc.constantFrom("x", "y", "z", "id")
const statement = fc.oneof(
  table.map((t) => `CREATE TABLE ${t} (id serial PRIMARY KEY, x int CHECK (x > 0), y text UNIQUE)`),
  table.map((t) => `CREATE TABLE IF NOT EXISTS ${t} (id int NOT NULL, x int) PARTITION BY RANGE (id)`),
  fc
    .tuple(table, fc.integer({ min: 0, max: 4 }))
    .map(
      ([t, n]) => `CREATE TABLE q${String(n)} PARTITION OF ${t} FOR VALUES FROM (${String(n)}) TO (${String(n + 1)})`,
    ),
  fc.tuple(table, table).map(([t, u]) => `CREATE TABLE ${t}1 (LIKE ${u} INCLUDING ALL)`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} ADD COLUMN ${c} int NOT NULL DEFAULT 1`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} DROP COLUMN ${c} CASCADE`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} RENAME COLUMN ${c} TO w`),
  fc.tuple(table, column, table).map(([t, c, u]) => `ALTER TABLE ${t} ADD FOREIGN KEY (${c}) REFERENCES ${u}`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} ADD UNIQUE (${c}), ALTER ${c} SET NOT NULL`),
  fc.tuple(table, column).map(([t, c]) => `CREATE INDEX ON ${t} (${c}) WHERE id > 0`),
  fc.tuple(table, column).map(([t, c]) => `CREATE OR REPLACE VIEW v AS SELECT ${c} FROM ${t}`),
  table.map((t) => `DROP TABLE ${t} CASCADE`),
  table.map((t) => `ALTER TABLE ${t} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, REPLICA IDENTITY USING INDEX ${t.replace("s.", "")}_pkey`),
  table.map((t) => `ALTER TABLE ${t} DROP CONSTRAINT ${t.replace("s.", "")}_pkey CASCADE, REPLICA IDENTITY FULL, DISABLE ROW LEVEL SECURITY`),
  fc.tuple(table, table).map(([t, u]) => `ALTER TABLE ${t} RENAME TO ${u.replace("s.", "")}`),
  table.map((t) => `ALTER TABLE ${t} SET SCHEMA s`),
  table.map((t) => `ALTER TABLE ${t} DETACH PARTITION q0`),
  fc.constantFrom(
    "CREATE SCHEMA s",
    "DROP SCHEMA s CASCADE",
    "ALTER SCHEMA s RENAME TO s2",
    "CREATE TYPE e AS ENUM ('a')",
    "ALTER TYPE e ADD VALUE 'b'",
    "DROP TYPE e CASCADE",
    "ALTER TABLE a ADD COLUMN mood e",
    "SET search_path = s, public",
    "SET LOCAL search_path = public",
    "DO $$ BEGIN IF true THEN ALTER TABLE a DROP COLUMN x; END IF; END $$",
    "DO $$ BEGIN EXECUTE 'x' || 'y'; END $$",
  ),
)
export const script = fc.array(statement, { maxLength: 12 }).map((list) => list.join(";\n"))
