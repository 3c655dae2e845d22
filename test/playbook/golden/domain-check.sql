ALTER DOMAIN positive ADD CONSTRAINT above_zero CHECK (VALUE > 0);

-- 1. expand: Hold new values to the condition, without checking those that are
-- stored
-- From here on writes that break it fail: ship the code that respects it first.
ALTER DOMAIN positive ADD CONSTRAINT above_zero
  CHECK (VALUE > 0) NOT VALID;

-- 2. migrate: Check the values that are stored
-- t is locked against writes while it is read: choose a quiet hour for large
-- tables. If it cannot get its lock within 5 seconds it fails and nothing has
-- changed: run it again.
SET lock_timeout = '5s';
ALTER DOMAIN positive VALIDATE CONSTRAINT above_zero;
RESET lock_timeout;
