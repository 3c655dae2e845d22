ALTER TABLE orders ADD COLUMN domain text GENERATED ALWAYS AS (split_part(user_email, '@', 2)) STORED;

-- 1. expand: Add domain, nullable and without default
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN domain text;
RESET lock_timeout;

-- 2. expand: Compute domain on every write
-- The column is an ordinary one, kept by the trigger; GENERATED STORED always
-- rewrites the table. GENERATED ALWAYS AS with VIRTUAL needs no rewrite either,
-- where the column is not to be indexed.
SET lock_timeout = '5s';
CREATE OR REPLACE FUNCTION orders_domain_sync() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.domain := split_part(NEW.user_email, '@', 2);
  RETURN NEW;
END
$$;
CREATE TRIGGER zz_orders_domain_sync
  BEFORE INSERT OR UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION orders_domain_sync();
RESET lock_timeout;

-- 3. migrate: Compute it for the rows that are there, in batches (outside a
-- transaction)
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
    UPDATE orders SET domain = (split_part(user_email, '@', 2))
    WHERE id >= batch_start AND id <= batch_end
      AND domain IS NULL;
    COMMIT;
    PERFORM pg_sleep(0.1);
    SELECT id INTO batch_start FROM orders
    WHERE id > batch_end
    ORDER BY id LIMIT 1;
  END LOOP;
END
$$;
