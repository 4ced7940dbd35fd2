//! The line of the request log that each sign-in and test-drive is, with its checks as the trace.

use std::time::Instant;

use jiff::Timestamp;

use super::{Browser, CheckRow, SignInPurpose, SignInRow};
use crate::directory::{Actor, Change, Decision, ObjectKind, Outcome, RequestId, Stage, TraceStep};
use crate::engine::{Engine, EngineError};
use crate::request_log::{Exchange, Message, RequestRow, Subject};
use crate::store::sso::SignInWrites;
use crate::store::{CommitUnit, Outbox, RecoveryCodes};

impl Browser {
    /// The number of the request: the one that the edge gave it.
    pub(super) fn request(&self, engine: &Engine) -> RequestId {
        let captured = self.exchange.as_ref().map(|it| it.row.id);
        captured.unwrap_or_else(|| engine.next_request_id())
    }
}

impl Engine {
    /// Writes what needs no line of the request log.
    pub(super) async fn write_unlogged(&self, writes: SignInWrites) -> Result<(), EngineError> {
        self.store.commit(plain(writes, None)).await?;
        Ok(())
    }

    /// Writes a sign-in that changes no member, with its line of the request log.
    pub(super) async fn write_logged(
        &self,
        writes: SignInWrites,
        exchange: Exchange,
    ) -> Result<(), EngineError> {
        let row = exchange.row.clone();
        self.store.commit(plain(writes, Some(exchange))).await?;
        self.live.publish(row);
        Ok(())
    }
}

fn plain(sign_in: SignInWrites, exchange: Option<Exchange>) -> CommitUnit {
    CommitUnit {
        at: Timestamp::now(),
        actor: Actor::system(),
        policy_key: None,
        changes: Vec::new(),
        preconditions: Vec::new(),
        exchange,
        token_secret: None,
        client_credentials: None,
        consent: None,
        password_hash: None,
        account: None,
        outbox: Outbox::default(),
        guards: crate::directory::GuardNotes::default(),
        recovery: RecoveryCodes::default(),
        sign_in,
    }
}

/// The line of a sign-in, with what was decided about the member, if anything was.
pub(super) fn exchange(
    line: &SignInRow,
    path: &str,
    started: Instant,
    browser: &Browser,
    decision: Option<&Decision>,
) -> Exchange {
    let captured = browser.exchange.as_deref();
    let mut trace = captured.map(|it| it.trace.clone()).unwrap_or_default();
    trace.extend(line.checks.iter().map(step));
    trace.extend(decision.into_iter().flat_map(|it| it.trace.iter().cloned()));
    let end = if line.ok {
        TraceStep::passed(Stage::Effect, line.detail.clone())
    } else {
        TraceStep::failed(Stage::Effect, line.detail.clone())
    };
    trace.push(end);
    let changes = decision.map(|it| it.changes.as_slice()).unwrap_or_default();
    Exchange {
        row: RequestRow {
            id: line.request,
            at: line.at,
            duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            method: "POST".into(),
            path: path.to_owned(),
            resource: match line.purpose {
                SignInPurpose::SignIn => "SignIn",
                SignInPurpose::TestDrive => "TestDrive",
            }
            .into(),
            subject: Some(Subject {
                kind: ObjectKind::Member,
                id: line.member.map(|it| it.to_string()),
                label: line.name.clone(),
            }),
            status: match (line.ok, line.purpose) {
                (false, _) => 403,
                (true, SignInPurpose::SignIn) if captured.is_some() => 303,
                (true, _) => 200,
            },
            outcome: match (line.ok, changes.is_empty()) {
                (false, _) => Outcome::Refused,
                (true, true) => Outcome::NoOp,
                (true, false) => Outcome::Applied,
            },
            code: line.code.clone(),
            token: None,
            user_agent: (!browser.user_agent.is_empty()).then(|| browser.user_agent.clone()),
            idp: None,
            changes: u32::try_from(changes.len()).unwrap_or(u32::MAX),
            retry_of: None,
            part_of: None,
        },
        query: captured.and_then(|it| it.query.clone()),
        peer: captured.and_then(|it| it.peer.clone()),
        request: captured.map(|it| it.request.clone()).unwrap_or_default(),
        response: Message::default(),
        trace,
        changed: changes.iter().map(Change::view).collect(),
        policy_key: decision.and_then(|it| it.policy_key).map(str::to_owned),
        detail: (!line.ok).then(|| line.detail.clone()),
    }
}

fn step(check: &CheckRow) -> TraceStep {
    let what = format!("{}: {}", check.id, check.detail);
    let step = match check.state.as_str() {
        "passed" => TraceStep::passed(Stage::Authenticate, what),
        "failed" => TraceStep::failed(Stage::Authenticate, what),
        _ => TraceStep::noted(Stage::Authenticate, what),
    };
    match (&check.expected, &check.received) {
        (None, None) => step,
        (expected, received) => step.comparing(
            expected.clone().unwrap_or_default(),
            received.clone().unwrap_or_default(),
        ),
    }
}
