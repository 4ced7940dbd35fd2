//! How numbers, times and states are said. One way of saying each, used by every pane.
//!
//! Ages are coarse on purpose: nothing on the screen changes by the second, so that an idle console draws nothing.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::theme::{Glyphs, Role};
use crate::admin::types::{
    Actor, ActorKind, ChangeOp, ChangeView, ObjectKind, Outcome, Total, Verdict,
};
pub use crate::counted::{counted, thousands as count};

/// A total, which may not have been counted to its end: `10,000+`.
pub fn total(total: Total) -> String {
    match total {
        Total::Exact(number) => count(number),
        Total::AtLeast(number) => format!("{}+", count(number)),
    }
}

/// How long ago something was, coarsely.
pub fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs();
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// How long until something, coarsely; the past is `over`.
pub fn until(then: Timestamp, now: Timestamp) -> String {
    let seconds = then.duration_since(now).as_secs();
    match seconds {
        ..=0 => "over".to_owned(),
        1..3_600 => format!("in {} min", seconds / 60 + 1),
        3_600..172_800 => format!("in {} h", seconds / 3_600),
        _ => format!("in {} days", seconds / 86_400),
    }
}

/// When the age of something next reads differently.
pub fn next_age_change(then: Timestamp, now: Timestamp) -> Timestamp {
    let seconds = now.duration_since(then).as_secs().max(0);
    let step = if seconds < 3_600 { 60 } else { 3_600 };
    then.saturating_add(SignedDuration::from_secs((seconds / step + 1) * step))
        .unwrap_or(Timestamp::MAX)
}

/// The time of day: `12:34:56`.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// When something was: the time of day, and before it the day where that is not today.
pub fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone());
    let format = if at.date() == today.date() {
        "%H:%M:%S"
    } else if at.year() == today.year() {
        "%b %d %H:%M"
    } else {
        "%Y-%m-%d"
    };
    at.strftime(format).to_string()
}

/// When something was, in eight cells: the time of day, or the day where that is not today.
pub fn short_moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone());
    let format = if at.date() == today.date() {
        "%H:%M:%S"
    } else if at.year() == today.year() {
        "%b %d"
    } else {
        "%b %Y"
    };
    at.strftime(format).to_string()
}

/// When something was, whole: `2026-03-04 12:34:56 UTC`.
pub fn exact_moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

/// How long something took: `0.8 ms`, `12 ms`, `1.2 s`.
pub fn duration(microseconds: u64) -> String {
    match microseconds {
        0..10_000 => format!("{}.{} ms", microseconds / 1_000, microseconds % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", microseconds / 1_000),
        _ => format!(
            "{}.{} s",
            microseconds / 1_000_000,
            microseconds % 1_000_000 / 100_000
        ),
    }
}

/// How long something took, in milliseconds without the unit, for a column that names it.
pub fn milliseconds(microseconds: u64) -> String {
    match microseconds {
        0..10_000 => format!("{}.{}", microseconds / 1_000, microseconds % 1_000 / 100),
        _ => count(microseconds / 1_000),
    }
}

/// A size: `512 B`, `1.2 kB`, `3.4 MB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    UNITS
        .into_iter()
        .find(|(_, unit)| bytes >= *unit)
        .map_or_else(
            || format!("{bytes} B"),
            |(name, unit)| format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10)),
        )
}

/// How an outcome is shown: its glyph, its word and its role.
pub fn outcome(outcome: Outcome, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match outcome {
        Outcome::Applied => (glyphs.ok, "applied", Role::Success),
        Outcome::NoOp => (glyphs.separator, "no-op", Role::Muted),
        Outcome::Ignored => (glyphs.noted, "ignored", Role::Info),
        Outcome::Held => (glyphs.paused, "held", Role::Warning),
        Outcome::Refused => (glyphs.warning, "refused", Role::Warning),
        Outcome::Error => (glyphs.failed, "error", Role::Danger),
    }
}

/// How a step's end is shown.
pub fn verdict(verdict: Verdict, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match verdict {
        Verdict::Passed => (glyphs.ok, "passed", Role::Success),
        Verdict::Noted => (glyphs.noted, "noted", Role::Info),
        Verdict::Failed => (glyphs.failed, "failed", Role::Danger),
    }
}

/// The role of an HTTP status.
pub fn status_role(status: u16) -> Role {
    match status {
        0..400 => Role::Text,
        400..500 => Role::Warning,
        _ => Role::Danger,
    }
}

/// Who did something.
pub fn actor(actor: &Actor) -> String {
    match actor.kind {
        ActorKind::Idp | ActorKind::System => actor.name.clone(),
        ActorKind::Admin => format!("admin {}", actor.name),
        ActorKind::Recovery => format!("recovery {}", actor.name),
        ActorKind::SignIn => format!("sign-in {}", actor.name),
    }
}

/// A sort of object.
pub fn object(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Member => "member",
        ObjectKind::Team => "team",
        ObjectKind::Token => "token",
        ObjectKind::Client => "OAuth client",
        ObjectKind::Stream => "stream",
        ObjectKind::SigningKey => "signing key",
        ObjectKind::Settings => "settings",
        ObjectKind::Incident => "incident",
    }
}

/// What happened to an object, as a sentence's verb and object: `created member ada@x.io`.
pub fn change(change: &ChangeView) -> String {
    format!("{} {}", verb(change), changed(change))
}

/// What was changed: `member ada@acme.io`, `settings`.
pub fn changed(change: &ChangeView) -> String {
    let object = object(change.kind);
    if change.label == object {
        object.to_owned()
    } else {
        format!("{object} {}", change.label)
    }
}

/// What happened, without to what: `created`, `added to`.
pub fn verb(change: &ChangeView) -> &'static str {
    match (change.op, change.kind) {
        (ChangeOp::Create, ObjectKind::Token) => "issued",
        (ChangeOp::Remove, ObjectKind::Token | ObjectKind::Client) => "revoked",
        (ChangeOp::Create, _) => "created",
        (ChangeOp::Update, _) => "changed",
        (ChangeOp::Remove, _) => "removed",
        (ChangeOp::AddMember, _) => "added to",
        (ChangeOp::RemoveMember, _) => "removed from",
    }
}

/// What a change did, in a few words: `created`, `role reader → writer, +2`.
pub fn change_summary(change: &ChangeView, glyphs: &Glyphs) -> String {
    let Some(first) = change
        .fields
        .first()
        .filter(|_| change.op == ChangeOp::Update)
    else {
        return match (change.op, change.fields.first()) {
            (ChangeOp::AddMember, Some(field)) => format!("added {}", value(field.after.as_ref())),
            (ChangeOp::RemoveMember, Some(field)) => {
                format!("removed {}", value(field.before.as_ref()))
            }
            _ => verb(change).to_owned(),
        };
    };
    let name = first.path.rsplit(':').next().unwrap_or(&first.path);
    let text = match (&first.before, &first.after) {
        (None, after) => format!("{name} {}", value(after.as_ref())),
        (before, after) => format!(
            "{name} {} {} {}",
            value(before.as_ref()),
            glyphs.arrow,
            value(after.as_ref())
        ),
    };
    match change.fields.len() {
        1 => text,
        fields => format!("{text}, +{}", fields - 1),
    }
}

/// The role of a change.
pub fn change_role(op: ChangeOp) -> Role {
    match op {
        ChangeOp::Create | ChangeOp::AddMember => Role::Added,
        ChangeOp::Remove | ChangeOp::RemoveMember => Role::Removed,
        ChangeOp::Update => Role::Text,
    }
}

/// A JSON value on one line; a string without its quotes, nothing as `nothing`.
pub fn value(value: Option<&serde_json::Value>) -> String {
    const LONGEST: usize = 200;
    match value {
        None => "nothing".to_owned(),
        Some(serde_json::Value::String(text)) if text.is_empty() => "empty".to_owned(),
        Some(serde_json::Value::String(text)) => text.chars().take(LONGEST).collect(),
        Some(other) => other.to_string().chars().take(LONGEST).collect(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(1_000, "1,000")]
    #[case(1_234_567, "1,234,567")]
    fn thousands_are_parted(#[case] number: u64, #[case] text: &str) {
        assert_eq!(count(number), text);
    }

    #[rstest]
    #[case(0, "just now")]
    #[case(59, "just now")]
    #[case(60, "1 min ago")]
    #[case(3_600, "1 h ago")]
    #[case(172_800, "2 days ago")]
    fn ages_are_coarse(#[case] seconds: i64, #[case] text: &str) {
        let then = Timestamp::from_second(1_000_000).unwrap();
        let now = Timestamp::from_second(1_000_000 + seconds).unwrap();
        assert_eq!(age(then, now), text);
        let next = next_age_change(then, now);
        assert!(next > now);
    }

    #[rstest]
    #[case(840, "0.8 ms")]
    #[case(12_300, "12 ms")]
    #[case(1_250_000, "1.2 s")]
    fn durations_have_the_digits_that_matter(#[case] microseconds: u64, #[case] text: &str) {
        assert_eq!(duration(microseconds), text);
    }

    #[rstest]
    #[case(512, "512 B")]
    #[case(1_250, "1.2 kB")]
    #[case(5_242_880, "5.2 MB")]
    fn sizes_have_the_digits_that_matter(#[case] size: u64, #[case] text: &str) {
        assert_eq!(bytes(size), text);
    }
}
