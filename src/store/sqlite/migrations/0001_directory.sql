-- Everything a Provost account is. Times are nanoseconds since 1970-01-01T00:00:00Z; ids are the 16 bytes of a UUID;
-- kinds are 1 for a User and 2 for a Group.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- One row: how many live objects and log lines there are, so that totals cost one look-up, and the highest numbers ever
-- given out, which outlive what they were given to.
CREATE TABLE tally (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    members INTEGER NOT NULL,
    active_members INTEGER NOT NULL,
    teams INTEGER NOT NULL,
    synced_teams INTEGER NOT NULL,
    log_rows INTEGER NOT NULL,
    last_request INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;
INSERT INTO tally VALUES (1, 0, 0, 0, 0, 0, 0, 0);

-- Members and teams. `uname` is the folded userName or displayName, `ext` the externalId as given, `origin` how a
-- member came to be or who rules a team, `size` the live members of a team, `doc` the SCIM attributes as JSON text.
-- `doc` is last, so that the columns before it are read without the rest of a long row.
CREATE TABLE resource (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    uname TEXT NOT NULL,
    ext TEXT,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    deleted INTEGER,
    origin INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    size INTEGER NOT NULL,
    doc TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX resource_id ON resource (id);
CREATE UNIQUE INDEX resource_uname ON resource (kind, uname) WHERE deleted IS NULL;
CREATE UNIQUE INDEX resource_ext ON resource (kind, ext) WHERE deleted IS NULL AND ext IS NOT NULL;
CREATE INDEX resource_live ON resource (kind, seq) WHERE deleted IS NULL;
CREATE INDEX resource_modified ON resource (kind, modified) WHERE deleted IS NULL;
CREATE INDEX resource_owner ON resource (seq) WHERE owner = 1 AND deleted IS NULL;

-- What a list searches and shows of a live object without opening its document. `sort_key` is the folded name, `text`
-- the other folded texts a search looks at, separated by line feeds.
CREATE TABLE card (
    seq INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    active INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    user_name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX card_name ON card (kind, sort_key);

-- One row per indexed value of a live object, folded. The paths behind the numbers are in `indexed.rs`.
CREATE TABLE attr (
    attr INTEGER NOT NULL,
    val TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (attr, val, seq)
) WITHOUT ROWID, STRICT;
-- The few values that may have been cut: where there are none, the index knows whole values.
CREATE INDEX attr_long ON attr (attr) WHERE octet_length(val) > 252;

-- Membership. `added` counts up within a team, so that the key is the order in which members joined.
CREATE TABLE member (
    team INTEGER NOT NULL,
    added INTEGER NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (team, added)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX member_of ON member (member, team);

-- Where the memberships of a soft-deleted member wait for its return, so that `member` holds live members alone.
CREATE TABLE kept_membership (
    member INTEGER NOT NULL,
    team INTEGER NOT NULL,
    PRIMARY KEY (member, team)
) WITHOUT ROWID, STRICT;

-- How many live objects of a kind lie in each stretch of 1,024 sequence numbers: the way to a deep page.
CREATE TABLE page_anchor (
    kind INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (kind, bucket)
) WITHOUT ROWID, STRICT;

-- What is left of a removed object, for its timeline.
CREATE TABLE tombstone (
    id BLOB PRIMARY KEY,
    kind INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    object TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE token (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    scope TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,
    last_used INTEGER,
    revoked INTEGER
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX token_sha256 ON token (sha256);
CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked IS NULL;

CREATE TABLE credential (
    member BLOB PRIMARY KEY,
    hash TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- Each change, chained: `hash` is SHA-256 over the hash before it and the other columns.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    request INTEGER,
    policy_key TEXT,
    change TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
-- The objects a change is about: one, or both sides of a membership.
CREATE TABLE audit_object (
    object BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (object, seq)
) WITHOUT ROWID, STRICT;

-- What a search of the request log looks at, narrow, so that a million lines are scanned in a moment. Texts are folded
-- except `method` and `code` (upper case) and `token`, whose folded form is in `token_key` where it differs. `subject` is
-- the id of the member, team or token; `changed` are attribute paths, separated by line feeds.
CREATE TABLE request_log (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    method TEXT NOT NULL,
    resource TEXT NOT NULL,
    code TEXT,
    token TEXT,
    token_key TEXT,
    idp TEXT,
    duration INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    subject_kind TEXT,
    subject TEXT,
    label TEXT,
    path TEXT NOT NULL,
    ua TEXT,
    changed TEXT NOT NULL,
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX request_log_at ON request_log (at, status);
CREATE INDEX request_log_code ON request_log (code, id) WHERE code IS NOT NULL;
CREATE INDEX request_log_failed ON request_log (at, code, status) WHERE status >= 400;
CREATE INDEX request_log_subject ON request_log (subject, id) WHERE subject IS NOT NULL;

-- The exchanges themselves: `line` is what a list shows, `rest` everything else, both compact JSON.
CREATE TABLE exchange (
    id INTEGER PRIMARY KEY,
    line TEXT NOT NULL,
    rest TEXT NOT NULL
) STRICT;

-- Each token that ever called, kept beyond the retention of the log.
CREATE TABLE connection (
    token TEXT PRIMARY KEY,
    idp TEXT,
    last_request INTEGER NOT NULL,
    last_success INTEGER,
    last_push INTEGER
) WITHOUT ROWID, STRICT;
