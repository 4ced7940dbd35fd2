//! What a list shows, and in which order.

use super::App;
use crate::console::effect::Effect;
use crate::console::overlays::messages::Tone;
use crate::console::panes::PaneId;
use crate::console::panes::rows::next_sort;
use crate::console::store::Jump as LogJump;

impl App {
    /// The filter of the list.
    pub fn filter(&self) -> &str {
        match self.pane {
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => "",
            PaneId::Members => &self.members.rows.filter,
            PaneId::Teams => &self.teams.rows.filter,
            PaneId::Requests => self.requests.ring.query(),
        }
    }

    /// Shows what matches a filter. One that cannot be read changes nothing and is said.
    pub fn apply_filter(&mut self, filter: &str) -> Vec<Effect> {
        match self.pane {
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => {
                Vec::new()
            }
            PaneId::Members => {
                self.members.rows.set_filter(filter);
                Vec::new()
            }
            PaneId::Teams => {
                self.teams.rows.set_filter(filter);
                Vec::new()
            }
            PaneId::Requests => {
                if filter == self.requests.ring.query() {
                    return Vec::new();
                }
                match self.requests.ring.set_query(filter, self.now) {
                    Ok(()) => {
                        self.requests.error = None;
                        self.requests.seeking = None;
                        vec![self.follow_tail()]
                    }
                    Err(error) => {
                        self.say(Tone::Warning, error.to_string(), "The filter is as it was.");
                        Vec::new()
                    }
                }
            }
        }
    }

    /// Shows the list in the next order.
    pub fn turn_sort(&mut self) {
        match self.pane {
            PaneId::Members => {
                let sort = next_sort(self.members.rows.sort);
                self.members.rows.set_sort(sort);
            }
            PaneId::Teams => {
                let sort = next_sort(self.teams.rows.sort);
                self.teams.rows.set_sort(sort);
            }
            PaneId::Home
            | PaneId::Requests
            | PaneId::Sso
            | PaneId::Scim
            | PaneId::Policy
            | PaneId::Incidents => {}
        }
    }

    /// Goes to another failure in the log.
    pub fn go_to_failure(&mut self, older: bool) -> Vec<Effect> {
        let jump = if older {
            self.requests.ring.previous_failure()
        } else {
            self.requests.ring.next_failure()
        };
        match jump {
            LogJump::Found => self.requests.ring.pause(),
            LogJump::NotHere if older => self.requests.seek(),
            LogJump::NotHere | LogJump::None => {
                let side = if older { "before" } else { "after" };
                self.say(Tone::Info, format!("no failure {side} this request"), "");
            }
        }
        Vec::new()
    }
}
