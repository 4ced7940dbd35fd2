//! [`IncidentStore`] over SQLite: short reads on the caller's thread. Everything is written with the commit of a unit.

use async_trait::async_trait;
use jiff::Timestamp;

use super::handle::SqliteStore;
use super::read::{admins, incidents};
use super::values::nanos;
use crate::directory::policy::Roles;
use crate::directory::{Held, Incident, IncidentId, MemberId, Radius};
use crate::store::rows::Page;
use crate::store::{IncidentListing, IncidentStore, StoreError};

#[async_trait]
impl IncidentStore for SqliteStore {
    async fn incidents(&self, listing: &IncidentListing) -> Result<Page<Incident>, StoreError> {
        self.read(|connection| incidents::list(connection, listing))
    }

    async fn incident(&self, id: IncidentId) -> Result<Option<Incident>, StoreError> {
        self.read(|connection| incidents::by_id(connection, id))
    }

    async fn incident_about(
        &self,
        code: &str,
        about: &str,
    ) -> Result<Option<Incident>, StoreError> {
        self.read(|connection| incidents::about(connection, code, about))
    }

    async fn open_incidents(&self, code: &str) -> Result<Vec<(String, Incident)>, StoreError> {
        self.read(|connection| incidents::open(connection, code))
    }

    async fn count_incidents(&self, now: Timestamp) -> Result<(u64, u64), StoreError> {
        self.read(|connection| incidents::count(connection, now))
    }

    async fn held(
        &self,
        id: IncidentId,
        settled: bool,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Held>, StoreError> {
        self.read(|connection| incidents::held(connection, id, settled, offset, limit))
    }

    async fn radius(
        &self,
        member: Option<MemberId>,
        since: Timestamp,
        ruled_since: Timestamp,
    ) -> Result<Radius, StoreError> {
        self.read(|connection| {
            incidents::radius(connection, member, nanos(since), nanos(ruled_since))
        })
    }

    async fn departures_of(
        &self,
        user_name_key: &str,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        self.read(|connection| incidents::departures_of(connection, user_name_key, nanos(since)))
    }

    async fn admins(&self, roles: &Roles) -> Result<Vec<MemberId>, StoreError> {
        self.read(|connection| admins::admins(connection, roles, None))
    }

    async fn recovery_admins(&self) -> Result<Vec<MemberId>, StoreError> {
        self.read(incidents::recovery_admins)
    }

    async fn recovery_of(&self, member: MemberId) -> Result<(Option<Timestamp>, u64), StoreError> {
        self.read(|connection| incidents::recovery_of(connection, member))
    }

    async fn recovery_code(&self, sha256: &[u8; 32]) -> Result<Option<MemberId>, StoreError> {
        self.read(|connection| incidents::recovery_code(connection, sha256))
    }
}
