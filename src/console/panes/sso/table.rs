//! The columns of the list of sign-ins, and how states are shown.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::admin::sso::{SignInPurpose, SignInRow, SsoState};
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::data_table::{Cell, Column, Row};
use crate::console::words;

/// The columns.
pub fn columns() -> Vec<Column> {
    vec![
        Column::new("outcome", 8, 8),
        Column::new("time", 8, 8),
        Column::new("what", 10, 10).priority(2),
        Column::new("how", 8, 8).priority(3),
        Column::new("who", 14, 22).flex(2),
        Column::new("code", 14, 24).flex(1).priority(1),
    ]
}

/// How an outcome is shown: glyph, word and role.
pub fn outcome(row: &SignInRow, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    if row.ok {
        (glyphs.ok, "passed", Role::Success)
    } else {
        (glyphs.failed, "failed", Role::Danger)
    }
}

/// What a sign-in was for.
pub fn purpose(purpose: SignInPurpose) -> &'static str {
    match purpose {
        SignInPurpose::SignIn => "sign-in",
        SignInPurpose::TestDrive => "test-drive",
    }
}

/// How the state of single sign-on is shown: glyph, word and role.
pub fn state(state: SsoState, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match state {
        SsoState::Off => (glyphs.noted, "off", Role::Muted),
        SsoState::TestDrive => (glyphs.folded, "test-drive", Role::Accent),
        SsoState::Enabled => (glyphs.live, "enabled", Role::Success),
    }
}

/// One sign-in as a row.
pub fn row<'a>(
    sign_in: &'a SignInRow,
    glyphs: &Glyphs,
    now: Timestamp,
    zone: &TimeZone,
) -> Row<'a> {
    let (glyph, word, role) = outcome(sign_in, glyphs);
    let who = if sign_in.name.is_empty() {
        Cell::new("not known", Role::Muted)
    } else {
        Cell::new(sign_in.name.as_str(), Role::Text)
    };
    Row {
        cells: vec![
            Cell::new(format!("{glyph} {word}"), role),
            Cell::new(words::short_moment(sign_in.at, now, zone), Role::Text),
            Cell::new(purpose(sign_in.purpose), Role::Text),
            Cell::new(sign_in.how.as_str(), Role::Muted),
            who,
            Cell::new(sign_in.code.clone().unwrap_or_default(), Role::Warning),
        ],
        marked: false,
    }
}
