-- Values that one live resource alone may have, by schemas of the admin's own. `compared` is how two values are the
-- same, `complete` whether all that was there when the attribute was declared has its rows.
CREATE TABLE unique_path (
    number INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    path TEXT NOT NULL,
    compared TEXT NOT NULL,
    complete INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX unique_path_name ON unique_path (kind, path);

-- `val` is the value by which equal ones are equal, with a letter for its type; see `unique/key.rs`.
CREATE TABLE unique_value (
    path INTEGER NOT NULL,
    val BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (path, val)
) WITHOUT ROWID, STRICT;
