-- What links an identity provider: redirect URIs, keys that belong to members, and what admins grant OAuth clients.

-- A JSON array of exact URIs.
ALTER TABLE client ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '[]';
-- `owner` is the member with whom a key ends, `consent` what an access token follows from.
ALTER TABLE token ADD COLUMN owner BLOB;
ALTER TABLE token ADD COLUMN consent BLOB;
CREATE INDEX token_of_owner ON token (owner) WHERE owner IS NOT NULL AND revoked IS NULL;
CREATE INDEX token_of_consent ON token (consent) WHERE consent IS NOT NULL AND revoked IS NULL;

-- What an admin has granted an OAuth client. `code` is SHA-256 of the authorization code, which is good once, until
-- `code_expires`, with this redirect URI and for whoever knows what `challenge` was made of (RFC 7636).
CREATE TABLE consent (
    id BLOB PRIMARY KEY,
    client BLOB NOT NULL,
    admin TEXT NOT NULL,
    code BLOB NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    created INTEGER NOT NULL,
    code_expires INTEGER NOT NULL,
    used INTEGER,
    revoked INTEGER
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX consent_code ON consent (code);
CREATE INDEX consent_of_client ON consent (client) WHERE revoked IS NULL;
CREATE INDEX consent_unused ON consent (code_expires) WHERE used IS NULL;

-- SHA-256 of the refresh tokens of each consent. One is good once; `used` ones are kept so that a second use is noticed.
CREATE TABLE refresh_token (
    sha256 BLOB PRIMARY KEY,
    consent BLOB NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX refresh_token_ended ON refresh_token (expires);
