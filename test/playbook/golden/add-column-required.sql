ALTER TABLE orders ADD COLUMN region text NOT NULL;

-- 1. expand: Add region, nullable and without default
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN region text;
RESET lock_timeout;

-- 2. migrate: Ship code that always writes region, then fill the rows that are
-- there
-- Fill them in batches of about 1000 rows WHERE region IS NULL; which value
-- they get only the application knows. If one value fits all of them, give the
-- column a DEFAULT instead.

-- 3. migrate: Refuse new NULLs in region, without checking the rows that are
-- there
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_region_not_null
  NOT NULL region NOT VALID;
RESET lock_timeout;

-- 4. migrate: Check the rows that are there, while reads and writes go on
ALTER TABLE orders VALIDATE CONSTRAINT orders_region_not_null;
