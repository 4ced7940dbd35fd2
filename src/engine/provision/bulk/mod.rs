//! A bulk request (RFC 7644 §3.7): many writes in one message, each a request of its own.
//!
//! Every operation goes the way of any other write: its own command, decision, transaction and line of the request log,
//! which names the bulk request as the one it is `part_of`. There is no atomicity over operations, as the RFC says. The
//! line of the bulk request itself says which requests its operations are and what came of each; it is written when all
//! are durable. Creations that cannot meet run side by side, so that they share commits.

mod child;
mod run;

use std::time::Duration;

use super::finish::{complete, note_steps};
use super::prepare::parse_body;
use crate::directory::{Outcome, Stage, TraceStep};
use crate::engine::Engine;
use crate::engine::call::{ScimAnswer, ScimCall};
use crate::scim::bulk::{BulkRequest, response};
use crate::scim::{Limits, ScimError};
use run::Run;

/// How long operations are begun; those after it are answered with 503. Below the time the edge waits for an answer, so
/// that a client learns what was done.
const TIME: Duration = Duration::from_secs(45);

/// How many operations the line of the bulk request lists one by one. All of them are lines of their own.
const LISTED: usize = 100;

impl Engine {
    /// Answers a bulk request once everything it changed is durable.
    pub(super) async fn bulk(&self, mut call: ScimCall) -> ScimAnswer {
        let read =
            parse_body(&call.body).and_then(|body| BulkRequest::parse(body, &Limits::default()));
        let request = match read {
            Ok(request) => request,
            Err(error) => return self.finish_failure(call, error.into()).await,
        };
        call.exchange.trace.extend(note_steps(&request.notes));
        let mut run = Run::new(self, &call, request);
        let is_accepted = call.asynchronous.is_execution();
        // Nobody waits for what was accepted.
        run.go(if is_accepted { Duration::MAX } else { TIME }).await;
        if is_accepted && (run.is_cut_off() || run.tell_left().await.is_err()) {
            drop(run);
            let error = ScimError::new(503, "some operations could not be carried out yet");
            return self.turn_away(call, error.with_code("BUSY"), None).await;
        }
        let summary = run.into_summary();
        self.retries.ended(&call, summary.errors > 0);
        call.exchange.trace.extend(summary.trace);
        call.exchange.row.changes = summary.changes;
        let answer = ScimAnswer {
            status: 200,
            body: Some(response(&summary.results).to_string()),
            ..ScimAnswer::default()
        };
        complete(&mut call.exchange, call.started, &answer, summary.outcome);
        if is_accepted {
            self.end_accepted(call, &answer).await;
        } else {
            self.record(call.exchange).await;
        }
        answer
    }
}

/// What came of a bulk request, for its own line of the log.
struct Summary {
    results: Vec<crate::scim::bulk::BulkResult>,
    outcome: Outcome,
    changes: u32,
    errors: u64,
    trace: Vec<TraceStep>,
}

/// A step about one operation.
fn operation_step(what: String, is_error: bool) -> TraceStep {
    if is_error {
        TraceStep::failed(Stage::Effect, what)
    } else {
        TraceStep::passed(Stage::Effect, what)
    }
}
