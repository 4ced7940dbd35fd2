//! The figures of the live screen, kept in memory from the tail of the request log: requests per second, who called when,
//! how long requests took. What was logged before this process started is read in once, when it is first asked for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::values::{nanos, time};
use crate::request_log::RequestRow;
use crate::store::rows::{ConnectionRow, RateBucket};

/// So far back the figures reach.
pub const WINDOW_SECONDS: i64 = 7_200;
/// Durations are of so many requests.
const DURATIONS: usize = 1_000;
/// No list of connections is longer.
const CONNECTIONS: usize = 20;
/// So many tokens are told apart.
const TOKENS: usize = 256;

/// The live figures of one store.
#[derive(Debug, Default)]
pub struct Pulse {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    seconds: BTreeMap<i64, RateBucket>,
    durations: VecDeque<u64>,
    callers: BTreeMap<String, Caller>,
    unsaved: bool,
    seeded: bool,
}

/// One token that called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The identity provider it looks like.
    pub idp: Option<String>,
    /// Its last request, in nanoseconds.
    pub last_request: i64,
    /// Its last request that was answered with success.
    pub last_success: Option<i64>,
    /// Its last request that changed something.
    pub last_push: Option<i64>,
    /// Requests and failures per second.
    seconds: BTreeMap<i64, RateBucket>,
}

/// What of a logged line the figures are made of.
#[derive(Clone, Debug)]
pub struct Beat {
    /// When, in nanoseconds.
    pub at: i64,
    /// The HTTP status.
    pub status: u16,
    /// How many objects it changed.
    pub changes: u32,
    /// The name of the token.
    pub token: Option<String>,
    /// The identity provider.
    pub idp: Option<String>,
}

impl Pulse {
    /// Lines were logged.
    pub fn note<'r>(&self, rows: impl Iterator<Item = &'r RequestRow>) {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return;
        }
        let mut state = self.lock();
        for row in rows {
            if state.durations.len() == DURATIONS {
                state.durations.pop_front();
            }
            state.durations.push_back(row.duration_us);
            state.beat(&Beat {
                at: nanos(row.at),
                status: row.status,
                changes: row.changes,
                token: row.token.clone(),
                idp: row.idp.clone(),
            });
        }
        state.forget();
        state.unsaved = true;
    }

    /// Takes in the durations of the last requests before this process, oldest first.
    pub fn seed_durations(&self, durations: impl Iterator<Item = u64>) {
        self.lock().durations.extend(durations);
    }

    /// Takes in when a token called before this process.
    pub fn seed_caller(&self, token: String, caller: Caller) {
        self.lock().callers.insert(token, caller);
    }

    /// Whether what was logged before this process is in the figures.
    pub fn is_seeded(&self) -> bool {
        self.lock().seeded
    }

    /// Takes in what was logged before this process. Only the first caller's counts.
    pub fn seed(&self, beats: &[Beat]) {
        let mut state = self.lock();
        if !state.seeded {
            for beat in beats {
                state.beat(beat);
            }
            state.forget();
            state.seeded = true;
        }
    }

    /// Requests per bucket, oldest first, the last one ending at `now`; `None` where that reaches too far back.
    pub fn rates(&self, now: i64, bucket_seconds: u32, buckets: u32) -> Option<Vec<RateBucket>> {
        let width = i64::from(bucket_seconds.max(1));
        let last = second(now);
        let span = width.saturating_mul(i64::from(buckets));
        let state = self.lock();
        let newest = state.seconds.keys().next_back().copied().unwrap_or(last);
        if newest.max(last) - (last - span) > WINDOW_SECONDS {
            return None;
        }
        let mut rates = vec![RateBucket::default(); usize::try_from(buckets).unwrap_or(0)];
        for (at, counts) in state.seconds.range(last - span + 1..=last) {
            let from_end = usize::try_from((last - at) / width).unwrap_or(usize::MAX);
            let place = rates.len().checked_sub(from_end.saturating_add(1));
            if let Some(bucket) = place.and_then(|place| rates.get_mut(place)) {
                add(bucket, *counts);
            }
        }
        Some(rates)
    }

    /// Each token that called, newest call first, with its counts since then.
    pub fn connections(&self, since: i64) -> Vec<ConnectionRow> {
        let state = self.lock();
        let mut rows: Vec<ConnectionRow> = state
            .callers
            .iter()
            .map(|(token, caller)| {
                let mut counts = RateBucket::default();
                for (_, second) in caller.seconds.range(second(since)..) {
                    add(&mut counts, *second);
                }
                ConnectionRow {
                    token: token.clone(),
                    idp: caller.idp.clone(),
                    last_request: time(caller.last_request),
                    last_success: caller.last_success.map(time),
                    last_push: caller.last_push.map(time),
                    requests: u64::from(counts.requests),
                    failures: u64::from(counts.failures),
                }
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.last_request));
        rows.truncate(CONNECTIONS);
        rows
    }

    /// The 50th and 95th percentile of the durations.
    pub fn latencies(&self) -> (u64, u64) {
        let mut sorted: Vec<u64> = self.lock().durations.iter().copied().collect();
        sorted.sort_unstable();
        let at = |percent: usize| {
            let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            sorted.get(place).copied().unwrap_or(0)
        };
        (at(50), at(95))
    }

    /// When each token called, if that is news since the last time.
    pub fn take_unsaved(&self) -> Vec<(String, Caller)> {
        let mut state = self.lock();
        if !std::mem::take(&mut state.unsaved) {
            return Vec::new();
        }
        state
            .callers
            .iter()
            .map(|(token, caller)| (token.clone(), caller.without_counts()))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Figures for people: half a note is no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Caller {
    /// A token of which no counts are known.
    pub fn new(
        idp: Option<String>,
        last_request: i64,
        last_success: Option<i64>,
        last_push: Option<i64>,
    ) -> Self {
        Self {
            idp,
            last_request,
            last_success,
            last_push,
            seconds: BTreeMap::new(),
        }
    }

    fn without_counts(&self) -> Self {
        Self::new(
            self.idp.clone(),
            self.last_request,
            self.last_success,
            self.last_push,
        )
    }
}

impl State {
    fn beat(&mut self, beat: &Beat) {
        let counts = RateBucket {
            requests: 1,
            failures: u32::from(beat.status >= 400),
        };
        let second = second(beat.at);
        add(self.seconds.entry(second).or_default(), counts);
        let Some(token) = &beat.token else {
            return;
        };
        if !self.callers.contains_key(token) {
            if self.callers.len() >= TOKENS {
                return;
            }
            self.callers
                .insert(token.clone(), Caller::new(None, beat.at, None, None));
        }
        let Some(caller) = self.callers.get_mut(token) else {
            return;
        };
        add(caller.seconds.entry(second).or_default(), counts);
        if beat.at >= caller.last_request && beat.idp.is_some() {
            caller.idp.clone_from(&beat.idp);
        }
        caller.last_request = caller.last_request.max(beat.at);
        if (200..400).contains(&beat.status) {
            caller.last_success = caller.last_success.max(Some(beat.at));
        }
        if beat.changes > 0 {
            caller.last_push = caller.last_push.max(Some(beat.at));
        }
    }

    /// Drops the seconds that have left the window.
    fn forget(&mut self) {
        let Some(newest) = self.seconds.keys().next_back() else {
            return;
        };
        let horizon = newest - WINDOW_SECONDS;
        while let Some(first) = self.seconds.first_entry()
            && *first.key() < horizon
        {
            first.remove();
        }
        for caller in self.callers.values_mut() {
            while let Some(first) = caller.seconds.first_entry()
                && *first.key() < horizon
            {
                first.remove();
            }
        }
    }
}

fn second(nanos: i64) -> i64 {
    nanos.div_euclid(1_000_000_000)
}

fn add(sum: &mut RateBucket, more: RateBucket) {
    sum.requests = sum.requests.saturating_add(more.requests);
    sum.failures = sum.failures.saturating_add(more.failures);
}

/// The beginning of the window that ends at a time, in nanoseconds.
pub fn horizon(now: Timestamp) -> i64 {
    nanos(now).saturating_sub(WINDOW_SECONDS * 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(second: i64, status: u16, token: &str) -> Beat {
        Beat {
            at: second * 1_000_000_000,
            status,
            changes: 0,
            token: Some(token.into()),
            idp: None,
        }
    }

    #[test]
    fn buckets_end_at_now() {
        let pulse = Pulse::default();
        pulse.seed(&[
            beat(100, 200, "a"),
            beat(105, 404, "a"),
            beat(110, 200, "b"),
        ]);
        let rates = pulse.rates(110_000_000_000, 5, 3).expect("in the window");
        let counts: Vec<_> = rates.iter().map(|b| (b.requests, b.failures)).collect();
        assert_eq!(counts, [(1, 0), (1, 1), (1, 0)]);
        assert_eq!(pulse.rates(110_000_000_000, 3_600, 3), None);
    }

    #[test]
    fn connections_are_newest_first_with_their_own_counts() {
        let pulse = Pulse::default();
        pulse.seed(&[
            beat(100, 200, "a"),
            beat(105, 404, "a"),
            beat(110, 200, "b"),
        ]);
        let rows = pulse.connections(101_000_000_000);
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.token.as_str(), row.requests, row.failures))
            .collect();
        assert_eq!(told, [("b", 1, 0), ("a", 1, 1)]);
    }

    #[test]
    fn percentiles_of_few_and_none() {
        let pulse = Pulse::default();
        assert_eq!(pulse.latencies(), (0, 0));
        pulse.seed_durations(1..=20);
        assert_eq!(pulse.latencies(), (10, 19));
    }
}
