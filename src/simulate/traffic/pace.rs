//! How fast traffic flows.

use std::time::Duration;

use crate::simulate::dice::Dice;

/// The gap between requests, on average, and how long to leave a server alone that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    gap: Duration,
    back_off: Duration,
}

/// The longest a server is left alone.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(30);

impl Pace {
    /// About two requests a second, with bursts: what a person can follow.
    pub fn watchable() -> Self {
        Self::every(Duration::from_millis(500))
    }

    /// One request each `gap` on average; zero sends without a pause.
    pub fn every(gap: Duration) -> Self {
        Self {
            gap,
            back_off: Duration::from_secs(1),
        }
    }

    /// No gaps and no patience, for tests.
    #[cfg(test)]
    pub(crate) fn breathless() -> Self {
        Self {
            gap: Duration::ZERO,
            back_off: Duration::ZERO,
        }
    }

    /// How long to leave a server alone after `failures` acts in a row without an answer: a second at first, doubled
    /// each time, half a minute at most.
    pub(super) fn back_off(self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
        let wait = self.back_off.saturating_mul(doubled.unwrap_or(u32::MAX));
        wait.min(LONGEST_BACK_OFF)
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
    fn a_server_that_does_not_answer_is_left_alone_longer_and_longer() {
        let waits = [1, 2, 3, 6, 40].map(|failures| Pace::watchable().back_off(failures).as_secs());
        assert_eq!(waits, [1, 2, 4, 30, 30]);
    }

    #[test]
    fn a_burst_is_faster() {
        let pace = Pace::every(Duration::from_secs(6));
        assert!(pace.next(&mut Dice::new(1), true) < pace.next(&mut Dice::new(1), false));
    }
}
