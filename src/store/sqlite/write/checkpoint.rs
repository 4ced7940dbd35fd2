//! Writes the write-ahead log back into the database, on a thread of its own, so that no commit pays for it.
//!
//! Passive checkpoints alone let the log grow without bound under a steady load: each leaves behind what was written
//! while it ran. So above [`LARGE`] they follow each other without pause, and once nearly everything is back the writer
//! itself does the rest between two batches, after which the log starts again from its beginning.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// The writer finishes within this, or has nothing to write.
const WRITER_TURN: Duration = Duration::from_millis(50);
/// After one that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// In pages of 4 KiB: from here on (16 MiB) checkpoints do not pause.
const LARGE: i64 = 4_096;
/// The writer finishes when only so many pages (8 MiB) are not back yet.
const NEARLY: i64 = 2_048;
/// From here on (128 MiB) it finishes whatever is left.
const HUGE: i64 = 32_768;
/// How long the writer waits for readers that hold the log; longer when it is huge.
const PATIENCE: Duration = Duration::from_millis(5);
/// See [`PATIENCE`].
const PATIENCE_WHEN_HUGE: Duration = Duration::from_millis(200);

/// What writer and checkpoint thread tell each other.
#[derive(Debug, Default)]
pub struct Checkpoints {
    state: Mutex<State>,
    wake: Condvar,
    finish: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    wrote: bool,
    stopped: bool,
    huge: bool,
}

impl Checkpoints {
    /// Starts the thread on a connection of its own. Passive checkpoints are at least a pause apart while the log is
    /// small.
    pub fn spawn(
        self: &Arc<Self>,
        connection: Connection,
        pause: Duration,
    ) -> std::io::Result<JoinHandle<()>> {
        let shared = Arc::clone(self);
        std::thread::Builder::new()
            .name("store-checkpoint".into())
            .spawn(move || shared.run(&connection, pause))
    }

    /// The writer committed something.
    pub fn wrote(&self) {
        let mut state = self.lock();
        if !state.wrote {
            state.wrote = true;
            drop(state);
            self.wake.notify_all();
        }
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.wake.notify_all();
    }

    /// The writer is between two batches: its moment to start the log again, if it was asked to.
    pub fn at_boundary(&self, connection: &Connection) {
        if !self.finish.load(Ordering::Acquire) {
            return;
        }
        let patience = if self.lock().huge {
            PATIENCE_WHEN_HUGE
        } else {
            PATIENCE
        };
        let restarted = connection
            .busy_timeout(patience)
            .and_then(|()| checkpoint(connection, "RESTART"));
        if let Err(error) = restarted.and(connection.busy_timeout(super::super::open::BUSY)) {
            tracing::warn!(%error, "the write-ahead log could not be restarted");
        }
        self.finish.store(false, Ordering::Release);
        self.wake.notify_all();
    }

    fn run(&self, connection: &Connection, usual: Duration) {
        let mut last = Instant::now();
        let mut pause = usual;
        while self.await_work(last, pause) {
            last = Instant::now();
            pause = match checkpoint(connection, "PASSIVE") {
                Ok(Extent { pages, back }) if pages > LARGE => {
                    if pages - back <= NEARLY || pages > HUGE {
                        self.ask_writer(pages > HUGE);
                    }
                    self.lock().wrote = true;
                    Duration::ZERO
                }
                Ok(_) => usual,
                Err(error) => {
                    tracing::warn!(%error, "the write-ahead log could not be written back");
                    PAUSE_AFTER_FAILURE
                }
            };
        }
    }

    /// Waits for the writer's next commit and the end of the pause; false when it is time to end.
    fn await_work(&self, last: Instant, pause: Duration) -> bool {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return false;
            }
            let rest = pause.saturating_sub(last.elapsed());
            if state.wrote && rest.is_zero() {
                state.wrote = false;
                return true;
            }
            state = if state.wrote {
                self.wake
                    .wait_timeout(state, rest)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0
            } else {
                self.wake
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner)
            };
        }
    }

    /// Asks the writer to finish, and stays out of its way until it has, or has nothing to write.
    fn ask_writer(&self, huge: bool) {
        let mut state = self.lock();
        state.huge = huge;
        self.finish.store(true, Ordering::Release);
        let until = Instant::now() + WRITER_TURN;
        while self.finish.load(Ordering::Acquire) && !state.stopped {
            let rest = until.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            state = self
                .wake
                .wait_timeout(state, rest)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes everything back and empties the log, when nobody else uses the database any more.
pub fn empty(connection: &Connection) -> rusqlite::Result<()> {
    checkpoint(connection, "TRUNCATE").map(|_| ())
}

/// How far the log reaches, and how much of it is back in the database, in pages.
struct Extent {
    pages: i64,
    back: i64,
}

fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<Extent> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
        Ok(Extent {
            pages: row.get(1)?,
            back: row.get(2)?,
        })
    })
}
