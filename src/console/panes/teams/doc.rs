//! The detail of a team, beside its members: who rules it, its ids, and what happened to it.

use super::table::source;
use crate::admin::types::TeamSource;
use crate::console::app::App;
use crate::console::panes::timeline;
use crate::console::theme::Role;
use crate::console::widgets::doc::Doc;
use crate::console::words;

/// What the open team is.
pub fn about(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(row) = app.teams.current() else {
        return doc;
    };
    let (glyph, word, role) = source(row.source, app.look.glyphs);
    doc.field("source", &format!("{glyph} {word}"), role);
    let who = match row.source {
        TeamSource::Synced => "An IdP pushes its name and members; change them there.",
        TeamSource::Local => "Made here and kept here; no IdP touches it.",
    };
    doc.field("", who, Role::Muted);
    doc.field("members", &words::count(row.members), Role::Text);
    doc.blank();
    doc.field("id", &row.id.to_string(), Role::Muted);
    let external = row.external_id.as_deref().unwrap_or("none");
    doc.field("externalId", external, Role::Muted);
    if let Some(detail) = app.teams.detail.remote.value() {
        doc.field("version", &detail.version.to_string(), Role::Muted);
        let created = words::exact_moment(detail.created, &app.zone);
        doc.field("created", &created, Role::Muted);
    }
    let changed = words::exact_moment(row.modified, &app.zone);
    doc.field("changed", &changed, Role::Muted);
    doc
}

/// What happened to the open team.
pub fn changes(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(detail) = app.teams.detail.remote.value() else {
        return doc;
    };
    let id = detail.row.id.to_string();
    for change in &detail.timeline {
        timeline::entry(&mut doc, app, change, timeline::Depth::Full, &id);
    }
    if detail.timeline.is_empty() {
        doc.paragraph("Nothing happened to it yet.", 0, Role::Muted);
    }
    doc
}
