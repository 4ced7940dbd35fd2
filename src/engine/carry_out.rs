//! The one write path: load, decide, commit, publish; again when somebody was faster.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use tokio::sync::{Mutex, MutexGuard};

use super::Engine;
use crate::directory::decide::takes_recovery;
use crate::directory::{
    Actor, Change, Circumstance, Command, Decision, Facts, LeadGuard, MemberId, Prospect, Settings,
    Stage, TraceStep, decide,
};
use crate::request_log::Exchange;
use crate::store::sso::SignInWrites;
use crate::store::{
    ClientCredentials, CommitUnit, Committed, ConsentSecret, Outbox, Precondition, RecoveryCodes,
    StoreError, TokenSecret,
};

/// How often a write is decided anew before the client is asked to come back.
pub(super) const ATTEMPTS: u32 = 8;

/// How many paths to admin are told where the last one would be taken.
pub(super) const MOST_TOLD: usize = 20;

/// How many locks the objects share.
const STRIPES: usize = 256;

/// Writes to one object wait for each other here, so that two of one engine never collide in the store. Another
/// engine on the same database still may; the commit notices and the write is decided anew.
#[derive(Debug)]
pub(super) struct ObjectLocks(Vec<Mutex<()>>);

impl ObjectLocks {
    pub(super) fn new() -> Self {
        Self((0..STRIPES).map(|_| Mutex::new(())).collect())
    }

    /// Waits for the object called so. Never hold two: they may be the same.
    pub(super) async fn lock(&self, key: &impl Hash) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let stripe = usize::try_from(hasher.finish() % STRIPES as u64).unwrap_or_default();
        self.0
            .get(stripe)
            .expect("a remainder is below its divisor")
            .lock()
            .await
    }
}

/// What a write adds to its decision.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) preconditions: Vec<Precondition>,
    pub(super) token_secret: Option<TokenSecret>,
    pub(super) client_credentials: Option<ClientCredentials>,
    pub(super) consent: Option<ConsentSecret>,
    pub(super) password_hash: Option<(MemberId, String)>,
    pub(super) outbox: Outbox,
    pub(super) recovery: RecoveryCodes,
    pub(super) sign_in: SignInWrites,
}

impl Engine {
    /// Decides a command on facts just loaded; once more, where it may take somebody's way to admin or a recovery admin, on
    /// what would be left.
    pub(super) async fn decide(
        &self,
        facts: &mut Facts,
        command: &Command,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Decision, StoreError> {
        let policy = &self.in_force().policy;
        let circumstance = Circumstance { actor, now };
        let mut decision = decide(policy, facts, command, &circumstance);
        if let LeadGuard::Asks(then) = &decision.lead {
            let prospect =
                Prospect::of(&decision.changes).while_closed(self.passwords_are_closed());
            let outlook = self.store.outlook(&policy.roles, then, prospect).await?;
            if outlook.now.is_lost_in(outlook.then) {
                facts.admin_paths = self.admin_paths(policy, MOST_TOLD).await?;
            }
            facts.outlook = Some(outlook);
            decision = decide(policy, facts, command, &circumstance);
        }
        if takes_recovery(policy, &decision.changes) {
            facts.proven = Some(self.proven(policy).await?);
            decision = decide(policy, facts, command, &circumstance);
        }
        Ok(decision)
    }

    /// Commits a decision with its audit and its line of the request log; or only logs it, where nothing changes.
    /// `Stale` and `Taken` mean: load and decide again.
    pub(super) async fn commit(
        &self,
        decision: Decision,
        actor: &Actor,
        now: Timestamp,
        mut exchange: Exchange,
        extras: Extras,
    ) -> Result<Committed, StoreError> {
        let (executes, tells) = (
            extras.outbox.finished.is_some(),
            !extras.outbox.events.is_empty(),
        );
        let ending = self.ending_sessions(&decision.changes);
        let mut sign_in = extras.sign_in;
        sign_in.ends_of.extend(ending);
        let (closes, ends_invitations) = self.closed_by(&decision.changes);
        sign_in.closes_passwords |= closes;
        sign_in.ends_invitations |= ends_invitations;
        // A link that was made for another password is worth nothing once there is one.
        sign_in
            .ends_links_of
            .extend(decision.changes.iter().filter_map(|change| match change {
                Change::PasswordSet { member, .. } => Some(*member),
                _ => None,
            }));
        if decision.changes.is_empty()
            && !executes
            && decision.guards.is_empty()
            && sign_in.is_empty()
        {
            self.record(exchange).await;
            return Ok(Committed::default());
        }
        if tells {
            note_events(&mut exchange, &extras.outbox);
        }
        let mut preconditions = extras.preconditions;
        let version = decision.settings_version;
        preconditions.extend(version.map(Precondition::SettingsVersion));
        if let LeadGuard::Needs { roles, signs_in } = decision.lead {
            preconditions.push(Precondition::AdminThen {
                roles,
                signs_in,
                passwords_are_closed: self.passwords_are_closed(),
            });
        }
        let relied = decision.guards.relies_on;
        preconditions.extend(relied.map(|(id, version)| Precondition::MemberVersion(id, version)));
        let departure = decision.guards.departure.as_ref();
        preconditions.extend(departure.and_then(|it| it.room).map(Precondition::Room));
        let row = exchange.row.clone();
        let settings = changed_settings(&decision.changes);
        let committed = self
            .store
            .commit(CommitUnit {
                at: now,
                actor: actor.clone(),
                policy_key: decision.policy_key.map(str::to_owned),
                changes: decision.changes,
                preconditions,
                exchange: Some(exchange),
                token_secret: extras.token_secret,
                client_credentials: extras.client_credentials,
                consent: extras.consent,
                password_hash: extras.password_hash,
                account: None,
                outbox: extras.outbox,
                guards: decision.guards,
                recovery: extras.recovery,
                sign_in,
            })
            .await?;
        if let Some(settings) = settings {
            self.put_in_force(settings);
        }
        if tells {
            self.events.note_full(&committed.overflowed);
            self.events.stir();
        }
        self.live.publish(row);
        Ok(committed)
    }
}

/// The settings that a decision arrives at, if it changes them.
fn changed_settings(changes: &[Change]) -> Option<Settings> {
    changes.iter().rev().find_map(|change| match change {
        Change::SettingsChanged { after, .. } => Some((**after).clone()),
        _ => None,
    })
}

/// Says in the trace which events tell of a change, so that who finds one elsewhere finds its cause here.
fn note_events(exchange: &mut Exchange, outbox: &Outbox) {
    let step = TraceStep::passed(
        Stage::Effect,
        format!(
            "{} security events queued, transaction {}",
            outbox.events.len(),
            outbox.txn
        ),
    );
    let before_answer = exchange.trace.len().saturating_sub(1);
    match exchange.trace.last() {
        Some(last) if last.stage == Stage::Response => exchange.trace.insert(before_answer, step),
        _ => exchange.trace.push(step),
    }
}

/// Whether a failed commit is worth deciding anew.
pub(super) fn is_race(error: &StoreError) -> bool {
    matches!(error, StoreError::Stale { .. } | StoreError::Taken { .. })
}
