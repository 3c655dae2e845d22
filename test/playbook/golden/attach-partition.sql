ALTER TABLE m ATTACH PARTITION m_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');

-- 1. expand: Let a CHECK say what m_2020 holds
-- If it cannot get its lock within 5 seconds it fails and nothing has changed:
-- run it again.
SET lock_timeout = '5s';
ALTER TABLE m_2020 ADD CONSTRAINT m_2020_bound_check
  CHECK (at IS NOT NULL AND at >= '2020-01-01' AND at < '2021-01-01') NOT VALID;
RESET lock_timeout;

-- 2. migrate: Check the rows that are there against m_2020_bound_check, while
-- reads and writes go on
-- In a migration of its own: in the transaction that added the constraint its
-- lock would last through the scan.
ALTER TABLE m_2020 VALIDATE CONSTRAINT m_2020_bound_check;

-- 3. contract: Attach m_2020
-- The valid CHECK proves the bound: no row is read. Indexes and foreign keys
-- like the parent's have to be on the partition before, or they are built and
-- checked here. m is locked in SHARE UPDATE EXCLUSIVE mode.
SET lock_timeout = '5s';
ALTER TABLE m ATTACH PARTITION m_2020
  FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
ALTER TABLE m_2020 DROP CONSTRAINT m_2020_bound_check;
RESET lock_timeout;
