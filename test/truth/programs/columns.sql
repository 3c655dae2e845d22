-- casts of USING, one after the other
CREATE TABLE t (id int, a int[], v varchar(10));
ALTER TABLE t ALTER id TYPE interval USING id::text::interval;
ALTER TABLE t ALTER a TYPE varbit(5) USING a::text::varbit(5);
ALTER TABLE t ALTER v TYPE text USING v::text::varchar;

-- casts that do not exist
CREATE TYPE mood AS ENUM ('a');
CREATE TYPE pair AS (x int, y int);
CREATE DOMAIN many AS int[];
CREATE TABLE t (a int, b int[], c mood, d pair, e text);
ALTER TABLE t ALTER a TYPE varchar(10)[];
ALTER TABLE t ALTER a TYPE mood;
ALTER TABLE t ALTER a TYPE mood USING a::mood;
ALTER TABLE t ALTER b TYPE int;
ALTER TABLE t ALTER c TYPE pair USING c::pair;
ALTER TABLE t ALTER a TYPE bytea USING a::bytea;
ALTER TABLE t ALTER e TYPE int[];
ALTER TABLE t ALTER b TYPE many;
ALTER TABLE t ALTER b TYPE text[];
ALTER TABLE t ALTER d TYPE text;
ALTER TABLE t ALTER e TYPE int[] USING e::int[];

-- a default has to follow its column into the new type
CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'x', b int DEFAULT 1, c serial);
ALTER TABLE t ALTER a TYPE date USING NULL::date;
ALTER TABLE t ALTER b TYPE date USING NULL::date;
ALTER TABLE t ALTER c TYPE date USING NULL::date;
ALTER TABLE t ALTER b TYPE date USING NULL::date, ALTER b SET DEFAULT 1;
ALTER TABLE t ALTER a DROP DEFAULT, ALTER a TYPE date USING NULL::date;

-- identity of what has a value already
CREATE TABLE t (a int NOT NULL, b int NOT NULL DEFAULT 1);
ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ALTER b ADD GENERATED ALWAYS AS IDENTITY;

-- a default copied by LIKE needs the sequence of the other table
CREATE TABLE t (id int PRIMARY KEY, n bigserial);
CREATE TABLE u (LIKE t INCLUDING DEFAULTS);
ALTER TABLE t DROP COLUMN n;
DROP TABLE t;
ALTER TABLE t DROP COLUMN n CASCADE;

-- LIKE copies a NOT NULL that was not validated as a valid one
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID;
CREATE TABLE u (LIKE t);
