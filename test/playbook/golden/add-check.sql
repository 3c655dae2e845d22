ALTER TABLE "Orders" ADD CHECK ("Total" >= 0);

-- 1. expand: Add "Orders_Total_check" for new rows only
-- From here on writes that break it fail, and so does every UPDATE of a row
-- that breaks it already: ship the code that respects it, and mend such rows,
-- first. If it cannot get its lock within 5 seconds it fails and nothing has
-- changed: run it again.
SET lock_timeout = '5s';
ALTER TABLE "Orders" ADD CONSTRAINT "Orders_Total_check"
  CHECK ("Total" >= 0) NOT VALID;
RESET lock_timeout;

-- 2. migrate: Check the rows that are there against "Orders_Total_check", while
-- reads and writes go on
-- In a migration of its own: in the transaction that added the constraint its
-- lock would last through the scan.
ALTER TABLE "Orders" VALIDATE CONSTRAINT "Orders_Total_check";
