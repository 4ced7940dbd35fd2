//! What an admin can see, over HTTP.

use async_trait::async_trait;

use super::wire::{Named, Window};
use super::{HttpAdmin, routes, tail};
use crate::admin::error::AdminError;
use crate::admin::guards::{
    GuardStatus, Held, Incident, IncidentDetail, IncidentId, IncidentListing,
};
use crate::admin::link::ScimLink;
use crate::admin::policy::{PolicyDetail, PolicyDiff, Simulate, Simulation};
use crate::admin::streams::StreamDetail;
use crate::admin::traits::{AdminRead, TailStream};
use crate::admin::types::{
    Access, AuditRow, ClientRow, Finding, Listing, MemberDetail, MemberRef, MemberRow, Overview,
    Page, RequestDetail, RequestListing, RequestPage, SyncStatus, TeamDetail, TeamRow, TokenRow,
};
use crate::directory::{MemberId, RequestId, TeamId};

#[async_trait]
impl AdminRead for HttpAdmin {
    fn place(&self) -> String {
        self.place.clone()
    }

    async fn overview(&self) -> Result<Overview, AdminError> {
        self.fetch(routes::OVERVIEW, &()).await
    }

    async fn doctor(&self) -> Result<Vec<Finding>, AdminError> {
        self.fetch(routes::DOCTOR, &()).await
    }

    async fn members(&self, listing: Listing) -> Result<Page<MemberRow>, AdminError> {
        self.fetch(routes::MEMBERS, &listing).await
    }

    async fn member(&self, id: MemberId) -> Result<MemberDetail, AdminError> {
        self.fetch(&routes::with_id(routes::MEMBER, id), &()).await
    }

    async fn find_member(&self, name: String) -> Result<MemberDetail, AdminError> {
        self.fetch(routes::FIND_MEMBER, &Named { name }).await
    }

    async fn member_access(&self, id: MemberId) -> Result<Access, AdminError> {
        let route = routes::with_id(routes::MEMBER_ACCESS, id);
        self.fetch(&route, &()).await
    }

    async fn member_timeline(
        &self,
        id: MemberId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, AdminError> {
        let route = routes::with_id(routes::MEMBER_TIMELINE, id);
        self.fetch(&route, &Window { offset, limit }).await
    }

    async fn teams(&self, listing: Listing) -> Result<Page<TeamRow>, AdminError> {
        self.fetch(routes::TEAMS, &listing).await
    }

    async fn team(&self, id: TeamId) -> Result<TeamDetail, AdminError> {
        self.fetch(&routes::with_id(routes::TEAM, id), &()).await
    }

    async fn find_team(&self, name: String) -> Result<TeamDetail, AdminError> {
        self.fetch(routes::FIND_TEAM, &Named { name }).await
    }

    async fn team_members(
        &self,
        id: TeamId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<MemberRef>, AdminError> {
        let route = routes::with_id(routes::TEAM_MEMBERS, id);
        self.fetch(&route, &Window { offset, limit }).await
    }

    async fn sync(&self) -> Result<SyncStatus, AdminError> {
        self.fetch(routes::SYNC, &()).await
    }

    async fn requests(&self, listing: RequestListing) -> Result<RequestPage, AdminError> {
        self.fetch(routes::REQUESTS, &listing).await
    }

    async fn request(&self, id: RequestId) -> Result<RequestDetail, AdminError> {
        self.fetch(&routes::with_id(routes::REQUEST, id.0), &())
            .await
    }

    async fn tail(&self, query: String) -> Result<TailStream, AdminError> {
        tail::open(self.clone(), query).await
    }

    async fn tokens(&self) -> Result<Vec<TokenRow>, AdminError> {
        self.fetch(routes::TOKENS, &()).await
    }

    async fn clients(&self) -> Result<Vec<ClientRow>, AdminError> {
        self.fetch(routes::CLIENTS, &()).await
    }

    async fn link(&self) -> Result<ScimLink, AdminError> {
        self.fetch(routes::LINK, &()).await
    }

    async fn streams(&self) -> Result<Vec<StreamDetail>, AdminError> {
        self.fetch(routes::STREAMS, &()).await
    }

    async fn policy(&self) -> Result<PolicyDetail, AdminError> {
        self.fetch(routes::POLICY, &()).await
    }

    async fn policy_diff(&self, name: String) -> Result<PolicyDiff, AdminError> {
        self.fetch(routes::POLICY_DIFF, &Named { name }).await
    }

    async fn simulate_policy(&self, simulate: Simulate) -> Result<Simulation, AdminError> {
        self.post(routes::SIMULATE_POLICY, &simulate).await
    }

    async fn guard_status(&self) -> Result<GuardStatus, AdminError> {
        self.fetch(routes::GUARD, &()).await
    }

    async fn incidents(&self, listing: IncidentListing) -> Result<Page<Incident>, AdminError> {
        self.fetch(routes::INCIDENTS, &listing).await
    }

    async fn incident(&self, id: IncidentId) -> Result<IncidentDetail, AdminError> {
        self.fetch(&routes::with_id(routes::INCIDENT, id), &())
            .await
    }

    async fn held(
        &self,
        id: IncidentId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Held>, AdminError> {
        let route = routes::with_id(routes::HELD, id);
        self.fetch(&route, &Window { offset, limit }).await
    }
}
