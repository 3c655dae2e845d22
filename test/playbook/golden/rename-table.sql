ALTER TABLE app.orders RENAME TO purchases;

-- 1. expand: Give it the new name, and a view the old one, in one transaction
-- Grant on the view what is granted on the table. Old code goes on reading and
-- writing through the view. What a view cannot do under the old name: TRUNCATE,
-- COPY FROM, ON CONFLICT ON CONSTRAINT, and be referenced by a foreign key. If
-- it cannot get its lock within 5 seconds it fails and nothing has changed: run
-- it again.
SET lock_timeout = '5s';
ALTER TABLE app.orders RENAME TO purchases;
CREATE VIEW app.orders AS SELECT * FROM app.purchases;
RESET lock_timeout;

-- 2. migrate: Ship code that uses app.purchases alone
-- A column added later is not in the view: new columns need the new name.

-- 3. contract: Drop the view when no running code uses the old name
SET lock_timeout = '5s';
-- pgsafe-ignore object-drop-breaks-code -- no running code uses the old name
DROP VIEW app.orders;
RESET lock_timeout;
