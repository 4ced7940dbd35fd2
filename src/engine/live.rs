//! The live tail: each logged row, told to everybody who listens, without ever waiting for a slow one.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::request_log::RequestRow;

/// How many rows a slow listener may fall behind before it is told that some were left out.
const BACKLOG: usize = 8_192;

/// The sending end of the live tail.
pub struct Live {
    sender: broadcast::Sender<Arc<RequestRow>>,
}

impl Live {
    pub(super) fn new() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
        }
    }

    /// Tells a row that is durable, or queued to be where it changed nothing.
    pub(super) fn publish(&self, row: RequestRow) {
        // No listener is not an error.
        let _ = self.sender.send(Arc::new(row));
    }

    /// Listens from now on. `RecvError::Lagged(n)` says how many rows were missed.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<RequestRow>> {
        self.sender.subscribe()
    }
}
