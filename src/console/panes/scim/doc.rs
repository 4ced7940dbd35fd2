//! The detail of a token, and what to enter where in an IdP.

use super::table::{scope, state};
use crate::admin::types::TokenScope;
use crate::console::app::App;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// What each IdP asks for, and what to answer. `{base}` stands for the base URL.
const CARDS: [(&str, &[(&str, &str)]); 4] = [
    (
        "Okta",
        &[
            ("SCIM connector base URL", "{base}"),
            ("Unique identifier", "userName"),
            ("Authentication", "HTTP Header"),
            ("Authorization", "nothing but your token"),
            (
                "Then",
                "Test Connector Configuration, and tick Push New Users, Push Profile Updates and Push Groups",
            ),
        ],
    ),
    (
        "Microsoft Entra ID",
        &[
            ("Tenant URL", "{base}?aadOptscim062020"),
            ("Secret Token", "the token"),
            (
                "Then",
                "Test Connection, then set Provisioning Status to On",
            ),
        ],
    ),
    (
        "OneLogin",
        &[
            ("SCIM Base URL", "{base}"),
            ("Custom Headers", "Content-Type: application/scim+json"),
            ("SCIM Bearer Token", "the token"),
            (
                "Then",
                "Enable the API connection, and provisioning on its own tab",
            ),
        ],
    ),
    (
        "Any other",
        &[
            ("Base URL", "{base}"),
            (
                "Authentication",
                "OAuth 2 bearer token in the Authorization header",
            ),
            (
                "Or OAuth 2 client credentials",
                "token URL {oauth}, scope scim; provost client new registers the client",
            ),
            ("Key of a user", "userName; externalId is kept, too"),
        ],
    ),
];

/// What is known of the selected token.
pub fn token(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(token) = app.scim.current() else {
        return doc;
    };
    let zone = &app.zone;
    let (glyph, word, role) = state(token, app.now, app.look.glyphs);
    doc.field("state", &format!("{glyph} {word}"), role);
    let opens = match token.scope {
        TokenScope::Scim => "the SCIM provider, for an IdP",
        TokenScope::Admin => "the admin API, for a console or a script",
    };
    doc.field(
        "scope",
        &format!("{}: {opens}", scope(token.scope)),
        Role::Text,
    );
    let begins = format!(
        "{}{} (only this part is kept)",
        token.prefix, app.look.glyphs.ellipsis
    );
    doc.field("begins with", &begins, Role::Text);
    doc.field(
        "created",
        &words::exact_moment(token.created, zone),
        Role::Text,
    );
    let expires = token.expires.map_or_else(
        || "never".to_owned(),
        |at| {
            format!(
                "{}, {}",
                words::until(at, app.now),
                words::exact_moment(at, zone)
            )
        },
    );
    doc.field("expires", &expires, Role::Text);
    let used = token.last_used.map_or_else(
        || "never".to_owned(),
        |at| {
            format!(
                "{}, {}",
                words::age(at, app.now),
                words::exact_moment(at, zone)
            )
        },
    );
    doc.field("last use", &used, Role::Text);
    if token.rotated.is_some() {
        doc.field(
            "rotated",
            "another secret has taken its place; both work until this one expires",
            Role::Warning,
        );
    }
    if let Some(client) = token.client {
        let text = format!("fetched by the OAuth client {} ({client})", token.name);
        doc.field("issued to", &text, Role::Text);
    }
    if let Some(revoked) = token.revoked {
        doc.field("revoked", &words::exact_moment(revoked, zone), Role::Text);
    }
    if token.scope == TokenScope::Scim {
        connection(&mut doc, app, &token.name);
    }
    doc.field("id", &token.id.to_string(), Role::Muted);
    doc.blank();
    doc.link(
        vec![Piece::new("Requests with this token", Role::Accent)],
        Link::Jump(Jump::Requests(format!("token:{}", quoted(&token.name)))),
    );
    doc
}

fn connection(doc: &mut Doc, app: &App, name: &str) {
    let overview = app.overview.value();
    let connection = overview.and_then(|overview| {
        let mut all = overview.connections.iter();
        all.find(|connection| connection.token == name)
    });
    let Some(connection) = connection else { return };
    let idp = connection.idp.as_deref().unwrap_or("not known");
    doc.field("used by", idp, Role::Text);
    let rate = format!(
        "{} in the last hour, {} failed",
        words::counted(connection.requests, "request"),
        words::count(connection.failures)
    );
    doc.field("traffic", &rate, Role::Text);
}

/// A word of the filter language, quoted where it must be.
pub fn quoted(word: &str) -> String {
    if word
        .chars()
        .all(|c| c.is_alphanumeric() || "-_.@".contains(c))
    {
        word.to_owned()
    } else {
        format!("\"{}\"", word.replace('"', ""))
    }
}

/// How to connect an IdP.
pub fn connect(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let base = app.overview.value().map_or_else(
        || "not known yet".to_owned(),
        |overview| overview.scim_base_url.clone(),
    );
    let oauth = format!("{}/trust/oauth/token", base.trim_end_matches("/scim/v2"));
    doc.field("base URL", &base, Role::Accent);
    doc.paragraph(
        &format!(
            "{} copies it. Each IdP gets a token of its own: {} issues one.",
            app.key("scim.copy_base_url"),
            app.key("token.new")
        ),
        0,
        Role::Muted,
    );
    for (idp, fields) in CARDS {
        doc.heading(idp);
        for (label, value) in fields {
            doc.line(vec![Piece::new(format!("  {label}"), Role::Key)]);
            let value = value.replace("{base}", &base).replace("{oauth}", &oauth);
            doc.paragraph(&value, 4, Role::Text);
        }
    }
    doc
}
