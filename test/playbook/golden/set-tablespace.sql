ALTER TABLE orders SET TABLESPACE "fast disks";

-- 1. expand: Install the extension that pg_repack works with
-- The server needs the pg_repack package of its own major version, and the
-- client must be of the same release.
CREATE EXTENSION IF NOT EXISTS pg_repack;

-- 2. migrate: Repack orders from a shell
-- With the options that name host and database:
--   pg_repack --table=public.orders --no-order --tablespace='fast disks' --wait-timeout=60 --no-kill-backend
-- Reads and writes go on; ACCESS EXCLUSIVE is held for an instant at the start
-- and at the end. The table has the key that pg_repack needs. Free disk room of
-- about twice the table with its indexes is needed.
