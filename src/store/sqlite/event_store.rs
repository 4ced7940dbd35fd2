//! [`EventStore`] over SQLite: short reads on the caller's thread, writes through the writer.

use async_trait::async_trait;
use jiff::Timestamp;

use super::handle::SqliteStore;
use super::read::events;
use super::values::nanos;
use super::write::{EventWork, Job};
use crate::directory::StreamId;
use crate::secret::Secret;
use crate::store::{
    AcceptedRequest, AsyncState, EventStore, QueuedEvent, Settlement, SigningKeyRow, StoreError,
    StreamRow,
};

#[async_trait]
impl EventStore for SqliteStore {
    async fn streams(&self) -> Result<Vec<StreamRow>, StoreError> {
        self.read(events::streams)
    }

    async fn stream_by_token(&self, sha256: &[u8; 32]) -> Result<Option<StreamId>, StoreError> {
        self.read(|connection| events::by_token(connection, sha256))
    }

    async fn stream_authorization(&self, id: StreamId) -> Result<Option<Secret>, StoreError> {
        self.read(|connection| events::authorization(connection, id))
    }

    async fn waiting_events(
        &self,
        id: StreamId,
        limit: u32,
        bytes: u64,
    ) -> Result<Vec<QueuedEvent>, StoreError> {
        self.read(|connection| events::waiting(connection, id, limit, bytes))
    }

    async fn settle_events(&self, id: StreamId, settled: Settlement) -> Result<(), StoreError> {
        let work = Box::new(EventWork::Settle(id, settled));
        self.ask(|reply| Job::Events(work, reply)).await?;
        Ok(())
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError> {
        self.read(events::signing_keys)
    }

    async fn accepted_requests(&self, limit: u32) -> Result<Vec<AcceptedRequest>, StoreError> {
        self.read(|connection| events::accepted(connection, limit))
    }

    async fn accepted_clients(&self) -> Result<Vec<String>, StoreError> {
        self.read(events::accepted_clients)
    }

    async fn count_accepted(&self, client: &str) -> Result<u64, StoreError> {
        self.read(|connection| events::count_accepted(connection, client))
    }

    async fn async_state(&self, txn: &str) -> Result<Option<AsyncState>, StoreError> {
        self.read(|connection| events::async_state(connection, txn))
    }

    async fn prune_events(&self, before: Timestamp) -> Result<u64, StoreError> {
        let work = Box::new(EventWork::Prune {
            before: nanos(before),
        });
        self.ask(|reply| Job::Events(work, reply)).await
    }
}
