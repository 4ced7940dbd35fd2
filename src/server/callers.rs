//! How fast each client with a valid token may go (RFC 6585 §4, the 429 of the IPSIE SCIM profile). One budget a token;
//! all access tokens of an OAuth client share the client's, so that fetching another one gains nothing.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use super::rejection::Rejection;

/// How fast one client may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The time after which one more request is allowed; not zero.
    pub every: Duration,
    /// How many requests may come at once after a pause.
    pub burst: NonZeroU32,
}

impl Rate {
    /// So many requests a second.
    pub fn per_second(requests: NonZeroU32, burst: NonZeroU32) -> Self {
        Self {
            every: Duration::from_secs(1) / requests.get(),
            burst,
        }
    }
}

/// The budgets. Their number is bounded by that of the tokens and clients an admin has made.
pub(super) struct Callers {
    limiter: Option<DefaultKeyedRateLimiter<Uuid>>,
    clock: DefaultClock,
}

impl Callers {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let quota =
            rate.and_then(|rate| Some(Quota::with_period(rate.every)?.allow_burst(rate.burst)));
        Self {
            limiter: quota.map(RateLimiter::keyed),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request, or says when there is room for it.
    pub(super) fn admit(&self, caller: Uuid) -> Result<(), Rejection> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_key(&caller).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            // RFC 9110 §10.2.3: whole seconds; rounded up, since who comes too early is turned away again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Rejection::RateLimited {
                retry_after: seconds.max(1),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callers(burst: u32) -> Callers {
        Callers::new(Some(Rate {
            every: Duration::from_hours(1),
            burst: NonZeroU32::new(burst).unwrap(),
        }))
    }

    #[test]
    fn each_caller_has_a_budget_and_is_told_when_there_is_room() {
        let (callers, one, other) = (callers(2), Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(callers.admit(one), Ok(()));
        assert_eq!(callers.admit(one), Ok(()));
        let Err(Rejection::RateLimited { retry_after }) = callers.admit(one) else {
            panic!("let in");
        };
        assert!((1..=3_600).contains(&retry_after), "{retry_after}");
        assert_eq!(callers.admit(other), Ok(()));
    }

    #[test]
    fn without_a_rate_nobody_is_held_up() {
        let callers = Callers::new(None);
        assert!((0..1_000).all(|_| callers.admit(Uuid::nil()).is_ok()));
    }
}
