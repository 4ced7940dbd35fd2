//! The part of the fake store that belongs to events: nobody listens.

use async_trait::async_trait;
use jiff::Timestamp;
use provost::directory::StreamId;
use provost::secret::Secret;
use provost::store::{
    AcceptedRequest, AsyncState, EventStore, QueuedEvent, Settlement, SigningKeyRow, StoreError,
    StreamRow,
};

use crate::fake_store::FakeStore;

#[async_trait]
impl EventStore for FakeStore {
    async fn streams(&self) -> Result<Vec<StreamRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn stream_by_token(&self, _: &[u8; 32]) -> Result<Option<StreamId>, StoreError> {
        Ok(None)
    }

    async fn stream_authorization(&self, _: StreamId) -> Result<Option<Secret>, StoreError> {
        Ok(None)
    }

    async fn waiting_events(
        &self,
        _: StreamId,
        _: u32,
        _: u64,
    ) -> Result<Vec<QueuedEvent>, StoreError> {
        Ok(Vec::new())
    }

    async fn settle_events(&self, _: StreamId, _: Settlement) -> Result<(), StoreError> {
        Ok(())
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn accepted_requests(&self, _: u32) -> Result<Vec<AcceptedRequest>, StoreError> {
        Ok(Vec::new())
    }

    async fn accepted_clients(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    async fn count_accepted(&self, _: &str) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn async_state(&self, _: &str) -> Result<Option<AsyncState>, StoreError> {
        Ok(None)
    }

    async fn prune_events(&self, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }
}
