//! The operations of one bulk request on their way.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;

use super::super::Done;
use super::child::{self, Known, Made};
use super::{LISTED, Summary, operation_step};
use crate::counted::{count, counted};
use crate::directory::fold::fold;
use crate::directory::{Outcome, RequestId, Stage, TraceStep};
use crate::engine::Engine;
use crate::engine::call::{Asynchronous, Part, ScimAnswer, ScimCall};
use crate::scim::bulk::{
    BulkMethod, BulkOperation, BulkRequest, BulkResult, BulkTarget, Node, Plan, Step, plan,
};
use crate::scim::events::EventSubject;
use crate::scim::{ResourceKind, ScimError, render};
use crate::store::StoreError;

/// How many creations are under way at once: as many as one commit takes.
const SIDE_BY_SIDE: usize = 128;

/// A bulk request at work.
pub(super) struct Run<'e> {
    engine: &'e Engine,
    call: &'e ScimCall,
    operations: Vec<BulkOperation>,
    plan: Plan,
    fail_on_errors: Option<u64>,
    /// The request that the first step is; the others follow.
    first: RequestId,
    known: Known,
    /// By the position of the operation.
    results: Vec<Option<BulkResult>>,
    errors: u64,
    changes: u32,
    outcomes: Vec<Outcome>,
    trace: Vec<TraceStep>,
    /// The transaction, where the request was accepted before (RFC 9967 §2.5.1.2).
    txn: Option<&'e str>,
    /// Whether a step failed that may succeed later, so that an accepted request waits for another execution.
    is_cut_off: bool,
    /// The operations that were not carried out to their end.
    left: Vec<usize>,
}

impl<'e> Run<'e> {
    pub(super) fn new(engine: &'e Engine, call: &'e ScimCall, request: BulkRequest) -> Self {
        let operations = request.operations;
        let plan = plan(&nodes(&operations));
        let steps = u64::try_from(plan.steps.len()).unwrap_or(u64::MAX);
        Self {
            first: engine.next_request_ids(steps),
            results: vec![None; operations.len()],
            engine,
            call,
            operations,
            plan,
            fail_on_errors: request.fail_on_errors,
            known: Known::new(),
            errors: 0,
            changes: 0,
            outcomes: Vec::new(),
            trace: Vec::new(),
            txn: match &call.asynchronous {
                Asynchronous::Execution(txn) => Some(txn),
                _ => None,
            },
            is_cut_off: false,
            left: Vec::new(),
        }
    }

    /// Whether an accepted request could not be carried out to its end now.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// Tells of the operations of an accepted request that were not carried out: their client waits for each.
    pub(super) async fn tell_left(&self) -> Result<(), StoreError> {
        for index in &self.left {
            let (Some(txn), Some(operation)) = (self.part_txn(*index), self.operations.get(*index))
            else {
                continue;
            };
            let result = self.results.get(*index).cloned().flatten();
            let result = result.unwrap_or_else(|| {
                let error = ScimError::new(409, "not carried out: too many others failed");
                self.result(operation, failed(&error))
            });
            let id = result
                .location
                .as_deref()
                .and_then(|it| it.rsplit('/').next());
            let subject = EventSubject {
                resource: operation
                    .target
                    .as_ref()
                    .map_or(ResourceKind::User, BulkTarget::kind),
                id: id.map(str::to_owned),
                external_id: None,
            };
            self.engine
                .tell_left(self.call, &txn, subject, &result)
                .await?;
        }
        Ok(())
    }

    fn part_txn(&self, index: usize) -> Option<String> {
        Some(format!("{}:{index}", self.txn?))
    }

    /// What a step is of an accepted request.
    fn part(&self, step: Step) -> Option<Part> {
        let (Step::Operate(index) | Step::Complete(index)) = step;
        let completes = match step {
            Step::Operate(_) => None,
            Step::Complete(_) => {
                let created = self.results.get(index)?.as_ref()?;
                Some((created.status, created.location.clone()))
            }
        };
        Some(Part {
            txn: self.part_txn(index)?,
            bulk_id: self.operations.get(index)?.bulk_id.clone(),
            is_last: completes.is_some() || !self.plan.steps.contains(&Step::Complete(index)),
            completes,
        })
    }

    /// What came of a step in an execution before this one.
    async fn done_before(&self, part: &Part) -> Option<Done> {
        let answer = match self.engine.answer_before(&part.txn, part.is_last).await {
            Ok(answer) => answer?,
            Err(_) => failed(&ScimError::new(503, "what was done could not be read")),
        };
        Some(Done {
            outcome: match answer.status {
                ..300 => Outcome::Applied,
                300..500 => Outcome::Refused,
                _ => Outcome::Error,
            },
            answer,
            changes: 0,
        })
    }

    /// Carries out all steps, until there are as many errors as the client puts up with, or the time is over.
    pub(super) async fn go(&mut self, time: Duration) {
        let mut at = 0;
        while at < self.plan.steps.len() && !self.has_failed() {
            if self.call.started.elapsed() >= time {
                self.give_up(at);
                return;
            }
            let wave = self.wave(at);
            let done = join_all((at..at + wave).map(|position| self.perform(position))).await;
            self.is_cut_off =
                self.txn.is_some() && done.iter().flatten().any(|done| done.answer.status == 503);
            if self.is_cut_off {
                return;
            }
            for (position, done) in (at..).zip(done) {
                self.take(position, done);
            }
            at += wave;
        }
        if at < self.plan.steps.len() {
            self.stop(at);
        }
    }

    /// Whether there are as many errors as the client puts up with (RFC 7644 §3.7.3).
    fn has_failed(&self) -> bool {
        self.fail_on_errors.is_some_and(|most| self.errors >= most)
    }

    /// How many of the next steps can be taken side by side: creations that cannot want the same name, do not refer to
    /// each other, and cannot make more errors together than the client puts up with. At least one.
    fn wave(&self, at: usize) -> usize {
        let left = self
            .fail_on_errors
            .map_or(u64::MAX, |most| most.saturating_sub(self.errors));
        let most = SIDE_BY_SIDE.min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut names = HashSet::new();
        let mut bulk_ids = HashSet::new();
        let mut count = 0;
        for step in self.plan.steps.iter().skip(at).take(most) {
            let Step::Operate(index) = step else { break };
            let Some(operation) = self.operations.get(*index) else {
                break;
            };
            let is_free = operation.method == BulkMethod::Post
                && !operation
                    .references()
                    .iter()
                    .any(|needed| bulk_ids.contains(*needed));
            let own = names_of(operation);
            if !is_free || own.iter().any(|name| names.contains(name)) {
                break;
            }
            names.extend(own);
            bulk_ids.extend(operation.bulk_id.as_deref());
            count += 1;
        }
        count.max(1)
    }

    /// Takes one step. Nothing of it is in `self` before [`take`](Self::take).
    async fn perform(&self, position: usize) -> Option<Done> {
        let step = *self.plan.steps.get(position)?;
        let (Step::Operate(index) | Step::Complete(index)) = step;
        let operation = self.operations.get(index)?;
        let part = self.part(step);
        if let Some(part) = &part
            && let Some(done) = self.done_before(part).await
        {
            return Some(done);
        }
        let later = self.later(index);
        let id = self.request_id(position);
        let resolved = match step {
            Step::Operate(_) => child::resolve(operation, &self.known, &later),
            Step::Complete(_) => {
                // What was not made has nothing to complete.
                let Some(Made::Id(made)) = self.made_by(operation) else {
                    return None;
                };
                child::completion(operation, made, &self.known, &later)
            }
        };
        let mut call = child::call(
            self.call,
            id,
            operation,
            self.remark(index, step, operation),
        );
        if let Some(part) = part {
            call.asynchronous = Asynchronous::Part(Box::new(part));
        }
        if let Step::Complete(_) = step {
            "PATCH".clone_into(&mut call.exchange.row.method);
        }
        let (what, data) = match resolved {
            Ok(resolved) => resolved,
            Err(error) => {
                child::set_body(&mut call, &operation.data);
                return Some(self.engine.fail(call, error.into()).await);
            }
        };
        call.operation = what;
        if let Step::Operate(_) = step {
            call.if_match.clone_from(&operation.version);
        }
        child::set_body(&mut call, &data);
        call.exchange.row.retry_of = self.engine.retries.failed_before(&call);
        // Boxed: the future of a write is large, and there are many of them.
        Some(Box::pin(self.engine.write(call)).await)
    }

    fn remark(&self, index: usize, step: Step, operation: &BulkOperation) -> String {
        let what = match step {
            Step::Operate(_) => "operation",
            Step::Complete(_) => "references added after operation",
        };
        let bulk_id = operation.bulk_id.as_ref().map_or_else(String::new, |id| {
            format!(", bulkId {}", self.call.redactor.0.text(id))
        });
        format!(
            "{what} {} of {} of bulk request {}{bulk_id}",
            index + 1,
            self.operations.len(),
            self.call.exchange.row.id
        )
    }

    /// Takes over what came of a step.
    fn take(&mut self, position: usize, done: Option<Done>) {
        let (Some(step), Some(done)) = (self.plan.steps.get(position).copied(), done) else {
            return;
        };
        let (Step::Operate(index) | Step::Complete(index)) = step;
        let Some(operation) = self.operations.get(index) else {
            return;
        };
        self.changes = self.changes.saturating_add(done.changes);
        self.outcomes.push(done.outcome);
        let result = match step {
            Step::Operate(_) => self.result(operation, done.answer),
            Step::Complete(_) => {
                let created = self.results.get(index).cloned().flatten();
                completed(created, self.result(operation, done.answer))
            }
        };
        let is_error = result.is_error();
        if is_error {
            self.errors += 1;
        }
        if position < LISTED {
            let id = self.request_id(position);
            let what = format!(
                "operation {}, {} {}: request {id}, answered {}",
                index + 1,
                operation.method.as_str(),
                child::logged_path(self.call, operation).0,
                result.status
            );
            self.trace.push(operation_step(what, is_error));
        }
        if let (Step::Operate(_), BulkMethod::Post, Some(bulk_id)) =
            (step, operation.method, &operation.bulk_id)
        {
            let id = (!is_error)
                .then(|| result.location.as_deref()?.rsplit('/').next())
                .flatten();
            let made = id.map_or(Made::Failed, |id| Made::Id(id.to_owned()));
            self.known.insert(bulk_id.clone(), made);
        }
        if let Some(slot) = self.results.get_mut(index) {
            *slot = Some(result);
        }
    }

    fn result(&self, operation: &BulkOperation, answer: ScimAnswer) -> BulkResult {
        let is_error = answer.status >= 300;
        // RFC 7644 §3.7: `location` is there except where a POST failed.
        let location = answer.location.or_else(|| match &operation.target {
            Ok(BulkTarget::Resource(kind, id)) => {
                Some(render::location(&self.call.base_url, *kind, id))
            }
            Ok(BulkTarget::Created(kind, bulk_id)) => match self.known.get(bulk_id) {
                Some(Made::Id(id)) => Some(render::location(&self.call.base_url, *kind, id)),
                Some(Made::Failed) | None => None,
            },
            Ok(BulkTarget::Endpoint(_)) | Err(_) => None,
        });
        BulkResult {
            method: operation.method,
            bulk_id: operation.bulk_id.clone(),
            location,
            version: answer.etag,
            status: answer.status,
            response: answer
                .body
                .filter(|_| is_error)
                .and_then(|body| serde_json::from_str(&body).ok()),
        }
    }

    /// The client has enough of errors. What is not begun is not answered; what was created without a reference says so.
    fn stop(&mut self, at: usize) {
        let left = self.plan.steps.len() - at;
        self.left = self
            .plan
            .steps
            .iter()
            .skip(at)
            .map(|step| match step {
                Step::Operate(index) | Step::Complete(index) => *index,
            })
            .collect();
        self.trace.push(TraceStep::noted(
            Stage::Effect,
            format!(
                "failOnErrors: {}; {} not taken",
                counted(self.errors, "error"),
                count(left as u64, "step was", "steps were")
            ),
        ));
        self.leave_incomplete(
            at,
            &ScimError::new(
                409,
                "created without its references: the request ended before they were known",
            ),
        );
    }

    /// The time is over. Every operation that was not begun is answered, so that the client can send it again.
    fn give_up(&mut self, at: usize) {
        let error = ScimError::new(
            503,
            "the bulk request takes too long; this operation was not begun, send it again",
        );
        for step in self.plan.steps.iter().skip(at) {
            let Step::Operate(index) = *step else {
                continue;
            };
            let Some(operation) = self.operations.get(index) else {
                continue;
            };
            let answer = failed(&error);
            let result = self.result(operation, answer);
            self.errors += 1;
            if let Some(slot) = self.results.get_mut(index) {
                *slot = Some(result);
            }
        }
        self.leave_incomplete(
            at,
            &ScimError::new(503, "created without its references: the time was over"),
        );
        self.trace.push(TraceStep::failed(
            Stage::Effect,
            "the time was over; some operations were not begun",
        ));
        self.outcomes.push(Outcome::Error);
    }

    fn leave_incomplete(&mut self, at: usize, error: &ScimError) {
        for step in self.plan.steps.iter().skip(at) {
            let Step::Complete(index) = *step else {
                continue;
            };
            let Some(slot) = self.results.get_mut(index) else {
                continue;
            };
            if let Some(created) = slot.take_if(|created| !created.is_error()) {
                *slot = Some(BulkResult {
                    status: error.status,
                    response: Some(error.body()),
                    ..created
                });
                self.errors += 1;
            }
        }
    }

    /// The `bulkId`s that an operation is carried out without.
    fn later(&self, index: usize) -> Vec<&str> {
        let later = self.plan.later.get(index).into_iter().flatten();
        later
            .filter_map(|need| self.operations.get(*need)?.bulk_id.as_deref())
            .collect()
    }

    fn made_by(&self, operation: &BulkOperation) -> Option<&Made> {
        self.known.get(operation.bulk_id.as_deref()?)
    }

    fn request_id(&self, position: usize) -> RequestId {
        RequestId(self.first.0 + u64::try_from(position).unwrap_or_default())
    }

    pub(super) fn into_summary(self) -> Summary {
        let steps = u64::try_from(self.plan.steps.len()).unwrap_or(u64::MAX);
        let last = RequestId(self.first.0 + steps.saturating_sub(1));
        let mut trace = vec![TraceStep::passed(
            Stage::Parse,
            format!(
                "{}, each a request of its own: id:{}..{}",
                counted(self.operations.len() as u64, "operation"),
                self.first.0,
                last.0
            ),
        )];
        trace.extend(self.trace);
        if self.plan.steps.len() > LISTED {
            trace.push(TraceStep::passed(
                Stage::Effect,
                format!("the first {LISTED} are listed; the others are in the log"),
            ));
        }
        let results: Vec<BulkResult> = self.results.into_iter().flatten().collect();
        Summary {
            outcome: outcome(&self.outcomes),
            changes: self.changes,
            errors: self.errors,
            trace,
            results,
        }
    }
}

/// What each operation needs: those that create what it refers to, and the one before it on the same resource.
fn nodes(operations: &[BulkOperation]) -> Vec<Node> {
    let makers: HashMap<&str, usize> = operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| operation.method == BulkMethod::Post)
        .filter_map(|(at, operation)| Some((operation.bulk_id.as_deref()?, at)))
        .collect();
    let mut last_on: HashMap<(ResourceKind, String), usize> = HashMap::new();
    operations
        .iter()
        .enumerate()
        .map(|(at, operation)| {
            let mut needs: Vec<usize> = Vec::new();
            if let Ok(BulkTarget::Resource(kind, id) | BulkTarget::Created(kind, id)) =
                &operation.target
            {
                needs.extend(last_on.insert((*kind, id.to_ascii_lowercase()), at));
            }
            let references = operation.references();
            needs.extend(references.iter().filter_map(|it| makers.get(it)));
            Node { needs }
        })
        .collect()
}

/// The names by which what an operation creates could collide with what another one creates.
fn names_of(operation: &BulkOperation) -> Vec<(ResourceKind, &'static str, String)> {
    let (Ok(target), Value::Object(data)) = (&operation.target, &operation.data) else {
        return Vec::new();
    };
    let kind = target.kind();
    let keys: &[&'static str] = match kind {
        ResourceKind::User => &["userName", "externalId"],
        ResourceKind::Group => &["displayName", "externalId"],
    };
    let mut names = Vec::new();
    for (name, value) in data {
        // A name may be qualified by its schema.
        let short = name.rsplit(':').next().unwrap_or(name);
        if let (Some(key), Some(text)) = (
            keys.iter().find(|key| key.eq_ignore_ascii_case(short)),
            value.as_str(),
        ) {
            names.push((kind, *key, fold(text)));
        }
    }
    names
}

/// The result of a creation whose references were added afterwards: it is only as good as that.
fn completed(created: Option<BulkResult>, completion: BulkResult) -> BulkResult {
    match created {
        Some(created) if completion.is_error() => BulkResult {
            status: completion.status,
            response: completion.response,
            ..created
        },
        Some(created) => BulkResult {
            version: completion.version.or(created.version),
            ..created
        },
        None => completion,
    }
}

fn failed(error: &ScimError) -> ScimAnswer {
    ScimAnswer {
        status: error.status,
        body: Some(error.body().to_string()),
        ..ScimAnswer::default()
    }
}

/// What became of the whole: something changed, or the worst that happened.
fn outcome(outcomes: &[Outcome]) -> Outcome {
    [
        Outcome::Applied,
        Outcome::Error,
        Outcome::Held,
        Outcome::Refused,
        Outcome::Ignored,
    ]
    .into_iter()
    .find(|outcome| outcomes.contains(outcome))
    .unwrap_or(Outcome::NoOp)
}
