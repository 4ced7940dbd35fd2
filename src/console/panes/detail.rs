//! What the detail of a pane shows: the object that is open, how its loading stands, the tab and the cursor in it.
//!
//! It follows the selection of the list. A key held down must not ask the engine for every row it passes, so while the
//! selection moves quickly only one row in a while is asked for, and the one it stops at.

use jiff::{SignedDuration, Timestamp};

use crate::admin::AdminError;
use crate::console::remote::Remote;
use crate::console::store::Generation;
use crate::console::widgets::doc::DocCursor;
use crate::console::widgets::json_view::JsonView;

/// How long after a question the next one is asked.
const REST: SignedDuration = SignedDuration::from_millis(80);

/// What the detail of a pane shows.
#[derive(Debug)]
pub struct Detail<K, T> {
    /// What is open.
    pub open: Option<K>,
    /// What the engine told about it.
    pub remote: Remote<T>,
    /// The tab, counted from 0.
    pub tab: usize,
    /// Where one is in the tab.
    pub cursor: DocCursor,
    /// The body of the tab, where it is one, as it is being looked at.
    pub body: Option<JsonView>,
    /// What the list had selected when last looked.
    followed: Option<K>,
    /// Whether what is open was jumped to: it stays until the list's selection moves.
    pinned: bool,
    asked_at: Option<Timestamp>,
    due: Option<Timestamp>,
    seen: Option<u64>,
}

impl<K, T> Default for Detail<K, T> {
    fn default() -> Self {
        Self {
            open: None,
            remote: Remote::default(),
            tab: 0,
            cursor: DocCursor::default(),
            body: None,
            followed: None,
            pinned: false,
            asked_at: None,
            due: None,
            seen: None,
        }
    }
}

impl<K: Copy + PartialEq, T> Detail<K, T> {
    /// Opens what the list selects, if that is another row than before.
    pub fn follow(&mut self, selected: Option<K>) {
        if selected.is_none() || selected == self.followed {
            return;
        }
        // The list may come only after a jump; what it selects at first is nobody's choice.
        let arrived = self.followed.is_none();
        self.followed = selected;
        if !(self.pinned && arrived) {
            self.pinned = false;
            self.open(selected);
        }
    }

    /// Opens something, whatever the list selects.
    pub fn pin(&mut self, key: K) {
        self.pinned = true;
        self.open(Some(key));
    }

    /// Closes what is open, and opens the next thing that the list selects.
    pub fn close(&mut self) {
        self.followed = None;
        self.pinned = false;
        self.open(None);
    }

    fn open(&mut self, key: Option<K>) {
        if key != self.open {
            self.open = key;
            self.remote.clear();
            self.cursor = DocCursor::default();
            self.body = None;
            self.due = None;
            self.seen = None;
        }
    }

    /// What to ask the engine for now. `newest` is the newest change the engine told of: what was asked for before it is
    /// asked for anew.
    pub fn needs(&mut self, now: Timestamp, newest: Option<u64>) -> Option<(Generation, K)> {
        let Some(key) = self.open else {
            self.due = None;
            return None;
        };
        let nothing = self.remote.value().is_none() && self.remote.error().is_none();
        let outdated = newest.is_some() && self.seen.is_some() && self.seen != newest;
        if self.remote.is_awaited() || !(nothing || outdated) {
            self.due = None;
            return None;
        }
        let resting = self
            .asked_at
            .and_then(|asked| asked.saturating_add(REST).ok())
            .is_some_and(|until| now < until);
        if resting {
            self.due = self.due.or(now.saturating_add(REST).ok());
            return None;
        }
        self.asked_at = Some(now);
        self.due = None;
        self.seen = newest;
        Some((self.remote.ask(), key))
    }

    /// When to look again whether something is to be asked for.
    pub fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// The time to look again has come.
    pub fn woke(&mut self, now: Timestamp) {
        self.due = self.due.filter(|due| *due > now);
    }

    /// Asks anew, keeping what is here.
    pub fn refresh(&mut self) -> Option<(Generation, K)> {
        let key = self.open?;
        Some((self.remote.ask(), key))
    }

    /// Asks again for what did not come.
    pub fn retry(&mut self) {
        if self.remote.value().is_none() && self.remote.error().is_some() {
            self.remote.clear();
        }
    }

    /// Takes an answer in. Tells whether the screen looks different.
    pub fn loaded(&mut self, generation: Generation, result: Result<T, AdminError>) -> bool
    where
        T: PartialEq,
    {
        let same =
            matches!((self.remote.value(), &result), (Some(before), Ok(now)) if before == now);
        let failed = self.remote.error().is_some();
        if !self.remote.answer(generation, result) {
            return false;
        }
        if !same {
            self.body = None;
        }
        !same || failed
    }

    /// Shows another tab.
    pub fn set_tab(&mut self, tab: usize) {
        if tab != self.tab {
            self.tab = tab;
            self.cursor = DocCursor::default();
            self.body = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn the_first_row_is_asked_for_at_once_and_a_held_key_only_where_it_stops() {
        let mut detail: Detail<u8, ()> = Detail::default();
        detail.follow(Some(1));
        assert!(detail.needs(at(0), None).is_some());
        for row in 2..10_u8 {
            detail.follow(Some(row));
            assert_eq!(detail.needs(at(i64::from(row)), None), None);
        }
        let due = detail.due().unwrap();
        let (_, row) = detail.needs(due.max(at(90)), None).unwrap();
        assert_eq!(row, 9);
    }

    #[test]
    fn what_was_opened_by_a_jump_stays_until_the_selection_moves() {
        let mut detail: Detail<u8, ()> = Detail::default();
        detail.follow(Some(1));
        detail.pin(7);
        detail.follow(Some(1));
        assert_eq!(detail.open, Some(7));
        detail.follow(Some(2));
        assert_eq!(detail.open, Some(2));
    }

    #[test]
    fn what_was_jumped_to_stays_when_the_list_comes_after_it() {
        let mut detail: Detail<u8, ()> = Detail::default();
        detail.pin(7);
        detail.follow(Some(1));
        assert_eq!(detail.open, Some(7));
    }

    #[test]
    fn a_change_at_the_engine_asks_anew_and_keeps_what_is_here() {
        let mut detail: Detail<u8, &str> = Detail::default();
        detail.follow(Some(1));
        let (generation, _) = detail.needs(at(0), Some(10)).unwrap();
        detail.loaded(generation, Ok("here"));
        assert_eq!(detail.needs(at(500), Some(10)), None);
        assert!(detail.needs(at(1_000), Some(11)).is_some());
        assert_eq!(detail.remote.value(), Some(&"here"));
    }
}
