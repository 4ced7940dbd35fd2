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
