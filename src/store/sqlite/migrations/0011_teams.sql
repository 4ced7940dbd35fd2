-- What admins keep of teams here, and whom teams wait for.

-- Beside the SCIM attributes of a team. `key` is empty in a team that has none of its own, `own` is JSON.
CREATE TABLE team_own (
    id BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    own TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX team_own_key ON team_own (key) WHERE key <> '';

-- Somebody whom a pushed group names and who is no member yet. `folded` is the reference folded, to be found by an id, an
-- externalId or a userName; `request` the request that named them first.
CREATE TABLE parked (
    team BLOB NOT NULL,
    reference TEXT NOT NULL,
    folded TEXT NOT NULL,
    since INTEGER NOT NULL,
    request INTEGER,
    PRIMARY KEY (team, reference)
) WITHOUT ROWID, STRICT;
CREATE INDEX parked_folded ON parked (folded);

-- The few teams in a state of their own, to be counted (16 is `paused`, 3 is `unlinked`).
CREATE INDEX resource_paused ON resource (seq) WHERE kind = 2 AND (flags & 16) = 16 AND deleted IS NULL;
CREATE INDEX resource_unlinked ON resource (seq) WHERE kind = 2 AND origin = 3 AND deleted IS NULL;
