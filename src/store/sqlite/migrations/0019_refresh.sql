-- The certificate that signed, by its fingerprint: a test-drive proves a configuration together with it.
ALTER TABLE sign_in ADD COLUMN signer TEXT NOT NULL DEFAULT '';
DROP INDEX sign_in_green;
CREATE INDEX sign_in_green ON sign_in (configuration, signer, request) WHERE ok = 1;

-- How the scheduled look at the metadata of the identity provider stands. One row; `line` is JSON.
CREATE TABLE sso_refresh (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    line TEXT NOT NULL
) STRICT;

-- Whether something was told of already, also where the incident is closed.
CREATE INDEX incident_about ON incident (code, about, id);
