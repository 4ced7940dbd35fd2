//! The words and tones of states, the same in every command: a sign and a word, never a colour alone.

use serde_json::Value;

use super::output::{Cell, Tone, text};
use crate::admin::types::{
    ActorKind, ChangeOp, ChangeView, MemberRow, Outcome, Severity, Stage, Verdict,
};

/// Whether a member may sign in.
pub fn member_state(member: &MemberRow) -> Cell {
    match (member.deleted, member.active) {
        (Some(_), _) => Cell::both("✗ removed", "removed").tone(Tone::Bad),
        (None, true) => Cell::both("✓ active", "active").tone(Tone::Good),
        (None, false) => Cell::both("⏸ inactive", "inactive").tone(Tone::Warn),
    }
}

/// What became of a request.
pub fn outcome(outcome: Outcome) -> Cell {
    let word = outcome.as_str();
    match outcome {
        Outcome::Applied => Cell::both(format!("✓ {word}"), word).tone(Tone::Good),
        Outcome::NoOp => Cell::both("· no-op", word).tone(Tone::Dim),
        Outcome::Ignored => Cell::both(format!("~ {word}"), word).tone(Tone::Warn),
        Outcome::Held => Cell::both(format!("⏸ {word}"), word).tone(Tone::Warn),
        Outcome::Refused => Cell::both(format!("! {word}"), word).tone(Tone::Bad),
        Outcome::Error => Cell::both(format!("✗ {word}"), word).tone(Tone::Bad),
    }
}

/// An HTTP status.
pub fn status(status: u16) -> Cell {
    let tone = match status {
        ..400 => Tone::Plain,
        400..500 => Tone::Warn,
        500.. => Tone::Bad,
    };
    Cell::text(status.to_string()).tone(tone)
}

/// How bad a finding is.
pub fn severity(severity: Severity) -> Cell {
    match severity {
        Severity::Ok => Cell::both("✓ ok", "ok").tone(Tone::Good),
        Severity::Warning => Cell::both("! warning", "warning").tone(Tone::Warn),
        Severity::Error => Cell::both("✗ error", "error").tone(Tone::Bad),
    }
}

/// How a step of a trace ended.
pub fn verdict(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Passed => ("✓", Tone::Good),
        Verdict::Noted => ("~", Tone::Warn),
        Verdict::Failed => ("✗", Tone::Bad),
    }
}

/// The station of a step.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Authenticate => "authenticate",
        Stage::Parse => "parse",
        Stage::Match => "match",
        Stage::Policy => "policy",
        Stage::Guard => "guard",
        Stage::Effect => "effect",
        Stage::Response => "response",
    }
}

/// The sort of an actor.
pub fn actor_kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Idp => "idp",
        ActorKind::Admin => "admin",
        ActorKind::System => "system",
        ActorKind::Recovery => "recovery",
        ActorKind::SignIn => "sign_in",
    }
}

/// What happened to an object.
pub fn change_op(op: ChangeOp) -> &'static str {
    match op {
        ChangeOp::Create => "created",
        ChangeOp::Update => "changed",
        ChangeOp::Remove => "removed",
        ChangeOp::AddMember => "member added to",
        ChangeOp::RemoveMember => "member removed from",
    }
}

/// A change on one line: what happened to which object, and the first attributes that differ.
pub fn change_line(change: &ChangeView) -> String {
    const SHOWN: usize = 3;
    let mut line = format!("{} {}", change_op(change.op), change.label);
    if change.op == ChangeOp::Create || change.fields.is_empty() {
        return line;
    }
    let fields: Vec<String> = change
        .fields
        .iter()
        .take(SHOWN)
        .map(|field| field_line(&field.path, field.before.as_ref(), field.after.as_ref()))
        .collect();
    line.push_str(": ");
    line.push_str(&fields.join(", "));
    if change.fields.len() > SHOWN {
        line = format!("{line} and {} more", change.fields.len() - SHOWN);
    }
    line
}

/// One attribute before and after.
pub fn field_line(path: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("{path} {} → {}", value(before), value(after)),
        (None, Some(after)) => format!("{path} + {}", value(after)),
        (Some(before), None) => format!("{path} − {}", value(before)),
        (None, None) => path.to_owned(),
    }
}

/// A value, short: texts without quotes, the rest as JSON.
fn value(value: &Value) -> String {
    const LONGEST: usize = 80;
    let whole = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text::cut(&text::printable(&whole), LONGEST).into_owned()
}
