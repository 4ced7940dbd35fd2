//! A sign-in with its checks: each with its symbol and its word, what was expected and what came where that differs, and
//! the explanation of the one that failed.

use super::table::{outcome, purpose};
use crate::admin::sso::{CheckRow, SignInRow};
use crate::admin::types::RequestId;
use crate::console::app::App;
use crate::console::panes::requests::explain;
use crate::console::place::Jump;
use crate::console::theme::{Glyphs, Role};
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// The selected sign-in.
pub fn sign_in(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(row) = app.sso.current() else {
        let text = "No sign-in is chosen. The last ones are in the list, each with its checks.";
        doc.paragraph(text, 0, Role::Muted);
        return doc;
    };
    let (glyph, word, role) = outcome(row, app.look.glyphs);
    doc.line(vec![
        Piece::new(format!("{glyph} {word}"), role),
        Piece::new("  ", Role::Text),
        Piece::new(row.code.clone().unwrap_or_default(), Role::Title),
    ]);
    doc.paragraph(&row.detail, 0, Role::Text);
    about(&mut doc, app, row);
    list(&mut doc, app, row);
    explanation(&mut doc, app, row);
    doc
}

/// When it was, whose it was and where it is logged.
pub fn about(doc: &mut Doc, app: &App, row: &SignInRow) {
    doc.blank();
    let at = format!(
        "{}, {}",
        words::exact_moment(row.at, &app.zone),
        words::age(row.at, app.now)
    );
    doc.field("time", &at, Role::Text);
    doc.field(
        "what",
        &format!("{} by {}", purpose(row.purpose), row.how.as_str()),
        Role::Text,
    );
    let name = if row.name.is_empty() {
        "not known"
    } else {
        &row.name
    };
    let link = row.member.map(|id| Link::Jump(Jump::Member(id)));
    let role = if link.is_some() {
        Role::Accent
    } else {
        Role::Text
    };
    doc.field_linked("who", name, role, link.as_ref());
    if row.request != RequestId(0) {
        let link = Link::Jump(Jump::Request(row.request));
        doc.field_linked(
            "request",
            &row.request.to_string(),
            Role::Accent,
            Some(&link),
        );
    }
}

/// How a check's end is shown: glyph, word and role.
pub fn shown(state: &str, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match state {
        "passed" => (glyphs.ok, "passed", Role::Success),
        "warned" => (glyphs.warning, "warned", Role::Warning),
        "failed" => (glyphs.failed, "failed", Role::Danger),
        "not_reached" => (glyphs.separator, "not reached", Role::Muted),
        _ => (glyphs.noted, "pending", Role::Muted),
    }
}

/// Every check in its order. What passed takes a line; what did not says all that is known.
pub fn list(doc: &mut Doc, app: &App, row: &SignInRow) {
    if row.checks.is_empty() {
        return;
    }
    let of = |state: &str| row.checks.iter().filter(|it| it.state == state).count();
    let count = u64::try_from(row.checks.len()).unwrap_or(u64::MAX);
    let mut head = words::counted(count, "check");
    for (state, word) in [("failed", "failed"), ("warned", "with a warning")] {
        if of(state) > 0 {
            head = format!("{head}, {} {word}", of(state));
        }
    }
    doc.heading(&head);
    for check in &row.checks {
        self::check(doc, app, check);
    }
}

fn check(doc: &mut Doc, app: &App, check: &CheckRow) {
    let (glyph, word, role) = shown(&check.state, app.look.glyphs);
    let mark = Piece::padded(&format!("{glyph} {word}"), 14, role);
    let (name, text) = if role == Role::Muted {
        (Role::Muted, Role::Muted)
    } else {
        (Role::Key, Role::Text)
    };
    let title = check.id.replace('_', " ");
    let is_brief = ["passed", "pending", "not_reached"].contains(&check.state.as_str());
    let room = doc.width().saturating_sub(14 + title.len() + 2);
    let mut line = vec![mark, Piece::new(title, name)];
    let detail = if check.state == "not_reached" {
        ""
    } else {
        &check.detail
    };
    if is_brief && detail.chars().count() <= room {
        line.push(Piece::new(format!("  {detail}"), Role::Muted));
        doc.line(line);
        return;
    }
    doc.line(line);
    doc.paragraph(detail, 4, text);
    if is_brief {
        return;
    }
    for (label, value) in [("expected", &check.expected), ("received", &check.received)] {
        let Some(value) = value else { continue };
        let role = if label == "received" {
            role
        } else {
            Role::Text
        };
        let label = Piece::padded(&format!("    {label}"), 13, Role::Muted);
        doc.marked(&label, value, role, None);
    }
}

/// What, why and what next of the check that failed.
pub fn explanation(doc: &mut Doc, app: &App, row: &SignInRow) {
    if row.ok {
        return;
    }
    let Some(detail) = app.sso.explanation_of(row) else {
        if let Some(error) = app.sso.explained.error() {
            let text = format!("The explanation did not come: {}", error.detail);
            doc.heading("Explanation");
            doc.paragraph(&text, 2, Role::Danger);
        }
        return;
    };
    if let Some(explanation) = &detail.explanation {
        doc.heading(&format!("Explained: {}", explanation.code));
        explain::parts(doc, app, explanation, detail);
    }
}
