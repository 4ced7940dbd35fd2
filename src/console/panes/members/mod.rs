//! Pane 2, Members: SCIM's Users, a list of any length beside the detail of one.

pub mod doc;
pub mod sessions;
pub mod table;

use super::detail::Detail;
use super::rows::Rows;
use crate::admin::AdminError;
use crate::admin::sso::SessionRow;
use crate::admin::types::{AuditRow, MemberDetail, MemberId, MemberRow, Page, Sort};
use crate::console::remote::Remote;
use crate::console::store::{Generation, Marks};

/// The tabs of a member.
pub const TABS: [&str; 4] = ["Profile", "Timeline", "SCIM", "Sessions"];
/// The tab with what happened.
pub const TIMELINE_TAB: usize = 1;
/// The tab with the resource as an IdP reads it.
pub const SCIM_TAB: usize = 2;
/// The tab with their sessions.
pub const SESSIONS_TAB: usize = 3;

/// Pane 2.
#[derive(Debug)]
pub struct Members {
    /// The list.
    pub rows: Rows<MemberRow>,
    /// The member that is open.
    pub detail: Detail<MemberId, Box<MemberDetail>>,
    /// Those who are marked for an action on several.
    pub marks: Marks,
    /// Whether those who shall be marked are awaited.
    pub marking: Remote<()>,
    /// Older changes of the open member than its detail came with.
    pub older: Remote<Vec<AuditRow>>,
    /// The live sessions of the open member.
    pub sessions: Remote<Vec<SessionRow>>,
    /// Whether all of them shall be asked about as soon as they are here.
    pub ending: bool,
    sessions_of: Option<MemberId>,
    older_of: Option<MemberId>,
    has_more: bool,
}

impl Default for Members {
    fn default() -> Self {
        Self {
            rows: Rows::new(Sort::Created),
            detail: Detail::default(),
            marks: Marks::default(),
            marking: Remote::default(),
            older: Remote::default(),
            sessions: Remote::default(),
            ending: false,
            sessions_of: None,
            older_of: None,
            has_more: true,
        }
    }
}

impl Members {
    /// The member that a command would be about: the one that is open, else the selected one.
    pub fn current(&self) -> Option<&MemberRow> {
        let selected = self.rows.list.selected_row();
        let open = self.detail.remote.value().map(|detail| &detail.row);
        match self.detail.open {
            Some(id) => open
                .filter(|row| row.id == id)
                .or(selected.filter(|row| row.id == id)),
            None => selected,
        }
    }

    /// All changes of the open member that are here, newest first.
    pub fn timeline(&self) -> impl Iterator<Item = &AuditRow> {
        let first = self.detail.remote.value().map(|detail| &detail.timeline);
        let older = self
            .older
            .value()
            .filter(|_| self.older_of == self.detail.open);
        // What came with the detail is refreshed; what was loaded after it may overlap.
        let oldest = first.and_then(|rows| rows.last()).map(|row| row.seq);
        let newer = move |row: &&AuditRow| oldest.is_none_or(|oldest| row.seq < oldest);
        first
            .into_iter()
            .flatten()
            .chain(older.into_iter().flatten().filter(newer))
    }

    /// Whether there are older changes that are not here.
    pub fn has_older_changes(&self) -> bool {
        let first = self.detail.remote.value();
        let full = first.is_some_and(|detail| detail.timeline.len() >= 20);
        full && (self.older_of != self.detail.open || self.has_more)
    }

    /// What to ask for to see older changes: whose, and how many are here.
    pub fn ask_older(&mut self) -> Option<(Generation, MemberId, u64)> {
        let id = self.detail.open?;
        if !self.has_older_changes() || (self.older.is_awaited() && self.older_of == Some(id)) {
            return None;
        }
        if self.older_of != Some(id) {
            self.older.clear();
            self.older_of = Some(id);
            self.has_more = true;
        }
        let here = self.timeline().count();
        Some((self.older.ask(), id, u64::try_from(here).ok()?))
    }

    /// The generation to ask by for the sessions of the open member, where its tab shows them and they are not here.
    pub fn needs_sessions(&mut self) -> Option<(Generation, MemberId)> {
        let id = self.detail.open?;
        if self.detail.tab != SESSIONS_TAB {
            return None;
        }
        if self.sessions_of != Some(id) {
            self.sessions.clear();
            self.sessions_of = Some(id);
        }
        let nothing = self.sessions.value().is_none() && self.sessions.error().is_none();
        (nothing && !self.sessions.is_awaited()).then(|| (self.sessions.ask(), id))
    }

    /// The sessions of the open member, where they are here.
    pub fn open_sessions(&self) -> Option<&[SessionRow]> {
        let all = self.sessions.value().map(Vec::as_slice);
        all.filter(|_| self.sessions_of.is_some() && self.sessions_of == self.detail.open)
    }

    /// Takes sessions in.
    pub fn sessions_loaded(
        &mut self,
        generation: Generation,
        result: Result<Vec<SessionRow>, AdminError>,
    ) -> bool {
        self.sessions.answer(generation, result)
    }

    /// Takes older changes in.
    pub fn older_loaded(
        &mut self,
        generation: Generation,
        result: Result<Page<AuditRow>, AdminError>,
    ) -> bool {
        let mut all = self.older.value().cloned().unwrap_or_default();
        let mut has_more = self.has_more;
        let result = result.map(|page| {
            has_more = !page.items.is_empty();
            all.extend(page.items);
            all
        });
        let taken = self.older.answer(generation, result);
        if taken {
            self.has_more = has_more;
        }
        taken
    }
}
