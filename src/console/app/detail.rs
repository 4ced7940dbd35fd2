//! Between list and detail, and what the detail shows.

use super::App;
use crate::console::layout::Focus;
use crate::console::panes::{
    PaneId, incidents, members, policy, requests, scim, sso, teams, test_drive,
};
use crate::console::widgets::doc::{Doc, DocCursor};
use crate::console::widgets::json_view::JsonView;

/// What the detail shows.
pub enum Body<'a> {
    /// Lines.
    Doc(Doc),
    /// The members of a team.
    TeamMembers,
    /// A body.
    Json(&'a JsonView),
}

impl App {
    /// Gives the keyboard to the other of list and detail.
    pub fn switch_focus(&mut self) {
        match self.focus {
            Focus::List => self.focus_detail(),
            Focus::Detail => self.focus_list(),
        }
    }

    /// Gives the keyboard to the list.
    pub fn focus_list(&mut self) {
        self.focus = Focus::List;
        self.jumped = false;
    }

    /// Gives the keyboard to the detail, if there is one. A request that is read must not be scrolled away.
    pub fn focus_detail(&mut self) {
        if self.pane.has_detail() {
            self.focus = Focus::Detail;
            if self.pane == PaneId::Requests {
                self.requests.ring.pause();
                self.requests.follow_selection();
            }
        }
    }

    /// The tabs of the detail.
    pub fn tabs(&self) -> &'static [&'static str] {
        match self.pane {
            PaneId::Home => &[],
            PaneId::Members => &members::TABS,
            PaneId::Teams => &teams::TABS,
            PaneId::Requests if self.requests.ring.is_following() => &["Traffic"],
            PaneId::Requests => &requests::TABS,
            PaneId::Sso => &sso::TABS,
            PaneId::Scim => self.scim.tabs(),
            PaneId::Policy => &policy::TABS,
            PaneId::Incidents => &incidents::TABS,
        }
    }

    /// The tab that is shown.
    pub fn tab(&self) -> usize {
        let tab = match self.pane {
            PaneId::Home => 0,
            PaneId::Members => self.members.detail.tab,
            PaneId::Teams => self.teams.detail.tab,
            PaneId::Requests => self.requests.detail.tab,
            PaneId::Sso => self.sso.tab,
            PaneId::Scim => self.scim.tab(),
            PaneId::Policy => self.policies.tab,
            PaneId::Incidents => self.incidents.detail.tab,
        };
        tab.min(self.tabs().len().saturating_sub(1))
    }

    pub(super) fn set_tab(&mut self, tab: usize) {
        match self.pane {
            PaneId::Home => {}
            PaneId::Members => self.members.detail.set_tab(tab),
            PaneId::Teams => self.teams.detail.set_tab(tab),
            PaneId::Requests => self.requests.detail.set_tab(tab),
            PaneId::Incidents => self.incidents.detail.set_tab(tab),
            PaneId::Sso => self.sso.set_tab(tab),
            PaneId::Scim => {
                if tab != self.scim.tab {
                    self.scim.tab = tab;
                    self.scim.cursor = DocCursor::default();
                }
            }
            PaneId::Policy => self.policies.set_tab(tab),
        }
    }

    /// Shows a tab by its place.
    pub fn show_tab(&mut self, tab: usize) {
        if tab < self.tabs().len() {
            self.set_tab(tab);
        }
    }

    /// Shows the tab so many to the right, around the end.
    pub fn turn_tab(&mut self, by: i64) {
        let count = i64::try_from(self.tabs().len()).unwrap_or(1).max(1);
        let tab = i64::try_from(self.tab()).unwrap_or(0);
        self.show_tab(usize::try_from((tab + by).rem_euclid(count)).unwrap_or(0));
    }

    /// Shows a tab and gives it the keyboard.
    pub fn open_tab(&mut self, tab: usize) {
        self.focus_detail();
        self.show_tab(tab);
    }

    /// What the detail shows, for an area of so many columns.
    pub fn body(&self, width: u16) -> Body<'_> {
        if let Some(json) = self.json() {
            return Body::Json(json);
        }
        let doc = match (self.pane, self.tab()) {
            (PaneId::Members, 0) => members::doc::profile(self, width),
            (PaneId::Members, 1) => members::doc::changes(self, width),
            (PaneId::Members, members::SESSIONS_TAB) => members::sessions::doc(self, width),
            (PaneId::Teams, teams::MEMBERS_TAB) => return Body::TeamMembers,
            (PaneId::Teams, 1) => teams::doc::about(self, width),
            (PaneId::Teams, 2) => teams::doc::changes(self, width),
            (PaneId::Teams, teams::COMPARE_TAB) => teams::doc::compare(self, width),
            (PaneId::Requests, tab) => self.request_doc(tab, width),
            (PaneId::Sso, sso::CONNECTION_TAB) => sso::connection::connection(self, width),
            (PaneId::Sso, sso::CLAIMS_TAB) => sso::connection::claims(self, width),
            (PaneId::Sso, sso::SIGN_IN_TAB) => sso::checks::sign_in(self, width),
            (PaneId::Sso, sso::TEST_DRIVE_TAB) => test_drive::doc::test_drive(self, width),
            (PaneId::Sso, _) => sso::doc::state_doc(self, width),
            (PaneId::Scim, 0) if self.scim.current().is_some() => scim::doc::token(self, width),
            (PaneId::Incidents, 0) => incidents::doc::incident(self, width),
            (PaneId::Incidents, _) => incidents::doc::held(self, width),
            (PaneId::Scim, _) => scim::doc::connect(self, width),
            (PaneId::Policy, policy::SHADOW_TAB) => policy::doc::shadow(self, width),
            (PaneId::Policy, _) => policy::doc::key(self, width),
            (PaneId::Home | PaneId::Members | PaneId::Teams, _) => Doc::new(width),
        };
        Body::Doc(doc)
    }

    /// The body that the tab shows, where it is one.
    fn json(&self) -> Option<&JsonView> {
        match self.pane {
            PaneId::Members => self.members.detail.body.as_ref(),
            PaneId::Teams => self.teams.detail.body.as_ref(),
            PaneId::Requests => self.requests.detail.body.as_ref(),
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => None,
        }
    }

    /// Whether the tab shows a body.
    pub fn shows_body(&self) -> bool {
        self.json().is_some()
    }

    /// The body that the tab shows, to move about in it.
    pub fn json_mut(&mut self) -> Option<&mut JsonView> {
        match self.pane {
            PaneId::Members => self.members.detail.body.as_mut(),
            PaneId::Teams => self.teams.detail.body.as_mut(),
            PaneId::Requests => self.requests.detail.body.as_mut(),
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => None,
        }
    }

    /// Lays out the body of the tab, if it is one and was not laid out yet.
    pub(super) fn prepare_body(&mut self, height: u16) {
        match self.pane {
            PaneId::Members if self.members.detail.tab == members::SCIM_TAB => {
                if let (None, Some(detail)) = (
                    &self.members.detail.body,
                    self.members.detail.remote.value(),
                ) {
                    self.members.detail.body = Some(JsonView::new(detail.resource.to_string()));
                }
            }
            PaneId::Teams if self.teams.detail.tab == teams::SCIM_TAB => {
                if let (None, Some(detail)) =
                    (&self.teams.detail.body, self.teams.detail.remote.value())
                {
                    self.teams.detail.body = Some(JsonView::new(detail.resource.to_string()));
                }
            }
            PaneId::Requests => self.requests.prepare_body(),
            PaneId::Home
            | PaneId::Members
            | PaneId::Teams
            | PaneId::Sso
            | PaneId::Scim
            | PaneId::Policy
            | PaneId::Incidents => {}
        }
        if let Some(json) = self.json_mut() {
            json.set_height(height);
        }
    }

    fn request_doc(&self, tab: usize, width: u16) -> Doc {
        let mut doc = Doc::new(width);
        if self.requests.ring.is_following() {
            requests::explain::traffic(&mut doc, self, &self.requests.ring);
            return doc;
        }
        let Some(detail) = self.requests.detail.remote.value() else {
            return doc;
        };
        match tab {
            requests::TRACE_TAB => requests::doc::trace(&mut doc, self, detail),
            requests::CHANGES_TAB => requests::doc::changes(&mut doc, detail),
            _ => requests::explain::explain(&mut doc, self, detail),
        }
        doc
    }

    /// Where one is in the detail's lines.
    pub fn cursor_mut(&mut self) -> Option<&mut DocCursor> {
        match self.pane {
            PaneId::Home => None,
            PaneId::Members => Some(&mut self.members.detail.cursor),
            PaneId::Teams => Some(&mut self.teams.detail.cursor),
            PaneId::Requests => Some(&mut self.requests.detail.cursor),
            PaneId::Sso => Some(&mut self.sso.cursor),
            PaneId::Scim => Some(&mut self.scim.cursor),
            PaneId::Policy => Some(&mut self.policies.cursor),
            PaneId::Incidents => Some(&mut self.incidents.detail.cursor),
        }
    }

    /// Where one is in the detail's lines.
    pub fn cursor(&self) -> DocCursor {
        match self.pane {
            PaneId::Home => DocCursor::default(),
            PaneId::Members => self.members.detail.cursor,
            PaneId::Teams => self.teams.detail.cursor,
            PaneId::Requests => self.requests.detail.cursor,
            PaneId::Sso => self.sso.cursor,
            PaneId::Scim => self.scim.cursor,
            PaneId::Policy => self.policies.cursor,
            PaneId::Incidents => self.incidents.detail.cursor,
        }
    }
}
