DROP INDEX IF EXISTS orders_user_email_idx;

-- contract: Drop orders_user_email_idx while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction. If it fails, the index stays behind
-- INVALID: run it again.
DROP INDEX CONCURRENTLY IF EXISTS orders_user_email_idx;
