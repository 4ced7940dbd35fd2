//! The draft of a decision: the trace as it grows, and the two ways it ends.

use crate::directory::change::Change;
use crate::directory::decision::{Decision, Outcome, Refusal, RefusalKind, Stage, TraceStep};
use crate::directory::ids::MemberId;
use crate::directory::incident::{Departure, GuardNotes, Raised, Settled};

/// A refusal ends a decision early.
pub(super) type Verdict = Result<Decision, Decision>;

/// A decision in the making.
#[derive(Debug)]
pub(super) struct Draft {
    trace: Vec<TraceStep>,
    policy_key: Option<&'static str>,
    needs_other_admin: Option<MemberId>,
    guards: GuardNotes,
}

impl Draft {
    pub(super) fn new() -> Self {
        Self {
            trace: Vec::new(),
            policy_key: None,
            needs_other_admin: None,
            guards: GuardNotes::default(),
        }
    }

    /// Adds a step.
    pub(super) fn step(&mut self, step: TraceStep) {
        self.trace.push(step);
    }

    /// Adds the step of a policy key that was asked, and remembers the key.
    pub(super) fn policy(&mut self, key: &'static str, value: impl std::fmt::Debug, meaning: &str) {
        let value = snake(&format!("{value:?}"));
        self.trace.push(TraceStep::passed(
            Stage::Policy,
            format!("{key} = {value}: {meaning}"),
        ));
        self.policy_key = Some(key);
    }

    /// What follows holds only while there is an admin besides this member.
    pub(super) fn needs_other_admin(&mut self, except: MemberId) {
        self.needs_other_admin = Some(except);
    }

    /// An admin should look at this.
    pub(super) fn raise(&mut self, raised: Raised) {
        self.guards.raised.push(raised);
    }

    /// Somebody goes, if this ends in changes.
    pub(super) fn departs(&mut self, departure: Departure) {
        self.guards.departure = Some(departure);
    }

    /// A held command is settled by this.
    pub(super) fn settles(&mut self, settled: Settled) {
        self.guards.settled = Some(settled);
    }

    /// Ends in these changes; with none it is a no-op.
    pub(super) fn done(mut self, changes: Vec<Change>) -> Decision {
        if changes.is_empty() {
            self.guards.departure = None;
        }
        let outcome = if changes.is_empty() {
            Outcome::NoOp
        } else {
            Outcome::Applied
        };
        let what = match changes.len() {
            0 => "everything is as asked already; nothing changes".to_owned(),
            1 => "1 change".to_owned(),
            n => format!("{n} changes"),
        };
        self.trace.push(TraceStep::passed(Stage::Effect, what));
        Decision {
            outcome,
            refusal: None,
            changes,
            trace: self.trace,
            policy_key: self.policy_key,
            needs_other_admin: self.needs_other_admin,
            settings_version: None,
            guards: self.guards,
        }
    }

    /// Ends in nothing, by policy.
    pub(super) fn ignored(mut self, why: &str) -> Decision {
        self.guards.departure = None;
        self.trace.push(TraceStep::noted(
            Stage::Effect,
            format!("nothing changes: {why}"),
        ));
        Decision {
            outcome: Outcome::Ignored,
            refusal: None,
            changes: Vec::new(),
            trace: self.trace,
            policy_key: self.policy_key,
            needs_other_admin: self.needs_other_admin,
            settings_version: None,
            guards: self.guards,
        }
    }

    /// Ends in a refusal. The failed step says what was expected and what came.
    pub(super) fn refuse(mut self, kind: RefusalKind, code: &str, step: TraceStep) -> Decision {
        let detail = step.what.clone();
        self.trace.push(step);
        self.guards.departure = None;
        Decision {
            outcome: match kind {
                RefusalKind::Held => Outcome::Held,
                _ => Outcome::Refused,
            },
            refusal: Some(Refusal {
                code: code.to_owned(),
                kind,
                detail,
                notes: Vec::new(),
                retry_after: None,
            }),
            changes: Vec::new(),
            trace: self.trace,
            policy_key: self.policy_key,
            needs_other_admin: self.needs_other_admin,
            settings_version: None,
            guards: self.guards,
        }
    }
}

/// Refuses to change another version than the client insists on: it would change a copy that is no longer current
/// (RFC 7644 §3.14, RFC 9110 §13.1.1). `what` is `member` or `team`.
pub(super) fn expect_version(
    mut draft: Draft,
    what: &str,
    current: u64,
    wanted: Option<u64>,
) -> Result<Draft, Decision> {
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("matched by id: version {current}"),
    ));
    match wanted {
        Some(version) if version != current => {
            let what = format!("the {what} has changed since it was read; read it again");
            let step = TraceStep::failed(Stage::Match, what)
                .comparing(format!("W/\"{version}\""), format!("W/\"{current}\""));
            Err(draft.refuse(RefusalKind::VersionMismatch, "VERSION_MISMATCH", step))
        }
        _ => Ok(draft),
    }
}

/// `SoftDelete` as the settings file spells it, `soft_delete`.
fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (index, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() {
            if index > 0 {
                text.push('_');
            }
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}
