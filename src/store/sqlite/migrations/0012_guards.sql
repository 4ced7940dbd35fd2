-- Incidents. `id` is the request that opened it. `about` tells it apart among the open ones of its code; `named` holds whom
-- it is about and the requests in which it happened, `tended` what admins have done about it, both JSON; `version` is that
-- of `tended`.
CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    about TEXT NOT NULL,
    opened INTEGER NOT NULL,
    last INTEGER NOT NULL,
    count INTEGER NOT NULL,
    closed INTEGER,
    ruled INTEGER,
    version INTEGER NOT NULL,
    named TEXT NOT NULL,
    tended TEXT NOT NULL
) STRICT;
-- What is closed, or was ruled on, is over: what happens next opens another one.
CREATE UNIQUE INDEX incident_open ON incident (code, about) WHERE closed IS NULL AND ruled IS NULL;
CREATE INDEX incident_last ON incident (last);

-- What an incident holds. `done` says what became of it.
CREATE TABLE held (
    incident INTEGER NOT NULL,
    member BLOB NOT NULL,
    name TEXT NOT NULL,
    ask TEXT NOT NULL,
    request INTEGER NOT NULL,
    at INTEGER NOT NULL,
    token TEXT NOT NULL,
    done TEXT,
    PRIMARY KEY (incident, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX held_member ON held (member, incident);
CREATE INDEX held_waiting ON held (incident, request) WHERE done IS NULL;

-- Who was taken away by an identity provider within the last day: what the blast radius counts.
CREATE TABLE departure (
    at INTEGER NOT NULL,
    request INTEGER NOT NULL,
    uname TEXT NOT NULL,
    PRIMARY KEY (at, request)
) WITHOUT ROWID, STRICT;
CREATE INDEX departure_uname ON departure (uname, at);

CREATE INDEX resource_recovery ON resource (seq) WHERE (flags & 2) = 2 AND kind = 1;
-- When a recovery admin last showed that they can sign in, and the one-time codes they have left.
CREATE TABLE recovery (
    member BLOB PRIMARY KEY,
    proven INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE recovery_code (
    sha256 BLOB PRIMARY KEY,
    member BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX recovery_code_member ON recovery_code (member);
