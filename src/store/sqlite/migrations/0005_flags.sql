-- More than the owner is to be told apart: `flags` is a sum of the numbers in `values.rs`, in which the owner is 1.
DROP INDEX resource_owner;
ALTER TABLE resource RENAME COLUMN owner TO flags;
CREATE INDEX resource_owner ON resource (seq) WHERE (flags & 1) = 1 AND deleted IS NULL;
-- Until now an identity provider had the whole say over whomever it created (8 is `provisioned`).
UPDATE resource SET flags = flags + 8 WHERE kind = 1 AND origin <> 3;
