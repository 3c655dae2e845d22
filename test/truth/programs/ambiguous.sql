-- a column that two tables have
CREATE TABLE a (id int PRIMARY KEY, name text, x int);
CREATE TABLE b (id int PRIMARY KEY, name text, y int);
CREATE VIEW v AS SELECT id FROM a, b;
CREATE VIEW v AS SELECT a.id, name FROM a JOIN b ON a.id = b.id;
CREATE VIEW v AS SELECT x, y FROM a JOIN b ON id = id;
CREATE VIEW v AS SELECT x, y FROM a, b WHERE name = 'x';
CREATE VIEW v AS SELECT x, y FROM a, b WHERE a.name = 'x';
CREATE MATERIALIZED VIEW m AS SELECT name FROM a, b;
CREATE TABLE c AS SELECT name FROM a, b;
SELECT a.id FROM a, b GROUP BY a.id HAVING max(name) > 'x';
SELECT a.id FROM a, b GROUP BY a.id HAVING max(x) > 1;
UPDATE a SET name = name FROM b WHERE a.id = b.id;
UPDATE a SET name = b.name FROM b WHERE id = b.id;
UPDATE a SET name = b.name FROM b WHERE a.id = b.id;
DELETE FROM a USING b WHERE id = 1;
DELETE FROM a USING b WHERE y = 1;
INSERT INTO a (id, name) SELECT id, name FROM a a1, a a2;

-- a column that one of a query's levels has twice, or two of them once
CREATE TABLE a (id int PRIMARY KEY, name text);
CREATE TABLE b (id int PRIMARY KEY, name text, y int);
CREATE VIEW v AS SELECT (SELECT name FROM b WHERE b.id = a.id) AS n FROM a;
CREATE VIEW w AS SELECT id FROM a WHERE EXISTS (SELECT FROM b WHERE id = 1);
CREATE VIEW x AS SELECT a.id FROM a WHERE EXISTS (SELECT FROM b b1, b b2 WHERE y = 1);
CREATE POLICY p ON a USING (EXISTS (SELECT FROM b b1, b b2 WHERE y = 1));
CREATE POLICY p ON a USING (EXISTS (SELECT FROM b WHERE y = missing));
CREATE POLICY p ON a USING (EXISTS (SELECT FROM b WHERE y = id));
CREATE VIEW z AS SELECT q.name FROM a, LATERAL (SELECT name FROM b WHERE b.id = a.id) AS q;

-- columns that a join makes one
CREATE TABLE a (id int PRIMARY KEY, name text, x int);
CREATE TABLE b (id int PRIMARY KEY, name text, y int);
CREATE TABLE c (id int PRIMARY KEY, z int);
CREATE VIEW v1 AS SELECT id, x, y FROM a JOIN b USING (id);
CREATE VIEW v2 AS SELECT id, name, x, y FROM a NATURAL JOIN b;
CREATE VIEW v3 AS SELECT x, y FROM a JOIN b USING (id) WHERE name = 'x';
CREATE VIEW v3 AS SELECT id, name FROM a JOIN b USING (id, name);
CREATE VIEW v4 AS SELECT x, z FROM a JOIN b USING (id) JOIN c ON c.id = a.id;
CREATE VIEW v5 AS SELECT id FROM a JOIN b USING (id) JOIN c USING (id);

-- the condition of a join sees what it joins
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (key int PRIMARY KEY, y int);
CREATE TABLE c (id int PRIMARY KEY, z int);
CREATE VIEW v1 AS SELECT x FROM a JOIN b ON id = y JOIN c ON c.id = y;
CREATE VIEW v2 AS SELECT x FROM a JOIN b ON a.id = b.key JOIN c ON id = y;
CREATE VIEW v2 AS SELECT x FROM a JOIN b ON z = y JOIN c ON c.id = y;
CREATE VIEW v2 AS SELECT x FROM c, a JOIN b ON id = y;
CREATE VIEW v3 AS SELECT x FROM c, a JOIN b ON c.id = y;

-- ON CONFLICT DO UPDATE sees the row that is there and the one that is not
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = n + 1;
INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = t.n + 1;
INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE n < 5;
INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE t.n < 5 RETURNING id, n;
UPDATE t SET n = 2 RETURNING id, n;

-- the body of an SQL function names columns that are there
CREATE TABLE a (id int PRIMARY KEY, name text);
CREATE TABLE b (id int PRIMARY KEY, name text);
CREATE FUNCTION f1() RETURNS text LANGUAGE sql AS $$ SELECT missing FROM a $$;
CREATE FUNCTION f1() RETURNS text LANGUAGE sql AS $$ SELECT name FROM a, b $$;
CREATE FUNCTION f1() RETURNS text LANGUAGE sql AS 'SELECT a.missing FROM a WHERE name = ''x''';
CREATE FUNCTION f1() RETURNS void LANGUAGE sql AS $$ INSERT INTO a (id, missing) VALUES (1, 'x') $$;
CREATE FUNCTION f1() RETURNS void LANGUAGE sql AS $$ UPDATE a SET missing = 'x' $$;
CREATE FUNCTION f1() RETURNS void LANGUAGE sql AS $$ INSERT INTO a (id, name) VALUES (1) $$;
CREATE FUNCTION f1(wanted text) RETURNS int LANGUAGE sql AS $$ SELECT id FROM a WHERE name = wanted $$;
CREATE FUNCTION f2(wanted text) RETURNS int LANGUAGE sql AS $$ SELECT id FROM a WHERE name = f2.wanted $$;
CREATE FUNCTION f3(id int, name text) RETURNS void LANGUAGE sql AS $$ UPDATE a SET name = f3.name WHERE a.id = f3.id $$;
CREATE FUNCTION f4(given a) RETURNS int LANGUAGE sql AS $$ SELECT id FROM b WHERE name = given.name $$;
CREATE FUNCTION f5(OUT found text) LANGUAGE sql AS $$ SELECT found FROM a $$;
SET check_function_bodies = off;
CREATE FUNCTION f6() RETURNS text LANGUAGE sql AS $$ SELECT missing FROM a $$;

-- the body of a function in SQL's own words names columns that are there
CREATE TABLE a (id int PRIMARY KEY, name text);
CREATE TABLE b (id int PRIMARY KEY, name text);
CREATE FUNCTION f1() RETURNS text LANGUAGE sql RETURN (SELECT missing FROM a LIMIT 1);
CREATE FUNCTION f1() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT name FROM a, b; END;
CREATE FUNCTION f1(wanted text) RETURNS int LANGUAGE sql RETURN (SELECT id FROM a WHERE name = wanted LIMIT 1);
CREATE FUNCTION f2(wanted text) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT id FROM a WHERE name = f2.wanted; END;
CREATE FUNCTION f3(wanted text) RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM a WHERE missing = wanted; END;
CREATE FUNCTION f4() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO a (id, name) SELECT b.id, name FROM b; UPDATE a SET name = b.name FROM b WHERE a.id = b.id; END;
SET check_function_bodies = off;
CREATE FUNCTION f5() RETURNS text LANGUAGE sql RETURN (SELECT missing FROM a LIMIT 1);

-- names of a FROM clause, and columns that it has twice
CREATE TABLE a (id int PRIMARY KEY, name text, x int);
CREATE TABLE b (id int PRIMARY KEY, name text, y int);
CREATE VIEW v AS SELECT id FROM a, b;
CREATE VIEW v AS SELECT a.id, name FROM a JOIN b ON a.id = b.id;
CREATE VIEW v AS SELECT x, y FROM a JOIN b ON id = id;
CREATE VIEW v AS SELECT x, y FROM a JOIN b USING (id) WHERE name = 'x';
CREATE VIEW v AS SELECT id, x, y FROM a JOIN b USING (id);
CREATE VIEW v2 AS SELECT id, name, x, y FROM a NATURAL JOIN b;
CREATE VIEW v3 AS SELECT x FROM a JOIN b USING (missing);
CREATE VIEW v3 AS SELECT x FROM a JOIN b USING (x);
UPDATE a SET name = name FROM b WHERE a.id = b.id;
UPDATE a SET name = b.name FROM b WHERE id = b.id;
DELETE FROM a USING b WHERE id = 1;
INSERT INTO a (id, name) SELECT id, name FROM a a1, a a2;
SELECT * FROM a ORDER BY name;
SELECT a.id FROM a, b GROUP BY a.id HAVING max(name) > 'x';
CREATE MATERIALIZED VIEW m AS SELECT name FROM a, b;
CREATE TABLE c AS SELECT name FROM a, b;
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM b b1, b b2 WHERE y = 1));
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM b WHERE b.id = id));
CREATE VIEW v4 AS SELECT a.id FROM a LEFT JOIN LATERAL (SELECT y FROM b WHERE b.id = a.id) q ON true WHERE y > 1;
CREATE VIEW v5 AS SELECT (SELECT name FROM b LIMIT 1) AS n FROM a;
CREATE VIEW v6 AS SELECT a.id FROM a, a;
CREATE VIEW v6 AS SELECT a.id FROM a, b a;
CREATE VIEW v6 AS SELECT 1 AS i, 2 AS i;
CREATE TABLE c AS SELECT a.id, b.id FROM a, b;
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT name FROM a, b $$;
