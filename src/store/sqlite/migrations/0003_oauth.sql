-- OAuth clients, the access tokens they fetch, and the assertions they have proved themselves with.

-- `rotated` is when another secret took this one's place, `client` the OAuth client that fetched an access token.
ALTER TABLE token ADD COLUMN rotated INTEGER;
ALTER TABLE token ADD COLUMN client BLOB;
-- While a token is rotated two secrets have its name; the access tokens of a client all have the client's.
DROP INDEX token_name;
CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked IS NULL AND rotated IS NULL AND client IS NULL;
CREATE INDEX token_of_client ON token (client, created) WHERE client IS NOT NULL AND revoked IS NULL;
-- Access tokens go some time after their end.
CREATE INDEX token_ended ON token (coalesce(revoked, expires)) WHERE client IS NOT NULL;

-- `authentication` is client_secret or private_key_jwt; then `keys` is the public key as it was registered, PEM or JWKS.
CREATE TABLE client (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    authentication TEXT NOT NULL,
    prefix TEXT,
    sha256 BLOB,
    keys TEXT,
    created INTEGER NOT NULL,
    last_used INTEGER,
    revoked INTEGER
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX client_name ON client (name) WHERE revoked IS NULL;

-- SHA-256 of the `jti` of each assertion that was accepted and has not expired, so that none is accepted twice.
CREATE TABLE spent_assertion (
    client BLOB NOT NULL,
    jti BLOB NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (client, jti)
) WITHOUT ROWID, STRICT;
CREATE INDEX spent_assertion_expires ON spent_assertion (expires);
