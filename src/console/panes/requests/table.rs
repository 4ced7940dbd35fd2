//! The columns of the request log.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::admin::types::{Outcome, RequestRow};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row};
use crate::console::words;

/// The columns. When, what and how it ended stay longest.
pub fn columns() -> Vec<Column> {
    vec![
        Column::new("time", 8, 8),
        Column::new("ms", 5, 6).right().priority(5),
        Column::new("method", 6, 6).priority(2),
        Column::new("resource", 8, 9).priority(3),
        Column::new("subject", 12, 26).flex(3).priority(1),
        Column::new("status", 6, 6).right(),
        Column::new("outcome", 9, 9),
        Column::new("why", 12, 18).flex(1).priority(4),
        Column::new("token", 8, 12).flex(1).priority(6),
        Column::new("IdP", 5, 8).priority(8),
        Column::new("chg", 3, 3).right().priority(7),
        Column::new("retry of", 8, 8).priority(9),
    ]
}

/// The path behind the SCIM base, which is the same for all: `Users`, `Users/…`.
pub fn resource(row: &RequestRow, glyphs: &Glyphs) -> String {
    if row.resource.is_empty() {
        return row.path.clone();
    }
    let rest = row
        .path
        .split_once(row.resource.as_str())
        .map_or("", |(_, rest)| rest);
    if rest.trim_matches('/').is_empty() {
        row.resource.clone()
    } else {
        format!("{}/{}", row.resource, glyphs.ellipsis)
    }
}

/// One request as a row.
pub fn row<'a>(row: &'a RequestRow, glyphs: &Glyphs, now: Timestamp, zone: &TimeZone) -> Row<'a> {
    let (glyph, word, role) = words::outcome(row.outcome, glyphs);
    let calm = matches!(row.outcome, Outcome::NoOp) && row.status < 400;
    let text = if calm { Role::Muted } else { Role::Text };
    // A bulk request is about many; its operations stand below it, indented.
    let subject = match &row.subject {
        Some(subject) if row.part_of.is_some() => format!("  {}", subject.label),
        Some(subject) => subject.label.clone(),
        None if row.path.ends_with("/Bulk") => {
            format!("bulk: {}", words::counted(row.changes.into(), "change"))
        }
        None => String::new(),
    };
    let changes = if row.changes == 0 {
        String::new()
    } else {
        row.changes.to_string()
    };
    Row {
        cells: vec![
            Cell::new(words::short_moment(row.at, now, zone), Role::Muted),
            Cell::new(words::milliseconds(row.duration_us), Role::Muted),
            Cell::new(row.method.as_str(), text),
            Cell::new(resource(row, glyphs), text),
            Cell::new(subject, text),
            Cell::new(row.status.to_string(), words::status_role(row.status)),
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(row.code.as_deref().unwrap_or(""), Role::Warning),
            Cell::new(row.token.as_deref().unwrap_or("none"), Role::Muted),
            Cell::new(row.idp.as_deref().unwrap_or(""), Role::Muted),
            Cell::new(changes, Role::Info),
            Cell::new(
                row.retry_of.map_or_else(String::new, |id| id.to_string()),
                Role::Muted,
            ),
        ],
        marked: false,
    }
}
