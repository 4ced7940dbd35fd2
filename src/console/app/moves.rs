//! Going places: jumps and the way back, between list and detail, and up and down in either.

use super::App;
use crate::console::command::find;
use crate::console::effect::Effect;
use crate::console::layout::Focus;
use crate::console::overlays::messages::Tone;
use crate::console::panes::rows::next_sort;
use crate::console::panes::{PaneId, home, members, requests, scim, teams};
use crate::console::place::{Jump, Open, Place};
use crate::console::store::Jump as LogJump;
use crate::console::widgets::doc::{Doc, Link};

/// What the detail shows.
pub enum Body {
    /// Lines.
    Doc(Doc),
    /// The members of a team.
    TeamMembers,
}

impl App {
    // ── going places ────────────────────────────────────────────────────────────────────────────────────────────
    /// Where one is.
    pub fn place(&self) -> Place {
        let open = match self.pane {
            PaneId::Home => None,
            PaneId::Members => self.members.detail.open.map(Open::Member),
            PaneId::Teams => self.teams.detail.open.map(Open::Team),
            PaneId::Requests => self.requests.detail.open.map(Open::Request),
            PaneId::Scim => self.scim.current().map(|token| Open::Token(token.id)),
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
                if pane != self.pane {
                    self.show(pane, Focus::List);
                }
                Vec::new()
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

    // ── list and detail ─────────────────────────────────────────────────────────────────────────────────────────
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
            PaneId::Scim => &scim::TABS,
        }
    }

    /// The tab that is shown.
    pub fn tab(&self) -> usize {
        let tab = match self.pane {
            PaneId::Home => 0,
            PaneId::Members => self.members.detail.tab,
            PaneId::Teams => self.teams.detail.tab,
            PaneId::Requests => self.requests.detail.tab,
            PaneId::Scim => self.scim.tab,
        };
        tab.min(self.tabs().len().saturating_sub(1))
    }

    fn set_tab(&mut self, tab: usize) {
        match self.pane {
            PaneId::Home => {}
            PaneId::Members => self.members.detail.set_tab(tab),
            PaneId::Teams => self.teams.detail.set_tab(tab),
            PaneId::Requests => self.requests.detail.set_tab(tab),
            PaneId::Scim => {
                if tab != self.scim.tab {
                    self.scim.tab = tab;
                    self.scim.cursor = Default::default();
                }
            }
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
    pub fn body(&self, width: u16) -> Body {
        let doc = match (self.pane, self.tab()) {
            (PaneId::Members, 0) => members::doc::profile(self, width),
            (PaneId::Members, 1) => members::doc::changes(self, width),
            (PaneId::Teams, teams::MEMBERS_TAB) => return Body::TeamMembers,
            (PaneId::Teams, 1) => teams::doc::about(self, width),
            (PaneId::Teams, 2) => teams::doc::changes(self, width),
            (PaneId::Requests, tab) => self.request_doc(tab, width),
            (PaneId::Scim, 0) => scim::doc::token(self, width),
            (PaneId::Scim, _) => scim::doc::connect(self, width),
            _ => Doc::new(width),
        };
        Body::Doc(doc)
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
            requests::REQUEST_TAB => requests::bodies::request_head(&mut doc, &detail.exchange),
            requests::RESPONSE_TAB => requests::bodies::response_head(&mut doc, &detail.exchange),
            requests::CHANGES_TAB => requests::doc::changes(&mut doc, detail),
            _ => requests::explain::explain(&mut doc, self, detail),
        }
        doc
    }

    // ── up and down ─────────────────────────────────────────────────────────────────────────────────────────────
    /// Moves in the list.
    pub fn move_list(&mut self, step: Step) {
        match self.pane {
            PaneId::Home => self.move_home(step),
            PaneId::Members => step.apply(&mut self.members.rows.list),
            PaneId::Teams => step.apply(&mut self.teams.rows.list),
            PaneId::Scim => step.apply(&mut self.scim.list),
            PaneId::Requests => match step {
                Step::By(rows) => self.requests.ring.move_by(rows),
                Step::Screens(screens) => self.requests.ring.page_by(screens),
                Step::Start => self.requests.ring.to_oldest(),
                Step::End => self.requests.ring.follow(),
            },
        }
    }

    fn move_home(&mut self, step: Step) {
        let count = self.home_links().len();
        let last = count.saturating_sub(1);
        let by = |rows: i64| isize::try_from(rows).unwrap_or(0);
        self.home.chosen = match step {
            Step::By(rows) => self.home.chosen.saturating_add_signed(by(rows)).min(last),
            Step::Screens(screens) => self
                .home
                .chosen
                .saturating_add_signed(by(screens) * 5)
                .min(last),
            Step::Start => 0,
            Step::End => last,
        };
    }

    /// What the home page leads to: the column and line of each link, and the link.
    pub fn home_links(&self) -> Vec<(usize, usize, Link)> {
        let (Some(areas), Some(overview)) = (self.areas(), self.overview.value()) else {
            return Vec::new();
        };
        let mut links = Vec::new();
        for (column, doc) in home::doc::page(self, overview, areas.body.width).iter().enumerate() {
            let mut before = None;
            for (line, content) in doc.lines().iter().enumerate() {
                if let Some(link) = &content.link
                    && before != Some(link)
                {
                    links.push((column, line, link.clone()));
                }
                before = content.link.as_ref();
            }
        }
        links
    }

    /// Moves in the detail.
    pub fn move_detail(&mut self, step: Step) {
        let Some(area) = self.areas().and_then(|areas| areas.detail_body()) else {
            return;
        };
        let lines = match self.body(area.width) {
            Body::TeamMembers => {
                step.apply(&mut self.teams.members);
                return;
            }
            Body::Doc(doc) => doc.lines().len(),
        };
        let height = area.height;
        let Some(cursor) = self.cursor_mut() else {
            return;
        };
        let screen = i64::from(height.max(2)) - 1;
        *cursor = match step {
            Step::By(rows) => cursor.moved(rows, lines, height),
            Step::Screens(screens) => cursor.moved(screens * screen, lines, height),
            Step::Start => Default::default(),
            Step::End => cursor.moved(i64::MAX, lines, height),
        };
    }

    /// Where one is in the detail's lines.
    pub fn cursor_mut(&mut self) -> Option<&mut crate::console::widgets::doc::DocCursor> {
        match self.pane {
            PaneId::Home => None,
            PaneId::Members => Some(&mut self.members.detail.cursor),
            PaneId::Teams => Some(&mut self.teams.detail.cursor),
            PaneId::Requests => Some(&mut self.requests.detail.cursor),
            PaneId::Scim => Some(&mut self.scim.cursor),
        }
    }

    /// Where one is in the detail's lines.
    pub fn cursor(&self) -> crate::console::widgets::doc::DocCursor {
        match self.pane {
            PaneId::Home => Default::default(),
            PaneId::Members => self.members.detail.cursor,
            PaneId::Teams => self.teams.detail.cursor,
            PaneId::Requests => self.requests.detail.cursor,
            PaneId::Scim => self.scim.cursor,
        }
    }

    /// Opens what is chosen in the list.
    pub fn open_list(&mut self) -> Vec<Effect> {
        if self.pane == PaneId::Home {
            let chosen = self.home.chosen;
            let link = self.home_links().into_iter().nth(chosen);
            return link.map_or_else(Vec::new, |(_, _, link)| self.follow_link(link));
        }
        self.focus_detail();
        Vec::new()
    }

    /// Follows the link of the detail's line.
    pub fn open_detail(&mut self) -> Vec<Effect> {
        let Some(area) = self.areas().and_then(|areas| areas.detail_body()) else {
            return Vec::new();
        };
        match self.body(area.width) {
            Body::TeamMembers => match self.teams.members.selected_row() {
                Some(member) => self.jump(Jump::Member(member.id)),
                None => Vec::new(),
            },
            Body::Doc(doc) => {
                let cursor = self.cursor().within(doc.lines().len(), area.height);
                match doc.link_at(cursor.line).cloned() {
                    Some(link) => self.follow_link(link),
                    None => Vec::new(),
                }
            }
        }
    }

    /// Goes where a link leads.
    pub fn follow_link(&mut self, link: Link) -> Vec<Effect> {
        match link {
            Link::Jump(jump) => self.jump(jump),
            Link::Command(id) => match find(id) {
                Some(command) => self.invoke(command, ""),
                None => Vec::new(),
            },
        }
    }

    /// The wheel was turned over something.
    pub(super) fn scroll(&mut self, target: Option<crate::console::regions::Target>, lines: i64) {
        use crate::console::regions::Target;
        match target {
            Some(Target::Choice(_) | Target::Overlay) => {
                self.choose(lines.signum());
            }
            _ if !self.overlays.is_empty() => {}
            Some(Target::Detail | Target::Line(_) | Target::Tab(_)) => self.scroll_detail(lines),
            Some(Target::List | Target::Row(_) | Target::Column(_)) => match self.pane {
                PaneId::Home => self.move_home(Step::By(lines.signum())),
                PaneId::Members => self.members.rows.list.scroll_by(lines),
                PaneId::Teams => self.teams.rows.list.scroll_by(lines),
                PaneId::Scim => self.scim.list.scroll_by(lines),
                PaneId::Requests => self.requests.ring.scroll_by(lines),
            },
            Some(Target::Pane(_) | Target::Command(_)) | None => {}
        }
    }

    fn scroll_detail(&mut self, by: i64) {
        let Some(area) = self.areas().and_then(|areas| areas.detail_body()) else {
            return;
        };
        match self.body(area.width) {
            Body::TeamMembers => self.teams.members.scroll_by(by),
            Body::Doc(doc) => {
                let lines = doc.lines().len();
                if let Some(cursor) = self.cursor_mut() {
                    *cursor = cursor.scrolled(by, lines, area.height);
                }
            }
        }
    }

    // ── filter and order ────────────────────────────────────────────────────────────────────────────────────────
    /// The filter of the list.
    pub fn filter(&self) -> &str {
        match self.pane {
            PaneId::Home | PaneId::Scim => "",
            PaneId::Members => &self.members.rows.filter,
            PaneId::Teams => &self.teams.rows.filter,
            PaneId::Requests => self.requests.ring.query(),
        }
    }

    /// Shows what matches a filter. One that cannot be read changes nothing and is said.
    pub fn apply_filter(&mut self, filter: &str) -> Vec<Effect> {
        match self.pane {
            PaneId::Home | PaneId::Scim => Vec::new(),
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
            PaneId::Home | PaneId::Requests | PaneId::Scim => {}
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

/// A movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By so many rows; down is positive.
    By(i64),
    /// By so many screens.
    Screens(i64),
    /// To the first row.
    Start,
    /// To the last row.
    End,
}

impl Step {
    fn apply<T: crate::console::store::Keyed>(self, list: &mut crate::console::store::PagedList<T>) {
        match self {
            Self::By(rows) => list.move_by(rows),
            Self::Screens(screens) => list.page_by(screens),
            Self::Start => list.to_start(),
            Self::End => list.to_end(),
        }
    }
}
