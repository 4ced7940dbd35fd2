//! The request log as the console holds it: a bounded stretch of lines in the order of their ids, the newest at the
//! BOTTOM like `tail -f`.
//!
//! - *Follow* means that the screen is at the bottom and stays there. Moving up pauses; lines that arrive then are
//!   counted ("+312 new") and nothing on the screen moves, since selection and screen are anchored by [`RequestId`] and
//!   never by index.
//! - Older lines are paged in at the top, newer ones at the bottom. When the ring is full the end farther from the
//!   screen gives way. If that is the bottom, live lines are only counted until they are paged in again.
//! - Only lines that match the query are held. Lines the engine could not deliver are counted in [`LogRing::dropped`].

mod moves;
mod paging;

pub use moves::Jump;
pub use paging::{LogRequest, LogSpan};

use std::collections::VecDeque;

use jiff::Timestamp;

use super::Generation;
use crate::admin::types::{Outcome, RequestId, RequestQuery, RequestRow};

/// How many lines are held, where nothing else is said.
pub const CAPACITY: usize = 10_000;

/// Where the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Screen {
    /// At the bottom, and stays there.
    Follow,
    /// With this line at the top; `None` while there are no lines.
    At(Option<RequestId>),
}

/// The request log as the console holds it.
#[derive(Clone, Debug)]
pub struct LogRing {
    rows: VecDeque<RequestRow>,
    capacity: usize,
    query: RequestQuery,
    query_text: String,
    generation: Generation,
    /// Whether the newest page of this generation has come.
    loaded: bool,
    screen: Screen,
    height: u16,
    selected: Option<RequestId>,
    has_older: bool,
    /// Lines after the last one held that are in the log but not here: the newest id seen of them.
    gap: Option<RequestId>,
    asked: Option<LogSpan>,
    failed: bool,
    unseen: u64,
    dropped: u64,
}

impl Default for LogRing {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl LogRing {
    /// An empty ring of so many lines at most, following, with the query that matches everything.
    pub fn new(capacity: usize) -> Self {
        Self {
            rows: VecDeque::new(),
            capacity: capacity.max(1),
            query: RequestQuery::default(),
            query_text: String::new(),
            generation: Generation::default(),
            loaded: false,
            screen: Screen::Follow,
            height: 1,
            selected: None,
            has_older: false,
            gap: None,
            asked: None,
            failed: false,
            unseen: 0,
            dropped: 0,
        }
    }

    // ── what arrives live ───────────────────────────────────────────────────────────────────────────────────────
    /// Takes in lines from the live tail, in any order; those that do not match the query or are here already are
    /// passed over.
    pub fn push(&mut self, rows: impl IntoIterator<Item = RequestRow>, now: Timestamp) {
        for row in rows {
            if !self.query.matches(&row, now) {
                continue;
            }
            let id = row.id;
            let newest = self.newest();
            if newest.is_some_and(|newest| id > newest) && self.gap.is_some() {
                self.gap = self.gap.max(Some(id));
                self.unseen += 1;
                continue;
            }
            // Older than all that is here: the page that holds it has not been asked for yet.
            let before_all = self.oldest().is_some_and(|oldest| id < oldest);
            if before_all && (self.has_older || !self.loaded) {
                continue;
            }
            if self.insert(row) && !self.is_following() {
                self.unseen += 1;
            }
            self.trim();
        }
        self.settle();
    }

    /// Notes that the engine left out so many lines of the live tail, since this reader was too slow. They are in the
    /// log: what is on the screen is asked anew with the next [`LogRing::needs`].
    pub fn note_dropped(&mut self, count: u64) {
        self.dropped = self.dropped.saturating_add(count);
        if count > 0 {
            self.refresh();
        }
    }

    // ── what there is ───────────────────────────────────────────────────────────────────────────────────────────
    /// The lines on the screen, top first.
    pub fn visible(&self) -> impl Iterator<Item = &RequestRow> {
        self.rows
            .iter()
            .skip(self.first())
            .take(usize::from(self.height))
    }

    /// A line by its index, counted from the oldest one held.
    pub fn row(&self, index: usize) -> Option<&RequestRow> {
        self.rows.get(index)
    }

    /// How many lines are held.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no line is held.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The index of the line at the top of the screen.
    pub fn first(&self) -> usize {
        let last = self.rows.len().saturating_sub(usize::from(self.height));
        match self.screen {
            Screen::At(Some(top)) => self.lower_bound(top).min(last),
            Screen::At(None) | Screen::Follow => last,
        }
    }

    /// The index of the selected line.
    pub fn selected_index(&self) -> Option<usize> {
        let selected = self.selected?;
        (!self.rows.is_empty()).then(|| self.lower_bound(selected).min(self.rows.len() - 1))
    }

    /// The selected line.
    pub fn selected(&self) -> Option<&RequestRow> {
        self.rows.get(self.selected_index()?)
    }

    /// Whether the newest line is kept on the screen.
    pub fn is_following(&self) -> bool {
        self.screen == Screen::Follow
    }

    /// How many lines arrived since following ended: the number of "+312 new".
    pub fn unseen(&self) -> u64 {
        self.unseen
    }

    /// How many lines the engine left out of the live tail in all.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Whether older lines than those held are in the log.
    pub fn has_older(&self) -> bool {
        self.has_older
    }

    /// Whether what is shown is being asked anew.
    pub fn is_stale(&self) -> bool {
        !self.loaded && !self.rows.is_empty()
    }

    /// Whether nothing has come yet.
    pub fn is_loading(&self) -> bool {
        !self.loaded && self.rows.is_empty() && !self.failed
    }

    /// Whether the last page asked for did not come.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// The text of the query in force.
    pub fn query(&self) -> &str {
        &self.query_text
    }

    /// Whether a line is one that [`LogRing::next_failure`] stops at.
    pub fn is_failure(row: &RequestRow) -> bool {
        row.status >= 400
            || matches!(
                row.outcome,
                Outcome::Refused | Outcome::Held | Outcome::Error
            )
    }

    // ── within ──────────────────────────────────────────────────────────────────────────────────────────────────
    fn newest(&self) -> Option<RequestId> {
        self.rows.back().map(|row| row.id)
    }

    fn oldest(&self) -> Option<RequestId> {
        self.rows.front().map(|row| row.id)
    }

    /// The index of the first line whose id is not below this one.
    fn lower_bound(&self, id: RequestId) -> usize {
        self.rows.partition_point(|row| row.id < id)
    }

    /// Puts a line where its id belongs. Returns whether it was not here before.
    fn insert(&mut self, row: RequestRow) -> bool {
        // Nearly every line is the newest one.
        if self.newest().is_none_or(|newest| newest < row.id) {
            self.rows.push_back(row);
            return true;
        }
        let at = self.lower_bound(row.id);
        match self.rows.get_mut(at) {
            Some(same) if same.id == row.id => {
                *same = row;
                false
            }
            _ => {
                self.rows.insert(at, row);
                true
            }
        }
    }

    /// Lets the end that is farther from the screen give way, until no more than the capacity is held.
    fn trim(&mut self) {
        while self.rows.len() > self.capacity {
            let above = self.first();
            let below = self.rows.len() - (above + usize::from(self.height)).min(self.rows.len());
            if self.is_following() || above >= below {
                self.rows.pop_front();
                self.has_older = true;
            } else {
                let last = self.rows.pop_back().map(|row| row.id);
                self.gap = self.gap.max(last);
            }
        }
    }

    /// Keeps selection and screen on lines that are here.
    fn settle(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        if self.is_following() {
            self.selected = self.newest();
            self.unseen = 0;
            return;
        }
        if self.screen == Screen::At(None) {
            self.screen = Screen::At(self.rows.get(self.first()).map(|row| row.id));
        }
        self.selected = self.selected.or(self.newest());
    }
}

#[cfg(test)]
mod tests;
