//! What a decision changes: one before and after on one object, invertible, the unit of audit and undo.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::ClientAuthentication;
use super::ids::{ClientId, ConsentId, MemberId, SigningKeyId, TeamId, TokenId};
use super::incident::{Incident, IncidentId, IncidentSeverity};
use super::member::Member;
use super::password_link::PasswordLinkKind;
use super::settings::Settings;
use super::stream::Stream;
use super::team::Team;

/// One before and after on one object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A member came to be.
    MemberCreated {
        /// As it is now.
        after: Box<Member>,
    },
    /// A member's attributes or state changed.
    MemberUpdated {
        /// As it was; its version is the one the store insists on.
        before: Box<Member>,
        /// As it is now.
        after: Box<Member>,
    },
    /// A member is gone; a tombstone keeps it for the timeline.
    MemberRemoved {
        /// As it was.
        before: Box<Member>,
    },
    /// A member has another password, or none. Neither the old nor the new one is known here.
    PasswordSet {
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
    },
    /// A request named a role that is not there, and it was left out. Changes nothing; for the audit.
    RoleUnmatched {
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
        /// What was named.
        role: String,
    },
    /// A member is another one's next life: who they were is told with who they are.
    MemberSucceeded {
        /// Who they were: removed, or hidden with all keys given up.
        former: MemberId,
        /// Who they are.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
    },
    /// Every member whom identity providers provisioned was removed.
    ScimUsersDeleted {
        /// How many.
        members: u64,
    },
    /// Every team that an identity provider ruled was deleted.
    ScimGroupsDeleted {
        /// How many.
        teams: u64,
    },
    /// A team came to be.
    TeamCreated {
        /// As it is now.
        after: Box<Team>,
    },
    /// A team's attributes changed.
    TeamUpdated {
        /// As it was; its version is the one the store insists on.
        before: Box<Team>,
        /// As it is now.
        after: Box<Team>,
    },
    /// A team is gone with its membership.
    TeamRemoved {
        /// As it was.
        before: Box<Team>,
    },
    /// A member joined a team. Adding one who is there is no change and is never recorded.
    MembershipAdded {
        /// The team.
        team: TeamId,
        /// Its name, for people.
        team_name: String,
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
    },
    /// A member left a team.
    MembershipRemoved {
        /// The team.
        team: TeamId,
        /// Its name, for people.
        team_name: String,
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
    },
    /// A team waits for somebody who is no member yet.
    MemberParked {
        /// The team.
        team: TeamId,
        /// Its name, for people.
        team_name: String,
        /// What the identity provider called them.
        reference: String,
    },
    /// A team no longer waits for somebody.
    MemberUnparked {
        /// The team.
        team: TeamId,
        /// Its name, for people.
        team_name: String,
        /// What the identity provider called them.
        reference: String,
        /// Who they turned out to be; `None` where nobody waits for them any more.
        member: Option<MemberId>,
    },
    /// A bearer token was issued.
    TokenIssued {
        /// Which.
        id: TokenId,
        /// Its name.
        name: String,
        /// Its scope.
        scope: String,
        /// The member it belongs to and ends with.
        #[serde(default)]
        owner: Option<MemberId>,
    },
    /// A bearer token was revoked.
    TokenRevoked {
        /// Which.
        id: TokenId,
        /// Its name.
        name: String,
    },
    /// The secret of a bearer token was replaced and works on until its end.
    TokenRotated {
        /// The token with the old secret.
        id: TokenId,
        /// Its name.
        name: String,
        /// When it would have ended.
        before: Option<Timestamp>,
        /// When it ends now.
        expires: Timestamp,
    },
    /// An OAuth client was registered.
    ClientCreated {
        /// Which.
        id: ClientId,
        /// Its name.
        name: String,
        /// How it proves who it is.
        authentication: ClientAuthentication,
        /// Where it may have answers of the authorization page sent.
        #[serde(default)]
        redirect_uris: Vec<String>,
    },
    /// An OAuth client has another secret; the old one has ended.
    ClientRotated {
        /// Which.
        id: ClientId,
        /// Its name.
        name: String,
    },
    /// An OAuth client was revoked.
    ClientRevoked {
        /// Which.
        id: ClientId,
        /// Its name.
        name: String,
    },
    /// An OAuth client fetched an access token.
    AccessTokenIssued {
        /// Which.
        id: TokenId,
        /// Who fetched it.
        client: ClientId,
        /// The client's name.
        name: String,
        /// What it opens.
        scope: String,
        /// When it ends.
        expires: Timestamp,
        /// What an admin has granted, where it follows from that.
        #[serde(default)]
        consent: Option<ConsentId>,
    },
    /// An admin has granted an OAuth client to provision.
    ConsentGiven {
        /// Its id.
        id: ConsentId,
        /// To whom.
        client: ClientId,
        /// The client's name.
        name: String,
        /// By whom.
        admin: String,
    },
    /// An OAuth client got tokens for a code or a refresh token, which are spent.
    ConsentUsed {
        /// On what grounds.
        id: ConsentId,
        /// Who.
        client: ClientId,
        /// The client's name.
        name: String,
        /// Whether it was the code.
        is_first: bool,
    },
    /// What an admin has granted ended, with its tokens.
    ConsentRevoked {
        /// Which.
        id: ConsentId,
        /// Whose.
        client: ClientId,
        /// The client's name.
        name: String,
    },
    /// An event stream came to be.
    StreamCreated {
        /// As it is now.
        after: Box<Stream>,
    },
    /// An event stream was paused, resumed or stopped.
    StreamUpdated {
        /// As it was.
        before: Box<Stream>,
        /// As it is now.
        after: Box<Stream>,
        /// Whether its queue was dropped.
        reset: bool,
    },
    /// An event stream is gone with its queue.
    StreamRemoved {
        /// As it was.
        before: Box<Stream>,
    },
    /// An admin has set something otherwise.
    SettingsChanged {
        /// As they were; their version is the one the store insists on.
        before: Box<Settings>,
        /// As they are now.
        after: Box<Settings>,
    },
    /// Something happened that an admin should look at.
    IncidentOpened {
        /// Its number.
        id: IncidentId,
        /// The explain code.
        code: String,
        /// How much it matters.
        severity: IncidentSeverity,
        /// Whom it is about, where that is a member.
        member: Option<MemberId>,
        /// Their name, or what it is about, for people.
        member_name: String,
    },
    /// An admin has done something about an incident.
    IncidentTended {
        /// As it was; the version of what was done about it is the one the store insists on.
        before: Box<Incident>,
        /// As it is now.
        after: Box<Incident>,
    },
    /// A recovery admin has shown that they can sign in.
    RecoveryProven {
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
        /// When.
        at: Timestamp,
    },
    /// A recovery admin has new one-time codes instead of those they had. The codes are not known here.
    RecoveryCodesMade {
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
        /// How many.
        count: u32,
    },
    /// A one-time code was spent.
    RecoveryCodeUsed {
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
    },
    /// A member has a link to set a password with, instead of one they had. What stands in it is not known here.
    PasswordLinkMade {
        /// The member.
        member: MemberId,
        /// Their name, for people.
        member_name: String,
        /// What for.
        kind: PasswordLinkKind,
        /// When it ends.
        expires: Timestamp,
    },
    /// Events are signed with another key.
    SigningKeyAdded {
        /// Its id.
        id: SigningKeyId,
    },
}

/// The kinds of object a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A member.
    Member,
    /// A team.
    Team,
    /// A bearer token.
    Token,
    /// An OAuth client.
    Client,
    /// An event stream.
    Stream,
    /// A key that signs events.
    SigningKey,
    /// The settings.
    Settings,
    /// An incident.
    Incident,
}

/// What happened to the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOp {
    /// It came to be.
    Create,
    /// It changed.
    Update,
    /// It is gone.
    Remove,
    /// A member joined the team.
    AddMember,
    /// A member left the team.
    RemoveMember,
}

/// A change as people read it: the object, and each attribute path with its value before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeView {
    /// What sort of object.
    pub kind: ObjectKind,
    /// Its id.
    pub id: String,
    /// The name to show.
    pub label: String,
    /// What happened.
    pub op: ChangeOp,
    /// Each attribute that differs, in the order of the document.
    pub fields: Vec<FieldChange>,
}

/// One attribute path before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The attribute path, as SCIM writes it.
    pub path: String,
    /// `None` where there was nothing.
    pub before: Option<Value>,
    /// `None` where there is nothing now.
    pub after: Option<Value>,
}
