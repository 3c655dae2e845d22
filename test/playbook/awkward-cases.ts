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
  {
    title: "column of a domain over a constrained domain in another schema",
    schema: `CREATE SCHEMA s; CREATE DOMAIN s.pos AS int CHECK (VALUE > 0); CREATE DOMAIN few AS s.pos DEFAULT 5 CHECK (VALUE < 100);
      CREATE TABLE s.t (id int PRIMARY KEY);`,
    rows: `INSERT INTO s.t VALUES (1)`,
    migration: `ALTER TABLE s.t ADD COLUMN n few`,
    directly: `ALTER TABLE s.t ADD COLUMN n int DEFAULT 5, ADD CHECK (n > 0), ADD CONSTRAINT t_n_check1 CHECK (n < 100)`,
    data: { "SELECT n FROM s.t": [[5]] },
  },
  {
    title: "rename of a column of a constrained domain, whose copy has the base type and the domain's check",
    schema: `CREATE DOMAIN pos AS int CHECK (VALUE > 0); CREATE TABLE t (id int PRIMARY KEY, a pos NOT NULL DEFAULT 3);`,
    rows: `INSERT INTO t SELECT n, n FROM generate_series(1, 1100) AS n`,
    migration: `ALTER TABLE t RENAME a TO b`,
    directly: `ALTER TABLE t RENAME a TO b; ALTER TABLE t ALTER b TYPE int; ALTER TABLE t ADD CHECK (b > 0)`,
    data: { "SELECT count(*)::int FROM t WHERE b = id": [[1100]] },
    until: 17,
  },
  {
    title: "change to a constrained domain, as its base type with the domain's check",
    schema: `CREATE DOMAIN pos AS int CHECK (VALUE > 0); CREATE TABLE t (id int PRIMARY KEY, a text);`,
    rows: `INSERT INTO t SELECT n, n FROM generate_series(1, 1100) AS n`,
    migration: `ALTER TABLE t ALTER a TYPE pos USING a::int`,
    directly: `ALTER TABLE t ALTER a TYPE int USING a::int, ADD CONSTRAINT t_a_new_check CHECK (a > 0)`,
    data: { "SELECT count(*)::int FROM t WHERE a = id": [[1100]] },
  },
  {
    title: "unique constraint with INCLUDE, storage parameters and a tablespace",
    schema: `CREATE SCHEMA app; CREATE TABLE app."T" (id int, "unique" int);`,
    rows: `INSERT INTO app."T" VALUES (1, 2)`,
    migration: `ALTER TABLE app."T" ADD UNIQUE ("unique") INCLUDE (id) WITH (fillfactor = 60) USING INDEX TABLESPACE truth_space DEFERRABLE INITIALLY DEFERRED`,
  },
  {
    title: "unique constraint of a partitioned table, with the names that PostgreSQL derives",
    schema: `CREATE TABLE m (a int, b int) PARTITION BY LIST (a); CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1);`,
    rows: `INSERT INTO m VALUES (1, 2)`,
    migration: `ALTER TABLE m ADD UNIQUE (b, a) WITH (fillfactor = 60)`,
  },
  {
    title: "drop of an index with CASCADE, with the foreign keys that stand on it",
    schema: `CREATE SCHEMA app; CREATE TABLE app.p (a int NOT NULL, b int); CREATE UNIQUE INDEX pa ON app.p (a);
      CREATE TABLE c (a int REFERENCES app.p (a)); ALTER TABLE app.p ADD FOREIGN KEY (b) REFERENCES app.p (a);`,
    rows: `INSERT INTO app.p VALUES (1, 1); INSERT INTO c VALUES (1)`,
    migration: `DROP INDEX app.pa CASCADE`,
  },
  {
    title: "attach with a key of several columns, beside a default partition",
    schema: `CREATE TABLE m (a int, b varchar(9), c date) PARTITION BY RANGE (a, b, c); CREATE TABLE m_rest PARTITION OF m DEFAULT;
      CREATE TABLE m_1 (a int, b varchar(9), c date);`,
    rows: `INSERT INTO m VALUES (9, 'x', '2020-01-01'); INSERT INTO m_1 VALUES (1, 'm', '2020-01-01')`,
    migration: `ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM (1, 'b', '2020-01-01') TO (3, 'k', '2021-01-01')`,
  },
  {
    title: "attach with a key of several columns that begin alike, without limits behind",
    schema: `CREATE TABLE m (a int, b text, c int) PARTITION BY RANGE (a, b, c); CREATE TABLE m_rest PARTITION OF m DEFAULT;
      CREATE TABLE m_1 (a int, b text, c int);`,
    rows: `INSERT INTO m VALUES (9, 'x', 1); INSERT INTO m_1 VALUES (1, 'm', 1)`,
    migration: `ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM (1, 'b', MINVALUE) TO (1, MAXVALUE, MAXVALUE)`,
  },
  {
    title: "attach from behind a value up to before another one",
    schema: `CREATE TABLE m (a int, b text) PARTITION BY RANGE (a, b); CREATE TABLE m_rest PARTITION OF m DEFAULT; CREATE TABLE m_1 (a int, b text);`,
    rows: `INSERT INTO m VALUES (9, 'x'); INSERT INTO m_1 VALUES (2, 'm')`,
    migration: `ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM (1, MAXVALUE) TO (3, MINVALUE)`,
  },
  {
    title: "virtual generated column that is NOT NULL",
    schema: `CREATE TABLE t (id int PRIMARY KEY, a int);`,
    rows: `INSERT INTO t VALUES (1, 2)`,
    migration: `ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (a * 2) VIRTUAL NOT NULL`,
    data: { "SELECT v FROM t": [[4]] },
    since: 18,
  },
  {
    title: "rename of a column with settings of its own",
    schema: `CREATE SCHEMA app; CREATE TABLE app."100% T" (id int PRIMARY KEY, "a%" text NOT NULL);
      ALTER TABLE app."100% T" ALTER "a%" SET STATISTICS 0, ALTER "a%" SET STORAGE EXTERNAL, ALTER "a%" SET COMPRESSION pglz, ALTER "a%" SET (n_distinct = -0.5);
      COMMENT ON COLUMN app."100% T"."a%" IS 'it''s 100%'; GRANT SELECT ("a%"), UPDATE ("a%") ON app."100% T" TO PUBLIC;
      GRANT INSERT ("a%") ON app."100% T" TO pg_monitor WITH GRANT OPTION;`,
    rows: `INSERT INTO app."100% T" SELECT n, 'x' FROM generate_series(1, 1100) AS n`,
    migration: `ALTER TABLE app."100% T" RENAME "a%" TO b`,
  },
  {
    title: "type of a column with settings of its own, of which the server resets the storage",
    schema: `CREATE TABLE t (id int PRIMARY KEY, a text); ALTER TABLE t ALTER a SET STATISTICS 77, ALTER a SET STORAGE EXTERNAL, ALTER a SET (n_distinct = 5);
      COMMENT ON COLUMN t.a IS 'b'; GRANT SELECT (a) ON t TO PUBLIC;`,
    rows: `INSERT INTO t SELECT n, n FROM generate_series(1, 1100) AS n`,
    migration: `ALTER TABLE t ALTER a TYPE numeric USING a::numeric`,
    data: { "SELECT count(*)::int FROM t WHERE a = id": [[1100]] },
  },
  {
    title: "rename of a column with deferred constraints",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE DEFERRABLE INITIALLY DEFERRED
      REFERENCES p ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED, b int UNIQUE DEFERRABLE); CREATE INDEX t_a ON t (a);`,
    rows: `INSERT INTO p SELECT generate_series(1, 1100); INSERT INTO t SELECT id, id FROM p`,
    migration: `ALTER TABLE t RENAME a TO c`,
  },
  {
    title: "type of a key that is referenced by deferred keys",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED); CREATE INDEX c_p ON c (p);`,
    rows: `INSERT INTO p SELECT generate_series(1, 1100); INSERT INTO c SELECT id FROM p`,
    migration: `ALTER TABLE p ALTER id TYPE bigint`,
  },
  {
    title: "rename of a column with constraints that are not enforced",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES p NOT ENFORCED CHECK (a > 5) NOT ENFORCED); CREATE INDEX t_a ON t (a);`,
    rows: `INSERT INTO t VALUES (1, 3)`,
    migration: `ALTER TABLE t RENAME a TO b`,
    since: 18,
  },
  {
    title: "attach of a default partition by list",
    schema: `CREATE TABLE m (v text) PARTITION BY LIST (v); CREATE TABLE m_1 PARTITION OF m FOR VALUES IN ('a', NULL);
      CREATE TABLE m_2 PARTITION OF m FOR VALUES IN ('c'); CREATE TABLE rest (v text);`,
    rows: `INSERT INTO rest VALUES ('z')`,
    migration: `ALTER TABLE m ATTACH PARTITION rest DEFAULT`,
  },
  {
    title: "attach of a default partition beside several ranges",
    schema: `CREATE TABLE m (a int, "B" int) PARTITION BY RANGE (a, "B"); CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (1, 1) TO (5, 1);
      CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (5, 1) TO (7, MAXVALUE); CREATE TABLE rest (a int, "B" int);`,
    rows: `INSERT INTO rest VALUES (0, 0), (NULL, 3)`,
    migration: `ALTER TABLE m ATTACH PARTITION rest DEFAULT`,
  },
  {
    title: "attach of a default partition beside one range",
    schema: `CREATE TABLE m (at date) PARTITION BY RANGE (at); CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO (MAXVALUE); CREATE TABLE rest (at date);`,
    rows: `INSERT INTO rest VALUES ('2019-05-05')`,
    migration: `ALTER TABLE m ATTACH PARTITION rest DEFAULT`,
  },
]
