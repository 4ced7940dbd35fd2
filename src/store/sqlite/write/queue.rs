//! The two lanes to the writer: commits, whose callers wait for the disk, and what may be written whenever there is a
//! commit anyway or nothing else to do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, oneshot};
use uuid::Uuid;

use super::credentials::Spent;
use super::events::EventWork;
use crate::store::sqlite::log_line::ReadyLine;
use crate::store::sqlite::ready::ReadyUnit;
use crate::store::{Committed, StoreError};

/// Where an answer goes.
pub type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked for.
#[derive(Debug)]
pub enum Job {
    /// Commit a unit.
    Commit(Box<ReadyUnit>, Reply<Committed>),
    /// Remember an assertion; whether it is new.
    Spend(Spent, Reply<bool>),
    /// Write everything that waits.
    Flush(Reply<()>),
    /// Remove old lines of the request log.
    Prune {
        /// Older than this.
        before: i64,
        /// Beyond so many.
        max_rows: u64,
        /// How many were removed.
        reply: Reply<u64>,
    },
    /// Note what became of events.
    Events(Box<EventWork>, Reply<u64>),
    /// Write everything that waits, and end.
    Close(Reply<()>),
}

/// What waits in the low-priority lane.
#[derive(Debug)]
pub struct Low {
    /// A line of the request log.
    pub line: ReadyLine,
    /// Its place in the lane, free again once it is written.
    #[expect(dead_code, reason = "held, not read: dropping it makes room")]
    pub permit: OwnedSemaphorePermit,
}

/// Both lanes.
#[derive(Debug)]
pub struct Queue {
    lanes: Mutex<Lanes>,
    wake: Condvar,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Lanes {
    jobs: VecDeque<Job>,
    low: VecDeque<Low>,
    touches: BTreeMap<Uuid, i64>,
    stuck: bool,
    closed: bool,
}

/// What the writer finds when it looks.
#[derive(Debug)]
pub enum Next {
    /// Something to do now.
    Job(Job),
    /// Nobody waits, but the low-priority lane has waited long enough.
    Low,
    /// Nobody will ever come again.
    End,
}

impl Job {
    /// Answers that it cannot be done.
    pub fn fail(self, error: StoreError) {
        // The caller may have gone away meanwhile; then nobody needs the answer.
        match self {
            Self::Commit(_, reply) => drop(reply.send(Err(error))),
            Self::Spend(_, reply) => drop(reply.send(Err(error))),
            Self::Flush(reply) | Self::Close(reply) => drop(reply.send(Err(error))),
            Self::Prune { reply, .. } | Self::Events(_, reply) => drop(reply.send(Err(error))),
        }
    }
}

impl Queue {
    /// Lanes for so many waiting jobs.
    pub fn new(capacity: usize) -> Self {
        Self {
            lanes: Mutex::default(),
            wake: Condvar::new(),
            capacity,
        }
    }

    /// Takes a job in, or says why not.
    pub fn push(&self, job: Job) -> Result<(), StoreError> {
        let mut lanes = self.lock();
        if lanes.closed {
            return Err(StoreError::Closed);
        }
        if lanes.jobs.len() >= self.capacity {
            return Err(StoreError::Busy {
                retry_after_seconds: 1,
            });
        }
        lanes.jobs.push_back(job);
        drop(lanes);
        self.wake.notify_one();
        Ok(())
    }

    /// Takes a line of the log in. Its permit has made sure of the room.
    pub fn push_low(&self, low: Low) -> Result<(), StoreError> {
        let mut lanes = self.lock();
        if lanes.closed {
            return Err(StoreError::Closed);
        }
        let was_empty = lanes.low.is_empty();
        lanes.low.push_back(low);
        drop(lanes);
        if was_empty {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Notes the use of a token; the last use counts.
    pub fn touch(&self, token: Uuid, at: i64) -> Result<(), StoreError> {
        let mut lanes = self.lock();
        if lanes.closed {
            return Err(StoreError::Closed);
        }
        let last = lanes.touches.entry(token).or_insert(at);
        *last = at.max(*last);
        Ok(())
    }

    /// Waits for something to do. `delay` is how long a line of the log may wait for a commit that takes it along.
    pub fn next(&self, delay: Duration) -> Next {
        let mut lanes = self.lock();
        let mut low_since: Option<Instant> = None;
        loop {
            if let Some(job) = lanes.jobs.pop_front() {
                return Next::Job(job);
            }
            if lanes.closed {
                return Next::End;
            }
            if lanes.low.is_empty() {
                lanes = self
                    .wake
                    .wait(lanes)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let waited = low_since.get_or_insert_with(Instant::now).elapsed();
            if waited >= delay {
                return Next::Low;
            }
            lanes = self
                .wake
                .wait_timeout(lanes, delay.saturating_sub(waited))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Another job, if one waits.
    pub fn try_next(&self) -> Option<Job> {
        self.lock().jobs.pop_front()
    }

    /// Some of the low-priority lane, oldest first.
    pub fn take_low(&self, most: usize) -> Vec<Low> {
        let mut lanes = self.lock();
        let count = lanes.low.len().min(most);
        lanes.low.drain(..count).collect()
    }

    /// Gives back what could not be written; the lane is stuck until all of it can.
    pub fn give_back_low(&self, unwritten: Vec<Low>) {
        let mut lanes = self.lock();
        lanes.stuck = !unwritten.is_empty();
        for low in unwritten.into_iter().rev() {
            lanes.low.push_front(low);
        }
    }

    /// Whether the low-priority lane could not be written the last time.
    pub fn is_stuck(&self) -> bool {
        self.lock().stuck
    }

    /// The uses of tokens since the last time.
    pub fn take_touches(&self) -> BTreeMap<Uuid, i64> {
        std::mem::take(&mut self.lock().touches)
    }

    /// Lets nobody in any more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        // Nothing panics while it holds the lock; were it to, the lanes would still be whole.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
