//! What lists and screens show: read straight from the store, with the engine's own facts added.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Engine, EngineError};
use crate::directory::{Member, MemberId, ObjectKind, Team, TeamId};
use crate::store::Store;
use crate::store::rows::{
    AuditRow, ConnectionRow, FailureCount, Listing, MemberRow, Page, RateBucket, TeamRow,
};

/// How long one bucket of the rates is, in seconds.
pub const BUCKET_SECONDS: u32 = 10;
/// How many buckets there are: ten minutes.
const BUCKETS: u32 = 60;
/// How many of the newest changes a summary shows.
const NEWEST: u32 = 10;

/// The numbers of the home screen.
#[derive(Clone, Debug)]
pub struct Pulse {
    /// Members in all and active ones.
    pub members: (u64, u64),
    /// Teams in all and synced ones.
    pub teams: (u64, u64),
    /// How many ways lead to admin, and by how many of them somebody can sign in.
    pub admins: (u64, u64),
    /// Each client that called.
    pub connections: Vec<ConnectionRow>,
    /// Requests and failures per bucket.
    pub rates: Vec<RateBucket>,
    /// Failures of the last day by code.
    pub failures: Vec<FailureCount>,
    /// The newest changes.
    pub last_changes: Vec<AuditRow>,
    /// Lines in the request log.
    pub log_rows: u64,
    /// Bytes on disk.
    pub database_bytes: u64,
    /// Median and 95th percentile of a request, in microseconds.
    pub latencies: (u64, u64),
}

impl Engine {
    /// The numbers of the home screen.
    pub async fn pulse(&self, now: Timestamp) -> Result<Pulse, EngineError> {
        let ago = |hours| {
            now.checked_sub(SignedDuration::from_hours(hours))
                .unwrap_or(Timestamp::MIN)
        };
        let store = &self.store;
        let newest = crate::store::rows::RequestListing {
            limit: 1,
            ..Default::default()
        };
        Ok(Pulse {
            members: store.count_members().await?,
            teams: store.count_teams().await?,
            admins: store
                .count_admins(
                    &self.in_force().policy.roles,
                    None,
                    self.passwords_are_closed(),
                )
                .await?,
            connections: store.connections(ago(1)).await?,
            rates: store.request_rates(now, BUCKET_SECONDS, BUCKETS).await?,
            failures: store.failures(ago(24)).await?,
            last_changes: store.last_changes(NEWEST).await?,
            log_rows: self.requests(newest).await?.log_total,
            database_bytes: store.size_bytes().await?,
            latencies: store.latencies().await?,
        })
    }

    /// The store, for lists that need nothing of the engine.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// One member with what a list shows, also a soft-deleted one.
    pub async fn member(&self, id: MemberId) -> Result<(Member, MemberRow), EngineError> {
        let missing = || EngineError::NotFound(format!("there is no member {id}"));
        let member = self.store.member(id, true).await?.ok_or_else(missing)?;
        let row = self.member_row(id).await?.ok_or_else(missing)?;
        Ok((member, row))
    }

    /// Some members for a list.
    pub async fn members(&self, listing: &Listing) -> Result<Page<MemberRow>, EngineError> {
        let roles = &self.in_force().policy.roles;
        Ok(self.store.list_members(roles, listing).await?)
    }

    /// One member as a list shows it, also a soft-deleted one.
    pub async fn member_row(&self, id: MemberId) -> Result<Option<MemberRow>, EngineError> {
        let roles = &self.in_force().policy.roles;
        Ok(self.store.member_row(roles, id).await?)
    }

    /// One team with what a list shows.
    pub async fn team(&self, id: TeamId) -> Result<(Team, TeamRow), EngineError> {
        let missing = || EngineError::NotFound(format!("there is no team {id}"));
        let team = self.store.team(id).await?.ok_or_else(missing)?;
        let row = self.store.team_row(id).await?.ok_or_else(missing)?;
        Ok((team, row))
    }

    /// Changes of one object, newest first.
    pub async fn timeline(
        &self,
        kind: ObjectKind,
        id: uuid::Uuid,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, EngineError> {
        Ok(self
            .store
            .timeline(kind, id, offset, limit.clamp(1, 1_000))
            .await?)
    }
}
