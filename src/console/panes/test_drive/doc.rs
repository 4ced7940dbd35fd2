//! The view of a test-drive: how to begin, what to do while it is out, and what came back.

use super::{Shown, decoded};
use crate::admin::sso::{SignInRow, SsoState, TestDriveLink, Would};
use crate::console::app::App;
use crate::console::panes::sso::{checks, doc::not_here, table};
use crate::console::theme::Role;
use crate::console::widgets::doc::{Act, Doc, Link, Piece};
use crate::console::words;

/// The whole view.
pub fn test_drive(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let drive = &app.sso.drive;
    if drive.which == Shown::Pasted
        && let Some(row) = drive.shown()
    {
        doc.paragraph(
            "The Response that was pasted. Nothing was used up.",
            0,
            Role::Muted,
        );
        doc.blank();
        outcome(&mut doc, app, row);
        return doc;
    }
    if drive.starting {
        doc.paragraph("Asking the engine for a link.", 0, Role::Muted);
        return doc;
    }
    if let Some(error) = &drive.refused {
        let text = format!("{} No test-drive: {}", app.look.glyphs.failed, error.detail);
        doc.paragraph(&text, 0, Role::Danger);
        doc.blank();
    }
    match (&drive.link, drive.shown()) {
        (_, Some(row)) => outcome(&mut doc, app, row),
        (Some(link), None) => waiting(&mut doc, app, link),
        (None, None) => begin(&mut doc, app),
    }
    doc
}

fn begin(doc: &mut Doc, app: &App) {
    let Some(status) = app.sso.status.value() else {
        not_here(app, doc);
        return;
    };
    doc.paragraph(
        "A test-drive signs you in at the identity provider and comes back here with every check. No member, no team and no session changes.",
        0,
        Role::Text,
    );
    doc.blank();
    if status.sso.is_none() {
        let text = format!(
            "There is no identity provider to try yet: {} takes its metadata.",
            app.key("sso.configure")
        );
        let mark = Piece::new(app.look.glyphs.warning, Role::Warning);
        doc.marked(
            &mark,
            &text,
            Role::Text,
            Some(&Link::Command("sso.configure")),
        );
        return;
    }
    for (id, text) in [
        ("sso.test", "starts one: a link for your browser"),
        (
            "sso.paste",
            "takes a Response that a browser has posted, and looks at it alone",
        ),
    ] {
        let mark = Piece::padded(&format!("  {}", app.key(id)), 5, Role::Key);
        doc.marked(&mark, text, Role::Text, Some(&Link::Command(id)));
    }
    let at = match status.last_green {
        Some(at) => format!("One went well {}.", words::age(at, app.now)),
        None => "None has gone well under this configuration.".to_owned(),
    };
    doc.blank();
    doc.paragraph(&at, 0, Role::Muted);
}

fn waiting(doc: &mut Doc, app: &App, link: &TestDriveLink) {
    let glyphs = app.look.glyphs;
    if link.expires <= app.now {
        let text = format!(
            "{} The link has ended and nothing came back. {} starts another one.",
            glyphs.warning,
            app.key("sso.test")
        );
        doc.paragraph_linked(&text, 0, Role::Warning, Some(&Link::Command("sso.test")));
    } else {
        let mark = Piece::new(format!("{} waiting", glyphs.live), Role::Accent);
        let text = format!(
            "for your browser to come back; the link ends {}",
            words::until(link.expires, app.now)
        );
        doc.marked(&mark, &text, Role::Text, None);
        doc.blank();
        let copy = Link::Act(Act::Copy {
            what: "the link".to_owned(),
            text: link.url.clone(),
        });
        doc.paragraph_linked(&link.url, 0, Role::Accent, Some(&copy));
        doc.blank();
        for (number, text) in [
            format!(
                "Open the link: {} in the browser of this machine, {} copies it, {} shows it as a QR code for a phone.",
                app.key("sso.browse"),
                app.key("sso.copy"),
                app.key("sso.qr")
            ),
            "Sign in at the identity provider, as somebody who is assigned to the application."
                .to_owned(),
            "Come back here: the checks appear by themselves, also if you look elsewhere meanwhile."
                .to_owned(),
        ]
        .into_iter()
        .enumerate()
        {
            let mark = Piece::new(format!("  {}.", number + 1), Role::Key);
            doc.marked(&mark, &text, Role::Text, None);
        }
    }
    doc.heading("If nothing comes back");
    doc.paragraph(
        "If the identity provider shows an error of its own, what it was given is wrong: compare entity id and ACS URL on Connection.",
        2,
        Role::Muted,
    );
    let text = format!(
        "If the browser cannot reach this engine, copy the Response that it posts from its developer tools: {} examines it.",
        app.key("sso.paste")
    );
    doc.paragraph(&text, 2, Role::Muted);
    if let Some(error) = app.sso.drive.outcome.error() {
        let text = format!(
            "{} The outcome cannot be asked for now: {}",
            glyphs.warning, error.detail
        );
        doc.blank();
        doc.paragraph(&text, 0, Role::Warning);
    }
}

fn outcome(doc: &mut Doc, app: &App, row: &SignInRow) {
    verdict(doc, app, row);
    if let Some(would) = &row.would {
        self::would(doc, app, would);
    }
    checks::list(doc, app, row);
    checks::explanation(doc, app, row);
    decoded::decoded(doc, app, row);
    doc.heading("About it");
    checks::about(doc, app, row);
}

/// How it ended, and what to do next.
fn verdict(doc: &mut Doc, app: &App, row: &SignInRow) {
    let (glyph, word, role) = table::outcome(row, app.look.glyphs);
    let mut head = vec![Piece::new(format!("{glyph} {word}"), role)];
    if let Some(code) = &row.code {
        head.push(Piece::new(format!("  {code}"), Role::Title));
    }
    doc.line(head);
    doc.paragraph(&row.detail, 0, Role::Text);
    doc.heading("What next");
    let mut step = |id: &'static str, text: &str| {
        let mark = Piece::padded(&format!("  {}", app.key(id)), 5, Role::Key);
        doc.marked(&mark, text, Role::Text, Some(&Link::Command(id)));
    };
    let state = app.sso.status.value().map(|status| status.state);
    if row.ok && state != Some(SsoState::Enabled) {
        step(
            "sso.switch",
            "enables single sign-on, once you have seen what that changes",
        );
    }
    if !row.ok {
        if app.may_accept_certificate().is_ok() {
            step(
                "sso.accept",
                "accepts the certificate that this Response is signed with, after you have compared its fingerprint",
            );
        }
        if app
            .sso
            .configured()
            .is_some_and(|(_, sso)| sso.identity_provider.metadata_url.is_some())
        {
            step("sso.refresh", "fetches the metadata again");
        }
        step("sso.configure", "takes other metadata");
    }
    step("sso.test", "tries it again");
}

fn would(doc: &mut Doc, app: &App, would: &Would) {
    let new = if would.is_new {
        "as a new member"
    } else {
        "who is a member"
    };
    doc.heading("It would sign in");
    doc.field("  who", &format!("{}, {new}", would.user_name), Role::Text);
    let role = would.role.as_deref().unwrap_or("none given");
    doc.field("  base role", role, Role::Text);
    let list = |words: &[String]| match words {
        [] => "none".to_owned(),
        words => words.join(", "),
    };
    doc.field("  custom", &list(&would.custom_roles), Role::Text);
    doc.field("  teams", &list(&would.teams), Role::Text);
    if !would.overridden_teams.is_empty() {
        let text = format!(
            "{} came, too; SCIM overrides them",
            would.overridden_teams.join(", ")
        );
        doc.field("", &text, Role::Warning);
    }
    for note in &would.notes {
        let mark = Piece::new(format!("  {}", app.look.glyphs.noted), Role::Info);
        doc.marked(&mark, note, Role::Text, None);
    }
}
