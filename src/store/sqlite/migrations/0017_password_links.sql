-- Links by which a member sets a password, by SHA-256 of what stands in them. One a member.
CREATE TABLE password_link (
    member BLOB PRIMARY KEY,
    sha256 BLOB NOT NULL,
    kind TEXT NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX password_link_sha256 ON password_link (sha256);
CREATE INDEX password_link_expires ON password_link (expires);
