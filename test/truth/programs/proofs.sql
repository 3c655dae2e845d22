-- a CHECK proves NOT NULL: IS DISTINCT FROM NULL
CREATE TABLE orders (id int, region text, qty int);
ALTER TABLE orders ADD CONSTRAINT c CHECK (region IS DISTINCT FROM NULL);
ALTER TABLE orders ALTER region SET NOT NULL;

-- a CHECK proves NOT NULL: compared with true
CREATE TABLE orders (id int, region text, qty int);
ALTER TABLE orders ADD CONSTRAINT c CHECK ((region IS NOT NULL) = true);
ALTER TABLE orders ALTER region SET NOT NULL;

-- no proof of NOT NULL: IS TRUE
CREATE TABLE orders (id int, region text, qty int);
ALTER TABLE orders ADD CONSTRAINT c CHECK ((region IS NOT NULL) IS TRUE);
ALTER TABLE orders ALTER region SET NOT NULL;

-- a CHECK proves NOT NULL: of a row
CREATE TABLE orders (id int, region text, qty int);
ALTER TABLE orders ADD CONSTRAINT c CHECK ((region, qty) IS NOT NULL);
ALTER TABLE orders ALTER region SET NOT NULL;

-- a CHECK proves NOT NULL: NOT of alternatives
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT k CHECK (NOT (a IS NULL OR b IS NULL));
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ALTER b SET NOT NULL;

-- no proof of NOT NULL: CASE
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT k CHECK (CASE WHEN a IS NOT NULL THEN true ELSE false END);
ALTER TABLE t ALTER a SET NOT NULL;

-- a CHECK proves NOT NULL: in all alternatives
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT k CHECK ((a IS NOT NULL AND b > 0) OR (a IS NOT NULL AND b < 0));
ALTER TABLE t ALTER a SET NOT NULL;

-- no proof of NOT NULL: two CHECKs together
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL OR b > 0);
ALTER TABLE t ADD CONSTRAINT k2 CHECK (a IS NOT NULL OR b <= 0);
ALTER TABLE t ALTER a SET NOT NULL;

-- no proof of NOT NULL: the column holds rows
CREATE TYPE pt AS (x int, y int);
CREATE TABLE t (a pt, b int);
ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL);
ALTER TABLE t ALTER a SET NOT NULL;

-- proof of a bound: or of equalities
CREATE TABLE p (id int, region text) PARTITION BY LIST (region);
CREATE TABLE c (id int, region text NOT NULL, CONSTRAINT k CHECK (region = 'a' OR region = 'b'));
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN ('a', 'b', 'c');

-- proof of a bound: or leaving one out
CREATE TABLE p (id int, region text) PARTITION BY LIST (region);
CREATE TABLE c (id int, region text NOT NULL, CONSTRAINT k CHECK (region = 'a' OR region = 'x'));
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN ('a', 'b', 'c');

-- proof of a bound: or in a range
CREATE TABLE p (id int, region text) PARTITION BY RANGE (id);
CREATE TABLE c (id int NOT NULL, region text NOT NULL, CONSTRAINT k CHECK (id = 1 OR id IN (2, 3)));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of a bound: not or
CREATE TABLE p (id int, region text) PARTITION BY RANGE (id);
CREATE TABLE c (id int NOT NULL, region text NOT NULL, CONSTRAINT k CHECK (NOT (id < 0 OR id >= 10)));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of a bound: not in order
CREATE TABLE p (id int, region text) PARTITION BY RANGE (id);
CREATE TABLE c (id int NOT NULL, region text NOT NULL, CONSTRAINT k CHECK (NOT (id < 0) AND NOT id > 9));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of a bound: truth
CREATE TABLE p (id int, region text) PARTITION BY RANGE (id);
CREATE TABLE c (id int, region text NOT NULL, CONSTRAINT k CHECK (((id >= 0 AND id < 10) = true) AND (id IS NULL) <> true));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of a bound: same in both branches
CREATE TABLE p (id int, region text) PARTITION BY RANGE (id);
CREATE TABLE c (id int NOT NULL, region text NOT NULL, CONSTRAINT k CHECK ((id >= 0 AND id < 10 AND region = 'a') OR (id >= 0 AND id < 10 AND region = 'b')));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of NOT NULL: is not distinct
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CHECK (NOT (a IS NOT DISTINCT FROM NULL));
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ADD CHECK (NULL IS DISTINCT FROM b);
ALTER TABLE t ALTER b SET NOT NULL;

-- proof of NOT NULL: row negated
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CHECK (NOT ((a, b) IS NULL));
ALTER TABLE t ALTER a SET NOT NULL;

-- proof of NOT NULL: row of one
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CHECK (ROW(a, b) IS NOT NULL);
ALTER TABLE t ALTER b SET NOT NULL;

-- proof of NOT NULL: false comparisons
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CHECK ((a IS NULL) = false);
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ADD CHECK ((b IS NULL) = true);
ALTER TABLE t ALTER b SET NOT NULL;

-- proof of NOT NULL: renamed inside or
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CHECK ((a IS NOT NULL AND b = 1) OR (a IS NOT NULL AND b = 2));
ALTER TABLE t RENAME a TO c;
ALTER TABLE t ALTER c SET NOT NULL;

-- proof of NOT NULL: row type of a table
CREATE TABLE o (x int, y int);
CREATE DOMAIN d AS o;
CREATE TABLE t (a o, b d, c o[]);
ALTER TABLE t ADD CHECK (a IS NOT NULL AND b IS NOT NULL AND c IS NOT NULL);
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ALTER b SET NOT NULL;
ALTER TABLE t ALTER c SET NOT NULL;

-- proof of NOT NULL: pk over a proven row
CREATE TYPE pt AS (x int, y int);
CREATE TABLE t (a pt, b int);
ALTER TABLE t ADD CHECK (a IS NOT NULL);
ALTER TABLE t ADD PRIMARY KEY (a);

-- proof of NOT NULL: different columns in the branches
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CHECK ((a IS NOT NULL AND b = 1) OR (b IS NOT NULL AND a = 2));
ALTER TABLE t ALTER a SET NOT NULL;

-- proof of a bound: with null list
CREATE TABLE p (id int, region text) PARTITION BY LIST (region);
CREATE TABLE c (id int, region text, CONSTRAINT k CHECK (region IN ('a') OR region IS NULL));
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN ('a', NULL);

-- proof of a bound: with a negated in
CREATE TABLE p (id int, region int) PARTITION BY RANGE (region);
CREATE TABLE c (id int, region int NOT NULL, CONSTRAINT k CHECK (NOT (region NOT BETWEEN 1 AND 5)));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of a bound: with ranges in branches
CREATE TABLE p (id int, region int) PARTITION BY RANGE (region);
CREATE TABLE c (id int, region int NOT NULL, CONSTRAINT k CHECK ((region >= 0 AND region < 3) OR (region BETWEEN 5 AND 7)));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of a bound: only nulls
CREATE TABLE p (id int, region text) PARTITION BY LIST (region);
CREATE TABLE c (id int, region text, CONSTRAINT k CHECK (region IS NULL));
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN ('a', NULL);

-- proof of a bound: a branch beyond
CREATE TABLE p (id int, region int) PARTITION BY RANGE (region);
CREATE TABLE c (id int, region int NOT NULL, CONSTRAINT k CHECK ((region >= 0 AND region < 3) OR (region BETWEEN 5 AND 12)));
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);

-- proof of NOT NULL: rows by IS DISTINCT FROM NULL
CREATE TYPE pt AS (x int, y int);
CREATE DOMAIN d AS pt;
CREATE DOMAIN dd AS d;
CREATE TABLE o (x int, y int);
CREATE TABLE t (a pt, b d, c dd, e o, f pt, g pt, h pt[]);
INSERT INTO t VALUES (ROW(1, NULL), ROW(1, NULL)::pt, ROW(1, NULL)::pt, ROW(1, NULL), ROW(1, NULL), ROW(1, NULL), '{}');
ALTER TABLE t ADD CHECK (a IS DISTINCT FROM NULL AND NULL IS DISTINCT FROM b);
ALTER TABLE t ADD CHECK (NOT (c IS NOT DISTINCT FROM NULL) AND (e IS DISTINCT FROM NULL) = true);
ALTER TABLE t ADD CHECK (ROW(f, g) IS NOT NULL AND h IS NOT NULL);
ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL;
ALTER TABLE t ALTER c SET NOT NULL, ALTER e SET NOT NULL;
ALTER TABLE t ALTER f SET NOT NULL, ALTER g SET NOT NULL, ALTER h SET NOT NULL;

-- no proof of NOT NULL: rows by a cast NULL, or by NOT IS NULL
CREATE TYPE pt AS (x int, y int);
CREATE TABLE t (a pt, b pt);
ALTER TABLE t ADD CHECK (a IS DISTINCT FROM NULL::pt AND NOT (b IS NULL));
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ALTER b SET NOT NULL;

-- proof of NOT NULL: TRUE and FALSE are folded first
CREATE TABLE t (a int, b int, c int, d int, e int, f int);
ALTER TABLE t ADD CHECK (a IS NOT NULL OR false);
ALTER TABLE t ADD CHECK (true AND (b IS NOT NULL AND NOT false));
ALTER TABLE t ADD CHECK (NOT (NOT (c IS NOT NULL OR NOT true)));
ALTER TABLE t ADD CHECK ((d IS NOT NULL OR (false AND a > 0)) AND d > 0);
ALTER TABLE t ADD CHECK (e IS NOT NULL OR e > 0 AND true OR true);
ALTER TABLE t ADD CHECK (f IS NOT NULL OR NULL);
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ALTER b SET NOT NULL;
ALTER TABLE t ALTER c SET NOT NULL;
ALTER TABLE t ALTER d SET NOT NULL;
ALTER TABLE t ALTER e SET NOT NULL;
ALTER TABLE t ALTER f SET NOT NULL;
