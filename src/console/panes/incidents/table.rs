//! The columns of the list of incidents.

use jiff::Timestamp;

use crate::admin::guards::{Incident, IncidentSeverity};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row};
use crate::console::words;

/// The columns.
pub fn columns() -> Vec<Column> {
    vec![
        Column::new("severity", 10, 10),
        Column::new("since", 8, 11).priority(2),
        Column::new("code", 15, 16),
        Column::new("count", 5, 7).priority(3),
        Column::new("held", 4, 6).priority(1),
        Column::new("about", 14, 20).flex(2).priority(4),
        Column::new("owner", 8, 12).flex(1).priority(5),
    ]
}

/// How an incident's severity is shown: glyph, word and role.
pub fn severity(severity: IncidentSeverity, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match severity {
        IncidentSeverity::Notice => (glyphs.noted, "notice", Role::Muted),
        IncidentSeverity::Warning => (glyphs.warning, "warning", Role::Warning),
        IncidentSeverity::Critical => (glyphs.failed, "critical", Role::Danger),
    }
}

/// One incident as a row.
pub fn row(incident: &Incident, glyphs: &Glyphs, now: Timestamp) -> Row<'static> {
    let is_put_off = incident.tended.snoozed.is_some_and(|until| until > now);
    let (glyph, word, role) = severity(incident.severity, glyphs);
    let (role, text) = if is_put_off {
        (Role::Muted, Role::Muted)
    } else {
        (role, Role::Text)
    };
    let held = match incident.waiting {
        0 => String::new(),
        waiting => words::count(waiting),
    };
    let about = incident.subjects.last().map(|it| it.name.clone());
    let owner = incident.tended.assignee.clone();
    Row {
        cells: vec![
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(words::age(incident.opened, now), text),
            Cell::new(incident.code.clone(), text),
            Cell::new(words::count(incident.count), text),
            Cell::new(held, Role::Danger),
            Cell::new(about.unwrap_or_default(), text),
            Cell::new(owner.unwrap_or_default(), Role::Muted),
        ],
        marked: false,
    }
}
