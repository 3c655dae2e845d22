TRUNCATE orders;

-- migrate: Delete the rows of orders in batches (outside a transaction)
-- Send it alone and outside a transaction, with statement_timeout off. Each
-- batch commits by itself; if it is interrupted, or waits more than 5 seconds
-- for a locked row, run it again.
DO $$
DECLARE
  batch_start orders.id%TYPE;
  batch_end orders.id%TYPE;
BEGIN
  SELECT id INTO batch_start FROM orders ORDER BY id LIMIT 1;
  WHILE batch_start IS NOT NULL LOOP
    SET LOCAL lock_timeout = '5s';
    SELECT id INTO batch_end
    FROM (
      SELECT id FROM orders
      WHERE id >= batch_start
      ORDER BY id LIMIT 1000
    ) AS batch
    ORDER BY id DESC LIMIT 1;
    DELETE FROM orders
    WHERE id >= batch_start AND id <= batch_end;
    COMMIT;
    PERFORM pg_sleep(0.1);
    SELECT id INTO batch_start FROM orders
    WHERE id > batch_end
    ORDER BY id LIMIT 1;
  END LOOP;
END
$$;
