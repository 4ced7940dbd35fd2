//! Incidents: what an admin should look at. A decision raises them, the commit of its request opens or updates them,
//! and admins assign, put off and close them. A hold is an incident with a list of what waits for a word.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::ids::{MemberId, RequestId};

/// How many members and how many requests an incident names; the newest stay.
pub const NAMED: usize = 20;

/// An incident. Its number is that of the request that opened it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub u64);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for IncidentId {
    type Err = std::num::ParseIntError;

    /// Accepts `4812` and `#4812`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim_start_matches('#').parse().map(Self)
    }
}

/// How much an incident matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentSeverity {
    /// Worth knowing.
    Notice,
    /// Something was refused, and will be again.
    Warning,
    /// Something waits for a word.
    Critical,
}

impl IncidentSeverity {
    /// The word for people and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Notice, Self::Warning, Self::Critical]
            .into_iter()
            .find(|severity| severity.as_str() == word)
    }
}

/// An incident, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// The explain code.
    pub code: String,
    /// How much it matters.
    pub severity: IncidentSeverity,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it happened last.
    pub last: Timestamp,
    /// How often it happened.
    pub count: u64,
    /// Whom or what it is about, newest last, [`NAMED`] at most.
    pub subjects: Vec<IncidentSubject>,
    /// The requests in which it happened, newest last, [`NAMED`] at most.
    pub evidence: Vec<RequestId>,
    /// How many held commands wait.
    pub waiting: u64,
    /// How many commands it has held.
    pub held: u64,
    /// What admins have done about it.
    pub tended: Tended,
}

/// Whom or what an incident is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentSubject {
    /// The member; `None` where it is something else, such as an OAuth client or a certificate.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "somebody"
    )]
    pub member: Option<MemberId>,
    /// Their `userName`, or what else is meant, in words.
    pub name: String,
}

impl IncidentSubject {
    /// Something that is no member.
    pub fn thing(name: impl Into<String>) -> Self {
        Self {
            member: None,
            name: name.into(),
        }
    }
}

/// Earlier versions wrote the nil UUID for nobody.
fn somebody<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<MemberId>, D::Error> {
    let member = Option::<MemberId>::deserialize(deserializer)?;
    Ok(member.filter(|member| !member.0.is_nil()))
}

/// What admins have done about an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tended {
    /// Counts up with each thing done.
    pub version: u64,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// What was said at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Until when nobody wants to hear of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed: Option<Timestamp>,
    /// What was said of what it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
    /// When it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruled: Option<Timestamp>,
}

/// An admin's word on a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// What was held shall happen.
    Allowed,
    /// It shall not.
    Rejected,
}

impl Ruling {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Rejected => "rejected",
        }
    }
}

/// Something done about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tending {
    /// It is over.
    Close {
        /// What is to be said of it.
        #[serde(default)]
        note: Option<String>,
    },
    /// Somebody looks after it, or nobody any more.
    Assign {
        /// Who.
        to: Option<String>,
    },
    /// It is put off, or shown again.
    Snooze {
        /// Until when.
        until: Option<Timestamp>,
    },
}

/// What a held request asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldAsk {
    /// `active: false`.
    Deactivate,
    /// DELETE.
    Delete,
}

impl HeldAsk {
    /// The word for people and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
        }
    }
}

/// One held command. The rest of a request that also asked for other things is not kept: the identity provider sends
/// it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whom it is about.
    pub member: MemberId,
    /// Their `userName` at the time.
    pub name: String,
    /// What was asked.
    pub ask: HeldAsk,
    /// The request that asked last.
    pub request: RequestId,
    /// When it did.
    pub at: Timestamp,
    /// Who asked, by the name of the token.
    pub token: String,
    /// What became of it: nothing yet, or a word such as `applied`, `withdrawn` or the code of a refusal.
    pub end: Option<String>,
}

/// What a decision raises. The commit adds it to the open incident of the same code and key, or opens one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The explain code.
    pub code: &'static str,
    /// How much it matters.
    pub severity: IncidentSeverity,
    /// What tells it apart among the open ones of its code.
    pub key: String,
    /// Whom or what it is about.
    pub subject: IncidentSubject,
    /// What is held of the member.
    pub held: Option<HeldAsk>,
}

/// A deactivation or removal by an identity provider, which the next ones are counted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The key of the member's `userName`: who comes back under another id is the same.
    pub user_name_key: String,
    /// What must hold for it to happen.
    pub room: Option<Room>,
}

/// Fewer than `allowed` have gone since, and nothing is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The beginning of the window.
    pub since: Timestamp,
    /// How many may go within it.
    pub allowed: u64,
}

/// The end of a held command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The hold.
    pub incident: IncidentId,
    /// Whom it is about.
    pub member: MemberId,
    /// What became of it; see [`Held::end`].
    pub end: String,
}

/// What the guards keep of a decision, beside its changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuardNotes {
    /// What an admin should look at.
    pub raised: Vec<Raised>,
    /// Somebody goes.
    pub departure: Option<Departure>,
    /// Something that was held is settled.
    pub settled: Option<Settled>,
    /// A recovery admin who must still be there as they were.
    pub relies_on: Option<(MemberId, u64)>,
}

impl GuardNotes {
    /// Whether there is nothing to be written.
    pub fn is_empty(&self) -> bool {
        self.raised.is_empty() && self.departure.is_none() && self.settled.is_none()
    }
}

/// How many go and what is held, as far as the blast radius asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Radius {
    /// How many have gone within the window.
    pub recent: u64,
    /// Active members, those who have gone within the window included.
    pub members: u64,
    /// Whether a hold waits for a word.
    pub is_holding: bool,
    /// The hold in which the member waits.
    pub waits_in: Option<IncidentId>,
    /// The last word on the member, while it counts.
    pub ruling: Option<(Ruling, IncidentId)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nil_member_of_earlier_versions_is_nobody() {
        let old = r#"{"member":"00000000-0000-0000-0000-000000000000","name":"OAuth client one"}"#;
        let subject: IncidentSubject = serde_json::from_str(old).unwrap();
        assert_eq!(subject, IncidentSubject::thing("OAuth client one"));
        let written = serde_json::to_string(&subject).unwrap();
        assert_eq!(written, r#"{"name":"OAuth client one"}"#);
        assert_eq!(
            serde_json::from_str::<IncidentSubject>(&written).unwrap(),
            subject
        );
    }
}
