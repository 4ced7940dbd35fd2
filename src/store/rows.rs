//! What lists show, one type a list. Made by the store, handed up unchanged through the engine to the admin API.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::{
    Actor, ChangeView, ClientAuthentication, ClientId, ConsentId, MemberId, Origin, RequestId,
    TeamId, TeamSource, TokenId,
};
use crate::request_log::RequestRow;

/// Some rows of a longer list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub items: Vec<T>,
    /// How many rows lie before the first one of this page.
    pub offset: u64,
    /// How many rows there are in all.
    pub total: Total,
}

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// Counted.
    Exact(u64),
    /// Counting stopped here, to stay within its budget.
    AtLeast(u64),
}

impl Total {
    /// The number, exact or not.
    pub fn count(self) -> u64 {
        match self {
            Self::Exact(count) | Self::AtLeast(count) => count,
        }
    }
}

/// Which rows of a list of members or teams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Text that the name, e-mail or id must contain, without case; words `key:value` narrow it
    /// (`active:false`, `source:scim`, `role:admin`, `team:Pay`). Empty lists all.
    #[serde(default)]
    pub filter: String,
    /// The order.
    #[serde(default)]
    pub sort: Sort,
    /// How many rows to skip.
    #[serde(default)]
    pub offset: u64,
    /// How many rows at most, 1 to 1,000.
    pub limit: u32,
}

/// The orders of a list of members or teams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// As they were created, oldest first.
    #[default]
    Created,
    /// By name, without case.
    Name,
    /// Last changed first.
    Modified,
}

/// Which lines of the request log, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestListing {
    /// A query in the filter language.
    #[serde(default)]
    pub query: String,
    /// Only lines older than this one.
    #[serde(default)]
    pub before: Option<RequestId>,
    /// Only lines newer than this one; then the oldest of them come first in choice, still listed newest first.
    #[serde(default)]
    pub after: Option<RequestId>,
    /// How many lines at most, 1 to 1,000.
    pub limit: u32,
}

/// Some lines of the request log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestPage {
    /// The lines.
    pub items: Vec<RequestRow>,
    /// Whether there are more in the direction asked for.
    pub more: bool,
    /// How many lines the log holds in all, regardless of the query.
    pub log_total: u64,
}

/// One line of the list of members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRow {
    /// The id.
    pub id: MemberId,
    /// The name to show.
    pub name: String,
    /// `userName`.
    pub user_name: String,
    /// The primary e-mail address.
    pub email: Option<String>,
    /// Whether they are active.
    pub active: bool,
    /// The base role they were given.
    pub role: Option<String>,
    /// The keys of the custom roles they were given.
    pub custom_roles: Vec<String>,
    /// The roles that have an effect under the policy in force, their own and those of their teams: first what leads to
    /// admin.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Whether one of these leads to admin, whether or not they may sign in.
    #[serde(default)]
    pub leads: bool,
    /// How many teams they are in.
    pub teams: u32,
    /// How they came to be.
    pub origin: Origin,
    /// Whether they own the account.
    pub owner: bool,
    /// Set while soft-deleted.
    pub deleted: Option<Timestamp>,
    /// Last change.
    pub modified: Timestamp,
}

impl MemberRow {
    /// The role that says most, and how many more there are; `None` where none has an effect.
    pub fn leading_role(&self) -> Option<(&str, usize)> {
        let (first, rest) = self.roles.split_first()?;
        Some((first, rest.len()))
    }

    /// The base role as people read it. The owner is one whatever role they were given; that is told beside it.
    pub fn base_role(&self) -> Option<String> {
        match (self.owner, self.role.as_deref()) {
            (true, None | Some("owner")) => Some("owner".to_owned()),
            (true, Some(role)) => Some(format!("owner, {role}")),
            (false, role) => role.map(str::to_owned),
        }
    }
}

/// A team by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRef {
    /// The id.
    pub id: TeamId,
    /// The name.
    pub name: String,
}

/// Somebody whom a team waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedRow {
    /// What the identity provider called them: an id, an `externalId` or a `userName`.
    pub reference: String,
    /// Since when.
    pub since: Timestamp,
    /// The request that named them first.
    pub request: Option<RequestId>,
}

/// How many teams are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamCounts {
    /// Ruled by an identity provider; the paused ones are among them.
    pub synced: u64,
    /// Made and kept here.
    pub local: u64,
    /// Unlinked by an admin and kept here since.
    pub unlinked: u64,
    /// Synced, and left alone by the identity provider for a while.
    pub paused: u64,
    /// How many people teams wait for in all.
    pub parked: u64,
}

/// A member by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRef {
    /// The id.
    pub id: MemberId,
    /// The name to show.
    pub name: String,
    /// `userName`.
    pub user_name: String,
    /// Whether they may sign in.
    pub active: bool,
}

/// One line of the list of teams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamRow {
    /// The id.
    pub id: TeamId,
    /// `displayName`.
    pub name: String,
    /// Who rules it.
    pub source: TeamSource,
    /// The IdP's id.
    pub external_id: Option<String>,
    /// How many members it has.
    pub members: u64,
    /// The word by which roles and scripts name it.
    pub key: String,
    /// Whether its sync is paused.
    pub paused: bool,
    /// How many people it waits for.
    pub parked: u64,
    /// The keys of the roles that its members have through it.
    pub roles: Vec<String>,
    /// How many look after it.
    pub maintainers: u32,
    /// When an identity provider last changed it; `None` where none has a say in it.
    pub last_push: Option<Timestamp>,
    /// Last change of attributes or membership.
    pub modified: Timestamp,
}

/// One change, as the audit keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its place in the audit, ascending without gaps.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The request that caused it.
    pub request: Option<RequestId>,
    /// The policy key that decided.
    pub policy_key: Option<String>,
    /// What changed.
    pub change: ChangeView,
}

/// One bearer token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// The id.
    pub id: TokenId,
    /// The name an admin gave it; unique among live tokens.
    pub name: String,
    /// The first characters of the secret, to recognise it by.
    pub prefix: String,
    /// What it opens.
    pub scope: TokenScope,
    /// When it was issued.
    pub created: Timestamp,
    /// When it ends; `None` never.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// When another secret took its place; it works on until `expires`.
    #[serde(default)]
    pub rotated: Option<Timestamp>,
    /// The OAuth client that fetched it, where it is an access token.
    #[serde(default)]
    pub client: Option<ClientId>,
    /// The member it belongs to and ends with.
    #[serde(default)]
    pub owner: Option<MemberId>,
}

/// One OAuth client, without its credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRow {
    /// Its `client_id`.
    pub id: ClientId,
    /// The name an admin gave it; unique among live clients and tokens.
    pub name: String,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// The first characters of its secret, where it has one.
    pub prefix: Option<String>,
    /// When it was registered.
    pub created: Timestamp,
    /// When it last proved who it is, to the minute.
    pub last_used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// Where it may have answers of the authorization page sent, exactly.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// What an admin has granted an OAuth client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// The id.
    pub id: ConsentId,
    /// To whom.
    pub client: ClientId,
    /// By whom.
    pub admin: String,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What the code challenge was (RFC 7636 §4.2, `S256`).
    pub challenge: String,
    /// When.
    pub created: Timestamp,
    /// Until when its code is good.
    pub code_expires: Timestamp,
    /// When its code was exchanged.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

/// A refresh token, with what it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshRow {
    /// What was granted.
    pub consent: ConsentRow,
    /// When it was issued.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// When another one took its place.
    pub used: Option<Timestamp>,
}

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// The SCIM provider.
    Scim,
    /// The admin API.
    Admin,
}

/// One client of the SCIM provider: a token, and what is known of its user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionRow {
    /// The token's name.
    pub token: String,
    /// The identity provider it looks like.
    pub idp: Option<String>,
    /// Its last request.
    pub last_request: Timestamp,
    /// Its last request that was answered with success.
    pub last_success: Option<Timestamp>,
    /// Its last request that changed something.
    pub last_push: Option<Timestamp>,
    /// Requests of the last hour.
    pub requests: u64,
    /// Failed ones of these.
    pub failures: u64,
}

/// Requests and failures of one span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateBucket {
    /// All requests.
    pub requests: u32,
    /// Those answered with 400 or above.
    pub failures: u32,
}

/// How often a code was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureCount {
    /// The explain code, or the status where there is none.
    pub code: String,
    /// How often.
    pub count: u64,
    /// The newest one.
    pub last: RequestId,
}
