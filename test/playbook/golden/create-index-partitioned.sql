CREATE INDEX m_at ON m (at);

-- 1. expand: Declare the index on the partitioned table alone
-- It stays INVALID until an index of every partition is attached. If it cannot
-- get its lock within 5 seconds it fails and nothing has changed: run it again.
SET lock_timeout = '5s';
CREATE INDEX m_at ON ONLY m (at);
RESET lock_timeout;

-- 2. expand: Build m_1_at_idx while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. A failed build leaves
-- an INVALID index, which slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'm_1_at_idx'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY m_1_at_idx;
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY m_1_at_idx;
CREATE INDEX CONCURRENTLY m_1_at_idx ON m_1 (at);

-- 3. expand: Attach the partitions' indexes; the last one makes the index valid
-- A partition created meanwhile has its index already.
SET lock_timeout = '5s';
ALTER INDEX m_at ATTACH PARTITION m_1_at_idx;
RESET lock_timeout;
