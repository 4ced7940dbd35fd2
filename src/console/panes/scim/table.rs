//! The columns of the list of tokens.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::admin::types::{TokenRow, TokenScope};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row};
use crate::console::words;

/// The columns.
pub fn columns() -> Vec<Column> {
    vec![
        Column::new("state", 9, 9),
        Column::new("name", 14, 18).flex(2),
        Column::new("prefix", 14, 15).flex(1).priority(1),
        Column::new("scope", 5, 5).priority(3),
        Column::new("last use", 10, 11).priority(2),
        Column::new("expires", 10, 11).priority(4),
        Column::new("created", 8, 8).priority(5),
    ]
}

/// How a token's state is shown: glyph, word and role.
pub fn state(
    token: &TokenRow,
    now: Timestamp,
    glyphs: &Glyphs,
) -> (&'static str, &'static str, Role) {
    if token.revoked.is_some() {
        (glyphs.failed, "revoked", Role::Muted)
    } else if token.expires.is_some_and(|expires| expires <= now) {
        (glyphs.warning, "expired", Role::Warning)
    } else if token.rotated.is_some() {
        (glyphs.warning, "old", Role::Warning)
    } else if token.client.is_some() {
        (glyphs.ok, "oauth", Role::Success)
    } else {
        (glyphs.ok, "live", Role::Success)
    }
}

/// The word of a scope.
pub fn scope(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Scim => "scim",
        TokenScope::Admin => "admin",
    }
}

/// One token as a row.
pub fn row<'a>(token: &'a TokenRow, glyphs: &Glyphs, now: Timestamp, zone: &TimeZone) -> Row<'a> {
    let (glyph, word, role) = state(token, now, glyphs);
    let text = if token.revoked.is_some() {
        Role::Muted
    } else {
        Role::Text
    };
    let used = token
        .last_used
        .map_or_else(|| "never".to_owned(), |at| words::age(at, now));
    let expires = token
        .expires
        .map_or_else(|| "never".to_owned(), |at| words::until(at, now));
    Row {
        cells: vec![
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(token.name.as_str(), text),
            Cell::new(format!("{}{}", token.prefix, glyphs.ellipsis), Role::Muted),
            Cell::new(scope(token.scope), text),
            Cell::new(used, text),
            Cell::new(expires, text),
            Cell::new(words::short_moment(token.created, now, zone), Role::Muted),
        ],
        marked: false,
    }
}
