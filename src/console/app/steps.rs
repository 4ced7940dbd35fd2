//! Up and down, in the list and in the detail.

use super::App;
use super::detail::Body;
use crate::console::command::find;
use crate::console::effect::Effect;
use crate::console::layout::Focus;
use crate::console::overlays::sso_form::SsoForm;
use crate::console::panes::sso::SIGN_IN_TAB;
use crate::console::panes::{PaneId, home};
use crate::console::place::Jump;
use crate::console::regions::Target;
use crate::console::store::{Keyed, PagedList};
use crate::console::widgets::doc::{Act, DocCursor, Link};
use crate::console::widgets::json_view::JsonView;
use crate::secret::Secret;

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
    fn apply<T: Keyed>(self, list: &mut PagedList<T>) {
        match self {
            Self::By(rows) => list.move_by(rows),
            Self::Screens(screens) => list.page_by(screens),
            Self::Start => list.to_start(),
            Self::End => list.to_end(),
        }
    }

    fn apply_to_body(self, json: &mut JsonView) {
        let by = |rows: i64| isize::try_from(rows).unwrap_or(0);
        match self {
            Self::By(rows) => json.move_by(by(rows)),
            Self::Screens(screens) => json.page_by(by(screens)),
            Self::Start => json.move_to(0),
            Self::End => json.to_end(),
        }
    }
}

impl App {
    /// Moves in the list.
    pub fn move_list(&mut self, step: Step) {
        match self.pane {
            PaneId::Home => self.move_home(step),
            PaneId::Members => step.apply(&mut self.members.rows.list),
            PaneId::Teams => step.apply(&mut self.teams.rows.list),
            PaneId::Sso => step.apply(&mut self.sso.list),
            PaneId::Scim => step.apply(&mut self.scim.list),
            PaneId::Policy => step.apply(&mut self.policies.list),
            PaneId::Incidents => step.apply(&mut self.incidents.list),
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
        for (column, doc) in home::doc::page(self, overview, areas.body.width)
            .iter()
            .enumerate()
        {
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
            Body::Json(_) => {
                if let Some(json) = self.json_mut() {
                    step.apply_to_body(json);
                }
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
            Step::Start => DocCursor::default(),
            Step::End => cursor.moved(i64::MAX, lines, height),
        };
    }

    /// Opens what is chosen in the list.
    pub fn open_list(&mut self) -> Vec<Effect> {
        if self.pane == PaneId::Home {
            let chosen = self.home.chosen;
            let link = self.home_links().into_iter().nth(chosen);
            return link.map_or_else(Vec::new, |(_, _, link)| self.follow_link(link));
        }
        if self.pane == PaneId::Sso && self.sso.current().is_some() {
            self.sso.set_tab(SIGN_IN_TAB);
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
            Body::Json(_) => {
                if let Some(json) = self.json_mut() {
                    json.toggle_fold();
                }
                Vec::new()
            }
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
            Link::Act(Act::Copy { what, text }) => vec![Effect::Copy {
                what,
                text: Secret::new(text),
            }],
            Link::Act(Act::MapClaim(claim)) => {
                self.invoke_then("sso.map", |app| app.open_sso_form(SsoForm::Claim(claim)))
            }
            Link::Act(Act::EndSession(id)) => {
                self.invoke_then("member.end_sessions", |app| app.ask_end_sessions(Some(id)))
            }
        }
    }

    /// Copies what the line of the detail's cursor holds.
    pub(super) fn copy_under_cursor(&self) -> Option<Effect> {
        let area = self.areas()?.detail_body()?;
        let Body::Doc(doc) = self.body(area.width) else {
            return None;
        };
        let cursor = self.cursor().within(doc.lines().len(), area.height);
        match doc.link_at(cursor.line) {
            Some(Link::Act(Act::Copy { what, text })) if self.focus == Focus::Detail => {
                Some(Effect::Copy {
                    what: what.clone(),
                    text: Secret::new(text.clone()),
                })
            }
            _ => None,
        }
    }

    /// The wheel was turned over something.
    pub(super) fn scroll(&mut self, target: Option<Target>, lines: i64) {
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
                PaneId::Sso => self.sso.list.scroll_by(lines),
                PaneId::Scim => self.scim.list.scroll_by(lines),
                PaneId::Policy => self.policies.list.scroll_by(lines),
                PaneId::Incidents => self.incidents.list.scroll_by(lines),
                PaneId::Requests => self.requests.ring.scroll_by(lines),
            },
            Some(Target::Pane(_) | Target::Command(_) | Target::Backdrop) | None => {}
        }
    }

    fn scroll_detail(&mut self, by: i64) {
        let Some(area) = self.areas().and_then(|areas| areas.detail_body()) else {
            return;
        };
        match self.body(area.width) {
            Body::TeamMembers => self.teams.members.scroll_by(by),
            Body::Json(_) => {
                if let Some(json) = self.json_mut() {
                    Step::By(by).apply_to_body(json);
                }
            }
            Body::Doc(doc) => {
                let lines = doc.lines().len();
                if let Some(cursor) = self.cursor_mut() {
                    *cursor = cursor.scrolled(by, lines, area.height);
                }
            }
        }
    }
}
