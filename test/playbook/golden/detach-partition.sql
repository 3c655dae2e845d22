ALTER TABLE m DETACH PARTITION m_2020;

-- contract: Detach m_2020 while reads and writes go on (outside a transaction)
-- Alone in its file, outside a transaction. If it is interrupted, this
-- completes it:
--   ALTER TABLE m DETACH PARTITION m_2020 FINALIZE;
-- Unless another CHECK says the same, a CHECK with the bound stays on m_2020:
-- it can be attached again without a scan. Drop it where that is not wanted.
ALTER TABLE m DETACH PARTITION m_2020 CONCURRENTLY;
