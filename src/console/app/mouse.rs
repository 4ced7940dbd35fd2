//! What a click does.

use super::App;
use super::detail::Body;
use crate::console::effect::Effect;
use crate::console::panes::{PaneId, members, teams};

impl App {
    /// A row of the list was clicked; on the selected one it opens.
    pub(super) fn click_row(&mut self, row: u64) -> Vec<Effect> {
        let before = self.selected_row();
        match self.pane {
            PaneId::Home => {
                self.home.chosen = usize::try_from(row).unwrap_or(0);
                return self.open_list();
            }
            PaneId::Members => self.members.rows.list.select(row),
            PaneId::Teams => self.teams.rows.list.select(row),
            PaneId::Sso => self.sso.list.select(row),
            PaneId::Scim => self.scim.list.select(row),
            PaneId::Policy => self.policies.list.select(row),
            PaneId::Incidents => self.incidents.list.select(row),
            PaneId::Requests => {
                if let Ok(index) = usize::try_from(row) {
                    self.requests.ring.pause();
                    self.requests.ring.select_index(index);
                    self.requests.ring.pause();
                }
            }
        }
        if before == Some(row) {
            return self.open_list();
        }
        self.focus_list();
        Vec::new()
    }

    fn selected_row(&self) -> Option<u64> {
        match self.pane {
            PaneId::Home => None,
            PaneId::Members => self.members.rows.list.selected(),
            PaneId::Teams => self.teams.rows.list.selected(),
            PaneId::Sso => self.sso.list.selected(),
            PaneId::Scim => self.scim.list.selected(),
            PaneId::Policy => self.policies.list.selected(),
            PaneId::Incidents => self.incidents.list.selected(),
            PaneId::Requests => self
                .requests
                .ring
                .selected_index()
                .and_then(|index| u64::try_from(index).ok()),
        }
    }

    /// A column's head was clicked: its order.
    pub(super) fn click_column(&mut self, column: usize) -> Vec<Effect> {
        match self.pane {
            PaneId::Members => {
                if let Some(sort) = members::table::sort_of(column) {
                    self.members.rows.set_sort(sort);
                }
            }
            PaneId::Teams => {
                if let Some(sort) = teams::table::sort_of(column) {
                    self.teams.rows.set_sort(sort);
                }
            }
            PaneId::Home
            | PaneId::Requests
            | PaneId::Sso
            | PaneId::Scim
            | PaneId::Policy
            | PaneId::Incidents => {}
        }
        self.focus_list();
        Vec::new()
    }

    /// A line of the detail was clicked; a line that leads somewhere is followed when it is clicked again.
    pub(super) fn click_line(&mut self, line: usize) -> Vec<Effect> {
        self.focus_detail();
        if matches!(self.body(80), Body::TeamMembers) {
            let row = u64::try_from(line).unwrap_or(0);
            let again = self.teams.members.selected() == Some(row);
            self.teams.members.select(row);
            return if again {
                self.open_detail()
            } else {
                Vec::new()
            };
        }
        if let Some(json) = self.json_mut() {
            let again = json.cursor() == line;
            json.move_to(line);
            return if again {
                self.open_detail()
            } else {
                Vec::new()
            };
        }
        let again = self.cursor().line == line;
        if let Some(cursor) = self.cursor_mut() {
            cursor.line = line;
        }
        if again {
            self.open_detail()
        } else {
            Vec::new()
        }
    }
}
