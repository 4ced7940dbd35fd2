//! Durations of many repetitions, and what they come to.

use std::time::Duration;

/// How long each repetition took.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    nanoseconds: Vec<u64>,
}

impl Sample {
    /// Adds one repetition.
    pub fn add(&mut self, took: Duration) {
        self.nanoseconds
            .push(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Adds the repetitions of another sample.
    pub fn absorb(&mut self, other: Self) {
        self.nanoseconds.extend(other.nanoseconds);
    }

    /// How many there were.
    pub fn len(&self) -> usize {
        self.nanoseconds.len()
    }

    /// The duration that so many hundredths of all stay within, in milliseconds.
    pub fn percentile(&self, hundredths: usize) -> f64 {
        let mut sorted = self.nanoseconds.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * hundredths / 100).min(sorted.len().saturating_sub(1));
        sorted.get(place).copied().unwrap_or_default() as f64 / 1e6
    }
}

/// The middle one; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Does something and says how long it took; `None` where the kernel gave the processor to somebody else meanwhile, since
/// such a time says nothing about the work.
#[allow(
    dead_code,
    reason = "the engine's bench measures a process, not a thread"
)]
pub fn undisturbed<T>(work: impl FnOnce() -> T) -> (T, Option<Duration>) {
    let before = slices();
    let began = std::time::Instant::now();
    let done = work();
    let took = began.elapsed();
    (done, (slices() == before).then_some(took))
}

/// How often this thread was given the processor. Always the same where Linux does not tell.
fn slices() -> u64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().nth(2)?.parse().ok())
        .unwrap_or_default()
}
