ALTER TABLE orders RENAME COLUMN user_email TO contact_email;

-- 1. expand: Deploy 1 of 4: add contact_email beside user_email
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN contact_email character varying(100);
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN contact_email SET STORAGE %s',
      CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
        WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
    ) FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = 'orders'::regclass AND attname = 'user_email'
      AND attstorage <> typstorage
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN contact_email SET COMPRESSION %s',
      CASE attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'user_email'
      AND attcompression <> ''
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;
RESET lock_timeout;

-- 2. expand: Let a trigger copy user_email to contact_email on every write
SET lock_timeout = '5s';
CREATE OR REPLACE FUNCTION orders_contact_email_sync() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.contact_email := NEW.user_email;
  RETURN NEW;
END
$$;
CREATE TRIGGER zz_orders_contact_email_sync
  BEFORE INSERT OR UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION orders_contact_email_sync();
RESET lock_timeout;

-- 3. migrate: Deploy 2 of 4: copy the rows that are there, in batches (outside
-- a transaction)
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
    UPDATE orders SET contact_email = user_email
    WHERE id >= batch_start AND id <= batch_end
      AND contact_email IS DISTINCT FROM user_email;
    COMMIT;
    PERFORM pg_sleep(0.1);
    SELECT id INTO batch_start FROM orders
    WHERE id > batch_end
    ORDER BY id LIMIT 1;
  END LOOP;
END
$$;

-- 4. migrate: Refuse new NULLs in contact_email, without checking the rows that
-- are there
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_contact_email_not_null
  CHECK (contact_email IS NOT NULL) NOT VALID;
RESET lock_timeout;

-- 5. migrate: Check the rows that are there, while reads and writes go on
ALTER TABLE orders VALIDATE CONSTRAINT orders_contact_email_not_null;

-- 6. migrate: Set NOT NULL: the valid CHECK proves it, so no row is read
SET lock_timeout = '5s';
ALTER TABLE orders ALTER COLUMN contact_email SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_contact_email_not_null;
RESET lock_timeout;

-- 7. migrate: Build orders_contact_email_idx while reads and writes go on
-- (outside a transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. A failed build leaves
-- an INVALID index, which slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_contact_email_idx'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY orders_contact_email_idx;
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY orders_contact_email_idx;
CREATE INDEX CONCURRENTLY orders_contact_email_idx
  ON orders (contact_email DESC);

-- 8. migrate: Carry comments, privileges and settings over
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'COMMENT ON COLUMN orders.contact_email IS %L',
      col_description(attrelid, attnum)
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'user_email'
      AND col_description(attrelid, attnum) IS NOT NULL
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN contact_email SET STATISTICS %s',
      attstattarget
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'user_email'
      AND attstattarget >= 0
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN contact_email SET (%s)',
      array_to_string(attoptions, ', ')
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'user_email'
      AND attoptions IS NOT NULL
    UNION ALL
    SELECT format(
      'GRANT %s (contact_email) ON orders TO %s%s',
      privilege_type,
      CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    ) FROM pg_attribute, aclexplode(attacl)
    WHERE attrelid = 'orders'::regclass AND attname = 'user_email'
      AND attacl IS NOT NULL
    UNION ALL
    SELECT format(
      'COMMENT ON INDEX orders_contact_email_idx IS %L',
      obj_description(oid, 'pg_class')
    ) FROM pg_class
    WHERE oid = 'orders_user_email_idx'::regclass
      AND obj_description(oid, 'pg_class') IS NOT NULL
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;

-- 9. migrate: Deploy 3 of 4: let the trigger copy both ways
-- Then ship the code that reads and writes contact_email only; the code before
-- it may still run.
CREATE OR REPLACE FUNCTION orders_contact_email_sync() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.contact_email IS NOT NULL THEN
      NEW.user_email := NEW.contact_email;
    ELSE
      NEW.contact_email := NEW.user_email;
    END IF;
  ELSIF NEW.contact_email IS DISTINCT FROM OLD.contact_email THEN
    NEW.user_email := NEW.contact_email;
  ELSIF NEW.user_email IS DISTINCT FROM OLD.user_email THEN
    NEW.contact_email := NEW.user_email;
  END IF;
  RETURN NEW;
END
$$;

-- 10. contract: Deploy 4 of 4: drop the trigger and user_email
-- When no running code names user_email any more.
SET lock_timeout = '5s';
DROP TRIGGER zz_orders_contact_email_sync ON orders;
DROP FUNCTION orders_contact_email_sync();
ALTER TABLE orders DROP COLUMN user_email;
ALTER INDEX orders_contact_email_idx RENAME TO orders_user_email_idx;
RESET lock_timeout;
