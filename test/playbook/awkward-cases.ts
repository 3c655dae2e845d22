import type { ConformanceCase } from "./cases.ts"

/** Recipes for what is rare: ONLY, several constraints on one column, collations, domains over domains, leftovers of earlier steps. */
export const awkward: readonly ConformanceCase[] = [
  {
    title: "serial primary key, whose NOT NULL is made once",
    schema: `CREATE TABLE t (x text);`,
    rows: `INSERT INTO t SELECT n FROM generate_series(1, 2300) AS n`,
    migration: `ALTER TABLE t ADD COLUMN id serial PRIMARY KEY`,
    data: { "SELECT count(DISTINCT id)::int FROM t": [[2300]] },
  },
  {
    title: "identity primary key",
    schema: `CREATE TABLE t (x text);`,
    rows: `INSERT INTO t SELECT n FROM generate_series(1, 2300) AS n`,
    migration: `ALTER TABLE t ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`,
  },
  {
    title: "primary key with a volatile default and NOT NULL",
    schema: `CREATE TABLE t (x text);`,
    rows: `INSERT INTO t SELECT n FROM generate_series(1, 300) AS n`,
    migration: `ALTER TABLE t ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY`,
  },
  {
    title: "set not null on a NOT NULL that lacks its validation",
    schema: `CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT "must be" NOT NULL a NOT VALID;`,
    rows: `INSERT INTO t VALUES (1)`,
    migration: `ALTER TABLE t ALTER a SET NOT NULL`,
    since: 18,
  },
  {
    title: "drop of a column of the parent ONLY",
    schema: `CREATE TABLE p (a int, b int NOT NULL); CREATE TABLE c () INHERITS (p);`,
    rows: `INSERT INTO c VALUES (1, 2)`,
    migration: `ALTER TABLE ONLY p DROP COLUMN b`,
    data: { "SELECT b FROM c": [[2]] },
    until: 17,
  },
  {
    title: "rename of a column with a collation",
    schema: `CREATE TABLE t (id int PRIMARY KEY, a varchar(9) COLLATE "C");`,
    rows: `INSERT INTO t VALUES (1, 'x')`,
    migration: `ALTER TABLE t RENAME a TO "B"`,
  },
]
