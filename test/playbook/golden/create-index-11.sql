CREATE UNIQUE INDEX orders_region ON orders (region);

-- expand: Build orders_region while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. A failed build leaves
-- an INVALID index, which slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_region'::regclass;
-- Then drop it, and build again:
--   DROP INDEX CONCURRENTLY orders_region;
CREATE UNIQUE INDEX CONCURRENTLY orders_region ON orders (region);
