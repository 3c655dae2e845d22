ALTER TABLE "App".orders RENAME COLUMN "userEmail" TO contact_email;

-- 1. expand: Deploy 1 of 4: add contact_email beside "userEmail"
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
DO $$
BEGIN
  EXECUTE (
    SELECT format(
      'ALTER TABLE "App".orders ADD COLUMN contact_email %s%s',
      format_type(atttypid, atttypmod),
      CASE WHEN attcollation NOT IN (0, typcollation) THEN (
        SELECT format(' COLLATE %I.%I', nspname, collname)
        FROM pg_collation JOIN pg_namespace n ON n.oid = collnamespace
        WHERE pg_collation.oid = attcollation
      ) END
    )
    FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
  );
END
$$;
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'ALTER TABLE "App".orders ALTER COLUMN contact_email SET STORAGE %s',
      CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
        WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
    ) FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND attstorage <> typstorage
    UNION ALL
    SELECT format(
      'ALTER TABLE "App".orders ALTER COLUMN contact_email SET COMPRESSION %s',
      CASE attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END
    ) FROM pg_attribute
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND attcompression <> ''
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;
RESET lock_timeout;

-- 2. expand: Let a trigger copy "userEmail" to contact_email on every write
SET lock_timeout = '5s';
CREATE OR REPLACE FUNCTION "App".orders_contact_email_sync() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.contact_email := NEW."userEmail";
  RETURN NEW;
END
$$;
CREATE TRIGGER zz_orders_contact_email_sync
  BEFORE INSERT OR UPDATE ON "App".orders
  FOR EACH ROW EXECUTE FUNCTION "App".orders_contact_email_sync();
RESET lock_timeout;

-- 3. migrate: Deploy 2 of 4: copy the rows that are there, in batches (outside
-- a transaction)
-- Send it alone and outside a transaction, with statement_timeout off. Each
-- batch commits by itself; if it is interrupted, or waits more than 5 seconds
-- for a locked row, run it again. No key of the table is known, so a batch is
-- 10 pages of its file.
DO $$
DECLARE
  batch_page bigint := 0;
  last_page bigint;
BEGIN
  WITH RECURSIVE tree AS (
    SELECT '"App".orders'::regclass::oid AS relation
    UNION ALL
    SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
  )
  SELECT max(pg_relation_size(relation)) / current_setting('block_size')::int
    INTO last_page FROM tree;
  WHILE batch_page <= last_page LOOP
    SET LOCAL lock_timeout = '5s';
    UPDATE "App".orders SET contact_email = "userEmail"
    WHERE ctid >= format('(%s,0)', batch_page)::tid
      AND ctid < format('(%s,0)', batch_page + 10)::tid
      AND ROW(contact_email)::record *<> ROW("userEmail")::record;
    COMMIT;
    PERFORM pg_sleep(0.1);
    batch_page := batch_page + 10;
  END LOOP;
END
$$;

-- 4. migrate: Carry comments, privileges and settings over
-- The migrations read so far do not show how "App".orders was made: give
-- contact_email the NOT NULL, CHECKs, foreign keys and indexes that "userEmail"
-- has before you go on. Where they, or a dump (--schema), show it, there are
-- steps for that, and for a primary key and an identity.
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'COMMENT ON COLUMN "App".orders.contact_email IS %L',
      col_description(attrelid, attnum)
    ) FROM pg_attribute
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND col_description(attrelid, attnum) IS NOT NULL
    UNION ALL
    SELECT format(
      'ALTER TABLE "App".orders ALTER COLUMN contact_email SET STATISTICS %s',
      attstattarget
    ) FROM pg_attribute
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND attstattarget >= 0
    UNION ALL
    SELECT format(
      'ALTER TABLE "App".orders ALTER COLUMN contact_email SET (%s)',
      array_to_string(attoptions, ', ')
    ) FROM pg_attribute
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND attoptions IS NOT NULL
    UNION ALL
    SELECT format(
      'GRANT %s (contact_email) ON "App".orders TO %s%s',
      privilege_type,
      CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    ) FROM pg_attribute, aclexplode(attacl)
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND attacl IS NOT NULL
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;

-- 5. migrate: Deploy 3 of 4: let the trigger copy both ways
-- Then ship the code that reads and writes contact_email only; the code before
-- it may still run. Until deploy 4 the default stays with "userEmail": an
-- INSERT that writes NULL to contact_email gets it too.
CREATE OR REPLACE FUNCTION "App".orders_contact_email_sync() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.contact_email IS DISTINCT FROM NULL THEN
      NEW."userEmail" := NEW.contact_email;
    ELSE
      NEW.contact_email := NEW."userEmail";
    END IF;
  ELSIF ROW(NEW.contact_email)::record *<> ROW(OLD.contact_email)::record THEN
    NEW."userEmail" := NEW.contact_email;
  ELSIF ROW(NEW."userEmail")::record *<> ROW(OLD."userEmail")::record THEN
    NEW.contact_email := NEW."userEmail";
  END IF;
  RETURN NEW;
END
$$;

-- 6. contract: Deploy 4 of 4: drop the trigger and "userEmail"
-- When no running code names "userEmail" any more.
SET lock_timeout = '5s';
DROP TRIGGER zz_orders_contact_email_sync ON "App".orders;
DROP FUNCTION "App".orders_contact_email_sync();
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'ALTER TABLE "App".orders ALTER COLUMN contact_email SET DEFAULT %s',
      pg_get_expr(adbin, adrelid)
    ) FROM pg_attribute
    JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND atthasdef
    UNION ALL
    SELECT format(
      'ALTER SEQUENCE %s OWNED BY "App".orders.contact_email',
      pg_get_serial_sequence('"App".orders', 'userEmail')
    ) FROM pg_attribute
    WHERE attrelid = '"App".orders'::regclass AND attname = 'userEmail'
      AND attidentity = ''
      AND pg_get_serial_sequence('"App".orders', 'userEmail') IS NOT NULL
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;
ALTER TABLE "App".orders DROP COLUMN "userEmail";
RESET lock_timeout;
