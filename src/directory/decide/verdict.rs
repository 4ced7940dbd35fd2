//! The draft of a decision: the trace as it grows, and the two ways it ends.

use crate::counted::counted;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, Outcome, Refusal, RefusalKind, Stage, TraceStep};
use crate::directory::incident::{Departure, GuardNotes, Raised, Settled};
use crate::directory::lead::LeadGuard;
use crate::directory::policy::Texts;

/// A refusal ends a decision early.
pub(super) type Verdict = Result<Decision, Decision>;

/// A decision in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    trace: Vec<TraceStep>,
    policy_key: Option<&'static str>,
    also: Option<&'static str>,
    lead: LeadGuard,
    texts: &'static Texts,
    case: &'static str,
    named: String,
    remarks: Vec<Change>,
    guards: GuardNotes,
}

impl Draft {
    /// A draft whose refusals are told in the words of a preset.
    pub(super) fn new(preset: &str) -> Self {
        Self {
            trace: Vec::new(),
            policy_key: None,
            also: None,
            lead: LeadGuard::Untouched,
            texts: Texts::of(preset),
            case: "",
            named: String::new(),
            remarks: Vec::new(),
            guards: GuardNotes::default(),
        }
    }

    /// Goes on from a decision that is only a part of this one; its changes are returned.
    pub(super) fn going_on(preset: &str, mut part: Decision) -> (Self, Vec<Change>) {
        // How many changes there are is said when all are known.
        part.trace.pop();
        let draft = Self {
            trace: part.trace,
            policy_key: part.policy_key,
            ..Self::new(preset)
        };
        (draft, part.changes)
    }

    /// Goes on behind the steps of a decision that may end otherwise.
    pub(super) fn behind(preset: &str, decision: &Decision) -> Self {
        Self {
            trace: decision.trace.clone(),
            policy_key: decision.policy_key,
            ..Self::new(preset)
        }
    }

    /// Which of the sentences of a code a refusal is told in, and what of the request it names.
    pub(super) fn in_case(mut self, case: &'static str, named: &str) -> Self {
        self.case = case;
        named.clone_into(&mut self.named);
        self
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

    /// The same for a key that only settles what is left where nothing else was asked.
    pub(super) fn also_policy(
        &mut self,
        key: &'static str,
        value: impl std::fmt::Debug,
        meaning: &str,
    ) {
        let before = self.policy_key;
        self.policy(key, value, meaning);
        self.policy_key = before;
        self.also = Some(key);
    }

    /// What this has to do with who leads to admin is known.
    pub(super) fn leads_by(&mut self, lead: LeadGuard) {
        self.lead = lead;
    }

    /// The steps so far, for a decision that is there already.
    pub(super) fn into_trace(self) -> Vec<TraceStep> {
        self.trace
    }

    /// Something that the audit shall tell though it changes nothing, if the command is not refused.
    pub(super) fn remark(&mut self, remark: Change) {
        self.remarks.push(remark);
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
    pub(super) fn done(mut self, mut changes: Vec<Change>) -> Decision {
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
            n => counted(n as u64, "change"),
        };
        self.trace.push(TraceStep::passed(Stage::Effect, what));
        changes.append(&mut self.remarks);
        Decision {
            outcome,
            refusal: None,
            changes,
            trace: self.trace,
            policy_key: self.policy_key.or(self.also),
            lead: self.lead,
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
            lead: self.lead,
            settings_version: None,
            guards: self.guards,
        }
    }

    /// Whether the key is what a refusal with this step follows from, and not one that was only asked on the way.
    fn is_by(&self, key: &str, step: &TraceStep) -> bool {
        let is_asked = |step: &TraceStep| {
            step.stage == Stage::Policy && step.what.split(' ').next() == Some(key)
        };
        matches!(step.stage, Stage::Policy | Stage::Guard)
            || self.trace.last().is_some_and(is_asked)
    }

    /// Ends in a refusal. The failed step says what was expected and what came; the client is told the same sentence, or
    /// the preset's own.
    pub(super) fn refuse(mut self, kind: RefusalKind, code: &str, step: TraceStep) -> Decision {
        let native = self.texts.find(code, self.case, &self.named);
        let detail = native.unwrap_or_else(|| step.what.clone());
        let deciding = self.policy_key.filter(|key| self.is_by(key, &step));
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
                policy_key: deciding.map(str::to_owned),
                notes: Vec::new(),
                retry_after: None,
            }),
            changes: Vec::new(),
            trace: self.trace,
            policy_key: self.policy_key,
            lead: self.lead,
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
    let mut before = ' ';
    for letter in name.chars() {
        // A name that begins in a list begins as one that stands alone.
        if letter.is_ascii_uppercase() && before.is_alphanumeric() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        before = letter;
    }
    text
}
