ALTER TABLE orders ALTER COLUMN id TYPE bigint, ALTER COLUMN "Amount" TYPE bigint;

-- 1. expand: Add id_new and "Amount_new" of the new types beside id and
-- "Amount"
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE orders
  ADD COLUMN id_new bigint,
  ADD COLUMN "Amount_new" bigint;
RESET lock_timeout;

-- 2. expand: Let a trigger fill id_new and "Amount_new" on every write
-- A value that does not fit its new type makes the write fail: look for such
-- rows first.
SET lock_timeout = '5s';
CREATE OR REPLACE FUNCTION "orders_id_Amount_sync"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.id_new := NEW.id::bigint;
  NEW."Amount_new" := NEW."Amount"::bigint;
  RETURN NEW;
END
$$;
CREATE TRIGGER "zz_orders_id_Amount_sync"
  BEFORE INSERT OR UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION "orders_id_Amount_sync"();
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
    UPDATE orders SET
      id_new = id::bigint,
      "Amount_new" = "Amount"::bigint
    WHERE id >= batch_start AND id <= batch_end
      AND (
        id_new IS DISTINCT FROM id::bigint
        OR "Amount_new" IS DISTINCT FROM "Amount"::bigint
      );
    COMMIT;
    PERFORM pg_sleep(0.1);
    SELECT id INTO batch_start FROM orders
    WHERE id > batch_end
    ORDER BY id LIMIT 1;
  END LOOP;
END
$$;

-- 4. migrate: Refuse new NULLs in id_new and "Amount_new", without checking the
-- rows that are there
SET lock_timeout = '5s';
ALTER TABLE orders
  ADD CONSTRAINT orders_id_new_not_null CHECK (id_new IS NOT NULL) NOT VALID,
  ADD CONSTRAINT "orders_Amount_new_not_null" CHECK ("Amount_new" IS NOT NULL) NOT VALID;
RESET lock_timeout;

-- 5. migrate: Check the rows that are there, while reads and writes go on
ALTER TABLE orders
  VALIDATE CONSTRAINT orders_id_new_not_null,
  VALIDATE CONSTRAINT "orders_Amount_new_not_null";

-- 6. migrate: Set NOT NULL: the valid CHECK proves it, so no row is read
SET lock_timeout = '5s';
ALTER TABLE orders
  ALTER COLUMN id_new SET NOT NULL,
  ALTER COLUMN "Amount_new" SET NOT NULL;
ALTER TABLE orders
  DROP CONSTRAINT orders_id_new_not_null,
  DROP CONSTRAINT "orders_Amount_new_not_null";
RESET lock_timeout;

-- 7. migrate: Carry "orders_Amount_check" and orders_check over
SET lock_timeout = '5s';
ALTER TABLE orders
  ADD CONSTRAINT "orders_Amount_new_check" CHECK ("Amount_new" >= 0) NOT VALID,
  ADD CONSTRAINT orders_check_id_new CHECK ("Amount_new" <> id_new) NOT VALID;
RESET lock_timeout;

-- 8. migrate: Check the rows that are there against "orders_Amount_new_check"
-- and orders_check_id_new, while reads and writes go on
-- In a migration of its own: in the transaction that added the constraints its
-- lock would last through the scan.
ALTER TABLE orders
  VALIDATE CONSTRAINT "orders_Amount_new_check",
  VALIDATE CONSTRAINT orders_check_id_new;

-- 9. migrate: Build orders_pkey_id_new while reads and writes go on (outside a
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

-- 10. migrate: Build orders_amounts_id_new while reads and writes go on
-- (outside a transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off: it waits for older transactions. A failed build leaves
-- an INVALID index, which slows writes and serves no query. To see it:
--   SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_amounts_id_new'::regclass;
-- Then finish it:
--   REINDEX INDEX CONCURRENTLY orders_amounts_id_new;
-- Or drop it, and build again:
--   DROP INDEX CONCURRENTLY orders_amounts_id_new;
CREATE INDEX CONCURRENTLY orders_amounts_id_new
  ON orders ("Amount_new", id_new);

-- 11. migrate: Carry comments, privileges and settings over
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    WITH pair (old, new) AS (VALUES
      ('id', 'id_new'),
      ('Amount', 'Amount_new')
    )
    SELECT format(
      'COMMENT ON COLUMN orders.%I IS %L',
      new,
      col_description(attrelid, attnum)
    ) FROM pg_attribute JOIN pair ON attname = old
    WHERE attrelid = 'orders'::regclass
      AND col_description(attrelid, attnum) IS NOT NULL
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN %I SET STATISTICS %s',
      new,
      attstattarget
    ) FROM pg_attribute JOIN pair ON attname = old
    WHERE attrelid = 'orders'::regclass
      AND attstattarget >= 0
    UNION ALL
    SELECT format(
      'ALTER TABLE orders ALTER COLUMN %I SET (%s)',
      new,
      array_to_string(attoptions, ', ')
    ) FROM pg_attribute JOIN pair ON attname = old
    WHERE attrelid = 'orders'::regclass
      AND attoptions IS NOT NULL
    UNION ALL
    SELECT format(
      'GRANT %s (%I) ON orders TO %s%s',
      privilege_type,
      new,
      CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    ) FROM pg_attribute JOIN pair ON attname = old, aclexplode(attacl)
    WHERE attrelid = 'orders'::regclass
      AND attacl IS NOT NULL
    UNION ALL
    SELECT format(
      'COMMENT ON CONSTRAINT "orders_Amount_new_check" ON orders IS %L',
      obj_description(oid, 'pg_constraint')
    ) FROM pg_constraint
    WHERE conrelid = 'orders'::regclass
      AND conname = 'orders_Amount_check'
      AND obj_description(oid, 'pg_constraint') IS NOT NULL
    UNION ALL
    SELECT format(
      'COMMENT ON CONSTRAINT orders_check_id_new ON orders IS %L',
      obj_description(oid, 'pg_constraint')
    ) FROM pg_constraint
    WHERE conrelid = 'orders'::regclass
      AND conname = 'orders_check'
      AND obj_description(oid, 'pg_constraint') IS NOT NULL
    UNION ALL
    SELECT format(
      'COMMENT ON INDEX orders_amounts_id_new IS %L',
      obj_description(oid, 'pg_class')
    ) FROM pg_class
    WHERE oid = 'amounts'::regclass
      AND obj_description(oid, 'pg_class') IS NOT NULL
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;

-- 12. migrate: Swap the names
-- Ship code that can handle both types before. Sessions with prepared
-- statements on the table may have to prepare them again.
SET lock_timeout = '5s';
DROP TRIGGER "zz_orders_id_Amount_sync" ON orders;
DROP FUNCTION "orders_id_Amount_sync"();
ALTER TABLE orders ALTER COLUMN "Amount_new" SET DEFAULT 0;
ALTER TABLE orders ALTER COLUMN "Amount" DROP DEFAULT;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders
  DROP CONSTRAINT "orders_Amount_check",
  DROP CONSTRAINT orders_check;
ALTER TABLE orders
  ALTER COLUMN id DROP NOT NULL,
  ALTER COLUMN "Amount" DROP NOT NULL;
-- pgsafe-ignore column-rename-breaks-code -- the next statement gives the name to the new column
ALTER TABLE orders RENAME COLUMN id TO id_old;
-- pgsafe-ignore column-rename-breaks-code -- no code knows the name it had so far
ALTER TABLE orders RENAME COLUMN id_new TO id;
-- pgsafe-ignore column-rename-breaks-code -- the next statement gives the name to the new column
ALTER TABLE orders RENAME COLUMN "Amount" TO "Amount_old";
-- pgsafe-ignore column-rename-breaks-code -- no code knows the name it had so far
ALTER TABLE orders RENAME COLUMN "Amount_new" TO "Amount";
ALTER TABLE orders ADD CONSTRAINT orders_pkey
  PRIMARY KEY USING INDEX orders_pkey_id_new;
RESET lock_timeout;

-- 13. contract: Drop the columns of the old types, in a later deploy
-- They keep the values from before the switch: until then they can be compared
-- with id and "Amount".
SET lock_timeout = '5s';
-- pgsafe-ignore column-drop-breaks-code -- no code has used them since the switch
ALTER TABLE orders DROP COLUMN id_old, DROP COLUMN "Amount_old";
ALTER TABLE orders
  RENAME CONSTRAINT "orders_Amount_new_check" TO "orders_Amount_check";
ALTER TABLE orders
  RENAME CONSTRAINT orders_check_id_new TO orders_check;
ALTER INDEX orders_amounts_id_new RENAME TO amounts;
RESET lock_timeout;
