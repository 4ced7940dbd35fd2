//! How a change is told: when, who, what, and each attribute before and after.

use crate::admin::types::{AuditRow, ChangeOp, ChangeView, FieldChange};
use crate::console::app::App;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// The most attributes of one change that are listed.
const MOST_FIELDS: usize = 50;

/// How much of a change is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// One line.
    Line,
    /// Each attribute, too.
    Full,
}

/// Adds a change. It leads to the request that caused it. `about` is the id of whom the page is about: what happened to
/// that needs no name.
pub fn entry(doc: &mut Doc, app: &App, row: &AuditRow, depth: Depth, about: &str) {
    let moment = words::moment(row.at, app.now, &app.zone);
    let link = row
        .request
        .map(|request| Link::Jump(Jump::Request(request)));
    let own = row.change.id == about;
    let what = match (depth, own) {
        (Depth::Line, true) => words::change_summary(&row.change, app.look.glyphs),
        (Depth::Full, true) => match row.change.op {
            ChangeOp::AddMember => "gained a member".to_owned(),
            ChangeOp::RemoveMember => "lost a member".to_owned(),
            ChangeOp::Create | ChangeOp::Update | ChangeOp::Remove => {
                words::verb(&row.change).to_owned()
            }
        },
        (_, false) => words::change(&row.change),
    };
    let mut pieces = vec![
        Piece::padded(&moment, 13, Role::Muted),
        Piece::new(what, words::change_role(row.change.op)),
        Piece::new(format!(" by {}", words::actor(&row.actor)), Role::Muted),
    ];
    if let Some(request) = row.request {
        pieces.push(Piece::new(format!(" {request}"), Role::Muted));
    }
    match link {
        Some(link) => doc.link(pieces, link),
        None => doc.line(pieces),
    };
    if depth == Depth::Full {
        fields(doc, &row.change);
        if let Some(key) = &row.policy_key {
            doc.paragraph(&format!("by policy {key}"), 4, Role::Muted);
        }
        doc.blank();
    }
}

/// Adds each attribute of a change, before and after.
pub fn fields(doc: &mut Doc, change: &ChangeView) {
    for field in change.fields.iter().take(MOST_FIELDS) {
        field_change(doc, field);
    }
    let more = change.fields.len().saturating_sub(MOST_FIELDS);
    if more > 0 {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        let text = format!("and {} more", words::counted(more, "attribute"));
        doc.paragraph(&text, 4, Role::Muted);
    }
}

fn field_change(doc: &mut Doc, field: &FieldChange) {
    doc.paragraph(&field.path, 4, Role::Key);
    if field.before.is_some() {
        let mark = Piece::new("      -", Role::Removed);
        doc.marked(
            &mark,
            &words::value(field.before.as_ref()),
            Role::Removed,
            None,
        );
    }
    if field.after.is_some() {
        let mark = Piece::new("      +", Role::Added);
        doc.marked(
            &mark,
            &words::value(field.after.as_ref()),
            Role::Added,
            None,
        );
    }
}
