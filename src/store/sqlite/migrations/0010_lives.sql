-- Whoever returns is recognised by what they were called, so that they are the same member again, or linked to the one
-- they were. `uname` and `email` are folded; `successor` is the member who is their next life.
ALTER TABLE tombstone ADD COLUMN uname TEXT NOT NULL DEFAULT '';
ALTER TABLE tombstone ADD COLUMN ext TEXT;
ALTER TABLE tombstone ADD COLUMN email TEXT;
ALTER TABLE tombstone ADD COLUMN successor BLOB;
UPDATE tombstone SET
    uname = lower(coalesce(json_extract(object, '$.attributes.userName'), '')),
    ext = json_extract(object, '$.attributes.externalId'),
    email = lower(json_extract(object, '$.attributes.emails[0].value'))
WHERE kind = 1;
CREATE INDEX tombstone_uname ON tombstone (uname) WHERE kind = 1 AND successor IS NULL;
CREATE INDEX tombstone_ext ON tombstone (ext) WHERE kind = 1 AND ext IS NOT NULL AND successor IS NULL;
CREATE INDEX tombstone_email ON tombstone (email) WHERE kind = 1 AND email IS NOT NULL AND successor IS NULL;
CREATE INDEX tombstone_successor ON tombstone (successor) WHERE successor IS NOT NULL;
