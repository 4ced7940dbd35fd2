//! Connections for reading. A caller borrows one for the time of a read and puts it back; the last one put back is the
//! first one borrowed, so that few stay warm.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::failure::Fallible;
use super::open;
use super::statement::{Statement, Statements};
use crate::store::StoreError;

/// So many connections are kept when nobody reads.
const IDLE: usize = 16;

/// The reading connections of one store.
pub struct Pool {
    path: PathBuf,
    cache_bytes: u64,
    idle: Mutex<Vec<Connection>>,
    closed: AtomicBool,
}

impl Pool {
    /// A pool that opens connections as they are needed.
    pub fn new(path: PathBuf, cache_bytes: u64) -> Self {
        Self {
            path,
            cache_bytes,
            idle: Mutex::default(),
            closed: AtomicBool::new(false),
        }
    }

    /// Reads with one of the connections.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Fallible<T>) -> Result<T, StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        let idle = self.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open::reader(&self.path, self.cache_bytes)
                .map_err(|failure| failure.into_store_error(&self.path))?,
        };
        let result = work(&connection);
        let mut idle = self.lock();
        // One that could not leave its transaction would read the same old state for ever.
        let is_free = connection.is_autocommit();
        if is_free && idle.len() < IDLE && !self.closed.load(Ordering::Acquire) {
            idle.push(connection);
        }
        drop(idle);
        result.map_err(|failure| failure.into_store_error(&self.path))
    }

    /// Reads several times from one state of the database.
    pub fn read_one_state<T>(
        &self,
        work: impl FnOnce(&Connection) -> Fallible<T>,
    ) -> Result<T, StoreError> {
        self.read(|connection| {
            connection.run(Statement::BeginRead)?;
            let value = work(connection);
            // Nothing was written: there is nothing to lose, and nothing to keep.
            connection.run(Statement::Rollback)?;
            value
        })
    }

    /// Lets go of all connections, now and as they come back.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        // A connection in the list is whole, whatever happened to the thread that put it there.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
