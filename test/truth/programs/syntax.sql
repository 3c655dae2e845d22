-- syntax: GROUP BY DISTINCT
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT a, b, count(*) AS n FROM t GROUP BY DISTINCT ROLLUP (a, b), ROLLUP (a);

-- syntax: SEARCH and CYCLE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS WITH RECURSIVE r(a, b) AS (SELECT a, b FROM t UNION ALL SELECT t.a, t.b FROM t, r WHERE t.a = r.b) SEARCH DEPTH FIRST BY a SET ordering SELECT a FROM r;

-- syntax: CYCLE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS WITH RECURSIVE r(a, b) AS (SELECT a, b FROM t UNION ALL SELECT t.a, t.b FROM t, r WHERE t.a = r.b) CYCLE a SET is_cycle USING path SELECT a FROM r;

-- syntax: underscores in a default
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
ALTER TABLE t ADD COLUMN n int DEFAULT 1_000;

-- syntax: numbers in hexadecimal of CHECK
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
ALTER TABLE t ADD CONSTRAINT c CHECK (a < 0b1010);

-- syntax: JSON constructors
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_OBJECT('a': a) AS j FROM t;

-- syntax: JSON arrays
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_ARRAY(a, b) AS j FROM t;

-- syntax: JSON aggregates
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_ARRAYAGG(a) AS j FROM t;

-- syntax: JSON object aggregates
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_OBJECTAGG(a: b) AS j FROM t;

-- syntax: IS JSON of UPDATE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
UPDATE t SET a = 1 WHERE c IS JSON;

-- syntax: IS JSON of CHECK
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
ALTER TABLE t ADD CONSTRAINT c CHECK (c IS JSON);

-- syntax: JSON functions of queries
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_VALUE(j, '$.a') AS x FROM t;

-- syntax: JSON_EXISTS
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_EXISTS(j, '$.a') AS x FROM t;

-- syntax: JSON_QUERY
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_QUERY(j, '$.a') AS x FROM t;

-- syntax: JSON_SCALAR
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_SCALAR(a) AS x FROM t;

-- syntax: JSON_SERIALIZE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT JSON_SERIALIZE(j) AS x FROM t;

-- syntax: MERGE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = u.b WHEN NOT MATCHED THEN DO NOTHING;

-- syntax: RETURNING with names
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
UPDATE t SET a = 2 RETURNING WITH (OLD AS o) o.a;

-- syntax: ANY_VALUE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT any_value(a) AS x FROM t;

-- syntax: multiranges
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE TABLE m (r int4multirange);

-- syntax: a column of a multirange
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
ALTER TABLE t ADD COLUMN r datemultirange;

-- syntax: a join with an alias
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT x.a FROM t JOIN u USING (a) AS x;

-- syntax: UNIQUE NULLS NOT DISTINCT
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT;

-- syntax: date_bin
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT date_bin('1 day', now(), now()) AS x;

-- syntax: AT LOCAL
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT now() AT LOCAL AS x;

-- syntax: normalization
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT normalize(c) AS x FROM t;

-- syntax: IS NORMALIZED
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT c IS NORMALIZED AS x FROM t;

-- syntax: GROUPS of windows
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT sum(a) OVER (ORDER BY a GROUPS 1 PRECEDING) AS x FROM t;

-- syntax: OUT arguments of procedures
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
CREATE PROCEDURE p(OUT x int) LANGUAGE sql AS 'SELECT 1';

-- syntax: MERGE_ACTION
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE RETURNING merge_action();

-- syntax: MATERIALIZED of WITH in UPDATE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
WITH w AS MATERIALIZED (SELECT a FROM u) UPDATE t SET a = 1 FROM w WHERE w.a = t.a;

-- syntax: WITH TIES of INSERT
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
INSERT INTO t (a) SELECT a FROM u ORDER BY a FETCH FIRST 1 ROW WITH TIES;

-- syntax: uuidv7
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
ALTER TABLE t ADD COLUMN id uuid DEFAULT uuidv7();

-- syntax: random between
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
ALTER TABLE t ADD COLUMN n int DEFAULT random(1, 10);

-- syntax: CURRENT_ROLE
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
GRANT SELECT ON t TO CURRENT_ROLE;

-- syntax: GRANTED BY
CREATE TABLE t (a int, b int, c text, j jsonb);
CREATE TABLE u (a int, b int);
CREATE VIEW w AS SELECT a FROM t;
GRANT SELECT ON t TO CURRENT_USER GRANTED BY CURRENT_USER;

-- syntax: words in quotes and comments, which are none
CREATE TABLE t (a int, b int, c text, "is json" int);
UPDATE t SET c = 'x is json (1_000) 0xFF at local' WHERE c = 'group by distinct' /* (1_000) returning with ( */;
ALTER TABLE t ADD COLUMN d text DEFAULT '0x1F and 1_000', ADD CHECK (c <> 'a is json');
CREATE VIEW v AS SELECT "is json", json_object('{a,b}') AS j, c AS a1_000 FROM t;
