import type { Major } from "../truth/versions.ts"

/** A migration whose recipe must end where the migration itself would have ended. */
export interface ConformanceCase {
  readonly title: string
  readonly schema: string
  /** Rows in the tables before the steps run; the direct migration runs on empty tables. */
  readonly rows?: string
  readonly migration: string
  /** What the direct side runs instead of the migration, where the recipe ends elsewhere on purpose. */
  readonly directly?: string
  /** What a person does at the steps without SQL. */
  readonly byHand?: string
  /** Queries on the result, and their rows. */
  readonly data?: Readonly<Record<string, readonly (readonly unknown[])[]>>
  readonly since?: Major
  /** Later majors keep marks of the way, such as a constraint that a child table now has as its own. */
  readonly until?: Major
}

const orders = `CREATE SCHEMA app;
CREATE TABLE app."Orders" (id bigint PRIMARY KEY, "user" int, note text);`
const fewOrders = `INSERT INTO app."Orders" SELECT n, n % 7, 'n' || n FROM generate_series(1, 2300) AS n`

const levels = `CREATE TABLE "P" (id int, k int, v text) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF "P" FOR VALUES FROM (0) TO (100) PARTITION BY LIST (k);
      CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1) PARTITION BY HASH (id);
      CREATE TABLE p1a1 PARTITION OF p1a FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CREATE TABLE p1b PARTITION OF p1 DEFAULT; CREATE TABLE p2 PARTITION OF "P" FOR VALUES FROM (100) TO (2000);
      CREATE TABLE p3 PARTITION OF "P" FOR VALUES FROM (2000) TO (3000) PARTITION BY LIST (k);`
const levelRows = `INSERT INTO "P" SELECT n, n % 3, 'x' FROM generate_series(0, 1999) AS n`

export const conformance: readonly ConformanceCase[] = [
  {
    title: "column with a volatile default",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()`,
    data: { [`SELECT count(DISTINCT token)::int FROM app."Orders"`]: [[2300]] },
  },
  {
    title: "serial column",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD COLUMN "No" serial`,
    data: { [`SELECT count(DISTINCT "No")::int, max("No") FROM app."Orders"`]: [[2300, 2300]] },
  },
  {
    title: "identity column",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD COLUMN "No" bigint GENERATED ALWAYS AS IDENTITY`,
    data: { [`INSERT INTO app."Orders" (id) VALUES (5000) RETURNING "No"::int`]: [[2301]] },
  },
  {
    title: "stored generated column, as an ordinary column with a trigger",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD COLUMN twice int GENERATED ALWAYS AS ("user" * 2) STORED`,
    directly: `ALTER TABLE app."Orders" ADD COLUMN twice int;
      CREATE FUNCTION app."Orders_twice_sync"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER "zz_Orders_twice_sync" BEFORE INSERT OR UPDATE ON app."Orders"
        FOR EACH ROW EXECUTE FUNCTION app."Orders_twice_sync"()`,
    data: { [`SELECT count(*)::int FROM app."Orders" WHERE twice IS DISTINCT FROM "user" * 2`]: [[0]] },
  },
  {
    title: "new expression of a stored generated column, as an ordinary column with a trigger",
    schema: `CREATE TABLE "T" (id int PRIMARY KEY, "a b" int, twice bigint GENERATED ALWAYS AS ("a b") STORED);`,
    rows: `INSERT INTO "T" SELECT n, n % 7 FROM generate_series(1, 2300) AS n`,
    migration: `ALTER TABLE "T" ALTER COLUMN twice SET EXPRESSION AS ("a b" * 2)`,
    directly: `ALTER TABLE "T" ALTER COLUMN twice DROP EXPRESSION;
      CREATE FUNCTION "T_twice_sync"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER "zz_T_twice_sync" BEFORE INSERT OR UPDATE ON "T" FOR EACH ROW EXECUTE FUNCTION "T_twice_sync"()`,
    data: { [`SELECT count(*)::int FROM "T" WHERE twice IS DISTINCT FROM "a b" * 2`]: [[0]] },
    since: 17,
  },
  {
    title: "column of a constrained domain, as its base type with the domain's check",
    schema: `${orders} CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);`,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD COLUMN amount app.positive DEFAULT 1`,
    directly: `ALTER TABLE app."Orders" ADD COLUMN amount int DEFAULT 1,
      ADD CONSTRAINT "Orders_amount_check" CHECK (amount > 0)`,
  },
  {
    title: "required column without default",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD COLUMN region text NOT NULL`,
    byHand: `UPDATE app."Orders" SET region = 'eu' WHERE region IS NULL`,
  },
  {
    title: "column with inline CHECK, REFERENCES and UNIQUE",
    schema: `${orders} CREATE TABLE app.parent (id int PRIMARY KEY);`,
    rows: fewOrders,
    // The index of the UNIQUE serves the foreign key as well: the steps build no other.
    migration: `ALTER TABLE app."Orders" ADD COLUMN p int CHECK (p > 0) REFERENCES app.parent (id) ON DELETE CASCADE UNIQUE`,
  },
  {
    title: "index with all clauses",
    schema: orders,
    rows: fewOrders,
    migration: `CREATE INDEX IF NOT EXISTS "by user" ON app."Orders" USING btree (lower(note) DESC NULLS LAST, "user") INCLUDE (id) WITH (fillfactor = 80) WHERE "user" IS NOT NULL`,
  },
  {
    title: "index without a name",
    schema: orders,
    rows: fewOrders,
    migration: `create unique index on app."Orders" (id, "user")`,
  },
  {
    title: "index on a partitioned table with two levels",
    schema: `CREATE TABLE m (at date, v int) PARTITION BY RANGE (at);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (v);
      CREATE TABLE m_2_a PARTITION OF m_2 FOR VALUES IN (1);
      CREATE TABLE m_2_b PARTITION OF m_2 DEFAULT;`,
    rows: `INSERT INTO m VALUES ('2020-05-05', 1), ('2021-05-05', 1), ('2021-05-05', 2)`,
    migration: `CREATE INDEX m_at ON m (at)`,
  },
  {
    title: "drop index",
    schema: `${orders} CREATE INDEX i ON app."Orders" (note); CREATE INDEX j ON app."Orders" ("user");`,
    migration: `DROP INDEX app.i, app.j`,
  },
  {
    title: "reindex",
    schema: `${orders} CREATE INDEX i ON app."Orders" (note);`,
    migration: `REINDEX INDEX app.i`,
  },
  {
    title: "reindex of a table with options",
    schema: `${orders} CREATE INDEX i ON app."Orders" (note);`,
    migration: `REINDEX (VERBOSE) TABLE app."Orders"`,
  },
  {
    title: "an index to another tablespace",
    schema: `${orders} CREATE INDEX i ON app."Orders" (note);`,
    migration: `ALTER INDEX app.i SET TABLESPACE pg_default`,
  },
  {
    title: "check that was not to be enforced",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD CONSTRAINT "no zero" CHECK ("user" >= 0) NOT ENFORCED`,
    directly: `ALTER TABLE app."Orders" ADD CONSTRAINT "no zero" CHECK ("user" >= 0)`,
    since: 18,
  },
  {
    title: "foreign key that was not to be enforced",
    schema: `${orders} CREATE TABLE app.users (id int PRIMARY KEY); CREATE INDEX "Orders_user_idx" ON app."Orders" ("user");`,
    rows: `INSERT INTO app.users SELECT generate_series(0, 6); ${fewOrders}`,
    migration: `ALTER TABLE app."Orders" ADD FOREIGN KEY ("user") REFERENCES app.users ON DELETE CASCADE NOT ENFORCED NOT VALID`,
    directly: `ALTER TABLE app."Orders" ADD FOREIGN KEY ("user") REFERENCES app.users ON DELETE CASCADE`,
    since: 18,
  },
  {
    title: "set not null",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ALTER COLUMN "user" SET NOT NULL`,
  },
  {
    title: "set not null over a check that is not validated",
    schema: `${orders} ALTER TABLE app."Orders" ADD CONSTRAINT c CHECK ("user" IS NOT NULL) NOT VALID;`,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ALTER COLUMN note SET NOT NULL`,
  },
  {
    title: "set not null of a partitioned table",
    schema: `CREATE TABLE m (at date, v int) PARTITION BY RANGE (at);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
    rows: `INSERT INTO m VALUES ('2020-05-05', 1)`,
    migration: `ALTER TABLE m ALTER COLUMN v SET NOT NULL`,
  },
  {
    title: "check with and without a name",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD CHECK ("user" >= 0)`,
  },
  {
    title: "named check over two columns, not inherited",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD CONSTRAINT "Both?" CHECK (("user" >= 0) OR (note <> '')) NO INHERIT`,
  },
  {
    title: "foreign key with its index",
    schema: `${orders} CREATE TABLE app.users (id int PRIMARY KEY);`,
    rows: `INSERT INTO app.users SELECT generate_series(0, 6); ${fewOrders}`,
    migration: `ALTER TABLE app."Orders" ADD FOREIGN KEY ("user") REFERENCES app.users ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED`,
    directly: `ALTER TABLE app."Orders" ADD FOREIGN KEY ("user") REFERENCES app.users ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
      CREATE INDEX "Orders_user_idx" ON app."Orders" ("user")`,
  },
  {
    title: "foreign key of a partitioned table",
    schema: `CREATE TABLE p (id int PRIMARY KEY);
      CREATE TABLE m (at date, v int) PARTITION BY RANGE (at);
      CREATE INDEX m_v ON m (v);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');`,
    rows: `INSERT INTO p VALUES (1); INSERT INTO m VALUES ('2020-05-05', 1), ('2021-05-05', 1)`,
    migration: `ALTER TABLE m ADD CONSTRAINT m_p FOREIGN KEY (v) REFERENCES p (id)`,
  },
  {
    title: "unique constraint",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD UNIQUE (note, "user") INCLUDE (id) DEFERRABLE`,
  },
  {
    title: "unique constraint, nulls not distinct",
    since: 15 as Major,
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (note)`,
  },
  {
    title: "primary key over a nullable column",
    schema: `CREATE TABLE "T" (a int, b int NOT NULL);`,
    rows: `INSERT INTO "T" SELECT n, 1 FROM generate_series(1, 1500) AS n`,
    migration: `ALTER TABLE "T" ADD PRIMARY KEY (a, b)`,
  },
  {
    title: "primary key using an index on a nullable column",
    schema: `CREATE TABLE t (a int); CREATE UNIQUE INDEX t_a ON t (a);`,
    rows: `INSERT INTO t VALUES (1)`,
    migration: `ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX t_a`,
  },
  {
    title: "primary key of a partitioned table",
    schema: `CREATE TABLE m (at date NOT NULL, v int NOT NULL) PARTITION BY RANGE (at);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');`,
    rows: `INSERT INTO m VALUES ('2020-05-05', 1), ('2021-05-05', 1)`,
    migration: `ALTER TABLE m ADD PRIMARY KEY (at, v)`,
  },
  {
    title: "rename of an indexed column of a partitioned table",
    schema: `CREATE TABLE m (at date NOT NULL, kind text) PARTITION BY RANGE (at); CREATE INDEX m_kind ON m (kind);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');`,
    rows: `INSERT INTO m VALUES ('2020-05-05', 'a'), ('2021-05-05', 'b')`,
    migration: `ALTER TABLE m RENAME COLUMN kind TO sort`,
    data: { "SELECT sort FROM m ORDER BY at": [["a"], ["b"]] },
  },
  {
    title: "type of a partitioned table's key",
    schema: `CREATE TABLE m (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
    rows: `INSERT INTO m VALUES (1, '2020-05-05'), (2, '2020-06-06')`,
    migration: `ALTER TABLE m ALTER COLUMN id TYPE bigint`,
    data: { "SELECT id::int FROM m ORDER BY at": [[1], [2]] },
  },
  {
    title: "attach of a list partition with NULL",
    schema: `CREATE TABLE m (v text) PARTITION BY LIST (v); CREATE TABLE m_other PARTITION OF m DEFAULT; CREATE TABLE m_1 (v text);`,
    rows: `INSERT INTO m_1 VALUES ('a'), (NULL); INSERT INTO m VALUES ('z')`,
    migration: `ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES IN ('a', NULL)`,
  },
  {
    title: "drop of a required column",
    schema: `CREATE TABLE t (id int PRIMARY KEY, old text NOT NULL);`,
    migration: `ALTER TABLE t DROP COLUMN IF EXISTS old`,
  },
  {
    title: "drop of a column that a primary key keeps NOT NULL",
    schema: `CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE u () INHERITS (t);`,
    migration: `ALTER TABLE t DROP COLUMN b`,
  },
  {
    title: "drop of a column that identifies rows",
    schema: `CREATE TABLE t (a int NOT NULL UNIQUE, b int); ALTER TABLE t REPLICA IDENTITY USING INDEX t_a_key;`,
    migration: `ALTER TABLE t DROP COLUMN a`,
  },
  {
    title: "drop of a table that others reference, with CASCADE",
    schema: `CREATE SCHEMA s; CREATE TABLE s.p (id int PRIMARY KEY); CREATE TABLE s.c (p int REFERENCES s.p, q int CONSTRAINT "q k" REFERENCES s.p);`,
    rows: `INSERT INTO s.p VALUES (1); INSERT INTO s.c VALUES (1)`,
    migration: `DROP TABLE s.p CASCADE`,
  },
  {
    title: "drop of a column that others reference, with CASCADE",
    schema: `CREATE SCHEMA s; CREATE TABLE s.p (id int PRIMARY KEY, a int UNIQUE, up int REFERENCES s.p (a)); CREATE TABLE s.c (p int REFERENCES s.p (a));`,
    rows: `INSERT INTO s.p VALUES (1, 2, 2); INSERT INTO s.c VALUES (2)`,
    migration: `ALTER TABLE s.p DROP COLUMN a CASCADE`,
  },
  {
    title: "drop of a table",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE "Old" (id int REFERENCES p);`,
    migration: `DROP TABLE "Old"`,
  },
  {
    title: "drop of a partition",
    schema: `CREATE SCHEMA s; CREATE TABLE s.m (v int) PARTITION BY LIST (v); CREATE TABLE s.m_1 PARTITION OF s.m FOR VALUES IN (1); CREATE TABLE s.m_2 PARTITION OF s.m FOR VALUES IN (2);`,
    rows: `INSERT INTO s.m VALUES (1), (2)`,
    migration: `DROP TABLE s.m_1`,
    data: { "SELECT v FROM s.m": [[2]] },
  },
  {
    title: "drop of a table that inherits from two others",
    schema: `CREATE SCHEMA s; CREATE TABLE s.p (v int); CREATE TABLE "Q" (w int); CREATE TABLE s.c () INHERITS (s.p, "Q");`,
    rows: `INSERT INTO s.p VALUES (1); INSERT INTO s.c VALUES (2, 3)`,
    migration: `DROP TABLE s.c`,
    data: { "SELECT v FROM s.p": [[1]], 'SELECT w FROM "Q"': [] },
  },
  {
    title: "drop of a partition beside the default one",
    schema: `CREATE TABLE m (v int) PARTITION BY LIST (v); CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1); CREATE TABLE m_other PARTITION OF m DEFAULT;`,
    migration: `DROP TABLE IF EXISTS m_1`,
  },
  {
    title: "attach of a list partition",
    schema: `CREATE TABLE m (v int) PARTITION BY LIST (v); CREATE TABLE m_other PARTITION OF m DEFAULT; CREATE TABLE m_1 (v int);`,
    rows: `INSERT INTO m_1 VALUES (1); INSERT INTO m VALUES (9)`,
    migration: `ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES IN (1, 2)`,
  },
  {
    title: "attach of a range partition",
    schema: `CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE "M 1" (at date NOT NULL);`,
    rows: `INSERT INTO "M 1" VALUES ('2020-05-05')`,
    migration: `ALTER TABLE m ATTACH PARTITION "M 1" FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
  },
  {
    title: "partition created beside the table and attached",
    schema: `CREATE TABLE m (at date NOT NULL, v int DEFAULT 1 CHECK (v > 0)) PARTITION BY RANGE (at); CREATE INDEX m_v ON m (v);`,
    migration: `CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
  },
  {
    title: "detach",
    schema: `CREATE TABLE m (v int) PARTITION BY LIST (v); CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1);`,
    rows: `INSERT INTO m VALUES (1)`,
    migration: `ALTER TABLE m DETACH PARTITION m_1`,
    directly: `ALTER TABLE m DETACH PARTITION m_1; ALTER TABLE m_1 ADD CONSTRAINT m_1_v_check CHECK (v IS NOT NULL AND v = 1)`,
  },
  {
    title: "refresh of a materialized view",
    schema: `CREATE TABLE t (a int PRIMARY KEY); CREATE MATERIALIZED VIEW v AS SELECT a FROM t; CREATE UNIQUE INDEX v_a ON v (a);`,
    rows: `INSERT INTO t VALUES (1)`,
    migration: `REFRESH MATERIALIZED VIEW v`,
    data: { "SELECT a FROM v": [[1]] },
  },
  {
    title: "truncate",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p);`,
    rows: `INSERT INTO p SELECT generate_series(1, 1200); INSERT INTO c SELECT id FROM p`,
    migration: `TRUNCATE p, c`,
    data: { "SELECT (SELECT count(*)::int FROM p), (SELECT count(*)::int FROM c)": [[0, 0]] },
  },
  {
    title: "truncate with the tables that reference it, and with their numbers",
    schema: `CREATE SCHEMA s; CREATE TABLE s.p (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
      CREATE TABLE s.c (id serial PRIMARY KEY, p int REFERENCES s.p); CREATE TABLE s.d (c int REFERENCES s.c, p int REFERENCES s.p);`,
    rows: `INSERT INTO s.p SELECT FROM generate_series(1, 1200); INSERT INTO s.c (p) SELECT id FROM s.p; INSERT INTO s.d SELECT id, p FROM s.c`,
    migration: `TRUNCATE s.p RESTART IDENTITY CASCADE`,
    data: {
      "SELECT (SELECT count(*)::int FROM s.p), (SELECT count(*)::int FROM s.c), (SELECT count(*)::int FROM s.d)": [[0, 0, 0]],
      "INSERT INTO s.p DEFAULT VALUES RETURNING id": [[1]],
      "INSERT INTO s.c DEFAULT VALUES RETURNING id": [[1]],
    },
  },
  {
    title: "drop of tables that reference each other in the other order, and of a partition behind its table",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p); CREATE TABLE d (c int REFERENCES c);
      CREATE TABLE m (at date) PARTITION BY RANGE (at); CREATE TABLE m_1 PARTITION OF m DEFAULT;`,
    migration: `DROP TABLE p, c, d, m, m_1`,
  },
  {
    title: "domain check",
    schema: `CREATE DOMAIN positive AS int; CREATE TABLE t (a positive);`,
    rows: `INSERT INTO t VALUES (1)`,
    migration: `ALTER DOMAIN positive ADD CHECK (VALUE > 0)`,
  },
  {
    title: "update in batches by key, with an alias and another table",
    schema: `${orders} CREATE TABLE rates (u int, r text);`,
    rows: `${fewOrders}; INSERT INTO rates SELECT n, 'rate ' || n FROM generate_series(0, 5) AS n`,
    migration: `UPDATE app."Orders" AS o SET note = r.r FROM rates r WHERE r.u = o."user" OR false`,
    data: {
      [`SELECT count(*)::int FROM app."Orders" WHERE note = 'rate ' || "user"`]: [[1972]],
      [`SELECT count(*)::int FROM app."Orders" WHERE "user" = 6 AND note = 'n' || id`]: [[328]],
    },
  },
  {
    title: "update in batches by a key of two columns",
    schema: `CREATE TABLE t (a int, b text, batch_start int, PRIMARY KEY (a, b));`,
    rows: `INSERT INTO t SELECT n % 3, 'x' || n, 0 FROM generate_series(1, 2500) AS n`,
    migration: `UPDATE t SET batch_start = 1`,
    data: { "SELECT count(*)::int FROM t WHERE batch_start = 1": [[2500]] },
  },
  {
    title: "delete in batches without a key",
    schema: `CREATE TABLE t (a int); `,
    rows: `INSERT INTO t SELECT generate_series(1, 5000)`,
    migration: `DELETE FROM t WHERE a > 10`,
    data: { "SELECT count(*)::int FROM t": [[10]] },
  },
  {
    title: "delete in batches without a key over partitions",
    schema: `CREATE TABLE m (v int, w int) PARTITION BY LIST (v); CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1);
      CREATE TABLE m_2 PARTITION OF m FOR VALUES IN (2);`,
    rows: `INSERT INTO m SELECT 1, n FROM generate_series(1, 3000) AS n; INSERT INTO m VALUES (2, 5), (2, 6)`,
    migration: `DELETE FROM m WHERE w > 5`,
    data: { "SELECT count(*)::int FROM m": [[6]] },
  },
  {
    title: "rename of a table, with its view in between, which has its privileges",
    schema: `${orders} GRANT USAGE ON SCHEMA app TO pg_monitor; GRANT INSERT, SELECT (id), UPDATE (note) ON app."Orders" TO pg_monitor; GRANT TRUNCATE ON app."Orders" TO PUBLIC;`,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" RENAME TO orders`,
    byHand: `SET ROLE pg_monitor; INSERT INTO app."Orders" (id, "user") VALUES (9001, 1); UPDATE app."Orders" SET note = 'via view' WHERE id = 9001; RESET ROLE`,
    data: { "SELECT note FROM app.orders WHERE id = 9001": [["via view"]] },
  },
  {
    title: "move of a table to another schema",
    schema: `${orders} CREATE SCHEMA other;`,
    rows: fewOrders,
    migration: `ALTER TABLE app."Orders" SET SCHEMA other`,
    byHand: `DELETE FROM app."Orders" WHERE id > 100`,
    data: { [`SELECT count(*)::int FROM other."Orders"`]: [[100]] },
  },
  {
    title: "rename of an enum value",
    schema: `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int PRIMARY KEY, m mood);`,
    rows: `INSERT INTO t SELECT n, (CASE n % 2 WHEN 0 THEN 'sad' ELSE 'ok' END)::mood FROM generate_series(1, 1100) AS n`,
    migration: `ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy'`,
    directly: `ALTER TYPE mood ADD VALUE 'unhappy'`,
    data: { "SELECT count(*)::int FROM t WHERE m = 'unhappy'": [[550]] },
  },
  {
    title: "foreign key that is enforced from here on",
    schema: `CREATE SCHEMA app; CREATE TABLE app."Users" ("Id" int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, "user" int);
      CREATE INDEX ON orders ("user"); ALTER TABLE orders ADD CONSTRAINT "order's user" FOREIGN KEY ("user") REFERENCES app."Users"
      ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT ENFORCED;`,
    rows: `INSERT INTO app."Users" VALUES (1); INSERT INTO orders VALUES (1, 1), (2, NULL)`,
    migration: `ALTER TABLE orders ALTER CONSTRAINT "order's user" ENFORCED`,
    since: 18,
  },
  {
    title: "foreign key over a period",
    schema: `CREATE TABLE rooms (id int4range, during tstzrange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
      CREATE TABLE bookings (id int PRIMARY KEY, "room no" int4range, during tstzrange); CREATE INDEX ON bookings ("room no", during);`,
    rows: `INSERT INTO rooms VALUES ('[1,2)', '[2020-01-01,2021-01-01)'); INSERT INTO bookings VALUES (1, '[1,2)', '[2020-02-01,2020-03-01)')`,
    migration: `ALTER TABLE bookings ADD CONSTRAINT bookings_room FOREIGN KEY ("room no", PERIOD during) REFERENCES rooms (id, PERIOD during)`,
    since: 18,
  },
  {
    title: "type of a column in a foreign key over a period",
    schema: `CREATE TABLE rooms (id int4range, during tstzrange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
      CREATE TABLE bookings (id int PRIMARY KEY, "room no" int4range, during tstzrange,
        CONSTRAINT room FOREIGN KEY ("room no", PERIOD during) REFERENCES rooms (id, PERIOD during));`,
    rows: `INSERT INTO rooms VALUES ('[1,2)', '[2020-01-01,2021-01-01)'); INSERT INTO bookings VALUES (1, '[1,2)', '[2020-02-01,2020-03-01)')`,
    migration: `ALTER TABLE bookings ALTER "room no" TYPE int4range USING int4range(lower("room no"), upper("room no"))`,
    data: { 'SELECT "room no"::text FROM bookings': [["[1,2)"]] },
    since: 18,
  },
  {
    title: "attach a partition that lacks the parent's indexes",
    schema: `CREATE TABLE m (id int NOT NULL, "At" date NOT NULL, code text, PRIMARY KEY (id, "At"), UNIQUE (code, "At")) PARTITION BY RANGE ("At");
      CREATE INDEX ON m (lower(code) DESC NULLS LAST) WHERE code <> ''; CREATE INDEX ON m USING brin (id);
      CREATE TABLE "New" (id int NOT NULL, "At" date NOT NULL, code text); CREATE INDEX ON "New" USING brin (id);`,
    rows: `INSERT INTO "New" SELECT n, '2024-01-01', 'c' || n FROM generate_series(1, 500) AS n`,
    migration: `ALTER TABLE m ATTACH PARTITION "New" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`,
  },
  {
    title: "new table with foreign keys to several tables",
    schema: `${orders} CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY, n int UNIQUE);`,
    migration: `CREATE TABLE "New" (
      id bigint REFERENCES app."Orders" ON DELETE CASCADE, -- the first one stays
      p int NOT NULL CONSTRAINT "to p" REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED DEFAULT 1, CHECK (p > 0),
      FOREIGN KEY (p) REFERENCES p ON UPDATE CASCADE, q int REFERENCES q, n int,
      CONSTRAINT n FOREIGN KEY (n) REFERENCES q (n)
    )`,
  },
  {
    title: "new table whose definition begins with its foreign keys",
    schema: "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE r (id int PRIMARY KEY);",
    migration: "CREATE TABLE t (FOREIGN KEY (a) REFERENCES p, FOREIGN KEY (b) REFERENCES q, a int, b int, c int REFERENCES r)",
  },
  {
    title: "NOT NULL on a column of rows, whose fields may be NULL",
    schema: `CREATE TYPE pair AS (x int, y int);
      CREATE DOMAIN pair_domain AS pair;
      CREATE TABLE t (id int PRIMARY KEY, p pair, q pair_domain);`,
    rows: "INSERT INTO t VALUES (1, (1, NULL), ROW(NULL, NULL)::pair)",
    migration: "ALTER TABLE t ALTER COLUMN p SET NOT NULL",
    data: { "SELECT (p).x FROM t": [[1]] },
  },
  {
    title: "NOT NULL on a column of a domain over rows",
    schema: `CREATE TYPE pair AS (x int, y int);
      CREATE DOMAIN pair_domain AS pair;
      CREATE TABLE t (id int PRIMARY KEY, q pair_domain);`,
    rows: "INSERT INTO t VALUES (1, ROW(NULL, NULL)::pair)",
    migration: "ALTER TABLE t ALTER COLUMN q SET NOT NULL",
  },
  {
    title: "rename of a NOT NULL column of rows, whose fields may be NULL",
    schema: `CREATE TYPE pair AS (x int, y int);
      CREATE TABLE t (id int PRIMARY KEY, p pair NOT NULL);`,
    rows: "INSERT INTO t VALUES (1, (1, NULL)), (2, (NULL, NULL))",
    migration: "ALTER TABLE t RENAME COLUMN p TO q",
    data: { "SELECT (q).x FROM t ORDER BY id": [[1], [null]] },
  },
  {
    title: "type of a varchar column whose checks and indexes are written for texts",
    schema: `CREATE TABLE t (id int PRIMARY KEY, code varchar(10) CHECK (code <> '' AND length(code) < 9), note text, CONSTRAINT either CHECK (code IS NOT NULL OR note ~ 'x'));
      CREATE INDEX t_code ON t (code DESC) WHERE code <> 'x'; CREATE UNIQUE INDEX t_lower ON t (lower(code));`,
    rows: "INSERT INTO t SELECT n, n::text, 'x' FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE t ALTER COLUMN code TYPE int USING code::int",
  },
  {
    title: "type of a column whose checks and indexes are to be written anew",
    schema: `CREATE TABLE t (id int PRIMARY KEY, code text, CONSTRAINT digits CHECK (code IS NOT NULL AND code ~ '^[0-9]+$'));
      CREATE INDEX t_pattern ON t (code text_pattern_ops); CREATE INDEX t_upper ON t (upper(code)); CREATE INDEX t_partly ON t (id) WHERE code IS NOT NULL;`,
    rows: "INSERT INTO t SELECT n, n::text FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE t ALTER COLUMN code TYPE bigint USING code::bigint",
    byHand: "ALTER TABLE t ADD CONSTRAINT positive CHECK (code_new > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT positive",
    directly: `ALTER TABLE t DROP CONSTRAINT digits; DROP INDEX t_pattern, t_upper;
      ALTER TABLE t ALTER COLUMN code TYPE bigint USING code::bigint; ALTER TABLE t ADD CONSTRAINT positive CHECK (code > 0)`,
  },
  {
    title: "type of a column that a check holds to the labels of the enum",
    schema: `CREATE TYPE state AS ENUM ('open', 'done');
      CREATE TABLE t (id int PRIMARY KEY, state varchar(10), CONSTRAINT known CHECK (state IN ('open', 'done'))); CREATE INDEX t_open ON t (id) WHERE state = 'open';`,
    rows: "INSERT INTO t SELECT n, 'open' FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE t ALTER COLUMN state TYPE state USING state::state",
    directly: `ALTER TABLE t DROP CONSTRAINT known; DROP INDEX t_open; ALTER TABLE t ALTER COLUMN state TYPE state USING state::state;
      ALTER TABLE t ADD CONSTRAINT known CHECK (state IN ('open', 'done')); CREATE INDEX t_open ON t (id) WHERE state = 'open'`,
  },
  {
    title: "type of a timestamp with a check, and of a json with an index",
    schema: `CREATE TABLE t (id int PRIMARY KEY, at timestamp CHECK (at > '2020-01-01'), j json); CREATE INDEX t_a ON t ((j ->> 'a'));`,
    rows: `INSERT INTO t SELECT n, '2026-01-01', '{"a": 1}' FROM generate_series(1, 1200) AS n`,
    migration: "ALTER TABLE t ALTER COLUMN at TYPE timestamptz, ALTER COLUMN j TYPE jsonb",
    directly: `ALTER TABLE t DROP CONSTRAINT t_at_check; ALTER TABLE t ALTER COLUMN at TYPE timestamptz, ALTER COLUMN j TYPE jsonb;
      ALTER TABLE t ADD CHECK (at > '2020-01-01')`,
  },
  {
    title: "unique key of a table with several levels of partitions",
    schema: levels,
    rows: levelRows,
    migration: `ALTER TABLE "P" ADD CONSTRAINT "Key" UNIQUE (id, k) INCLUDE (v) DEFERRABLE`,
  },
  {
    title: "primary key of a table with several levels of partitions",
    schema: levels,
    rows: levelRows,
    migration: `ALTER TABLE "P" ADD PRIMARY KEY (id, k)`,
  },
  {
    title: "type of a column in keys and indexes on several levels of partitions, with comments",
    schema: `${levels.replace("v text", "v int, PRIMARY KEY (id, k, v), UNIQUE (id, v, k)")}
      CREATE INDEX p_v ON "P" (v); COMMENT ON COLUMN "P".v IS 'above'; COMMENT ON COLUMN p1a1.v IS 'below'; ALTER TABLE p1b ALTER v SET STATISTICS 7;`,
    rows: levelRows.replace("'x'", "n"),
    migration: `ALTER TABLE "P" ALTER v TYPE bigint`,
  },
  {
    title: "rename of a column of a table that others inherit from, each with a comment of its own",
    schema: `CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t); CREATE TABLE d (PRIMARY KEY (id)) INHERITS (c);
      COMMENT ON COLUMN t.a IS 't'; COMMENT ON COLUMN d.a IS 'd';`,
    rows: "INSERT INTO d SELECT n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE t RENAME COLUMN a TO b",
  },
  {
    title: "attach below a partition",
    schema: `${levels} CREATE TABLE x (id int NOT NULL, k int, v text);`,
    rows: "INSERT INTO x SELECT n, 2, 'x' FROM generate_series(0, 99) AS n",
    migration: "ALTER TABLE p1 ATTACH PARTITION x FOR VALUES IN (2, 3)",
  },
  {
    title: "attach below partitions by list, by several columns, and by default",
    schema: `CREATE TABLE p (id int, k int, v text) PARTITION BY RANGE (id, k);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0, 0) TO (100, 5) PARTITION BY LIST (v);
      CREATE TABLE p2 PARTITION OF p1 FOR VALUES IN ('a', 'b', NULL) PARTITION BY RANGE (k);
      CREATE TABLE p3 PARTITION OF p2 FOR VALUES FROM (20) TO (30); CREATE TABLE p4 PARTITION OF p2 DEFAULT PARTITION BY LIST (k); CREATE TABLE x (id int, k int, v text);`,
    rows: "INSERT INTO x SELECT n, 3, CASE n % 2 WHEN 1 THEN 'a' END FROM generate_series(1, 99) AS n",
    migration: "ALTER TABLE p4 ATTACH PARTITION x FOR VALUES IN (3)",
  },
  {
    title: "attach of a partitioned table, with an index and a key like the parent's",
    schema: `CREATE TABLE p (id int NOT NULL, k int NOT NULL, v text, UNIQUE (id, k)) PARTITION BY RANGE (id); CREATE INDEX p_v ON p (v);
      CREATE TABLE x (id int NOT NULL, k int NOT NULL, v text) PARTITION BY LIST (k);
      CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1); CREATE TABLE x2 PARTITION OF x DEFAULT;`,
    rows: "INSERT INTO x SELECT n, n % 2, 'x' FROM generate_series(0, 99) AS n",
    migration: "ALTER TABLE p ATTACH PARTITION x FOR VALUES FROM (0) TO (100)",
  },
]
