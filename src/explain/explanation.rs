//! An explanation, in the four parts in which Provost always speaks.

use serde::{Deserialize, Serialize};

/// What, why, what changed, what next. No blame, no jargon without the attribute path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The code, such as `DUP_USER`; `UNKNOWN` where no rule matches.
    pub code: String,
    /// How much it matters.
    #[serde(default)]
    pub severity: Severity,
    /// What happened, one sentence.
    pub what: String,
    /// Why, with the values of this request.
    pub why: String,
    /// What changed; often "Nothing."
    pub changed: String,
    /// What to do next, best first.
    pub next: Vec<NextStep>,
    /// A note to copy for the people who run the IdP.
    pub note: String,
    /// Where the case is described in public: standards, the IdP's manual, reports.
    #[serde(default)]
    pub links: Vec<String>,
}

/// How much an explanation matters.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It worked; this is worth knowing.
    Remark,
    /// Somebody should look at it.
    Warning,
    /// What was asked for did not happen.
    #[default]
    Failure,
    /// Provost itself is in trouble.
    Critical,
}

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// Where it is done: `here` or `idp`.
    pub place: String,
    /// What to do, one sentence.
    pub text: String,
    /// The console command that does it, such as `member.restore`, where there is one.
    #[serde(default)]
    pub command: Option<String>,
}
