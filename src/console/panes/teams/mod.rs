//! Pane 3, Teams: SCIM's Groups, a list of any length beside one team with its members.

pub mod doc;
pub mod table;

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::detail::Detail;
use super::rows::Rows;
use crate::admin::AdminError;
use crate::admin::types::{MemberRef, Page, Sort, TeamDetail, TeamId, TeamRow};
use crate::console::effect::{Effect, Load};
use crate::console::store::{Generation, PagedList};

/// The tabs of a team.
pub const TABS: [&str; 5] = ["Members", "About", "Timeline", "SCIM", "Compare"];

/// The tab with the members, which pages.
pub const MEMBERS_TAB: usize = 0;
/// The tab with what happened.
pub const TIMELINE_TAB: usize = 2;
/// The tab with the resource as an IdP reads it.
pub const SCIM_TAB: usize = 3;
/// The tab with what was changed here since the IdP last pushed.
pub const COMPARE_TAB: usize = 4;

/// Pane 3.
#[derive(Debug)]
pub struct Teams {
    /// The list.
    pub rows: Rows<TeamRow>,
    /// The team that is open.
    pub detail: Detail<TeamId, Box<TeamDetail>>,
    /// Its members.
    pub members: PagedList<MemberRef>,
    /// Why its members did not come.
    pub members_error: Option<AdminError>,
    members_of: Option<TeamId>,
    members_seen: Option<u64>,
}

impl Default for Teams {
    fn default() -> Self {
        Self {
            rows: Rows::new(Sort::Name),
            detail: Detail::default(),
            members: PagedList::new(100),
            members_error: None,
            members_of: None,
            members_seen: None,
        }
    }
}

impl Teams {
    /// The team that a command would be about: the one that is open, else the selected one.
    pub fn current(&self) -> Option<&TeamRow> {
        let selected = self.rows.list.selected_row();
        let open = self.detail.remote.value().map(|detail| &detail.row);
        match self.detail.open {
            Some(id) => open
                .filter(|row| row.id == id)
                .or(selected.filter(|row| row.id == id)),
            None => selected,
        }
    }

    /// Opens what the list selects.
    pub fn follow(&mut self, selected: Option<TeamId>) {
        self.detail.follow(selected);
    }

    /// What to ask the engine for, for a detail in this area.
    pub fn needs(&mut self, area: Rect, now: Timestamp, newest: Option<u64>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some((generation, id)) = self.detail.needs(now, newest) {
            effects.push(Effect::Load(generation, Load::Team(id)));
        }
        let Some(team) = self.detail.open else {
            return effects;
        };
        if self.members_of != Some(team) {
            // Not before the team itself is asked for: a key held down passes many teams.
            if !self.detail.remote.is_awaited() && self.detail.remote.value().is_none() {
                return effects;
            }
            self.members.clear();
            self.members_error = None;
            self.members_of = Some(team);
            self.members_seen = newest;
        }
        if self.members_seen != newest && !self.members.is_stale() {
            self.members_seen = newest;
            self.members.invalidate();
        }
        if self.detail.tab == MEMBERS_TAB {
            let height = area.height.saturating_sub(3).max(1);
            effects.extend(self.members.needs(height).into_iter().map(|page| {
                let load = Load::TeamMembers {
                    team,
                    offset: page.offset,
                    limit: page.limit,
                };
                Effect::Load(page.generation, load)
            }));
        }
        effects
    }

    /// Whether the members here are those of the open team.
    pub fn has_members_of_open(&self) -> bool {
        self.members_of.is_some() && self.members_of == self.detail.open
    }

    /// Takes members in.
    pub fn members_loaded(
        &mut self,
        generation: Generation,
        offset: u64,
        result: Result<Page<MemberRef>, AdminError>,
    ) -> bool {
        match result {
            Ok(page) => {
                self.members_error = None;
                self.members
                    .page_loaded(generation, offset, page.items, page.total)
            }
            Err(error) => {
                let wanted = self.members.page_failed(generation, offset);
                if wanted {
                    self.members_error = Some(error);
                }
                wanted
            }
        }
    }
}
