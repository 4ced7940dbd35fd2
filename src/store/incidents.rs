//! The part of a store that belongs to the guards: incidents, what they hold, and recovery.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::rows::Page;
use crate::directory::policy::Roles;
use crate::directory::{Held, Incident, IncidentId, MemberId, Radius};

/// Which incidents a list shows, newest happening first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentListing {
    /// Closed ones, too.
    #[serde(default)]
    pub closed: bool,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u64,
    /// How many at most.
    pub limit: u32,
}

/// Incidents, what they hold, and recovery.
#[async_trait]
pub trait IncidentStore: Send + Sync {
    /// Some incidents.
    async fn incidents(&self, listing: &IncidentListing) -> Result<Page<Incident>, StoreError>;
    /// One incident.
    async fn incident(&self, id: IncidentId) -> Result<Option<Incident>, StoreError>;
    /// The newest incident of a code about one thing, open or closed.
    async fn incident_about(&self, code: &str, about: &str)
    -> Result<Option<Incident>, StoreError>;
    /// The open incidents of a code, each with what it is about, oldest first; 100 at most.
    async fn open_incidents(&self, code: &str) -> Result<Vec<(String, Incident)>, StoreError>;
    /// Open incidents that nobody has put off, and how many of them hold something that waits for a word.
    async fn count_incidents(&self, now: Timestamp) -> Result<(u64, u64), StoreError>;
    /// What an incident holds, in the order it came; of what is settled already, too, where `settled` says so.
    async fn held(
        &self,
        id: IncidentId,
        settled: bool,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Held>, StoreError>;
    /// How many went since then, and what is held or was said about a member. A word on a hold counts when it was said
    /// after `ruled_since`.
    async fn radius(
        &self,
        member: Option<MemberId>,
        since: Timestamp,
        ruled_since: Timestamp,
    ) -> Result<Radius, StoreError>;
    /// How often somebody with this key of `userName` was taken away since.
    async fn departures_of(&self, user_name_key: &str, since: Timestamp)
    -> Result<u64, StoreError>;
    /// Those who lead to admin under this policy.
    async fn admins(&self, roles: &Roles) -> Result<Vec<MemberId>, StoreError>;
    /// The recovery admins, soft-deleted ones too.
    async fn recovery_admins(&self) -> Result<Vec<MemberId>, StoreError>;
    /// When a recovery admin last showed that they can sign in, and how many codes they have left.
    async fn recovery_of(&self, member: MemberId) -> Result<(Option<Timestamp>, u64), StoreError>;
    /// Whose one-time code this is.
    async fn recovery_code(&self, sha256: &[u8; 32]) -> Result<Option<MemberId>, StoreError>;
}
