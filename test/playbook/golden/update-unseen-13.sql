UPDATE orders AS o SET n = 1;

-- migrate: Update orders in batches (outside a transaction)
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
    UPDATE orders AS o SET n = 1
    WHERE o.ctid = ANY (ARRAY(
        SELECT format('(%s,%s)', page, item)::tid
        FROM generate_series(batch_page, batch_page + 9) AS page,
          generate_series(1, 291) AS item
      ));
    COMMIT;
    PERFORM pg_sleep(0.1);
    batch_page := batch_page + 10;
  END LOOP;
END
$$;
