REINDEX INDEX orders_region;

-- migrate: Rebuild orders_region by replacing
-- REINDEX CONCURRENTLY exists from PostgreSQL 12 on. Build each index again
-- under another name with CREATE INDEX CONCURRENTLY, drop the old one with DROP
-- INDEX CONCURRENTLY, and give the new one its name with ALTER INDEX RENAME.
