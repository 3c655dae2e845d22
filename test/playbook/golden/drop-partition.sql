DROP TABLE m_2020;

-- 1. migrate: Ship code that no longer uses m_2020
-- Look for scans of it in pg_stat_user_tables after the deploy.

-- 2. contract: Detach m_2020 while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction. If it is interrupted, this
-- completes it:
--   ALTER TABLE m DETACH PARTITION m_2020 FINALIZE;
-- Unless another CHECK says the same, a CHECK with the bound stays on m_2020:
-- it can be attached again without a scan. Drop it where that is not wanted.
ALTER TABLE m DETACH PARTITION m_2020 CONCURRENTLY;

-- 3. contract: Drop it in a later deploy
-- Without CASCADE, so that nothing unexpected goes with it. If it cannot get
-- its lock within 5 seconds it fails and nothing has changed: run it again.
SET lock_timeout = '5s';
-- pgsafe-ignore table-drop-loses-data -- nothing has missed it since it was detached
DROP TABLE m_2020;
RESET lock_timeout;
