REFRESH MATERIALIZED VIEW totals;

-- migrate: Refresh row by row, while the view is read
-- It needs a unique index over plain columns, without WHERE, and a view that
-- has been filled once. If it cannot get its lock within 5 seconds it fails and
-- nothing has changed: run it again.
SET lock_timeout = '5s';
REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
RESET lock_timeout;
