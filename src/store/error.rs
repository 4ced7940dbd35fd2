//! Why the store could not do it.

use std::borrow::Cow;
use std::path::PathBuf;

use uuid::Uuid;

/// A failure of the store. None of them leaves half a commit behind.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What the decision was made on is no longer so: load, decide and try again.
    #[error("the state changed meanwhile: {what}")]
    Stale {
        /// Which object or precondition.
        what: String,
    },
    /// Another live object holds the key.
    #[error("{attribute} is taken")]
    Taken {
        /// `userName`, `externalId`, `displayName`, or the path of a unique attribute of an admin's own schema.
        attribute: Cow<'static, str>,
    },
    /// The queue of the writer is full.
    #[error("too many writes are waiting; try again in {retry_after_seconds} s")]
    Busy {
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// Resources share a value of an attribute that is declared unique, so that the store cannot be opened with it.
    #[error(
        "{attribute} is unique by your schema file, but {} and {} have the same value{}; start without this `uniqueness`, \
         give one of them another value, then declare it again", .holders.0, .holders.1, more_shared(*.more)
    )]
    Shared {
        /// The path of the attribute.
        attribute: String,
        /// The ids of the first two.
        holders: (Uuid, Uuid),
        /// How many resources come on top with a value that another one has.
        more: u64,
    },
    /// No room is left on the disk; nothing was changed.
    #[error("the disk that holds {path} is full; nothing was changed, make room there")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// A filter without an index would look at more than its budget.
    #[error("the filter matches or scans more than {limit} resources; narrow it")]
    TooMany {
        /// The budget.
        limit: u64,
    },
    /// The database was written by a newer Provost.
    #[error(
        "{path} was written by a newer Provost (schema {found}, this one knows {known}); start that version"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The file is not a Provost database, or is damaged.
    #[error(
        "{path} cannot be read as a Provost database: {reason}; put a backup in its place, or move it and its -wal and \
         -shm files away and make a new account with `provost init`"
    )]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Another engine holds it.
    #[error("{path} is in use by another engine; attach to that one, or stop it first")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// Anything else the database says.
    #[error("the database failed: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn more_shared(more: u64) -> String {
    match more {
        0 => String::new(),
        1 => ", and one more resource has a value of another".to_owned(),
        more => format!(", and {more} more resources have values of others"),
    }
}
