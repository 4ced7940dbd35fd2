-- Event streams and what waits for them, asynchronous requests, and the keys that sign events.

-- One recipient of events. `definition` is the stream as JSON; `floor` the last event before the queue was dropped;
-- `gap_since` the time at which the queue was found full; `removed` set while the rest of its queue is being cleared away.
CREATE TABLE stream (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    token_sha256 BLOB,
    token_prefix TEXT,
    authorization TEXT,
    floor INTEGER NOT NULL DEFAULT 0,
    pending INTEGER NOT NULL DEFAULT 0,
    pending_bytes INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    last_delivered INTEGER,
    refused INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0,
    gap_since INTEGER,
    last_error TEXT,
    last_error_at INTEGER,
    removed INTEGER,
    definition TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX stream_name ON stream (name) WHERE removed IS NULL;
CREATE UNIQUE INDEX stream_token ON stream (token_sha256) WHERE token_sha256 IS NOT NULL;

-- Something that happened, until everybody has heard of it: `waiting` counts its rows in `delivery`. Numbers are never
-- used twice: they are part of the ids of tokens.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    txn TEXT NOT NULL,
    version INTEGER,
    waiting INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    event TEXT NOT NULL
) STRICT;

-- An event that waits for a recipient, or (`refused` = 1) was refused by it for good.
CREATE TABLE delivery (
    stream BLOB NOT NULL,
    refused INTEGER NOT NULL,
    event INTEGER NOT NULL,
    at INTEGER,
    reason TEXT,
    PRIMARY KEY (stream, refused, event)
) WITHOUT ROWID, STRICT;

-- A request that was accepted before it was executed. `done` and `result` are set in the transaction that executes it;
-- `call` is emptied then.
CREATE TABLE async_request (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    txn TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    at INTEGER NOT NULL,
    done INTEGER,
    result TEXT,
    call TEXT NOT NULL
) STRICT;
CREATE INDEX async_request_waiting ON async_request (client, seq) WHERE done IS NULL;
CREATE INDEX async_request_done ON async_request (done) WHERE done IS NOT NULL;

-- Private keys, PKCS #8 in base64.
CREATE TABLE signing_key (
    id BLOB PRIMARY KEY,
    created INTEGER NOT NULL,
    pkcs8 TEXT NOT NULL
) WITHOUT ROWID, STRICT;
