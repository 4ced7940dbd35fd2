//! The use cases: load, decide, commit, publish. Knows neither HTTP nor SQL nor the screen.
//!
//! One [`Engine`] owns a store, the policy in force and the live tail. The edge hands it [`ScimCall`]s and gets
//! [`ScimAnswer`]s; `admin::local` hands it what an admin asks for. Every write of either goes through
//! `directory::decide` and commits with its audit rows and its line of the request log.

pub mod access;
pub mod account;
pub mod admin;
pub mod call;
mod carry_out;
pub mod connections;
pub mod credentials;
pub mod error;
pub mod events;
mod facts;
pub mod incidents;
pub mod live;
pub mod mail;
mod members;
pub mod oauth;
pub mod overview;
mod passwords;
mod policy;
mod provision;
mod recovery;
pub mod requests;
mod retention;
pub mod settings;
pub mod sign_in;
pub mod simulate;
pub mod sso;
pub mod sync;
mod team_facts;
pub mod teams;
mod undo;
mod ways_in;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jiff::Timestamp;

pub use access::{AuthFailure, Grant};
pub use call::{Asynchronous, Operation, ScimAnswer, ScimCall};
pub use error::EngineError;
pub use live::Live;

use carry_out::ObjectLocks;
use events::EventHub;
use passwords::Passwords;
use provision::Retries;
use sign_in::Attempts;

use crate::directory::{Fixed, InForce, RequestId, Settings};
use crate::request_log::Exchange;
use crate::scim::{Limits, Registry};
use crate::store::{Account, Store};

/// What an engine needs to know besides its store.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// The URL by which clients reach this engine, without a trailing slash; the SCIM base URL is this plus `/scim/v2`.
    /// Empty until the edge knows where it listens and says so with [`Engine::announce`].
    pub public_url: String,
    /// Lines of the request log older than this many days are removed.
    pub log_days: u32,
    /// The oldest lines of the request log beyond this number are removed.
    pub log_rows: u64,
    /// What the configuration file says about the policy.
    pub fixed: Arc<Fixed>,
}

/// What the edge has told of itself.
struct Announced {
    /// Where it listens, without a trailing slash.
    url: String,
    /// How many bytes of a body it reads.
    body_bytes: u64,
}

/// The engine.
pub struct Engine {
    store: Arc<dyn Store>,
    settings: EngineSettings,
    account: Account,
    started: Timestamp,
    last_request: AtomicU64,
    live: Live,
    in_force: RwLock<Arc<InForce>>,
    locks: ObjectLocks,
    retries: Retries,
    passwords: Passwords,
    attempts: Attempts,
    /// Who sends mail.
    post: OnceLock<Arc<dyn mail::Post>>,
    /// How many Responses are examined at a time.
    examining: tokio::sync::Semaphore,
    registry: Registry,
    announced: OnceLock<Announced>,
    events: EventHub,
    /// Single sign-on was set otherwise: whoever looks after it looks at once.
    sso_stirred: tokio::sync::Notify,
}

impl Engine {
    /// Starts an engine on an open store, with the schemas of the standards. Fails when the account was not made with
    /// [`account::init`] yet.
    pub async fn open(
        store: Arc<dyn Store>,
        settings: EngineSettings,
    ) -> Result<Arc<Self>, EngineError> {
        Self::open_with(store, settings, Registry::standard()).await
    }

    /// Starts an engine with schemas of its own.
    pub async fn open_with(
        store: Arc<dyn Store>,
        settings: EngineSettings,
        registry: Registry,
    ) -> Result<Arc<Self>, EngineError> {
        let account = store.account().await?.ok_or(EngineError::NoAccount)?;
        let in_force = store.settings().await?;
        let in_force = in_force.unwrap_or_else(|| Settings::initial(&account.preset));
        let in_force = InForce::new(in_force, Arc::clone(&settings.fixed))
            .map_err(|error| error.to_string())
            .and_then(|in_force| in_force.policy.check().map(|()| in_force))
            .map_err(EngineError::Invalid)?;
        let last = store.last_request_id().await?;
        let events = EventHub::open(&*store).await?;
        Ok(Arc::new(Self {
            store,
            settings,
            account,
            started: Timestamp::now(),
            last_request: AtomicU64::new(last.0),
            live: Live::new(),
            in_force: RwLock::new(Arc::new(in_force)),
            locks: ObjectLocks::new(),
            retries: Retries::default(),
            passwords: Passwords::new(),
            attempts: Attempts::new(),
            post: OnceLock::new(),
            examining: tokio::sync::Semaphore::new(4),
            registry,
            announced: OnceLock::new(),
            events,
            sso_stirred: tokio::sync::Notify::new(),
        }))
    }

    /// The id of a request that arrives now. The edge asks once a request, before anything else.
    pub fn next_request_id(&self) -> RequestId {
        RequestId(self.last_request.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Ids in a row for requests that are part of one; the first of them.
    fn next_request_ids(&self, count: u64) -> RequestId {
        RequestId(self.last_request.fetch_add(count, Ordering::Relaxed) + 1)
    }

    /// The account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The settings and the policy in force.
    pub fn in_force(&self) -> Arc<InForce> {
        let in_force = self.in_force.read();
        in_force.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the engine was started with.
    pub fn settings(&self) -> &EngineSettings {
        &self.settings
    }

    /// Tells where the edge listens, for an engine that was not told a public URL, and how many bytes of a body it
    /// reads, which `/ServiceProviderConfig` announces. The first word counts.
    pub fn announce(&self, url: &str, body_bytes: u64) {
        // A second edge on the same engine would be reached by the same URL or by none that clients know.
        let _ = self.announced.set(Announced {
            url: url.trim_end_matches('/').to_owned(),
            body_bytes,
        });
    }

    /// The numbers that are announced and that lists obey.
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits {
            bulk_max_payload_size: self
                .announced
                .get()
                .map_or(limits.bulk_max_payload_size, |edge| edge.body_bytes),
            ..limits
        }
    }

    /// The URL by which clients reach this engine, without a trailing slash; empty while nothing listens.
    pub fn public_url(&self) -> &str {
        match self.settings.public_url.as_str() {
            "" => self
                .announced
                .get()
                .map(|edge| edge.url.as_str())
                .unwrap_or_default(),
            url => url,
        }
    }

    /// The schemas in force.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// When it started.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// The live tail of the request log.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Logs an exchange that never came as far as a SCIM operation: no token, an unknown route, a body too large.
    pub async fn record(&self, exchange: Exchange) {
        let row = exchange.row.clone();
        if let Err(error) = self.store.log(exchange).await {
            tracing::error!(%error, request = %row.id, "the request log could not be written");
        }
        self.live.publish(row);
    }

    /// Sets how much the delivery of events may take. The first word counts.
    pub fn limit_events(&self, limits: events::EventLimits) {
        self.events.set_limits(limits);
    }

    /// Whether the store answers; what `/readyz` says.
    pub async fn is_ready(&self) -> bool {
        self.store.account().await.is_ok()
    }

    /// Writes what is queued and closes the store. Call it after the edge has stopped.
    pub async fn close(&self) -> Result<(), EngineError> {
        Ok(self.store.close().await?)
    }
}
