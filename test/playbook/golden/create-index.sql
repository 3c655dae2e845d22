CREATE INDEX IF NOT EXISTS "Orders region" ON app."Orders" USING gin (region gin_trgm_ops) WHERE region IS NOT NULL;

-- 1. expand: Drop what a failed build may have left (outside a transaction)
-- IF NOT EXISTS would keep an INVALID index for ever. Leave this step out where
-- the index is known to be valid.
DROP INDEX CONCURRENTLY IF EXISTS app."Orders region";

-- 2. expand: Build "Orders region" while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. A failed build leaves
-- an INVALID index, which slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'app."Orders region"'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY app."Orders region";
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY app."Orders region";
CREATE INDEX CONCURRENTLY "Orders region" ON app."Orders" USING gin (region gin_trgm_ops) WHERE region IS NOT NULL;
