//! What all requests share: the engine, the redactor, the limits, and the signals to stop.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::callers::Callers;
use super::capture::Capture;
use super::connection::Peer;
use super::oauth::Tickets;
use super::peers::{Logging, Peers};
use super::rejection::Rejection;
use super::settings::Limits;
use super::sign_in::Brakes;
use crate::admin::local::LocalAdmin;
use crate::counted::count;
use crate::directory::{Outcome, Stage, TraceStep};
use crate::engine::Engine;
use crate::request_log::{Exchange, Message, RequestRow};

/// What all requests share.
pub(super) struct Edge {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Who acts on the Unix socket. Others act under the names of their tokens.
    pub admin: LocalAdmin,
    /// The redactor.
    pub capture: Capture,
    /// What each client may still do without a token.
    pub peers: Peers,
    /// How fast each client with a token may go.
    pub callers: Callers,
    /// How much of anything is taken.
    pub limits: Limits,
    /// Whether `X-Forwarded-For` is to be believed.
    pub behind_proxy: bool,
    /// The URL by which clients reach this server, without a trailing slash.
    pub public_url: String,
    /// What the forms of our pages carry.
    pub tickets: Tickets,
    /// How fast sign-ins may begin and come back.
    pub brakes: Brakes,
    /// The routes of the admin API.
    pub admin_api: axum::Router,
    /// Connections and requests under way.
    pub work: TaskTracker,
    /// No more connections, no more requests; what is under way goes on.
    pub stop: CancellationToken,
    /// Whatever is still under way ends now.
    pub cut: CancellationToken,
}

impl Edge {
    /// Logs an exchange that came with no valid token, or too fast, within the client's budget for these.
    pub(super) async fn record_stranger(&self, peer: &Peer, mut exchange: Exchange) {
        match self.peers.log(peer.address, Instant::now()) {
            Logging::No => return,
            Logging::Yes { unlogged_before: 0 } => {}
            Logging::Yes { unlogged_before } => exchange.trace.push(TraceStep::noted(
                Stage::Authenticate,
                format!(
                    "{} not logged before this one",
                    count(
                        u64::from(unlogged_before),
                        "request of this client that came without a valid token or too fast was",
                        "requests of this client that came without a valid token or too fast were"
                    )
                ),
            )),
        }
        self.engine.record(exchange).await;
    }

    /// Logs a request of which not even the head could be read.
    pub(super) async fn record_headless(&self, peer: &Peer, rejection: &Rejection) {
        let mut exchange = Exchange {
            row: RequestRow {
                id: self.engine.next_request_id(),
                at: Timestamp::now(),
                duration_us: 0,
                method: "-".into(),
                path: "-".into(),
                resource: String::new(),
                subject: None,
                status: 0,
                outcome: Outcome::Refused,
                code: None,
                token: None,
                user_agent: None,
                idp: None,
                changes: 0,
                retry_of: None,
                part_of: None,
            },
            query: None,
            peer: Some(peer.shown.clone()),
            request: Message::default(),
            response: Message::default(),
            trace: Vec::new(),
            changed: Vec::new(),
            policy_key: None,
            detail: None,
        };
        rejection.tell(&mut exchange);
        self.record_stranger(peer, exchange).await;
    }
}
