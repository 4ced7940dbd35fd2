//! The wire types of the guards: incidents, holds, paths to admin, recovery.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::types::{Done, Page};
use crate::explain::Explanation;

pub use crate::directory::access::AdminPath;
pub use crate::directory::{
    Held, HeldAsk, Incident, IncidentId, IncidentSeverity, IncidentSubject, Management, MemberId,
    Ruling, Tended, Tending,
};
pub use crate::store::IncidentListing;

/// The state of the guards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GuardStatus {
    /// Each `guard.*` key of the policy in force with its value.
    pub keys: Vec<(String, String)>,
    /// Every path to admin, 100 at most.
    pub paths: Vec<AdminPath>,
    /// The recovery admins.
    pub recovery: Vec<RecoveryAdmin>,
    /// How many members an identity provider has taken away within the window of `guard.blast_radius`.
    pub gone: u64,
    /// How many it may; `None` for any number.
    pub allowed: Option<u64>,
    /// Whether a hold waits for a word.
    pub holding: bool,
    /// Open incidents.
    pub incidents: u64,
    /// How many of them hold something that waits for a word.
    pub holds: u64,
    /// What should be done, one sentence each.
    pub remarks: Vec<String>,
}

/// The guards in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardBrief {
    /// Whether the last admin cannot go.
    pub armed: bool,
    /// Whether identity providers may change and deactivate the owner (`guard.owner = off`).
    #[serde(default)]
    pub owner_unguarded: bool,
    /// Open incidents that nobody has put off.
    pub incidents: u64,
    /// How many incidents hold something that waits for a word.
    pub holds: u64,
    /// The first few paths to admin.
    pub paths: Vec<AdminPath>,
    /// What should be done, one sentence each.
    pub remarks: Vec<String>,
}

/// A recovery admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryAdmin {
    /// Who.
    pub id: MemberId,
    /// Their `userName`.
    pub user_name: String,
    /// Whether they are active.
    pub active: bool,
    /// Whether they have a password.
    pub has_password: bool,
    /// When they last showed that they can sign in.
    pub proven: Option<Timestamp>,
    /// How many one-time codes they have left.
    pub codes: u64,
}

/// An incident with what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentDetail {
    /// The incident.
    pub incident: Incident,
    /// The first 100 of what it holds, in the order it came.
    pub held: Page<Held>,
    /// What, why and what next, of the last request in which it happened, while that is in the log.
    pub explanation: Option<Explanation>,
    /// The policy key that decided that request, where one did.
    #[serde(default)]
    pub policy_key: Option<String>,
}

/// Something to be done about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TendIncident {
    /// What.
    pub tending: Tending,
    /// The version the admin has seen; where somebody did something meanwhile, it is refused.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// A word on a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleHold {
    /// The word.
    pub ruling: Ruling,
    /// The version the admin has seen; where somebody did something meanwhile, it is refused.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// What became of a word on a hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldRuled {
    /// The word itself.
    pub done: Done,
    /// How many members were deactivated or removed.
    pub applied: u64,
    /// How many were left as they are.
    pub left: u64,
}

/// Whether a member is kept for recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkRecovery {
    /// Whether they are.
    pub on: bool,
}

/// The proof of a recovery admin. Has no `Debug`, since it holds a password.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProveRecovery {
    /// Their password. Not a [`crate::secret::Secret`] since it must cross the wire once; never keep or log it.
    pub password: String,
}

/// New one-time codes. They are told this once.
#[derive(Serialize, Deserialize)]
pub struct IssuedCodes {
    /// What was done.
    pub done: Done,
    /// The codes; none of a preview. Not [`crate::secret::Secret`]s since they must cross the wire once; never keep or
    /// log them.
    pub codes: Vec<String>,
}
