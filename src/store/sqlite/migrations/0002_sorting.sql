-- What lists are sorted by besides the indexes of 0001. Rows of `resource_created` are appended and never change.
CREATE INDEX resource_created ON resource (kind, created) WHERE deleted IS NULL;
-- The few names that are longer than a sort key: where there are none, the indexes order as sort keys do.
CREATE INDEX resource_long ON resource (kind) WHERE octet_length(uname) > 1024 OR octet_length(ext) > 1024;
