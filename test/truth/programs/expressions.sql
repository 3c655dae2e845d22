-- sub-queries in expressions that take none
CREATE TABLE orders (id int, region text);
CREATE TABLE regions (name text);
ALTER TABLE orders ADD a1 text DEFAULT (SELECT name FROM regions LIMIT 1);
ALTER TABLE orders ADD CHECK (region IN (SELECT name FROM regions));
ALTER TABLE orders ADD CHECK (EXISTS (SELECT FROM regions WHERE name = region)) NOT VALID;
ALTER TABLE orders ADD a2 text CHECK (a2 IN (SELECT name FROM regions));
CREATE INDEX ON orders (id) WHERE region IN (SELECT name FROM regions);
CREATE INDEX ON orders ((SELECT name FROM regions));
ALTER TABLE orders ALTER id TYPE text USING (SELECT name FROM regions WHERE regions.name = orders.region);
ALTER TABLE orders ALTER region SET DEFAULT (SELECT name FROM regions);
ALTER TABLE orders ADD EXCLUDE USING btree (id WITH =) WHERE (region IN (SELECT name FROM regions));
CREATE TABLE o2 (id int DEFAULT (SELECT count(*) FROM regions));
CREATE TABLE o2 (id int CHECK (EXISTS (SELECT FROM regions)));
CREATE TABLE o2 (id int, CHECK (id IN (SELECT id FROM orders)));
CREATE TABLE o2 (id int, b text) PARTITION BY LIST ((SELECT name FROM regions));
CREATE DOMAIN d AS text CHECK (VALUE IN (SELECT name FROM regions));
CREATE DOMAIN d AS int DEFAULT (SELECT count(*) FROM regions);
CREATE DOMAIN d AS text;
ALTER DOMAIN d ADD CHECK (VALUE IN (SELECT name FROM regions));
ALTER DOMAIN d SET DEFAULT (SELECT name FROM regions);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW WHEN (EXISTS (SELECT FROM regions)) EXECUTE FUNCTION f();
CREATE TABLE IF NOT EXISTS orders (id int DEFAULT (SELECT count(*) FROM regions));
CREATE POLICY p ON orders USING (region IN (SELECT name FROM regions));
CREATE INDEX ON orders (id) WHERE region IN ('a', 'b');
-- sub-queries in what a column is computed from
-- except 11: it has no such columns.
CREATE TABLE regions (name text);
CREATE TABLE o2 (id int, b int GENERATED ALWAYS AS ((SELECT count(*) FROM regions)) STORED);
ALTER TABLE regions ADD b int GENERATED ALWAYS AS ((SELECT count(*) FROM regions)) STORED;
-- defaults read no column
CREATE TABLE orders (id int, region text);
ALTER TABLE orders ADD a int DEFAULT id;
ALTER TABLE orders ADD a text DEFAULT lower(region);
ALTER TABLE orders ADD a text DEFAULT "open";
ALTER TABLE orders ADD a text DEFAULT open;
ALTER TABLE orders ALTER id SET DEFAULT region;
CREATE TABLE o2 (id int, b int DEFAULT id);
CREATE DOMAIN d AS text DEFAULT x;
CREATE DOMAIN d AS text;
ALTER DOMAIN d SET DEFAULT "x";
ALTER TABLE orders ADD IF NOT EXISTS id int DEFAULT region;
ALTER TABLE orders ADD a text DEFAULT SESSION_USER, ADD b date DEFAULT CURRENT_DATE, ADD c text DEFAULT CURRENT_CATALOG, ADD e text DEFAULT current_schema;
-- defaults of another type
CREATE DOMAIN flag AS boolean;
CREATE TYPE state AS ENUM ('a');
CREATE TABLE t (a text DEFAULT 0, b numeric DEFAULT 1, c float DEFAULT 1, d varchar DEFAULT true, e money DEFAULT 1, f real DEFAULT 1.5, g flag DEFAULT true, h oid DEFAULT 1, i int DEFAULT 1.5);
CREATE TABLE u (a boolean DEFAULT 0);
CREATE TABLE u (a int DEFAULT true);
ALTER TABLE t ADD m flag DEFAULT 1;
ALTER TABLE t ADD m boolean DEFAULT 1;
ALTER TABLE t ADD m state DEFAULT 1;
ALTER TABLE t ADD m date DEFAULT 0;
ALTER TABLE t ADD m jsonb DEFAULT 1;
ALTER TABLE t ADD m int[] DEFAULT 1;
ALTER TABLE t ADD m interval DEFAULT 0;
ALTER TABLE t ADD IF NOT EXISTS a boolean DEFAULT 1;
ALTER TABLE t ALTER b SET DEFAULT true;
ALTER TABLE t ALTER b TYPE text, ALTER b SET DEFAULT true;
-- columns that a new table's CHECK and USING read
CREATE TABLE t (x int CHECK (t.x > 0), y int CHECK (y > x), CHECK (x < z), z int);
CREATE TABLE u (x int CHECK (w > 0));
CREATE TABLE u (x int, CHECK (w > 0));
CREATE TABLE u (x int, CHECK (u IS NOT NULL));
ALTER TABLE t ALTER x TYPE text USING nosuch::text;
ALTER TABLE t ADD COLUMN added int, ALTER z TYPE text USING added::text;
ALTER TABLE t ALTER z TYPE text USING y::text || t.z;
-- types that take a length or precision, and those that take none
CREATE TABLE a (a float(10), b float(40), c varchar(5), d char(4), e bit(3), f bit varying(5), g numeric(5), h decimal(4,2), i time(3), j timetz(2), k timestamp(1) with time zone, l interval(2), m interval day to second(3), n varchar(3)[], o national character(5), p dec(3));
ALTER TABLE a ADD COLUMN z text(5);
ALTER TABLE a ADD COLUMN z uuid(5);
ALTER TABLE a ADD COLUMN z "char"(5);
ALTER TABLE a ADD COLUMN z text(5)[];
ALTER TABLE a ADD COLUMN z pg_catalog.varchar(5), ADD COLUMN y bpchar(5);
ALTER TABLE a ALTER c TYPE text(40);
CREATE DOMAIN d AS text(4);
CREATE TABLE b (a date(3));
