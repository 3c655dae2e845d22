ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();

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
    UPDATE orders SET token = gen_random_uuid()
    WHERE id >= batch_start AND id <= batch_end
      AND token IS NULL;
    COMMIT;
    PERFORM pg_sleep(0.1);
    SELECT id INTO batch_start FROM orders
    WHERE id > batch_end
    ORDER BY id LIMIT 1;
  END LOOP;
END
$$;

-- 3. migrate: Refuse new NULLs in token, without checking the rows that are
-- there
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_token_not_null
  CHECK (token IS NOT NULL) NOT VALID;
RESET lock_timeout;

-- 4. migrate: Check the rows that are there, while reads and writes go on
ALTER TABLE orders VALIDATE CONSTRAINT orders_token_not_null;

-- 5. migrate: Set NOT NULL: the valid CHECK proves it, so no row is read
SET lock_timeout = '5s';
ALTER TABLE orders ALTER COLUMN token SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_token_not_null;
RESET lock_timeout;
