//! When to draw. Pure: it is told the time.
//!
//! At once after something was typed, else at most so many times a second, and never when nothing changed.

use std::time::{Duration, Instant};

/// When the next frame is due.
#[derive(Clone, Copy, Debug)]
pub struct Frames {
    shortest: Duration,
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Frames {
    /// A schedule of at most so many frames a second.
    pub fn per_second(frames: u32) -> Self {
        Self {
            shortest: Duration::from_secs(1) / frames.clamp(1, 240),
            last: None,
            due: None,
        }
    }

    /// Something changed that nobody is waiting for.
    pub fn changed(&mut self, now: Instant) {
        let due = self.last.map_or(now, |last| now.max(last + self.shortest));
        self.due = Some(self.due.map_or(due, |before| before.min(due)));
    }

    /// Something changed because of a key: the admin is waiting.
    pub fn typed(&mut self, now: Instant) {
        self.due = Some(now);
    }

    /// When to draw, if anything changed.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Instant) {
        self.last = Some(now);
        self.due = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_gathered_and_keys_are_not() {
        let start = Instant::now();
        let frame = Duration::from_secs(1) / 60;
        let millisecond = Duration::from_millis(1);
        let mut frames = Frames::per_second(60);
        assert_eq!(frames.due(), None, "nothing changed, nothing is drawn");
        frames.changed(start);
        assert_eq!(frames.due(), Some(start));
        frames.drawn(start);
        frames.changed(start + millisecond);
        frames.changed(start + 2 * millisecond);
        assert_eq!(frames.due(), Some(start + frame));
        frames.typed(start + 3 * millisecond);
        assert_eq!(frames.due(), Some(start + 3 * millisecond));
        frames.drawn(start + 3 * millisecond);
        assert_eq!(frames.due(), None);
    }

    #[test]
    fn after_a_rest_the_first_change_is_drawn_at_once() {
        let start = Instant::now();
        let mut frames = Frames::per_second(60);
        frames.changed(start);
        frames.drawn(start);
        let later = start + Duration::from_secs(5);
        frames.changed(later);
        assert_eq!(frames.due(), Some(later));
    }
}
