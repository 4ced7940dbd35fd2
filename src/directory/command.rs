//! What can be asked for. Every write, wherever it comes from, is one of these.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::client::ClientAuthentication;
use super::connection::Connection;
use super::ids::{
    ClientId, ConsentId, MemberId, RequestId, SigningKeyId, StreamId, TeamId, TokenId,
};
use super::incident::{IncidentId, Ruling, Tending};
use super::member::Attributes;
use super::password_link::PasswordLinkKind;
use super::settings::Provisioning;
use super::sso::{IdpSettings, SsoState};
use super::sso_finding::SsoFinding;
use super::stream::{Stream, StreamState};
use crate::saml::ClaimMapping;
use crate::saml::claims::Claims;

/// A wish, with ids already resolved and attributes already validated by the schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Create a member (SCIM POST /Users, console, command line).
    CreateMember {
        /// The id it will have if it is created.
        id: MemberId,
        /// Normalised attributes.
        attributes: Attributes,
        /// Makes this member the owner; only `init` does.
        owner: bool,
    },
    /// Give a member these attributes (SCIM PUT and PATCH after application, console edits).
    UpdateMember {
        /// Whom.
        id: MemberId,
        /// All attributes as they shall be afterwards.
        attributes: Attributes,
        /// How much of them the request spoke of.
        extent: Extent,
        /// The version the caller insists on (If-Match).
        if_version: Option<u64>,
    },
    /// Remove a member as the policy says (SCIM DELETE).
    DeleteMember {
        /// Whom.
        id: MemberId,
        /// The version the caller insists on (If-Match).
        if_version: Option<u64>,
    },
    /// Bring back a soft-deleted or inactive member.
    RestoreMember {
        /// Whom.
        id: MemberId,
    },
    /// Invite a member, or invite them anew.
    InviteMember {
        /// Whom.
        id: MemberId,
        /// The version the caller has seen.
        if_version: Option<u64>,
    },
    /// Hand a member to the identity provider.
    LinkMember {
        /// Whom.
        id: MemberId,
        /// The identity provider's id of them; without one they are found by their name.
        external_id: Option<String>,
        /// The version the caller has seen.
        if_version: Option<u64>,
    },
    /// Take a member out of the identity provider's hands.
    UnlinkMember {
        /// Whom.
        id: MemberId,
        /// The version the caller has seen.
        if_version: Option<u64>,
    },
    /// Make two members one.
    MergeMembers {
        /// Who stays.
        survivor: MemberId,
        /// Who is removed; what the survivor lacks comes from them.
        other: MemberId,
        /// The versions of both the caller has seen.
        if_versions: Option<(u64, u64)>,
    },
    /// Remove every member whom identity providers provisioned, and nobody else.
    PurgeProvisioned,
    /// Delete every team that an identity provider rules, and no other.
    PurgeSynced,
    /// Give a member another password, or none (SCIM `password`). The password itself never comes here.
    SetPassword {
        /// Whom.
        id: MemberId,
        /// Their name, for people.
        name: String,
    },
    /// Create a team.
    CreateTeam {
        /// The id it will have if it is created.
        id: TeamId,
        /// Normalised attributes without members.
        attributes: Attributes,
        /// Its first members.
        members: Vec<MemberId>,
        /// Who else was named, by what is no id of ours.
        references: Vec<String>,
    },
    /// Change a team's attributes, its members, or both, as one step.
    UpdateTeam {
        /// Which.
        id: TeamId,
        /// All attributes as they shall be afterwards; `None` leaves them.
        attributes: Option<Attributes>,
        /// What happens to the membership.
        members: MembersEdit,
        /// The version the caller insists on (If-Match).
        if_version: Option<u64>,
    },
    /// Change what is kept of a team here: what an identity provider has no say in.
    DescribeTeam {
        /// Which.
        id: TeamId,
        /// What changes.
        edit: OwnEdit,
        /// The version the caller insists on.
        if_version: Option<u64>,
    },
    /// Hand a team to the identity provider, which rules its name and members from its next push on.
    LinkTeam {
        /// Which.
        id: TeamId,
        /// The identity provider's id of the group; without one it is found by its name.
        external_id: Option<String>,
        /// The version the caller insists on.
        if_version: Option<u64>,
    },
    /// Take a team out of the identity provider's hands.
    UnlinkTeam {
        /// Which.
        id: TeamId,
        /// What becomes of its members.
        members: Leaving,
        /// The version the caller insists on.
        if_version: Option<u64>,
    },
    /// Stop the identity provider's changes of one team for a while, or let them in again.
    PauseTeam {
        /// Which.
        id: TeamId,
        /// Whether they are stopped.
        paused: bool,
        /// The version the caller insists on.
        if_version: Option<u64>,
    },
    /// Remove a team as the policy says.
    DeleteTeam {
        /// Which.
        id: TeamId,
        /// The version the caller insists on (If-Match).
        if_version: Option<u64>,
    },
    /// Record a new bearer token. The secret itself never comes here.
    IssueToken {
        /// Its id.
        id: TokenId,
        /// The name an admin gave it.
        name: String,
        /// What it opens, `scim` or `admin`.
        scope: String,
        /// The member it belongs to and ends with.
        owner: Option<MemberId>,
    },
    /// Make a token worthless from the next request on, and with it the secrets it has replaced.
    RevokeToken {
        /// Which.
        id: TokenId,
    },
    /// Give a token a new secret under the same name. The secret itself never comes here.
    RotateToken {
        /// Which.
        id: TokenId,
        /// The id of the token that takes its place.
        successor: TokenId,
        /// Until when the old secret works beside the new one; not after now means that it ends at once.
        retires: Timestamp,
    },
    /// Register an OAuth client. Its credentials never come here.
    CreateClient {
        /// The id it will have, its `client_id`.
        id: ClientId,
        /// The name an admin gave it.
        name: String,
        /// How it will prove who it is.
        authentication: ClientAuthentication,
        /// Where it may have answers of the authorization page sent.
        redirect_uris: Vec<String>,
    },
    /// Give an OAuth client another secret; the old one ends at once. The secret itself never comes here.
    RotateClient {
        /// Which.
        id: ClientId,
    },
    /// Make an OAuth client and every access token it holds worthless from the next request on.
    RevokeClient {
        /// Which.
        id: ClientId,
    },
    /// Record an access token that an authenticated OAuth client fetched. The secret itself never comes here.
    IssueAccessToken {
        /// Its id.
        id: TokenId,
        /// Who fetched it.
        client: ClientId,
        /// What it opens; `scim`.
        scope: String,
        /// When it ends.
        expires: Timestamp,
    },
    /// Let an OAuth client provision: an admin has said so on the authorization page (RFC 6749 §4.1.2).
    GiveConsent {
        /// Its id.
        id: ConsentId,
        /// To whom.
        client: ClientId,
        /// The admin who says so.
        admin: MemberId,
    },
    /// Record the tokens that a client got for a code or a refresh token. The secrets never come here.
    UseConsent {
        /// On what grounds.
        id: ConsentId,
        /// Who got them.
        client: ClientId,
        /// The access token.
        token: TokenId,
        /// When that ends.
        expires: Timestamp,
        /// Whether they were got for the code, which is good for one use.
        is_first: bool,
    },
    /// Make what an admin has granted worthless, with all tokens that followed from it.
    RevokeConsent {
        /// Which.
        id: ConsentId,
        /// Whether something of it that is good for one use came twice.
        is_reused: bool,
    },
    /// Connect an identity provider: its credential, and the record that it is connected.
    Connect {
        /// As it will be; its credential has its name.
        connection: Box<Connection>,
        /// What it will authenticate with.
        credential: NewCredential,
    },
    /// End a connection: its credentials are worthless from the next request on; members and teams stay.
    Disconnect {
        /// Its name.
        name: String,
    },
    /// Make an event stream. Its secrets never come here.
    CreateStream {
        /// As it will be.
        stream: Box<Stream>,
    },
    /// Pause, resume or stop an event stream.
    SetStreamState {
        /// Which.
        id: StreamId,
        /// What it shall be.
        state: StreamState,
        /// Drop what is queued, and forget that events are missing from it.
        reset: bool,
    },
    /// Remove an event stream with its queue.
    DeleteStream {
        /// Which.
        id: StreamId,
    },
    /// Give a policy key another value.
    SetPolicy {
        /// The key, such as `users.on_inactive`.
        key: String,
        /// The value as it is written; `None` gives the key back to the preset.
        value: Option<String>,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Follow another preset, and forget what was set otherwise.
    AdoptPreset {
        /// Its name.
        name: String,
        /// Keys to set otherwise than it has them, with their values as they are written.
        overrides: BTreeMap<String, String>,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Turn team sync on or off.
    SwitchTeamSync {
        /// What it shall be.
        on: bool,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Let identity providers provision, ask them to come back later, or refuse them.
    SwitchProvisioning {
        /// What it shall be.
        state: Provisioning,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Set the identity provider of single sign-on.
    ConfigureSso {
        /// As it shall be.
        identity_provider: Box<IdpSettings>,
        /// Whether a sign-in may begin there.
        allow_unsolicited: bool,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Take over what the metadata of the identity provider says now, read from where it came.
    RefreshSso {
        /// What it says.
        read: Box<IdpSettings>,
        /// Whether members may be sent to another place than before: an admin has asked for it.
        may_move: bool,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Tell admins of something that Provost has noticed about single sign-on.
    ReportSso {
        /// What.
        finding: Box<SsoFinding>,
    },
    /// Set by which attribute names the claims of an assertion may come.
    MapClaims {
        /// The names.
        claims: Box<ClaimMapping>,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Take single sign-on to another state.
    SwitchSso {
        /// What it shall be.
        state: SsoState,
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Forget the identity provider of single sign-on.
    RemoveSso {
        /// The version of the settings the caller has seen.
        if_version: Option<u64>,
    },
    /// Let in whom an assertion means, as its claims say; somebody unknown becomes a member, where the policy has it.
    SignIn {
        /// The id they will have if they become a member.
        id: MemberId,
        /// The e-mail address in the assertion, in lower case.
        address: String,
        /// Normalised attributes of a member who is known by that address and by nothing else.
        newcomer: Attributes,
        /// What else the assertion says.
        claims: Box<Claims>,
        /// Whether it is only tried, so that single sign-on need not be enabled. It is never committed then.
        is_test: bool,
    },
    /// Take back what a request changed.
    Undo {
        /// Which.
        request: RequestId,
        /// What it changed, in the order in which it did.
        changes: Vec<Change>,
    },
    /// Do something about an incident.
    TendIncident {
        /// Which.
        id: IncidentId,
        /// What.
        tending: Tending,
        /// The version of what was done about it that the caller has seen.
        if_version: Option<u64>,
    },
    /// Say whether what an incident holds shall happen.
    RuleHold {
        /// Which.
        id: IncidentId,
        /// The word.
        ruling: Ruling,
        /// The version of what was done about it that the caller has seen.
        if_version: Option<u64>,
    },
    /// Keep a member for the day on which nobody else can sign in, or no longer.
    MarkRecovery {
        /// Whom.
        id: MemberId,
        /// Whether they are.
        on: bool,
    },
    /// A recovery admin shows that they can sign in. The password itself never comes here.
    ProveRecovery {
        /// Whom.
        id: MemberId,
        /// Whether the password that was given is theirs.
        matches: bool,
    },
    /// Give a recovery admin new one-time codes instead of those they have. The codes themselves never come here.
    MakeRecoveryCodes {
        /// Whom.
        id: MemberId,
        /// How many.
        count: u32,
    },
    /// Bring a recovery admin back by a one-time code. Neither the code nor the new password comes here.
    UseRecoveryCode {
        /// Whom.
        id: MemberId,
    },
    /// Make a link by which a member sets a password. What stands in the link never comes here.
    MakePasswordLink {
        /// Whom.
        id: MemberId,
        /// What for.
        kind: PasswordLinkKind,
        /// When it ends.
        expires: Timestamp,
    },
    /// A member sets a password of their own, by a link or by the one they have. Neither comes here.
    ChoosePassword {
        /// Who.
        id: MemberId,
    },
    /// Sign events with a new key from now on. The key itself never comes here.
    AddSigningKey {
        /// Its id.
        id: SigningKeyId,
    },
}

/// What a new connection authenticates with. The secret itself never comes here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewCredential {
    /// A bearer token.
    Token {
        /// Its id.
        id: TokenId,
        /// The member it belongs to and ends with.
        owner: Option<MemberId>,
    },
    /// An OAuth client with a secret.
    Client {
        /// Its id.
        id: ClientId,
        /// Where it may have answers of the authorization page sent.
        redirect_uris: Vec<String>,
    },
}

/// How much of a resource a request speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it: what is not there is meant to be absent (PUT).
    Whole,
    /// The attributes it names (PATCH).
    Part,
    /// The same, and one of them is `active`.
    PartWithActive,
}

/// A change of a team's membership, in the order of the request: first `replace`, then `remove`, then `add`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersEdit {
    /// Set the membership to exactly these before anything else.
    pub replace: Option<Vec<MemberId>>,
    /// Remove these.
    pub remove: Vec<MemberId>,
    /// Add these.
    pub add: Vec<MemberId>,
    /// References among those to set or to add that are no ids of ours.
    #[serde(default)]
    pub references: Vec<String>,
    /// References among those to remove that are no ids of ours.
    #[serde(default)]
    pub dropped: Vec<String>,
}

impl MembersEdit {
    /// Leaves the membership alone.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.replace.is_none()
            && self.remove.is_empty()
            && self.add.is_empty()
            && self.references.is_empty()
            && self.dropped.is_empty()
    }
}

/// A change of what is kept of a team here. What is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnEdit {
    /// What it is for, 1,000 characters at most; empty for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The keys of its roles, 100 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Who looks after it, 100 members at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintainers: Option<Vec<MemberId>>,
}

/// What becomes of the members of a team that an identity provider no longer rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// They stay.
    Keep,
    /// They leave.
    Empty,
}
