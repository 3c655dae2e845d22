-- what a view gives
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b numeric(10, 2));
CREATE TABLE u (id int, c text);
CREATE VIEW v AS SELECT * FROM t;
ALTER TABLE t ADD COLUMN d int;
SELECT id, a, b FROM v;
SELECT d FROM v;
SELECT v.nothing FROM v;
CREATE VIEW w AS SELECT v.*, u.c FROM v JOIN u ON u.id = v.id;
SELECT a, c FROM w;
SELECT nothing FROM w;
CREATE VIEW x (p) AS SELECT a, b AS q, count(*) OVER (), b::text, coalesce(a, 'x'), lower(a), d + 1 AS s FROM t;
SELECT p, q, count, coalesce, lower, s FROM x;
SELECT a FROM x;
CREATE VIEW y AS SELECT a FROM t UNION SELECT c FROM u;
SELECT a FROM y;
SELECT c FROM y;
CREATE VIEW z AS WITH k AS (SELECT id AS i FROM t) SELECT i FROM k;
SELECT i FROM z;
SELECT id FROM z;
CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
SELECT b FROM m;
CREATE INDEX ON m (b);
CREATE INDEX ON m (a);
ALTER VIEW v RENAME COLUMN a TO aa;
ALTER VIEW v RENAME COLUMN a TO ab;
SELECT aa FROM v;
SELECT a FROM v;
ALTER TABLE t RENAME COLUMN b TO bb;
SELECT b FROM v;
SELECT bb FROM v;
ALTER MATERIALIZED VIEW m RENAME COLUMN nothing TO n;
ALTER VIEW v ALTER COLUMN nothing SET DEFAULT 1;
COMMENT ON COLUMN v.nothing IS 'x';
INSERT INTO v (id, nothing) VALUES (1, 2);
UPDATE v SET nothing = 2;
INSERT INTO v (id, aa) VALUES (1, 'x', 2);
INSERT INTO v VALUES (1, 'x', 2, 3);
CREATE VIEW r AS SELECT t.id FROM t JOIN u USING (id);
CREATE VIEW s AS SELECT id, nothing FROM v;

-- a view is replaced
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b numeric(10, 2));
CREATE VIEW v AS SELECT id, a FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT * FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a FROM t;
CREATE OR REPLACE VIEW v AS SELECT a, id, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a AS c, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, b AS a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a::varchar(20) AS a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id::bigint AS id, a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b::numeric(10, 2) FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b, b AS more FROM t;
CREATE OR REPLACE VIEW v (i, a, b, more) AS SELECT id, a, b, b FROM t;
CREATE OR REPLACE VIEW v (id) AS SELECT id, a, b, b AS more FROM t;
ALTER VIEW v RENAME COLUMN more TO less;
CREATE OR REPLACE VIEW v AS SELECT id, a, b, b AS more FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b, b AS less FROM t;
ALTER TABLE t ADD COLUMN c int;
CREATE OR REPLACE VIEW v AS SELECT * FROM t;
DROP VIEW v;
CREATE OR REPLACE VIEW v AS SELECT a FROM t;

-- a view depends on columns: through a CTE
CREATE TABLE orders (id bigint, region text, q int);
CREATE VIEW v AS WITH x AS (SELECT region FROM orders) SELECT 1 AS a FROM x;
ALTER TABLE orders DROP region;
ALTER TABLE orders DROP q;

-- a view depends on columns: of USING
CREATE TABLE a (id bigint, region text, q int);
CREATE TABLE b (id bigint, region text, z int);
CREATE VIEW v AS SELECT a.q FROM a JOIN b USING (region);
ALTER TABLE a DROP region;
ALTER TABLE b DROP region;

-- a view that reads no column
CREATE TABLE a (id bigint, region text, q int);
CREATE VIEW v AS SELECT count(*) FROM a;
ALTER TABLE a DROP region;

-- a view depends on columns: of its clauses
CREATE TABLE a (id bigint, region text, q int, r int, s int, t int);
CREATE VIEW v AS SELECT id FROM a GROUP BY id, region HAVING max(q) > 1 ORDER BY min(r);
CREATE VIEW w AS SELECT row_number() OVER (PARTITION BY s ORDER BY t) AS n FROM a;
ALTER TABLE a DROP region;
ALTER TABLE a DROP q;
ALTER TABLE a DROP r;
ALTER TABLE a DROP s;
ALTER TABLE a DROP t;

-- a view depends on columns: of parts of UNION and sub-queries
CREATE TABLE a (id bigint, region text, q int, r int);
CREATE TABLE b (id bigint, region text, q int, r int);
CREATE VIEW v AS SELECT id FROM a UNION SELECT q FROM b WHERE EXISTS (SELECT 1 FROM a x WHERE x.r = b.r);
ALTER TABLE a DROP r;
ALTER TABLE b DROP q;
ALTER TABLE b DROP r;
ALTER TABLE b DROP region;
ALTER TABLE a DROP id;

-- a view depends on columns: LATERAL
CREATE TABLE a (id bigint, region text, q int, r int);
CREATE VIEW v AS SELECT l.x FROM a, LATERAL (SELECT a.q AS x) l;
ALTER TABLE a DROP q;
ALTER TABLE a DROP r;

-- a view depends on columns: that only one table has
CREATE TABLE a (id bigint, region text);
CREATE TABLE b (id bigint, other text);
CREATE VIEW v AS SELECT region, other FROM a, b;
ALTER TABLE a DROP id;
ALTER TABLE b DROP id;
ALTER TABLE b DROP other;

-- views that call functions go with them
CREATE FUNCTION f() RETURNS TABLE (id int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT id FROM f();
CREATE VIEW w AS SELECT h(id) AS a FROM v;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WHERE a = h(2);
DROP FUNCTION f();
DROP FUNCTION h(int);
CREATE OR REPLACE FUNCTION h(int) RETURNS int LANGUAGE sql AS 'SELECT 2';
DROP FUNCTION h(int) CASCADE;
SELECT a FROM m;
CREATE VIEW w AS SELECT id AS a FROM v;
DROP FUNCTION f() CASCADE;
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM t;
DROP FUNCTION g(text);
CREATE OR REPLACE VIEW w AS SELECT g(a) AS a FROM t;
CREATE OR REPLACE VIEW w AS SELECT a FROM t;
DROP FUNCTION g(int);

-- a view that groups by a primary key counts on it
CREATE TABLE users (id int CONSTRAINT users_key PRIMARY KEY, name text, age int);
CREATE TABLE orders (id int PRIMARY KEY, user_id int, total int);
CREATE VIEW spent AS SELECT u.id, u.name, sum(o.total) AS total FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id;
ALTER TABLE users DROP CONSTRAINT users_key;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE users DROP CONSTRAINT users_key CASCADE;
CREATE VIEW spent AS SELECT 1 AS a;

-- a view that groups by all that it gives counts on no key
CREATE TABLE users (id int CONSTRAINT users_key PRIMARY KEY, name text);
CREATE VIEW a AS SELECT id, name, count(*) AS n FROM users GROUP BY id, name;
CREATE VIEW b AS SELECT id FROM users GROUP BY id;
CREATE VIEW c AS SELECT count(*) AS n, max(name) AS m FROM users GROUP BY id;
ALTER TABLE users DROP CONSTRAINT users_key;

-- a view that groups by a place, a name or a star
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id AS i, a AS b, count(*) AS n FROM t GROUP BY 1;
ALTER TABLE t DROP CONSTRAINT t_pkey;
DROP VIEW v;
CREATE VIEW v AS SELECT id AS i, a AS b, count(*) AS n FROM t GROUP BY i;
ALTER TABLE t DROP CONSTRAINT t_pkey;
DROP VIEW v;
CREATE MATERIALIZED VIEW v AS SELECT *, count(*) AS n FROM t GROUP BY t.id;
ALTER TABLE t DROP CONSTRAINT t_pkey;
DROP MATERIALIZED VIEW v;
CREATE VIEW v AS SELECT t.*, count(*) OVER () AS n FROM t GROUP BY t.id;
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD UNIQUE (a);
CREATE OR REPLACE VIEW v AS SELECT t.*, 1::bigint AS n FROM t;
ALTER TABLE t DROP CONSTRAINT t_pkey;

-- a view that groups by a key of two columns, or by a unique one
CREATE TABLE t (a int, b int, c text, d int UNIQUE NOT NULL, PRIMARY KEY (a, b));
CREATE VIEW v AS SELECT c FROM t GROUP BY b, a;
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t DROP CONSTRAINT t_d_key;
DROP VIEW v;
ALTER TABLE t DROP CONSTRAINT t_pkey;

-- a view that groups by the key of a partitioned table
CREATE TABLE p (id int, a text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE VIEW v AS SELECT id, a FROM p GROUP BY id;
CREATE VIEW w AS SELECT id, a FROM p1 GROUP BY id;
ALTER TABLE p DROP CONSTRAINT p_pkey;
DROP VIEW v;
ALTER TABLE p DROP CONSTRAINT p_pkey;
DROP VIEW w;
ALTER TABLE p DROP CONSTRAINT p_pkey;

-- views with two columns of one name
create table a (id int, x int);
create table b (id int, y int);
create view v1 as select * from a join b on a.id = b.id;
create view v2 as select * from a join b using (id);
create view v3 as select a.id, b.id from a, b;
create view v4 (i, j, k) as select * from a join b on a.id = b.id;
create view v5 (i, x, j, y) as select * from a join b on a.id = b.id;
create materialized view m1 as select a.id, b.id from a, b;
create view v6 as select 1 as q, 2 as q;
create or replace view v8 as select id, id from a;
create view v9 as select count(x), count(id) from a;
create materialized view if not exists m2 as select * from a, b;

-- IF NOT EXISTS looks for the columns of an index all the same
CREATE TABLE t (id int PRIMARY KEY);
CREATE INDEX ti ON t (id);
CREATE INDEX IF NOT EXISTS ti ON t (nope);
CREATE INDEX IF NOT EXISTS ti ON t (id);

-- an index that names its collation keeps it
CREATE TABLE t (id int PRIMARY KEY, a text COLLATE "POSIX", b text COLLATE "POSIX");
CREATE INDEX ta ON t (a COLLATE "C");
CREATE INDEX tb ON t (b);
ALTER TABLE t ALTER a TYPE varchar COLLATE "C";
ALTER TABLE t ALTER b TYPE varchar COLLATE "C";
ALTER TABLE t ALTER a TYPE text;

-- views through which no row can be changed
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW joined AS SELECT t.id, o.a FROM t JOIN t o USING (id);
INSERT INTO joined VALUES (1, 2);
UPDATE joined SET a = 1;
DELETE FROM joined;
CREATE VIEW grouped AS SELECT a FROM t GROUP BY a;
UPDATE grouped SET a = 1;
CREATE VIEW distinct_a AS SELECT DISTINCT a FROM t;
DELETE FROM distinct_a;
CREATE VIEW over_joined AS SELECT id FROM joined;
INSERT INTO over_joined VALUES (1);
CREATE VIEW plain AS SELECT id, a FROM t WHERE a IN (SELECT id FROM t) ORDER BY a;
INSERT INTO plain VALUES (1, 2);
UPDATE plain SET a = 1;
DELETE FROM plain;
CREATE OR REPLACE VIEW plain AS SELECT DISTINCT id, a FROM t;
INSERT INTO plain VALUES (1, 2);
COPY joined FROM STDIN;
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE VIEW over_m AS SELECT id FROM m;
DELETE FROM over_m;
CREATE RULE r AS ON INSERT TO joined DO INSTEAD INSERT INTO t VALUES (NEW.id, NEW.a);
INSERT INTO joined VALUES (3, 2);
INSERT INTO over_joined VALUES (4);

-- a view whose rows a trigger changes
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT t.id, o.a FROM t JOIN t o USING (id);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
INSERT INTO v VALUES (1, 1);
UPDATE v SET a = 1;

-- ALTER VIEW
CREATE TABLE t (id int PRIMARY KEY, a text, b int);
CREATE VIEW v AS SELECT id, a, b FROM t;
ALTER VIEW v SET (security_barrier);
ALTER VIEW v SET (security_barrier = false);
ALTER VIEW v SET (security_invoker);
ALTER VIEW v SET (security_invoker = maybe);
ALTER VIEW v SET (check_option = local);
ALTER VIEW v SET (check_option = all);
ALTER VIEW v SET (fillfactor = 50);
ALTER VIEW v RESET (security_barrier);
ALTER VIEW v RESET (check_option);
ALTER VIEW v ALTER COLUMN a SET DEFAULT 'x';
ALTER VIEW v ALTER COLUMN c SET DEFAULT 'x';
ALTER VIEW v ALTER a DROP DEFAULT;
ALTER VIEW v RENAME COLUMN a TO aa;
ALTER TABLE v RENAME COLUMN b TO bb;
ALTER TABLE v RENAME COLUMN nope TO b2;
ALTER VIEW v RENAME TO w;
ALTER VIEW IF EXISTS v RENAME TO w;
ALTER VIEW v RENAME TO w;
ALTER VIEW t RENAME TO w2;
CREATE SCHEMA s;
ALTER VIEW w SET SCHEMA s;
ALTER VIEW s.w OWNER TO CURRENT_USER;
ALTER TABLE s.w ADD COLUMN z int;
ALTER TABLE s.w DROP COLUMN bb;
ALTER TABLE s.w ALTER bb SET NOT NULL;
ALTER TABLE s.w ALTER bb TYPE text;
CREATE VIEW x WITH (security_barrier = yes) AS SELECT 1 AS one;
CREATE VIEW x2 WITH (security_invoker = yes) AS SELECT 1 AS one;
CREATE VIEW x3 WITH (nothing = yes) AS SELECT 1 AS one;
CREATE VIEW x5 AS SELECT id FROM t WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m2 WITH (security_barrier) AS SELECT id FROM t;
ALTER MATERIALIZED VIEW m SET (autovacuum_enabled = false);
ALTER MATERIALIZED VIEW m SET (security_barrier);
ALTER MATERIALIZED VIEW m ALTER id SET STATISTICS 100;
ALTER MATERIALIZED VIEW m RENAME id TO ident;
ALTER MATERIALIZED VIEW m RENAME TO mm;
ALTER MATERIALIZED VIEW v RENAME TO mm;
ALTER MATERIALIZED VIEW mm SET SCHEMA s;
ALTER MATERIALIZED VIEW s.mm CLUSTER ON nothing;
ALTER MATERIALIZED VIEW s.mm ALTER ident SET NOT NULL;
ALTER MATERIALIZED VIEW s.mm ADD COLUMN x int;

-- CREATE OR REPLACE VIEW that the server refuses
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c numeric(10,2));
CREATE VIEW v AS SELECT id, a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, b, a FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b AS bb FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b::text AS b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id::bigint AS id, a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b::varchar(20) FROM t;
CREATE OR REPLACE VIEW v AS SELECT id, a, b, c FROM t;
CREATE OR REPLACE VIEW v (id, a, b, c, d) AS SELECT id, a, b, c, now() FROM t;
CREATE OR REPLACE VIEW t AS SELECT 1;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;
CREATE OR REPLACE VIEW m AS SELECT 1 AS x;
CREATE VIEW v AS SELECT 1;
CREATE OR REPLACE VIEW v (id, a) AS SELECT id, a, b, c, now() AS d FROM t;
CREATE OR REPLACE VIEW v (id, a, b, c, d, e, f) AS SELECT id, a, b, c, now() AS d FROM t;

-- materialized views, their indexes and readers
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
CREATE INDEX mi ON m (a);
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
CREATE UNIQUE INDEX mu ON m (id) WHERE a > 1;
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
CREATE UNIQUE INDEX mu2 ON m (lower(id::text));
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
CREATE UNIQUE INDEX mu3 ON m (id);
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
REFRESH MATERIALIZED VIEW CONCURRENTLY m WITH NO DATA;
REFRESH MATERIALIZED VIEW m WITH NO DATA;
SELECT * FROM m;
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
REFRESH MATERIALIZED VIEW t;
REFRESH MATERIALIZED VIEW missing;
CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1;
CREATE MATERIALIZED VIEW m2 AS SELECT * FROM m WITH NO DATA;
CREATE MATERIALIZED VIEW m3 (x, y) AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m3 (x) AS SELECT id, a FROM t;
INSERT INTO m VALUES (1);
UPDATE m SET a = 1;
TRUNCATE m;
ALTER TABLE m ADD COLUMN z int;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t RENAME COLUMN a TO b;
DROP MATERIALIZED VIEW m;
DROP VIEW m;
DROP TABLE m;
DROP MATERIALIZED VIEW m CASCADE;
DROP MATERIALIZED VIEW m2;
CREATE UNIQUE INDEX ON m3 (x);
LOCK TABLE m3;

-- views over NATURAL JOIN and USING
CREATE TABLE a (id int PRIMARY KEY, name text, x int);
CREATE TABLE b (id int PRIMARY KEY, note text, y int);
CREATE VIEW nat AS SELECT * FROM a NATURAL JOIN b;
CREATE VIEW used AS SELECT id, name FROM a JOIN b USING (id);
CREATE VIEW part AS SELECT name FROM a NATURAL JOIN b;
CREATE VIEW one AS SELECT a.name FROM a LEFT JOIN b USING (id);
CREATE VIEW lefted AS SELECT b.id, y FROM a FULL JOIN b USING (id);
ALTER TABLE a ADD COLUMN note text;
ALTER TABLE a RENAME COLUMN id TO key;
ALTER TABLE b DROP COLUMN id;
ALTER TABLE b DROP COLUMN note;
ALTER TABLE b ALTER COLUMN id TYPE bigint;
ALTER TABLE a DROP COLUMN note;
ALTER TABLE a DROP COLUMN x;
DROP VIEW nat;
ALTER TABLE a DROP COLUMN x;
ALTER TABLE b DROP COLUMN note;
DROP VIEW used, part;
ALTER TABLE b DROP COLUMN id;
DROP VIEW lefted;
ALTER TABLE b DROP COLUMN id;
ALTER TABLE a DROP COLUMN key;
ALTER TABLE b DROP COLUMN id CASCADE;
ALTER TABLE a DROP COLUMN name;
CREATE VIEW bad AS SELECT * FROM a JOIN b USING (nothing);
CREATE VIEW bad AS SELECT * FROM a JOIN b USING (key);
CREATE VIEW ok AS SELECT * FROM a NATURAL JOIN b;
