REINDEX (VERBOSE) TABLE app.orders;

-- migrate: Rebuild while reads and writes go on (outside a transaction)
-- Alone in its file, outside a transaction, with lock_timeout and
-- statement_timeout off. A failed run leaves INVALID indexes whose names end in
-- _ccnew or _ccold: drop them with DROP INDEX CONCURRENTLY and run it again.
REINDEX (VERBOSE) TABLE CONCURRENTLY app.orders;
