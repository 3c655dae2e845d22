CREATE TABLE m_2020 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');

-- expand: Create m_2020 by itself and attach it while it is empty
-- Clauses of its own (columns, WITH, TABLESPACE, PARTITION BY) go into its
-- CREATE TABLE. If it cannot get its lock within 5 seconds it fails and nothing
-- has changed: run it again.
SET lock_timeout = '5s';
CREATE TABLE m_2020 (LIKE m INCLUDING ALL EXCLUDING IDENTITY);
ALTER TABLE m ATTACH PARTITION m_2020
  FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
RESET lock_timeout;
