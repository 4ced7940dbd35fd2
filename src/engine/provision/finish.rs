//! The end of a request: the answer, its line in the log, and what the tail is told.

use std::time::Instant;

use super::{Failure, Reply};
use crate::directory::{Change, Decision, Outcome, RefusalKind, Stage, TraceStep};
use crate::engine::Engine;
use crate::engine::call::{ScimAnswer, ScimCall};
use crate::explain;
use crate::request_log::{Exchange, Message, Subject};
use crate::scim::{Coercion, ScimError, ScimType};
use crate::store::StoreError;

/// How long a client should wait when it met a race or a full queue and nobody said how long, in seconds.
const COME_BACK: u64 = 1;

impl Engine {
    /// Logs a read and answers it.
    pub(super) async fn finish_read(&self, mut call: ScimCall, reply: Reply) -> ScimAnswer {
        self.retries.ended(&call, false);
        call.exchange.trace.extend(reply.trace);
        call.exchange.row.subject = reply.subject;
        complete(
            &mut call.exchange,
            call.started,
            &reply.answer,
            reply.outcome,
        );
        self.record(call.exchange).await;
        reply.answer
    }

    /// Logs a request that came to nothing and answers it.
    pub(in crate::engine) async fn finish_failure(
        &self,
        mut call: ScimCall,
        failure: Failure,
    ) -> ScimAnswer {
        self.retries.ended(&call, true);
        let outcome = if failure.held {
            Outcome::Held
        } else if failure.error.status >= 500 {
            Outcome::Error
        } else {
            Outcome::Refused
        };
        call.exchange.trace.extend(note_steps(&failure.notes));
        let step = failure.step.unwrap_or_else(|| {
            TraceStep::failed(stage_of(&failure.error), failure.error.detail.clone())
        });
        call.exchange.trace.push(step);
        call.exchange.row.code = failure.error.code.map(str::to_owned);
        call.exchange.detail = Some(failure.error.detail.clone());
        if failure.subject.is_some() {
            call.exchange.row.subject = failure.subject;
        }
        let mut error = failure.error;
        call.exchange.row.status = error.status;
        // The rules of the catalogue read `scimType` from the answer; the code they find goes into the one that is sent.
        call.exchange.response = response_message(&error_answer(&error));
        name_code(&mut call.exchange, outcome);
        error.detail = on_the_wire(&error.detail, None, &call.exchange);
        let mut answer = error_answer(&error);
        answer.retry_after = failure.retry_after;
        complete(&mut call.exchange, call.started, &answer, outcome);
        if call.asynchronous.is_execution() {
            self.end_accepted(call, &answer).await;
        } else {
            self.record(call.exchange).await;
        }
        answer
    }

    /// Turns a request away that nothing was done about yet.
    pub(in crate::engine) async fn turn_away(
        &self,
        call: ScimCall,
        error: ScimError,
        retry_after: Option<u64>,
    ) -> ScimAnswer {
        let failure = Failure {
            retry_after,
            ..error.into()
        };
        self.finish_failure(call, failure).await
    }
}

/// The answer of a refused decision.
pub(super) fn refusal_error(decision: &Decision) -> Option<ScimError> {
    let refusal = decision.refusal.as_ref()?;
    let scim_type = match refusal.kind {
        RefusalKind::Invalid => Some(ScimType::InvalidValue),
        RefusalKind::Mutability => Some(ScimType::Mutability),
        RefusalKind::Uniqueness => Some(ScimType::Uniqueness),
        RefusalKind::Forbidden
        | RefusalKind::NotFound
        | RefusalKind::VersionMismatch
        | RefusalKind::Held => None,
    };
    Some(ScimError {
        status: refusal.kind.status(),
        scim_type,
        detail: refusal.detail.clone(),
        code: None,
        notes: Vec::new(),
    })
}

/// Writes a decision into the line of the log.
pub(super) fn describe(
    exchange: &mut Exchange,
    decision: &Decision,
    notes: &[Coercion],
    subject: Subject,
) {
    exchange.trace.extend(note_steps(notes));
    exchange.trace.extend(decision.trace.iter().cloned());
    exchange.changed = decision.changes.iter().map(Change::view).collect();
    exchange.policy_key = decision.policy_key.map(str::to_owned);
    exchange.row.changes = u32::try_from(decision.changes.len()).unwrap_or(u32::MAX);
    exchange.row.subject = Some(subject);
    if let Some(refusal) = &decision.refusal {
        exchange.row.code = Some(refusal.code.clone());
        exchange.detail = Some(refusal.detail.clone());
    }
}

/// Writes the answer into the line of the log.
pub(super) fn complete(
    exchange: &mut Exchange,
    started: Instant,
    answer: &ScimAnswer,
    outcome: Outcome,
) {
    exchange.row.status = answer.status;
    exchange.row.outcome = outcome;
    exchange.row.duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    exchange.trace.push(TraceStep::passed(
        Stage::Response,
        format!("answered {}", answer.status),
    ));
    exchange.response = response_message(answer);
    name_code(exchange, outcome);
}

/// The error body with one sentence, the code, the policy key that decided, and the number of the request, so that who reads it in the IdP can find
/// it here.
pub(super) fn on_the_wire(detail: &str, key: Option<&str>, exchange: &Exchange) -> String {
    let request = format!("request {}", exchange.row.id);
    let code = exchange.row.code.as_deref();
    // A key that the sentence names already need not be said twice.
    let key = key.filter(|key| !detail.contains(key));
    let behind: Vec<&str> = code
        .into_iter()
        .chain(key)
        .chain([request.as_str()])
        .collect();
    format!("{detail} ({})", behind.join(", "))
}

pub(super) fn error_answer(error: &ScimError) -> ScimAnswer {
    ScimAnswer {
        status: error.status,
        body: Some(error.body().to_string()),
        ..ScimAnswer::default()
    }
}

/// Finds the code of a failure, or of a remark, that was not named where it happened.
fn name_code(exchange: &mut Exchange, outcome: Outcome) {
    if exchange.row.code.is_none() {
        exchange.row.outcome = outcome;
        exchange.row.code = explain::detect(exchange);
    }
}

pub(super) fn note_steps(notes: &[Coercion]) -> impl Iterator<Item = TraceStep> {
    notes
        .iter()
        .map(|note| TraceStep::noted(Stage::Parse, format!("{}: {}", note.rule, note.detail)))
}

fn stage_of(error: &ScimError) -> Stage {
    match error.status {
        404 | 412 => Stage::Match,
        500.. => Stage::Effect,
        _ => Stage::Parse,
    }
}

fn response_message(answer: &ScimAnswer) -> Message {
    let mut headers = Vec::new();
    if answer.body.is_some() {
        headers.push((
            "content-type".to_owned(),
            "application/scim+json".to_owned(),
        ));
    }
    let mut header = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            headers.push((name.to_owned(), value.clone()));
        }
    };
    header("etag", &answer.etag);
    header("location", &answer.location);
    header(
        "retry-after",
        &answer.retry_after.map(|seconds| seconds.to_string()),
    );
    let (body, truncated) = kept(answer.body.as_deref());
    Message {
        headers,
        body,
        body_bytes: answer.body.as_ref().map_or(0, |body| body.len() as u64),
        truncated,
    }
}

/// How much of an answer the log keeps, in bytes.
const KEPT: usize = 64 * 1_024;

fn kept(body: Option<&str>) -> (Option<String>, bool) {
    let Some(body) = body else {
        return (None, false);
    };
    if body.len() <= KEPT {
        return (Some(body.to_owned()), false);
    }
    let end = (0..=KEPT)
        .rev()
        .find(|end| body.is_char_boundary(*end))
        .unwrap_or(0);
    (body.get(..end).map(str::to_owned), true)
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (error, retry_after) = match error {
            StoreError::Busy {
                retry_after_seconds,
            } => (
                ScimError::new(503, "too many writes are waiting; try again").with_code("BUSY"),
                Some(retry_after_seconds),
            ),
            StoreError::Stale { .. } | StoreError::Taken { .. } => (
                ScimError::new(503, "others kept changing the same resource; try again")
                    .with_code("BUSY"),
                Some(COME_BACK),
            ),
            StoreError::Full { .. } => (
                ScimError::new(503, "the disk is full; nothing was changed").with_code("DISK_FULL"),
                Some(60),
            ),
            StoreError::Closed => (
                ScimError::new(503, "provost is shutting down; try again").with_code("BUSY"),
                Some(COME_BACK),
            ),
            StoreError::TooMany { limit } => (
                ScimError::bad_request(
                    ScimType::TooMany,
                    format!(
                        "the filter needs to look at more than {limit} resources; use an indexed attribute"
                    ),
                ),
                None,
            ),
            StoreError::Newer { .. }
            | StoreError::Corrupt { .. }
            | StoreError::InUse { .. }
            | StoreError::Shared { .. }
            | StoreError::Database(_) => {
                // What the database says may name paths and values; it is for the operator, not for the client.
                tracing::error!(%error, "the store failed");
                (
                    ScimError::new(500, "provost failed; nothing was changed")
                        .with_code("INTERNAL"),
                    None,
                )
            }
        };
        Self {
            error,
            retry_after,
            subject: None,
            notes: Vec::new(),
            held: false,
            step: None,
        }
    }
}
