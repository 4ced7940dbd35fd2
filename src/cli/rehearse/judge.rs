//! What one step came to: what the provider would not accept, held against what the engine logged and what the policy
//! says. Pure.
//!
//! A refusal is one by design when a policy key or a guard decided it and the catalogue has an explanation for its code.
//! Whatever is left over is unexpected.

use std::collections::BTreeSet;

use super::allowance;
use super::report::{Adjustment, Refusal, StepReport, StepResult};
use crate::admin::local::Rules;
use crate::admin::types::{
    Explanation, NextStep, Outcome, RequestDetail, Stage, TraceStep, Verdict,
};
use crate::cli::words;
use crate::simulate::Unexpected;
use crate::simulate::rehearsal::Played;

/// The base path, which providers leave out.
const BASE: &str = "/scim/v2";
/// The guard that no policy key switches.
const RECOVERY: &str = "RECOVERY_EXEMPT";

/// Judges a step. `was_refused` says that an earlier step was, so that this one may lack what it needs.
pub fn judge(
    played: &Played,
    log: &[RequestDetail],
    rules: &Rules,
    was_refused: bool,
) -> StepReport {
    let mut judging = Judging {
        rules,
        refusals: Vec::new(),
        adjustments: Vec::new(),
        unexpected: Vec::new(),
        settled: BTreeSet::new(),
        lacks: false,
    };
    for detail in log {
        judging.logged(detail);
    }
    for unexpected in &played.unexpected {
        judging.answered(unexpected, was_refused);
    }
    if log.len() < played.exchanges.len() {
        let (logged, sent) = (log.len(), played.exchanges.len());
        let what = format!("{sent} requests were sent and {logged} are in the log");
        judging.unexpected.push(what);
    }
    let requests = played.exchanges.iter();
    StepReport {
        step: played.scene.key(),
        title: played.scene.name(),
        result: judging.result(),
        requests: requests.map(ToString::to_string).collect(),
        changes: changes(log),
        tolerated: tolerated(log),
        refusals: judging.refusals,
        adjustments: judging.adjustments,
        unexpected: judging.unexpected,
    }
}

struct Judging<'a> {
    rules: &'a Rules,
    refusals: Vec<Refusal>,
    adjustments: Vec<Adjustment>,
    unexpected: Vec<String>,
    /// Requests whose answers need no further word: `PATCH /Users/…`.
    settled: BTreeSet<String>,
    /// Whether the step lacks what an earlier one would have made.
    lacks: bool,
}

impl Judging<'_> {
    fn result(&self) -> StepResult {
        if !self.unexpected.is_empty() {
            StepResult::Unexpected
        } else if !self.refusals.is_empty() {
            StepResult::Refused
        } else if self.lacks {
            StepResult::LeftOut
        } else if !self.adjustments.is_empty() {
            StepResult::Adjusted
        } else {
            StepResult::Works
        }
    }

    fn adjust(&mut self, adjustment: Adjustment) {
        let is_known = |one: &Adjustment| one.policy_key == adjustment.policy_key;
        if !self.adjustments.iter().any(is_known) {
            self.adjustments.push(adjustment);
        }
    }

    /// One exchange as the engine saw it.
    fn logged(&mut self, detail: &RequestDetail) {
        let exchange = &detail.exchange;
        let row = &exchange.row;
        let writes = row.method != "GET";
        if row.outcome == Outcome::Error {
            self.unexpected.push(told(detail));
        } else if writes && (row.status >= 400 || row.outcome == Outcome::Held) {
            self.refused(detail);
        }
        for noted in notes(&exchange.trace) {
            self.adjust(noted);
        }
    }

    fn refused(&mut self, detail: &RequestDetail) {
        let row = &detail.exchange.row;
        let request = request(detail);
        self.settled.insert(request.clone());
        let allowed = allowance::of_refusal(&row.method, &row.path, row.status, self.rules);
        let code = row.code.clone().unwrap_or_default();
        let explanation = detail.explanation.as_ref();
        let explained = explanation.filter(|explanation| explanation.code == code);
        let key = detail.exchange.policy_key.clone();
        match (allowed, explained) {
            (Some(adjustment), _) => self.adjust(adjustment),
            (None, Some(explanation)) if key.is_some() || code == RECOVERY => {
                let is_known = |one: &Refusal| one.code == code && one.policy_key == key;
                if !self.refusals.iter().any(is_known) {
                    self.refusals
                        .push(refusal(request, row.status, key, explanation));
                }
            }
            (None, _) => self.unexpected.push(told(detail)),
        }
    }

    /// One answer that the provider would not accept.
    fn answered(&mut self, answer: &Unexpected, was_refused: bool) {
        // It had nothing to send to.
        if answer.exchange.is_empty() && was_refused {
            self.lacks = true;
            return;
        }
        let request = answer.exchange.split('?').next().unwrap_or_default();
        if self.settled.contains(request) {
            return;
        }
        match allowance::of_answer(answer, self.rules) {
            Some(adjustment) => self.adjust(adjustment),
            None => self.unexpected.push(format!(
                "{}: expected {}, came {}",
                answer.exchange, answer.expected, answer.came
            )),
        }
    }
}

/// Method and path below the base URL.
fn request(detail: &RequestDetail) -> String {
    let row = &detail.exchange.row;
    let path = row.path.strip_prefix(BASE).unwrap_or(&row.path);
    format!("{} {path}", row.method)
}

fn told(detail: &RequestDetail) -> String {
    let exchange = &detail.exchange;
    let code = exchange.row.code.as_deref().unwrap_or("no code");
    let why = exchange.detail.as_deref().unwrap_or("no reason given");
    format!("{}: {} {code}: {why}", request(detail), exchange.row.status)
}

fn refusal(
    request: String,
    status: u16,
    policy_key: Option<String>,
    explanation: &Explanation,
) -> Refusal {
    let at = |place: &str| {
        let steps = explanation.next.iter();
        let there = steps.filter(|step: &&NextStep| step.place == place);
        there.map(|step| step.text.clone()).collect()
    };
    Refusal {
        request,
        status,
        code: explanation.code.clone(),
        policy_key,
        what: explanation.what.clone(),
        why: explanation.why.clone(),
        in_idp: at("idp"),
        here: at("here"),
    }
}

/// What the policy made something else of, as the trace tells it: a remark after the key that decided.
fn notes(trace: &[TraceStep]) -> Vec<Adjustment> {
    let mut key = None;
    let mut notes = Vec::new();
    for step in trace {
        match (step.stage, step.verdict) {
            (Stage::Policy, Verdict::Passed) => {
                key = step.what.split_once(" = ").map(|(key, _)| key);
            }
            (Stage::Match | Stage::Policy | Stage::Guard | Stage::Effect, Verdict::Noted) => {
                // Okta sends a random one with each create; not to keep it is what everybody expects.
                let told = key.filter(|key| *key != "users.password");
                notes.extend(told.map(|key| Adjustment {
                    policy_key: key.to_owned(),
                    what: step.what.clone(),
                }));
            }
            _ => {}
        }
    }
    notes
}

/// What was understood though the standards have it otherwise.
fn tolerated(log: &[RequestDetail]) -> BTreeSet<String> {
    let steps = log.iter().flat_map(|detail| &detail.exchange.trace);
    steps
        .filter(|step| step.stage == Stage::Parse && step.verdict == Verdict::Noted)
        .map(|step| step.what.clone())
        .collect()
}

fn changes(log: &[RequestDetail]) -> Vec<String> {
    let changed = log.iter().flat_map(|detail| &detail.exchange.changed);
    changed.map(words::change_line).collect()
}
