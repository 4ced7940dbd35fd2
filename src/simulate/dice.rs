//! A small seeded generator, so that the same seed plays the same day on every machine.
//!
//! SplitMix64 (Steele, Lea, Flood 2014). Not for secrets: what it makes (ids, passwords of invented people) is only
//! ever sent to the server under simulation.

use uuid::{Builder, Uuid};

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A stream of numbers that a seed determines.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % limit).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`; `None` only when there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Up to `count` different items, in their own order.
    pub fn sample<T: Copy>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut wanted = count.min(items.len());
        let mut chosen = Vec::with_capacity(wanted);
        for (seen, item) in items.iter().enumerate() {
            if self.below(items.len() - seen) < wanted {
                wanted -= 1;
                chosen.push(*item);
            }
        }
        chosen
    }

    /// A version 4 UUID.
    pub fn uuid(&mut self) -> Uuid {
        let (high, low) = (self.roll(), self.roll());
        let bytes = ((u128::from(high) << 64) | u128::from(low)).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// `length` letters and digits.
    pub fn letters(&mut self, length: usize) -> String {
        (0..length)
            .filter_map(|_| self.pick(ALPHANUMERIC).copied().map(char::from))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_rolls_the_same_numbers() {
        let mut first = Dice::new(7);
        let mut second = Dice::new(7);
        let mut other = Dice::new(8);
        assert_eq!(first.uuid(), second.uuid());
        assert_ne!(first.letters(17), other.letters(17));
    }

    #[test]
    fn a_sample_holds_different_items_in_order() {
        let items: Vec<usize> = (0..50).collect();
        let mut dice = Dice::new(1);
        let sample = dice.sample(&items, 12);
        assert_eq!(sample.len(), 12);
        assert!(sample.is_sorted_by(|a, b| a < b));
        assert_eq!(dice.sample(&items, 99), items);
    }

    #[test]
    fn an_empty_choice_is_none() {
        assert_eq!(Dice::new(1).pick::<u8>(&[]), None);
        assert_eq!(Dice::new(1).below(0), 0);
    }
}
