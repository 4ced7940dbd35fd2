//! Both ends of the connection: what is entered at the identity provider, what it told of itself, and how its claims are
//! read.

use std::collections::BTreeMap;

use super::doc::{not_here, ours};
use crate::admin::sso::{
    CertificateState, IdpSettings, NameIdFormat, Outside, SsoBinding, SsoRefresh,
};
use crate::console::app::App;
use crate::console::sso_deed::CLAIMS;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Act, Doc, Link, Piece};
use crate::console::words;

/// From when on a certificate's end is a warning, in days.
const SOON: i64 = 30;

/// Both ends.
pub fn connection(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(status) = app.sso.status.value() else {
        not_here(app, &mut doc);
        return doc;
    };
    doc.heading(&format!(
        "Ours, to enter at the identity provider ({} copies a line)",
        app.key("sso.copy")
    ));
    ours(&mut doc, status);
    doc.heading("The identity provider");
    let Some(sso) = &status.sso else {
        let text = format!(
            "None yet. {} takes its metadata, {} takes it by hand.",
            app.key("sso.configure"),
            app.key("sso.by_hand")
        );
        doc.paragraph(&text, 2, Role::Muted);
        return doc;
    };
    let idp = &sso.identity_provider;
    copied(&mut doc, "entity id", &idp.entity_id);
    copied(&mut doc, "sign-in URL", &idp.sign_in_url);
    let signed = if idp.wants_signed_requests {
        "requests must be signed"
    } else {
        "requests need not be signed"
    };
    doc.field(
        "  binding",
        &format!("{}; {signed}", binding(idp.binding)),
        Role::Text,
    );
    doc.field("  NameID", name_id(idp.name_id_format), Role::Text);
    let begun = if sso.allow_unsolicited {
        "may begin at the identity provider, too"
    } else {
        "begins here; what begins at the identity provider is refused"
    };
    doc.field("  a sign-in", begun, Role::Text);
    metadata(&mut doc, app, idp);
    if let Some(refresh) = &status.refresh {
        schedule(&mut doc, app, refresh);
    }
    certificates(&mut doc, app, &status.certificates);
    doc
}

fn copied(doc: &mut Doc, label: &str, value: &str) {
    let link = Link::Act(Act::Copy {
        what: format!("the {label} of the identity provider"),
        text: value.to_owned(),
    });
    doc.field_linked(&format!("  {label}"), value, Role::Accent, Some(&link));
}

/// The word of a binding.
pub fn binding(binding: SsoBinding) -> &'static str {
    match binding {
        SsoBinding::Redirect => "HTTP-Redirect",
        SsoBinding::Post => "HTTP-POST",
    }
}

/// The word of a format.
pub fn name_id(format: NameIdFormat) -> &'static str {
    match format {
        NameIdFormat::EmailAddress => "emailAddress is asked for",
        NameIdFormat::Unspecified => "unspecified is asked for; an e-mail address must come",
        NameIdFormat::Unsaid => "none is asked for; an e-mail address must come",
    }
}

fn metadata(doc: &mut Doc, app: &App, idp: &IdpSettings) {
    let text = match (&idp.metadata_url, idp.metadata_at) {
        (Some(url), Some(at)) => format!(
            "read {}; {} fetches it again from {url}",
            words::age(at, app.now),
            app.key("sso.refresh")
        ),
        (None, Some(at)) => format!("pasted {}", words::age(at, app.now)),
        (Some(url), None) => format!("{} fetches it from {url}", app.key("sso.refresh")),
        (None, None) => "none; set by hand".to_owned(),
    };
    doc.field("  metadata", &text, Role::Text);
    if let Some(until) = idp.valid_until {
        let over = until <= app.now;
        let role = if over { Role::Warning } else { Role::Text };
        let text = format!(
            "{}, {}",
            words::until(until, app.now),
            words::exact_moment(until, &app.zone)
        );
        doc.field("  it ends", &text, role);
    }
}

/// How the scheduled look at the metadata stands.
fn schedule(doc: &mut Doc, app: &App, refresh: &SsoRefresh) {
    let next = match refresh.next {
        Some(at) if at > app.now => format!("next {}", words::until(at, app.now)),
        Some(_) => "next at any moment".to_owned(),
        None => "next as the schedule has it".to_owned(),
    };
    let looked = words::age(refresh.looked, app.now);
    let (text, role) = match &refresh.failing {
        None => (format!("metadata refreshed {looked}; {next}"), Role::Text),
        Some(failing) => (
            format!(
                "{} last refresh failed {looked}, {} in a row: {}; {next}",
                app.look.glyphs.failed,
                words::counted(u64::from(failing.times), "time"),
                failing.why
            ),
            Role::Danger,
        ),
    };
    doc.field("  refresh", &text, role);
}

/// How long a certificate holds: glyph, words and role.
fn life(app: &App, certificate: &CertificateState) -> (&'static str, String, Role) {
    let glyphs = app.look.glyphs;
    match certificate.days_left {
        None => (glyphs.failed, "cannot be read".to_owned(), Role::Danger),
        Some(days) if days < 0 => (
            glyphs.warning,
            format!(
                "ended {} ago; what it signs is still believed",
                words::counted(days.unsigned_abs(), "day")
            ),
            Role::Warning,
        ),
        Some(days) => {
            let left = format!("{} left", words::counted(days.unsigned_abs(), "day"));
            if days <= SOON {
                (glyphs.warning, left, Role::Warning)
            } else {
                (glyphs.ok, left, Role::Success)
            }
        }
    }
}

fn certificates(doc: &mut Doc, app: &App, all: &[CertificateState]) {
    let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
    doc.heading(&format!(
        "{} ({} accepts another)",
        words::counted(count, "signing certificate"),
        app.key("sso.add_certificate")
    ));
    for certificate in all {
        let (glyph, left, role) = life(app, certificate);
        let subject = if certificate.subject.is_empty() {
            "no subject"
        } else {
            &certificate.subject
        };
        doc.line(vec![
            Piece::new(format!("  {glyph} {left}"), role),
            Piece::new(format!("  {subject}"), Role::Text),
        ]);
        let link = Link::Act(Act::Copy {
            what: "the fingerprint".to_owned(),
            text: certificate.fingerprint.clone(),
        });
        doc.paragraph_linked(
            &format!("SHA-256 {}", certificate.fingerprint),
            4,
            Role::Muted,
            Some(&link),
        );
        match &certificate.outside {
            None => {}
            Some(Outside::Added) => {
                doc.paragraph("accepted by an admin beside the metadata", 4, Role::Muted);
            }
            Some(Outside::Left { since }) => {
                let left = words::age(*since, app.now);
                let text = format!("left the metadata {left}; believed for some days more");
                doc.paragraph(&text, 4, Role::Warning);
            }
        }
        if let (Some(from), Some(to)) = (certificate.not_before, certificate.not_after) {
            let text = format!(
                "from {} to {}",
                words::exact_moment(from, &app.zone),
                words::exact_moment(to, &app.zone)
            );
            doc.paragraph(&text, 4, Role::Muted);
        }
    }
}

/// By which attributes each claim may come.
pub fn claims(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(status) = app.sso.status.value() else {
        not_here(app, &mut doc);
        return doc;
    };
    let Some(sso) = &status.sso else {
        let text = format!(
            "Claims are mapped once there is an identity provider: {} takes one.",
            app.key("sso.configure")
        );
        doc.paragraph(&text, 0, Role::Muted);
        return doc;
    };
    let text = format!(
        "What of an assertion counts, and by which attribute names it may come; the first that is there counts. {} on a claim changes its names.",
        app.key("detail.open")
    );
    doc.paragraph(&text, 0, Role::Muted);
    let table: BTreeMap<String, Vec<String>> = sso.claims.clone().into();
    for (claim, meaning) in CLAIMS {
        doc.blank();
        let link = Link::Act(Act::MapClaim(claim));
        doc.link(
            vec![
                Piece::padded(claim, 16, Role::Key),
                Piece::new(meaning, Role::Muted),
            ],
            link.clone(),
        );
        let names = table.get(claim).map(Vec::as_slice).unwrap_or_default();
        if names.is_empty() {
            doc.paragraph_linked("not read at all", 2, Role::Warning, Some(&link));
        }
        for name in names {
            doc.paragraph_linked(name, 2, Role::Text, Some(&link));
        }
    }
    doc
}
