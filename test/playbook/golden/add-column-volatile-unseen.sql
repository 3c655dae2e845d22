ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();

-- 1. expand: Add token with its default for new rows only
-- With the default in ADD COLUMN the whole table would be rewritten; set
-- afterwards it touches no row. If it cannot get its lock within 5 seconds it
-- fails and nothing has changed: run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
RESET lock_timeout;

-- 2. migrate: Fill the rows that are there, in batches (outside a transaction)
-- Send it alone and outside a transaction, with statement_timeout off. Each
-- batch commits by itself; if it is interrupted, or waits more than 5 seconds
-- for a locked row, run it again. No key of the table is known, so a batch is
-- 10 pages of its file. A row that another session's UPDATE moves to a page
-- already done is left out: look afterwards for rows that still meet the
-- condition.
DO $$
DECLARE
  batch_page bigint := 0;
  last_page bigint;
BEGIN
  WITH RECURSIVE tree AS (
    SELECT 'orders'::regclass::oid AS relation
    UNION ALL
    SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
  )
  SELECT max(pg_relation_size(relation)) / current_setting('block_size')::int
    INTO last_page FROM tree;
  WHILE batch_page <= last_page LOOP
    SET LOCAL lock_timeout = '5s';
    UPDATE orders SET token = gen_random_uuid()
    WHERE ctid = ANY (ARRAY(
        SELECT format('(%s,%s)', page, item)::tid
        FROM generate_series(batch_page, batch_page + 9) AS page,
          generate_series(1, 291) AS item
      ))
      AND token IS NULL;
    COMMIT;
    PERFORM pg_sleep(0.1);
    batch_page := batch_page + 10;
  END LOOP;
END
$$;
