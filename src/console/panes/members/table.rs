//! The columns of the list of members.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::admin::types::{MemberRow, Sort};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row, SortMark};
use crate::console::words;

/// The columns. Those that say who somebody is stay longest.
pub fn columns(sort: Sort) -> Vec<Column> {
    let by = |wanted, mark| (sort == wanted).then_some(mark);
    vec![
        Column::new("state", 10, 10),
        Column::new("name", 14, 20)
            .flex(2)
            .sorted(by(Sort::Name, SortMark::Ascending)),
        Column::new("userName", 20, 28).flex(3).priority(1),
        Column::new("role", 8, 9).priority(3),
        Column::new("teams", 6, 6).right().priority(4),
        Column::new("source", 6, 6).priority(5),
        Column::new("changed", 8, 8)
            .priority(6)
            .sorted(by(Sort::Modified, SortMark::Descending)),
        Column::new("flags", 6, 14).priority(7),
    ]
}

/// The order that a click on a column asks for.
pub fn sort_of(column: usize) -> Option<Sort> {
    match column {
        0 => Some(Sort::Created),
        1 => Some(Sort::Name),
        6 => Some(Sort::Modified),
        _ => None,
    }
}

/// How a member's state is shown: glyph, word and role.
pub fn state(row: &MemberRow, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match (row.deleted, row.active) {
        (Some(_), _) => (glyphs.failed, "deleted", Role::Danger),
        (None, false) => (glyphs.paused, "inactive", Role::Muted),
        (None, true) => (glyphs.ok, "active", Role::Success),
    }
}

/// What else is worth knowing of a member.
pub fn flags(row: &MemberRow) -> String {
    let mut flags = Vec::new();
    if row.owner {
        flags.push("owner".to_owned());
    }
    if !row.custom_roles.is_empty() {
        flags.push(words::counted(
            u64::try_from(row.custom_roles.len()).unwrap_or(u64::MAX),
            "role",
        ));
    }
    flags.join(" ")
}

/// The role that says most of what a member may do, with how many more they have.
fn leading_role(row: &MemberRow) -> String {
    match row.leading_role() {
        Some((role, 0)) => role.to_owned(),
        Some((role, more)) => format!("{role} +{more}"),
        None => "-".to_owned(),
    }
}

/// One member as a row.
pub fn row<'a>(
    member: &'a MemberRow,
    marked: bool,
    glyphs: &Glyphs,
    now: Timestamp,
    zone: &TimeZone,
) -> Row<'a> {
    let (glyph, word, role) = state(member, glyphs);
    let text = if member.active && member.deleted.is_none() {
        Role::Text
    } else {
        Role::Muted
    };
    Row {
        cells: vec![
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(member.name.as_str(), text),
            Cell::new(member.user_name.as_str(), text),
            Cell::new(leading_role(member), text),
            Cell::new(member.teams.to_string(), text),
            Cell::new(member.origin.as_str(), Role::Muted),
            Cell::new(words::short_moment(member.modified, now, zone), Role::Muted),
            Cell::new(flags(member), Role::Info),
        ],
        marked,
    }
}
