/** An ALTER TABLE whose findings' steps, all in their order, end where the statement itself would have ended. */
export interface ActionCase {
  readonly title: string
  readonly schema: string
  readonly rows?: string
  readonly migration: string
  /** The rules that report it. */
  readonly rules: readonly string[]
  readonly since?: number
  readonly until?: number
}

export const orders = `CREATE TABLE orders (id int PRIMARY KEY, a int, b text, CONSTRAINT small CHECK (a > -1), UNIQUE (a));`
const fewOrders = "INSERT INTO orders SELECT n, n, 'x' FROM generate_series(1, 1200) AS n"
const heirs = "CREATE TABLE p (a int, b int); CREATE TABLE c () INHERITS (p);"
const fewHeirs = "INSERT INTO p SELECT n, n FROM generate_series(1, 1200) AS n; INSERT INTO c VALUES (NULL, NULL)"

export const actionCases: readonly ActionCase[] = [
  {
    title: "actions that no finding is about, before and behind",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders ADD COLUMN c int, ADD CONSTRAINT k CHECK (a > 0), ALTER b SET DEFAULT 'q', ALTER b SET STATISTICS 500",
    rules: ["check-constraint-scans-table"],
  },
  {
    title: "the type of a column that has another default in a partition, and a new default for both",
    schema: "CREATE TABLE m (id int, v int) PARTITION BY LIST (id); CREATE TABLE m_1 PARTITION OF m (v DEFAULT 7) FOR VALUES IN (1);",
    rows: "INSERT INTO m VALUES (1, 2)",
    migration: "ALTER TABLE m ALTER v TYPE bigint, ALTER v SET DEFAULT 9",
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "constraints of a table that the migration has emptied, which the steps have not",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a int);",
    rows: "INSERT INTO orders SELECT n, n FROM generate_series(1, 1200) AS n",
    migration: "TRUNCATE orders; ALTER TABLE orders ADD COLUMN c int NOT NULL, ADD CONSTRAINT pair UNIQUE (c, a), ADD CHECK (a > 0), ADD q int",
    rules: ["truncate-loses-data", "required-column-without-default"],
  },
  {
    title: "a primary key in place of one that goes along with its column",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, code uuid NOT NULL);",
    rows: "INSERT INTO orders SELECT n, md5(n::text)::uuid FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders ADD PRIMARY KEY (code), DROP COLUMN id",
    rules: ["primary-key-blocks-queries", "column-drop-breaks-code"],
  },
  {
    title: "a primary key on an index, in place of one that goes along with its column",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, code uuid NOT NULL); CREATE UNIQUE INDEX codes ON orders (code);",
    rows: "INSERT INTO orders SELECT n, md5(n::text)::uuid FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders ADD PRIMARY KEY USING INDEX codes, DROP COLUMN id",
    rules: ["column-drop-breaks-code"],
  },
  {
    title: "a type that needs no rewrite, in front of what a new CHECK says of the column",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a varchar(9) DEFAULT 'x', b int);",
    rows: "INSERT INTO orders SELECT n, n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders ADD CONSTRAINT k CHECK (length(a) > 0), ALTER a TYPE varchar(20), ALTER a DROP DEFAULT, ADD UNIQUE (a)",
    rules: ["check-constraint-scans-table", "unique-constraint-blocks-queries"],
  },
  {
    title: "a type that needs no rewrite, without the CHECK that would be checked again",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a varchar(9) DEFAULT 'x', b int, CONSTRAINT small CHECK (a <> 'y'), CONSTRAINT other CHECK (b > 0));",
    rows: "INSERT INTO orders SELECT n, n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders ALTER a TYPE varchar(20), ALTER a SET NOT NULL, ALTER a SET DEFAULT 'as long as that', DROP CONSTRAINT small, DROP CONSTRAINT other",
    rules: ["not-null-scans-table"],
  },
  {
    title: "another primary key in place of that of a column which goes",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a int NOT NULL);",
    rows: "INSERT INTO orders SELECT n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_pkey, DROP COLUMN id, ADD PRIMARY KEY (a), ADD c int",
    rules: ["column-drop-breaks-code", "primary-key-blocks-queries"],
  },
  {
    title: "the primary key of a column that another one of its name replaces",
    schema: "CREATE TABLE orders (id text PRIMARY KEY, b text);",
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_pkey, DROP COLUMN id, ADD COLUMN id serial, ADD CONSTRAINT orders_pkey PRIMARY KEY (id)",
    rules: ["column-drop-breaks-code", "column-add-rewrites-table", "primary-key-blocks-queries"],
  },
  {
    title: "a primary key with a column that another one of its name replaces, without work",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, b text NOT NULL UNIQUE);",
    rows: "INSERT INTO orders SELECT n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_pkey, DROP COLUMN b, ADD COLUMN b int NOT NULL DEFAULT 1, ADD PRIMARY KEY (id, b)",
    rules: ["column-drop-breaks-code", "primary-key-blocks-queries"],
  },
  {
    title: "constraints of a column that goes, beside a column that comes",
    schema: "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, a int REFERENCES customers, b int, CONSTRAINT apart CHECK (a > b), CONSTRAINT small CHECK (b > 0));",
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_a_fkey, DROP CONSTRAINT apart, DROP CONSTRAINT small, DROP COLUMN a, ADD COLUMN c text NOT NULL",
    rules: ["column-drop-breaks-code", "required-column-without-default"],
  },
  {
    title: "constraints on columns that others of their names replace",
    schema: `CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, a text CONSTRAINT one UNIQUE, b text CONSTRAINT small CHECK (b <> ''));`,
    migration: `ALTER TABLE orders DROP CONSTRAINT one, DROP CONSTRAINT small, DROP COLUMN a, DROP COLUMN b, ADD COLUMN a int, ADD COLUMN b int,
      ADD CONSTRAINT one UNIQUE (a), ADD CONSTRAINT small CHECK (b > 0), ADD FOREIGN KEY (a) REFERENCES customers`,
    rules: ["column-drop-breaks-code", "column-drop-breaks-code", "unique-constraint-blocks-queries", "check-constraint-scans-table", "foreign-key-blocks-writes"],
  },
  {
    title: "constraints without names while a table that had this one's name has theirs",
    schema: `CREATE TABLE orders (a int CHECK (a > 0) REFERENCES orders (a), UNIQUE (a)); ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (a int, b int);`,
    rows: "INSERT INTO orders SELECT n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders ADD CHECK (a > 0), ADD UNIQUE (a), ADD FOREIGN KEY (a) REFERENCES old_orders (a) NOT VALID",
    rules: ["check-constraint-scans-table", "unique-constraint-blocks-queries"],
  },
  {
    title: "another CHECK in place of that of a column which goes",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP CONSTRAINT small, DROP COLUMN a, ADD CONSTRAINT small CHECK (id > 0)",
    rules: ["column-drop-breaks-code", "check-constraint-scans-table"],
  },
  {
    title: "two findings",
    schema: `CREATE SCHEMA app; CREATE TABLE app."Orders" (id int PRIMARY KEY, a int);`,
    rows: `INSERT INTO app."Orders" SELECT n, n FROM generate_series(1, 1200) AS n`,
    migration: `alter table if exists app."Orders" add column c float default random(), ADD d int, add check (a > 0), alter a set default 1`,
    rules: ["column-add-rewrites-table", "check-constraint-scans-table"],
  },
  {
    title: "NOT VALID and VALIDATE",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders ADD CONSTRAINT k CHECK (a > 0) NOT VALID, ADD c int, VALIDATE CONSTRAINT k",
    rules: ["validation-holds-lock"],
  },
  {
    title: "a CHECK in place of another one of its name",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP CONSTRAINT small, ADD CONSTRAINT small CHECK (a > 0)",
    rules: ["check-constraint-scans-table"],
  },
  {
    title: "a unique key in place of another one of its name",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_a_key, ADD CONSTRAINT orders_a_key UNIQUE (b, a), ADD c int",
    rules: ["unique-constraint-blocks-queries"],
  },
  {
    title: "a unique key in place of another one whose derived name it gets",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_a_key, ADD UNIQUE (a) DEFERRABLE",
    rules: ["unique-constraint-blocks-queries"],
  },
  {
    title: "the primary key of a partitioned table in place of another one",
    schema: `CREATE TABLE m (id int NOT NULL, at date NOT NULL, CONSTRAINT mp PRIMARY KEY (at)) PARTITION BY RANGE (at);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
    rows: "INSERT INTO m SELECT n, date '2020-01-01' + n FROM generate_series(1, 300) AS n",
    migration: "ALTER TABLE m DROP CONSTRAINT mp, ADD CONSTRAINT mp PRIMARY KEY (at, id)",
    rules: ["primary-key-blocks-queries"],
  },
  {
    title: "a default that goes before its type, with the sequence that the column owns",
    schema: "CREATE TABLE g (id serial PRIMARY KEY, x int);",
    rows: "INSERT INTO g (x) SELECT generate_series(1, 1200)",
    migration: "ALTER TABLE g ALTER id DROP DEFAULT, ALTER id TYPE bigint",
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "comments between the actions",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders /* one */\n ADD COLUMN z int, -- two\n ADD CONSTRAINT k CHECK (a > 0) -- three\n , ALTER b SET DEFAULT 'it''s; -- no' -- four\n",
    rules: ["check-constraint-scans-table"],
  },
  {
    title: "a foreign key in place of another one",
    schema: `CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u SELECT generate_series(1, 1200); ${orders}
      ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES u;`,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_a_fkey, ADD FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE",
    rules: ["foreign-key-blocks-writes"],
  },
  {
    title: "a foreign key that is added before the one of its name is dropped, which the server does first",
    schema: `CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u SELECT generate_series(1, 1200); ${orders}
      ALTER TABLE orders ADD CONSTRAINT "by" FOREIGN KEY (a) REFERENCES u;`,
    rows: fewOrders,
    migration: `ALTER TABLE orders ADD CONSTRAINT "by" FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE, DROP CONSTRAINT IF EXISTS "by" CASCADE`,
    rules: ["foreign-key-blocks-writes"],
  },
  {
    title: "a foreign key of a column that the statement adds",
    schema: `CREATE TABLE u (id int PRIMARY KEY); ${orders}`,
    rows: fewOrders,
    migration: `ALTER TABLE orders ADD COLUMN IF NOT EXISTS "By" integer, ADD CONSTRAINT by_fk FOREIGN KEY ("By") REFERENCES u`,
    rules: ["foreign-key-blocks-writes"],
  },
  {
    title: "a CHECK of a column that the statement adds with a default",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders ADD CONSTRAINT sized CHECK (size < a + 9), ADD COLUMN size int NOT NULL DEFAULT 1",
    rules: ["check-constraint-scans-table"],
  },
  {
    title: "a column in place of another one of its name",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP COLUMN b, ADD COLUMN b int, ADD COLUMN c int",
    rules: ["column-drop-breaks-code"],
  },
  {
    title: "a type with another default",
    schema: "CREATE TABLE t (id int PRIMARY KEY, s text DEFAULT 'x' NOT NULL);",
    rows: "INSERT INTO t SELECT n, 5 FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE t ALTER s DROP DEFAULT, ALTER s TYPE int USING s::int, ALTER s SET DEFAULT 7, ADD q int",
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "a type with NOT NULL, which the rewrite would have checked in passing",
    schema: "CREATE TABLE t (id int PRIMARY KEY, s text);",
    rows: "INSERT INTO t SELECT n, 5 FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE t ALTER s TYPE int USING s::int, ALTER s SET NOT NULL",
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "types of two columns with their defaults, NOT NULL of two others and a new column",
    schema: `CREATE TABLE "T" (id int PRIMARY KEY, "a b" text DEFAULT 'x' NOT NULL, n int, c int, d int);`,
    rows: `INSERT INTO "T" SELECT n, 5, n, n, n FROM generate_series(1, 1200) AS n`,
    migration: `ALTER TABLE "T" ALTER "a b" DROP DEFAULT, ALTER "a b" TYPE int USING "a b"::int, ALTER c SET NOT NULL, ALTER n TYPE bigint, ALTER n SET DEFAULT 9,
      ALTER d SET NOT NULL, ADD q int`,
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "new columns that several rules speak of, one in place of another and one that is free",
    schema: orders,
    migration: `ALTER TABLE orders ADD t uuid NOT NULL DEFAULT gen_random_uuid(), DROP b, ADD "x y" int, ADD k serial, ADD b text NOT NULL, ADD u int UNIQUE,
      ADD v text NOT NULL`,
    rules: ["column-add-rewrites-table", "column-drop-breaks-code", "column-add-rewrites-table", "required-column-without-default", "column-add-scans-table", "required-column-without-default"],
  },
  {
    title: "checks, foreign keys and unique keys at once, most of them without names",
    schema: `CREATE SCHEMA app; CREATE TABLE app.p (id int PRIMARY KEY); CREATE TABLE app."T" (id int PRIMARY KEY, c int, "d d" int);`,
    rows: `INSERT INTO app.p SELECT generate_series(1, 1200); INSERT INTO app."T" SELECT n, n, n FROM generate_series(1, 1200) AS n`,
    migration: `ALTER TABLE app."T" ADD CHECK (c > 0), ADD CONSTRAINT "few" CHECK ("d d" < 5000) NO INHERIT, ADD CHECK (c < 9000), ADD FOREIGN KEY (c) REFERENCES app.p,
      ADD FOREIGN KEY (c) REFERENCES app."T" ON DELETE CASCADE, ADD UNIQUE (c, "d d"), ADD UNIQUE ("d d"), ADD e int`,
    rules: [
      "check-constraint-scans-table", "check-constraint-scans-table", "check-constraint-scans-table", "foreign-key-blocks-writes", "foreign-key-blocks-writes",
      "unique-constraint-blocks-queries", "unique-constraint-blocks-queries",
    ],
  },
  {
    title: "constraints of columns that come or get another type later in the statement",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a int, b text);",
    rows: "INSERT INTO orders SELECT n, n, n FROM generate_series(1, 1200) AS n",
    migration: `ALTER TABLE orders ADD "t t" float DEFAULT random(), ADD CHECK ("t t" <= u), ADD CONSTRAINT "A" CHECK (a < 2 ^ 40), ADD UNIQUE (a, b), ALTER a TYPE bigint,
      ADD u float DEFAULT 2 + random()`,
    rules: [
      "column-add-rewrites-table", "check-constraint-scans-table", "check-constraint-scans-table", "unique-constraint-blocks-queries", "type-change-blocks-queries",
      "column-add-rewrites-table",
    ],
  },
  {
    title: "NOT NULLs with and without a name, and a check",
    schema: orders,
    rows: fewOrders,
    migration: `ALTER TABLE orders ADD NOT NULL a, ADD CONSTRAINT "B" NOT NULL b, ADD CHECK (a > 0)`,
    rules: ["not-null-scans-table", "not-null-scans-table", "check-constraint-scans-table"],
    since: 18,
  },
  {
    title: "a type with a NOT NULL constraint that has a name, which the rewrite would have checked in passing",
    schema: "CREATE TABLE t (id int PRIMARY KEY, s text);",
    rows: "INSERT INTO t SELECT n, 5 FROM generate_series(1, 1200) AS n",
    migration: `ALTER TABLE t ADD CONSTRAINT "N n" NOT NULL s, ALTER s TYPE int USING s::int`,
    rules: ["not-null-scans-table", "type-change-blocks-queries"],
    since: 18,
  },
  {
    title: "checks in place of others, and one that is new",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a int, b int, CONSTRAINT small CHECK (a < 5000), CONSTRAINT low CHECK (b < 5000), UNIQUE (a));",
    rows: "INSERT INTO orders SELECT n, n, n FROM generate_series(1, 1200) AS n",
    migration: `ALTER TABLE orders DROP CONSTRAINT small, DROP CONSTRAINT low, ADD CONSTRAINT small CHECK (a < 9000), ADD CONSTRAINT "Low" CHECK (b < 9000), ADD CHECK (id > 0),
      DROP CONSTRAINT orders_a_key, ADD UNIQUE (a, b)`,
    rules: ["check-constraint-scans-table", "check-constraint-scans-table", "check-constraint-scans-table", "unique-constraint-blocks-queries"],
  },
  {
    title: "foreign keys of a partitioned table",
    schema: `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE m (at date, v int, w int) PARTITION BY RANGE (at); CREATE INDEX m_v ON m (v); CREATE INDEX m_w ON m (w);
      CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
    rows: `INSERT INTO p VALUES (1); INSERT INTO m VALUES ('2020-05-05', 1, 1)`,
    migration: "ALTER TABLE m ADD FOREIGN KEY (v) REFERENCES p, ADD FOREIGN KEY (w) REFERENCES p, ADD CHECK (v < w + 5), ADD CHECK (v > 0)",
    rules: ["foreign-key-blocks-writes", "foreign-key-blocks-writes", "check-constraint-scans-table", "check-constraint-scans-table"],
  },
  {
    title: "types of columns that become NOT NULL, and one that is already",
    schema: "CREATE TABLE t (id int PRIMARY KEY, s text, n int NOT NULL DEFAULT 1, \"M m\" int CHECK (\"M m\" > 0));",
    rows: "INSERT INTO t SELECT n, 5, n, n FROM generate_series(1, 1200) AS n",
    migration: `ALTER TABLE t ALTER "M m" SET NOT NULL, ALTER s TYPE int USING s::int, ALTER s SET NOT NULL, ALTER n TYPE bigint, ALTER n SET NOT NULL, ALTER "M m" TYPE bigint`,
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "a default for the rows that NOT NULL would refuse",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders ALTER a SET NOT NULL, ALTER a SET DEFAULT 0",
    rules: ["not-null-scans-table"],
  },
  {
    title: "NOT NULL of a parent ONLY",
    schema: heirs,
    rows: fewHeirs,
    migration: "ALTER TABLE ONLY p ALTER a SET NOT NULL, ALTER b SET NOT NULL",
    rules: ["not-null-scans-table"],
  },
  {
    title: "a required column in place of another one of its name",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a text, b text, UNIQUE (a));",
    migration: `ALTER TABLE orders DROP COLUMN a, ADD COLUMN "a" int NOT NULL UNIQUE, ALTER b SET DEFAULT 'q'`,
    rules: ["column-drop-breaks-code", "required-column-without-default"],
  },
  {
    title: "columns in place of others, and one that only goes",
    schema: "CREATE TABLE orders (id int PRIMARY KEY, a text NOT NULL, b text NOT NULL CHECK (b <> ''), c text);",
    rows: "INSERT INTO orders SELECT n, 'x', 'y', 'z' FROM generate_series(1, 1200) AS n",
    migration:
      "ALTER TABLE orders DROP COLUMN c, DROP COLUMN a, DROP COLUMN b, ADD COLUMN a float NOT NULL DEFAULT random(), ADD COLUMN b int DEFAULT 1 NOT NULL CHECK (b > 0)",
    rules: ["column-drop-breaks-code", "column-drop-breaks-code", "column-drop-breaks-code", "column-add-rewrites-table", "column-add-scans-table"],
  },
  {
    title: "a primary key of a parent ONLY",
    schema: heirs,
    rows: fewHeirs,
    migration: "ALTER TABLE ONLY p ADD PRIMARY KEY (a)",
    rules: ["primary-key-blocks-queries"],
    // From 18 on the columns have to be NOT NULL in all heirs.
    until: 17,
  },
  {
    title: "unique keys in place of others, with more columns than go into a name",
    schema: `CREATE TABLE relation_between (of_object text, of_relation text, to_subject text, to_relation text, made_by int, left_by int,
        CONSTRAINT one UNIQUE (of_object, of_relation, to_subject, to_relation, made_by), CONSTRAINT other UNIQUE (of_object, of_relation, to_subject, left_by));`,
    rows: "INSERT INTO relation_between SELECT n, n, n, n, n, n FROM generate_series(1, 1200) AS n",
    migration: `ALTER TABLE relation_between DROP CONSTRAINT one, DROP CONSTRAINT other, ADD CONSTRAINT one UNIQUE (of_object, of_relation, to_subject, to_relation, left_by),
      ADD CONSTRAINT other UNIQUE (of_object, of_relation, to_subject, to_relation)`,
    rules: ["unique-constraint-blocks-queries", "unique-constraint-blocks-queries"],
  },
  {
    title: "another type with another foreign key and another CHECK, which fit only that type",
    schema: `CREATE TABLE old_u (id text PRIMARY KEY); INSERT INTO old_u SELECT generate_series(1, 1200); CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u SELECT generate_series(1, 1200);
      CREATE TABLE orders (id int PRIMARY KEY, a text NOT NULL REFERENCES old_u, b text, CONSTRAINT short CHECK (length(a) < 9 AND b <> 'x'), CONSTRAINT "B" CHECK (b <> 'y'));
      CREATE INDEX orders_a_idx ON orders (a);`,
    rows: "INSERT INTO orders SELECT n, n, 'z' FROM generate_series(1, 1200) AS n",
    migration: `ALTER TABLE orders DROP CONSTRAINT orders_a_fkey, ALTER a TYPE int USING a::int, ADD CONSTRAINT orders_a_fkey FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE,
      DROP CONSTRAINT short, ADD CONSTRAINT short CHECK (a < 9000), DROP CONSTRAINT "B"`,
    rules: ["type-change-blocks-queries", "foreign-key-blocks-writes", "check-constraint-scans-table"],
  },
  {
    title: "a foreign key that goes with the type that it fits",
    schema: `CREATE TABLE u (id text PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, a text REFERENCES u);`,
    rows: "INSERT INTO u SELECT generate_series(1, 1200); INSERT INTO orders SELECT n, n FROM generate_series(1, 1200) AS n",
    migration: "ALTER TABLE orders DROP CONSTRAINT orders_a_fkey, ALTER a TYPE int USING a::int",
    rules: ["type-change-blocks-queries"],
  },
  {
    title: "a foreign key in place of one to another table, and one of a column that no finding is about",
    schema: "CREATE TABLE old_u (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE v (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, a int CONSTRAINT fk REFERENCES old_u);",
    migration: "ALTER TABLE orders DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u, ADD COLUMN c int REFERENCES v",
    rules: ["foreign-key-blocks-writes"],
  },
  {
    title: "a column in place of one that may be there and is not",
    schema: orders,
    rows: fewOrders,
    migration: "ALTER TABLE orders DROP COLUMN IF EXISTS nr, ADD COLUMN nr bigserial, ADD CONSTRAINT one UNIQUE (nr), ADD c int",
    rules: ["column-add-rewrites-table", "unique-constraint-blocks-queries"],
  },
]
