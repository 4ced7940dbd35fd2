//! The detail of a policy key, and what another policy would have answered.

use super::table::{source, value};
use crate::admin::policy::{Answered, PolicySource, Reanswered, Simulation, in_groups};
use crate::console::app::App;
use crate::console::place::Jump;
use crate::console::remote::Standing;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// So many requests are told one by one.
const TOLD: usize = 200;

/// What the selected key means, what it is, and who said so.
pub fn key(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let (Some(row), Some(policy)) = (app.policies.current(), app.policies.policy.value()) else {
        return doc;
    };
    doc.paragraph(&row.meaning, 0, Role::Text);
    doc.blank();
    let (glyph, word, role) = source(row.source, app.look.glyphs);
    doc.field("value", value(&row.value), role);
    let preset = format!("{} (preset {})", value(&row.preset_value), policy.preset);
    doc.field("preset", &preset, Role::Text);
    let whence = match row.source {
        PolicySource::Preset => "the preset has it",
        PolicySource::Set => "an admin has set it",
        PolicySource::File => "the configuration file of the engine says it; change it there",
    };
    doc.field("source", format!("{glyph} {word}: {whence}").trim(), role);
    if let Some(changed) = &row.changed {
        let moment = words::moment(changed.at, app.now, &app.zone);
        let text = format!("{moment} by {}", changed.actor);
        match changed.request {
            Some(request) => doc.field_linked(
                "changed",
                &format!("{text} {request}"),
                Role::Text,
                Some(&Link::Jump(Jump::Request(request))),
            ),
            None => doc.field("changed", &text, Role::Text),
        };
    }
    if row.values.is_empty() {
        doc.field(
            "values",
            "free text; the engine says what fits",
            Role::Muted,
        );
    } else {
        doc.heading("Values");
        let parts: Vec<&str> = row.value.split(',').collect();
        for word in &row.values {
            let here = parts.contains(&word.as_str());
            let mark = if here { app.look.glyphs.ok } else { " " };
            let role = if here { Role::Accent } else { Role::Text };
            doc.line(vec![Piece::new(format!("  {mark} {word}"), role)]);
        }
    }
    let scenarios: Vec<String> = row.scenarios.iter().map(|n| format!("S{n:02}")).collect();
    doc.heading("Where it makes a difference");
    doc.paragraph(
        &format!("scenarios {}", scenarios.join(", ")),
        2,
        Role::Muted,
    );
    told_of_key(&mut doc, app, &row.key);
    doc
}

/// How often the key decides in the shadow, where there is one.
fn told_of_key(doc: &mut Doc, app: &App, key: &str) {
    let Some(shadow) = app.policies.shadow.value() else {
        let text = format!(
            "{} decides recorded requests again under another policy.",
            app.key("policy.simulate")
        );
        doc.paragraph(&text, 2, Role::Muted);
        return;
    };
    let decides = |it: &&Reanswered| it.then.policy_key.as_deref() == Some(key);
    let count = shadow.changed.iter().filter(decides).count();
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let text = format!(
        "under {} it would decide {} otherwise",
        app.policies.shadow_of,
        words::counted(count, "request")
    );
    doc.paragraph(&text, 2, Role::Muted);
}

/// What another policy would have answered.
pub fn shadow(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    match app.policies.shadow.standing() {
        Standing::NotAsked => {
            let text = format!(
                "{} tries another policy on the requests of the last day. Nothing changes by that.",
                app.key("policy.simulate")
            );
            doc.paragraph(&text, 0, Role::Muted);
        }
        Standing::Loading | Standing::Refreshing => {
            let text = format!("Deciding again under {}.", app.policies.shadow_of);
            doc.paragraph(&text, 0, Role::Info);
        }
        Standing::Failed(error) | Standing::Stale(error) => {
            doc.paragraph(&error.detail, 0, Role::Danger);
        }
        Standing::Here => {
            if let Some(simulation) = app.policies.shadow.value() {
                told(&mut doc, app, simulation);
            }
        }
    }
    doc
}

fn told(doc: &mut Doc, app: &App, simulation: &Simulation) {
    let changed = u64::try_from(simulation.changed.len()).unwrap_or(u64::MAX);
    doc.field("under", &app.policies.shadow_of, Role::Text);
    doc.field(
        "decided",
        &words::counted(simulation.decided, "request"),
        Role::Text,
    );
    let role = if changed == 0 {
        Role::Success
    } else {
        Role::Warning
    };
    doc.field("otherwise", &words::counted(changed, "request"), role);
    if simulation.drifted > 0 {
        let text = format!(
            "{} otherwise than recorded already under the policy in force",
            words::count(simulation.drifted)
        );
        doc.field("drifted", &text, Role::Muted);
    }
    if !simulation.differences.is_empty() {
        doc.heading("Keys that differ");
        for (group, differences) in in_groups(&simulation.differences) {
            doc.paragraph(group.title(), 2, Role::Muted);
            for difference in differences {
                let text = format!(
                    "{}: {} {} {}",
                    difference.key,
                    value(&difference.now),
                    app.look.glyphs.arrow,
                    value(&difference.then)
                );
                doc.paragraph(&text, 4, Role::Text);
            }
        }
    }
    if !simulation.changed.is_empty() {
        doc.heading("Requests answered otherwise");
        for it in simulation.changed.iter().take(TOLD) {
            request(doc, app, it);
        }
        let more = simulation.changed.len().saturating_sub(TOLD);
        if more > 0 {
            let more = u64::try_from(more).unwrap_or(u64::MAX);
            doc.paragraph(&format!("and {} more", words::count(more)), 2, Role::Muted);
        }
    }
    doc.heading("What it rests on");
    for limit in &simulation.limits {
        doc.paragraph(limit, 2, Role::Muted);
    }
}

fn request(doc: &mut Doc, app: &App, it: &Reanswered) {
    let subject = it.subject.as_deref().unwrap_or(&it.path);
    let pieces = vec![
        Piece::new(format!("  {} ", it.request), Role::Accent),
        Piece::new(format!("{} {subject}", it.method), Role::Text),
    ];
    doc.link(pieces, Link::Jump(Jump::Request(it.request)));
    let text = format!(
        "{} {} {}",
        answered(&it.now),
        app.look.glyphs.arrow,
        answered(&it.then)
    );
    doc.paragraph(&text, 6, Role::Warning);
    if let Some(key) = &it.then.policy_key {
        doc.paragraph(&format!("by policy {key}"), 6, Role::Muted);
    }
}

fn answered(answered: &Answered) -> String {
    let word = match &answered.code {
        Some(code) => code.clone(),
        None => answered.outcome.as_str().replace('_', "-"),
    };
    format!("{} {word}", answered.status)
}
