ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy';

-- 1. expand: Add 'unhappy' beside 'sad'
-- In a migration of its own: the new label cannot be used in the transaction
-- that adds it.
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'unhappy' AFTER 'sad';

-- 2. migrate: Ship code that reads both labels and writes 'unhappy'
-- Defaults, CHECKs, views and functions that name 'sad' have to name 'unhappy'
-- too.

-- 3. migrate: Move the rows from 'sad' to 'unhappy' in batches
-- The migrations read so far show no table that uses the type.

-- 4. contract: Ship code that knows 'unhappy' alone
-- PostgreSQL cannot drop a label: 'sad' stays in the type, unused.
