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

-- domains over domains
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN small AS positive CHECK (VALUE < 100) DEFAULT 5;
CREATE TABLE t (id int PRIMARY KEY, a small, b positive[]);
ALTER DOMAIN positive ADD CONSTRAINT even CHECK (VALUE % 2 = 0);
ALTER DOMAIN small ADD CONSTRAINT even CHECK (VALUE % 2 = 0);
ALTER DOMAIN small ADD CONSTRAINT odd CHECK (VALUE % 2 = 1) NOT VALID;
ALTER DOMAIN small VALIDATE CONSTRAINT odd;
ALTER DOMAIN small VALIDATE CONSTRAINT missing;
ALTER DOMAIN small SET NOT NULL;
ALTER TABLE t ADD c small;
ALTER TABLE t ADD c small NOT NULL DEFAULT 6;
ALTER DOMAIN small DROP NOT NULL;
ALTER DOMAIN small SET DEFAULT 7;
ALTER DOMAIN small SET DEFAULT 'x';
ALTER DOMAIN small DROP DEFAULT;
ALTER DOMAIN small DROP CONSTRAINT odd;
ALTER DOMAIN small DROP CONSTRAINT odd;
ALTER DOMAIN small DROP CONSTRAINT IF EXISTS odd;
ALTER DOMAIN small RENAME CONSTRAINT even TO evn;
ALTER DOMAIN small RENAME CONSTRAINT even TO evn;
ALTER DOMAIN small ADD CONSTRAINT evn CHECK (VALUE > 1);
ALTER DOMAIN small ADD CONSTRAINT z CHECK (missing > 1);
ALTER DOMAIN small ADD CONSTRAINT z UNIQUE;
ALTER DOMAIN small ADD CONSTRAINT z NOT NULL;
ALTER DOMAIN small DROP CONSTRAINT z;
ALTER DOMAIN small RENAME TO tiny;
ALTER TYPE tiny RENAME TO tinier;
ALTER DOMAIN tinier SET SCHEMA missing;
CREATE SCHEMA s;
ALTER DOMAIN tinier SET SCHEMA s;
ALTER DOMAIN s.tinier OWNER TO CURRENT_USER;
DROP DOMAIN positive;
DROP DOMAIN s.tinier;
DROP DOMAIN s.tinier CASCADE;
DROP TYPE positive CASCADE;
CREATE DOMAIN d AS missing;
CREATE DOMAIN d AS int DEFAULT 'x';
CREATE DOMAIN d AS text COLLATE "C" CHECK (VALUE <> '');
CREATE DOMAIN d2 AS int COLLATE "C";
CREATE DOMAIN d2 AS text CHECK (VALUE <> '') CONSTRAINT named CHECK (length(VALUE) < 10);
CREATE DOMAIN d2 AS text;
ALTER DOMAIN t ADD CHECK (true);
CREATE DOMAIN d3 AS text CHECK (length(missing) > 1);
CREATE DOMAIN d3 AS text CHECK (VALUE IN (SELECT 'x'));
CREATE DOMAIN d3 AS text CONSTRAINT nn NOT NULL CHECK (VALUE <> '') NOT VALID;

-- enum values
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE mood2 AS ENUM ('sad', 'sad');
CREATE TYPE mood2 AS ENUM ();
ALTER TYPE mood ADD VALUE 'happy';
ALTER TYPE mood ADD VALUE 'happy';
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy';
ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok';
ALTER TYPE mood ADD VALUE 'x' AFTER 'missing';
ALTER TYPE mood RENAME VALUE 'meh' TO 'so-so';
ALTER TYPE mood RENAME VALUE 'meh' TO 'so-so';
ALTER TYPE mood RENAME VALUE 'ok' TO 'sad';
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'ok', ms mood[] DEFAULT '{ok}');
CREATE INDEX ON t (m) WHERE m = 'happy';
ALTER TABLE t ALTER m SET DEFAULT 'missing';
ALTER TABLE t ALTER m SET DEFAULT 'happy';
ALTER TYPE mood RENAME VALUE 'happy' TO 'glad';
ALTER TABLE t ADD COLUMN m2 mood DEFAULT 'happy';
ALTER TABLE t ADD COLUMN m2 mood DEFAULT 'glad';
ALTER TABLE t ADD CHECK (m <> 'happy');
ALTER TABLE t ADD CHECK (m IN ('glad', 'sad'));
ALTER TYPE mood RENAME TO feeling;
CREATE TYPE mood AS ENUM ('sad', 'glad');
ALTER TABLE t ALTER m TYPE mood USING m::text::mood;
ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE mood USING m::text::mood;
ALTER TABLE t DROP CONSTRAINT t_m_check;
DROP INDEX t_m_idx;
ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE mood USING m::text::mood, ALTER m SET DEFAULT 'sad';
ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE text USING m::text, ALTER m SET DEFAULT 'sad';
ALTER TABLE t ALTER m TYPE mood;
ALTER TABLE t ALTER m TYPE mood USING m::mood;
ALTER TABLE t ALTER ms TYPE mood[] USING ms::text[]::mood[];
ALTER TABLE t ALTER ms DROP DEFAULT;
ALTER TABLE t ALTER ms TYPE mood[] USING ms::text[]::mood[];
DROP TYPE feeling;
DROP TYPE feeling CASCADE;
DROP TYPE mood CASCADE;
DROP TYPE IF EXISTS mood;
ALTER TYPE mood ADD VALUE 'x';

-- composite types that tables use
CREATE TYPE address AS (street text, zip text);
CREATE TYPE person AS (name text, home address);
CREATE TABLE t (id int PRIMARY KEY, home address, people person[]);
ALTER TYPE address ADD ATTRIBUTE city text;
ALTER TYPE address DROP ATTRIBUTE zip;
ALTER TYPE address DROP ATTRIBUTE zip;
ALTER TYPE address DROP ATTRIBUTE IF EXISTS zip;
ALTER TYPE address ALTER ATTRIBUTE street TYPE varchar(10);
ALTER TYPE address RENAME ATTRIBUTE street TO road;
ALTER TYPE address RENAME ATTRIBUTE street TO road;
ALTER TYPE address ADD ATTRIBUTE road text;
ALTER TYPE address ADD ATTRIBUTE x missing;
CREATE INDEX ON t ((t.home).road);
CREATE INDEX ON t (((home).road));
ALTER TYPE address RENAME ATTRIBUTE road TO street;
DROP TYPE address;
DROP TYPE person;
ALTER TYPE person SET SCHEMA missing;
ALTER TABLE t DROP COLUMN people;
DROP TYPE person;
ALTER TABLE t ADD COLUMN c address DEFAULT ROW('a', 'b');
ALTER TABLE t ADD COLUMN c address DEFAULT ROW('a', 'b')::address;
CREATE TYPE dup AS (a int, a text);
CREATE TYPE empty AS ();
CREATE TYPE address AS (a int);
CREATE TABLE typed OF address;
CREATE TABLE typed2 OF address (street NOT NULL, missing WITH OPTIONS DEFAULT 1);
ALTER TYPE address ADD ATTRIBUTE x int;
ALTER TYPE address ADD ATTRIBUTE x int CASCADE;
DROP TYPE address CASCADE;

-- ranges and multiranges
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE t (id int PRIMARY KEY, r floatrange, d daterange, i int4range DEFAULT '[1,10)');
CREATE INDEX ON t USING gist (d);
CREATE INDEX ON t (r);
ALTER TABLE t ADD EXCLUDE USING gist (d WITH &&);
ALTER TABLE t ADD EXCLUDE USING gist (id WITH =, d WITH &&);
ALTER TABLE t ADD EXCLUDE USING btree (id WITH =);
ALTER TABLE t ADD EXCLUDE USING gist (missing WITH &&);
ALTER TABLE t ALTER d TYPE tsrange;
ALTER TABLE t ALTER d TYPE tsrange USING tsrange(lower(d), upper(d));
ALTER TABLE t ALTER i TYPE int8range;
ALTER TABLE t ALTER i DROP DEFAULT, ALTER i TYPE int8range USING int8range(lower(i), upper(i));
ALTER TABLE t ADD COLUMN lower float8 GENERATED ALWAYS AS (lower(r)) STORED;
CREATE TYPE r2 AS RANGE (subtype = floatrange);
CREATE TYPE floatrange AS RANGE (subtype = float8);
DROP TYPE floatrange;
DROP TYPE floatmultirange;
ALTER TYPE floatrange RENAME TO fr;
DROP TYPE fr CASCADE;

-- a type goes with what casts to it
CREATE TYPE e AS ENUM ('a', 'b');
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (id int PRIMARY KEY, a text, b int DEFAULT (1::d), c text, CONSTRAINT ck CHECK (a = ('a'::e)::text));
CREATE VIEW v AS SELECT id, a::e AS ae FROM t;
DROP TYPE e;
DROP VIEW v;
DROP TYPE e;
ALTER TABLE t DROP CONSTRAINT ck;
CREATE VIEW v1 AS SELECT id FROM t WHERE a = ('a'::e)::text;
CREATE VIEW v2 AS SELECT id FROM v1;
DROP TYPE e;
DROP VIEW v1 CASCADE;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a::e = 'a');
DROP TYPE e;
DROP POLICY p ON t;
CREATE VIEW v3 AS SELECT id, ARRAY['a']::e[] AS es FROM t;
DROP TYPE e;
DROP VIEW v3;
ALTER TYPE e RENAME TO f;
DROP TYPE f;
DROP DOMAIN d;
DROP DOMAIN d CASCADE;

-- CASCADE takes along what casts to a type
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, a text, CONSTRAINT ck CHECK (a = ('a'::e)::text));
CREATE TABLE u (id int PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a::e AS ae FROM t;
CREATE VIEW w AS SELECT id FROM v;
CREATE MATERIALIZED VIEW m AS SELECT id FROM u WHERE a = ('a'::e)::text;
CREATE POLICY p ON u USING (a::e = 'a') WITH CHECK (a <> '');
DROP TYPE e CASCADE;
SELECT * FROM v;
SELECT * FROM w;
DROP POLICY p ON u;
ALTER TABLE t DROP CONSTRAINT ck;

-- generated columns and partitions that cast to a type
-- except 11: it has no generated columns.
CREATE TYPE e AS ENUM ('a', 'b');
CREATE FUNCTION to_e(text) RETURNS e LANGUAGE sql IMMUTABLE AS $$ SELECT $1::e $$;
CREATE TABLE t (id int PRIMARY KEY, a text, g bool GENERATED ALWAYS AS ('a'::e = 'b'::e) STORED);
CREATE TABLE p (id int, a text, CHECK (a <> ('b'::e)::text)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
DROP TYPE e;
DROP FUNCTION to_e(text);
DROP TYPE e;
DROP TYPE e CASCADE;
ALTER TABLE t DROP COLUMN g;
ALTER TABLE p DROP CONSTRAINT p_a_check;

-- a policy goes with one of several functions, and no longer keeps a type
CREATE TYPE k AS ENUM ('a');
CREATE TABLE t (id uuid PRIMARY KEY);
CREATE FUNCTION allowed(uuid, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION allowed(uuid, text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION ident(k[], uuid) RETURNS uuid LANGUAGE sql AS 'SELECT $2';
CREATE POLICY p ON t USING (ident('{a}'::k[], id) = id);
DROP TYPE k;
DROP FUNCTION ident(k[], uuid);
DROP FUNCTION ident(k[], uuid) CASCADE;
DROP TYPE k;

-- multiranges by their names
-- except 11 12 13: there are none
CREATE SCHEMA s;
CREATE TYPE fr AS RANGE (subtype = float8);
CREATE TYPE tr AS RANGE (subtype = text, multirange_type_name = s.many);
CREATE TABLE t (id int);
ALTER TABLE t ADD COLUMN a fr_multirange, ADD COLUMN b s.many;
ALTER TABLE t ADD COLUMN c frmultirange;
CREATE TYPE x_multirange AS ENUM ('a');
CREATE TYPE x AS RANGE (subtype = text);
CREATE TABLE ymultirange (id int);
CREATE TYPE yrange AS RANGE (subtype = text);
ALTER TYPE fr SET SCHEMA s;
ALTER TYPE fr_multirange RENAME TO frs;
ALTER TABLE t ADD COLUMN d frs DEFAULT '{}', ADD COLUMN e s.fr;
ALTER TABLE t ALTER COLUMN a TYPE frs;
CREATE INDEX ON t USING hash (a);
ALTER TABLE t ALTER COLUMN a TYPE frs;
DROP TYPE frs;
DROP TYPE frs CASCADE;
DROP TYPE s.fr;
DROP TYPE tr;
ALTER TABLE t DROP COLUMN b;
DROP TYPE tr;
ALTER TABLE t ADD COLUMN b s.many;
DROP TYPE s.fr CASCADE;
SELECT a FROM t;
CREATE TYPE averyveryveryveryveryveryveryveryveryveryveryveryveryveryverylong AS RANGE (subtype = text);
ALTER TABLE t ADD COLUMN f averyveryveryveryveryveryveryveryveryveryveryveryver_multirange;

-- calls that are casts, and ranges that are made by their functions
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE TYPE pair AS (a int, b int);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (id int);
ALTER TABLE t ADD COLUMN a mood DEFAULT mood('ok');
ALTER TABLE t ADD COLUMN b short DEFAULT short('x');
ALTER TABLE t ADD COLUMN c text DEFAULT short('x');
ALTER TABLE t ADD COLUMN d jsonb DEFAULT jsonb('{}');
ALTER TABLE t ADD COLUMN e uuid DEFAULT uuid('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
ALTER TABLE t ADD COLUMN f span DEFAULT span(1, 2);
ALTER TABLE t ADD COLUMN g span DEFAULT span(random(), 2);
ALTER TABLE t ADD COLUMN h int4range DEFAULT int4range(1, 2);
ALTER TABLE t ADD COLUMN i span DEFAULT spam(1, 2);
ALTER TABLE t ADD COLUMN j pair DEFAULT pair('(1,2)');
ALTER TABLE t ADD COLUMN k regclass DEFAULT regclass('t');

-- types of a schema that has none of that name
CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('ok');
CREATE TABLE s.t (id int);
CREATE TABLE a (b s.mood, c s.mood[], e s.t);
CREATE TABLE b (b s.moot);
CREATE TABLE b (b public.mood);
CREATE TABLE b (b pg_catalog.int4);
ALTER TABLE a ADD COLUMN f public.mood;
ALTER TABLE a ALTER COLUMN b TYPE public.mood USING NULL;
CREATE DOMAIN d AS s.nope;
CREATE DOMAIN s.d AS s.mood;
ALTER TABLE a ADD COLUMN f s.d;
CREATE FUNCTION f(x s.nope) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(x s.mood) RETURNS s.nope LANGUAGE sql AS 'SELECT NULL';
CREATE TYPE c AS (a s.nope);
CREATE TYPE s.mood AS ENUM ('ok');
CREATE TYPE c AS (a nope);
CREATE TYPE c AS (a int, a text);
CREATE TYPE c AS (a s.mood);
ALTER TYPE c ADD ATTRIBUTE b nope;
ALTER TYPE c ALTER ATTRIBUTE a TYPE nope;
ALTER TYPE c DROP ATTRIBUTE nope;
ALTER TYPE c DROP ATTRIBUTE IF EXISTS nope;
ALTER TYPE c RENAME ATTRIBUTE nope TO x;
