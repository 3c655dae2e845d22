ALTER TABLE orders DROP COLUMN user_email;

-- 1. migrate: Let rows be written without user_email
-- Before the code that no longer writes it is shipped. If it cannot get its
-- lock within 5 seconds it fails and nothing has changed: run it again.
SET lock_timeout = '5s';
ALTER TABLE orders ALTER COLUMN user_email DROP NOT NULL;
RESET lock_timeout;

-- 2. migrate: Ship code that neither reads nor writes user_email
-- Also SELECT * with fixed result columns, reports, and replication
-- subscribers. These still use it and have to be changed first: view mails.

-- 3. contract: Drop user_email, in a later deploy
-- Dropped with it: index orders_user_email_idx.
SET lock_timeout = '5s';
-- pgsafe-ignore column-drop-breaks-code -- no running code uses it any more
ALTER TABLE orders DROP COLUMN user_email;
RESET lock_timeout;
