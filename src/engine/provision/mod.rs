//! SCIM requests: the one entry of the edge, [`Engine::scim`].
//!
//! A read is answered from the store and logged behind it. A write is prepared (parse, tolerate the dialect, load),
//! decided, rendered, and committed with its log line as one; a race decides it anew. Nothing is answered before it is
//! durable.

mod bulk;
mod discovery;
mod finish;
mod gate;
mod group_edit;
mod list;
pub(super) mod manager;
mod me;
mod password;
mod precondition;
mod prepare;
mod read;
mod render;
mod retries;
mod write;

pub(super) use retries::Retries;

use super::Engine;
use super::call::{Asynchronous, Operation, ScimAnswer, ScimCall};
use super::events::RETRY_AFTER;
use super::events::async_requests::may_wait;
use crate::directory::{Outcome, TraceStep};
use crate::request_log::Subject;
use crate::scim::{Coercion, ScimError};

/// What a request came to, before it is logged.
#[derive(Debug)]
struct Reply {
    answer: ScimAnswer,
    outcome: Outcome,
    subject: Option<Subject>,
    trace: Vec<TraceStep>,
}

/// Why a request came to nothing before a decision was made.
#[derive(Debug)]
pub(super) struct Failure {
    error: ScimError,
    /// `Retry-After`, in seconds.
    retry_after: Option<u64>,
    subject: Option<Subject>,
    notes: Vec<Coercion>,
    /// Whether it waits for an admin, and is not refused for good.
    held: bool,
    /// The step that failed, where more is known than the error says.
    step: Option<TraceStep>,
}

impl From<ScimError> for Failure {
    fn from(mut error: ScimError) -> Self {
        Self {
            notes: std::mem::take(&mut error.notes),
            error,
            retry_after: None,
            subject: None,
            held: false,
            step: None,
        }
    }
}

impl Failure {
    /// Adds what was tolerated before it.
    fn after(mut self, mut notes: Vec<Coercion>) -> Self {
        notes.append(&mut self.notes);
        self.notes = notes;
        self
    }
}

/// A write that was answered, logged, and durable where it changed anything.
#[derive(Debug)]
struct Done {
    answer: ScimAnswer,
    outcome: Outcome,
    /// How many objects it changed.
    changes: u32,
}

impl Engine {
    /// Answers one SCIM request, logs it, and returns once all it changed is durable.
    pub async fn scim(&self, mut call: ScimCall) -> ScimAnswer {
        call.exchange.row.retry_of = self.retries.failed_before(&call);
        if let Some(failure) = self.shut() {
            return self.finish_failure(call, failure).await;
        }
        if let Operation::Me(method) = call.operation {
            match me::alias(method, call.member) {
                Ok(operation) => call.operation = operation,
                Err(error) => return self.finish_failure(call, error.into()).await,
            }
        }
        let reply = match &call.operation {
            Operation::Read(kind, id) => self.read(&call, *kind, id).await,
            Operation::List(kind) => self.list(&call, *kind).await,
            Operation::Search(kind) => self.search(&call, *kind).await,
            Operation::SearchAll => self.search_all(&call).await,
            Operation::ListAll => self.list_all(&call).await,
            Operation::ServiceProviderConfig
            | Operation::ResourceTypes(_)
            | Operation::Schemas(_) => self.discovery(&call),
            // Resolved above.
            Operation::Me(_) => Err(ScimError::new(501, "/Me is not offered").into()),
            Operation::Bulk
            | Operation::Create(_)
            | Operation::Replace(..)
            | Operation::Patch(..)
            | Operation::Delete(..) => {
                if call.asynchronous == Asynchronous::Wanted && may_wait(&call.body) {
                    return self.accept(call).await;
                }
                if let Err(error) = self.wait_for_turn(&call).await {
                    return self.turn_away(call, error, Some(RETRY_AFTER)).await;
                }
                if call.operation == Operation::Bulk {
                    return Box::pin(self.bulk(call)).await;
                }
                // Most requests are reads, which need not carry the room of a write.
                return Box::pin(self.write(call)).await.answer;
            }
        };
        match reply {
            Ok(reply) => self.finish_read(call, reply).await,
            Err(failure) => self.finish_failure(call, failure).await,
        }
    }
}
