//! The lock by which one engine owns one database. The operating system lets go of it when the process ends, however it
//! ends, so that nothing has to be cleaned up after a crash.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// Held as long as the database is.
#[derive(Debug)]
pub struct DirectoryLock {
    // Dropping the file lets the lock go.
    _file: File,
}

impl DirectoryLock {
    /// Takes the lock beside a database, or says that another engine holds it.
    pub fn take(database: &Path) -> Result<Self, StoreError> {
        let path = lock_path(database);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(path)
            .map_err(|error| StoreError::Database(Box::new(error)))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
                path: database.to_owned(),
            }),
            Err(TryLockError::Error(error)) => Err(StoreError::Database(Box::new(error))),
        }
    }
}

/// By the real name of the file, so that a link to it leads to the same lock.
fn lock_path(database: &Path) -> PathBuf {
    fs::canonicalize(database)
        .unwrap_or_else(|_| database.to_owned())
        .with_extension("lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_owner_at_a_time() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = directory.path().join("provost.db");
        let first = DirectoryLock::take(&database).expect("free");
        let second = DirectoryLock::take(&database);
        assert!(matches!(second, Err(StoreError::InUse { path }) if path == database));
        drop(first);
        DirectoryLock::take(&database).expect("free again");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_leads_to_the_same_lock() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = directory.path().join("provost.db");
        let link = directory.path().join("link.db");
        fs::write(&database, "").expect("a file");
        std::os::unix::fs::symlink(&database, &link).expect("a link");
        let _first = DirectoryLock::take(&database).expect("free");
        let second = DirectoryLock::take(&link);
        assert!(matches!(second, Err(StoreError::InUse { .. })));
    }
}
