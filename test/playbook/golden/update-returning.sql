UPDATE orders SET region = 'eu' RETURNING id;

-- migrate: Update orders in batches
-- Restrict each run of the statement to a range of about 1000 rows of orders by
-- its key, and commit after each: WITH, RETURNING and WHERE CURRENT OF keep
-- pgsafe from writing the loop.
