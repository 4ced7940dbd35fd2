//! Copies a database to another place, for somebody who wants to try something on its content.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params};

use super::failure::Fallible;
use super::open::BUSY;
use crate::store::StoreError;

/// Whether an engine works on the database that is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// None does, and the caller sees to it that none begins.
    AtRest,
    /// One may: the copy is what was committed at one moment.
    InUse,
}

/// Copies the database at `from` to `to`, where no file may be. `from` stays as it is. Blocks.
pub fn copy(from: &Path, to: &Path, source: Source) -> Result<(), StoreError> {
    let copied = match source {
        Source::AtRest => {
            copy_files(from, to).map_err(|error| StoreError::Database(Box::new(error)))
        }
        Source::InUse => copy_snapshot(from, to).map_err(|failure| failure.into_store_error(from)),
    };
    copied.inspect_err(|_| {
        // Half a database helps nobody.
        let _ = fs::remove_file(to);
    })
}

/// File by file. To open the database would make files beside it that were not there.
fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    let log = write_ahead_log(from);
    if log.exists() {
        fs::copy(log, write_ahead_log(to))?;
    }
    Ok(())
}

/// What SQLite sees in one transaction.
fn copy_snapshot(from: &Path, to: &Path) -> Fallible<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(from, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.execute("VACUUM INTO ?1", params![to.to_string_lossy()])?;
    Ok(())
}

fn write_ahead_log(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push("-wal");
    name.into()
}
