//! What another policy would have answered: a recorded stretch of SCIM writes, decided again on copies of the state as
//! it was when the stretch began, once under the policy in force and once under the other one.
//!
//! Sound as far as the log is: what it holds redacted, cut or not at all cannot be asked again and is counted. The first
//! copy is asked under the policy in force so that only what the policies do differently is told, and not what else has
//! changed since.

mod replay;
mod rewind;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Engine, EngineError, EngineSettings};
use crate::directory::policy::{KEYS, PolicyError};
use crate::directory::{Change, Fixed, Policy, Provisioning, Settings};
use crate::request_log::{Exchange, RequestQuery, RequestRow};
use crate::store::rows::RequestListing;
use crate::store::sso::SignInWrites;
use crate::store::{self, CommitUnit, RecoveryCodes, Store};

/// So many requests are decided again at most, the newest.
pub const STRETCH: usize = 2_000;
/// So many requests are taken back at most to come to the beginning of the stretch.
const REWOUND: u32 = 200_000;
/// How many lines of the log are read at once.
const PAGE: u32 = 1_000;

/// Which policy, and which requests.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The preset; `None` keeps the one in force with all that is set.
    pub preset: Option<String>,
    /// Keys to set otherwise, with their values as they are written.
    pub overrides: BTreeMap<String, String>,
    /// Only requests that match this query of the log.
    pub query: String,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The keys in which the policies differ, with the value in force and the other one.
    pub differences: Vec<(&'static str, String, String)>,
    /// The requests in the order in which they came, each with what both policies answer.
    pub answers: Vec<Compared>,
    /// How many were left out, since the log does not hold enough of them.
    pub left_out: u64,
    /// Whether there are more in the log than were decided.
    pub is_cut: bool,
}

/// A request as it was answered and as both policies answer it.
#[derive(Debug)]
pub struct Compared {
    /// As it is in the log.
    pub recorded: Exchange,
    /// Under the policy in force.
    pub now: Exchange,
    /// Under the other one.
    pub then: Exchange,
}

impl Engine {
    /// Decides a stretch of the log again under another policy. Nothing of this engine changes.
    pub async fn simulate(&self, question: Question) -> Result<Comparison, EngineError> {
        let in_force = self.in_force();
        let (mut now, mut then) = (in_force.settings.clone(), in_force.settings.clone());
        spell_out(&mut now, &in_force.policy)?;
        let other = other_policy(&in_force.policy, &question)?;
        spell_out(&mut then, &other)?;
        let differences = differences(&in_force.policy, &other);
        let mut comparison = Comparison {
            differences,
            ..Comparison::default()
        };
        self.store.flush().await?;
        let stretch = self.stretch(&question.query, &mut comparison).await?;
        let Some(first) = stretch.first().map(|exchange| exchange.row.id) else {
            return Ok(comparison);
        };
        let changes = self.store.changes_since(first, REWOUND).await?;
        let directory = tempfile::Builder::new()
            .prefix("provost-simulate-")
            .tempdir()
            .map_err(|error| EngineError::Invalid(format!("no place for the copy: {error}")))?;
        let mut answered = Vec::new();
        for (name, settings) in [("now.db", now), ("then.db", then)] {
            let path = directory.path().join(name);
            self.store.copy_to(path.clone()).await?;
            let scratch = store::open(&path, store::OpenOptions::default())?;
            rewind::rewind(&scratch, &changes).await?;
            let result = Box::pin(self.asked_again(&scratch, settings, &stretch)).await;
            scratch.close().await?;
            answered.push(result?);
        }
        let (then, now) = (answered.pop(), answered.pop());
        let pairs = now.into_iter().flatten().zip(then.into_iter().flatten());
        comparison.answers = stretch
            .into_iter()
            .zip(pairs)
            .map(|(recorded, (now, then))| Compared {
                recorded,
                now,
                then,
            })
            .collect();
        Ok(comparison)
    }

    /// The newest SCIM writes that match, oldest first, each whole.
    async fn stretch(
        &self,
        query: &str,
        comparison: &mut Comparison,
    ) -> Result<Vec<Exchange>, EngineError> {
        let parsed = self.query(query)?;
        let mut found = Vec::new();
        let mut before = None;
        loop {
            let (rows, more) = self.page(query, &parsed, before).await?;
            before = rows.last().map(|row| row.id);
            for row in rows.iter().filter(|row| replay::is_write(row)) {
                let Some(exchange) = self.store.request(row.id).await? else {
                    continue;
                };
                if replay::is_whole(&exchange) {
                    found.push(exchange);
                } else {
                    comparison.left_out += 1;
                }
                if found.len() >= STRETCH {
                    comparison.is_cut = true;
                    break;
                }
            }
            if !more || comparison.is_cut {
                break;
            }
        }
        found.reverse();
        Ok(found)
    }

    async fn page(
        &self,
        query: &str,
        parsed: &RequestQuery,
        before: Option<crate::directory::RequestId>,
    ) -> Result<(Vec<RequestRow>, bool), EngineError> {
        let listing = RequestListing {
            query: query.to_owned(),
            before,
            after: None,
            limit: PAGE,
        };
        let now = jiff::Timestamp::now();
        let page = self.store.requests(&listing, parsed, now).await?;
        Ok((page.items, page.more))
    }

    /// An engine of its own on a copy, asked what this one was asked.
    async fn asked_again(
        &self,
        scratch: &Arc<dyn Store>,
        settings: Settings,
        stretch: &[Exchange],
    ) -> Result<Vec<Exchange>, EngineError> {
        let before = scratch.settings().await?;
        let before = before.unwrap_or_else(|| Settings::initial(&self.account.preset));
        let after = Settings {
            version: before.version + 1,
            ..settings
        };
        let changes = vec![Change::SettingsChanged {
            before: Box::new(before),
            after: Box::new(after),
        }];
        scratch.commit(unit(changes)).await?;
        let engine = Self::open_with(
            Arc::clone(scratch),
            EngineSettings {
                fixed: Arc::new(Fixed::default()),
                ..self.settings.clone()
            },
            self.registry.clone(),
        )
        .await?;
        engine.announce(self.public_url(), self.limits().bulk_max_payload_size);
        Box::pin(replay::replay(&engine, stretch)).await
    }
}

/// A unit of changes that nobody asked for over the wire.
fn unit(changes: Vec<Change>) -> CommitUnit {
    CommitUnit {
        at: jiff::Timestamp::now(),
        actor: crate::directory::Actor::system(),
        policy_key: None,
        changes,
        preconditions: Vec::new(),
        exchange: None,
        token_secret: None,
        client_credentials: None,
        consent: None,
        guards: crate::directory::GuardNotes::default(),
        recovery: RecoveryCodes::default(),
        sign_in: SignInWrites::default(),
        password_hash: None,
        account: None,
        outbox: store::Outbox::default(),
    }
}

fn other_policy(in_force: &Policy, question: &Question) -> Result<Policy, EngineError> {
    let invalid = |error: PolicyError| EngineError::Invalid(error.to_string());
    let start = match &question.preset {
        Some(name) => Policy::preset(name).map_err(invalid)?,
        None => in_force.clone(),
    };
    let mut overrides = question.overrides.iter();
    let policy = overrides
        .try_fold(start, |policy, (key, value)| policy.with(key, value))
        .map_err(invalid)?;
    policy.check().map_err(EngineError::Invalid)?;
    Ok(policy)
}

/// Settings that come to exactly this policy, wherever its values come from, and let identity providers provision.
fn spell_out(settings: &mut Settings, policy: &Policy) -> Result<(), EngineError> {
    let preset = Policy::preset(&settings.preset);
    let preset = preset.map_err(|error| EngineError::Invalid(error.to_string()))?;
    settings.overrides = differences(&preset, policy)
        .into_iter()
        .map(|(key, _, value)| (key.to_owned(), value))
        .collect();
    settings.provisioning = Provisioning::On;
    Ok(())
}

/// The keys in which two policies differ, with both values.
fn differences(one: &Policy, other: &Policy) -> Vec<(&'static str, String, String)> {
    let keys = KEYS.iter().map(|key| key.name);
    keys.filter_map(|key| {
        let (one, other) = (one.value(key).ok()?, other.value(key).ok()?);
        (one != other).then_some((key, one, other))
    })
    .collect()
}
