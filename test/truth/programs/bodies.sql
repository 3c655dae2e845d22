-- columns that the body of a function reads
-- except 11 12 13: they have no SQL-standard bodies.
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d int);
CREATE TABLE u (id int PRIMARY KEY, e int);
CREATE FUNCTION f(d int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t WHERE t.b = 1 AND t.id = d; END;
CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN (SELECT max(e) FROM u);
CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t (id, c) VALUES (1, 'x'); END;
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t ALTER d TYPE bigint;
ALTER TABLE u ALTER e TYPE bigint;
ALTER TABLE u ALTER id TYPE bigint;
ALTER TABLE t DROP COLUMN d;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b CASCADE;
ALTER TABLE t ALTER a TYPE bigint;
DROP FUNCTION g();
ALTER TABLE u ALTER e TYPE bigint;
DROP PROCEDURE p();
ALTER TABLE u ALTER e TYPE bigint;

-- what the body and the types of a function name has to be there
CREATE TABLE t (id int, a int);
CREATE SCHEMA app;
CREATE TABLE app.inner_t (id int);
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION a(anyelement, t, mood[]) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE FUNCTION b(x nope) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION b() RETURNS nope LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION b() RETURNS TABLE (y nope) LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION b() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM nope';
CREATE FUNCTION c() RETURNS void LANGUAGE sql AS 'INSERT INTO nope VALUES (1)';
CREATE FUNCTION c() RETURNS void LANGUAGE sql AS 'DELETE FROM t USING nope';
CREATE FUNCTION c() RETURNS int LANGUAGE sql AS 'WITH nope AS (SELECT 1 AS x) SELECT x FROM nope';
CREATE FUNCTION d() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT max(a) FROM nope); END';
CREATE FUNCTION e() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM inner_t';
CREATE FUNCTION e() RETURNS bigint LANGUAGE sql SET search_path = app AS 'SELECT count(*) FROM inner_t';
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET check_function_bodies = off AS 'SELECT count(*) FROM inner_t';
SET check_function_bodies = off;
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM nope, t';
RESET check_function_bodies;
CREATE FUNCTION h() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM nope, t';
