ALTER TABLE orders ADD CONSTRAINT orders_no UNIQUE (no);

-- 1. expand: Build orders_no while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. Duplicates make it
-- fail: look for them first. A failed build leaves an INVALID index, which
-- slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_no'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY orders_no;
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY orders_no;
CREATE UNIQUE INDEX CONCURRENTLY orders_no ON orders (no);

-- 2. contract: Put the constraint on the index
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_no
  UNIQUE USING INDEX orders_no;
RESET lock_timeout;
