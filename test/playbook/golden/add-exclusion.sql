ALTER TABLE bookings ADD EXCLUDE USING gist (room WITH =, during WITH &&);

-- expand: No form of this constraint can be added beside running writes
-- PostgreSQL builds an exclusion constraint's index under ACCESS EXCLUSIVE, and
-- has neither NOT VALID nor USING INDEX for it. Create a table of the same
-- shape with the constraint, let a trigger on bookings copy every write into
-- it, copy the old rows in batches, and swap the two names in one short
-- transaction; or add it in a maintenance window.
