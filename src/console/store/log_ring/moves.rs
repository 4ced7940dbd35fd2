//! Moving about in the log.

use super::{LogRing, Screen};
use crate::admin::types::RequestId;

/// What became of a jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// It is selected.
    Found,
    /// There is none in the log in that direction.
    None,
    /// There is none among the lines held; there may be in older ones, which are not here.
    NotHere,
}

impl LogRing {
    /// Selects the line with an index, counted from the oldest one held. The last one resumes following.
    pub fn select_index(&mut self, index: usize) {
        let Some(last) = self.rows.len().checked_sub(1) else {
            return;
        };
        if index >= last && self.gap.is_none() {
            self.follow();
            return;
        }
        self.pause();
        let index = index.min(last);
        self.selected = self.rows.get(index).map(|row| row.id);
        let first = self.first();
        let height = usize::from(self.height);
        if index < first {
            self.set_first(index);
        } else if index >= first + height {
            self.set_first(index + 1 - height);
        }
    }

    /// Selects a line by its id. Returns whether it is held.
    pub fn select(&mut self, id: RequestId) -> bool {
        let index = self.lower_bound(id);
        let held = self.rows.get(index).is_some_and(|row| row.id == id);
        if held {
            self.select_index(index);
        }
        held
    }

    /// Moves the selection by so many lines; down is positive.
    pub fn move_by(&mut self, lines: i64) {
        let Some(selected) = self.selected_index() else {
            return;
        };
        let by = isize::try_from(lines).unwrap_or(if lines < 0 { isize::MIN } else { isize::MAX });
        self.select_index(selected.saturating_add_signed(by));
    }

    /// Moves the selection by so many screens; down is positive.
    pub fn page_by(&mut self, screens: i64) {
        self.move_by(screens.saturating_mul(i64::from(self.height)));
    }

    /// Scrolls by so many lines, as a mouse wheel does; down is positive. Reaching the bottom resumes following.
    pub fn scroll_by(&mut self, lines: i64) {
        if self.rows.is_empty() {
            return;
        }
        let by = isize::try_from(lines).unwrap_or(if lines < 0 { isize::MIN } else { isize::MAX });
        let height = usize::from(self.height);
        let last_first = self.rows.len().saturating_sub(height);
        let first = self.first().saturating_add_signed(by).min(last_first);
        if first >= last_first && lines >= 0 && self.gap.is_none() {
            self.follow();
            return;
        }
        self.pause();
        self.set_first(first);
        let selected = self.selected_index().unwrap_or(first);
        let kept = selected.clamp(first, (first + height - 1).min(self.rows.len() - 1));
        self.selected = self.rows.get(kept).map(|row| row.id);
    }

    /// Selects the oldest line held; older ones are paged in from there.
    pub fn to_oldest(&mut self) {
        if self.rows.len() > 1 {
            self.select_index(0);
        }
    }

    /// Keeps the newest line on the screen from now on. Where newer lines are in the log that are not here, they are
    /// asked for.
    pub fn follow(&mut self) {
        self.screen = Screen::Follow;
        if self.gap.is_some() {
            self.refresh();
        }
        self.settle();
    }

    /// Keeps the screen where it is while lines arrive.
    pub fn pause(&mut self) {
        if self.is_following() {
            self.set_first(self.first());
            self.unseen = 0;
        }
    }

    /// Follows if paused, pauses if following.
    pub fn toggle_follow(&mut self) {
        if self.is_following() {
            self.pause();
        } else {
            self.follow();
        }
    }

    /// Selects the next failure after the selected line, towards newer ones.
    pub fn next_failure(&mut self) -> Jump {
        let from = self.selected_index().map_or(0, |index| index + 1);
        let found = (from..self.rows.len())
            .find(|index| self.rows.get(*index).is_some_and(Self::is_failure));
        self.jump(found, self.gap.is_some())
    }

    /// Selects the failure before the selected line, towards older ones. While the log is followed nothing is open yet,
    /// so that the newest line may be the one.
    pub fn previous_failure(&mut self) -> Jump {
        let to = if self.is_following() {
            self.rows.len()
        } else {
            self.selected_index().unwrap_or(0)
        };
        let found = (0..to)
            .rev()
            .find(|index| self.rows.get(*index).is_some_and(Self::is_failure));
        self.jump(found, self.has_older)
    }

    fn jump(&mut self, found: Option<usize>, more: bool) -> Jump {
        match found {
            Some(index) => {
                self.select_index(index);
                Jump::Found
            }
            None if more => Jump::NotHere,
            None => Jump::None,
        }
    }

    fn set_first(&mut self, index: usize) {
        self.screen = Screen::At(self.rows.get(index).map(|row| row.id));
    }
}
