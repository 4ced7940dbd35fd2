//! The detail of a member: who they are, where they belong, and what happened to them.

use super::Members;
use super::table::state;
use crate::admin::types::{Management, MemberDetail, MemberRow};
use crate::console::app::App;
use crate::console::panes::timeline;
use crate::console::place::Jump;
use crate::console::remote::Standing;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// The profile of the open member.
pub fn profile(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let members = &app.members;
    let Some(row) = members.current() else {
        return doc;
    };
    let detail = members
        .detail
        .remote
        .value()
        .filter(|detail| detail.row.id == row.id);
    who(&mut doc, app, row, detail.map(AsRef::as_ref));
    if let Some(detail) = detail {
        access(&mut doc, detail);
        teams(&mut doc, detail);
        attributes(&mut doc, detail);
        if !detail.timeline.is_empty() {
            doc.heading("Last changes");
            let id = row.id.to_string();
            for change in detail.timeline.iter().take(3) {
                timeline::entry(&mut doc, app, change, timeline::Depth::Line, &id);
            }
        }
    }
    doc
}

fn who(doc: &mut Doc, app: &App, row: &MemberRow, detail: Option<&MemberDetail>) {
    let (glyph, word, role) = state(row, app.look.glyphs);
    let zone = &app.zone;
    let mut about = word.to_owned();
    if let Some(deleted) = row.deleted {
        about = format!("{word} since {}", words::exact_moment(deleted, zone));
    }
    doc.field("state", &format!("{glyph} {about}"), role);
    if row.owner {
        let (text, role) = if app.owner_is_guarded() {
            ("owner: no IdP may deactivate or rename them", Role::Info)
        } else {
            (
                "owner, whom an IdP may change: guard.owner is off",
                Role::Warning,
            )
        };
        doc.field("", text, role);
    }
    doc.field("userName", &row.user_name, Role::Text);
    doc.field("e-mail", row.email.as_deref().unwrap_or("none"), Role::Text);
    doc.field(
        "base role",
        &row.base_role().unwrap_or_else(|| "none given".to_owned()),
        Role::Text,
    );
    if !row.custom_roles.is_empty() {
        doc.field("custom roles", &row.custom_roles.join(", "), Role::Text);
    }
    let source = match row.origin {
        crate::admin::types::Origin::Scim => "scim: created by an IdP",
        crate::admin::types::Origin::Jit => "jit: created at sign-in",
        crate::admin::types::Origin::Manual => "manual: added by an admin",
    };
    doc.field("source", source, Role::Text);
    if let Some(detail) = detail {
        let managed = match detail.management {
            Management::Local => "local: kept here alone",
            Management::Linked => "linked: an IdP sends them, who were here before",
            Management::Provisioned => "provisioned: the IdP has the say",
        };
        doc.field("managed", managed, Role::Text);
        if let Some(invitation) = &detail.invitation {
            let until = words::exact_moment(invitation.invited_until, zone);
            let (text, role) = if invitation.expired {
                (
                    format!("the link expired {until}; provost member invite renews it"),
                    Role::Warning,
                )
            } else {
                (format!("the link works until {until}"), Role::Text)
            };
            doc.field("invited", &text, role);
        }
    }
    doc.blank();
    doc.field("id", &row.id.to_string(), Role::Muted);
    if let Some(detail) = detail {
        let external = detail.external_id.as_deref().unwrap_or("none");
        doc.field("externalId", external, Role::Muted);
        doc.field("version", &detail.version.to_string(), Role::Muted);
        doc.field(
            "created",
            &words::exact_moment(detail.created, zone),
            Role::Muted,
        );
    }
    doc.field(
        "changed",
        &words::exact_moment(row.modified, zone),
        Role::Muted,
    );
}

/// What they may do, role by role, with where each comes from.
fn access(doc: &mut Doc, detail: &MemberDetail) {
    let access = &detail.access;
    doc.heading(match (access.sign_in.may_sign_in, access.is_admin) {
        (true, true) => "May do, as an admin",
        (true, false) => "May do",
        (false, true) => "Would be able to do, as an admin, once they can sign in",
        (false, false) => "Would be able to do, once they can sign in",
    });
    if let Some(why) = &access.sign_in.why_not {
        doc.paragraph(&format!("They cannot sign in: {why}."), 2, Role::Warning);
    }
    for held in &access.roles {
        let role = match held.without_effect {
            Some(_) => Role::Muted,
            None => Role::Text,
        };
        let about = match &held.without_effect {
            Some(why) => format!("{}; no effect: {why}", held.from),
            None => held.from.to_string(),
        };
        doc.line(vec![
            Piece::new("  ", Role::Text),
            Piece::new(&held.role, role),
            Piece::new("  ", Role::Text),
            Piece::new(about, Role::Muted),
        ]);
    }
    for attribute in &access.attributes {
        doc.line(vec![
            Piece::new("  ", Role::Text),
            Piece::new(&attribute.key, Role::Key),
            Piece::new("  ", Role::Text),
            Piece::new(attribute.values.join(", "), Role::Text),
        ]);
    }
}

fn teams(doc: &mut Doc, detail: &MemberDetail) {
    let count = u64::try_from(detail.memberships.len()).unwrap_or(u64::MAX);
    doc.heading(&format!("In {}", words::counted(count, "team")));
    if detail.memberships.is_empty() {
        doc.paragraph(
            "None. An IdP's group push or a new team puts them into one.",
            2,
            Role::Muted,
        );
    }
    for team in &detail.memberships {
        doc.link(
            vec![
                Piece::new("  ", Role::Text),
                Piece::new(&team.name, Role::Accent),
            ],
            Link::Jump(Jump::Team(team.id)),
        );
    }
}

/// The SCIM attributes that are not shown above already.
fn attributes(doc: &mut Doc, detail: &MemberDetail) {
    let Some(resource) = detail.resource.as_object() else {
        return;
    };
    let shown = [
        "schemas",
        "id",
        "meta",
        "userName",
        "externalId",
        "active",
        "groups",
    ];
    let mut lines = Vec::new();
    for (name, value) in resource {
        if shown.contains(&name.as_str()) {
            continue;
        }
        flatten(name, value, 0, &mut lines);
    }
    if lines.is_empty() {
        return;
    }
    doc.heading("SCIM attributes");
    for (path, value) in lines.into_iter().take(40) {
        doc.line(vec![
            Piece::new("  ", Role::Text),
            Piece::new(path, Role::Key),
            Piece::new("  ", Role::Text),
            Piece::new(value, Role::Text),
        ]);
    }
}

/// Simple attributes as they are, complex ones by sub-attribute; extensions by the last part of their URN.
fn flatten(name: &str, value: &serde_json::Value, depth: u8, lines: &mut Vec<(String, String)>) {
    let short = name
        .strip_prefix("urn:")
        .and_then(|urn| urn.rsplit(':').nth(2))
        .unwrap_or(name);
    match value {
        serde_json::Value::Object(map) if depth < 2 => {
            for (key, value) in map {
                flatten(&format!("{short}.{key}"), value, depth + 1, lines);
            }
        }
        serde_json::Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let all: Vec<String> = items.iter().map(|item| words::value(Some(item))).collect();
            lines.push((short.to_owned(), all.join(", ")));
        }
        serde_json::Value::Array(items) => {
            for item in items {
                let kind = item.get("type").and_then(|kind| kind.as_str());
                let kind = kind.map_or_else(String::new, |kind| format!("[{kind}]"));
                let text = item.get("value").or(item.get("display"));
                lines.push((format!("{short}{kind}"), words::value(text.or(Some(item)))));
            }
        }
        other => lines.push((short.to_owned(), words::value(Some(other)))),
    }
}

/// All changes of the open member.
pub fn changes(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let members: &Members = &app.members;
    let id = members
        .detail
        .open
        .map_or_else(String::new, |id| id.to_string());
    for change in members.timeline() {
        timeline::entry(&mut doc, app, change, timeline::Depth::Full, &id);
    }
    match members.older.standing() {
        _ if members.detail.remote.value().is_none() => {}
        Standing::Loading | Standing::Refreshing => {
            doc.paragraph("Loading older changes.", 0, Role::Muted);
        }
        Standing::Failed(error) | Standing::Stale(error) => {
            doc.paragraph(
                &format!("Older changes did not come: {}", error.detail),
                0,
                Role::Danger,
            );
        }
        Standing::NotAsked | Standing::Here if members.has_older_changes() => {
            let link = Some(Link::Command("member.older_changes"));
            doc.paragraph_linked("Older changes", 0, Role::Accent, link.as_ref());
        }
        Standing::NotAsked | Standing::Here if doc.lines().is_empty() => {
            doc.paragraph("Nothing happened to them yet.", 0, Role::Muted);
        }
        Standing::NotAsked | Standing::Here => {}
    }
    doc
}
