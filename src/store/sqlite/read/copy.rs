//! A copy of what there is, to try things on: members, teams, memberships and settings, without what happened and
//! without what opens doors.

use std::path::Path;

use rusqlite::Connection;

use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::open;
use crate::store::sqlite::options::OpenOptions;

/// Tables that are not copied: the log, the audit, and everything with a secret in it. `migration` is there already.
const LEFT_OUT: &[&str] = &[
    "migration",
    "request_log",
    "exchange",
    "undo_step",
    "audit",
    "audit_object",
    "credential",
    "token",
    "client",
    "spent_assertion",
    "stream",
    "event",
    "delivery",
    "connection",
    "signing_key",
    "async_request",
    "sso_key",
    "saml_request",
    "test_drive",
    "saml_replay",
    "session",
    "password_link",
    "sign_in",
];

/// Writes the copy to a new file. The connection only says which database is meant.
pub fn copy_to(connection: &Connection, path: &Path) -> Fallible<()> {
    let source = connection
        .path()
        .map(str::to_owned)
        .ok_or_else(|| Failure::stale("a database without a file cannot be copied"))?;
    let copy = open::fresh(path, &OpenOptions::default())?;
    copy.execute("ATTACH DATABASE ?1 AS source", [source])?;
    // One transaction, so that all tables are of one moment.
    copy.execute_batch("BEGIN")?;
    let tables: Vec<String> = copy
        .prepare(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        if LEFT_OUT.contains(&table.as_str()) {
            continue;
        }
        // Names of our own schema, never of anybody else.
        copy.execute_batch(&format!(
            "DELETE FROM main.\"{table}\"; INSERT INTO main.\"{table}\" SELECT * FROM source.\"{table}\""
        ))?;
    }
    copy.execute_batch(
        "UPDATE tally SET log_rows = 0, last_request = 0; COMMIT; DETACH DATABASE source",
    )?;
    Ok(())
}
