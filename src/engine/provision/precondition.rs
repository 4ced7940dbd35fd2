//! The conditions of a request held against what is stored (RFC 9110 §13).
//!
//! RFC 9110 §13.2.1: a request that fails without its conditions fails in the same way with them. So a resource that is
//! not there is 404, and a name that is taken is 409, whatever the conditions say.

use super::Failure;
use crate::directory::{Change, Decision, Facts, Stage, TraceStep};
use crate::engine::call::ScimCall;
use crate::request_log::Subject;
use crate::scim::{Preconditions, ScimError, Unmet, render};

/// The explain code of a version that is not the one the client knows.
const VERSION_MISMATCH: &str = "VERSION_MISMATCH";

/// The conditions of a write.
pub(super) fn of_write(call: &ScimCall) -> Result<Preconditions, ScimError> {
    Preconditions::of_write(call.if_match.as_deref(), call.if_none_match.as_deref())
}

/// Holds the conditions of a write against the version there is. Returns the version to insist on until the commit:
/// none where the client set no condition.
pub(super) fn insist(call: &ScimCall, version: u64) -> Result<Option<u64>, Failure> {
    let conditions = of_write(call)?;
    match conditions.check(Some(version)) {
        Ok(()) => Ok((!conditions.is_empty()).then_some(version)),
        Err(unmet) => Err(failure(&unmet, Some(version))),
    }
}

/// Holds the conditions of a POST against what it would write: a resource that does not exist yet, or one that the
/// policy takes up again. `If-None-Match: *` therefore means: create, and touch nothing that is there.
pub(super) fn check_creation(
    conditions: &Preconditions,
    decision: &Decision,
    facts: &Facts,
    subject: &Subject,
) -> Result<(), Failure> {
    let creates = decision.changes.iter().any(|change| {
        matches!(
            change,
            Change::MemberCreated { .. } | Change::TeamCreated { .. }
        )
    });
    if conditions.is_empty() || decision.refusal.is_some() {
        return Ok(());
    }
    let taken_up = facts.rivals.first().map(|rival| rival.member.version);
    let version = taken_up.filter(|_| !creates);
    conditions.check(version).map_err(|unmet| Failure {
        subject: Some(subject.clone()),
        ..failure(&unmet, version)
    })
}

/// The 412 of a condition that does not hold.
pub(super) fn failure(unmet: &Unmet, version: Option<u64>) -> Failure {
    let came = version.map_or_else(|| "no resource yet".to_owned(), render::etag);
    let (expected, detail) = match (unmet, version) {
        (Unmet::Match(tags), Some(_)) => (
            format!("one of {tags}"),
            "the resource has changed since it was read; read it again",
        ),
        (Unmet::Match(tags), None) => (
            format!("one of {tags}"),
            "If-Match asks for a resource that is there; this one is yet to be created",
        ),
        (Unmet::NoneMatch(tags), _) => (
            format!("none of {tags}"),
            "If-None-Match asks for a resource that is not there in this version; it is",
        ),
    };
    let step = TraceStep::failed(Stage::Match, detail).comparing(expected, came);
    Failure {
        step: Some(step),
        ..ScimError::new(412, detail)
            .with_code(VERSION_MISMATCH)
            .into()
    }
}
