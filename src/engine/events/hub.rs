//! What the engine remembers of streams between two looks into the store, and how those who wait for events are woken.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio::sync::{Mutex, Semaphore, watch};

use super::keys::Keys;
use super::limits::EventLimits;
use super::turns::Turns;
use crate::directory::{Stream, StreamId};
use crate::store::{Store, StoreError};

/// The streams as they are now, and who waits.
#[derive(Debug)]
pub struct EventHub {
    streams: RwLock<Arc<Vec<Stream>>>,
    /// Counts up with whatever a sleeper wants to know: an event was queued, a stream changed, a queue was found full.
    pub(super) stirred: watch::Sender<u64>,
    /// Counts up when a request was accepted.
    pub(super) accepted: watch::Sender<u64>,
    /// Whose accepted requests wait.
    pub(super) turns: Turns,
    /// Streams found full since the last look.
    full: std::sync::Mutex<Vec<StreamId>>,
    /// The keys, once they are needed. Its lock is held while the first one is made.
    pub(super) keys: Mutex<Option<Arc<Keys>>>,
    limits: OnceLock<EventLimits>,
    polls: OnceLock<Arc<Semaphore>>,
}

impl EventHub {
    /// Reads where things stand.
    pub async fn open(store: &dyn Store) -> Result<Self, StoreError> {
        let hub = Self {
            streams: RwLock::default(),
            stirred: watch::Sender::new(0),
            accepted: watch::Sender::new(0),
            turns: Turns::open(store).await?,
            full: std::sync::Mutex::default(),
            keys: Mutex::new(None),
            limits: OnceLock::new(),
            polls: OnceLock::new(),
        };
        hub.reload(store).await?;
        Ok(hub)
    }

    /// Reads the streams again, after one was made, changed or removed.
    pub(super) async fn reload(&self, store: &dyn Store) -> Result<(), StoreError> {
        let rows = store.streams().await?;
        let streams = Arc::new(rows.into_iter().map(|row| row.stream).collect());
        *self.streams.write().unwrap_or_else(PoisonError::into_inner) = streams;
        self.stir();
        Ok(())
    }

    /// The streams.
    pub(in crate::engine) fn streams(&self) -> Arc<Vec<Stream>> {
        Arc::clone(&self.streams.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// One of them.
    pub(super) fn stream(&self, id: StreamId) -> Option<Stream> {
        self.streams()
            .iter()
            .find(|stream| stream.id == id)
            .cloned()
    }

    /// Wakes those who wait for events.
    pub(in crate::engine) fn stir(&self) {
        self.stirred
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Notes streams whose queue was found full.
    pub(in crate::engine) fn note_full(&self, streams: &[StreamId]) {
        if !streams.is_empty() {
            self.full
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(streams);
        }
    }

    /// Streams found full since the last call.
    pub(super) fn take_full(&self) -> Vec<StreamId> {
        std::mem::take(&mut self.full.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets the limits. The first word counts.
    pub(in crate::engine) fn set_limits(&self, limits: EventLimits) {
        // A second edge on the same engine lives with the limits of the first.
        let _ = self.limits.set(limits);
    }

    /// The limits in force.
    pub(super) fn limits(&self) -> &EventLimits {
        self.limits.get_or_init(EventLimits::default)
    }

    /// The places of polls that wait.
    pub(super) fn polls(&self) -> &Arc<Semaphore> {
        self.polls
            .get_or_init(|| Arc::new(Semaphore::new(self.limits().polls)))
    }
}
