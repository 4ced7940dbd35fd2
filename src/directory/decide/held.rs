//! Values that one resource alone may have by a schema of the admin's own (RFC 7643 §2.2, `uniqueness`).
//!
//! Looked at last, on the changes: what a request makes of whom is known only then, and whoever gives a value up in the
//! same decision does not stand in the way.

use serde_json::Value;
use uuid::Uuid;

use crate::directory::change::Change;
use crate::directory::decision::{Decision, Outcome, Refusal, RefusalKind, Stage, TraceStep};
use crate::directory::facts::{Facts, HeldValue};
use crate::directory::incident::GuardNotes;
use crate::directory::lead::LeadGuard;
use crate::directory::member::Attributes;

/// A resource as a change leaves it.
struct After<'a> {
    id: Uuid,
    what: &'static str,
    code: &'static str,
    /// What it has; nothing where it is gone.
    attributes: Option<&'a Attributes>,
}

/// Refuses a decision that gives a resource a value which another one keeps.
pub(super) fn stays_unique(facts: &Facts, mut decision: Decision) -> Decision {
    let all: Vec<After<'_>> = decision.changes.iter().filter_map(after).collect();
    let is_left = |held: &HeldValue| {
        let mut of_holder = all.iter().filter(|after| after.id == held.holder);
        of_holder.next_back().is_some_and(|after| !has(after, held))
    };
    let taken = facts.held_values.iter().find_map(|held| {
        let mut takers = all.iter();
        let taker = takers.find(|after| after.id != held.holder && has(after, held))?;
        (!is_left(held)).then_some((held, taker.what, taker.code))
    });
    let Some((held, what, code)) = taken else {
        return decision;
    };
    let detail = format!("{} has a value that another {what} has", held.path());
    // The last step told what would have changed.
    decision.trace.pop();
    let step = TraceStep::failed(Stage::Match, detail.clone());
    decision.trace.push(step);
    Decision {
        outcome: Outcome::Refused,
        refusal: Some(Refusal {
            code: code.to_owned(),
            kind: RefusalKind::Uniqueness,
            detail,
            policy_key: None,
            notes: Vec::new(),
            retry_after: None,
        }),
        changes: Vec::new(),
        lead: LeadGuard::Settled,
        guards: GuardNotes::default(),
        ..decision
    }
}

fn after(change: &Change) -> Option<After<'_>> {
    let member = |id, attributes| After {
        id,
        what: "member",
        code: "DUP_USER",
        attributes,
    };
    let team = |id, attributes| After {
        id,
        what: "team",
        code: "DUP_GROUP",
        attributes,
    };
    match change {
        Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => {
            let attributes = after.deleted.is_none().then_some(&after.attributes);
            Some(member(after.id.0, attributes))
        }
        Change::MemberRemoved { before } => Some(member(before.id.0, None)),
        Change::TeamCreated { after } | Change::TeamUpdated { after, .. } => {
            let attributes = after.deleted.is_none().then_some(&after.attributes);
            Some(team(after.id.0, attributes))
        }
        Change::TeamRemoved { before } => Some(team(before.id.0, None)),
        _ => None,
    }
}

/// Whether the resource has the value that was looked up, as it was looked up.
fn has(after: &After<'_>, held: &HeldValue) -> bool {
    let value = after
        .attributes
        .and_then(|attributes| attributes.get(&held.schema)?.get(&held.attribute));
    value.is_some_and(|value| match value {
        // Of a time when the attribute had several.
        Value::Array(values) => values.contains(&held.value),
        single => *single == held.value,
    })
}
