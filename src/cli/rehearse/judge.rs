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
use crate::counted::count;
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
        let sent = count(sent as u64, "request was", "requests were");
        let what = format!("{sent} sent, and the log has {logged}");
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

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::admin::types::ExplanationSeverity;
    use crate::simulate::Exchange;
    use crate::simulate::rehearsal::Scene;

    fn detail(code: &str, key: Option<&str>, explained: Option<&str>) -> RequestDetail {
        let exchange: Value = json!({
            "id": 7, "at": "2026-01-02T03:04:05Z", "duration_us": 1, "method": "PATCH",
            "path": "/scim/v2/Users/a", "resource": "Users", "subject": null, "status": 403,
            "outcome": "refused", "code": code, "token": null, "user_agent": null, "idp": null,
            "changes": 0, "retry_of": null, "query": null, "peer": null, "trace": [],
            "request": {"headers": [], "body": null, "body_bytes": 0, "truncated": false},
            "response": {"headers": [], "body": null, "body_bytes": 0, "truncated": false},
            "changed": [], "policy_key": key, "detail": "no",
        });
        let explanation = explained.map(|code| Explanation {
            code: code.to_owned(),
            severity: ExplanationSeverity::Failure,
            what: "what".into(),
            why: "why".into(),
            changed: "Nothing.".into(),
            next: Vec::new(),
            note: String::new(),
            links: Vec::new(),
        });
        RequestDetail {
            exchange: serde_json::from_value(exchange).expect("an exchange"),
            explanation,
            related: Vec::new(),
        }
    }

    fn played(exchanges: usize, unexpected: &[(&str, &str, &str)]) -> Played {
        let exchange = Exchange {
            step: "s".into(),
            method: "PATCH".into(),
            path: "/Users/a".into(),
            status: 403,
            note: String::new(),
        };
        let unexpected = unexpected
            .iter()
            .map(|(exchange, expected, came)| Unexpected {
                step: "s".into(),
                exchange: (*exchange).into(),
                expected: (*expected).into(),
                came: (*came).into(),
            });
        Played {
            scene: Scene::Leaver,
            exchanges: vec![exchange; exchanges],
            unexpected: unexpected.collect(),
        }
    }

    const REFUSED: (&str, &str, &str) = ("PATCH /Users/a", "status 200 or 204", "status 403: no");

    #[rstest]
    #[case::by_design(Some("users.preexisting"), Some("CODE"), StepResult::Refused)]
    #[case::without_a_policy_key(None, Some("CODE"), StepResult::Unexpected)]
    #[case::without_an_explanation(Some("users.preexisting"), None, StepResult::Unexpected)]
    #[case::with_the_words_of_another(
        Some("users.preexisting"),
        Some("UNKNOWN"),
        StepResult::Unexpected
    )]
    fn a_refusal_counts_where_the_policy_decided_and_the_catalogue_tells_why(
        #[case] key: Option<&str>,
        #[case] explained: Option<&str>,
        #[case] expected: StepResult,
    ) {
        let log = [detail("CODE", key, explained)];
        let report = judge(&played(1, &[REFUSED]), &log, &Rules::default(), false);
        assert_eq!(report.result, expected, "{report:?}");
        assert_eq!(
            report.refusals.len(),
            usize::from(expected == StepResult::Refused)
        );
    }

    #[test]
    fn an_answer_that_nobody_refused_is_unexpected() {
        let wrong = ("GET /Users/a", "`title` \"Lead\"", "none");
        let report = judge(&played(0, &[wrong]), &[], &Rules::default(), true);
        assert_eq!(report.result, StepResult::Unexpected);
        assert_eq!(super::super::report::verdict(&[report]), "not ready");
    }

    #[rstest]
    #[case::after_a_refusal(true, StepResult::LeftOut)]
    #[case::out_of_the_blue(false, StepResult::Unexpected)]
    fn a_step_that_lacks_an_id_is_left_out(
        #[case] was_refused: bool,
        #[case] expected: StepResult,
    ) {
        let lacks = ("", "an id from an earlier group push", "none");
        let report = judge(&played(0, &[lacks]), &[], &Rules::default(), was_refused);
        assert_eq!(report.result, expected);
    }

    #[test]
    fn a_request_that_is_not_in_the_log_is_unexpected() {
        let report = judge(&played(1, &[]), &[], &Rules::default(), false);
        assert_eq!(report.result, StepResult::Unexpected);
    }
}
