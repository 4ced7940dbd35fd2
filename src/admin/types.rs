//! The wire types of the admin API: what the console and the command line show.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::guards::GuardBrief;
use super::sso::SsoState;
pub use crate::directory::effective::SignIn;
pub use crate::directory::{
    Access, HeldRole, Invitation, Management, MemberEdit, RoleAttribute, RoleOrigin,
};
pub use crate::directory::{
    Actor, ActorKind, ChangeOp, ChangeView, ClientAuthentication, ClientId, FieldChange, Leaving,
    MemberId, ObjectKind, Origin, Outcome, OwnEdit, Provisioning, RequestId, Stage, TeamId,
    TeamSource, TokenId, TraceStep, Verdict,
};
pub use crate::engine::sync::{SomeTeams, SyncStatus};
pub use crate::engine::teams::TeamChange;
pub use crate::explain::{
    Explanation, NextStep, Severity as ExplanationSeverity, codes as explain_codes,
};
pub use crate::request_log::query::{
    Completion, Key as QueryKey, complete as complete_query, complete_with as complete_query_with,
};
pub use crate::request_log::{Exchange, Message, QueryError, RequestQuery, RequestRow, Subject};
pub use crate::scim::dialect::{RULES as DIALECT_RULES, Rule as DialectRule};
pub use crate::store::rows::{
    AuditRow, ClientRow, ConnectionRow, FailureCount, Listing, MemberRef, MemberRow, Page,
    ParkedRow, RateBucket, RequestListing, RequestPage, Sort, TeamCounts, TeamRef, TeamRow,
    TokenRow, TokenScope, Total,
};

/// A member, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberDetail {
    /// What a list shows.
    #[serde(flatten)]
    pub row: MemberRow,
    /// The IdP's id.
    pub external_id: Option<String>,
    /// When they were created.
    pub created: Timestamp,
    /// The version of the resource.
    pub version: u64,
    /// The SCIM resource as an IdP reads it.
    pub resource: Value,
    /// Whether an identity provider provisions them.
    #[serde(default)]
    pub management: Management,
    /// Their invitation, while they have not come in.
    #[serde(flatten)]
    pub invitation: Option<Invitation>,
    /// All that they may do.
    #[serde(default)]
    pub access: Access,
    /// Their teams, by name.
    pub memberships: Vec<TeamRef>,
    /// The newest changes, newest first, 20 at most.
    pub timeline: Vec<AuditRow>,
}

/// A team without its members, which are paged with `team_members`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamDetail {
    /// What a list shows.
    #[serde(flatten)]
    pub row: TeamRow,
    /// When it was created.
    pub created: Timestamp,
    /// The version of the resource.
    pub version: u64,
    /// The SCIM resource as an IdP reads it, without members.
    pub resource: Value,
    /// What it is for; empty where nobody has said it.
    #[serde(default)]
    pub description: String,
    /// Who looks after it here.
    #[serde(default)]
    pub maintained_by: Vec<MemberRef>,
    /// Whom it waits for, 100 at most.
    #[serde(default)]
    pub waits_for: Vec<ParkedRow>,
    /// The newest changes, newest first, 20 at most.
    pub timeline: Vec<AuditRow>,
}

/// What a new token shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// What it opens.
    pub scope: TokenScope,
    /// How long it lives, in seconds; `None` for ever.
    pub ttl_seconds: Option<u64>,
    /// The member it belongs to and ends with.
    #[serde(default)]
    pub owner: Option<MemberId>,
}

/// A token that was just issued. Its secret is told this once.
#[derive(Serialize, Deserialize)]
pub struct IssuedToken {
    /// The token.
    pub token: TokenRow,
    /// The secret itself. Not a [`crate::secret::Secret`] since it must cross the wire once; never keep or log it.
    pub secret: String,
}

/// How a token shall be rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotateToken {
    /// How long the old secret works beside the new one, in seconds, 90 days at most; 0 ends it at once.
    pub overlap_seconds: u64,
    /// How long the new secret lives, in seconds; `None` as long as the old one was made to live.
    #[serde(default)]
    pub ttl_seconds: Option<u64>,
}

/// What a new OAuth client shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// Its public key in PEM or its JWK set, for `private_key_jwt`; `None` gives it a secret.
    #[serde(default)]
    pub keys: Option<String>,
    /// Where it may have answers of the authorization page sent: exact URIs, https or on this computer.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// An OAuth client that was just registered.
#[derive(Serialize, Deserialize)]
pub struct RegisteredClient {
    /// The client.
    pub client: ClientRow,
    /// Its secret, where it has one, told this once. Not a [`crate::secret::Secret`] since it must cross the wire once;
    /// never keep or log it.
    pub secret: Option<String>,
}

/// What a new member shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// `userName`.
    pub user_name: String,
    /// E-mail address; where absent and `userName` is one, that.
    #[serde(default)]
    pub email: Option<String>,
    /// Given name.
    #[serde(default)]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(default)]
    pub family_name: Option<String>,
    /// Base role; where absent, the policy's default.
    #[serde(default)]
    pub role: Option<String>,
}

/// How a member is handed to the identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkMember {
    /// The identity provider's id of them; without one they are found by their name.
    #[serde(default)]
    pub external_id: Option<String>,
    /// The version of the member that was looked at.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// The version of what was looked at, where the change is refused if there is a newer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IfVersion {
    /// The version.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// With whom a member is made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeMember {
    /// Who is removed.
    pub other: MemberId,
    /// The versions of the survivor and of the other that were looked at.
    #[serde(default)]
    pub if_versions: Option<(u64, u64)>,
}

/// What a new team shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// `displayName`.
    pub name: String,
    /// Its first members.
    #[serde(default)]
    pub members: Vec<MemberId>,
}

/// A change of a team, and the version it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTeam {
    /// The change.
    #[serde(flatten)]
    pub change: TeamChange,
    /// The version of the team that the admin has seen; where it has changed since, the change is refused.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// The switch of team sync, and the settings it is thrown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchTeamSync {
    /// What it shall be.
    pub on: bool,
    /// The version of the settings that the admin has seen; where they have changed since, it is refused.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// The switch of provisioning, and the settings it is thrown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchProvisioning {
    /// What it shall be.
    pub state: Provisioning,
    /// The version of the settings that the admin has seen; where they have changed since, it is refused.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// What became of it; never `Refused`, which is an error.
    pub outcome: Outcome,
    /// The id of the object that was made or changed.
    pub id: String,
    /// What changed.
    pub changes: Vec<ChangeView>,
    /// What is worth knowing about it, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The logged request.
    pub request_id: Option<RequestId>,
}

impl Done {
    /// The names of the members whom it removes, or would remove.
    pub fn removed_members(&self) -> Vec<String> {
        // The line that sums them up is about nobody.
        let nobody = uuid::Uuid::nil().to_string();
        let removed = self.changes.iter().filter(|it| {
            it.kind == ObjectKind::Member && it.op == ChangeOp::Remove && it.id != nobody
        });
        removed.map(|it| it.label.clone()).collect()
    }
}

/// The state of everything on one screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The organisation's name.
    pub organisation: String,
    /// The policy preset in force.
    pub preset: String,
    /// How many keys of the policy are set otherwise than the preset has them.
    #[serde(default)]
    pub policy_overrides: u32,
    /// The version of the engine.
    pub version: String,
    /// When the engine started.
    pub started: Timestamp,
    /// The time at the engine, for ages.
    pub now: Timestamp,
    /// Where the engine listens, as an IdP would be told: the SCIM base URL.
    pub scim_base_url: String,
    /// Members in all, without removed ones.
    pub members: u64,
    /// Active members; whether each of them has a way to sign in is another question.
    pub active_members: u64,
    /// Teams in all.
    pub teams: u64,
    /// Teams that an IdP rules.
    pub synced_teams: u64,
    /// Whether groups of an identity provider become teams.
    #[serde(default)]
    pub team_sync: bool,
    /// Whether team sync has a switch.
    #[serde(default)]
    pub team_sync_switch: bool,
    /// Whether identity providers may provision.
    #[serde(default)]
    pub provisioning: Provisioning,
    /// In which state single sign-on is.
    #[serde(default)]
    pub sso: SsoState,
    /// Whether the policy asks for single sign-on before anybody is connected (`scim.requires_sso`), and none is configured.
    #[serde(default)]
    pub lacks_sso: bool,
    /// Owner and active admins: how many ways lead to admin.
    pub admins: u64,
    /// How many of them can sign in, as the guards count it: by a password or a recovery code.
    #[serde(default)]
    pub admins_who_can_sign_in: u64,
    /// Each client that called, newest call first.
    pub connections: Vec<ConnectionRow>,
    /// Requests and failures per bucket, oldest first, ending now.
    pub rates: Vec<RateBucket>,
    /// How long one bucket of `rates` is, in seconds.
    pub rate_bucket_seconds: u32,
    /// Failures of the last 24 hours by code, most first, 10 at most.
    pub failures: Vec<FailureCount>,
    /// The newest changes, newest first, 10 at most.
    pub last_changes: Vec<AuditRow>,
    /// Lines in the request log.
    pub log_rows: u64,
    /// Size of the database on disk, in bytes.
    pub database_bytes: u64,
    /// How long a request took, of the last 1,000, in microseconds: half of them at most this.
    pub p50_us: u64,
    /// 95 of 100 at most this.
    pub p95_us: u64,
    /// The guards.
    #[serde(default)]
    pub guard: GuardBrief,
}

impl Overview {
    /// How many of the ways to admin somebody can go: `1 of 3 can sign in`.
    pub fn ways_to_admin(&self) -> String {
        let (can, all) = (self.admins_who_can_sign_in, self.admins);
        match self.sso {
            // Whoever signs in there depends on who manages them there, which is why the guards do not count it.
            SsoState::Enabled => format!("{can} of {all} can sign in without the IdP"),
            SsoState::Off | SsoState::TestDrive => format!("{can} of {all} can sign in"),
        }
    }
}

/// A logged exchange with its explanation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestDetail {
    /// The exchange.
    pub exchange: Exchange,
    /// What, why, what changed, what next; for every failed or refused request.
    pub explanation: Option<Explanation>,
    /// Other requests about the same subject around it, newest first, 10 at most.
    pub related: Vec<RequestRow>,
}

/// What a live tail brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TailEvent {
    /// One more line of the request log.
    Request {
        /// The line.
        row: Box<RequestRow>,
    },
    /// The reader was too slow: so many lines were left out here. They are in the log.
    Dropped {
        /// How many.
        count: u64,
    },
}

/// One finding of the doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// What was looked at.
    pub check: String,
    /// What was found.
    pub found: String,
    /// What to do about it; empty where all is well.
    pub fix: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// All is well.
    Ok,
    /// Should be looked at.
    Warning,
    /// Does not work.
    Error,
}
