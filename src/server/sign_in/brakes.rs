//! How many sign-ins may be begun and answered: from one address, and in all. Each that is begun is kept until it is
//! answered or an hour old, and the store keeps so many; nobody shall push the others out.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::server::peers::network;
use crate::server::settings::Limits;

/// How many addresses are told apart. Bounds the memory.
const SLOTS: u64 = 1 << 16;
/// So many sign-ins are begun at once after a pause, and one more after each such time: fewer in an hour than the 20,000
/// that the store keeps.
const IN_ALL: (NonZeroU32, Duration) = (
    NonZeroU32::new(10_000).expect("not zero"),
    Duration::from_millis(400),
);
/// How many answers are examined or wait for it.
const PLACES: usize = 64;

/// The brakes of one edge.
pub(in crate::server) struct Brakes {
    begun: DefaultKeyedRateLimiter<u64>,
    answered: DefaultKeyedRateLimiter<u64>,
    in_all: DefaultDirectRateLimiter,
    places: Arc<Semaphore>,
    clock: DefaultClock,
    hasher: RandomState,
}

impl Brakes {
    pub(in crate::server) fn new(limits: &Limits) -> Self {
        let of_one = Quota::per_minute(limits.sign_ins).allow_burst(limits.sign_ins);
        let all = Quota::with_period(IN_ALL.1).unwrap_or(of_one);
        Self {
            begun: RateLimiter::keyed(of_one),
            answered: RateLimiter::keyed(of_one),
            in_all: RateLimiter::direct(all.allow_burst(IN_ALL.0)),
            places: Arc::new(Semaphore::new(PLACES)),
            clock: DefaultClock::default(),
            hasher: RandomState::new(),
        }
    }

    /// Counts a sign-in that begins, or says in how many seconds there is room for it.
    pub(super) fn begin(&self, from: Option<IpAddr>) -> Result<(), u64> {
        self.count(&self.begun, from)?;
        self.in_all.check().map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            wait.as_secs() + 1
        })
    }

    /// Counts an answer, or says in how many seconds there is room for it.
    pub(super) fn answer(&self, from: Option<IpAddr>) -> Result<(), u64> {
        self.count(&self.answered, from)
    }

    /// A place to be examined in, unless all are taken.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    fn count(
        &self,
        limiter: &DefaultKeyedRateLimiter<u64>,
        from: Option<IpAddr>,
    ) -> Result<(), u64> {
        let Some(address) = from else { return Ok(()) };
        let slot = self.hasher.hash_one(network(address)) % SLOTS;
        limiter.check_key(&slot).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            wait.as_secs() + 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_never_full() {
        let an_hour = 3_600_000 / IN_ALL.1.as_millis();
        assert!(u128::from(IN_ALL.0.get()) + an_hour < 20_000);
    }

    #[test]
    fn each_address_has_a_budget() {
        let brakes = Brakes::new(&Limits {
            sign_ins: NonZeroU32::new(2).expect("not zero"),
            ..Limits::default()
        });
        let (one, other) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        assert!(brakes.begin(one).is_ok() && brakes.begin(one).is_ok());
        assert!((1..=31).contains(&brakes.begin(one).unwrap_err()));
        assert!(brakes.answer(one).is_ok() && brakes.begin(other).is_ok());
    }

    #[test]
    fn only_so_many_have_a_place() {
        let brakes = Brakes::new(&Limits::default());
        let taken: Vec<_> = (0..PLACES).map(|_| brakes.place()).collect();
        assert!(taken.iter().all(Option::is_some) && brakes.place().is_none());
        drop(taken);
        assert!(brakes.place().is_some());
    }
}
