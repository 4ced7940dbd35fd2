//! The trait that every database implements.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::commit::{Account, CommitUnit, Committed};
use super::error::StoreError;
use super::events::EventStore;
use super::incidents::IncidentStore;
use super::rows::{
    AuditRow, ClientRow, ConnectionRow, ConsentRow, FailureCount, Listing, MemberRef, MemberRow,
    Page, ParkedRow, RateBucket, RefreshRow, RequestListing, RequestPage, TeamCounts, TeamRow,
    TokenRow,
};
use super::sso::SsoStore;
use crate::directory::access::RoleTeam;
use crate::directory::policy::Roles;
use crate::directory::{
    Attributes, Change, ClientId, ConsentId, HeldValue, Member, MemberId, ObjectKind, Outlook,
    Prospect, RequestId, Settings, Team, TeamId, TokenId,
};
use crate::request_log::{Exchange, RequestQuery};
use crate::scim::ResourceKind;
use crate::scim::filter::Filter;
use crate::scim::list::{Place, SortBy, SortOrder};

/// One resource as it is stored: the SCIM attributes as JSON text, and the columns around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The id of the member or team.
    pub id: Uuid,
    /// The version; the ETag is `W/"<version>"`.
    pub version: u64,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// The attributes as JSON text, without `id`, `schemas`, `meta`, `groups` and `members`.
    pub attributes: String,
    /// For a user its teams, for a group its members, in a stable order; `None` where they were not asked for.
    pub links: Option<Vec<Link>>,
    /// Whether it is a team that SCIM does not show (`TeamSource::Released`). Lists never hold one.
    pub is_released: bool,
}

/// An OAuth client with what it is known by. Not for screens.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientRecord {
    /// What a list shows.
    pub row: ClientRow,
    /// SHA-256 of its secret, where it has one.
    pub secret_sha256: Option<[u8; 32]>,
    /// Its public keys as they were registered, PEM or JWKS, where it has them.
    pub keys: Option<String>,
}

/// The other end of a membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id of the team or member.
    pub id: Uuid,
    /// Its name to show.
    pub display: String,
}

/// A SCIM list request, resolved.
#[derive(Clone, Debug)]
pub struct DocumentQuery {
    /// What is asked of each resource type. Without a sort one type follows the other as they stand here.
    pub parts: Vec<DocumentPart>,
    /// The direction of the sort.
    pub order: SortOrder,
    /// Which stretch of the list.
    pub window: Window,
    /// How many at most; 0 only counts.
    pub count: u64,
}

/// What a list request asks of one resource type.
#[derive(Clone, Debug)]
pub struct DocumentPart {
    /// Users or groups.
    pub kind: ResourceKind,
    /// Which of them; `None` all.
    pub filter: Option<Filter>,
    /// By what they are sorted; `None` by creation. All parts are sorted or none.
    pub sort: Option<SortBy>,
    /// Whether to load `groups` or `members`.
    pub with_links: bool,
}

/// Which stretch of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window {
    /// From a 1-based index on (RFC 7644 §3.4.2.4).
    Index(u64),
    /// The first page of a walk by cursors (RFC 9865).
    First,
    /// What lies directly behind a place.
    After(Place),
    /// What lies directly before a place.
    Before(Place),
}

/// Some resources in a stable order: what they are sorted by, then creation.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentPage {
    /// How many match in all (`totalResults`).
    pub total: u64,
    /// Those asked for.
    pub found: Vec<Found>,
    /// Whether there may be something before them. Exact in the window `Before`.
    pub has_previous: bool,
    /// Whether there is something behind them. Not looked for in the window `Index`, and always in the window `Before`.
    pub has_next: bool,
}

/// A resource in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its type.
    pub kind: ResourceKind,
    /// Where it stands.
    pub place: Place,
    /// The resource.
    pub document: Document,
}

/// What a member can be found by. Texts are given as the client sent them; the store folds where the schema says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberKey {
    /// `userName`, without case.
    UserName(String),
    /// `externalId`, exactly.
    ExternalId(String),
    /// Any value of `emails`, without case.
    Email(String),
}

/// What a team can be found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamKey {
    /// `displayName`, without case.
    DisplayName(String),
    /// `externalId`, exactly.
    ExternalId(String),
    /// The key it has of its own, exactly.
    Own(String),
}

/// A database. Soft-deleted objects are invisible to every call except where it says so.
#[async_trait]
pub trait Store: EventStore + IncidentStore + SsoStore + Send + Sync + 'static {
    // ── one write path ──────────────────────────────────────────────────────────────────────────────────────────
    /// Commits a unit. Returns once it is durable.
    async fn commit(&self, unit: CommitUnit) -> Result<Committed, StoreError>;
    /// Logs an exchange that changed nothing. Returns once it has a place in the queue; it is written soon, in batches,
    /// behind the commits.
    async fn log(&self, exchange: Exchange) -> Result<(), StoreError>;
    /// Returns when everything logged so far can be read back.
    async fn flush(&self) -> Result<(), StoreError>;
    /// Writes what is queued and closes the database.
    async fn close(&self) -> Result<(), StoreError>;

    // ── the account ─────────────────────────────────────────────────────────────────────────────────────────────
    /// The account, or `None` before `init`.
    async fn account(&self) -> Result<Option<Account>, StoreError>;
    /// What admins have set; `None` where nobody has set anything yet.
    async fn settings(&self) -> Result<Option<Settings>, StoreError>;
    /// The password hash (PHC string) of a member.
    async fn password_hash(&self, member: MemberId) -> Result<Option<String>, StoreError>;

    // ── members ─────────────────────────────────────────────────────────────────────────────────────────────────
    /// One member; with `deleted` also a soft-deleted one.
    async fn member(&self, id: MemberId, deleted: bool) -> Result<Option<Member>, StoreError>;
    /// Members with a key: one at most for `userName` and `externalId`, perhaps several for an e-mail address.
    async fn members_by(&self, key: &MemberKey) -> Result<Vec<Member>, StoreError>;
    /// What is left of a member who is removed or soft-deleted: as they were.
    async fn former_member(&self, id: MemberId) -> Result<Option<Member>, StoreError>;
    /// Removed and soft-deleted members who had a key, as they were, newest first, 10 at most. Who has a next life under
    /// another id is not among them.
    async fn former_members_by(&self, key: &MemberKey) -> Result<Vec<Member>, StoreError>;
    /// Members whom identity providers provisioned altogether, oldest first, without the owner and recovery admins.
    async fn provisioned_members(&self, limit: u64) -> Result<Vec<Member>, StoreError>;
    /// The names to show of those who exist.
    async fn known_members(
        &self,
        ids: &[MemberId],
    ) -> Result<BTreeMap<MemberId, String>, StoreError>;
    /// The teams a member is in, by name.
    async fn teams_of(&self, id: MemberId) -> Result<Vec<(TeamId, String)>, StoreError>;
    /// Of the teams a member is in those that SCIM does not show (`TeamSource::Released`).
    async fn released_teams_of(&self, id: MemberId) -> Result<BTreeSet<TeamId>, StoreError>;
    /// How many members lead to admin under this policy, besides one.
    async fn count_admins(
        &self,
        roles: &Roles,
        except: Option<MemberId>,
        passwords_are_closed: bool,
    ) -> Result<(u64, u64), StoreError>;
    /// Who leads to admin by these roles, and who would by those once changes are made.
    async fn outlook(
        &self,
        now: &Roles,
        then: &Roles,
        prospect: Prospect,
    ) -> Result<Outlook, StoreError>;
    /// The teams of a live member that give roles.
    async fn role_teams_of(&self, id: MemberId) -> Result<Vec<RoleTeam>, StoreError>;
    /// Some members for a list, with what these roles make of theirs.
    async fn list_members(
        &self,
        roles: &Roles,
        listing: &Listing,
    ) -> Result<Page<MemberRow>, StoreError>;
    /// One member as a list shows it, also a soft-deleted one.
    async fn member_row(
        &self,
        roles: &Roles,
        id: MemberId,
    ) -> Result<Option<MemberRow>, StoreError>;
    /// Members in all and active ones.
    async fn count_members(&self) -> Result<(u64, u64), StoreError>;

    // ── teams ───────────────────────────────────────────────────────────────────────────────────────────────────
    /// One team.
    async fn team(&self, id: TeamId) -> Result<Option<Team>, StoreError>;
    /// Teams with a key.
    async fn teams_by(&self, key: &TeamKey) -> Result<Vec<Team>, StoreError>;
    /// The live teams that an identity provider rules, oldest first.
    async fn synced_teams(&self, limit: u64) -> Result<Vec<Team>, StoreError>;
    /// Some members of a team in the order they joined, and how many there are.
    async fn team_members(
        &self,
        id: TeamId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<MemberRef>, StoreError>;
    /// Which of these are in the team now, with their names; all who are where `ids` is `None`.
    async fn members_in(
        &self,
        id: TeamId,
        ids: Option<&[MemberId]>,
    ) -> Result<BTreeMap<MemberId, String>, StoreError>;
    /// How many members a team has.
    async fn team_size(&self, id: TeamId) -> Result<u64, StoreError>;
    /// Some teams for a list.
    async fn list_teams(&self, listing: &Listing) -> Result<Page<TeamRow>, StoreError>;
    /// Teams in all and synced ones.
    async fn count_teams(&self) -> Result<(u64, u64), StoreError>;
    /// How many teams are in which state.
    async fn team_counts(&self) -> Result<TeamCounts, StoreError>;
    /// One team as a list shows it.
    async fn team_row(&self, id: TeamId) -> Result<Option<TeamRow>, StoreError>;
    /// The keys that teams have and that a team of this key would have to differ from; none where it is free.
    async fn team_keys(&self, wanted: &str) -> Result<BTreeSet<String>, StoreError>;
    /// Whom a team waits for, by reference: those of these for whom it does, or `limit` at most of all.
    async fn parked(
        &self,
        id: TeamId,
        names: Option<&[String]>,
        limit: u32,
    ) -> Result<Vec<ParkedRow>, StoreError>;
    /// For how many a team waits.
    async fn count_parked(&self, id: TeamId) -> Result<u64, StoreError>;
    /// The teams that wait for somebody who goes by one of these names, each with the reference.
    async fn awaited(&self, names: &[String]) -> Result<Vec<(TeamId, String)>, StoreError>;

    /// Who has those of the attributes' values that one resource of the kind alone may have by the
    /// [`UniqueAttribute`](super::UniqueAttribute)s the store was opened with.
    async fn held_values(
        &self,
        kind: ResourceKind,
        attributes: &Attributes,
    ) -> Result<Vec<HeldValue>, StoreError>;

    // ── SCIM reads ──────────────────────────────────────────────────────────────────────────────────────────────
    /// One resource as stored.
    async fn document(
        &self,
        kind: ResourceKind,
        id: Uuid,
        with_links: bool,
    ) -> Result<Option<Document>, StoreError>;
    /// A list as stored. A place stays good while its resource is unchanged, so that a walk from page to page meets each
    /// unchanged resource once, whatever else is committed meanwhile.
    async fn documents(&self, query: &DocumentQuery) -> Result<DocumentPage, StoreError>;

    // ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────
    /// The token whose secret has this SHA-256, revoked and expired ones too.
    async fn token_by_hash(&self, sha256: &[u8; 32]) -> Result<Option<TokenRow>, StoreError>;
    /// All tokens, newest first.
    async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError>;
    /// Notes a token's use. Best effort, in the low-priority lane.
    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError>;

    // ── OAuth clients ───────────────────────────────────────────────────────────────────────────────────────────
    /// One client, also a revoked one.
    async fn client(&self, id: ClientId) -> Result<Option<ClientRecord>, StoreError>;
    /// All clients, newest first.
    async fn clients(&self) -> Result<Vec<ClientRow>, StoreError>;
    /// The access tokens of a client that still open something, oldest first.
    async fn client_tokens(&self, id: ClientId, now: Timestamp)
    -> Result<Vec<TokenId>, StoreError>;
    /// What an admin has granted.
    async fn consent(&self, id: ConsentId) -> Result<Option<ConsentRow>, StoreError>;
    /// The same by the SHA-256 of its authorization code, used and revoked ones too.
    async fn consent_by_code(&self, sha256: &[u8; 32]) -> Result<Option<ConsentRow>, StoreError>;
    /// The refresh token with this SHA-256, used and expired ones too.
    async fn refresh_token(&self, sha256: &[u8; 32]) -> Result<Option<RefreshRow>, StoreError>;
    /// What a client was granted and has used, and what is in force of it, oldest first.
    async fn client_consents(&self, id: ClientId) -> Result<Vec<ConsentRow>, StoreError>;
    /// Whether a client has a refresh token of what it was granted that still works.
    async fn has_grant(&self, id: ClientId, now: Timestamp) -> Result<bool, StoreError>;
    /// The live tokens that belong to a member, with their names.
    async fn owned_tokens(&self, owner: MemberId) -> Result<Vec<(TokenId, String)>, StoreError>;
    /// Notes that a client proved who it is. Best effort, in the low-priority lane.
    async fn touch_client(&self, id: ClientId, at: Timestamp) -> Result<(), StoreError>;
    /// Remembers that a client used an assertion, until `expires`, durably. False where it has used it before.
    async fn spend_assertion(
        &self,
        client: ClientId,
        jti_sha256: [u8; 32],
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    // ── audit ───────────────────────────────────────────────────────────────────────────────────────────────────
    /// Changes of one object, newest first; memberships count for both sides.
    async fn timeline(
        &self,
        kind: ObjectKind,
        id: Uuid,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, StoreError>;
    /// What a request changed, whole and in order; empty where it is not in the log any more, or where nothing of it
    /// can be undone.
    async fn changes_of(&self, request: RequestId) -> Result<Vec<Change>, StoreError>;
    /// What was changed since a request, this one included, in order; of `limit` requests at most.
    async fn changes_since(
        &self,
        request: RequestId,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError>;
    /// Writes members, teams, memberships and settings as they are now to a new database of its own, without log, audit
    /// and credentials.
    async fn copy_to(&self, path: PathBuf) -> Result<(), StoreError>;
    /// The newest changes of all, newest first.
    async fn last_changes(&self, limit: u32) -> Result<Vec<AuditRow>, StoreError>;

    // ── request log ─────────────────────────────────────────────────────────────────────────────────────────────
    /// The highest request id ever used; 0 in an empty log.
    async fn last_request_id(&self) -> Result<RequestId, StoreError>;
    /// Some lines, newest first. `query` is `listing.query`, parsed; `now` resolves its ages.
    async fn requests(
        &self,
        listing: &RequestListing,
        query: &RequestQuery,
        now: Timestamp,
    ) -> Result<RequestPage, StoreError>;
    /// One exchange, whole.
    async fn request(&self, id: RequestId) -> Result<Option<Exchange>, StoreError>;
    /// Requests per bucket, oldest first, the last one ending at `now`.
    async fn request_rates(
        &self,
        now: Timestamp,
        bucket_seconds: u32,
        buckets: u32,
    ) -> Result<Vec<RateBucket>, StoreError>;
    /// Failures since then by code, most first, 10 at most.
    async fn failures(&self, since: Timestamp) -> Result<Vec<FailureCount>, StoreError>;
    /// Each token that called, newest call first, 20 at most; counts are since then.
    async fn connections(&self, since: Timestamp) -> Result<Vec<ConnectionRow>, StoreError>;
    /// The 50th and 95th percentile of the duration of the last 1,000 requests, in microseconds.
    async fn latencies(&self) -> Result<(u64, u64), StoreError>;
    /// Removes log lines older than `before`, and the oldest ones beyond `max_rows`, a bounded number at a time; returns
    /// how many it removed (0 when there is nothing more to do). The audit is never pruned.
    async fn prune_log(&self, before: Timestamp, max_rows: u64) -> Result<u64, StoreError>;

    // ── operations ──────────────────────────────────────────────────────────────────────────────────────────────
    /// Where the data is, for people.
    fn location(&self) -> PathBuf;
    /// Size on disk with its write-ahead log, in bytes.
    async fn size_bytes(&self) -> Result<u64, StoreError>;
    /// Looks at the whole database for damage; an empty list is a clean bill.
    async fn check(&self) -> Result<Vec<String>, StoreError>;
}
