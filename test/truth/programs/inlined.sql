-- a default that an SQL function gives: immutable body
CREATE FUNCTION f() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: stable body
CREATE FUNCTION f() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c timestamptz DEFAULT f();

-- a default that an SQL function gives: volatile body
CREATE FUNCTION f() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp()';
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c timestamptz DEFAULT f();

-- a default that an SQL function gives: nextval body
CREATE SEQUENCE s;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$SELECT nextval('s')$$;
CREATE TABLE t (id int);
ALTER TABLE t ADD COLUMN c bigint DEFAULT f();

-- a default that an SQL function gives: declared immutable, body volatile
CREATE FUNCTION f() RETURNS float8 LANGUAGE sql IMMUTABLE AS $$SELECT random()$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c float8 DEFAULT f();

-- a default that an SQL function gives: declared stable, body volatile
CREATE FUNCTION f() RETURNS float8 LANGUAGE sql STABLE AS $$SELECT random()$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c float8 DEFAULT f();

-- a default that an SQL function gives: with FROM
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT x FROM (SELECT 1 AS x) y$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: two statements
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 2; SELECT 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: security definer
CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$SELECT 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: SET
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public AS $$SELECT 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: args, strict, coalesce
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql STRICT AS $$SELECT coalesce(a, 1)$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f(3);

-- a default that an SQL function gives: arg twice volatile
CREATE FUNCTION f(a float8) RETURNS float8 LANGUAGE sql AS $$SELECT a + a$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c float8 DEFAULT f(random());

-- a default that an SQL function gives: nested sql functions
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 1$$;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT g() + 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: nested into plpgsql
CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN 1; END$$;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT g() + 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: return type differs
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT 'a'::varchar$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c text DEFAULT f();

-- a default that an SQL function gives: subselect in body
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT (SELECT 1)$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: immutable sql function declared, body immutable
CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: with limit
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1 LIMIT 1$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c int DEFAULT f();

-- a default that an SQL function gives: recursive, by a name that came later
CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN 1; END$$;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT g()$$;
CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 2$$;
CREATE TABLE t (id int);
ALTER TABLE t ADD COLUMN c int DEFAULT f();
ALTER FUNCTION g() SECURITY DEFINER;
ALTER TABLE t ADD COLUMN d int DEFAULT f();
ALTER FUNCTION f() IMMUTABLE;
ALTER TABLE t ADD COLUMN e int DEFAULT f();

-- a default that an SQL function gives: volatile calls in an aggregate over FROM
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT string_agg(chr(97 + floor(random() * 26)::int), '') FROM generate_series(1, 5)$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c text DEFAULT f();

-- a default that an SQL function gives: a volatile call in a sub-select
CREATE FUNCTION f(n int) RETURNS text LANGUAGE sql AS $$SELECT array_to_string(ARRAY(SELECT chr(97 + floor(random() * 26)::int) FROM generate_series(1, n)), '')$$;
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN c text DEFAULT f(5);
