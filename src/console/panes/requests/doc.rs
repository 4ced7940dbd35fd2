//! The other tabs of an exchange: its steps, and what it changed.

use crate::admin::types::{ChangeView, ObjectKind, RequestDetail, Stage, TraceStep};
use crate::console::app::App;
use crate::console::panes::timeline;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// The steps of an exchange, each with what was expected and what came.
pub fn trace(doc: &mut Doc, app: &App, detail: &RequestDetail) {
    if detail.exchange.trace.is_empty() {
        doc.paragraph("No step was recorded for this request.", 0, Role::Muted);
    }
    for step in &detail.exchange.trace {
        self::step(doc, app, step);
    }
    doc.blank();
    let status = detail.exchange.row.status;
    doc.line(vec![
        Piece::padded("", 15, Role::Muted),
        Piece::new("answered ", Role::Muted),
        Piece::new(status.to_string(), words::status_role(status)),
        Piece::new(
            format!(
                " after {}",
                words::duration(detail.exchange.row.duration_us)
            ),
            Role::Muted,
        ),
    ]);
    if let Some(told) = &detail.exchange.detail {
        doc.paragraph(told, 15, Role::Muted);
    }
}

fn step(doc: &mut Doc, app: &App, step: &TraceStep) {
    let (glyph, word, role) = words::verdict(step.verdict, app.look.glyphs);
    let head = format!("{glyph} {}", stage(step.stage));
    doc.marked(
        &Piece::padded(&head, 14, role),
        &step.what,
        Role::Text,
        None,
    );
    for (label, value) in [("expected", &step.expected), ("came", &step.came)] {
        if let Some(value) = value {
            let label = Piece::padded(&format!("{:15}{label}", ""), 24, Role::Muted);
            let role = if label.text.contains("came") && word == "failed" {
                Role::Danger
            } else {
                Role::Text
            };
            let member = step.member.filter(|_| label.text.contains("came"));
            let link = member.map(|member| Link::Jump(Jump::Member(member)));
            doc.marked(&label, value, role, link.as_ref());
        }
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Authenticate => "authenticate",
        Stage::Parse => "parse",
        Stage::Match => "match",
        Stage::Policy => "policy",
        Stage::Guard => "guard",
        Stage::Effect => "effect",
        Stage::Response => "response",
    }
}

/// What an exchange changed.
pub fn changes(doc: &mut Doc, detail: &RequestDetail) {
    if detail.exchange.changed.is_empty() {
        doc.paragraph("Nothing changed.", 0, Role::Muted);
    }
    for change in &detail.exchange.changed {
        let piece = Piece::new(words::change(change), words::change_role(change.op));
        match jump_of(change) {
            Some(jump) => doc.link(vec![piece], Link::Jump(jump)),
            None => doc.line(vec![piece]),
        };
        timeline::fields(doc, change);
        doc.blank();
    }
}

/// Where the object of a change is.
pub fn jump_of(change: &ChangeView) -> Option<Jump> {
    match change.kind {
        ObjectKind::Member => change.id.parse().ok().map(Jump::Member),
        ObjectKind::Team => change.id.parse().ok().map(Jump::Team),
        ObjectKind::Token
        | ObjectKind::Client
        | ObjectKind::Stream
        | ObjectKind::SigningKey
        | ObjectKind::Settings
        | ObjectKind::Incident => None,
    }
}
