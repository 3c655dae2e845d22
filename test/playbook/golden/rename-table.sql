ALTER TABLE app.orders RENAME TO purchases;

-- 1. expand: Give it the new name, and a view the old one, in one transaction
-- Old code goes on reading and writing through the view. What a view cannot do
-- under the old name: TRUNCATE, COPY, ON CONFLICT ON CONSTRAINT, GROUP BY the
-- primary key alone, show ctid and xmin, and be referenced by a foreign key. If
-- it cannot get its lock within 5 seconds it fails and nothing has changed: run
-- it again.
SET lock_timeout = '5s';
ALTER TABLE app.orders RENAME TO purchases;
CREATE VIEW app.orders AS SELECT * FROM app.purchases;
DO $$
DECLARE
  setting text;
BEGIN
  FOR setting IN
    SELECT format(
      'GRANT %s ON app.orders TO %s%s',
      privilege_type,
      CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    ) FROM pg_class, aclexplode(relacl)
    WHERE oid = 'app.purchases'::regclass
    UNION ALL
    SELECT format(
      'GRANT %s (%I) ON app.orders TO %s%s',
      privilege_type, attname,
      CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    ) FROM pg_attribute, aclexplode(attacl)
    WHERE attrelid = 'app.purchases'::regclass AND NOT attisdropped
  LOOP
    EXECUTE setting;
  END LOOP;
END
$$;
RESET lock_timeout;

-- 2. migrate: Ship code that uses app.purchases alone
-- A column added later is not in the view: new columns need the new name.

-- 3. contract: Drop the view when no running code uses the old name
SET lock_timeout = '5s';
-- pgsafe-ignore object-drop-breaks-code -- no running code uses the old name
DROP VIEW app.orders;
RESET lock_timeout;
