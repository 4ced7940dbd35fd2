//! Asynchronous requests (RFC 9967 §2.5.1): accepted durably, executed in the order of their client, told of by an event.
//!
//! A request is executed by the transaction that also marks it executed, so that it happens once, whatever ends the
//! process when. Until then it waits in the store, and the next start finds it there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::call::{Asynchronous, Operation, Redactor, ScimAnswer, ScimCall};
use super::super::{Engine, EngineError};
use super::async_bulk;
use super::completion::{response_event, telling};
use crate::directory::{Actor, Outcome, Provisioning, Stage, TraceStep};
use crate::request_log::Exchange;
use crate::scim::events::{Event, EventKind, EventSubject, Occurrence, Recipient, claims};
use crate::scim::{ResourceKind, ScimError};
use crate::store::{AcceptedRequest, CommitUnit, FinishedRequest, NewEvent, Outbox, StoreError};

/// How many accepted requests are looked at together.
const FETCH: u32 = 256;
/// How long to wait before a request is tried again that the engine could not execute yet.
const AGAIN: Duration = Duration::from_secs(1);

/// A request as it waits.
#[derive(Serialize, Deserialize)]
struct StoredCall {
    verb: StoredVerb,
    kind: ResourceKind,
    id: Option<String>,
    query: Vec<(String, String)>,
    body: String,
    if_match: Option<String>,
    if_none_match: Option<String>,
    base_url: String,
    actor: Actor,
    exchange: Exchange,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredVerb {
    Create,
    Replace,
    Patch,
    Delete,
    /// Of no kind: the one it is stored with says nothing.
    Bulk,
}

/// The result of an accepted request as its client asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsyncResult {
    /// There is no such request of this client.
    Unknown,
    /// It waits.
    Waiting,
    /// It was executed; the token of the event.
    Done(String),
}

impl Engine {
    /// Accepts a write that [`may_wait`] for later: it is durable before the answer is given.
    pub(in crate::engine) async fn accept(&self, mut call: ScimCall) -> ScimAnswer {
        let client = call.actor.name.clone();
        let most = self.events.limits().accepted;
        match self.store.count_accepted(&client).await {
            Ok(waiting) if waiting < most => {}
            Ok(_) => {
                let error = ScimError::new(
                    503,
                    format!("{most} asynchronous requests of this client wait already; try again"),
                )
                .with_code("BUSY");
                return self.turn_away(call, error, Some(1)).await;
            }
            Err(error) => return self.turn_away_for(call, error).await,
        }
        let txn = Uuid::new_v4().simple().to_string();
        let text = match stored(&call) {
            Some(stored) => serde_json::to_string(&stored).unwrap_or_default(),
            None => String::new(),
        };
        let answer = ScimAnswer {
            status: 202,
            // §2.5.1.1 (a): where the completion event can be had.
            location: Some(format!("{}/events/v1/async/{txn}", self.public_url())),
            set_txn: Some(txn.clone()),
            ..ScimAnswer::default()
        };
        let row = &mut call.exchange.row;
        row.status = answer.status;
        row.outcome = Outcome::NoOp;
        row.duration_us = u64::try_from(call.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        call.exchange.trace.push(TraceStep::passed(
            Stage::Response,
            format!("answered 202; it waits for its execution as {txn}"),
        ));
        let row = call.exchange.row.clone();
        let unit = CommitUnit {
            at: row.at,
            actor: call.actor.clone(),
            policy_key: None,
            changes: Vec::new(),
            preconditions: Vec::new(),
            exchange: Some(call.exchange.clone()),
            token_secret: None,
            client_credentials: None,
            consent: None,
            password_hash: None,
            account: None,
            guards: crate::directory::GuardNotes::default(),
            recovery: crate::store::RecoveryCodes::default(),
            sign_in: crate::store::sso::SignInWrites::default(),
            outbox: Outbox {
                accepted: Some(AcceptedRequest {
                    txn,
                    client,
                    at: row.at,
                    call: text,
                }),
                ..Outbox::default()
            },
        };
        match self.store.commit(unit).await {
            Ok(_) => {
                self.live.publish(row);
                self.events.turns.accepted(&call.actor.name);
                self.events
                    .accepted
                    .send_modify(|it| *it = it.wrapping_add(1));
                answer
            }
            Err(error) => {
                call.exchange.trace.pop();
                self.turn_away_for(call, error).await
            }
        }
    }

    /// What came of an accepted request, for the client whose it is.
    pub async fn async_result(&self, txn: &str, client: &str) -> Result<AsyncResult, EngineError> {
        let state = self.store.async_state(txn).await?;
        let Some(state) = state.filter(|state| state.client == client) else {
            return Ok(AsyncResult::Unknown);
        };
        let Some((at, event)) = state.done else {
            return Ok(AsyncResult::Waiting);
        };
        let claims = claims(
            &event,
            at,
            txn,
            None,
            &Recipient {
                issuer: self.public_url(),
                audience: client,
                jti: txn,
                form: crate::scim::events::EventForm::Full,
                kinds: &[],
            },
        );
        Ok(AsyncResult::Done(self.signing_keys().await?.sign(&claims)?))
    }

    /// Adds to an outbox that an accepted request is executed by this unit, and the event that tells it.
    pub(in crate::engine) fn tell_result(
        &self,
        outbox: &mut Outbox,
        call: &ScimCall,
        answer: &ScimAnswer,
    ) {
        let event = response_event(call, answer);
        let (txn, finished, is_told) = match &call.asynchronous {
            Asynchronous::No | Asynchronous::Wanted => return,
            // A bulk request is told of by its operations, one event each, unless it came to none.
            Asynchronous::Execution(txn) => (
                txn,
                FinishedRequest {
                    txn: txn.clone(),
                    event,
                    part_of: None,
                },
                call.operation != Operation::Bulk || answer.status >= 400,
            ),
            Asynchronous::Part(part) => {
                let is_over = part.is_last || answer.status >= 300;
                let finished = FinishedRequest {
                    txn: async_bulk::key(&part.txn, is_over),
                    event,
                    part_of: Some(call.actor.name.clone()),
                };
                (&part.txn, finished, is_over)
            }
        };
        self.tell_finished(outbox, txn, finished, is_told);
    }

    /// Adds to an outbox that something accepted came to its end, and the event of it.
    pub(super) fn tell_finished(
        &self,
        outbox: &mut Outbox,
        txn: &str,
        finished: FinishedRequest,
        is_told: bool,
    ) {
        txn.clone_into(&mut outbox.txn);
        outbox.limit = self.events.limits().queue;
        let streams = self.events.streams();
        let hearers: Vec<_> = streams
            .iter()
            // A stream about one team is no place for what clients asked for of others.
            .filter(|stream| stream.team.is_none() && stream.carries(EventKind::AsyncResp))
            .map(|stream| stream.id)
            .collect();
        if is_told && !hearers.is_empty() {
            outbox.events.push(NewEvent {
                event: finished.event.clone(),
                resource: None,
                streams: hearers,
            });
        }
        outbox.finished = Some(finished);
    }

    /// Logs the end of an accepted request that came to nothing and marks it executed, as one. A failure that may pass
    /// leaves it waiting.
    pub(in crate::engine) async fn end_accepted(&self, call: ScimCall, answer: &ScimAnswer) {
        if answer.status == 503 {
            self.record(call.exchange).await;
            return;
        }
        let mut outbox = Outbox::default();
        self.tell_result(&mut outbox, &call, answer);
        let decision = crate::directory::Decision {
            outcome: call.exchange.row.outcome,
            refusal: None,
            changes: Vec::new(),
            trace: Vec::new(),
            policy_key: None,
            lead: crate::directory::LeadGuard::Settled,
            settings_version: None,
            guards: crate::directory::GuardNotes::default(),
        };
        let extras = super::super::carry_out::Extras {
            outbox,
            ..Default::default()
        };
        let now = call.exchange.row.at;
        if let Err(error) = self
            .commit(decision, &call.actor, now, call.exchange, extras)
            .await
        {
            tracing::error!(%error, "the end of an asynchronous request could not be written; it will be tried again");
        }
    }

    /// Executes accepted requests until `stop`: those of one client in order, those of several side by side. Run it as a
    /// task of its own, once an engine.
    /// `redactor` is for what is logged of the operations of bulk requests.
    pub async fn execute_accepted(self: Arc<Self>, redactor: Redactor, stop: CancellationToken) {
        let mut accepted = self.events.accepted.subscribe();
        while !stop.is_cancelled() {
            accepted.mark_unchanged();
            if self.in_force().settings.provisioning == Provisioning::Paused {
                rest(&stop).await;
                continue;
            }
            let waiting = match self.store.accepted_requests(FETCH).await {
                Ok(waiting) => waiting,
                Err(error) => {
                    tracing::error!(%error, "accepted requests could not be read");
                    rest(&stop).await;
                    continue;
                }
            };
            if waiting.is_empty() {
                tokio::select! {
                    changed = accepted.changed() => if changed.is_err() { return },
                    () = stop.cancelled() => return,
                }
                continue;
            }
            let mut clients: BTreeMap<String, Vec<AcceptedRequest>> = BTreeMap::new();
            for request in waiting {
                clients
                    .entry(request.client.clone())
                    .or_default()
                    .push(request);
            }
            let lanes = clients.into_values().map(|requests| {
                Arc::clone(&self).execute_lane(requests, redactor.clone(), stop.clone())
            });
            let ended = futures::future::join_all(lanes).await;
            if ended.contains(&false) {
                rest(&stop).await;
            }
        }
    }

    /// Executes requests of one client in order. False where one could not be executed yet: then those behind it wait.
    async fn execute_lane(
        self: Arc<Self>,
        requests: Vec<AcceptedRequest>,
        redactor: Redactor,
        stop: CancellationToken,
    ) -> bool {
        for request in requests {
            if stop.is_cancelled() {
                return true;
            }
            let txn = request.txn.clone();
            let (engine, redactor) = (Arc::clone(&self), redactor.clone());
            // A task of its own, so that a panic ends this request and not those behind it.
            let task =
                tokio::spawn(async move { Box::pin(engine.execute(&request, redactor)).await });
            if task.await.is_err() {
                tracing::error!(%txn, "an asynchronous request ended in a panic");
                self.give_up(&txn).await;
            }
            match self.store.async_state(&txn).await {
                Ok(Some(state)) if state.done.is_some() => self.events.turns.executed(),
                Ok(None) => self.events.turns.executed(),
                Ok(Some(_)) | Err(_) => return false,
            }
        }
        true
    }

    async fn execute(&self, request: &AcceptedRequest, redactor: Redactor) {
        let Some(call) = serde_json::from_str(&request.call)
            .ok()
            .map(|stored| self.restored(stored, &request.txn, redactor))
        else {
            tracing::error!(txn = %request.txn, "an asynchronous request cannot be read back");
            self.give_up(&request.txn).await;
            return;
        };
        Box::pin(self.scim(call)).await;
    }

    /// Marks a request executed that this program failed on, so that the next one gets its turn.
    async fn give_up(&self, txn: &str) {
        let error =
            ScimError::new(500, "provost failed; nothing was changed").with_code("INTERNAL");
        let mut payload = Map::new();
        payload.insert("status".into(), "500".into());
        payload.insert("response".into(), error.body());
        let outbox = Outbox {
            txn: txn.to_owned(),
            finished: Some(FinishedRequest {
                txn: txn.to_owned(),
                event: Event {
                    subject: EventSubject {
                        resource: ResourceKind::User,
                        id: None,
                        external_id: None,
                    },
                    occurrences: vec![Occurrence {
                        kind: EventKind::AsyncResp,
                        data: Some(payload.into()),
                        attributes: Vec::new(),
                    }],
                },
                part_of: None,
            }),
            ..Outbox::default()
        };
        if let Err(error) = self.store.commit(telling(outbox)).await {
            tracing::error!(%error, %txn, "an asynchronous request could not be given up");
        }
    }

    fn restored(&self, stored: StoredCall, txn: &str, redactor: Redactor) -> ScimCall {
        let id = stored.id.unwrap_or_default();
        let mut exchange = stored.exchange;
        let accepted = exchange.row.id;
        exchange.row.id = self.next_request_id();
        exchange.row.at = Timestamp::now();
        exchange.trace.push(TraceStep::passed(
            Stage::Parse,
            format!("accepted as request {accepted}, executed as transaction {txn}"),
        ));
        ScimCall {
            operation: match stored.verb {
                StoredVerb::Create => Operation::Create(stored.kind),
                StoredVerb::Replace => Operation::Replace(stored.kind, id),
                StoredVerb::Patch => Operation::Patch(stored.kind, id),
                StoredVerb::Delete => Operation::Delete(stored.kind, id),
                StoredVerb::Bulk => Operation::Bulk,
            },
            query: stored.query,
            body: Bytes::from(stored.body),
            if_match: stored.if_match,
            if_none_match: stored.if_none_match,
            base_url: stored.base_url,
            actor: stored.actor,
            member: None,
            redactor,
            exchange,
            started: Instant::now(),
            asynchronous: Asynchronous::Execution(txn.to_owned()),
        }
    }

    async fn turn_away_for(&self, call: ScimCall, error: StoreError) -> ScimAnswer {
        self.finish_failure(call, error.into()).await
    }
}

async fn rest(stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(AGAIN) => {}
        () = stop.cancelled() => {}
    }
}

/// What of a call waits; `None` where it is no write.
fn stored(call: &ScimCall) -> Option<StoredCall> {
    let (verb, kind, id) = match &call.operation {
        Operation::Create(kind) => (StoredVerb::Create, *kind, None),
        Operation::Replace(kind, id) => (StoredVerb::Replace, *kind, Some(id.clone())),
        Operation::Patch(kind, id) => (StoredVerb::Patch, *kind, Some(id.clone())),
        Operation::Delete(kind, id) => (StoredVerb::Delete, *kind, Some(id.clone())),
        Operation::Bulk => (StoredVerb::Bulk, ResourceKind::User, None),
        _ => return None,
    };
    Some(StoredCall {
        verb,
        kind,
        id,
        query: understood(&call.query),
        body: String::from_utf8_lossy(&call.body).into_owned(),
        if_match: call.if_match.clone(),
        if_none_match: call.if_none_match.clone(),
        base_url: call.base_url.clone(),
        actor: call.actor.clone(),
        exchange: call.exchange.clone(),
    })
}

/// Whether a request may wait. One that carries a secret may not: a password is kept as nothing but its hash, and what
/// waits must be kept as it came; RFC 9967 §2.5.1.1 leaves the choice to the service provider. Nor may one that is no
/// JSON, as nobody knows what is in it.
pub(in crate::engine) fn may_wait(body: &[u8]) -> bool {
    body.is_empty()
        || serde_json::from_slice::<Value>(body).is_ok_and(|value| !carries_secret(&value))
}

/// Whether any attribute or path in it is about a secret. Rather too often than once too few.
fn carries_secret(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(carries_secret),
        Value::Object(object) => object.iter().any(|(key, value)| {
            names_secret(key)
                || (key.eq_ignore_ascii_case("path") && value.as_str().is_some_and(names_secret))
                || carries_secret(value)
        }),
        _ => false,
    }
}

fn names_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "credential",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// The query parameters that a write reads (RFC 7644 §3.9). Whatever else was put into the URL does not wait with them.
fn understood(query: &[(String, String)]) -> Vec<(String, String)> {
    let is_read = |name: &str| {
        name.eq_ignore_ascii_case("attributes") || name.eq_ignore_ascii_case("excludedAttributes")
    };
    query
        .iter()
        .filter(|(name, _)| is_read(name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", true)]
    #[case(r#"{"userName": "a", "title": "password"}"#, true)]
    #[case(r#"{"userName": "a", "password": "s3cret"}"#, false)]
    #[case(r#"{"PassWord": "s3cret"}"#, false)]
    #[case(r#"{"p\u0061ssword": "s3cret"}"#, false)]
    #[case(
        r#"{"Operations": [{"op": "replace", "path": "title", "value": "password"}]}"#,
        true
    )]
    #[case(
        r#"{"Operations": [{"op": "replace", "path": "password", "value": "s3cret"}]}"#,
        false
    )]
    #[case(
        r#"{"Operations": [{"OP": "add", "Value": "s3cret", "Path": "urn:x:User:passWord "}]}"#,
        false
    )]
    #[case(
        r#"{"Operations": [{"op": "add", "value": {"urn:x:User:password": "s3cret"}}]}"#,
        false
    )]
    #[case(r#"{"password": "s3cret""#, false)]
    #[case("password=s3cret", false)]
    fn a_password_does_not_wait(#[case] body: &str, #[case] expected: bool) {
        assert_eq!(may_wait(body.as_bytes()), expected);
    }
}
