//! The detail of an incident: why, what to do, the requests in which it happened, and what it holds.

use super::table::severity;
use crate::admin::guards::{Incident, IncidentDetail};
use crate::console::app::App;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// What is known of the selected incident.
pub fn incident(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let detail = app.incidents.detail.remote.value();
    let row = app.incidents.current();
    let Some(incident) = detail.map(|detail| &detail.incident).or(row) else {
        return doc;
    };
    facts(&mut doc, app, incident);
    if let Some(detail) = detail {
        if let Some(key) = &detail.policy_key {
            let link = Some(Link::Jump(Jump::Policy(key.clone())));
            doc.field_linked("policy", key, Role::Key, link.as_ref());
        }
        explanation(&mut doc, detail);
    }
    doc.heading("About");
    for subject in &incident.subjects {
        let name = vec![Piece::new(format!("  {}", subject.name), Role::Text)];
        // What is no member, such as an OAuth client, is nowhere to go.
        match subject.member {
            None => {
                doc.line(name);
            }
            Some(member) => {
                doc.link(name, Link::Jump(Jump::Member(member)));
            }
        }
    }
    doc.heading("Requests");
    for request in incident.evidence.iter().rev() {
        doc.link(
            vec![Piece::new(format!("  {request}"), Role::Text)],
            Link::Jump(Jump::Request(*request)),
        );
    }
    doc
}

fn facts(doc: &mut Doc, app: &App, incident: &Incident) {
    let (glyph, word, role) = severity(incident.severity, app.look.glyphs);
    let tended = &incident.tended;
    doc.field("severity", &format!("{glyph} {word}"), role);
    let moment = |at| {
        format!(
            "{}, {}",
            words::age(at, app.now),
            words::exact_moment(at, &app.zone)
        )
    };
    doc.field("opened", &moment(incident.opened), Role::Text);
    doc.field("last", &moment(incident.last), Role::Text);
    doc.field("count", &words::count(incident.count), Role::Text);
    if incident.held > 0 {
        let held = format!(
            "{} of {} {} for a word",
            words::count(incident.waiting),
            words::count(incident.held),
            if incident.waiting == 1 {
                "waits"
            } else {
                "wait"
            }
        );
        doc.field("held", &held, Role::Danger);
    }
    if let Some(ruling) = tended.ruling {
        doc.field("ruling", ruling.as_str(), Role::Text);
    }
    let owner = tended.assignee.as_deref().unwrap_or("nobody yet");
    doc.field("owner", owner, Role::Text);
    if let Some(until) = tended.snoozed.filter(|until| *until > app.now) {
        let until = words::exact_moment(until, &app.zone);
        doc.field("put off", &format!("until {until}"), Role::Muted);
    }
    if let Some(note) = &tended.note {
        doc.field("note", note, Role::Text);
    }
}

fn explanation(doc: &mut Doc, detail: &IncidentDetail) {
    let Some(explanation) = &detail.explanation else {
        return;
    };
    doc.heading("Why");
    doc.paragraph(&explanation.what, 2, Role::Text);
    doc.paragraph(&explanation.why, 2, Role::Text);
    for (place, title) in [
        ("here", "What to do here"),
        ("idp", "What to do in the IdP"),
    ] {
        let steps: Vec<_> = {
            let next = explanation.next.iter();
            next.filter(|step| step.place == place).collect()
        };
        if !steps.is_empty() {
            doc.heading(title);
        }
        for step in steps {
            doc.paragraph(&step.text, 2, Role::Text);
        }
    }
}

/// What the selected incident holds.
pub fn held(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(detail) = app.incidents.detail.remote.value() else {
        return doc;
    };
    if detail.held.items.is_empty() {
        doc.paragraph("Nothing is held.", 0, Role::Muted);
        return doc;
    }
    for held in &detail.held.items {
        let end = held.end.as_deref().unwrap_or("waits");
        doc.link(
            vec![
                Piece::padded(held.ask.as_str(), 11, Role::Warning),
                Piece::new(format!("{} ", held.name), Role::Text),
                Piece::new(
                    format!("{} by {}, {end}", held.request, held.token),
                    Role::Muted,
                ),
            ],
            Link::Jump(Jump::Request(held.request)),
        );
    }
    let shown = u64::try_from(detail.held.items.len()).unwrap_or(u64::MAX);
    let more = detail.incident.held.saturating_sub(shown);
    if more > 0 {
        let text = format!("and {} more", words::count(more));
        doc.paragraph(&text, 0, Role::Muted);
    }
    doc
}
