//! The explanation of an exchange: what, why, what changed, what next, in this order; and, while the log is followed,
//! how the traffic stands.

use std::collections::BTreeMap;

use crate::admin::types::{
    Explanation, MemberId, NextStep, ObjectKind, RequestDetail, RequestRow, Subject,
};
use crate::console::app::App;
use crate::console::command;
use crate::console::panes::PaneId;
use crate::console::place::Jump;
use crate::console::store::LogRing;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// The explanation of an exchange.
pub fn explain(doc: &mut Doc, app: &App, detail: &RequestDetail) {
    let row = &detail.exchange.row;
    let (glyph, word, role) = words::outcome(row.outcome, app.look.glyphs);
    let mut head = vec![Piece::new(format!("{glyph} {word}"), role)];
    if let Some(explanation) = &detail.explanation {
        head.push(Piece::new("  ", Role::Text));
        head.push(Piece::new(explanation.code.clone(), Role::Title));
        doc.line(head);
        parts(doc, app, explanation, detail);
    } else {
        doc.line(head);
        doc.blank();
        let changes = u64::from(row.changes);
        let text = match changes {
            0 => "Answered as asked; nothing had to change.".to_owned(),
            _ => format!("Done as asked; {} made.", words::counted(changes, "change")),
        };
        doc.paragraph(&text, 0, Role::Text);
    }
    about(doc, app, detail);
    related(doc, app, detail);
}

/// What, why, what changed, what next.
pub fn parts(doc: &mut Doc, app: &App, explanation: &Explanation, detail: &RequestDetail) {
    for (heading, text) in [
        ("What", &explanation.what),
        ("Why", &explanation.why),
        ("What changed", &explanation.changed),
    ] {
        doc.heading(heading);
        doc.paragraph(text, 2, Role::Text);
    }
    if !explanation.next.is_empty() {
        doc.heading("What next");
        for (number, step) in explanation.next.iter().enumerate() {
            let place = match step.place.as_str() {
                "idp" => "In the IdP: ",
                "here" => "Here: ",
                _ => "",
            };
            let mark = Piece::new(format!("  {}.", number + 1), Role::Key);
            let link = link_of(step, detail);
            doc.marked(
                &mark,
                &format!("{place}{}", step.text),
                Role::Text,
                link.as_ref(),
            );
        }
    }
    if !explanation.note.is_empty() {
        // The same is shown of a failed sign-in, where no key copies it.
        let copies = if app.pane == PaneId::Requests {
            format!(" ({} copies it)", app.key("request.copy_note"))
        } else {
            String::new()
        };
        doc.heading(&format!("Note for the IdP team{copies}"));
        doc.paragraph(&explanation.note, 2, Role::Muted);
    }
}

/// Where a step leads: what is about somebody goes there first, where its keys work.
fn link_of(step: &NextStep, detail: &RequestDetail) -> Option<Link> {
    let command = command::find(step.command.as_deref()?)?;
    if command.id == "member.find"
        && let Some(member) = other_member(detail)
    {
        return Some(Link::Jump(Jump::Member(member)));
    }
    if command.id.starts_with("member.") || command.id.starts_with("team.") {
        let subject = detail.exchange.row.subject.as_ref()?;
        return subject_jump(subject).map(Link::Jump);
    }
    Some(Link::Command(command.id))
}

/// The member whom the trace names beside the subject, such as who holds the name that was wanted.
fn other_member(detail: &RequestDetail) -> Option<MemberId> {
    detail.exchange.trace.iter().find_map(|step| step.member)
}

/// Where the subject of a request is, if it exists.
pub fn subject_jump(subject: &Subject) -> Option<Jump> {
    let id = subject.id.as_deref()?;
    match subject.kind {
        ObjectKind::Member => id.parse().ok().map(Jump::Member),
        ObjectKind::Team => id.parse().ok().map(Jump::Team),
        ObjectKind::Token
        | ObjectKind::Client
        | ObjectKind::Stream
        | ObjectKind::SigningKey
        | ObjectKind::Settings
        | ObjectKind::Incident => None,
    }
}

fn about(doc: &mut Doc, app: &App, detail: &RequestDetail) {
    let row = &detail.exchange.row;
    doc.heading("About it");
    let at = words::exact_moment(row.at, &app.zone);
    doc.field(
        "time",
        &format!("{at}, {}", words::duration(row.duration_us)),
        Role::Text,
    );
    if let Some(subject) = &row.subject {
        let text = format!("{} {}", words::object(subject.kind), subject.label);
        let link = subject_jump(subject).map(Link::Jump);
        let role = if link.is_some() {
            Role::Accent
        } else {
            Role::Text
        };
        doc.field_linked("subject", &text, role, link.as_ref());
    }
    doc.field("token", row.token.as_deref().unwrap_or("none"), Role::Text);
    let idp = row.idp.as_deref().unwrap_or("not known");
    let agent = row.user_agent.as_deref().unwrap_or("no User-Agent");
    doc.field("client", &format!("{idp} ({agent})"), Role::Text);
    if let Some(peer) = &detail.exchange.peer {
        doc.field("from", peer, Role::Text);
    }
    if let Some(key) = &detail.exchange.policy_key {
        let link = Some(Link::Jump(Jump::Policy(key.clone())));
        doc.field_linked("policy", key, Role::Key, link.as_ref());
    }
    if let Some(first) = row.retry_of {
        let link = Some(Link::Jump(Jump::Request(first)));
        doc.field_linked("retry of", &first.to_string(), Role::Accent, link.as_ref());
    }
    if let Some(bulk) = row.part_of {
        let link = Some(Link::Jump(Jump::Request(bulk)));
        doc.field_linked("part of", &bulk.to_string(), Role::Accent, link.as_ref());
    }
}

fn related(doc: &mut Doc, app: &App, detail: &RequestDetail) {
    if detail.related.is_empty() {
        return;
    }
    let (older, newer) = (
        app.key("request.previous_related"),
        app.key("request.next_related"),
    );
    let id = detail.exchange.row.id;
    // A bulk request is about no subject of its own: what belongs to it are its operations.
    let of_bulk = detail.related.iter().all(|row| row.part_of == Some(id));
    let what = if of_bulk {
        "Its operations, from the first on"
    } else {
        "Around it, about the same subject"
    };
    doc.heading(&format!("{what} ({older} and {newer})"));
    for row in &detail.related {
        let mut line = line_of(app, row);
        if of_bulk && let Some(subject) = &row.subject {
            line.push(Piece::new(format!(" {}", subject.label), Role::Text));
        }
        doc.link(line, Link::Jump(Jump::Request(row.id)));
    }
}

/// A request on one line.
pub fn line_of(app: &App, row: &RequestRow) -> Vec<Piece> {
    let (glyph, word, role) = words::outcome(row.outcome, app.look.glyphs);
    let moment = words::short_moment(row.at, app.now, &app.zone);
    vec![
        Piece::padded(&format!("  {}", row.id), 9, Role::Muted),
        Piece::padded(&moment, 9, Role::Muted),
        Piece::padded(&row.method, 7, Role::Text),
        Piece::new(format!("{} ", row.status), words::status_role(row.status)),
        Piece::new(format!("{glyph} {word} "), role),
        Piece::new(row.code.clone().unwrap_or_default(), Role::Warning),
    ]
}

/// How the traffic stands, from the lines that are here.
pub fn traffic(doc: &mut Doc, app: &App, ring: &LogRing) {
    const LOOKED_AT: usize = 500;
    doc.marked(
        &Piece::new(app.look.glyphs.live, Role::Success),
        "Following: the newest request is at the bottom.",
        Role::Text,
        None,
    );
    let text = format!(
        "{} pauses and opens the newest one; moving up pauses, too. {} goes to the failure before.",
        app.key("list.open"),
        app.key("request.previous_failure"),
    );
    doc.paragraph(&text, 2, Role::Muted);
    let first = ring.len().saturating_sub(LOOKED_AT);
    let rows = || (first..ring.len()).filter_map(|index| ring.row(index));
    let looked_at = rows().count();
    if looked_at == 0 {
        return;
    }
    let mut outcomes: BTreeMap<&str, (u64, Role, &str)> = BTreeMap::new();
    let mut failures: BTreeMap<&str, (u64, &RequestRow)> = BTreeMap::new();
    let mut remarks = failures.clone();
    for row in rows() {
        let (glyph, word, role) = words::outcome(row.outcome, app.look.glyphs);
        outcomes.entry(word).or_insert((0, role, glyph)).0 += 1;
        if let Some(code) = &row.code {
            let codes = if LogRing::is_failure(row) {
                &mut failures
            } else {
                &mut remarks
            };
            let entry = codes.entry(code).or_insert((0, row));
            *entry = (entry.0 + 1, row);
        }
    }
    let count = u64::try_from(looked_at).unwrap_or(u64::MAX);
    doc.heading(&format!("The last {}", words::counted(count, "request")));
    for (word, (count, role, glyph)) in outcomes {
        doc.line(vec![
            Piece::padded(&format!("  {glyph} {word}"), 14, role),
            Piece::new(format!("{:>6}", words::count(count)), Role::Text),
        ]);
    }
    codes(doc, "Why some failed", failures, Role::Warning);
    codes(doc, "With a remark", remarks, Role::Info);
}

/// How often each code is there, and the newest request with it.
fn codes(doc: &mut Doc, heading: &str, codes: BTreeMap<&str, (u64, &RequestRow)>, role: Role) {
    const SHOWN: usize = 8;
    if codes.is_empty() {
        return;
    }
    doc.heading(heading);
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (code, (count, newest)) in codes.into_iter().take(SHOWN) {
        doc.link(
            vec![
                Piece::padded(&format!("  {code}"), 20, role),
                Piece::new(format!("{:>6}", words::count(count)), Role::Text),
                Piece::new(format!("  last {}", newest.id), Role::Muted),
            ],
            Link::Jump(Jump::Requests(format!("code:{code}"))),
        );
    }
}
