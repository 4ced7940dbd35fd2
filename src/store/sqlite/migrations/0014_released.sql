-- Teams whose group the identity provider deleted, and which SCIM does not show. There are few.
CREATE INDEX resource_released ON resource (seq) WHERE kind = 2 AND origin = 4 AND deleted IS NULL;
