//! What was decided and why: outcome, changes, and the trace that explains each step.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::ids::MemberId;
use super::incident::GuardNotes;
use super::lead::LeadGuard;

/// The answer to a command. Data: it can be shown without being carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What became of the command.
    pub outcome: Outcome,
    /// Why not, where the outcome is `Refused`.
    pub refusal: Option<Refusal>,
    /// What is to change, in the order in which it must be applied.
    pub changes: Vec<Change>,
    /// Each step with what was expected and what came.
    pub trace: Vec<TraceStep>,
    /// The policy key that settled it, such as `users.on_inactive`.
    pub policy_key: Option<&'static str>,
    /// What it has to do with who leads to admin.
    pub lead: LeadGuard,
    /// The version of the settings it was made under, where it depends on them. The commit insists on that, too.
    pub settings_version: Option<u64>,
    /// What the guards keep of it: incidents it raises, that somebody goes, that a held command is settled.
    pub guards: GuardNotes,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something changed.
    Applied,
    /// All was as asked already, or it was a read.
    NoOp,
    /// Understood and, by policy, not acted on.
    Ignored,
    /// Waits for an admin.
    Held,
    /// Not allowed, not valid, or not found.
    Refused,
    /// Provost failed.
    Error,
}

impl Outcome {
    /// The word of the filter language and of the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NoOp => "no_op",
            Self::Ignored => "ignored",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Error => "error",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Applied,
            Self::NoOp,
            Self::Ignored,
            Self::Held,
            Self::Refused,
            Self::Error,
        ]
        .into_iter()
        .find(|outcome| outcome.as_str() == word || outcome.as_str().replace('_', "-") == word)
    }
}

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The explain code, such as `DUP_USER`; see `assets/explain.toml`.
    pub code: String,
    /// What sort of no this is; the edge turns it into a status.
    pub kind: RefusalKind,
    /// One sentence, lower case, no personal data beyond what the client sent.
    pub detail: String,
    /// The policy key by which it was refused, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_key: Option<String>,
    /// What else an admin should know, one line each. Never told to a SCIM client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// After how many seconds it may be tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// The sorts of no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// Not valid: 400, `invalidValue`.
    Invalid,
    /// May not be changed: 400, `mutability`.
    Mutability,
    /// Not allowed: 403.
    Forbidden,
    /// No such thing: 404.
    NotFound,
    /// Taken: 409, `uniqueness`.
    Uniqueness,
    /// Somebody else changed it meanwhile: 412.
    VersionMismatch,
    /// Waits for an admin: 429, with the time after which to ask again.
    Held,
}

impl RefusalKind {
    /// The status of the protocols that have one (RFC 7644 §3.12).
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid | Self::Mutability => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Uniqueness => 409,
            Self::VersionMismatch => 412,
            Self::Held => 429,
        }
    }
}

/// The stations of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Who is asking.
    Authenticate,
    /// Parse, and tolerate the client's dialect.
    Parse,
    /// Which object is meant.
    Match,
    /// What the policy says.
    Policy,
    /// What a guard says.
    Guard,
    /// What changes.
    Effect,
    /// What is answered.
    Response,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// As it should be, after something was tolerated or worth knowing.
    Noted,
    /// This step stopped the request.
    Failed,
}

/// One step of the way of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// Where.
    pub stage: Stage,
    /// How it ended.
    pub verdict: Verdict,
    /// What happened, one sentence.
    pub what: String,
    /// What was expected, where that says something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<String>,
    /// A member whom the step is about beside the subject of the request, such as who holds a name that was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

impl TraceStep {
    /// A step that passed.
    pub fn passed(stage: Stage, what: impl Into<String>) -> Self {
        Self {
            stage,
            verdict: Verdict::Passed,
            what: what.into(),
            expected: None,
            came: None,
            member: None,
        }
    }

    /// A step that passed with a remark.
    pub fn noted(stage: Stage, what: impl Into<String>) -> Self {
        Self {
            stage,
            verdict: Verdict::Noted,
            what: what.into(),
            expected: None,
            came: None,
            member: None,
        }
    }

    /// The step that stopped the request.
    pub fn failed(stage: Stage, what: impl Into<String>) -> Self {
        Self {
            stage,
            verdict: Verdict::Failed,
            what: what.into(),
            expected: None,
            came: None,
            member: None,
        }
    }

    /// Adds what was expected and what came.
    #[must_use]
    pub fn comparing(mut self, expected: impl Into<String>, came: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.came = Some(came.into());
        self
    }

    /// Adds the member whom the step is about.
    #[must_use]
    pub fn about(mut self, member: MemberId) -> Self {
        self.member = Some(member);
        self
    }
}
