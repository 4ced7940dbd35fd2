//! Keeping the request log within its age and size. The audit is never pruned.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::Engine;

/// How often the log is looked at.
const EVERY: Duration = Duration::from_mins(1);
/// Between two bounded steps, so that requests come first.
const PAUSE: Duration = Duration::from_millis(50);

impl Engine {
    /// Prunes until `stop`. Run it as a task of its own.
    pub async fn keep_log_small(self: Arc<Self>, stop: CancellationToken) {
        let mut every = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = every.tick() => {}
            }
            if let Err(error) = self.prune(&stop).await {
                tracing::warn!(%error, "the request log could not be pruned");
            }
        }
    }

    async fn prune(&self, stop: &CancellationToken) -> Result<(), crate::store::StoreError> {
        let age = SignedDuration::from_hours(24 * i64::from(self.settings.log_days));
        let before = Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN);
        while !stop.is_cancelled()
            && self.store.prune_log(before, self.settings.log_rows).await? > 0
        {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}
