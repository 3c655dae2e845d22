-- who reads a column: rule condition
CREATE TABLE t (a int, b int);
CREATE RULE r AS ON UPDATE TO t WHERE OLD.b > 0 DO INSTEAD NOTHING;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t ALTER b TYPE bigint;

-- who reads a column: policy sub query
CREATE TABLE u (id int, org int, extra int);
CREATE TABLE t (a int, org int);
CREATE POLICY p ON t USING (org IN (SELECT org FROM u WHERE id = 1));
ALTER TABLE u DROP COLUMN org;
ALTER TABLE u ALTER org TYPE bigint;
ALTER TABLE u DROP COLUMN extra;
ALTER TABLE t DROP COLUMN org;
ALTER TABLE t ALTER org TYPE bigint;

-- who reads a column: policy sub query alias
CREATE TABLE u (id int, org int, extra int);
CREATE TABLE t (a int, org int);
CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM u AS m WHERE m.org = t.org));
ALTER TABLE u DROP COLUMN org;
ALTER TABLE u DROP COLUMN id;
DROP TABLE u;

-- who reads a column: using view
CREATE TABLE t (a int, b int);
CREATE TABLE u (a int, c int);
CREATE VIEW v AS SELECT c FROM t JOIN u USING (a);
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: whole row
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT t FROM t;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t ALTER b TYPE bigint;

-- who reads a column: whole row to_json
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT to_json(t.*) FROM t;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t ALTER b TYPE bigint;

-- who reads a column: %TYPE args
CREATE TABLE t (a int, b int);
CREATE FUNCTION f(x t.a%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t DROP COLUMN a;

-- who reads a column: row type as argument
CREATE TABLE t (a int, b int);
CREATE FUNCTION f(x t) RETURNS int LANGUAGE sql AS 'SELECT x.a';
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t DROP COLUMN b;
DROP TABLE t;

-- who reads a column: row type as column
CREATE TABLE t (a int, b int);
CREATE TABLE u (r t, rs t[]);
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t ADD COLUMN c int;
ALTER TABLE t ADD COLUMN d int DEFAULT 1;
ALTER TABLE t ADD COLUMN e int NOT NULL;
DROP TABLE t;

-- who reads a column: row type in domain
CREATE TABLE t (a int, b int);
CREATE DOMAIN dt AS t;
CREATE TABLE u (r dt);
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t ADD COLUMN d int DEFAULT 1;

-- who reads a column: generated
CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a * 2) STORED);
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t ALTER b TYPE bigint;

-- who reads a column: publication column list and filter
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 1);
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t DROP COLUMN a;

-- who reads a column: statistics
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE STATISTICS s ON b, c FROM t;
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: statistics expressions
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE STATISTICS s ON (b + 1), c FROM t;
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: trigger update of
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER tr BEFORE UPDATE OF b ON t FOR EACH ROW EXECUTE PROCEDURE f();
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: trigger when
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.b IS DISTINCT FROM NEW.b) EXECUTE PROCEDURE f();
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: trigger when whole row
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE PROCEDURE f();
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: sequence owned by
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE SEQUENCE s OWNED BY t.b;
ALTER TABLE t ALTER c SET DEFAULT nextval('s');
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;
DROP SEQUENCE s;

-- who reads a column: begin atomic function
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT b FROM t; END;
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;

-- who reads a column: materialized view with group by, order by, window
CREATE TABLE t (a int PRIMARY KEY, b int, c int, d int, e int);
CREATE MATERIALIZED VIEW v AS SELECT a, count(*) OVER (PARTITION BY b ORDER BY c) FROM t ORDER BY d;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN d;
ALTER TABLE t DROP COLUMN e;

-- who reads a column: view in CTE and lateral and union
CREATE TABLE t (a int, b int, c int);
CREATE VIEW v AS WITH q AS (SELECT b FROM t) SELECT b FROM q UNION SELECT z.c FROM t y, LATERAL (SELECT y.c) z;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;

-- who reads a column: check constraint with function over row
CREATE TABLE t (a int, b int);
CREATE FUNCTION ok(t) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN true; END$$;
ALTER TABLE t ADD CONSTRAINT c CHECK (ok(t));
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: check with t.*
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT c CHECK (t.* IS NOT NULL);
ALTER TABLE t ALTER b TYPE bigint;
ALTER TABLE t DROP COLUMN b;

-- who reads a column: index on whole row expression
CREATE TABLE t (a int, b int);
CREATE FUNCTION ok(t) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN 1; END$$;
CREATE INDEX i ON t (ok(t));
ALTER TABLE t DROP COLUMN b;

-- who reads a column: default of other table using function
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a AS b FROM t;
CREATE VIEW w AS SELECT b FROM v;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t ALTER a TYPE bigint;
DROP VIEW v;
ALTER TABLE t DROP COLUMN a CASCADE;
SELECT * FROM w;

-- who reads a column: sub-queries of policies, level by level
CREATE TABLE u (id int, org int, extra int);
CREATE TABLE w (id int, extra int);
CREATE TABLE t (a int, org int);
CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM u m WHERE m.org = t.org AND a = id AND EXISTS (SELECT 1 FROM w WHERE w.id = m.id)));
CREATE POLICY q ON t FOR INSERT WITH CHECK (a = (SELECT max(x) FROM (SELECT u.extra AS x FROM u) s));
ALTER TABLE u ALTER org TYPE bigint;
ALTER TABLE u DROP COLUMN id;
ALTER TABLE u ALTER extra TYPE bigint;
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE w DROP COLUMN id;
ALTER TABLE w DROP COLUMN extra;
ALTER TABLE u DROP COLUMN extra CASCADE;
ALTER TABLE w ALTER id TYPE bigint;
ALTER POLICY p ON t USING (EXISTS (SELECT 1 FROM w));
ALTER TABLE w ALTER id TYPE bigint;
DROP TABLE w;

-- who reads a column: star beside other relations
CREATE TABLE t (a int, b int, c int);
CREATE TABLE u (a int, d int);
CREATE VIEW v1 AS SELECT * FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a);
CREATE VIEW v2 AS SELECT t.*, u.d FROM t JOIN u ON u.a = t.a;
CREATE VIEW v3 AS SELECT * FROM t JOIN u USING (a);
CREATE VIEW v4 AS SELECT d, (SELECT max(x) FROM (SELECT t.* FROM t WHERE t.a = u.a) AS s (x, y, z)) AS m FROM u;
CREATE VIEW v5 AS SELECT * FROM u, generate_series(1, 2) AS n;
CREATE VIEW v6 AS SELECT d FROM u WHERE EXISTS (SELECT * FROM t WHERE t.a = u.a);
CREATE VIEW v7 AS WITH s AS (SELECT * FROM t) SELECT s.a, u.d FROM s JOIN u ON u.a = s.a;
CREATE VIEW v8 AS SELECT u.d, count(*) AS n FROM t, u GROUP BY u.d;
ALTER TABLE t DROP COLUMN c;
ALTER TABLE u DROP COLUMN d;
ALTER TABLE t DROP COLUMN c CASCADE;
CREATE VIEW v1 AS SELECT a FROM t;
CREATE VIEW v2 AS SELECT a FROM t;
CREATE VIEW v3 AS SELECT a FROM t;
CREATE VIEW v4 AS SELECT a FROM t;
CREATE VIEW v6 AS SELECT a FROM t;
CREATE VIEW v7 AS SELECT a FROM t;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE u DROP COLUMN d CASCADE;
CREATE VIEW v5 AS SELECT a FROM t;
CREATE VIEW v8 AS SELECT a FROM t;

-- who reads a column: star of a sub-query in a policy
CREATE TABLE t (a int, b int);
CREATE TABLE u (a int, b int, c int);
CREATE POLICY p ON t USING (EXISTS (SELECT * FROM u WHERE u.a = t.a));
ALTER TABLE u DROP COLUMN c;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE u DROP COLUMN c CASCADE;
ALTER TABLE u DROP COLUMN b;

-- rules of INSERT have no OLD, and those of DELETE no NEW
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE TABLE log (id int, was int, is_now int);
CREATE RULE r1 AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (OLD.id, OLD.a, NEW.a);
CREATE RULE r2 AS ON DELETE TO t WHERE OLD.b > 0 DO INSTEAD NOTHING;
CREATE RULE r3 AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (OLD.id, NULL, NEW.a);
CREATE RULE r3 AS ON DELETE TO t DO ALSO INSERT INTO log VALUES (NEW.id, NULL, NULL);
CREATE RULE r3 AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.nope, NULL, NULL);
CREATE RULE r3 AS ON INSERT TO t WHERE NEW.nope = 1 DO ALSO NOTHING;
CREATE RULE r3 AS ON INSERT TO t WHERE NEW.a = 1 DO ALSO NOTHING;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b CASCADE;
