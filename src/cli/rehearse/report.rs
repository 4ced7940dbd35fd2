//! What came of a rehearsal, as scripts read it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// A rehearsal after it was played.
#[derive(Debug, Serialize)]
pub struct Report {
    /// `okta`, `entra` or `onelogin`.
    pub idp: &'static str,
    /// The preset.
    pub preset: String,
    /// What is set otherwise than the preset has it.
    pub overrides: BTreeMap<String, String>,
    /// Whether it was played on a copy of the account here.
    pub copied: bool,
    /// How team sync came to be on.
    pub team_sync: TeamSync,
    /// Each step, in order.
    pub steps: Vec<StepReport>,
    /// What the provider does in a way of its own, which is understood.
    pub tolerated: Vec<String>,
    /// What to see to before go-live.
    pub checklist: Vec<String>,
    /// The verdict in one line.
    pub verdict: String,
}

impl Report {
    /// How many steps came to this.
    pub fn count(&self, result: StepResult) -> usize {
        count(&self.steps, result)
    }
}

/// How team sync came to be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamSync {
    /// It was turned on for the rehearsal.
    TurnedOn,
    /// It has no switch.
    Always,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// It came as it was sent.
    Works,
    /// It worked, and the policy made something else of a part of it.
    Adjusted,
    /// The policy or a guard refused it, and the refusal is explained.
    Refused,
    /// It needs a step that was refused.
    LeftOut,
    /// Something came that neither the provider nor the policy expects.
    Unexpected,
}

/// One step.
#[derive(Debug, Serialize)]
pub struct StepReport {
    /// A stable name.
    pub step: &'static str,
    /// What happens in it.
    pub title: &'static str,
    /// What it came to.
    pub result: StepResult,
    /// Each request with its status.
    pub requests: Vec<String>,
    /// What changed, one line a change.
    pub changes: Vec<String>,
    /// What the policy refused.
    pub refusals: Vec<Refusal>,
    /// What the policy made something else of.
    pub adjustments: Vec<Adjustment>,
    /// What is understood though it is not as the standards have it.
    pub tolerated: BTreeSet<String>,
    /// What nobody expects.
    pub unexpected: Vec<String>,
}

/// A refusal with its explanation.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Method and path below the base URL.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// The explain code.
    pub code: String,
    /// The policy key that decided.
    pub policy_key: Option<String>,
    /// What happened.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do in the identity provider, best first.
    pub in_idp: Vec<String>,
    /// What to do here, best first.
    pub here: Vec<String>,
}

/// Something that the policy made something else of.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Adjustment {
    /// The policy key that decided.
    pub policy_key: String,
    /// What came of it.
    pub what: String,
}

/// How many steps came to this.
fn count(steps: &[StepReport], result: StepResult) -> usize {
    steps.iter().filter(|step| step.result == result).count()
}

/// The verdict in one line.
pub fn verdict(steps: &[StepReport]) -> String {
    let refused = count(steps, StepResult::Refused);
    match (count(steps, StepResult::Unexpected), refused) {
        (0, 0) => "ready".to_owned(),
        (0, 1) => "ready, with 1 refusal explained".to_owned(),
        (0, refused) => format!("ready, with {refused} refusals explained"),
        _ => "not ready".to_owned(),
    }
}

/// What was tolerated in any step, once each.
pub fn tolerated(steps: &[StepReport]) -> Vec<String> {
    let all: BTreeSet<&String> = steps.iter().flat_map(|step| &step.tolerated).collect();
    all.into_iter().cloned().collect()
}
