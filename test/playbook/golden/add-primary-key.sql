ALTER TABLE orders ADD PRIMARY KEY (id);

-- 1. expand: Refuse new NULLs in id, without checking the rows that are there
-- From here on writing NULL fails, and so does every UPDATE of a row that still
-- holds one: ship the code that always sets the column, and fill such rows,
-- first. If it cannot get its lock within 5 seconds it fails and nothing has
-- changed: run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_id_not_null
  CHECK (id IS NOT NULL) NOT VALID;
RESET lock_timeout;

-- 2. expand: Build orders_pkey while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. Duplicates make it
-- fail: look for them first. A failed build leaves an INVALID index, which
-- slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_pkey'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY orders_pkey;
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY orders_pkey;
CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);

-- 3. migrate: Check the rows that are there, while reads and writes go on
-- Rows where id IS NULL make it fail.
ALTER TABLE orders VALIDATE CONSTRAINT orders_id_not_null;

-- 4. contract: Set NOT NULL: the valid CHECK proves it, so no row is read
SET lock_timeout = '5s';
ALTER TABLE orders ALTER COLUMN id SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_id_not_null;
RESET lock_timeout;

-- 5. contract: Put the primary key on the index
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_pkey
  PRIMARY KEY USING INDEX orders_pkey;
RESET lock_timeout;
