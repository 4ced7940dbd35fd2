//! The list of a pane: its title with how many there are and what is filtered, and its rows; or what to say instead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::notice::Notice;
use super::title;
use crate::console::app::App;
use crate::console::layout::Focus;
use crate::console::panes::requests::Tail;
use crate::console::panes::rows::{Rows, RowsStanding, sort_name};
use crate::console::panes::{PaneId, incidents, members, policy, requests, scim, sso, teams};
use crate::console::regions::{Regions, Target};
use crate::console::remote::Standing;
use crate::console::store::Keyed;
use crate::console::theme::Role;
use crate::console::widgets::data_table::{Column, DataTable, Row, TableRegions};
use crate::console::widgets::doc::Piece;
use crate::console::words;

/// Draws the list of the pane.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    let focused = app.focus == Focus::List && app.overlays.is_empty();
    let (left, right) = heading(app);
    title::draw(buf, area, &app.look, focused, &left, &right);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    regions.add(area, Target::List);
    if let Some(notice) = notice(app) {
        notice.draw(app, body, buf);
        return;
    }
    let (glyphs, now, zone) = (app.look.glyphs, app.now, &app.zone);
    match app.pane {
        PaneId::Home => {}
        PaneId::Members => {
            let columns = members::table::columns(app.members.rows.sort);
            let list = &app.members.rows.list;
            let row = |index| {
                let member = list.row(index)?;
                let marked = app.members.marks.has(member.id);
                Some(members::table::row(member, marked, glyphs, now, zone))
            };
            let at = (list.first(), list.len(), list.selected());
            table(app, &columns, at, body, buf, regions, row);
        }
        PaneId::Teams => {
            let columns = teams::table::columns(app.teams.rows.sort);
            let list = &app.teams.rows.list;
            let row = |index| {
                let team = list.row(index)?;
                Some(teams::table::row(team, glyphs, now, zone))
            };
            let at = (list.first(), list.len(), list.selected());
            table(app, &columns, at, body, buf, regions, row);
        }
        PaneId::Sso => {
            let columns = sso::table::columns();
            let list = &app.sso.list;
            let row = |index| Some(sso::table::row(list.row(index)?, glyphs, now, zone));
            let at = (list.first(), list.len(), list.selected());
            table(app, &columns, at, body, buf, regions, row);
        }
        PaneId::Scim => {
            let columns = scim::table::columns();
            let list = &app.scim.list;
            let row = |index| {
                let token = list.row(index)?;
                Some(scim::table::row(token, glyphs, now, zone))
            };
            let at = (list.first(), list.len(), list.selected());
            table(app, &columns, at, body, buf, regions, row);
        }
        PaneId::Incidents => {
            let columns = incidents::table::columns();
            let list = &app.incidents.list;
            let row = |index| Some(incidents::table::row(list.row(index)?, glyphs, now));
            let at = (list.first(), list.len(), list.selected());
            table(app, &columns, at, body, buf, regions, row);
        }
        PaneId::Policy => {
            let columns = policy::table::columns();
            let list = &app.policies.list;
            let row = |index| {
                let key = list.row(index)?;
                Some(policy::table::row(key, glyphs, now, zone))
            };
            let at = (list.first(), list.len(), list.selected());
            table(app, &columns, at, body, buf, regions, row);
        }
        PaneId::Requests => {
            let columns = requests::table::columns();
            let ring = &app.requests.ring;
            let row = |index: u64| {
                let request = ring.row(usize::try_from(index).ok()?)?;
                Some(requests::table::row(request, glyphs, now, zone))
            };
            let wide = |index: usize| u64::try_from(index).unwrap_or(u64::MAX);
            let selected = ring.selected_index().map(wide);
            let at = (wide(ring.first()), wide(ring.len()), selected);
            table(app, &columns, at, body, buf, regions, row);
        }
    }
}

fn table<'r>(
    app: &App,
    columns: &[Column],
    (first, total, selected): (u64, u64, Option<u64>),
    area: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
    row: impl FnMut(u64) -> Option<Row<'r>>,
) {
    let drawn = DataTable {
        columns,
        look: &app.look,
        focused: app.focus == Focus::List && app.overlays.is_empty(),
        first,
        total,
        selected,
    }
    .render(area, buf, row);
    note(&drawn, regions);
}

fn note(drawn: &TableRegions, regions: &mut Regions) {
    for (column, area) in &drawn.headers {
        regions.add(*area, Target::Column(*column));
    }
    for line in 0..drawn.rows {
        let row = Rect {
            y: drawn.body.y + line,
            height: 1,
            ..drawn.body
        };
        regions.add(row, Target::Row(drawn.first + u64::from(line)));
    }
}

/// What stands in the title: the name, how many, the filter; and at the right the order or how the log runs.
fn heading(app: &App) -> (Vec<Piece>, Vec<Piece>) {
    let name = match app.pane {
        PaneId::Sso => "Last sign-ins",
        PaneId::Scim => "Tokens",
        pane => pane.title(),
    };
    let mut left = vec![Piece::new(name, Role::Title)];
    let mut right = Vec::new();
    match app.pane {
        PaneId::Home => {}
        PaneId::Members => {
            rows_heading(app, &app.members.rows, &mut left, &mut right);
            if !app.members.marks.is_empty() {
                let count = u64::try_from(app.members.marks.len()).unwrap_or(u64::MAX);
                let glyphs = app.look.glyphs;
                let text = format!("  {} {} marked", glyphs.mark, words::count(count));
                left.push(Piece::new(text, Role::Accent));
            }
        }
        PaneId::Teams => rows_heading(app, &app.teams.rows, &mut left, &mut right),
        PaneId::Sso => {
            if app.sso.sign_ins.value().is_some() {
                let count = words::count(app.sso.list.len());
                left.push(Piece::new(format!(" {count}"), Role::Text));
            }
            if let Standing::Stale(_) = app.sso.sign_ins.standing() {
                right.push(stale(app));
            }
        }
        PaneId::Scim => {
            if app.scim.tokens.value().is_some() {
                left.push(Piece::new(
                    format!(" {}", words::count(app.scim.list.len())),
                    Role::Text,
                ));
            }
            if let Standing::Stale(_) = app.scim.tokens.standing() {
                right.push(stale(app));
            }
        }
        PaneId::Incidents => {
            if app.incidents.all.value().is_some() {
                left.push(Piece::new(
                    format!(" {} open", words::count(app.incidents.list.len())),
                    Role::Text,
                ));
            }
            if let Standing::Stale(_) = app.incidents.all.standing() {
                right.push(stale(app));
            }
        }
        PaneId::Policy => policy_heading(app, &mut left, &mut right),
        PaneId::Requests => log_heading(app, &mut left, &mut right),
    }
    let filter = app.filter();
    if !filter.is_empty() {
        left.push(Piece::new(
            format!(" {} ", app.look.glyphs.separator),
            Role::Muted,
        ));
        left.push(Piece::new(filter, Role::Accent));
    }
    (left, right)
}

fn rows_heading<T: Keyed>(
    app: &App,
    rows: &Rows<T>,
    left: &mut Vec<Piece>,
    right: &mut Vec<Piece>,
) {
    if let Some(total) = rows.list.total() {
        left.push(Piece::new(format!(" {}", words::total(total)), Role::Text));
    }
    if let RowsStanding::Stale(_) = rows.standing() {
        right.push(stale(app));
        right.push(Piece::new(" ", Role::Muted));
    }
    right.push(Piece::new(sort_name(rows.sort), Role::Muted));
}

fn stale(app: &App) -> Piece {
    let again = format!(", {} asks again", app.key("app.refresh"));
    Piece::new(
        format!("{} stale{again}", app.look.glyphs.warning),
        Role::Warning,
    )
}

fn policy_heading(app: &App, left: &mut Vec<Piece>, right: &mut Vec<Piece>) {
    if let Some(policy) = app.policies.policy.value() {
        left.push(Piece::new(format!(" {}", policy.preset), Role::Text));
        let set = u64::try_from(app.policies.overrides()).unwrap_or(u64::MAX);
        if set > 0 {
            let text = format!(", {} set otherwise", words::counted(set, "key"));
            left.push(Piece::new(text, Role::Warning));
        }
    }
    if let Standing::Stale(_) = app.policies.policy.standing() {
        right.push(stale(app));
    }
}

fn log_heading(app: &App, left: &mut Vec<Piece>, right: &mut Vec<Piece>) {
    let glyphs = app.look.glyphs;
    let requests = &app.requests;
    let ring = &requests.ring;
    if let Some(overview) = app.overview.value().filter(|_| ring.query().is_empty()) {
        left.push(Piece::new(
            format!(" {}", words::count(overview.log_rows)),
            Role::Text,
        ));
    }
    if ring.dropped() > 0 {
        let text = format!(
            "{} {} skipped live ",
            glyphs.warning,
            words::count(ring.dropped())
        );
        right.push(Piece::new(text, Role::Warning));
    }
    if requests.error.is_some() && !ring.is_empty() {
        right.push(stale(app));
        right.push(Piece::new(" ", Role::Muted));
    }
    if ring.unseen() > 0 {
        let bottom = format!(" ({})", app.key("list.bottom"));
        let text = format!("+{} new{bottom} ", words::count(ring.unseen()));
        right.push(Piece::new(text, Role::Accent));
    }
    right.push(match &requests.tail {
        Tail::Ended(_) => Piece::new(
            format!("{} not live, trying again", glyphs.failed),
            Role::Danger,
        ),
        Tail::Starting => Piece::new(format!("{} going live", glyphs.noted), Role::Muted),
        Tail::Live if ring.is_following() => {
            Piece::new(format!("{} following", glyphs.live), Role::Success)
        }
        Tail::Live => Piece::new(format!("{} paused", glyphs.paused), Role::Warning),
    });
}

/// What to say instead of rows.
fn notice(app: &App) -> Option<Notice> {
    let filter = app.filter();
    let key = |id| app.key(id);
    let nothing_matches = |what: &str| {
        Notice::empty(
            app,
            format!("No {what} matches {filter}."),
            format!(
                "{} shows everything again, {} changes the filter.",
                key("view.clear_filter"),
                key("view.filter")
            ),
        )
    };
    match app.pane {
        PaneId::Home => None,
        PaneId::Members => match app.members.rows.standing() {
            RowsStanding::Here | RowsStanding::Stale(_) => None,
            RowsStanding::Loading => Some(Notice::loading(app, "members")),
            RowsStanding::Failed(error) => Some(Notice::failed(app, "The members", error)),
            RowsStanding::Empty if !filter.is_empty() => Some(nothing_matches("member")),
            RowsStanding::Empty => Some(Notice::empty(
                app,
                "No members yet.",
                format!(
                    "They come with the IdP's first push; {} tells how to connect one. Or add one by hand: {}.",
                    key("pane.scim"),
                    key("member.add")
                ),
            )),
        },
        PaneId::Teams => match app.teams.rows.standing() {
            RowsStanding::Here | RowsStanding::Stale(_) => None,
            RowsStanding::Loading => Some(Notice::loading(app, "teams")),
            RowsStanding::Failed(error) => Some(Notice::failed(app, "The teams", error)),
            RowsStanding::Empty if !filter.is_empty() => Some(nothing_matches("team")),
            RowsStanding::Empty => Some(Notice::empty(app, "No teams yet.", no_teams(app))),
        },
        PaneId::Requests => log_notice(app, &nothing_matches),
        PaneId::Incidents => match app.incidents.all.standing() {
            Standing::NotAsked | Standing::Loading => Some(Notice::loading(app, "incidents")),
            Standing::Failed(error) => Some(Notice::failed(app, "The incidents", error)),
            Standing::Here | Standing::Refreshing | Standing::Stale(_)
                if app.incidents.list.is_empty() =>
            {
                Some(Notice::empty(
                    app,
                    "No open incidents.",
                    "What a guard holds or refuses appears here, and whoever comes and goes too often.",
                ))
            }
            Standing::Here | Standing::Refreshing | Standing::Stale(_) => None,
        },
        PaneId::Sso => match app.sso.sign_ins.standing() {
            Standing::NotAsked | Standing::Loading => {
                Some(Notice::loading(app, "the last sign-ins"))
            }
            Standing::Failed(error) => Some(Notice::failed(app, "The last sign-ins", error)),
            Standing::Here | Standing::Refreshing | Standing::Stale(_)
                if app.sso.list.is_empty() =>
            {
                let next = format!("{} tells how single sign-on is set up.", key("list.open"));
                Some(Notice::empty(app, "Nobody has signed in yet.", next))
            }
            Standing::Here | Standing::Refreshing | Standing::Stale(_) => None,
        },
        PaneId::Policy => match app.policies.policy.standing() {
            Standing::NotAsked | Standing::Loading => Some(Notice::loading(app, "the policy")),
            Standing::Failed(error) => Some(Notice::failed(app, "The policy", error)),
            Standing::Here | Standing::Refreshing | Standing::Stale(_) => None,
        },
        PaneId::Scim => match app.scim.tokens.standing() {
            Standing::NotAsked | Standing::Loading => Some(Notice::loading(app, "tokens")),
            Standing::Failed(error) => Some(Notice::failed(app, "The tokens", error)),
            Standing::Here | Standing::Refreshing | Standing::Stale(_)
                if app.scim.list.is_empty() =>
            {
                Some(Notice::empty(
                    app,
                    "No tokens yet, so no IdP can call.",
                    format!(
                        "{} connects an IdP, {} issues a token alone; the secret is shown once.",
                        key("scim.connect"),
                        key("token.new")
                    ),
                ))
            }
            Standing::Here | Standing::Refreshing | Standing::Stale(_) => None,
        },
    }
}

/// Where teams come from, as the switches stand.
fn no_teams(app: &App) -> String {
    let overview = app.overview.value();
    let is_off = overview.is_some_and(|overview| !overview.team_sync && overview.team_sync_switch);
    let from_idp = if is_off {
        format!("Team sync is off: {} turns it on.", app.key("team.sync"))
    } else {
        format!(
            "They come with the IdP's group push; {} tells how to connect one.",
            app.key("pane.scim")
        )
    };
    match app.may_add_team() {
        Ok(()) => format!("{from_idp} Or add one by hand: {}.", app.key("team.add")),
        Err(_) => from_idp,
    }
}

fn log_notice(app: &App, nothing_matches: &dyn Fn(&str) -> Notice) -> Option<Notice> {
    let ring = &app.requests.ring;
    if !ring.is_empty() {
        return None;
    }
    if let Some(error) = &app.requests.error {
        return Some(Notice::failed(app, "The request log", error));
    }
    if ring.is_loading() {
        return Some(Notice::loading(app, "the request log"));
    }
    if !ring.query().is_empty() {
        return Some(nothing_matches("request"));
    }
    let base = app.overview.value().map_or_else(
        || "the base URL".to_owned(),
        |overview| overview.scim_base_url.clone(),
    );
    Some(Notice::empty(
        app,
        "No request yet.",
        format!(
            "Each one appears here as it is answered. An IdP sends them to {base}; {} tells how to connect one.",
            app.key("pane.scim")
        ),
    ))
}
