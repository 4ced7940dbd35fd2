//! An admin signs in with a password, for one consent on the authorization page and for nothing else.
//!
//! Whoever fails is told one and the same, after the same work, whatever the reason: no account, no password, another
//! password, no admin. Attempts are slowed down before the password is looked at: those from one address on one account, those
//! from one address, and, far later, those on one account. An address from which somebody has signed in is not held up by
//! what others do with their account, so that no stranger keeps an admin out.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{Engine, EngineError};
use crate::directory::fold::fold;
use crate::directory::{MemberId, effective};
use crate::secret::Secret;

/// Attempts a minute from one address on one account.
const ON_ONE_FROM_ONE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// Attempts a minute from one address.
const FROM_ONE: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Attempts a minute on one account, from wherever nobody has signed in to it.
const ON_ONE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
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
    pairs: DefaultKeyedRateLimiter<u64>,
    /// From where somebody has signed in to which account, as slots.
    known: Mutex<HashSet<u64>>,
    clock: DefaultClock,
    hasher: RandomState,
}

impl Attempts {
    pub(super) fn new() -> Self {
        let keyed = |a_minute| RateLimiter::keyed(Quota::per_minute(a_minute));
        Self {
            accounts: keyed(ON_ONE),
            addresses: keyed(FROM_ONE),
            pairs: keyed(ON_ONE_FROM_ONE),
            known: Mutex::default(),
            clock: DefaultClock::default(),
            hasher: RandomState::new(),
        }
    }

    pub(super) fn admit(&self, account: &str, from: Option<IpAddr>) -> Result<(), SignInFailure> {
        if let Some(address) = from {
            self.count(&self.addresses, self.slot(address))?;
        }
        let pair = self.slot((account, from));
        self.count(&self.pairs, pair)?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&pair) {
            return Ok(());
        }
        drop(known);
        self.count(&self.accounts, self.slot(account))
    }

    /// Notes that somebody has signed in to an account from an address.
    pub(super) fn succeeded(&self, account: &str, from: Option<IpAddr>) {
        let pair = self.slot((account, from));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(pair);
    }

    fn slot(&self, key: impl Hash) -> u64 {
        self.hasher.hash_one(key) % SLOTS
    }

    fn count(
        &self,
        limiter: &DefaultKeyedRateLimiter<u64>,
        slot: u64,
    ) -> Result<(), SignInFailure> {
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
        if !member.recovery && self.passwords_are_closed() {
            return Err(SignInFailure::Refused(
                "single sign-on is enabled, and passwords are for recovery admins alone (sso.on_enable)",
            ));
        }
        self.attempts.succeeded(&fold(name), from);
        Ok(SignedIn {
            member: member.id,
            name: member.user_name().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn from(number: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, number).into()
    }

    /// A stranger who tries without end keeps nobody out who has been here, and nobody who comes from elsewhere.
    #[test]
    fn a_stranger_keeps_nobody_out() {
        let attempts = Attempts::new();
        attempts.admit("ada", Some(from(1))).unwrap();
        attempts.succeeded("ada", Some(from(1)));
        let refused = (0..30)
            .filter(|_| attempts.admit("ada", Some(from(2))).is_err())
            .count();
        assert!(refused >= 24, "{refused}");
        attempts.admit("ada", Some(from(3))).unwrap();
        attempts.admit("ada", Some(from(1))).unwrap();
        // Many strangers are held up together, and still not who is known.
        let strangers = 10..60;
        let refused = strangers
            .flat_map(|one| [one, one])
            .filter(|one| attempts.admit("ada", Some(from(*one))).is_err())
            .count();
        assert!(refused >= 30, "{refused}");
        attempts.admit("ada", Some(from(1))).unwrap();
    }

    #[test]
    fn one_address_goes_from_account_to_account_in_vain() {
        let attempts = Attempts::new();
        let admitted = (0..60)
            .filter(|number| attempts.admit(&format!("{number}"), Some(from(1))).is_ok())
            .count();
        assert!((20..25).contains(&admitted), "{admitted}");
    }
}
