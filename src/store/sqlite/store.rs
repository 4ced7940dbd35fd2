//! [`Store`] over SQLite: which thread each call runs on, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::handle::{SqliteStore, blocking};
use super::log_line::ReadyLine;
use super::read::documents::Links;
use super::read::{
    admins, audit, check, clients, consents, copy, documents, figures, lists, members, parked,
    requests, settings, teams, tokens, unique,
};
use super::ready::ReadyUnit;
use super::search;
use super::values::nanos;
use super::write::{Job, Low, Spent};
use crate::directory::access::RoleTeam;
use crate::directory::policy::Roles;
use crate::directory::{
    Attributes, Change, ClientId, ConsentId, HeldValue, Member, MemberId, ObjectKind, Outlook,
    Prospect, RequestId, Settings, Team, TeamId, TokenId,
};
use crate::request_log::{Exchange, RequestQuery};
use crate::scim::ResourceKind;
use crate::store::rows::{
    AuditRow, ClientRow, ConnectionRow, ConsentRow, FailureCount, Listing, MemberRef, MemberRow,
    Page, ParkedRow, RateBucket, RefreshRow, RequestListing, RequestPage, TeamCounts, TeamRow,
    TokenRow,
};
use crate::store::{
    Account, ClientRecord, CommitUnit, Committed, Document, DocumentPage, DocumentQuery, MemberKey,
    Store, StoreError, TeamKey,
};

/// Pages up to this many rows are read on the caller's thread.
const INLINE: u64 = 100;
/// Units with more changes than this are made ready on a blocking thread.
const INLINE_CHANGES: usize = 64;

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, unit: CommitUnit) -> Result<Committed, StoreError> {
        let ready = if unit.changes.len() > INLINE_CHANGES {
            let unique = Arc::clone(&self.unique);
            blocking(move || ReadyUnit::from_unit(unit, &unique)).await?
        } else {
            ReadyUnit::from_unit(unit, &self.unique)
        }
        .map_err(|failure| failure.into_store_error(&self.path))?;
        self.ask(|reply| Job::Commit(Box::new(ready), reply)).await
    }

    async fn log(&self, exchange: Exchange) -> Result<(), StoreError> {
        let line = ReadyLine::from_exchange(&exchange);
        let permit = match Arc::clone(&self.log_room).try_acquire_owned() {
            Ok(permit) => permit,
            // While the disk is full the lane does not move: nobody may wait for it.
            Err(_) if self.queue.is_stuck() => {
                return Err(StoreError::Full {
                    path: self.path.clone(),
                });
            }
            Err(_) => Arc::clone(&self.log_room)
                .acquire_owned()
                .await
                .map_err(|_| StoreError::Closed)?,
        };
        self.queue.push_low(Low { line, permit })
    }

    async fn flush(&self) -> Result<(), StoreError> {
        self.ask(Job::Flush).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        let closed = self.ask(Job::Close).await;
        self.pool.close();
        self.log_room.close();
        self.lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match closed {
            // Somebody else has closed it.
            Err(StoreError::Closed) => Ok(()),
            other => other,
        }
    }

    async fn account(&self) -> Result<Option<Account>, StoreError> {
        self.read(settings::account)
    }

    async fn settings(&self) -> Result<Option<Settings>, StoreError> {
        self.read(settings::settings)
    }

    async fn password_hash(&self, member: MemberId) -> Result<Option<String>, StoreError> {
        self.read(|connection| tokens::password_hash(connection, member))
    }

    async fn member(&self, id: MemberId, deleted: bool) -> Result<Option<Member>, StoreError> {
        let found = self.read(|connection| members::by_id(connection, id))?;
        Ok(found.filter(|member| deleted || member.deleted.is_none()))
    }

    async fn members_by(&self, key: &MemberKey) -> Result<Vec<Member>, StoreError> {
        self.read(|connection| members::by_key(connection, key))
    }

    async fn former_member(&self, id: MemberId) -> Result<Option<Member>, StoreError> {
        self.read(|connection| members::former(connection, id))
    }

    async fn former_members_by(&self, key: &MemberKey) -> Result<Vec<Member>, StoreError> {
        self.read(|connection| members::former_by_key(connection, key))
    }

    async fn provisioned_members(&self, limit: u64) -> Result<Vec<Member>, StoreError> {
        self.read_sized(false, move |connection| {
            members::provisioned(connection, limit)
        })
        .await
    }

    async fn known_members(
        &self,
        ids: &[MemberId],
    ) -> Result<BTreeMap<MemberId, String>, StoreError> {
        let is_short = ids.len() as u64 <= INLINE;
        let ids = ids.to_vec();
        self.read_sized(is_short, move |connection| members::names(connection, &ids))
            .await
    }

    async fn teams_of(&self, id: MemberId) -> Result<Vec<(TeamId, String)>, StoreError> {
        self.read(|connection| members::teams_of(connection, id))
    }

    async fn released_teams_of(&self, id: MemberId) -> Result<BTreeSet<TeamId>, StoreError> {
        self.read(|connection| members::released_teams_of(connection, id))
    }

    async fn count_admins(
        &self,
        roles: &Roles,
        except: Option<MemberId>,
        passwords_are_closed: bool,
    ) -> Result<(u64, u64), StoreError> {
        let prospect = except.map_or_else(Prospect::default, Prospect::without);
        let prospect = prospect.while_closed(passwords_are_closed);
        self.read(|connection| admins::count(connection, roles, &prospect, except))
    }

    async fn outlook(
        &self,
        now: &Roles,
        then: &Roles,
        prospect: Prospect,
    ) -> Result<Outlook, StoreError> {
        self.read(|connection| {
            let as_it_is = Prospect::default().while_closed(prospect.passwords_are_closed);
            Ok(Outlook {
                now: admins::lead(connection, now, &as_it_is, u64::MAX)?,
                then: admins::lead(connection, then, &prospect, u64::MAX)?,
            })
        })
    }

    async fn role_teams_of(&self, id: MemberId) -> Result<Vec<RoleTeam>, StoreError> {
        self.read(|connection| admins::role_teams_of(connection, id))
    }

    async fn list_members(
        &self,
        roles: &Roles,
        listing: &Listing,
    ) -> Result<Page<MemberRow>, StoreError> {
        let (roles, listing) = (roles.clone(), listing.clone());
        self.read_sized(lists::is_cheap(&listing), move |connection| {
            lists::members(connection, &roles, &listing)
        })
        .await
    }

    async fn member_row(
        &self,
        roles: &Roles,
        id: MemberId,
    ) -> Result<Option<MemberRow>, StoreError> {
        self.pool
            .read_one_state(|connection| members::row(connection, roles, id))
    }

    async fn count_members(&self) -> Result<(u64, u64), StoreError> {
        self.read(members::count)
    }

    async fn team(&self, id: TeamId) -> Result<Option<Team>, StoreError> {
        self.read(|connection| teams::by_id(connection, id))
    }

    async fn synced_teams(&self, limit: u64) -> Result<Vec<Team>, StoreError> {
        self.read_sized(false, move |connection| teams::synced(connection, limit))
            .await
    }

    async fn teams_by(&self, key: &TeamKey) -> Result<Vec<Team>, StoreError> {
        self.read(|connection| teams::by_key(connection, key))
    }

    async fn team_members(
        &self,
        id: TeamId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<MemberRef>, StoreError> {
        let limit = limit.clamp(1, 1_000);
        let is_short = u64::from(limit) <= INLINE && offset <= 10 * INLINE;
        self.read_sized(is_short, move |connection| {
            teams::members_page(connection, id, offset, limit)
        })
        .await
    }

    async fn members_in(
        &self,
        id: TeamId,
        ids: Option<&[MemberId]>,
    ) -> Result<BTreeMap<MemberId, String>, StoreError> {
        let is_short = ids.is_some_and(|ids| ids.len() as u64 <= INLINE);
        let ids = ids.map(<[MemberId]>::to_vec);
        self.read_sized(is_short, move |connection| {
            teams::members_in(connection, id, ids.as_deref())
        })
        .await
    }

    async fn team_size(&self, id: TeamId) -> Result<u64, StoreError> {
        self.read(|connection| teams::size(connection, id))
    }

    async fn list_teams(&self, listing: &Listing) -> Result<Page<TeamRow>, StoreError> {
        let listing = listing.clone();
        self.read_sized(lists::is_cheap(&listing), move |connection| {
            lists::teams(connection, &listing)
        })
        .await
    }

    async fn count_teams(&self) -> Result<(u64, u64), StoreError> {
        self.read(teams::count)
    }

    async fn held_values(
        &self,
        kind: ResourceKind,
        attributes: &Attributes,
    ) -> Result<Vec<HeldValue>, StoreError> {
        if self.unique.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|connection| unique::holders(connection, &self.unique, kind, attributes))
    }

    async fn team_counts(&self) -> Result<TeamCounts, StoreError> {
        self.read(parked::team_counts)
    }

    async fn team_row(&self, id: TeamId) -> Result<Option<TeamRow>, StoreError> {
        self.pool
            .read_one_state(|connection| teams::row(connection, id))
    }

    async fn team_keys(&self, wanted: &str) -> Result<BTreeSet<String>, StoreError> {
        self.read(|connection| parked::team_keys(connection, wanted))
    }

    async fn parked(
        &self,
        id: TeamId,
        names: Option<&[String]>,
        limit: u32,
    ) -> Result<Vec<ParkedRow>, StoreError> {
        self.read(|connection| parked::of_team(connection, id, names, limit))
    }

    async fn count_parked(&self, id: TeamId) -> Result<u64, StoreError> {
        self.read(|connection| parked::count(connection, id))
    }

    async fn awaited(&self, names: &[String]) -> Result<Vec<(TeamId, String)>, StoreError> {
        self.read(|connection| parked::awaited(connection, names))
    }

    async fn document(
        &self,
        kind: ResourceKind,
        id: Uuid,
        with_links: bool,
    ) -> Result<Option<Document>, StoreError> {
        if !with_links {
            let found = self.read(|connection| documents::by_id(connection, kind, id))?;
            return Ok(found.map(|stored| stored.document));
        }
        let is_short = match kind {
            ResourceKind::User => true,
            ResourceKind::Group => {
                self.read(|connection| teams::size(connection, TeamId(id)))? <= INLINE
            }
        };
        self.read_sized(is_short, move |connection| {
            documents::by_id(connection, kind, id)?
                .map(|stored| {
                    let stored = documents::with_links(connection, kind, stored, Links::Loaded)?;
                    Ok(stored.document)
                })
                .transpose()
        })
        .await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<DocumentPage, StoreError> {
        let query = query.clone();
        let budget = self.options.scan_budget;
        let is_short = search::is_short(&query, INLINE);
        self.read_sized(is_short, move |connection| {
            search::search(connection, &query, budget)
        })
        .await
    }

    async fn token_by_hash(&self, sha256: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
        self.read(|connection| tokens::by_hash(connection, sha256))
    }

    async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        self.read(tokens::all)
    }

    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
        self.queue.touch(id.0, nanos(at))
    }

    async fn client(&self, id: ClientId) -> Result<Option<ClientRecord>, StoreError> {
        self.read(|connection| clients::by_id(connection, id))
    }

    async fn clients(&self) -> Result<Vec<ClientRow>, StoreError> {
        self.read(clients::all)
    }

    async fn client_tokens(
        &self,
        id: ClientId,
        now: Timestamp,
    ) -> Result<Vec<TokenId>, StoreError> {
        self.read(|connection| clients::live_tokens(connection, id, now))
    }

    async fn consent(&self, id: ConsentId) -> Result<Option<ConsentRow>, StoreError> {
        self.read(|connection| consents::by_id(connection, id))
    }

    async fn consent_by_code(&self, sha256: &[u8; 32]) -> Result<Option<ConsentRow>, StoreError> {
        self.read(|connection| consents::by_code(connection, sha256))
    }

    async fn refresh_token(&self, sha256: &[u8; 32]) -> Result<Option<RefreshRow>, StoreError> {
        self.read(|connection| consents::refresh(connection, sha256))
    }

    async fn client_consents(&self, id: ClientId) -> Result<Vec<ConsentRow>, StoreError> {
        self.read(|connection| consents::of_client(connection, id))
    }

    async fn has_grant(&self, id: ClientId, now: Timestamp) -> Result<bool, StoreError> {
        self.read(|connection| consents::is_in_force(connection, id, now))
    }

    async fn owned_tokens(&self, owner: MemberId) -> Result<Vec<(TokenId, String)>, StoreError> {
        self.read(|connection| tokens::owned_by(connection, owner))
    }

    async fn touch_client(&self, id: ClientId, at: Timestamp) -> Result<(), StoreError> {
        self.queue.touch(id.0, nanos(at))
    }

    async fn spend_assertion(
        &self,
        client: ClientId,
        jti_sha256: [u8; 32],
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let spent = Spent {
            client: client.0,
            jti_sha256,
            expires: nanos(expires),
            now: nanos(now),
        };
        self.ask(|reply| Job::Spend(spent, reply)).await
    }

    async fn timeline(
        &self,
        kind: ObjectKind,
        id: Uuid,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, StoreError> {
        let limit = limit.clamp(1, 1_000);
        let is_short = u64::from(limit) <= INLINE && offset <= INLINE;
        self.read_sized(is_short, move |connection| {
            audit::timeline(connection, kind, id, offset, limit)
        })
        .await
    }

    async fn changes_of(&self, request: RequestId) -> Result<Vec<Change>, StoreError> {
        self.read(|connection| audit::changes_of(connection, request))
    }

    async fn changes_since(
        &self,
        request: RequestId,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        self.read_sized(false, move |connection| {
            audit::changes_since(connection, request, limit)
        })
        .await
    }

    async fn copy_to(&self, path: PathBuf) -> Result<(), StoreError> {
        self.read_sized(false, move |connection| copy::copy_to(connection, &path))
            .await
    }

    async fn last_changes(&self, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.read(|connection| audit::last_changes(connection, limit.clamp(1, 1_000)))
    }

    async fn last_request_id(&self) -> Result<RequestId, StoreError> {
        self.read(requests::last_id)
    }

    async fn requests(
        &self,
        listing: &RequestListing,
        query: &RequestQuery,
        now: Timestamp,
    ) -> Result<RequestPage, StoreError> {
        let (listing, query) = (listing.clone(), query.clone());
        let is_short = query.is_empty() && u64::from(listing.limit) <= INLINE;
        let may_scan = !query.is_empty();
        let zones = Arc::clone(&self.zones);
        let page = self
            .read_sized(is_short, move |connection| {
                requests::page(connection, &zones, &listing, &query, now)
            })
            .await;
        if may_scan && self.zones.claim() {
            self.read_zones();
        }
        page
    }

    async fn request(&self, id: RequestId) -> Result<Option<Exchange>, StoreError> {
        self.read(|connection| requests::by_id(connection, id))
    }

    async fn request_rates(
        &self,
        now: Timestamp,
        bucket_seconds: u32,
        buckets: u32,
    ) -> Result<Vec<RateBucket>, StoreError> {
        self.seed_figures(now).await?;
        let buckets = buckets.clamp(1, 10_000);
        match self.pulse.rates(nanos(now), bucket_seconds, buckets) {
            Some(rates) => Ok(rates),
            None => {
                self.scan(move |connection| {
                    figures::rates(connection, nanos(now), bucket_seconds, buckets)
                })
                .await
            }
        }
    }

    async fn failures(&self, since: Timestamp) -> Result<Vec<FailureCount>, StoreError> {
        self.scan(move |connection| figures::failures(connection, nanos(since)))
            .await
    }

    async fn connections(&self, since: Timestamp) -> Result<Vec<ConnectionRow>, StoreError> {
        self.seed_figures(since).await?;
        Ok(self.pulse.connections(nanos(since)))
    }

    async fn latencies(&self) -> Result<(u64, u64), StoreError> {
        Ok(self.pulse.latencies())
    }

    async fn prune_log(&self, before: Timestamp, max_rows: u64) -> Result<u64, StoreError> {
        self.ask(|reply| Job::Prune {
            before: nanos(before),
            max_rows,
            reply,
        })
        .await
    }

    fn location(&self) -> PathBuf {
        self.path.clone()
    }

    async fn size_bytes(&self) -> Result<u64, StoreError> {
        let length = |suffix: &str| {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            std::fs::metadata(path).map_or(0, |metadata| metadata.len())
        };
        Ok(length("") + length("-wal"))
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        self.scan(check::findings).await
    }
}
