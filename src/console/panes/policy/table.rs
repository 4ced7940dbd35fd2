//! The columns of the list of policy keys.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::admin::policy::{PolicyRow, PolicySource};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row};
use crate::console::words;

/// The columns.
pub fn columns() -> Vec<Column> {
    vec![
        Column::new("key", 27, 28).flex(1),
        Column::new("value", 18, 20).flex(3),
        Column::new("preset", 10, 16).flex(2).priority(2),
        Column::new("source", 8, 8).priority(1),
        Column::new("changed", 8, 12).priority(3),
    ]
}

/// How a source is shown: glyph, word and role.
pub fn source(source: PolicySource, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match source {
        PolicySource::Preset => (" ", source.as_str(), Role::Muted),
        PolicySource::Set => (glyphs.noted, source.as_str(), Role::Warning),
        PolicySource::File => (glyphs.ok, source.as_str(), Role::Info),
    }
}

/// A value, where an empty list is seen to be one.
pub fn value(value: &str) -> &str {
    if value.is_empty() { "(none)" } else { value }
}

/// One key as a row.
pub fn row<'a>(row: &'a PolicyRow, glyphs: &Glyphs, now: Timestamp, zone: &TimeZone) -> Row<'a> {
    let (glyph, word, role) = source(row.source, glyphs);
    let is_preset = row.value == row.preset_value;
    let changed = row.changed.as_ref().map_or_else(String::new, |changed| {
        words::short_moment(changed.at, now, zone)
    });
    Row {
        cells: vec![
            Cell::new(row.key.as_str(), Role::Text),
            Cell::new(value(&row.value), if is_preset { Role::Text } else { role }),
            Cell::new(
                if is_preset {
                    ""
                } else {
                    value(&row.preset_value)
                },
                Role::Muted,
            ),
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(changed, Role::Muted),
        ],
        marked: false,
    }
}
