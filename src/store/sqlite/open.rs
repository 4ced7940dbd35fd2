//! Opens the database: whose file it is, its lock, its rights, its schema, and the settings of each connection.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::{Failure, Fallible};
use super::foreign::{Looks, look};
use super::handle::{SqliteStore, StoreParts};
use super::lock::DirectoryLock;
use super::migrate::migrate;
use super::options::OpenOptions;
use super::rekey::rekey;
use super::unique::declare;
use super::values::int;
use crate::store::{Store, StoreError};

/// How long a connection waits for another program that holds the database.
pub const BUSY: Duration = Duration::from_secs(5);
/// The size of a page. SQLite's own default, written down since the checkpoints count in pages.
const PAGE_BYTES: u64 = 4_096;
/// Beyond this the file of the write-ahead log is cut after it was written back.
const LOG_FILE_BYTES: i64 = 64 << 20;
/// Prepared statements kept per connection; more than the registry has.
const STATEMENTS: usize = 192;

/// Opens the store in an SQLite file, which is made where there is none. Blocks.
pub fn open(path: &Path, options: OpenOptions) -> Result<Arc<dyn Store>, StoreError> {
    let io_error = |error: io::Error| StoreError::Database(Box::new(error));
    if let Some(directory) = path.parent().filter(|path| !path.as_os_str().is_empty()) {
        create_private_directory(directory).map_err(io_error)?;
    }
    let lock = DirectoryLock::take(path)?;
    match look(path).map_err(io_error)? {
        Looks::Sqlite => {}
        Looks::Empty => create_private_file(path).map_err(io_error)?,
        Looks::Foreign(what) => {
            return Err(StoreError::Corrupt {
                path: path.to_owned(),
                reason: what.into(),
            });
        }
    }
    let failed = |failure: Failure| failure.into_store_error(path);
    let mut writer = writer(path, &options).map_err(failed)?;
    let unique = declare(&mut writer, &options.unique).map_err(failed)?;
    let parts = StoreParts {
        writer,
        unique,
        lock,
    };
    Ok(Arc::new(SqliteStore::start(path, options, parts)?))
}

/// A connection to a new database with nothing in it.
pub fn fresh(path: &Path, options: &OpenOptions) -> Fallible<Connection> {
    create_private_file(path)
        .map_err(|error| Failure::Refused(StoreError::Database(Box::new(error))))?;
    writer(path, options)
}

/// The connection that writes, with the schema up to date.
fn writer(path: &Path, options: &OpenOptions) -> Fallible<Connection> {
    let mut connection = connect(path, options.writer_cache_bytes)?;
    // Whose database it is must be known before anything, even its journal mode, is changed.
    migrate(&mut connection, path)?;
    rekey(&mut connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_FILE_BYTES)?;
    if let Some(quota) = options.quota_bytes {
        connection.pragma_update(None, "max_page_count", int(quota / PAGE_BYTES))?;
    }
    Ok(connection)
}

/// A connection that only reads.
pub fn reader(path: &Path, cache_bytes: u64) -> Fallible<Connection> {
    let connection = connect(path, cache_bytes)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// A connection for the checkpoints.
pub fn checkpointer(path: &Path) -> Fallible<Connection> {
    let connection = connect(path, 1 << 20)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn connect(path: &Path, cache_bytes: u64) -> Fallible<Connection> {
    // Each connection is used by one thread at a time, so SQLite needs no lock of its own around it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else SQLite plans a cached statement anew at each use when the values bound to it could matter to the plan, which
    // costs three times what the look-up does.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    let kibibytes = i64::try_from(cache_bytes / 1_024).unwrap_or(i64::MAX);
    connection.pragma_update(None, "cache_size", -kibibytes)?;
    Ok(connection)
}

fn create_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// SQLite gives its other files the rights of this one.
fn create_private_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}
