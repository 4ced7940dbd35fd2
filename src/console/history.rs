//! Where one has been: a stack of places, so that a jump can be taken back.

use std::collections::VecDeque;

/// The most places that are remembered.
const LONGEST: usize = 50;

/// The places one came from, the last one on top.
#[derive(Clone, Debug)]
pub struct History<P>(VecDeque<P>);

impl<P> Default for History<P> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<P: PartialEq> History<P> {
    /// Remembers a place. The same place twice is one.
    pub fn push(&mut self, place: P) {
        if self.0.back() == Some(&place) {
            return;
        }
        if self.0.len() == LONGEST {
            self.0.pop_front();
        }
        self.0.push_back(place);
    }

    /// The last place, which is forgotten.
    pub fn pop(&mut self) -> Option<P> {
        self.0.pop_back()
    }

    /// Whether there is nowhere to go back to.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_in_reverse_and_the_oldest_are_forgotten() {
        let mut history = History::default();
        for place in 0..60 {
            history.push(place);
            history.push(place);
        }
        assert_eq!(history.pop(), Some(59));
        assert_eq!(std::iter::from_fn(|| history.pop()).last(), Some(10));
        assert!(history.is_empty());
    }
}
