//! Whose accepted requests wait, so that a client's later writes do not overtake its earlier ones.
//!
//! What a client was told `202` for came first. Its next write, which it does wait for, is decided on a state in which the
//! accepted ones are executed. The store knows how many wait; this remembers for whom it need be asked at all, so that
//! the writes of everybody else cost nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::super::Engine;
use super::super::call::{Asynchronous, ScimCall};
use crate::scim::ScimError;
use crate::store::{Store, StoreError};

/// How long a write waits for those before it, well within the time that the edge gives a request.
const PATIENCE: Duration = Duration::from_secs(20);
/// After how many seconds the client may ask again.
pub(in crate::engine) const RETRY_AFTER: u64 = 5;

/// The clients with accepted requests that may still wait.
#[derive(Debug)]
pub(super) struct Turns {
    /// Each with a count of what it was told `202` for, by which one that was added meanwhile is told.
    clients: Mutex<BTreeMap<String, u64>>,
    /// Counts up when a request was executed.
    executed: watch::Sender<u64>,
}

impl Turns {
    /// Reads who waits since before the start.
    pub async fn open(store: &dyn Store) -> Result<Self, StoreError> {
        let waiting = store.accepted_clients().await?;
        Ok(Self {
            clients: Mutex::new(waiting.into_iter().map(|client| (client, 0)).collect()),
            executed: watch::Sender::new(0),
        })
    }

    /// A request of this client is durable and waits. Call it before the client is told.
    pub fn accepted(&self, client: &str) {
        let mut clients = self.clients();
        let count = clients.entry(client.to_owned()).or_default();
        *count = count.wrapping_add(1);
    }

    /// An accepted request came to its end.
    pub fn executed(&self) {
        self.executed
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Waits until nothing of this client waits.
    async fn come(&self, store: &dyn Store, client: &str) -> Result<(), StoreError> {
        let mut executed = self.executed.subscribe();
        loop {
            executed.mark_unchanged();
            let Some(count) = self.clients().get(client).copied() else {
                return Ok(());
            };
            if store.count_accepted(client).await? == 0 {
                let mut clients = self.clients();
                if clients.get(client) == Some(&count) {
                    clients.remove(client);
                }
                return Ok(());
            }
            if executed.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    fn clients(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Lets a write that its client waits for wait for those that the same client was told `202` for. `BUSY` where they
    /// take too long: then nothing was decided, and the client may ask again.
    pub(in crate::engine) async fn wait_for_turn(&self, call: &ScimCall) -> Result<(), ScimError> {
        match call.asynchronous {
            Asynchronous::No | Asynchronous::Wanted => {}
            Asynchronous::Execution(_) | Asynchronous::Part(_) => return Ok(()),
        }
        let come = self.events.turns.come(&*self.store, &call.actor.name);
        match tokio::time::timeout(PATIENCE, come).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "it could not be read whether accepted requests wait");
                Err(busy(
                    "whether earlier requests of this client wait cannot be read",
                ))
            }
            Err(_) => Err(busy(
                "earlier asynchronous requests of this client are not executed yet; try again",
            )),
        }
    }
}

fn busy(detail: &str) -> ScimError {
    ScimError::new(503, detail).with_code("BUSY")
}
