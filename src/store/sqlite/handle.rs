//! The store as a thing: its threads, its lock, and the ways to ask them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use super::failure::Fallible;
use super::lock::DirectoryLock;
use super::open;
use super::options::OpenOptions;
use super::pool::Pool;
use super::pulse::{self, Pulse};
use super::read::{figures, requests};
use super::unique::UniquePaths;
use super::values::int;
use super::write::{Checkpoints, Job, Queue, Writer, WriterParts};
use super::zones::Zones;
use crate::directory::RequestId;
use crate::store::StoreError;

/// The store in one SQLite file.
pub struct SqliteStore {
    pub(super) path: PathBuf,
    pub(super) options: OpenOptions,
    pub(super) pool: Arc<Pool>,
    pub(super) queue: Arc<Queue>,
    pub(super) log_room: Arc<Semaphore>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) zones: Arc<Zones>,
    /// The last line that was logged before this store was opened.
    pub(super) logged_before: RequestId,
    /// The values that one resource alone may have.
    pub(super) unique: Arc<UniquePaths>,
    pub(super) lock: Mutex<Option<DirectoryLock>>,
}

/// What opening the database leaves.
pub(super) struct StoreParts {
    /// The connection that writes.
    pub writer: Connection,
    /// The values that one resource alone may have.
    pub unique: UniquePaths,
    /// Held as long as the store is open.
    pub lock: DirectoryLock,
}

impl SqliteStore {
    /// Starts the threads on an open database.
    pub(super) fn start(
        path: &Path,
        options: OpenOptions,
        parts: StoreParts,
    ) -> Result<Self, StoreError> {
        let pool = Arc::new(Pool::new(path.to_owned(), options.reader_cache_bytes));
        let pulse = Arc::new(Pulse::default());
        let logged_before = pool.read(|connection| {
            figures::seed(connection, &pulse)?;
            requests::last_id(connection)
        })?;
        let zones = Arc::new(Zones::new(int(logged_before.0)));
        let queue = Arc::new(Queue::new(options.queue));
        let checkpoints = Arc::new(Checkpoints::default());
        let checkpointer =
            open::checkpointer(path).map_err(|failure| failure.into_store_error(path))?;
        let no_thread = |error: std::io::Error| StoreError::Database(Box::new(error));
        let checkpoint_thread = checkpoints
            .spawn(checkpointer, options.checkpoint_pause)
            .map_err(no_thread)?;
        Writer::spawn(WriterParts {
            connection: parts.writer,
            queue: Arc::clone(&queue),
            pulse: Arc::clone(&pulse),
            zones: Arc::clone(&zones),
            checkpoints,
            checkpoint_thread,
            path: path.to_owned(),
        })
        .map_err(no_thread)?;
        Ok(Self {
            path: path.to_owned(),
            log_room: Arc::new(Semaphore::new(options.log_queue)),
            options,
            pool,
            queue,
            pulse,
            zones,
            logged_before,
            unique: Arc::new(parts.unique),
            lock: Mutex::new(Some(parts.lock)),
        })
    }

    /// A short read, on the caller's thread: a few microseconds, less than handing it to another one.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Fallible<T>,
    ) -> Result<T, StoreError> {
        self.pool.read(work)
    }

    /// A long read, on a blocking thread, from one state of the database.
    pub(super) async fn scan<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Fallible<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pool = Arc::clone(&self.pool);
        blocking(move || pool.read_one_state(work)).await?
    }

    /// A read of several statements from one state: on the caller's thread where it is short.
    pub(super) async fn read_sized<T: Send + 'static>(
        &self,
        is_short: bool,
        work: impl FnOnce(&Connection) -> Fallible<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        if is_short {
            self.pool.read_one_state(work)
        } else {
            self.scan(work).await
        }
    }

    /// Asks the writer and waits for its answer.
    pub(super) async fn ask<T>(
        &self,
        job: impl FnOnce(super::write::Reply<T>) -> Job,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(job(reply))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Reads the zones that were logged before this store was opened, in the background, one by one.
    pub(super) fn read_zones(&self) {
        let (pool, zones) = (Arc::clone(&self.pool), Arc::clone(&self.zones));
        drop(tokio::task::spawn_blocking(move || {
            let mut before = None;
            loop {
                match pool.read(|connection| zones.read_one(connection, before)) {
                    Ok(Some(zone)) => before = Some(zone),
                    Ok(None) | Err(StoreError::Closed) => return,
                    Err(error) => {
                        tracing::warn!(%error, "searches of the request log stay slow");
                        return;
                    }
                }
            }
        }));
    }

    /// Makes sure that the live figures know what was logged before this process.
    pub(super) async fn seed_figures(&self, now: Timestamp) -> Result<(), StoreError> {
        if self.pulse.is_seeded() {
            return Ok(());
        }
        let up_to = self.logged_before;
        let beats = self
            .scan(move |connection| figures::beats(connection, pulse::horizon(now), up_to))
            .await?;
        self.pulse.seed(&beats);
        Ok(())
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Database(Box::new(error)))
}

impl Drop for SqliteStore {
    /// A store that is dropped without [`Store::close`](crate::store::Store::close) lets its threads finish what was queued.
    fn drop(&mut self) {
        self.queue.close();
    }
}
