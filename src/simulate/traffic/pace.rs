//! How fast traffic flows.

use std::time::Duration;

use crate::simulate::dice::Dice;

/// The gap between requests, on average, and how much shorter it is in a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    gap: Duration,
}

impl Pace {
    /// About two requests a second, with bursts: what a person can follow.
    pub fn watchable() -> Self {
        Self::every(Duration::from_millis(500))
    }

    /// One request each `gap` on average; zero sends without a pause.
    pub fn every(gap: Duration) -> Self {
        Self { gap }
    }

    /// The gap before each request of the next act: half to one and a half times the average, and a fraction of that
    /// in a burst.
    pub(super) fn next(self, dice: &mut Dice, burst: bool) -> Duration {
        let percent = u32::try_from(dice.between(50, 150)).unwrap_or(100);
        let gap = self.gap.saturating_mul(percent) / 100;
        if burst { gap / 6 } else { gap }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::watchable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watchable_pace_stays_between_one_and_four_requests_a_second() {
        let mut dice = Dice::new(2);
        for _ in 0..200 {
            let gap = Pace::watchable().next(&mut dice, false);
            assert!((250..=1000).contains(&gap.as_millis()), "{gap:?}");
        }
    }

    #[test]
    fn a_burst_is_faster() {
        let pace = Pace::every(Duration::from_secs(6));
        assert!(pace.next(&mut Dice::new(1), true) < pace.next(&mut Dice::new(1), false));
    }
}
