//! An admin signs in with a password, for one consent on the authorization page and for nothing else.
//!
//! Whoever fails is told one and the same, after the same work, whatever the reason: no account, no password, another
//! password, no admin. Attempts are slowed down by account, wherever they come from, and by address, whatever account
//! they are on, before the password is looked at.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{Engine, EngineError};
use crate::directory::fold::fold;
use crate::directory::{MemberId, effective};
use crate::secret::Secret;

/// Attempts a minute on one account, and from one address.
const A_MINUTE: (NonZeroU32, NonZeroU32) = (
    NonZeroU32::new(5).expect("not zero"),
    NonZeroU32::new(20).expect("not zero"),
);
/// How many accounts and addresses are told apart. Bounds the memory, whatever names are tried.
const SLOTS: u64 = 1 << 16;
/// The longest password that is looked at, in bytes.
const LONGEST: usize = 1_024;

/// An admin who has just proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub member: MemberId,
    /// Their `userName`.
    pub name: String,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInFailure {
    /// For the log; the person is told nothing of it.
    #[error("{0}")]
    Refused(&'static str),
    /// Too many attempts on this account.
    #[error("too many attempts to sign in; try again in {retry_after} s")]
    Slow {
        /// Seconds.
        retry_after: u64,
    },
    /// It could not be looked up.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The attempts. The key is a slot, chosen with a secret of this process.
pub(super) struct Attempts {
    accounts: DefaultKeyedRateLimiter<u64>,
    addresses: DefaultKeyedRateLimiter<u64>,
    clock: DefaultClock,
    hasher: RandomState,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self {
            accounts: RateLimiter::keyed(Quota::per_minute(A_MINUTE.0).allow_burst(A_MINUTE.0)),
            addresses: RateLimiter::keyed(Quota::per_minute(A_MINUTE.1).allow_burst(A_MINUTE.1)),
            clock: DefaultClock::default(),
            hasher: RandomState::new(),
        }
    }

    pub(super) fn admit(&self, account: &str, from: Option<IpAddr>) -> Result<(), SignInFailure> {
        if let Some(address) = from {
            self.count(&self.addresses, address)?;
        }
        self.count(&self.accounts, account)
    }

    fn count(
        &self,
        limiter: &DefaultKeyedRateLimiter<u64>,
        key: impl Hash,
    ) -> Result<(), SignInFailure> {
        let slot = self.hasher.hash_one(key) % SLOTS;
        limiter.check_key(&slot).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            SignInFailure::Slow {
                retry_after: wait.as_secs() + 1,
            }
        })
    }
}

impl Engine {
    /// Lets an admin sign in by `userName` or e-mail address.
    pub async fn sign_in_admin(
        &self,
        name: &str,
        password: Secret,
        from: Option<IpAddr>,
    ) -> Result<SignedIn, SignInFailure> {
        self.attempts.admit(&fold(name), from)?;
        if password.expose().len() > LONGEST || name.len() > LONGEST {
            return Err(SignInFailure::Refused(
                "the name or the password is too long",
            ));
        }
        let member = self.one_called(name).await?;
        let hash = match &member {
            Some(member) => self
                .store
                .password_hash(member.id)
                .await
                .map_err(EngineError::from)?,
            None => None,
        };
        let is_known = hash.is_some();
        if !self.passwords.verify(password, hash).await? {
            return Err(SignInFailure::Refused(match (&member, is_known) {
                (None, _) => "there is no such account",
                (Some(_), false) => "the account has no password",
                (Some(_), true) => "the password is another one",
            }));
        }
        let member = member.ok_or(SignInFailure::Refused("there is no such account"))?;
        let given = self.roles_by_teams(member.id).await;
        let given = given.map_err(EngineError::from)?;
        let in_force = self.in_force();
        if !effective::access(&in_force.policy.roles, &member, &given).is_admin {
            return Err(SignInFailure::Refused("the account is no active admin"));
        }
        Ok(SignedIn {
            member: member.id,
            name: member.user_name().to_owned(),
        })
    }
}
