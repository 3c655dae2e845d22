-- statistics need types with an order, also after a change of type
CREATE TABLE t (a int, b int, c int, d int, j json);
CREATE TYPE co AS (x int, y json);
CREATE TYPE ok AS (x int, y text);
CREATE DOMAIN dj AS json;
ALTER TABLE t ADD COLUMN co co, ADD COLUMN ok ok, ADD COLUMN dj dj, ADD COLUMN ja json[], ADD COLUMN oka ok[];
CREATE STATISTICS no ON a, co FROM t;
CREATE STATISTICS no ON a, dj FROM t;
CREATE STATISTICS no ON a, ja FROM t;
CREATE STATISTICS st ON a, ok, oka FROM t;
ALTER TABLE t ALTER COLUMN a TYPE json USING NULL;
CREATE STATISTICS st2 ON b, c FROM t;
ALTER TABLE t ALTER COLUMN b TYPE xml USING NULL, DROP COLUMN c;
ALTER TABLE t ALTER COLUMN d TYPE json USING NULL;
ALTER TABLE t ALTER COLUMN oka TYPE co[] USING NULL;
ALTER TABLE t ALTER COLUMN a TYPE bigint;
-- statistics of a child need types with an order
CREATE TABLE p (a int, b int);
CREATE TABLE h (c int) INHERITS (p);
CREATE STATISTICS st ON a, c FROM h;
ALTER TABLE ONLY p ALTER COLUMN a TYPE json USING NULL;
ALTER TABLE p ALTER COLUMN a TYPE json USING NULL;
CREATE INDEX i ON h (b);
ALTER TABLE p ALTER COLUMN b TYPE json USING NULL;
-- statistics of a typed table need types with an order
CREATE TYPE ty AS (a int, b int);
CREATE TABLE o OF ty;
CREATE STATISTICS st ON a, b FROM o;
ALTER TYPE ty ALTER ATTRIBUTE a TYPE json CASCADE;
ALTER TYPE ty ALTER ATTRIBUTE a TYPE text CASCADE;
-- statistics on expressions read any type
CREATE TABLE t (a int, b int, j json);
CREATE STATISTICS st ON (j ->> 'x'), a FROM t;
CREATE STATISTICS ON (j ->> 'y'), (a + 1) FROM t;
DROP STATISTICS t_expr_expr_stat;
CREATE STATISTICS ON a, b, (a + b) FROM t;
DROP STATISTICS t_a_b_expr_stat;
ALTER TABLE t RENAME COLUMN j TO k;
ALTER TABLE t DROP COLUMN k;
DROP STATISTICS st;
-- the columns of typed tables follow their attribute as by assignment
CREATE TYPE ty AS (a int, b text, c int);
CREATE TABLE o OF ty;
ALTER TYPE ty ALTER ATTRIBUTE a TYPE json CASCADE;
ALTER TYPE ty ALTER ATTRIBUTE b TYPE int CASCADE;
ALTER TABLE o ALTER COLUMN c SET DEFAULT 1;
ALTER TYPE ty ALTER ATTRIBUTE c TYPE boolean CASCADE;
ALTER TYPE ty ALTER ATTRIBUTE c TYPE date CASCADE;
ALTER TYPE ty ALTER ATTRIBUTE c TYPE text CASCADE;
ALTER TYPE ty ALTER ATTRIBUTE c TYPE text CASCADE;
-- a child's default has to follow its parent's column
CREATE TABLE p (a text);
CREATE TABLE h (c int) INHERITS (p);
ALTER TABLE h ALTER COLUMN a SET DEFAULT 'x';
ALTER TABLE p ALTER COLUMN a TYPE int USING 1;
ALTER TABLE h ALTER COLUMN a SET DEFAULT 1;
ALTER TABLE p ALTER COLUMN a TYPE int USING 1;

-- the default of a domain is computed for each row when it is volatile, from 13 on
CREATE TABLE t (a int);
CREATE DOMAIN r AS float8 DEFAULT random();
CREATE DOMAIN r2 AS r;
CREATE DOMAIN r3 AS r DEFAULT NULL;
CREATE DOMAIN k AS timestamptz DEFAULT now();
CREATE DOMAIN five AS int DEFAULT 5;
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE DOMAIN df AS int DEFAULT f();
ALTER TABLE t ADD COLUMN b r;
ALTER TABLE t ADD COLUMN c r2;
ALTER TABLE t ADD COLUMN d r3;
ALTER TABLE t ADD COLUMN e k;
ALTER TABLE t ADD COLUMN f five;
ALTER TABLE t ADD COLUMN g df;
ALTER TABLE t ADD COLUMN h five NOT NULL;
ALTER TABLE t ADD COLUMN i r NOT NULL;
ALTER TABLE t ADD COLUMN j r DEFAULT 1;
ALTER TABLE t ADD COLUMN k r[];

-- the NOT NULL of a domain has a name from 17 on
CREATE DOMAIN named AS int CONSTRAINT filled NOT NULL;
CREATE DOMAIN unnamed AS int NOT NULL;
ALTER DOMAIN unnamed DROP CONSTRAINT IF EXISTS other;

-- a range type brings its multirange type
CREATE DOMAIN bad AS nosuch[];
CREATE TYPE textrange AS RANGE (subtype = text);
CREATE TABLE t (a textrange);

-- a multirange type is there from 14 on
-- except 11 12 13: there are none
CREATE TYPE textrange AS RANGE (subtype = text);
CREATE TABLE t (a textmultirange);
-- types without a length or precision
CREATE TABLE t (a varchar(5)[], b char(3), c numeric(10,2)[], d timestamp(3)[], e varchar(5)[], f char(3)[], g char(3));
CREATE INDEX ON t (b);
CREATE INDEX ON t USING gin (a);
ALTER TABLE t ALTER a TYPE varchar[], ALTER c TYPE numeric[], ALTER d TYPE timestamp[];
ALTER TABLE t ALTER b TYPE bpchar;
ALTER TABLE t ALTER f TYPE bpchar[];
ALTER TABLE t ALTER b TYPE char(3);
ALTER TABLE t ALTER g TYPE char;
ALTER TABLE t ALTER e TYPE varchar(9)[];
ALTER TABLE t ALTER e TYPE varchar(4)[];
ALTER TABLE t ALTER e TYPE text[];
-- time zones without an offset
CREATE TABLE t (a timestamp);
SET TIME ZONE '+0';
ALTER TABLE t ALTER a TYPE timestamptz;
SET TIME ZONE '00:00';
ALTER TABLE t ALTER a TYPE timestamp;
SET TIME ZONE 'UTC0';
ALTER TABLE t ALTER a TYPE timestamptz;
SET TIME ZONE 0.0;
ALTER TABLE t ALTER a TYPE timestamp;
SET TIME ZONE '-00';
ALTER TABLE t ALTER a TYPE timestamptz;
SET TIME ZONE 'Etc/GMT-0';
ALTER TABLE t ALTER a TYPE timestamp;
SET TIME ZONE 'EST+0';
ALTER TABLE t ALTER a TYPE timestamptz;
SET TIME ZONE 'GMT0BST';
ALTER TABLE t ALTER a TYPE timestamp;
SET TIME ZONE '+00:30';
ALTER TABLE t ALTER a TYPE timestamptz;
SET TIME ZONE 'Etc/GMT-1';
ALTER TABLE t ALTER a TYPE timestamp;
-- indexes that store something else than their column
CREATE TYPE state AS ENUM ('a');
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (a text[], b int4range, c state, d tsvector, e jsonb, f varchar(5)[], g int, h span);
CREATE INDEX ON t USING gist (b);
CREATE INDEX ON t USING spgist (b);
CREATE INDEX ON t (c);
CREATE INDEX ON t USING gin (d);
CREATE INDEX ON t USING gin (e jsonb_path_ops);
CREATE INDEX ON t USING brin (g);
CREATE INDEX ON t USING hash (g);
CREATE INDEX ON t (f);
ALTER TABLE t ALTER b TYPE int4range, ALTER c TYPE state, ALTER d TYPE tsvector, ALTER e TYPE jsonb, ALTER g TYPE int;
ALTER TABLE t ALTER f TYPE varchar[];
CREATE INDEX t_a ON t USING hash (a);
ALTER TABLE t ALTER a TYPE text[];
DROP INDEX t_a;
CREATE INDEX t_a ON t USING gin (a array_ops);
ALTER TABLE t ALTER a TYPE text[];
CREATE INDEX t_b ON t USING hash (b);
ALTER TABLE t ALTER b TYPE int4range;
CREATE INDEX ON t USING hash (c);
ALTER TABLE t ALTER c TYPE state;
CREATE INDEX ON t USING hash (h);
ALTER TABLE t ALTER h TYPE span;
CREATE INDEX ON t USING gin (f);
ALTER TABLE t ALTER f TYPE varchar[];

-- more digits of a second than the server keeps
CREATE TABLE t (a timestamp(9), b time(8), c interval(7), d timestamptz(7), e timestamp(6));
ALTER TABLE t ALTER a TYPE timestamp(6);
ALTER TABLE t ALTER a TYPE timestamp(7);
ALTER TABLE t ALTER b TYPE time;
ALTER TABLE t ALTER c TYPE interval(6);
ALTER TABLE t ALTER d TYPE timestamptz;
ALTER TABLE t ALTER e TYPE timestamp(9);
ALTER TABLE t ADD COLUMN x interval(9);
ALTER TABLE t ALTER x TYPE interval;

-- dropping a type with its columns: enum, its array, defaults
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, c e DEFAULT 'a', d e[] DEFAULT '{a}', f text DEFAULT 'a'::e::text, g e[][] NOT NULL DEFAULT ARRAY[]::e[]);
CREATE INDEX t_d ON t USING gin (d);
CREATE INDEX t_c ON t (c);
CREATE INDEX t_x ON t ((c::text));
ALTER TABLE t ADD CHECK (c <> 'b');
DROP TYPE e;
DROP TYPE e CASCADE;
INSERT INTO t (id) VALUES (1);

-- dropping a type with its columns: a default that names the type
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, f text DEFAULT 'a'::e);
DROP TYPE e;
DROP TYPE e CASCADE;

-- dropping a type with its columns: domains over it
CREATE TYPE e AS ENUM ('a', 'b');
CREATE DOMAIN d AS e;
CREATE DOMAIN da AS e[] DEFAULT '{}';
CREATE TABLE t (id int PRIMARY KEY, a d, b da DEFAULT '{a}', c d[]);
DROP TYPE e;
DROP TYPE e CASCADE;

-- dropping a type with its columns: composites and their arrays
CREATE TYPE p AS (x int, y text);
CREATE TYPE q AS (o p, r p[]);
CREATE TABLE t (id int PRIMARY KEY, a p, b p[] DEFAULT '{}', c q);
DROP TYPE p;
DROP TYPE p CASCADE;

-- dropping a type with its columns: partitions and children
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE p (id int, c e[] DEFAULT '{a}') PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE i (a int, c e DEFAULT 'b');
CREATE TABLE i1 (b int) INHERITS (i);
DROP TYPE e;
DROP TYPE e CASCADE;

-- dropping a type with its columns: partitioned by it
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE p (id int, c e) PARTITION BY LIST (c);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
DROP TYPE e CASCADE;

-- dropping a type with its columns: ranges
CREATE TYPE r AS RANGE (subtype = int8);
CREATE TABLE t (id int PRIMARY KEY, a r, b r[] DEFAULT '{}');
DROP TYPE r;
DROP TYPE r CASCADE;

-- dropping a type with its columns: domain with an array
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (id int PRIMARY KEY, a d DEFAULT 1, b d[] DEFAULT '{1}');
DROP DOMAIN d;
DROP DOMAIN d CASCADE;

-- dropping a type with its columns: rows of a table
CREATE TABLE o (x int);
CREATE TABLE t (id int PRIMARY KEY, a o, b o[] DEFAULT '{}');
DROP TABLE o;
DROP TABLE o CASCADE;

-- a type that the default of a changed column still names
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, c e DEFAULT 'a', n e);
ALTER TABLE t ALTER n TYPE text;
ALTER TABLE t ALTER c TYPE text;
DROP TYPE e;
ALTER TABLE t ALTER c SET DEFAULT 'a';
DROP TYPE e;

-- a type that the default of a changed column still names, with USING
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE e2 AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int PRIMARY KEY, c e DEFAULT 'a');
ALTER TABLE t ALTER c TYPE e2 USING c::text::e2;
ALTER TABLE t ALTER c DROP DEFAULT, ALTER c TYPE e2 USING c::text::e2, ALTER c SET DEFAULT 'a';
DROP TYPE e;

-- a type that the default of a changed column still names, array
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, c e[] DEFAULT '{}');
ALTER TABLE t ALTER c TYPE text[] USING c::text[];
DROP TYPE e;
ALTER TABLE t ALTER c DROP DEFAULT;
DROP TYPE e;

-- a type that the default of a changed column still names, check
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, c e CHECK (c <> 'b'));
ALTER TABLE t ALTER c TYPE text;

-- a type that the default of a changed column still names, index
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, c e);
CREATE INDEX ti ON t (id) WHERE c = 'b';
ALTER TABLE t ALTER c TYPE text;

-- a type that the default of a changed column still names, domain
CREATE DOMAIN e AS text CHECK (VALUE <> '');
CREATE TABLE t (id int PRIMARY KEY, c e DEFAULT 'a' CHECK (c <> 'b'));
ALTER TABLE t ALTER c TYPE text;
DROP DOMAIN e;
CREATE TABLE u (id int PRIMARY KEY, c e DEFAULT 'a');
ALTER TABLE u ALTER c TYPE text;
DROP DOMAIN e;

-- a type that the default of a changed column still names, new default at once
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, c e DEFAULT 'a');
ALTER TABLE t ALTER c TYPE text, ALTER c SET DEFAULT 'a';
DROP TYPE e;

-- conditions keep the type that a column had when they were made
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TYPE feeling AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int CHECK (id > 0), m mood, s text CHECK (s IN ('a', 'b')), v varchar(20) CHECK (v = 'a'), n numeric CHECK (n > 0), o text CHECK (o = 'a' OR o = 'b'), b bool CHECK (b = true), f int CHECK (f > 0.5));
CREATE INDEX i ON t (id) WHERE m = 'b';
ALTER TABLE t ALTER m TYPE text;
ALTER TABLE t ALTER m TYPE feeling USING m::text::feeling;
ALTER TABLE t ALTER s TYPE mood USING s::mood;
ALTER TABLE t ALTER s TYPE char(5);
ALTER TABLE t ALTER v TYPE mood USING v::mood;
ALTER TABLE t ALTER id TYPE text;
ALTER TABLE t ALTER id TYPE varchar(5);
ALTER TABLE t ALTER id TYPE numeric;
ALTER TABLE t ALTER o TYPE int USING 1;
ALTER TABLE t ALTER b TYPE int USING 1;
ALTER TABLE t ALTER f TYPE text;
ALTER TABLE t ALTER n TYPE int;
ALTER TABLE t ALTER n TYPE text;
ALTER TABLE t DROP CONSTRAINT t_o_check, ALTER o TYPE int USING 1;
DROP INDEX i;
ALTER TABLE t ALTER m TYPE feeling USING m::text::feeling;

-- predicates of indexes over times with and without a zone
CREATE TABLE t (id int, d date CHECK (d > '2020-01-01'), ts timestamp CHECK (ts > '2020-01-01'), tz timestamptz);
CREATE INDEX i ON t (id) WHERE ts > '2020-01-01';
CREATE INDEX j ON t (id) WHERE tz > '2020-01-01';
ALTER TABLE t ALTER ts TYPE timestamptz;
ALTER TABLE t ALTER ts TYPE date;
ALTER TABLE t ALTER tz TYPE timestamp;
ALTER TABLE t ALTER d TYPE timestamptz;
DROP INDEX i;
ALTER TABLE t ALTER ts TYPE timestamptz;

-- casts and operators of their own
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int, a varchar, b text, c mood);
ALTER TABLE t ALTER a TYPE mood;
CREATE CAST (varchar AS mood) WITH INOUT AS ASSIGNMENT;
ALTER TABLE t ALTER a TYPE mood;

-- a function that a domain calls
CREATE FUNCTION is_mail(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN mail AS text CHECK (is_mail(VALUE));
CREATE TABLE t (a mail);
DROP FUNCTION is_mail(text);
ALTER FUNCTION is_mail(text) RENAME TO is_address;
DROP FUNCTION is_address(text);
DROP FUNCTION is_address(text) CASCADE;
ALTER DOMAIN mail ADD CHECK (VALUE <> '');
