//! The detail of a pane: what is open, its tabs, and the tab's text, members or body.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::notice::Notice;
use super::title;
use crate::admin::AdminError;
use crate::console::app::App;
use crate::console::app::detail::Body;
use crate::console::layout::Focus;
use crate::console::panes::{PaneId, incidents, members, policy, scim, sso, teams};
use crate::console::regions::{Regions, Target};
use crate::console::remote::Standing;
use crate::console::store::ListState;
use crate::console::theme::Role;
use crate::console::widgets::data_table::DataTable;
use crate::console::widgets::doc::Piece;
use crate::console::widgets::text;
use crate::console::words;

/// Draws the detail.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    let focused = app.focus == Focus::Detail && app.overlays.is_empty();
    regions.add(area, Target::Detail);
    let (left, mut right) = heading(app);
    if is_stale(app) {
        let text = format!("{} stale ", app.look.glyphs.warning);
        right.insert(0, Piece::new(text, Role::Warning));
    }
    title::draw(buf, area, &app.look, focused, &left, &right);
    if let Some(notice) = notice(app) {
        let body = Rect {
            y: area.y + 1.min(area.height),
            height: area.height.saturating_sub(1),
            ..area
        };
        notice.draw(app, body, buf);
        return;
    }
    tabs(app, area, buf, regions);
    let Some(body) = app.areas().and_then(|areas| areas.detail_body()) else {
        return;
    };
    match app.body(body.width) {
        Body::Doc(doc) => {
            let drawn = doc.render(body, buf, &app.look, app.cursor(), focused);
            for (place, line) in drawn {
                regions.add(place, Target::Line(line));
            }
        }
        Body::Json(json) => {
            let rows = json.render(body, buf, &app.look, focused);
            for (line, row) in (json.first()..json.rows()).zip(rows.rows()) {
                regions.add(row, Target::Line(line));
            }
        }
        Body::TeamMembers => team_members(app, body, buf, regions, focused),
    }
}

/// Whether asking anew for what is shown failed.
fn is_stale(app: &App) -> bool {
    let standing = match app.pane {
        PaneId::Members => app.members.detail.remote.standing(),
        PaneId::Teams => app.teams.detail.remote.standing(),
        PaneId::Requests => app.requests.detail.remote.standing(),
        PaneId::Incidents => app.incidents.detail.remote.standing(),
        PaneId::Sso => app.sso.status.standing(),
        PaneId::Home | PaneId::Scim | PaneId::Policy => return false,
    };
    matches!(standing, Standing::Stale(_))
}

fn heading(app: &App) -> (Vec<Piece>, Vec<Piece>) {
    let title = |text: &str| vec![Piece::new(text, Role::Title)];
    match app.pane {
        PaneId::Home => (Vec::new(), Vec::new()),
        PaneId::Members => match app.members.current() {
            Some(member) => {
                let (glyph, word, role) = members::table::state(member, app.look.glyphs);
                let state = vec![Piece::new(format!("{glyph} {word}"), role)];
                (title(&member.name), state)
            }
            None => (title("Member"), Vec::new()),
        },
        PaneId::Teams => match app.teams.current() {
            Some(team) => {
                let (glyph, word, role) = teams::table::source(team, app.look.glyphs);
                let state = vec![Piece::new(format!("{glyph} {word}"), role)];
                (title(&team.name), state)
            }
            None => (title("Team"), Vec::new()),
        },
        PaneId::Requests if app.requests.ring.is_following() => (title("Traffic"), Vec::new()),
        PaneId::Requests => match app.requests.current() {
            Some(row) => {
                let (glyph, word, role) = words::outcome(row.outcome, app.look.glyphs);
                let mut left = title(&format!("{} ", row.id));
                left.push(Piece::new(format!("{} ", row.method), Role::Text));
                left.push(Piece::new(row.path.clone(), Role::Text));
                let right = vec![
                    Piece::new(format!("{} ", row.status), words::status_role(row.status)),
                    Piece::new(format!("{glyph} {word}"), role),
                ];
                (left, right)
            }
            None => (title("Request"), Vec::new()),
        },
        PaneId::Incidents => match app.incidents.current() {
            Some(incident) => {
                let (glyph, word, role) =
                    incidents::table::severity(incident.severity, app.look.glyphs);
                let mut left = title(&incident.code);
                left.push(Piece::new(format!(" {}", incident.id), Role::Text));
                (left, vec![Piece::new(format!("{glyph} {word}"), role)])
            }
            None => (title("Incident"), Vec::new()),
        },
        PaneId::Policy => match app.policies.current() {
            Some(row) => {
                let (glyph, word, role) = policy::table::source(row.source, app.look.glyphs);
                let state = format!("{glyph} {word}");
                let state = vec![Piece::new(state.trim(), role)];
                (title(&row.key), state)
            }
            None => (title("Policy"), Vec::new()),
        },
        PaneId::Sso => {
            let state = app.sso.status.value().map(|status| status.state);
            let state = state.map(|state| {
                let (glyph, word, role) = sso::table::state(state, app.look.glyphs);
                Piece::new(format!("{glyph} {word}"), role)
            });
            (title("Single sign-on"), state.into_iter().collect())
        }
        PaneId::Scim => match app.scim.current() {
            Some(token) => {
                let (glyph, word, role) = scim::table::state(token, app.now, app.look.glyphs);
                (
                    title(&token.name),
                    vec![Piece::new(format!("{glyph} {word}"), role)],
                )
            }
            None => (title("Connect an IdP"), Vec::new()),
        },
    }
}

fn tabs(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    if area.height < 2 {
        return;
    }
    let mut x = area.x + 1;
    for (index, name) in app.tabs().iter().enumerate() {
        let here = index == app.tab();
        // Brackets tell which one is shown without any colour.
        let name = if here {
            format!("[{name}]")
        } else {
            format!(" {name} ")
        };
        let room = Rect {
            x,
            y: area.y + 1,
            width: area.right().saturating_sub(x),
            height: 1,
        };
        if room.is_empty() {
            return;
        }
        let style = app
            .look
            .style(if here { Role::Accent } else { Role::Muted });
        let used = text::put_left(buf, room, &name, style, app.look.glyphs.ellipsis);
        regions.add(
            Rect {
                width: used,
                ..room
            },
            Target::Tab(index),
        );
        x += used;
    }
}

/// What to say instead of the detail.
fn notice(app: &App) -> Option<Notice> {
    let nothing = |what: &str| Notice::empty(app, format!("No {what} is chosen."), "");
    match app.pane {
        PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy => None,
        PaneId::Incidents => {
            let known = app.incidents.current().is_some();
            let standing = app.incidents.detail.remote.standing();
            let enough = known && app.tab() == 0;
            standing_notice(app, "The incident", "the incident", standing, enough).or_else(|| {
                (!known && app.incidents.detail.open.is_none()).then(|| nothing("incident"))
            })
        }
        PaneId::Members => {
            let known = app.members.current().is_some();
            let standing = app.members.detail.remote.standing();
            // What the list knows is shown while the rest is on its way; other tabs need all of it.
            let enough = known && app.tab() == 0;
            standing_notice(app, "The member", "the member", standing, enough).or_else(|| {
                (!known && app.members.detail.open.is_none()).then(|| nothing("member"))
            })
        }
        PaneId::Teams => {
            let known = app.teams.current().is_some();
            let standing = app.teams.detail.remote.standing();
            let enough = known && app.tab() < 2;
            standing_notice(app, "The team", "the team", standing, enough)
                .or_else(|| (!known && app.teams.detail.open.is_none()).then(|| nothing("team")))
        }
        PaneId::Requests if app.requests.ring.is_following() => None,
        PaneId::Requests => {
            let standing = app.requests.detail.remote.standing();
            if app.requests.detail.open.is_none() {
                return Some(nothing("request"));
            }
            standing_notice(app, "The request", "the request", standing, false)
        }
    }
}

fn standing_notice(
    app: &App,
    the_thing: &str,
    the_thing_inside: &str,
    standing: Standing<'_>,
    enough: bool,
) -> Option<Notice> {
    match standing {
        Standing::Here | Standing::Refreshing | Standing::Stale(_) => None,
        Standing::Failed(error) => Some(failed(app, the_thing, error)),
        Standing::NotAsked | Standing::Loading if enough => None,
        Standing::NotAsked if app.cursor().line == 0 && app.place().open.is_none() => None,
        Standing::NotAsked | Standing::Loading => Some(Notice::loading(app, the_thing_inside)),
    }
}

fn failed(app: &App, the_thing: &str, error: &AdminError) -> Notice {
    Notice::failed(app, the_thing, error)
}

fn team_members(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions, focused: bool) {
    let list = &app.teams.members;
    let instead = match list.state() {
        _ if !app.teams.has_members_of_open() => Some(Notice::loading(app, "the team's members")),
        ListState::Loading => Some(Notice::loading(app, "the team's members")),
        ListState::Failed => app
            .teams
            .members_error
            .as_ref()
            .map(|error| Notice::failed(app, "The team's members", error)),
        ListState::Empty => Some(Notice::empty(
            app,
            "Nobody is in this team.",
            "The IdP puts members into a synced team with its group push.",
        )),
        ListState::Ready => None,
    };
    if let Some(notice) = instead {
        notice.draw(app, area, buf);
        return;
    }
    let columns = teams::table::member_columns();
    let drawn = DataTable {
        columns: &columns,
        look: &app.look,
        focused,
        first: list.first(),
        total: list.len(),
        selected: list.selected(),
    }
    .render(area, buf, |index| {
        let member = list.row(index)?;
        Some(teams::table::member_row(member, app.look.glyphs))
    });
    for line in 0..drawn.rows {
        let row = Rect {
            y: drawn.body.y + line,
            height: 1,
            ..drawn.body
        };
        let index = usize::try_from(drawn.first + u64::from(line)).unwrap_or(usize::MAX);
        regions.add(row, Target::Line(index));
    }
}
