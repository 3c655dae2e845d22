ALTER TABLE orders ALTER COLUMN region SET NOT NULL;

-- 1. expand: Refuse new NULLs in region, without checking the rows that are
-- there
-- From here on writing NULL fails, and so does every UPDATE of a row that still
-- holds one: ship the code that always sets the column, and fill such rows,
-- first. If it cannot get its lock within 5 seconds it fails and nothing has
-- changed: run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_region_not_null
  CHECK (region IS NOT NULL) NOT VALID;
RESET lock_timeout;

-- 2. migrate: Check the rows that are there, while reads and writes go on
-- Rows where region IS NULL make it fail. On PostgreSQL 11 SET NOT NULL always
-- reads the whole table under its lock. The CHECK guarantees the same: keep it.
ALTER TABLE orders VALIDATE CONSTRAINT orders_region_not_null;
