ALTER TABLE m DETACH PARTITION m_2020;

-- contract: Detach m_2020 while reads and writes go on (outside a transaction)
-- Alone in its file, outside a transaction. If it is interrupted, this
-- completes it:
--   ALTER TABLE m DETACH PARTITION m_2020 FINALIZE;
ALTER TABLE m DETACH PARTITION m_2020 CONCURRENTLY;
