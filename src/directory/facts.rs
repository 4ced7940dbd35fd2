//! What the engine loads before a decision: all that a command may touch or collide with, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::access::{AdminPath, WaysIn};
use super::effective::TeamRoles;
use super::ids::{ClientId, ConsentId, MemberId, TeamId, TokenId};
use super::incident::{Incident, Radius};
use super::lead::{Lead, Outlook};
use super::member::Member;
use super::settings::{Fixed, Settings};
use super::sso::SsoFacts;
use super::stream::Stream;
use super::team::Team;
use super::undo::Standing;

/// The state a decision is made on. Each field is empty where the command does not need it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The member the command names.
    pub member: Option<Member>,
    /// Other members who hold a key the command wants (`userName`, `externalId`), by what collides.
    pub rivals: Vec<Rival>,
    /// Who has values that the command wants and that one resource alone may have by a schema of the admin's own.
    pub held_values: Vec<HeldValue>,
    /// Who is to be created has been here before: nobody who is here holds their keys, and this one did.
    pub former: Option<Former>,
    /// The other member of a merge, with their teams.
    pub other: Option<(Member, Vec<(TeamId, String)>)>,
    /// Whom a purge removes.
    pub purged: Vec<Member>,
    /// The teams that a purge deletes, each with who is in it and their names.
    pub purged_teams: Vec<(Team, BTreeMap<MemberId, String>)>,
    /// The team the command names.
    pub team: Option<Team>,
    /// Another team that holds the `externalId` or the `displayName` the command wants.
    pub rival_teams: Vec<Team>,
    /// Who has the names that the command wants for a team and that no other team may have: by the folded name, oldest
    /// first. The commit looks again.
    pub namesakes: BTreeMap<String, Vec<TeamId>>,
    /// Members named by a membership edit who exist, with the name to show. Whoever is missing here is unknown.
    pub known_members: BTreeMap<MemberId, String>,
    /// Which of the members named by the edit are in the team now; for `replace`, all who are.
    pub current_members: BTreeMap<MemberId, String>,
    /// The references for which the team waits: for an edit that replaces, all; else those the edit names.
    pub parked: BTreeSet<String>,
    /// For how many references the team waits in all.
    pub parked_count: u64,
    /// Members who go by a reference that is no id of theirs: an `externalId` or a `userName`.
    pub aliases: BTreeMap<String, (MemberId, String)>,
    /// The teams that wait for somebody whom the member of the command may be, each with the reference.
    pub awaited: Vec<(Team, String)>,
    /// The names by which they were looked for: id, `externalId`, `userName`. The commit looks again.
    pub awaited_names: Vec<String>,
    /// How many references were found by them.
    pub awaited_count: u64,
    /// The keys that other teams have and that begin as the new team's would.
    pub team_keys: BTreeSet<String>,
    /// The teams the member is in.
    pub teams_of_member: Vec<(TeamId, String)>,
    /// Of the teams of the member those that SCIM does not show.
    pub released_teams: BTreeSet<TeamId>,
    /// The teams of the member that give roles, with the roles, where that was asked.
    pub team_roles: Option<Vec<TeamRoles>>,
    /// Who leads to admin besides the member the command names.
    pub others: Lead,
    /// By what the member can sign in, where that was asked.
    pub ways: WaysIn,
    /// The recovery admins who have shown that they can sign in, with name and version; loaded where one of them may go.
    pub proven: Option<Vec<(MemberId, String, u64)>>,
    /// Who leads to admin, and who would once the changes are made that the command came to; where it may take somebody's
    /// way.
    pub outlook: Option<Outlook>,
    /// Who leads to admin by the policy in force and who would by the one that would be, where that is asked.
    pub under_policy: Option<Outlook>,
    /// Who would cease to be an admin by it, by name, and how many in all.
    pub ceasing: (Vec<String>, u64),
    /// Where every recovery admin who has shown that they can sign in would be no admin by it: their names.
    pub recovery_lost: Vec<String>,
    /// The identity provider that asks, as far as it is known: `okta`, `entra`.
    pub idp: Option<String>,
    /// What admins have set.
    pub settings: Arc<Settings>,
    /// What the configuration file says about the policy.
    pub fixed: Arc<Fixed>,
    /// Who changed the settings or the object meanwhile, and what, where the command is about an older state.
    pub meanwhile: Option<String>,
    /// For an undo, what its changes are about, as it is now.
    pub standing: Standing,
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
    /// The keys that members own whom the command may take the access from.
    pub owned_keys: Vec<OwnedKey>,
    /// What an admin has granted, where the command is about that.
    pub consent: Option<KnownConsent>,
    /// What else is granted to the client and still in force.
    pub other_consents: Vec<ConsentId>,
    /// The live tokens with the name of the connection that the command ends.
    pub connection_tokens: Vec<TokenId>,
    /// The live OAuth client with that name.
    pub connection_client: Option<ClientId>,
    /// The connections that have room only on paper: what an admin granted them has ended.
    pub ended_grants: BTreeSet<String>,
    /// Members and teams in all, where the command says that they stay.
    pub kept: (u64, u64),
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
    /// What single sign-on depends on, where the command is about that.
    pub sso: SsoFacts,
    /// The teams that a sign-in is about: those that it may mean, and those the member is in.
    pub teams: BTreeMap<TeamId, Team>,
    /// Those into which a sign-in has put the member.
    pub teams_by_sign_in: BTreeSet<TeamId>,
}

/// A value of an attribute that is unique by a schema of the admin's own, and who has it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldValue {
    /// The URN of the schema.
    pub schema: String,
    /// The name of the attribute.
    pub attribute: String,
    /// The value as it is wanted; the holder may have it written otherwise.
    pub value: Value,
    /// The member or team that has it.
    pub holder: Uuid,
}

impl HeldValue {
    /// The path of the attribute, as filters and errors write it.
    pub fn path(&self) -> String {
        format!("{}:{}", self.schema, self.attribute)
    }
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
    /// The member who owns it.
    pub owner: Option<MemberId>,
}

/// A live token that belongs to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedKey {
    /// Which.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: MemberId,
}

/// What an admin has granted to an OAuth client, as far as decisions care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownConsent {
    /// To whom.
    pub client: ClientId,
    /// By whom.
    pub admin: String,
    /// Whether its code was exchanged.
    pub used: bool,
    /// Whether it is worthless already.
    pub revoked: bool,
}

/// An OAuth client, as far as decisions care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownClient {
    /// Its name.
    pub name: String,
    /// Whether it is worthless already.
    pub revoked: bool,
    /// Where it may have answers of the authorization page sent.
    pub redirect_uris: Vec<String>,
}

/// A member who was here before.
#[derive(Clone, Debug, PartialEq)]
pub struct Former {
    /// As they were before they lost their access.
    pub member: Member,
    /// As they are kept, where they are hidden and not removed.
    pub hidden: Option<Member>,
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
