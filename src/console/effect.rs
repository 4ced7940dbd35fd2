//! What shall happen outside the state: the only way the console reaches the engine, the terminal or the disk.
//!
//! Values, so that a test compares them; the runtime carries them out and answers each with a
//! [`Fact`](super::msg::Fact).

use super::export::ExportFormat;
use super::store::{Generation, LogRequest};
use crate::admin::guards::{IncidentId, RuleHold, TendIncident};
use crate::admin::link::NewConnection;
use crate::admin::policy::{AdoptPreset, PolicyDetail, SetPolicy, Simulate};
use crate::admin::sso::PasswordLinkKind;
use crate::admin::types::{
    Exchange, IfVersion, LinkMember, Listing, MemberEdit, MemberId, MergeMember, NewMember,
    NewTeam, NewToken, Provisioning, RequestId, RotateToken, TeamChange, TeamId, TokenId,
};
use crate::console::overlays::team_form::TeamSubject;
use crate::console::sso_deed::SsoDeed;
use crate::console::views::View;
use crate::secret::Secret;
use uuid::Uuid;

/// What shall happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the engine. The answer carries the generation.
    Load(Generation, Load),
    /// Follow the request log; ends the tail that was followed before.
    FollowTail(Generation, String),
    /// Have the engine change something.
    Write(Write),
    /// Put text on the clipboard. All such text is kept as a secret, since some of it is.
    Copy {
        /// What it is, for the message that follows.
        what: String,
        /// The text.
        text: Secret,
    },
    /// Write something to a file that only its owner can read.
    Export(Export),
    /// Write the saved views to their file, and say this once that is done.
    SaveViews(Vec<View>, String),
    /// Open a link in a browser of this machine.
    OpenBrowser(String),
    /// Have the terminal tell about the mouse, or not.
    CaptureMouse(bool),
    /// Draw everything anew.
    ClearScreen,
    /// Panic, to try the way out. Only with the debug option.
    Panic,
}

/// What to ask the engine for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// The state of everything.
    Overview,
    /// The doctor's findings.
    Doctor,
    /// Some members.
    Members(Listing),
    /// The members to mark.
    MarkMembers(Listing),
    /// One member.
    Member(MemberId),
    /// The member called so.
    FindMember(String),
    /// More of a member's changes.
    Timeline {
        /// Whose.
        member: MemberId,
        /// How many are here already.
        offset: u64,
    },
    /// Some teams.
    Teams(Listing),
    /// One team.
    Team(TeamId),
    /// The team called so.
    FindTeam(String),
    /// Some members of a team.
    TeamMembers {
        /// Which team.
        team: TeamId,
        /// How many to skip.
        offset: u64,
        /// How many at most.
        limit: u32,
    },
    /// Some lines of the request log.
    Requests(LogRequest),
    /// One logged exchange.
    Request(RequestId),
    /// The tokens.
    Tokens,
    /// The policy in force.
    Policy,
    /// How a preset would differ.
    PolicyDiff(String),
    /// What another policy would have answered.
    SimulatePolicy(Simulate),
    /// What a request changed, to ask whether it shall be undone.
    BeforeUndo(RequestId),
    /// Who is connected.
    Link,
    /// How team sync stands.
    Sync,
    /// How single sign-on stands.
    Sso,
    /// The last sign-ins.
    SignIns,
    /// The logged request of a sign-in, for its explanation.
    SignInRequest(RequestId),
    /// What a test-drive came to.
    TestDrive(Uuid),
    /// The examination of a Response.
    ExamineResponse(Secret),
    /// The live sessions of a member.
    Sessions(MemberId),
    /// The open incidents.
    Incidents,
    /// One incident.
    Incident(IncidentId),
}

/// What the engine shall change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Add a member by hand.
    AddMember(NewMember),
    /// Take a member's right to sign in; the name is for the message that follows.
    DeactivateMember(MemberId, String),
    /// Bring a member back; the name is for the message that follows.
    RestoreMember(MemberId, String),
    /// Change one member; the name is for the message that follows.
    Member(MemberId, MemberDeed, String),
    /// Make a link by which a member sets a password; the name is for what is shown of it.
    MakeLink(MemberId, PasswordLinkKind, String),
    /// Remove every member whom identity providers provisioned, if they are still these.
    PurgeMembers(Vec<String>),
    /// Tell whom that would remove, to ask about it.
    ForeseePurge,
    /// Change many members, one after the other.
    Bulk(Bulk),
    /// Add a team by hand.
    AddTeam(NewTeam),
    /// Change a team.
    ChangeTeam(Box<TeamWrite>),
    /// Turn team sync on or off.
    SwitchTeamSync {
        /// What it shall be.
        on: bool,
        /// The version of the settings that the admin has seen.
        version: u64,
    },
    /// Let identity providers provision, or not.
    SwitchProvisioning {
        /// What it shall be.
        state: Provisioning,
        /// The version of the settings that the admin has seen.
        version: Option<u64>,
    },
    /// Issue a token.
    IssueToken(NewToken),
    /// Connect an identity provider.
    Connect {
        /// What the connection shall be.
        connection: NewConnection,
        /// Whose its key is, as the admin called them; found before it is sent.
        owner: Option<String>,
    },
    /// End the connection of this name.
    Disconnect(String),
    /// Make a token worthless; the name is for the message that follows.
    RevokeToken(TokenId, String),
    /// Give a token a new secret; the name is for the message that follows.
    RotateToken(TokenId, RotateToken, String),
    /// Do something about an incident; what is then said of it.
    TendIncident(IncidentId, TendIncident, String),
    /// Say whether what an incident holds shall happen; the word for it.
    RuleHold(IncidentId, RuleHold, String),
    /// Set a policy key, or give it back to the preset.
    SetPolicy(SetPolicy),
    /// Follow another preset.
    AdoptPreset(AdoptPreset),
    /// Take back what a request changed.
    UndoRequest(RequestId),
    /// Something about single sign-on or sessions.
    Sso(Box<SsoDeed>),
    /// Get a link for a test-drive; changes nothing.
    StartTestDrive,
}

/// What an admin does with one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberDeed {
    /// Change profile or roles.
    Edit(Box<MemberEdit>),
    /// Remove them as the policy says.
    Delete(IfVersion),
    /// Hand them to the identity provider.
    Link(LinkMember),
    /// Take them out of its hands.
    Unlink(IfVersion),
    /// Make another member one with them.
    Merge(MergeMember),
}

/// A change of one team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamWrite {
    /// Which team.
    pub subject: TeamSubject,
    /// What shall become of it.
    pub wish: TeamWish,
}

/// What shall become of a team. Members are called as the admin typed them; who is meant is looked up first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamWish {
    /// What the engine is asked as it stands.
    Change(TeamChange),
    /// What is kept of it here.
    Own {
        /// What it is for.
        description: String,
        /// The keys of its roles.
        roles: Vec<String>,
        /// Who looks after it.
        maintainers: Vec<String>,
    },
    /// Somebody joins.
    Join(String),
}

/// One change of many members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// What to do.
    pub verb: BulkVerb,
    /// To whom; the names are for the message that follows.
    pub members: Vec<(MemberId, String)>,
}

/// What can be done to many members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkVerb {
    /// Take their right to sign in.
    Deactivate,
    /// Bring them back.
    Restore,
}

/// What to write to a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Export {
    /// A logged exchange in one of the formats, with the base URL it was sent to; the text is made when it is written.
    Exchange(ExportFormat, Box<Exchange>, String),
    /// A SCIM resource as JSON: the kind of resource, for the file's name, and the resource.
    Resource(&'static str, Box<serde_json::Value>),
    /// The policy as a file that `policy import` takes.
    Policy(Box<PolicyDetail>),
}
