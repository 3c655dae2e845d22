-- columns that no table of a query has
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE TABLE u (id int PRIMARY KEY, t_id int REFERENCES t, c int);
SELECT nothing FROM t;
SELECT t.nothing FROM t;
SELECT x.id FROM t;
SELECT t.id FROM t AS x;
SELECT x.id, x.nothing FROM t AS x;
SELECT t FROM t;
SELECT x FROM t AS x;
SELECT t.ctid, xmin, tableoid FROM t;
SELECT t.count FROM t;
SELECT t.row_to_json FROM t;
SELECT id AS k FROM t ORDER BY k;
SELECT a AS k, count(*) FROM t GROUP BY k;
SELECT id AS k FROM t WHERE k = 1;
SELECT a FROM t GROUP BY a HAVING max(nothing) > 1;
SELECT nothing;
SELECT "word";
SELECT t.a, u.c FROM t JOIN u ON u.t_id = t.id;
SELECT t.a, u.a FROM t JOIN u ON u.t_id = t.id;
SELECT a, c, nothing FROM t, u;
SELECT a, c FROM t JOIN u ON u.t_id = t.nothing;
SELECT id, a, c FROM t JOIN u USING (id);
SELECT j.a FROM (t JOIN u ON u.t_id = t.id) AS j (id, a, b, d, e, c);
SELECT nothing FROM t NATURAL JOIN u;
SELECT p FROM t AS x (p, q, r);
SELECT g FROM generate_series(1, 3) AS g;
SELECT t.nothing FROM t, generate_series(1, 3) AS g;
SELECT k FROM (SELECT a AS k FROM t) x;
SELECT k FROM (SELECT nothing AS k FROM t) x;
SELECT x.k FROM t, LATERAL (SELECT t.a AS k) x;
SELECT x.k FROM t, (SELECT t.a AS k) x;
SELECT a FROM t WHERE id IN (SELECT t_id FROM u WHERE c = a);
SELECT a FROM t WHERE id IN (SELECT a FROM u);
SELECT a FROM t WHERE id IN (SELECT nothing FROM u);
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.t_id = t.id AND u.a = 1);
SELECT (SELECT max(c) FROM u WHERE t_id = t.id) FROM t;
WITH x AS (SELECT a FROM t) SELECT a FROM x;
WITH x AS (SELECT nothing FROM t) SELECT 1;
WITH x AS (SELECT a FROM t) SELECT t.nothing FROM x, t;
WITH t AS (SELECT 1 AS nothing) SELECT nothing FROM t;
SELECT a FROM t UNION SELECT nothing FROM u;
SELECT a FROM t UNION SELECT c FROM u ORDER BY a;
SELECT count(*) FILTER (WHERE nothing > 1) FROM t;
SELECT sum(a) OVER (PARTITION BY nothing) FROM t;
SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY nothing);
SELECT CASE WHEN nothing THEN 1 END FROM t;
SELECT a::text, coalesce(b, 'x'), extract(epoch FROM now()), ARRAY[a], ROW(t.*), position('x' IN b), xmlelement(name nothing, a) FROM t;
SELECT public.t.a FROM t;
CREATE VIEW v AS SELECT nothing FROM t;
CREATE MATERIALIZED VIEW m AS SELECT nothing FROM t;
CREATE TABLE n AS SELECT nothing FROM t;
COPY (SELECT nothing FROM t) TO '/dev/null';
SELECT nothing INTO n FROM t;
UPDATE t SET nothing = 1;
UPDATE t SET a = nothing;
UPDATE t SET a = a + 1 WHERE nothing IS NULL;
UPDATE t SET a = u.c FROM u WHERE u.t_id = t.id;
UPDATE t SET a = u.nothing FROM u WHERE u.t_id = t.id;
UPDATE t AS x SET a = 1 WHERE t.id = 1;
UPDATE t AS x SET a = 1 WHERE x.id = 1;
UPDATE t SET t.a = 1;
UPDATE t SET a = (SELECT max(c) FROM u WHERE t_id = t.id);
UPDATE t SET a = (SELECT max(nothing) FROM u WHERE t_id = t.id);
UPDATE t SET (a, b) = (SELECT c, 'x' FROM u WHERE t_id = t.id);
UPDATE t SET (a, nothing) = (1, 2);
UPDATE t SET a = 1, a = 2;
UPDATE t SET a = 1 RETURNING id, nothing;
DELETE FROM t WHERE nothing = 1;
DELETE FROM t USING u WHERE t.id = u.t_id AND c = 1;
DELETE FROM t USING u WHERE t.id = u.nothing;
DELETE FROM t WHERE id NOT IN (SELECT t_id FROM u);
DELETE FROM t RETURNING nothing;
INSERT INTO t (id, nothing) VALUES (1, 2);
INSERT INTO t (id, a, a) VALUES (1, 2, 3);
INSERT INTO t (id, a) VALUES (1, 2, 3);
INSERT INTO t (id, a) VALUES (1);
INSERT INTO t VALUES (1, 2, '3', 4);
INSERT INTO t VALUES (1, 2), (3, 4);
INSERT INTO t (id, a) SELECT id, t_id, c FROM u;
INSERT INTO t (id, a) SELECT id FROM u;
INSERT INTO t SELECT id, t_id, 'x', c FROM u;
INSERT INTO t SELECT u.* FROM u WHERE false;
INSERT INTO t (id, b) VALUES (21, word);
INSERT INTO t (id, b) VALUES (22, "word");
INSERT INTO t (id, b) VALUES (23, b);
INSERT INTO t (id, a) VALUES (24, 1) RETURNING id, nothing;
INSERT INTO t (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a;
INSERT INTO t (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.nothing;
INSERT INTO t (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET a = t.a + excluded.a WHERE t.b IS NULL;
INSERT INTO t (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET nothing = 1;
INSERT INTO t (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET a = nothing;
INSERT INTO t AS x (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET a = x.a;
INSERT INTO t AS x (id, a) VALUES (25, 1) ON CONFLICT (id) DO UPDATE SET a = t.a;
WITH x AS (UPDATE t SET a = nothing RETURNING *) SELECT 1;
WITH x AS (DELETE FROM t WHERE nothing = 1 RETURNING *) SELECT 1;
WITH x AS (DELETE FROM t WHERE a = 4711 RETURNING id) INSERT INTO u (id, c) SELECT id, 1 FROM x;
DO $$ DECLARE word int := 1; BEGIN UPDATE t SET a = word WHERE id = 99; END $$;

-- columns of partitioned tables, and parts of columns
CREATE TYPE pair AS (x int, y int);
CREATE TABLE t (id int, p pair, r int[], j jsonb) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
SELECT nothing FROM t;
SELECT (p).x, r[1], (t.p).y, j->'a' FROM t;
SELECT p.x FROM t;
UPDATE t SET p.x = 1, p.y = 2;
UPDATE t SET r[1] = 1, r[2] = 2;
INSERT INTO t (id, p.x, p.y) VALUES (1, 2, 3);
INSERT INTO t (id, p.x, p.y) VALUES (1, 2);
INSERT INTO t1 (id, nothing) VALUES (1, 2);
INSERT INTO t (id, nothing) VALUES (1, 2);
UPDATE t SET nothing = 2;
DELETE FROM t WHERE nothing = 2;
DELETE FROM t1 WHERE nothing = 2;

-- functions of rows
CREATE TABLE t (id int, a int);
CREATE FUNCTION double(t) RETURNS int LANGUAGE sql AS 'SELECT $1.a * 2';
SELECT t.double, double(t) FROM t;
SELECT t.id, t.treble FROM t;

-- values that a column does not take
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a int NOT NULL, b int);
CREATE TABLE p (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a int);
INSERT INTO t (id, a) VALUES (1, 1);
INSERT INTO t (id, a) VALUES (DEFAULT, 1);
INSERT INTO t VALUES (DEFAULT, 1, 2);
INSERT INTO t VALUES (1, 1, 2);
INSERT INTO t VALUES (NULL, 1, 2);
INSERT INTO t (id, a) SELECT 1, 1;
INSERT INTO t (id, a) SELECT id, a FROM p;
INSERT INTO t (id, a) OVERRIDING SYSTEM VALUE VALUES (1, 1);
INSERT INTO t (id, a) OVERRIDING USER VALUE VALUES (1, 1);
INSERT INTO t (id, a) OVERRIDING USER VALUE VALUES (NULL, 1);
INSERT INTO t (id, a) OVERRIDING SYSTEM VALUE VALUES (NULL, 1);
INSERT INTO t (a, b) VALUES (NULL, 1);
INSERT INTO t (b, a) VALUES (1, 1), (2, NULL), (3, 3);
INSERT INTO t (a, b) VALUES (1, NULL);
INSERT INTO t (a, b) VALUES (NULL, 1) ON CONFLICT DO NOTHING;
INSERT INTO t (a) SELECT NULL WHERE false;
INSERT INTO t (a) SELECT NULL;
INSERT INTO p (id, a) VALUES (1, NULL);
INSERT INTO p (id, a) VALUES (NULL, 1);
INSERT INTO p VALUES (NULL, 1);
UPDATE t SET id = 1;
UPDATE p SET id = id + 1;
INSERT INTO p (id, a) VALUES (7, 1) ON CONFLICT (id) DO UPDATE SET nothing = 2;

-- a trigger fills in what is NULL
CREATE TABLE t (id int NOT NULL, a int);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id := 1; RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE fill();
INSERT INTO t (id, a) VALUES (NULL, 1);
DROP TRIGGER g ON t;
INSERT INTO t (id, a) VALUES (NULL, 1);

-- generated columns take no values
-- except 11: it has none
CREATE TABLE t (id int PRIMARY KEY, a int GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO t VALUES (1);
INSERT INTO t VALUES (2, 4);
INSERT INTO t VALUES (2, DEFAULT);
INSERT INTO t VALUES (3, NULL);
INSERT INTO t (id, a) VALUES (4, 8);
INSERT INTO t (id, a) OVERRIDING SYSTEM VALUE VALUES (4, 8);
INSERT INTO t (id, a) SELECT 4, 8;
UPDATE t SET a = 1;
UPDATE t SET a = DEFAULT;
UPDATE t SET id = 5 WHERE a = 2;
INSERT INTO t (id) VALUES (5) ON CONFLICT (id) DO UPDATE SET a = 1;

-- a table made of a query has the columns of the query
CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'x', v varchar(20), n numeric(10, 2), s serial);
CREATE TABLE u AS SELECT * FROM t;
ALTER TABLE u ADD COLUMN id int;
ALTER TABLE u DROP COLUMN missing;
ALTER TABLE u ALTER COLUMN v TYPE varchar(30);
ALTER TABLE u ALTER COLUMN v TYPE text;
ALTER TABLE u ALTER COLUMN n TYPE numeric(8, 2);
ALTER TABLE u ADD PRIMARY KEY (id);
CREATE INDEX ON u (missing);
INSERT INTO u (missing) VALUES (1);
CREATE TABLE named (q, r) AS SELECT id, a FROM t WITH NO DATA;
ALTER TABLE named RENAME q TO z;
ALTER TABLE named DROP COLUMN a;
SELECT id, a INTO into_t FROM t;
ALTER TABLE into_t ADD COLUMN a int;
CREATE TABLE computed AS SELECT id, a || 'x' AS more FROM t;
ALTER TABLE computed DROP COLUMN more;

-- storage parameters of what is made of a query
CREATE TABLE t (a int);
CREATE TABLE u WITH (fillfactor = 5) AS SELECT * FROM t;
CREATE TABLE u WITH (nonsense = 5) AS SELECT * FROM t;
CREATE TABLE u WITH (fillfactor = 50) AS SELECT * FROM t;
CREATE MATERIALIZED VIEW m WITH (nonsense = 5) AS SELECT * FROM t;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 50, autovacuum_enabled = false) AS SELECT * FROM t;

-- PREPARE looks relations up, and opens nothing below them
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
CREATE TABLE parent (a int);
CREATE TABLE child () INHERITS (parent);
CREATE VIEW v AS SELECT * FROM parent;
PREPARE a AS SELECT * FROM p WHERE a = 1;
PREPARE b AS UPDATE p SET a = 2;
PREPARE c AS INSERT INTO p VALUES (1);
PREPARE d AS DELETE FROM q;
PREPARE e AS SELECT * FROM v;
PREPARE f AS SELECT * FROM p, q;

-- UPDATE to the default draws from the sequence
CREATE TABLE t (id serial, a int);
INSERT INTO t (a) VALUES (1);
UPDATE t SET a = 1, id = DEFAULT;

-- a table like a view that computes its columns
CREATE MATERIALIZED VIEW m AS SELECT 1 AS k, 'a'::text AS l;
CREATE VIEW v AS SELECT l FROM m;
CREATE TABLE t (LIKE m INCLUDING ALL);
CREATE TABLE u (LIKE v INCLUDING ALL);
ALTER TABLE u DROP COLUMN missing;
ALTER TABLE t ADD COLUMN more int;

-- PREPARE and EXPLAIN look for what their statement names
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
PREPARE p1 AS SELECT missing FROM t;
PREPARE p1 AS SELECT * FROM missing;
PREPARE p1 (int) AS UPDATE t SET missing = $1;
PREPARE p1 (int) AS INSERT INTO t VALUES ($1, NULL);
PREPARE p2 (int) AS SELECT a FROM t WHERE id = $1;
EXPLAIN SELECT missing FROM t;
EXPLAIN (COSTS OFF) INSERT INTO t VALUES (1, NULL);
EXPLAIN DELETE FROM t USING missing;
PREPARE p3 AS MERGE INTO t USING t s ON t.id = s.id WHEN MATCHED THEN DELETE;
EXPLAIN MERGE INTO t USING t s ON t.id = s.id WHEN MATCHED THEN DELETE;
DEALLOCATE p2;
