//! The members that are marked for an action on several, by id: they stay marked whatever the list shows, in the order
//! in which they were marked.

use crate::admin::types::{MemberId, MemberRow};

/// How many may be marked at once: as many as a page of the engine holds, and more than a person checks by eye.
pub const MOST_MARKS: usize = 1_000;

/// Marked members, as they were when they were marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    rows: Vec<MemberRow>,
}

impl Marks {
    /// How many are marked.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a member is marked.
    pub fn has(&self, id: MemberId) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }

    /// The marked members.
    pub fn rows(&self) -> impl Iterator<Item = &MemberRow> {
        self.rows.iter()
    }

    /// Marks a member, or takes the mark away. Tells whether that could be done: no more than [`MOST_MARKS`] are kept.
    pub fn toggle(&mut self, row: &MemberRow) -> bool {
        let before = self.rows.len();
        self.rows.retain(|marked| marked.id != row.id);
        if self.rows.len() < before {
            return true;
        }
        self.add(row.clone())
    }

    /// Marks a member. What was known of one who is marked already is replaced.
    pub fn add(&mut self, row: MemberRow) -> bool {
        if let Some(marked) = self.rows.iter_mut().find(|marked| marked.id == row.id) {
            *marked = row;
            return true;
        }
        let has_room = self.rows.len() < MOST_MARKS;
        if has_room {
            self.rows.push(row);
        }
        has_room
    }

    /// Takes the marks of some away.
    pub fn remove(&mut self, ids: &[MemberId]) {
        self.rows.retain(|row| !ids.contains(&row.id));
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        self.rows.clear();
    }
}
