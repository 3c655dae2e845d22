DROP TABLE c;

-- 1. migrate: Ship code that no longer uses c
-- Look for scans of it in pg_stat_user_tables after the deploy.

-- 2. contract: Take it out of the way under another name, and wait
-- Whoever still needs it fails now, and this brings it back at once:
--   ALTER TABLE c_retired RENAME TO c;
--   ALTER TABLE c INHERIT p;
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE c NO INHERIT p;
-- pgsafe-ignore table-rename-breaks-code -- no running code uses it any more
ALTER TABLE c RENAME TO c_retired;
RESET lock_timeout;

-- 3. contract: Drop it in a later deploy
-- Without CASCADE, so that nothing unexpected goes with it.
SET lock_timeout = '5s';
-- pgsafe-ignore table-drop-loses-data -- nothing has missed it since it was renamed
DROP TABLE c_retired;
RESET lock_timeout;
