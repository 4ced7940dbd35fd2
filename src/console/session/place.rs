//! From the state to a session, and back.

use super::{ListSession, LogSession, Session, VERSION};
use crate::console::app::App;
use crate::console::layout::Focus;
use crate::console::overlays::messages::Tone;
use crate::console::panes::detail::Detail;
use crate::console::panes::rows::Rows;
use crate::console::panes::{PaneId, members, requests, teams};
use crate::console::redact::may_hold_secret;
use crate::console::store::Keyed;

impl App {
    /// What is remembered of this run.
    pub fn session(&self) -> Session {
        let log = &self.requests;
        Session {
            version: VERSION,
            pane: self.pane,
            in_detail: self.focus == Focus::Detail,
            members: list_session(&self.members.rows, &self.members.detail),
            teams: list_session(&self.teams.rows, &self.teams.detail),
            requests: LogSession {
                query: memorable(log.ring.query()),
                open: log.detail.open.filter(|_| !log.ring.is_following()),
                tab: log.detail.tab,
            },
        }
    }

    /// Goes where the last run was. To be called before anything is asked for.
    pub fn restore(&mut self, session: &Session) {
        restore_list(
            &mut self.members.rows,
            &mut self.members.detail,
            &session.members,
            members::TABS.len(),
        );
        restore_list(
            &mut self.teams.rows,
            &mut self.teams.detail,
            &session.teams,
            teams::TABS.len(),
        );
        let log = &session.requests;
        if let Err(error) = self.requests.ring.set_query(&log.query, self.now) {
            // Written by a console with another query language.
            let next = "The log is shown without a filter.";
            self.say(Tone::Warning, error.to_string(), next);
        }
        if let Some(id) = log.open {
            self.requests.open(id);
            self.requests
                .detail
                .set_tab(log.tab.min(requests::TABS.len() - 1));
        }
        self.pane = session.pane;
        let followed = session.pane == PaneId::Requests && log.open.is_none();
        self.focus = if session.in_detail && session.pane.has_detail() && !followed {
            Focus::Detail
        } else {
            Focus::List
        };
    }
}

/// A filter as it may be written to a file.
fn memorable(query: &str) -> String {
    if may_hold_secret(query) {
        return String::new();
    }
    query.to_owned()
}

fn list_session<T: Keyed, K: Copy, D>(rows: &Rows<T>, detail: &Detail<K, D>) -> ListSession<K> {
    let query = memorable(&rows.filter);
    let same = query == rows.filter;
    ListSession {
        query,
        sort: rows.sort,
        // A row of another list would be anybody's.
        row: rows.list.selected().filter(|_| same).unwrap_or(0),
        open: detail.open,
        tab: detail.tab,
    }
}

fn restore_list<T: Keyed, K: Copy + PartialEq, D>(
    rows: &mut Rows<T>,
    detail: &mut Detail<K, D>,
    session: &ListSession<K>,
    tabs: usize,
) {
    rows.set_filter(&session.query);
    rows.set_sort(session.sort);
    rows.list.select(session.row);
    if let Some(key) = session.open {
        detail.pin(key);
    }
    detail.set_tab(session.tab.min(tabs.saturating_sub(1)));
}
