//! What each client may still do this minute without a valid token: fail, and be logged. Bounded in memory however many
//! addresses call.
//!
//! A valid token is never held up by its neighbours' failures: many customers of one identity provider share addresses.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::settings::Limits;

/// How long a budget lasts.
const WINDOW: Duration = Duration::from_mins(1);

/// How many clients are told apart. Those beyond share one budget.
const CLIENTS: usize = 8_192;

/// The budgets.
pub(super) struct Peers {
    auth_failures: u32,
    unauthenticated_log: u32,
    spent: Mutex<Spent>,
}

#[derive(Default)]
struct Spent {
    clients: HashMap<IpAddr, Budget>,
    others: Option<Budget>,
}

#[derive(Clone, Copy)]
struct Budget {
    since: Instant,
    failures: u32,
    logged: u32,
    /// Requests not logged in the window before this one.
    unlogged: u32,
}

/// Whether a failed authentication may be answered with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It may.
    Counted,
    /// Too many: try again after so many seconds.
    TooMany {
        /// When the window ends.
        retry_after: u64,
    },
}

/// Whether a request without a valid token is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logging {
    /// It is; so many of this client were not, the last time it called too often.
    Yes {
        /// How many.
        unlogged_before: u32,
    },
    /// It is not.
    No,
}

impl Peers {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            auth_failures: limits.auth_failures,
            unauthenticated_log: limits.unauthenticated_log,
            spent: Mutex::default(),
        }
    }

    /// Counts a failed authentication.
    pub(super) fn fail(&self, peer: Option<IpAddr>, now: Instant) -> Failure {
        self.with(peer, now, |budget| {
            budget.failures = budget.failures.saturating_add(1);
            if budget.failures <= self.auth_failures {
                return Failure::Counted;
            }
            let left = WINDOW.saturating_sub(now.saturating_duration_since(budget.since));
            Failure::TooMany {
                retry_after: left.as_secs().max(1),
            }
        })
    }

    /// Counts a request without a valid token.
    pub(super) fn log(&self, peer: Option<IpAddr>, now: Instant) -> Logging {
        self.with(peer, now, |budget| {
            if budget.logged < self.unauthenticated_log {
                budget.logged += 1;
                let unlogged_before = std::mem::take(&mut budget.unlogged);
                return Logging::Yes { unlogged_before };
            }
            budget.unlogged = budget.unlogged.saturating_add(1);
            Logging::No
        })
    }

    fn with<T>(
        &self,
        peer: Option<IpAddr>,
        now: Instant,
        charge: impl FnOnce(&mut Budget) -> T,
    ) -> T {
        let fresh = Budget {
            since: now,
            failures: 0,
            logged: 0,
            unlogged: 0,
        };
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let spent = &mut *spent;
        let key = peer.map(network);
        if let Some(key) = key
            && spent.clients.len() >= CLIENTS
            && !spent.clients.contains_key(&key)
        {
            spent.clients.retain(|_, budget| budget.is_running(now));
        }
        let budget = match key {
            Some(key) if spent.clients.len() < CLIENTS || spent.clients.contains_key(&key) => {
                spent.clients.entry(key).or_insert(fresh)
            }
            _ => spent.others.get_or_insert(fresh),
        };
        if !budget.is_running(now) {
            *budget = Budget {
                unlogged: budget.unlogged,
                ..fresh
            };
        }
        charge(budget)
    }
}

impl Budget {
    fn is_running(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) < WINDOW
    }
}

/// Who counts as one client: an IPv4 address, or the /64 that one IPv6 customer has to itself.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
        ipv4 @ IpAddr::V4(_) => ipv4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers() -> Peers {
        Peers::new(&Limits {
            auth_failures: 2,
            unauthenticated_log: 1,
            ..Limits::default()
        })
    }

    #[expect(clippy::unnecessary_wraps, reason = "what the budgets take")]
    fn peer(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn failures_beyond_the_budget_are_told_to_wait_until_the_window_ends() {
        let (peers, start) = (peers(), Instant::now());
        assert_eq!(peers.fail(peer("192.0.2.1"), start), Failure::Counted);
        assert_eq!(peers.fail(peer("192.0.2.1"), start), Failure::Counted);
        let later = start + Duration::from_secs(20);
        assert_eq!(
            peers.fail(peer("192.0.2.1"), later),
            Failure::TooMany { retry_after: 40 }
        );
        assert_eq!(peers.fail(peer("192.0.2.2"), later), Failure::Counted);
        let next = start + WINDOW;
        assert_eq!(peers.fail(peer("192.0.2.1"), next), Failure::Counted);
    }

    #[test]
    fn one_ipv6_customer_is_one_client() {
        let (peers, now) = (peers(), Instant::now());
        peers.fail(peer("2001:db8::1"), now);
        peers.fail(peer("2001:db8::2"), now);
        assert!(matches!(
            peers.fail(peer("2001:db8::3"), now),
            Failure::TooMany { .. }
        ));
        assert_eq!(peers.fail(peer("2001:db8:0:1::1"), now), Failure::Counted);
    }

    #[test]
    fn what_was_not_logged_is_told_with_the_next_that_is() {
        let (peers, start) = (peers(), Instant::now());
        let one = peer("192.0.2.1");
        assert_eq!(peers.log(one, start), Logging::Yes { unlogged_before: 0 });
        assert_eq!(peers.log(one, start), Logging::No);
        assert_eq!(peers.log(one, start), Logging::No);
        assert_eq!(
            peers.log(one, start + WINDOW),
            Logging::Yes { unlogged_before: 2 }
        );
    }

    #[test]
    fn memory_is_bounded_and_the_crowd_shares_a_budget() {
        let (peers, now) = (peers(), Instant::now());
        for n in 0..u32::try_from(CLIENTS).unwrap() + 3 {
            peers.fail(Some(IpAddr::from(n.to_be_bytes())), now);
        }
        assert_eq!(peers.spent.lock().unwrap().clients.len(), CLIENTS);
        assert!(matches!(
            peers.fail(peer("203.0.113.9"), now),
            Failure::TooMany { .. }
        ));
        assert_eq!(
            peers.fail(peer("203.0.113.9"), now + WINDOW),
            Failure::Counted
        );
        assert_eq!(peers.spent.lock().unwrap().clients.len(), 1);
    }
}
