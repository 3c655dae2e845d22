ALTER TABLE app."Orders" ADD CONSTRAINT "by user" FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE;

-- 1. expand: Add "by user" for new rows only
-- app.users is locked in the same mode for the same instant. From here on
-- writes that break it fail. Without an index on (user_id) every DELETE in
-- app.users reads all of app."Orders". If it cannot get its lock within 5
-- seconds it fails and nothing has changed: run it again.
SET lock_timeout = '5s';
ALTER TABLE app."Orders" ADD CONSTRAINT "by user"
  FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE NOT VALID;
RESET lock_timeout;

-- 2. migrate: Check the rows that are there against "by user", while reads and
-- writes go on
-- In a migration of its own: in the transaction that added the constraint its
-- lock would last through the scan. The referenced table is only locked in ROW
-- SHARE mode.
ALTER TABLE app."Orders" VALIDATE CONSTRAINT "by user";
