ALTER TABLE orders ALTER COLUMN id TYPE numeric(20);

-- 1. expand: Add id_new of the new type beside id
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN id_new numeric(20);
RESET lock_timeout;

-- 2. expand: Let a trigger fill id_new on every write
-- A value of id that does not fit the new type makes the write fail: look for
-- such rows first.
SET lock_timeout = '5s';
CREATE OR REPLACE FUNCTION orders_id_sync() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.id_new := NEW.id::numeric(20);
  RETURN NEW;
END
$$;
CREATE TRIGGER zz_orders_id_sync
  BEFORE INSERT OR UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION orders_id_sync();
RESET lock_timeout;

-- 3. migrate: Convert the rows that are there, in batches (outside a
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
    UPDATE orders SET id_new = id::numeric(20)
    WHERE id >= batch_start AND id <= batch_end
      AND ROW(id_new)::record *<> ROW(id::numeric(20))::record;
    COMMIT;
    PERFORM pg_sleep(0.1);
    SELECT id INTO batch_start FROM orders
    WHERE id > batch_end
    ORDER BY id LIMIT 1;
  END LOOP;
END
$$;

-- 4. migrate: Refuse new NULLs in id_new, without checking the rows that are
-- there
SET lock_timeout = '5s';
ALTER TABLE orders ADD CONSTRAINT orders_id_new_not_null
  CHECK (id_new IS NOT NULL) NOT VALID;
RESET lock_timeout;

-- 5. migrate: Check the rows that are there, while reads and writes go on
ALTER TABLE orders VALIDATE CONSTRAINT orders_id_new_not_null;

-- 6. migrate: Set NOT NULL: the valid CHECK proves it, so no row is read
SET lock_timeout = '5s';
ALTER TABLE orders ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_id_new_not_null;
RESET lock_timeout;

-- 7. migrate: Build orders_pkey_id_new while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. A failed build leaves
-- an INVALID index, which slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_pkey_id_new'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY orders_pkey_id_new;
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY orders_pkey_id_new;
CREATE UNIQUE INDEX CONCURRENTLY orders_pkey_id_new ON orders (id_new);

-- 8. migrate: Carry comments, privileges and settings over
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'COMMENT ON COLUMN orders.id_new IS %L',
      col_description(attrelid, attnum)
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'id'
      AND col_description(attrelid, attnum) IS NOT NULL
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN id_new SET STATISTICS %s',
      attstattarget
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'id'
      AND attstattarget >= 0
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN id_new SET (%s)',
      array_to_string(attoptions, ', ')
    ) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attname = 'id'
      AND attoptions IS NOT NULL
    UNION ALL
    SELECT format(
      'GRANT %s (id_new) ON orders TO %s%s',
      privilege_type,
      CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    ) FROM pg_attribute, aclexplode(attacl)
    WHERE attrelid = 'orders'::regclass AND attname = 'id'
      AND attacl IS NOT NULL
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;

-- 9. migrate: Swap the two names
-- Ship code that can handle both types before. Sessions with prepared
-- statements on the table may have to prepare them again.
SET lock_timeout = '5s';
DROP TRIGGER zz_orders_id_sync ON orders;
DROP FUNCTION orders_id_sync();
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders ALTER COLUMN id DROP NOT NULL;
-- pgsafe-ignore column-rename-breaks-code -- the next statement gives the name to the new column
ALTER TABLE orders RENAME COLUMN id TO id_old;
-- pgsafe-ignore column-rename-breaks-code -- no code knows the name it had so far
ALTER TABLE orders RENAME COLUMN id_new TO id;
ALTER TABLE orders ADD CONSTRAINT orders_pkey
  PRIMARY KEY USING INDEX orders_pkey_id_new;
RESET lock_timeout;

-- 10. contract: Drop the column of the old type, in a later deploy
-- It keeps the values from before the switch: until then they can be compared
-- with id.
SET lock_timeout = '5s';
-- pgsafe-ignore column-drop-breaks-code -- no code has used it since the switch
ALTER TABLE orders DROP COLUMN id_old;
RESET lock_timeout;
