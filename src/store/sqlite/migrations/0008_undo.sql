-- What each request changed, whole and as JSON, so that it can be taken back. Goes with the request's line of the log.
CREATE TABLE undo_step (
    request INTEGER PRIMARY KEY,
    changes TEXT NOT NULL
) STRICT;
