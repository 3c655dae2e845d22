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
