-- One name is one live member's. Teams may share one where the policy says so, and where case tells them apart.
DROP INDEX resource_uname;
CREATE UNIQUE INDEX resource_uname ON resource (kind, uname) WHERE kind = 1 AND deleted IS NULL;
CREATE INDEX resource_team_name ON resource (kind, uname) WHERE kind = 2 AND deleted IS NULL;
