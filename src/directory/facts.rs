//! What the engine loads before a decision: all that a command may touch or collide with, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::access::AdminPath;
use super::ids::{ClientId, MemberId, TeamId, TokenId};
use super::incident::{Incident, Radius};
use super::member::Member;
use super::settings::Settings;
use super::stream::Stream;
use super::team::Team;

/// The state a decision is made on. Each field is empty where the command does not need it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The member the command names.
    pub member: Option<Member>,
    /// Other members who hold a key the command wants (`userName`, `externalId`), by what collides.
    pub rivals: Vec<Rival>,
    /// The path of a value that must be unique by a schema of the admin's own and that somebody else has.
    pub taken_value: Option<String>,
    /// The team the command names.
    pub team: Option<Team>,
    /// Another team that holds the `externalId` or the `displayName` the command wants.
    pub rival_teams: Vec<Team>,
    /// Members named by a membership edit who exist, with the name to show. Whoever is missing here is unknown.
    pub known_members: BTreeMap<MemberId, String>,
    /// Which of the members named by the edit are in the team now; for `replace`, all who are.
    pub current_members: BTreeMap<MemberId, String>,
    /// The teams the member is in.
    pub teams_of_member: Vec<(TeamId, String)>,
    /// How many active members hold an admin role or are the owner, besides the member the command names.
    pub other_admins: u64,
    /// The identity provider that asks, as far as it is known: `okta`, `entra`.
    pub idp: Option<String>,
    /// What admins have set.
    pub settings: Arc<Settings>,
    /// Whether team sync is on, where it is a switch.
    pub team_sync: bool,
    /// Whether provisioning is on: locks hold only while an identity provider could come.
    pub is_provisioning: bool,
    /// The token the command names, by id or by the name it wants.
    pub token: Option<KnownToken>,
    /// The OAuth client the command names, by id or by the name it wants.
    pub client: Option<KnownClient>,
    /// The access tokens that the client holds and that still open something, oldest first.
    pub client_tokens: Vec<TokenId>,
    /// The secrets that the token has replaced and that still open something.
    pub predecessors: Vec<TokenId>,
    /// The event stream the command names.
    pub stream: Option<Stream>,
    /// Whether events are missing from its queue.
    pub stream_has_gap: bool,
    /// All event streams, where one is to be made.
    pub streams: Vec<Stream>,
    /// How many go and what is held, where somebody is to go.
    pub radius: Radius,
    /// How often an identity provider has taken the member away lately, where they come back.
    pub recent_departures: u64,
    /// Every path to admin, where the last one may be at stake.
    pub admin_paths: Vec<AdminPath>,
    /// The incident the command names.
    pub incident: Option<Incident>,
}

/// A token, as far as decisions care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownToken {
    /// Its name.
    pub name: String,
    /// What it opens.
    pub scope: String,
    /// When it ends; `None` never.
    pub expires: Option<Timestamp>,
    /// Whether it is worthless already.
    pub revoked: bool,
    /// Whether another secret has taken its place.
    pub rotated: bool,
    /// The OAuth client that fetched it.
    pub client: Option<ClientId>,
}

/// An OAuth client, as far as decisions care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownClient {
    /// Its name.
    pub name: String,
    /// Whether it is worthless already.
    pub revoked: bool,
}

/// A member who holds a key that the command wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Rival {
    /// The attribute that collides: `userName`, `externalId` or, where the policy matches by it, `emails`.
    pub attribute: &'static str,
    /// Who holds it.
    pub member: Member,
}

impl Rival {
    /// Whether the attribute can have one holder alone.
    pub fn is_unique(&self) -> bool {
        self.attribute != "emails"
    }
}
