ALTER INDEX orders_user_email_idx SET TABLESPACE fast;

-- migrate: Build the index in fast while reads and writes go on (outside a
-- transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off. A failed run leaves INVALID indexes whose names end in
-- _ccnew or _ccold: drop them with DROP INDEX CONCURRENTLY and run it again.
REINDEX (TABLESPACE fast) INDEX CONCURRENTLY orders_user_email_idx;
