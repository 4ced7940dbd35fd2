//! Retention of the request log, a bounded number of lines at a time, so that no commit waits long behind it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::int;

/// How many lines go at once.
const CHUNK: i64 = 1_000;

/// Removes some lines that are too old or too many; 0 when there are none.
pub fn prune(connection: &Connection, before: i64, max_rows: u64) -> Fallible<i64> {
    let rows: i64 = connection
        .statement(Statement::Tally)?
        .query_row([], |row| row.get(4))?;
    let excess = rows.saturating_sub(int(max_rows)).clamp(0, CHUNK);
    let mut doomed = BTreeSet::new();
    for id in connection
        .statement(Statement::LogOldest)?
        .query_map([excess], |row| row.get::<_, i64>(0))?
    {
        doomed.insert(id?);
    }
    for id in connection
        .statement(Statement::LogOlderThan)?
        .query_map([before, CHUNK], |row| row.get::<_, i64>(0))?
    {
        doomed.insert(id?);
    }
    // The exchanges first: on a full disk the pages they free are what the rest needs.
    for statement in [
        Statement::ExchangeDelete,
        Statement::UndoDelete,
        Statement::LogDelete,
    ] {
        let mut delete = connection.statement(statement)?;
        for id in &doomed {
            delete.execute([id])?;
        }
    }
    Ok(i64::try_from(doomed.len()).unwrap_or(i64::MAX))
}
