UPDATE orders AS o SET n = n + 1;

-- migrate: Update orders in batches that leave out rows which are done
-- What it writes depends on what it writes over, and no key of orders is known:
-- a row that has got its new value may come up again. Give the new values to a
-- second column, or remember in a column of its own which rows are done, and
-- batch by that: pgsafe cannot write this loop.
