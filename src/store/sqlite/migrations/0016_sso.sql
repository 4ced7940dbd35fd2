-- Whether a sign-in has put a member into a team, so that a later one may take it back. Who is put there by an identity
-- provider or an admin stays until they say otherwise.
ALTER TABLE member ADD COLUMN by_sign_in INTEGER NOT NULL DEFAULT 0;

-- The key of the service provider, which signs requests and opens assertions. One row.
CREATE TABLE sso_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    private TEXT NOT NULL,
    certificate TEXT NOT NULL
) STRICT;

-- AuthnRequests under way. `binding` is SHA-256 of what binds one to a browser.
CREATE TABLE saml_request (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    relay_state TEXT,
    binding BLOB NOT NULL,
    created INTEGER NOT NULL,
    used INTEGER,
    drive BLOB
) WITHOUT ROWID, STRICT;
CREATE INDEX saml_request_created ON saml_request (created);

-- Test-drives that an admin has started. `ticket` is SHA-256 of what stands in the link.
CREATE TABLE test_drive (
    ticket BLOB PRIMARY KEY,
    id BLOB NOT NULL,
    admin TEXT NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX test_drive_expires ON test_drive (expires);

-- Assertions that were used, by SHA-256 of their issuer and ID, until they are too old anyway.
CREATE TABLE saml_replay (
    sha256 BLOB PRIMARY KEY,
    until INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX saml_replay_until ON saml_replay (until);

-- Sessions, by SHA-256 of the secret in the cookie.
CREATE TABLE session (
    sha256 BLOB PRIMARY KEY,
    id BLOB NOT NULL,
    member BLOB NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    line TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_member ON session (member, created);
CREATE INDEX session_created ON session (created);
CREATE INDEX session_expires ON session (expires);

-- The last sign-ins and test-drives. `configuration` is what they were examined by, hashed; `line` is JSON.
CREATE TABLE sign_in (
    request INTEGER PRIMARY KEY,
    ok INTEGER NOT NULL,
    configuration TEXT NOT NULL,
    drive BLOB,
    line TEXT NOT NULL
) STRICT;
CREATE INDEX sign_in_green ON sign_in (configuration, request) WHERE ok = 1;
CREATE INDEX sign_in_drive ON sign_in (drive, request) WHERE drive IS NOT NULL;
