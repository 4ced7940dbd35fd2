//! The columns of the list of teams, and of the list of a team's members.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::admin::types::{MemberRef, Sort, TeamRow, TeamSource};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row, SortMark};
use crate::console::words;

/// The columns of the list of teams.
pub fn columns(sort: Sort) -> Vec<Column> {
    let by = |wanted, mark| (sort == wanted).then_some(mark);
    vec![
        Column::new("name", 12, 28)
            .flex(3)
            .sorted(by(Sort::Name, SortMark::Ascending)),
        Column::new("key", 10, 20).flex(1).priority(6),
        Column::new("source", 10, 10),
        Column::new("members", 7, 8).right(),
        Column::new("parked", 6, 6).right().priority(4),
        Column::new("roles", 10, 20).flex(1).priority(5),
        Column::new("maint.", 6, 6).right().priority(8),
        Column::new("externalId", 10, 24).flex(1).priority(3),
        Column::new("last push", 9, 9).priority(7),
        Column::new("changed", 8, 8)
            .priority(2)
            .sorted(by(Sort::Modified, SortMark::Descending)),
    ]
}

/// The order that a click on a column asks for.
pub fn sort_of(column: usize) -> Option<Sort> {
    match column {
        0 => Some(Sort::Name),
        2 => Some(Sort::Created),
        9 => Some(Sort::Modified),
        _ => None,
    }
}

/// How a team's source is shown: glyph, word and role.
pub fn source(team: &TeamRow, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match team.source {
        TeamSource::Synced if team.paused => (glyphs.paused, "paused", Role::Warning),
        TeamSource::Synced => (glyphs.live, "synced", Role::Info),
        TeamSource::Local => (glyphs.separator, "local", Role::Text),
        TeamSource::Unlinked => (glyphs.separator, "unlinked", Role::Text),
        TeamSource::Released => (glyphs.separator, "released", Role::Text),
    }
}

/// One team as a row.
pub fn row<'a>(team: &'a TeamRow, glyphs: &Glyphs, now: Timestamp, zone: &TimeZone) -> Row<'a> {
    let (glyph, word, role) = source(team, glyphs);
    let parked = match team.parked {
        0 => Cell::new("-", Role::Muted),
        count => Cell::new(words::count(count), Role::Warning),
    };
    let maintainers = match team.maintainers {
        0 => Cell::new("-", Role::Muted),
        count => Cell::new(words::count(u64::from(count)), Role::Text),
    };
    let roles = match team.roles.as_slice() {
        [] => Cell::new("-", Role::Muted),
        roles => Cell::new(roles.join(" "), Role::Text),
    };
    let push = team.last_push.map_or_else(
        || "never".to_owned(),
        |at| words::short_moment(at, now, zone),
    );
    Row {
        cells: vec![
            Cell::new(team.name.as_str(), Role::Text),
            Cell::new(team.key.as_str(), Role::Muted),
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(words::count(team.members), Role::Text),
            parked,
            roles,
            maintainers,
            Cell::new(team.external_id.as_deref().unwrap_or("-"), Role::Muted),
            Cell::new(push, Role::Muted),
            Cell::new(words::short_moment(team.modified, now, zone), Role::Muted),
        ],
        marked: false,
    }
}

/// The columns of the list of a team's members.
pub fn member_columns() -> Vec<Column> {
    vec![
        Column::new("state", 10, 10).priority(2),
        Column::new("name", 10, 20).flex(1),
        Column::new("userName", 10, 24).flex(2).priority(1),
    ]
}

/// One member of a team as a row.
pub fn member_row<'a>(member: &'a MemberRef, glyphs: &Glyphs) -> Row<'a> {
    let (glyph, word, role, text) = if member.active {
        (glyphs.ok, "active", Role::Success, Role::Text)
    } else {
        (glyphs.paused, "inactive", Role::Muted, Role::Muted)
    };
    Row {
        cells: vec![
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(member.name.as_str(), text),
            Cell::new(member.user_name.as_str(), text),
        ],
        marked: false,
    }
}
