//! The detail of a team, beside its members: who rules it, its ids, and what happened to it.

use super::table::source;
use crate::admin::types::{ActorKind, TeamSource};
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
    let (glyph, word, role) = source(row, app.look.glyphs);
    doc.field("source", &format!("{glyph} {word}"), role);
    let who = match row.source {
        TeamSource::Synced if row.paused => {
            "What its IdP pushes is ignored until its sync goes on; edit it here."
        }
        TeamSource::Synced => "An IdP pushes its name and members; change them there.",
        TeamSource::Local => "Made here and kept here; no IdP touches it.",
        TeamSource::Unlinked => "Was an IdP's until it was unlinked; kept here since.",
        TeamSource::Released => {
            "Was an IdP's until it deleted the group; kept here, unseen by it until pushed anew."
        }
    };
    doc.field("", who, Role::Muted);
    doc.field("members", &words::count(row.members), Role::Text);
    if row.parked > 0 {
        let waits = format!("for {}", words::counted(row.parked, "person"));
        doc.field("waits", &waits, Role::Warning);
    }
    let none = |text: String| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text
        }
    };
    doc.field("roles", &none(row.roles.join(", ")), Role::Text);
    if let Some(detail) = app.teams.detail.remote.value() {
        let names = detail.maintained_by.iter().map(|it| it.user_name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        doc.field("maintainers", &none(names), Role::Text);
        doc.field("description", &none(detail.description.clone()), Role::Text);
        for parked in &detail.waits_for {
            let since = words::age(parked.since, app.now);
            let text = format!("{}, since {since}", parked.reference);
            doc.field("waits for", &text, Role::Warning);
        }
    }
    let push = row
        .last_push
        .map_or_else(|| "never".to_owned(), |at| words::age(at, app.now));
    doc.field("last push", &push, Role::Text);
    doc.blank();
    doc.field("key", &row.key, Role::Muted);
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

/// What was changed here since the open team's IdP last pushed something.
pub fn compare(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(detail) = app.teams.detail.remote.value() else {
        return doc;
    };
    let last = detail
        .timeline
        .iter()
        .position(|change| change.actor.kind == ActorKind::Idp);
    let here = last.and_then(|last| detail.timeline.get(..last));
    let here = here.unwrap_or(&detail.timeline);
    let push = match detail.row.last_push {
        Some(at) => words::exact_moment(at, &app.zone),
        None => "never".to_owned(),
    };
    doc.field("last push", &push, Role::Text);
    if detail.row.source == TeamSource::Local {
        doc.paragraph("No IdP has a say in this team.", 0, Role::Muted);
        return doc;
    }
    if here.is_empty() {
        let text = "It is as the IdP last pushed it: nothing was changed here since.";
        doc.paragraph(text, 0, Role::Success);
        return doc;
    }
    let text = if last.is_some() {
        "Changed here since; the next push of the whole group takes back what is the IdP's to say:"
    } else {
        "The newest changes, all made here; the last push lies further back:"
    };
    doc.paragraph(text, 0, Role::Warning);
    let id = detail.row.id.to_string();
    for change in here {
        timeline::entry(&mut doc, app, change, timeline::Depth::Full, &id);
    }
    doc
}
