//! The writer's thread: gathers a batch, settles it, answers, and lets the checkpoints have their moment in between.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use uuid::Uuid;

use super::batch::Batch;
use super::checkpoint::{self, Checkpoints};
use super::queue::{Job, Next, Queue, Reply};
use super::unit::Ledger;
use crate::store::StoreError;
use crate::store::sqlite::pulse::Pulse;
use crate::store::sqlite::zones::Zones;

/// A batch ends after so many jobs.
const BATCH_JOBS: usize = 128;
/// A batch ends after so long, so that the first of it does not wait for the last.
const BATCH_TIME: Duration = Duration::from_millis(2);
/// So many log lines go along with a batch.
const BATCH_LINES: usize = 512;
/// How long a log line may wait for a commit that takes it along.
const LOW_DELAY: Duration = Duration::from_millis(20);
/// When each token called is kept so often; a crash loses no more, and what is in the log not even that.
const SAVE_CALLERS: Duration = Duration::from_secs(10);
/// How long it waits after it could not be written.
const LOW_DELAY_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// What the writer works with.
pub struct WriterParts {
    /// The only connection that writes.
    pub connection: Connection,
    /// Where work comes from.
    pub queue: Arc<Queue>,
    /// Who is told of new log lines.
    pub pulse: Arc<Pulse>,
    /// The same, for searches.
    pub zones: Arc<Zones>,
    /// Who writes the log back into the database.
    pub checkpoints: Arc<Checkpoints>,
    /// Their thread.
    pub checkpoint_thread: JoinHandle<()>,
    /// The database, for errors.
    pub path: PathBuf,
}

/// The writer.
pub struct Writer {
    parts: WriterParts,
    ledger: Option<Ledger>,
    touched: BTreeMap<Uuid, i64>,
    closing: Vec<Reply<()>>,
    low_delay: Duration,
    /// When the callers' times were last saved; `None` saves them with the next batch.
    saved: Option<Instant>,
}

impl Writer {
    /// Starts the thread.
    pub fn spawn(parts: WriterParts) -> std::io::Result<JoinHandle<()>> {
        let writer = Self {
            parts,
            ledger: None,
            touched: BTreeMap::new(),
            closing: Vec::new(),
            low_delay: LOW_DELAY,
            saved: Some(Instant::now()),
        };
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer.run())
    }

    fn run(mut self) {
        // Whatever ends this thread, nobody may wait for it afterwards.
        let _closes_queue = CloseOnDrop(Arc::clone(&self.parts.queue));
        loop {
            match self.parts.queue.next(self.low_delay) {
                Next::Job(job) => self.batch(Some(job)),
                Next::Low => self.batch(None),
                Next::End => break,
            }
            self.parts.checkpoints.at_boundary(&self.parts.connection);
        }
        self.saved = None;
        self.batch(None);
        let Self { parts, closing, .. } = self;
        parts.checkpoints.stop();
        if parts.checkpoint_thread.join().is_err() {
            tracing::error!("the checkpoint thread panicked");
        }
        if let Err(error) = checkpoint::empty(&parts.connection) {
            tracing::warn!(%error, "the write-ahead log could not be emptied; the next start reads it");
        }
        drop(parts.connection);
        for reply in closing {
            drop(reply.send(Ok(())));
        }
    }

    fn batch(&mut self, first: Option<Job>) {
        let ledger = match self.ledger {
            Some(ledger) => ledger,
            None => match Ledger::read(&self.parts.connection) {
                Ok(ledger) => ledger,
                Err(failure) => {
                    if let Some(job) = first {
                        job.fail(failure.into_store_error(&self.parts.path));
                    }
                    return;
                }
            },
        };
        let mut batch = Batch::open(&self.parts.connection, &self.parts.path, ledger);
        let began = Instant::now();
        let mut lines = BATCH_LINES;
        let mut next = first;
        let mut jobs = 0;
        while let Some(job) = next.take() {
            match job {
                Job::Commit(ready, reply) => batch.commit(ready, reply),
                Job::Spend(spent, reply) => batch.spend(spent, reply),
                Job::Flush(reply) => {
                    lines = usize::MAX;
                    batch.flush(reply);
                }
                Job::Prune {
                    before,
                    max_rows,
                    reply,
                } => {
                    batch.prune(before, max_rows, reply);
                }
                Job::Events(work, reply) => batch.events(*work, reply),
                Job::Close(reply) => {
                    lines = usize::MAX;
                    self.closing.push(reply);
                    self.parts.queue.close();
                }
            }
            jobs += 1;
            // Whoever comes after a failure of the database gets a transaction that works.
            if jobs < BATCH_JOBS && began.elapsed() < BATCH_TIME && !batch.is_broken() {
                next = self.parts.queue.try_next();
            }
        }
        let touches = new_minutes(self.parts.queue.take_touches(), &mut self.touched);
        if !touches.is_empty() {
            batch.touch(&touches);
        }
        batch.log(self.parts.queue.take_low(lines));
        if self
            .saved
            .is_none_or(|saved| saved.elapsed() >= SAVE_CALLERS)
        {
            self.saved = Some(Instant::now());
            batch.save_callers(&self.parts.pulse.take_unsaved());
        }
        let settled = batch.settle(&self.parts.pulse, &self.parts.zones);
        self.ledger = settled.ledger;
        self.low_delay = if settled.left.is_empty() {
            LOW_DELAY
        } else {
            LOW_DELAY_AFTER_FAILURE
        };
        self.parts.queue.give_back_low(settled.left);
        self.parts.checkpoints.wrote();
    }
}

/// A token's use is kept to the minute; most uses are none.
fn new_minutes(
    touches: BTreeMap<Uuid, i64>,
    known: &mut BTreeMap<Uuid, i64>,
) -> BTreeMap<Uuid, i64> {
    const MINUTE: i64 = 60_000_000_000;
    touches
        .into_iter()
        .filter(|(token, at)| {
            let minute = at.div_euclid(MINUTE);
            known.insert(*token, minute) != Some(minute)
        })
        .collect()
}

struct CloseOnDrop(Arc<Queue>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
        while let Some(job) = self.0.try_next() {
            job.fail(StoreError::Closed);
        }
    }
}
