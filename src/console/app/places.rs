//! Going places: jumps, and the way back.

use super::App;
use crate::console::effect::Effect;
use crate::console::layout::Focus;
use crate::console::panes::{PaneId, teams};
use crate::console::place::{Jump, Open, Place};

impl App {
    /// Where one is.
    pub fn place(&self) -> Place {
        let open = match self.pane {
            PaneId::Home | PaneId::Sso | PaneId::Policy => None,
            PaneId::Members => self.members.detail.open.map(Open::Member),
            PaneId::Teams => self.teams.detail.open.map(Open::Team),
            PaneId::Requests => self.requests.detail.open.map(Open::Request),
            PaneId::Scim => self.scim.current().map(|token| Open::Token(token.id)),
            PaneId::Incidents => self.incidents.detail.open.map(Open::Incident),
        };
        Place {
            pane: self.pane,
            focus: self.focus,
            open,
            filter: self.filter().to_owned(),
            tab: self.tab(),
            jumped: self.jumped,
        }
    }

    /// Goes somewhere, and remembers where one was.
    pub fn jump(&mut self, jump: Jump) -> Vec<Effect> {
        let from = self.place();
        self.overlays.clear();
        let jumped_to = jump.clone();
        let effects = match jump {
            Jump::Pane(pane) => {
                if pane == self.pane {
                    Vec::new()
                } else {
                    self.show(pane, Focus::List);
                    self.ask_again()
                }
            }
            Jump::Member(id) => {
                self.show(PaneId::Members, Focus::Detail);
                self.members.detail.pin(id);
                self.members.detail.set_tab(0);
                Vec::new()
            }
            Jump::Team(id) => {
                self.show(PaneId::Teams, Focus::Detail);
                self.teams.detail.pin(id);
                self.teams.detail.set_tab(teams::MEMBERS_TAB);
                Vec::new()
            }
            Jump::Request(id) => {
                self.show(PaneId::Requests, Focus::Detail);
                self.requests.open(id);
                Vec::new()
            }
            Jump::Members(filter) => {
                self.show(PaneId::Members, Focus::List);
                self.apply_filter(&filter)
            }
            Jump::Requests(query) => {
                self.show(PaneId::Requests, Focus::List);
                self.apply_filter(&query)
            }
            Jump::Policy(key) => {
                self.show(PaneId::Policy, Focus::Detail);
                self.policies.select(key);
                self.ask_again()
            }
        };
        self.jumped = !matches!(jumped_to, Jump::Pane(_));
        if self.place() != from {
            self.history.push(from);
        }
        effects
    }

    fn show(&mut self, pane: PaneId, focus: Focus) {
        self.pane = pane;
        self.focus = focus;
        self.zoomed = false;
        self.pending.clear();
    }

    /// Goes back to where one came from.
    pub fn previous_place(&mut self) -> Vec<Effect> {
        let Some(place) = self.history.pop() else {
            return Vec::new();
        };
        self.show(place.pane, place.focus);
        let effects = if self.filter() == place.filter {
            Vec::new()
        } else {
            self.apply_filter(&place.filter)
        };
        match place.open {
            Some(Open::Member(id)) => self.members.detail.pin(id),
            Some(Open::Team(id)) => self.teams.detail.pin(id),
            Some(Open::Request(id)) => self.requests.open(id),
            Some(Open::Incident(id)) => self.incidents.detail.pin(id),
            Some(Open::Token(_)) | None => {}
        }
        self.set_tab(place.tab);
        self.jumped = place.jumped;
        effects
    }

    /// One step back: out of the zoom, out of the detail, back to where one came from, or out of the filter.
    pub fn escape(&mut self) -> Vec<Effect> {
        if self.messages.shown().is_some() {
            self.messages.dismiss();
        }
        if self.zoomed {
            self.zoomed = false;
            return Vec::new();
        }
        if self.jumped && !self.history.is_empty() {
            return self.previous_place();
        }
        if self.focus == Focus::Detail {
            self.focus_list();
            return Vec::new();
        }
        if !self.filter().is_empty() {
            return self.apply_filter("");
        }
        self.previous_place()
    }
}
