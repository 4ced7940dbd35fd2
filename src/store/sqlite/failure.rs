//! What goes wrong inside the SQLite store, before it becomes a [`StoreError`] that names the database.
//!
//! Kept apart from `StoreError` so that `?` works on everything SQLite says, and so that the writer can tell a refusal
//! (this unit only) from a failure of the database (the whole batch).

use std::path::Path;

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// Why a statement, a read or a unit did not work.
#[derive(Debug)]
pub enum Failure {
    /// A no that concerns one unit or one query: stale, taken, too many.
    Refused(StoreError),
    /// SQLite failed.
    Sql(rusqlite::Error),
    /// What is stored cannot be read as what it should be.
    Damaged(String),
}

/// What every function of the SQLite store returns inside.
pub type Fallible<T> = Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Refused(error)
    }
}

impl Failure {
    /// What a decision relied on is no longer so.
    pub fn stale(what: impl Into<String>) -> Self {
        Self::Refused(StoreError::Stale { what: what.into() })
    }

    /// A text in the database that does not parse.
    pub fn damaged(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Damaged(format!("{what} cannot be read: {error}"))
    }

    /// The same for the callers of the store.
    pub fn into_store_error(self, path: &Path) -> StoreError {
        match self {
            Self::Refused(error) => error,
            Self::Damaged(reason) => StoreError::Corrupt {
                path: path.to_owned(),
                reason,
            },
            Self::Sql(error) => {
                sql_error(&error, path).unwrap_or_else(|| StoreError::Database(Box::new(error)))
            }
        }
    }

    /// The same failure once more, for another of several callers whom it concerns.
    #[must_use]
    pub fn echo(&self) -> Self {
        match self {
            Self::Refused(error) => Self::Refused(StoreError::Database(error.to_string().into())),
            Self::Damaged(reason) => Self::Damaged(reason.clone()),
            Self::Sql(error) => match error.sqlite_error() {
                Some(code) => Self::Sql(rusqlite::Error::SqliteFailure(
                    *code,
                    Some(error.to_string()),
                )),
                None => Self::Refused(StoreError::Database(error.to_string().into())),
            },
        }
    }
}

/// What SQLite says, where the trait has a word of its own for it.
fn sql_error(error: &rusqlite::Error, path: &Path) -> Option<StoreError> {
    let path = path.to_owned();
    // The index of the write-ahead log grows by a call of its own, which has no word of its own for a full disk.
    let extended = error.sqlite_error().map(|code| code.extended_code);
    if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return Some(StoreError::Full { path });
    }
    match error.sqlite_error_code()? {
        ErrorCode::DiskFull => Some(StoreError::Full { path }),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Some(StoreError::Busy {
            retry_after_seconds: 1,
        }),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(StoreError::Corrupt {
            path,
            reason: error.to_string(),
        }),
        _ => None,
    }
}
