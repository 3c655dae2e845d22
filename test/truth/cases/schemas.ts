import type { CaseSchema } from "../case.ts"

/** The databases that cases start from. Tables hold a few rows, so that scans are real. */
export const schemas = {
  /** One ordinary table, nothing around it. */
  table: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int, b text NOT NULL, c varchar(20), d int NOT NULL DEFAULT 5);
INSERT INTO t VALUES (1, 1, 'x', 'one', 1), (2, 2, 'y', 'two', 2), (3, 3, 'z', 'three', 3);`,
  },
  /** The same without rows. */
  emptyTable: { sql: `CREATE TABLE t (id int PRIMARY KEY, a int, b text NOT NULL, c varchar(20));` },
  /** Two tables without a foreign key yet. */
  twoTables: {
    sql: `
CREATE TABLE parent (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE t (id int PRIMARY KEY, parent_id int, code text);
INSERT INTO parent VALUES (1, 'a'), (2, 'b');
INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b'), (3, NULL, NULL);`,
  },
  /** A table that references another, with the usual things on it. */
  foreignKey: {
    sql: `
CREATE TABLE parent (id int PRIMARY KEY, code varchar(10) NOT NULL UNIQUE);
CREATE TABLE child (id int PRIMARY KEY, parent_id int, code varchar(10), note text);
ALTER TABLE child ADD CONSTRAINT child_parent_fk FOREIGN KEY (parent_id) REFERENCES parent (id);
ALTER TABLE child ADD CONSTRAINT child_code_fk FOREIGN KEY (code) REFERENCES parent (code);
CREATE INDEX child_parent_idx ON child (parent_id);
INSERT INTO parent VALUES (1, 'a'), (2, 'b');
INSERT INTO child VALUES (1, 1, 'a', 'x'), (2, 2, 'b', 'y');`,
  },
  /** Two unique constraints over the same column, and a foreign key to it. */
  twoKeys: {
    sql: `
CREATE TABLE parent (code int NOT NULL);
ALTER TABLE parent ADD CONSTRAINT parent_first UNIQUE (code);
ALTER TABLE parent ADD CONSTRAINT parent_second UNIQUE (code);
CREATE TABLE child (code int);
ALTER TABLE child ADD CONSTRAINT child_fk FOREIGN KEY (code) REFERENCES parent (code);`,
  },
  /** Constraints that wait for validation. */
  notValid: {
    sql: `
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, parent_id int);
INSERT INTO parent VALUES (1), (2);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_a_present CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_parent_fk FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;`,
  },
  /** Validated CHECKs of many shapes, to prove (or not) NOT NULL. */
  proofs: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, plain int, anded int, negated int, positive int, ored int, tested int, unproven int,
  pair_a int, pair_b int);
INSERT INTO t VALUES (1, 1, 1, 1, 1, 1, 1, 1, 1, 1), (2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
ALTER TABLE t ADD CONSTRAINT plain_present CHECK (plain IS NOT NULL);
ALTER TABLE t ADD CONSTRAINT anded_present CHECK (anded > 0 AND anded IS NOT NULL);
ALTER TABLE t ADD CONSTRAINT negated_present CHECK (NOT (negated IS NULL));
ALTER TABLE t ADD CONSTRAINT positive_check CHECK (positive > 0);
ALTER TABLE t ADD CONSTRAINT ored_check CHECK (ored IS NOT NULL OR id > 0);
ALTER TABLE t ADD CONSTRAINT tested_check CHECK ((tested IS NOT NULL) IS TRUE);
ALTER TABLE t ADD CONSTRAINT unproven_present CHECK (unproven IS NOT NULL) NOT VALID;
ALTER TABLE t ADD CONSTRAINT pair_present CHECK (pair_a IS NOT NULL AND pair_b IS NOT NULL);`,
  },
  /** A table without a primary key, and unique indexes that could become one. */
  keyless: {
    sql: `
CREATE TABLE t (strict int NOT NULL, loose int, proven int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE UNIQUE INDEX t_strict_unique ON t (strict);
CREATE UNIQUE INDEX t_loose_unique ON t (loose);
CREATE UNIQUE INDEX t_proven_unique ON t (proven);
ALTER TABLE t ADD CONSTRAINT t_proven_present CHECK (proven IS NOT NULL);`,
  },
  /** Indexes of every kind on one table. */
  indexes: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text NOT NULL, c varchar(20), j jsonb, nn int);
INSERT INTO t VALUES (1, 1, 'x', 'one', '{}', 1), (2, 2, 'y', 'two', '{}', 2);
CREATE INDEX t_a_idx ON t (a);
CREATE UNIQUE INDEX t_a_unique ON t (a);
CREATE UNIQUE INDEX t_nn_unique ON t (nn);
CREATE INDEX t_lower_idx ON t (lower(b));
CREATE INDEX t_partial_idx ON t (c) WHERE a > 0;
CREATE INDEX t_gin_idx ON t USING gin (j);
CREATE INDEX t_brin_idx ON t USING brin (id);
CREATE INDEX t_hash_idx ON t USING hash (b);
ALTER TABLE t ADD CONSTRAINT t_b_key UNIQUE (b);
ALTER TABLE t ADD CONSTRAINT t_c_excl EXCLUDE USING btree (c WITH =);
CREATE TABLE other (id int PRIMARY KEY);
INSERT INTO other VALUES (1);`,
  },
  /** Columns of many types, all nullable, nothing on them. */
  types: {
    sql: `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE mood2 AS ENUM ('sad', 'ok');
CREATE DOMAIN free_text AS text;
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 100);
CREATE DOMAIN always_int AS int NOT NULL;
CREATE TABLE t (id int PRIMARY KEY, small smallint, i int, big bigint, o oid, r real, f double precision, money money,
  num numeric, num_10_2 numeric(10,2), txt text, v varchar, v50 varchar(50), c10 char(10), n name, b boolean, bytes bytea,
  d date, tm time(3), tmtz timetz(3), ts timestamp, ts3 timestamp(3), tstz timestamptz, tstz3 timestamptz(3), iv interval,
  iv3 interval(3), bit8 bit(8), vbit8 varbit(8), j json, jb jsonb, u uuid, x xml, addr inet, net cidr, e mood,
  ints int[], v50s varchar(50)[], txts text[], ft free_text, st short_text, reg regclass);
INSERT INTO t (id, i) VALUES (1, 1), (2, 2);`,
  },
  /** The same types under indexes, CHECKs and the like. */
  typesUsed: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, v50 varchar(50), num numeric(10,2), ts timestamp, txt text, i int, checked varchar(50),
  unchecked varchar(50), expressed varchar(50), partial varchar(50), included varchar(50), uniq varchar(50), stat varchar(50),
  defaulted varchar(50) DEFAULT 'x', o int, two_a varchar(50), two_b varchar(50));
INSERT INTO t (id, i, uniq) VALUES (1, 1, 'a'), (2, 2, 'b');
CREATE INDEX t_v50_idx ON t (v50);
CREATE INDEX t_num_idx ON t (num);
CREATE INDEX t_ts_idx ON t (ts);
CREATE INDEX t_txt_idx ON t (txt);
CREATE INDEX t_i_idx ON t (i);
CREATE INDEX t_o_idx ON t (o);
ALTER TABLE t ADD CONSTRAINT t_checked CHECK (checked <> '');
ALTER TABLE t ADD CONSTRAINT t_unchecked CHECK (unchecked <> '') NOT VALID;
CREATE INDEX t_expressed_idx ON t (lower(expressed));
CREATE INDEX t_partial_idx ON t (id) WHERE partial IS NOT NULL;
CREATE INDEX t_included_idx ON t (id) INCLUDE (included);
ALTER TABLE t ADD CONSTRAINT t_uniq_key UNIQUE (uniq);
CREATE STATISTICS t_stat (dependencies) ON id, stat FROM t;
CREATE INDEX t_two_idx ON t (two_a, two_b);`,
  },
  /** A column that other objects of the schema speak of. */
  dependents: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, v varchar(10), p varchar(10), g varchar(10), free varchar(10), w varchar(10));
INSERT INTO t VALUES (1, 'a', 'a', 'a', 'a', 'a');
CREATE VIEW t_view AS SELECT id, v FROM t;
CREATE VIEW t_view_of_view AS SELECT v FROM t_view;
CREATE MATERIALIZED VIEW t_matview AS SELECT id, v FROM t;
CREATE POLICY t_policy ON t USING (p = 'a');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t_trigger BEFORE UPDATE OF g ON t FOR EACH ROW EXECUTE PROCEDURE f();
CREATE TRIGGER t_trigger_when BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.w IS NOT NULL) EXECUTE PROCEDURE f();`,
  },
  /** Sequences: owned by serial and identity columns, and free. */
  sequences: {
    sql: `
CREATE SCHEMA app;
CREATE TABLE t (id serial PRIMARY KEY, ident int GENERATED BY DEFAULT AS IDENTITY, a int NOT NULL, b int);
INSERT INTO t (a) VALUES (1), (2);
CREATE SEQUENCE free;
CREATE TABLE other (id int PRIMARY KEY DEFAULT nextval('free'));`,
  },
  /** Range partitions with rows, an index on the parent, and a table to attach. */
  partitions: {
    sql: `
CREATE SCHEMA app;
CREATE TABLE part (id int NOT NULL, at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE INDEX part_id_idx ON part (id);
INSERT INTO part VALUES (1, '2020-02-01', 'a'), (2, '2021-02-01', 'b');
CREATE TABLE fresh (id int NOT NULL, at date NOT NULL, note text);
INSERT INTO fresh VALUES (3, '2022-02-01', 'c');
CREATE INDEX fresh_id_idx ON fresh (id);
CREATE TABLE unindexed (id int NOT NULL, at date NOT NULL, note text);
INSERT INTO unindexed VALUES (3, '2022-02-01', 'c');
CREATE TABLE proven (id int NOT NULL, at date NOT NULL, note text);
INSERT INTO proven VALUES (3, '2022-02-01', 'c');
ALTER TABLE proven ADD CONSTRAINT proven_at CHECK (at >= '2022-01-01' AND at < '2023-01-01');
CREATE INDEX proven_id_idx ON proven (id);`,
  },
  /** A partitioned table with triggers. */
  triggeredPartitions: {
    sql: `
CREATE TABLE part (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER each_row AFTER INSERT ON part FOR EACH ROW EXECUTE PROCEDURE f();
CREATE TRIGGER each_statement AFTER INSERT ON part FOR EACH STATEMENT EXECUTE PROCEDURE f();`,
  },
  /** Partitions that have an index and a key of their own. */
  indexedPartitions: {
    sql: `
CREATE TABLE part (id int NOT NULL, note text) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20);
INSERT INTO part VALUES (1, 'a'), (11, 'b');
CREATE INDEX part_1_note ON part_1 (note);
ALTER TABLE part_1 ADD CONSTRAINT part_1_key UNIQUE (id);`,
  },
  /** An index that still waits for its partitions'. */
  pendingIndex: {
    sql: `
CREATE TABLE part (id int NOT NULL, note text) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
INSERT INTO part VALUES (1, 'a');
CREATE INDEX part_note_idx ON ONLY part (note);
CREATE INDEX part_1_note_idx ON part_1 (note);`,
  },
  /** Partitions with a default one. */
  defaultPartition: {
    sql: `
CREATE TABLE part (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE part_default PARTITION OF part DEFAULT;
INSERT INTO part VALUES (1, '2020-02-01'), (2, '2030-02-01');
CREATE TABLE fresh (id int NOT NULL, at date NOT NULL);
INSERT INTO fresh VALUES (3, '2022-02-01');`,
  },
  /** List partitions, one of them nullable, and sub-partitions. */
  listPartitions: {
    sql: `
CREATE TABLE part (id int, region text) PARTITION BY LIST (region);
CREATE TABLE part_eu PARTITION OF part FOR VALUES IN ('eu');
CREATE TABLE part_us PARTITION OF part FOR VALUES IN ('us') PARTITION BY RANGE (id);
CREATE TABLE part_us_1 PARTITION OF part_us FOR VALUES FROM (0) TO (100);
INSERT INTO part VALUES (1, 'eu'), (2, 'us');
CREATE TABLE fresh (id int, region text);
INSERT INTO fresh VALUES (3, 'asia');
ALTER TABLE fresh ADD CONSTRAINT fresh_region CHECK (region = 'asia');
CREATE TABLE proven (id int, region text NOT NULL);
INSERT INTO proven VALUES (3, 'asia');
ALTER TABLE proven ADD CONSTRAINT proven_region CHECK (region = 'asia');`,
  },
  /** Partitioned table with a foreign key to an ordinary one. */
  partitionsWithKey: {
    sql: `
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1), (2), (3);
CREATE TABLE part (id int NOT NULL, parent_id int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
INSERT INTO part VALUES (1, 1);
ALTER TABLE part ADD CONSTRAINT part_parent_fk FOREIGN KEY (parent_id) REFERENCES parent;
CREATE TABLE fresh (id int NOT NULL, parent_id int);
INSERT INTO fresh VALUES (11, 1);
CREATE TABLE keyed (id int NOT NULL, parent_id int CONSTRAINT keyed_fk REFERENCES parent);
INSERT INTO keyed VALUES (11, 1);`,
  },
  /** A partitioned table whose partitions have foreign keys of their own, one validated, one not, one that differs. */
  partitionsWithOwnKeys: {
    sql: `
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1), (2), (3);
CREATE TABLE part (id int NOT NULL, parent_id int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20);
CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (20) TO (30);
INSERT INTO part VALUES (1, 1), (11, 2), (21, 3);
ALTER TABLE part_1 ADD CONSTRAINT own_fk FOREIGN KEY (parent_id) REFERENCES parent (id);
ALTER TABLE part_2 ADD CONSTRAINT own_fk FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;
ALTER TABLE part_3 ADD CONSTRAINT own_fk FOREIGN KEY (parent_id) REFERENCES parent ON DELETE CASCADE;`,
  },
  /** A partitioned table that others reference (12). */
  referencedPartitions: {
    since: 12,
    sql: `
CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20);
INSERT INTO part VALUES (1);
CREATE TABLE child (id int PRIMARY KEY, part_id int CONSTRAINT child_part_fk REFERENCES part);
INSERT INTO child VALUES (1, 1);
CREATE TABLE fresh (id int NOT NULL PRIMARY KEY);
INSERT INTO fresh VALUES (21);`,
  },
  /** Old-style inheritance. */
  inheritance: {
    sql: `
CREATE TABLE base (id int, a int);
CREATE TABLE derived (b int) INHERITS (base);
CREATE TABLE derived_2 () INHERITS (derived);
CREATE TABLE loner (id int, a int);
CREATE TABLE keyed (id int NOT NULL);
CREATE TABLE checked (a varchar(10));
ALTER TABLE checked ADD CONSTRAINT checked_a CHECK (a <> '') NOT VALID;
CREATE TABLE checked_child () INHERITS (checked);
CREATE TABLE keyed_child () INHERITS (keyed);
INSERT INTO base VALUES (1, 1);
INSERT INTO derived VALUES (2, 2, 2);
INSERT INTO loner VALUES (3, 3);`,
  },
  /** Views over tables. */
  views: {
    sql: `
CREATE SCHEMA app;
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE TABLE other (id int PRIMARY KEY, t_id int);
INSERT INTO t VALUES (1, 1, 'x');
INSERT INTO other VALUES (1, 1);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW joined AS SELECT t.id, other.t_id FROM t JOIN other ON other.t_id = t.id;
CREATE VIEW above AS SELECT id FROM v;
CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE MATERIALIZED VIEW mv_plain AS SELECT id FROM v;
CREATE MATERIALIZED VIEW mv_empty AS SELECT id FROM t WITH NO DATA;`,
  },
  /** Triggers, rules, policies, statistics, publications and the functions behind them. */
  machinery: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE TABLE other (id int PRIMARY KEY, t_id int);
INSERT INTO t VALUES (1, 1, 'x');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION plain(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION lucky() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 4';
CREATE FUNCTION calm() RETURNS int LANGUAGE sql STABLE AS 'SELECT 4';
CREATE TRIGGER t_trigger BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f();
CREATE RULE t_rule AS ON DELETE TO other DO ALSO NOTHING;
CREATE POLICY t_policy ON t USING (a > 0);
CREATE STATISTICS t_stats (ndistinct) ON id, a FROM t;
CREATE VIEW v AS SELECT id FROM t;
CREATE PUBLICATION pub FOR TABLE t;
CREATE SCHEMA app;
CREATE TABLE app.s (id int PRIMARY KEY);`,
  },
  /** A table that was clustered before. */
  clustered: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE other (id int PRIMARY KEY);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE INDEX t_a_idx ON t (a);
ALTER TABLE t CLUSTER ON t_a_idx;`,
  },
  /** Procedures and functions that change things when called. */
  procedures: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE PROCEDURE alters() LANGUAGE plpgsql AS 'BEGIN ALTER TABLE t ADD COLUMN z int; END';
CREATE PROCEDURE commits() LANGUAGE plpgsql AS 'BEGIN UPDATE t SET a = 2; COMMIT; END';
CREATE FUNCTION writes() RETURNS void LANGUAGE plpgsql AS 'BEGIN UPDATE t SET a = 2; END';`,
  },
  /** Extensions in use. */
  extensions: {
    sql: `
CREATE EXTENSION citext;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION "uuid-ossp";
CREATE EXTENSION btree_gist;
CREATE SCHEMA app;
CREATE TABLE t (id int PRIMARY KEY, a text, b text, c citext, d citext);
INSERT INTO t VALUES (1, 'x', 'x', 'x', 'x');
CREATE INDEX t_b_idx ON t (b);
CREATE INDEX t_d_idx ON t (d);`,
  },
  /** Enums, domains, composite types, in use by tables. */
  userTypes: {
    sql: `
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (x int, y int);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN nested AS positive;
CREATE DOMAIN pending AS int;
ALTER DOMAIN pending ADD CONSTRAINT pending_check CHECK (VALUE > 0) NOT VALID;
CREATE DOMAIN unused AS int;
CREATE DOMAIN listed AS int;
CREATE TABLE t (id int PRIMARY KEY, m mood, p positive, q pending, DEFAULT_MOOD mood DEFAULT 'ok');
CREATE TABLE deep (id int PRIMARY KEY, n nested);
CREATE TABLE typed OF pair;
CREATE TABLE listing (id int PRIMARY KEY, items listed[]);
CREATE TABLE holder (id int PRIMARY KEY, value pair);
INSERT INTO t VALUES (1, 'ok', 1, 1);
INSERT INTO deep VALUES (1, 1);`,
  },
  /** Tables of different persistence and place. */
  storage: {
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX t_a_idx ON t (a);
CREATE UNLOGGED TABLE u (id serial PRIMARY KEY, a text);
CREATE TABLE with_toast (id int, a text);
INSERT INTO t VALUES (1, 'x');
INSERT INTO u (a) VALUES ('x');
CREATE MATERIALIZED VIEW mv AS SELECT * FROM t;
CREATE TABLE part (id int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);`,
  },
  /** Generated columns (12). */
  generated: {
    since: 12,
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO t VALUES (1, 1), (2, 2);`,
  },
  /** A virtual generated column and no CHECK (18). */
  virtual: {
    since: 18,
    sql: `
CREATE TABLE t (id int PRIMARY KEY, a int, v int GENERATED ALWAYS AS (a * 2) VIRTUAL);
INSERT INTO t VALUES (1, 1);`,
  },
  /** Virtual generated columns, NOT NULL constraints without validation, foreign keys without enforcement (18). */
  eighteen: {
    since: 18,
    sql: `
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, parent_id int, v int GENERATED ALWAYS AS (a * 2) VIRTUAL);
INSERT INTO parent VALUES (1);
INSERT INTO t VALUES (1, 1, 1, 1);
ALTER TABLE t ADD CONSTRAINT t_a_present NOT NULL a NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_fk FOREIGN KEY (parent_id) REFERENCES parent NOT ENFORCED;
ALTER TABLE t ADD CONSTRAINT t_soft CHECK (b > 0) NOT ENFORCED;`,
  },
} as const satisfies Readonly<Record<string, CaseSchema>>

export type SchemaName = keyof typeof schemas
