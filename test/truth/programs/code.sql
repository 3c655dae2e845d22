-- The text of a block tells what it puts together: variables, assignments, branches

CREATE TABLE a (id int, region text);
CREATE TABLE "B b" (id int, region text);
DO $do$
DECLARE
  t text := 'a';
  c CONSTANT text := 'region';
  q text;
  n int := 2;
  unset text;
BEGIN
  q := 'ALTER TABLE ' || quote_ident(t) || ' ADD COLUMN ' || c || '_' || n || ' int';
  EXECUTE q;
  q := replace(q, '_2', '_' || n + 1);
  EXECUTE q;
  t := 'B b';
  EXECUTE format('ALTER TABLE %I ALTER %s TYPE varchar(%s)', t, c, n * 5);
  EXECUTE concat('ALTER TABLE ', quote_ident(t), unset, ' ADD CHECK (', c, ' <> ', quote_literal('it''s'), ')');
  EXECUTE format('COMMENT ON TABLE %I IS %L', coalesce(unset, t), unset);
  IF n = 2 THEN
    t := 'nothing';
  END IF;
END $do$;

-- Loops over integers, arrays and queries of literals are gone through round by round

CREATE TABLE measured (id int, at date, zone int) PARTITION BY HASH (id);
DO $do$
BEGIN
  FOR i IN 0..3 LOOP
    EXECUTE format('CREATE TABLE measured_%s PARTITION OF measured FOR VALUES WITH (MODULUS 4, REMAINDER %s)', lpad(i::text, 2, '0'), i);
  END LOOP;
  FOR i IN REVERSE 3..0 BY 2 LOOP
    EXECUTE 'CREATE INDEX late_' || i || ' ON measured_0' || i || ' (at)';
  END LOOP;
  FOR i IN 1..0 LOOP
    EXECUTE 'CREATE TABLE never_' || i || ' ()';
  END LOOP;
END $do$;
DO $do$
DECLARE
  t text;
  names text[] := ARRAY['one', 'Two', 'three'];
BEGIN
  FOREACH t IN ARRAY names LOOP
    EXECUTE format('CREATE TABLE %I (id int, %s text)', t, lower(t));
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', t);
  END LOOP;
  FOREACH t IN ARRAY '{one,three}'::text[] LOOP
    EXECUTE 'ALTER TABLE ' || t || ' ADD COLUMN other bigint DEFAULT ' || array_length(names, 1);
  END LOOP;
  FOR i IN 1..array_length(names, 1) LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (id > %s)', names[i], names[i] || '_check', i);
  END LOOP;
END $do$;
DO $do$
DECLARE
  r record;
  t text;
  k text;
BEGIN
  FOR r IN SELECT * FROM (VALUES ('one', 'id'), ('three', 'other')) AS v(t, c) LOOP
    EXECUTE format('CREATE INDEX %I ON %I (%I)', r.t || '_' || r.c, r.t, r.c);
  END LOOP;
  FOR t IN SELECT unnest(ARRAY['one', 'Two']) LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN more int NOT NULL DEFAULT 1', t);
  END LOOP;
  FOR r IN SELECT name, upper(name) AS label FROM unnest(string_to_array('one,three', ',')) AS name LOOP
    EXECUTE format('ALTER TABLE %I RENAME COLUMN other TO %I', r.name, r.label);
  END LOOP;
  FOR t, k IN VALUES ('Two', 'x'), ('one', 'y') LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN %I int', t, k);
  END LOOP;
  FOR r IN SELECT i FROM generate_series(1, 2) AS i LOOP
    EXECUTE format('CREATE TABLE numbered_%s (n int)', r.i);
  END LOOP;
END $do$;

-- A table is named in quotes, or in capitals, where a function wants a regclass

CREATE TABLE "user" (id int PRIMARY KEY);
CREATE TABLE "Order lines" (id int PRIMARY KEY);
CREATE TABLE plain (id int PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION touched(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER touched BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION touch()', target);
END $$;
SELECT touched('"user"');
SELECT touched('"Order lines"');
SELECT touched('"plain"');
SELECT touched('Plain');
DROP TRIGGER touched ON "Order lines";

-- Functions do what their bodies do with what they are given

CREATE SCHEMA audit;
CREATE TABLE orders (id int PRIMARY KEY, code varchar(10), placed timestamptz);
CREATE FUNCTION audit.watch(target regclass, col text, suffix text DEFAULT 'x') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ADD COLUMN %I timestamptz', target, col || '_at');
  EXECUTE 'CREATE INDEX ON ' || target || ' (' || quote_ident(col || '_at') || ')';
END $$;
CREATE FUNCTION audit.watch_all(text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY string_to_array($1, ' ') LOOP
    PERFORM audit.watch('orders', part);
  END LOOP;
END $$;
CREATE FUNCTION plain() RETURNS void LANGUAGE sql AS $$ ALTER TABLE orders ALTER COLUMN placed SET NOT NULL $$;
SELECT audit.watch('orders', 'made');
SELECT audit.watch_all('read sent');
SELECT plain();
SELECT audit.watch('orders', 'made');
DO $do$
DECLARE
  kind text;
BEGIN
  FOREACH kind IN ARRAY ARRAY['lost', 'found'] LOOP
    PERFORM audit.watch('orders', kind, 'y');
  END LOOP;
END $do$;

-- What is left early may not have run

CREATE TABLE kept (id int, a int, b int, c int);
DO $do$
DECLARE
  c text;
BEGIN
  FOREACH c IN ARRAY ARRAY['a', 'b', 'c'] LOOP
    EXIT WHEN c = 'b';
    EXECUTE format('ALTER TABLE kept DROP COLUMN %I', c);
  END LOOP;
END $do$;

-- A function's SET clause is in force while it runs, and no longer

CREATE SCHEMA app;
CREATE SCHEMA "Other";
CREATE TABLE orders (id int, at timestamp, code varchar(9));
CREATE TABLE app.orders (id int, at timestamp, code varchar(9));
CREATE TABLE "Other".orders (id int, code varchar(5));
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql SET search_path = app, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  ALTER TABLE orders ALTER id TYPE bigint;
  ALTER TABLE orders ALTER at TYPE timestamptz;
  CREATE TABLE made (id int);
END $$;
CREATE FUNCTION inner_one() RETURNS void LANGUAGE sql AS $$ ALTER TABLE orders ALTER code TYPE varchar(7) $$;
CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql SET search_path TO "Other", public AS $$
BEGIN
  PERFORM inner_one();
  SET LOCAL search_path = app;
  ALTER TABLE orders DROP COLUMN code;
END $$;
CREATE PROCEDURE fill() LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  UPDATE app.orders SET id = 1;
  ALTER TABLE public.orders ALTER at TYPE timestamptz;
END $$;
CREATE FUNCTION stays() RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  SET search_path = app;
END $$;
SELECT widen();
SELECT outer_one();
CALL fill();
ALTER TABLE orders ALTER id TYPE bigint;
ALTER TABLE made ALTER id TYPE bigint;
ALTER TABLE app.made ALTER id TYPE bigint;
SELECT stays();
ALTER TABLE orders ADD COLUMN late int;

-- SET LOCAL is in force in a block, and no longer

CREATE SCHEMA app;
CREATE TABLE orders (id int, at timestamp);
CREATE TABLE app.orders (id int, at timestamp);
DO $do$ BEGIN
  SET LOCAL search_path = app;
  SET LOCAL timezone = 'UTC';
  ALTER TABLE orders ALTER id TYPE bigint;
  ALTER TABLE orders ALTER at TYPE timestamptz;
END $do$;
ALTER TABLE orders ALTER id TYPE bigint;
ALTER TABLE orders ALTER at TYPE timestamptz;
DO $do$ BEGIN
  PERFORM set_config('search_path', 'app', true);
  ALTER TABLE orders ADD COLUMN a int;
  CREATE TEMP TABLE short ON COMMIT DROP AS SELECT 1 AS one;
  PERFORM set_config('search_path', 'public', false);
  ALTER TABLE orders ADD COLUMN b int;
END $do$;
CREATE TEMP TABLE short (two int);
DO $do$ BEGIN SET search_path = app; ALTER TABLE orders ADD COLUMN c int; END $do$;
ALTER TABLE orders ADD COLUMN d int;

-- A temporary table made of a query goes with its transaction, too

CREATE TEMP TABLE short ON COMMIT DROP AS SELECT 1 AS one;
CREATE TEMP TABLE short (two int);
ALTER TABLE short ALTER two TYPE bigint;

-- EXECUTE runs what was prepared
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE TABLE u (id int PRIMARY KEY, t_id int REFERENCES t);
CREATE TABLE p (id int, a int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE s (id int);
PREPARE fill (int, text) AS INSERT INTO t (id, a, b) VALUES ($1, $1, $2) ON CONFLICT DO NOTHING;
EXECUTE fill (1, 'x');
PREPARE change AS UPDATE t SET a = a + 1;
EXECUTE change;
PREPARE change_parts AS WITH x AS (SELECT 1 AS v) UPDATE ONLY p SET a = x.v FROM x;
EXECUTE change_parts;
PREPARE "Copy" AS INSERT INTO u (id, t_id) SELECT id, id FROM s;
EXECUTE "Copy";
PREPARE remove AS DELETE FROM t WHERE id = $1;
EXECUTE remove (7);
PREPARE look AS SELECT count(*) FROM u JOIN t ON t.id = u.t_id;
EXECUTE look;
DEALLOCATE look;
PREPARE look AS SELECT 1;
EXECUTE look;
DEALLOCATE PREPARE change;
PREPARE change AS SELECT * FROM u FOR UPDATE;
EXECUTE change;
DISCARD PLANS;
EXECUTE "Copy";
DEALLOCATE ALL;
PREPARE change AS TABLE s;
EXECUTE change;
EXPLAIN EXECUTE change;
EXPLAIN ANALYZE EXECUTE change;
EXPLAIN (COSTS off) UPDATE t SET a = 1;
EXPLAIN VERBOSE SELECT * FROM u;

-- DISCARD ALL resets what was set for the session

CREATE SCHEMA app;
CREATE TABLE course (id int PRIMARY KEY);
SET check_function_bodies = false;
SET search_path = app;
CREATE FUNCTION missing() RETURNS int LANGUAGE sql AS 'SELECT id FROM courses';
DISCARD ALL;
CREATE FUNCTION code(given course) RETURNS int LANGUAGE sql STABLE AS $$ SELECT course.id FROM course WHERE course.id = given.id $$;
CREATE FUNCTION missing() RETURNS int LANGUAGE sql AS 'SELECT id FROM courses';

-- The planner inlines functions with a FROM between arguments

CREATE TABLE orders (id int PRIMARY KEY);
CREATE FUNCTION micros() RETURNS bigint LANGUAGE sql AS $$ SELECT CAST(extract(EPOCH FROM now() AT TIME ZONE 'utc') * 1000000 AS bigint); $$;
CREATE FUNCTION hours() RETURNS text LANGUAGE sql AS $$ SELECT trim(BOTH FROM current_user::text) $$;
CREATE FUNCTION later() RETURNS int LANGUAGE sql AS $$ SELECT extract(hour FROM clock_timestamp())::int $$;
ALTER TABLE orders ADD COLUMN made bigint DEFAULT micros();
ALTER TABLE orders ADD COLUMN sent bigint NOT NULL DEFAULT micros(), ADD COLUMN at text DEFAULT hours();
ALTER TABLE orders ADD COLUMN read int DEFAULT later();
