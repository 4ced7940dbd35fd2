//! The detail of a token, and what to enter where in an IdP.

use super::table::{scope, state};
use crate::admin::link::{ConnectionAuth, LinkRow};
use crate::admin::types::{Provisioning, TokenScope};
use crate::console::app::App;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;

/// The IdPs that there are instructions for, and what comes last in each.
const CARDS: [(&str, &str, &str); 4] = [
    (
        "okta",
        "Okta",
        "Test Connector Configuration, and tick Push New Users, Push Profile Updates and Push Groups",
    ),
    (
        "entra",
        "Microsoft Entra ID",
        "Test Connection, then set Provisioning Status to On",
    ),
    (
        "onelogin",
        "OneLogin",
        "Enable the API connection, and provisioning on its own tab",
    ),
    ("other", "Any other", ""),
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
    if let Some(owner) = token.owner {
        let text = format!("the member {owner}; it ends when they lose their access");
        doc.field("belongs to", &text, Role::Text);
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

/// Who is connected, and how an IdP is.
pub fn connect(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(link) = app.known_link() else {
        let text = match app.scim.link.error() {
            Some(error) => format!(
                "not known: {}; {} asks again",
                error.detail,
                app.key("app.refresh")
            ),
            None => "asking the engine".to_owned(),
        };
        doc.field("base URL", &text, Role::Muted);
        return doc;
    };
    doc.field("base URL", &link.base_url, Role::Accent);
    let auth = match link.auth {
        ConnectionAuth::Oauth2 => "OAuth 2: an admin allows the IdP on the authorization page",
        ConnectionAuth::Bearer => "bearer token",
        ConnectionAuth::OwnedKey => "a key that belongs to a member and ends with them",
    };
    doc.field("credential", auth, Role::Text);
    for row in &link.connections {
        connected(&mut doc, app, row);
    }
    if link.connections.is_empty() {
        doc.field("connected", "nobody yet", Role::Muted);
    }
    let room = match link.max_connections {
        0 => "any number of IdPs at a time".to_owned(),
        1 => "one IdP at a time; disconnect it before another is connected".to_owned(),
        most => format!("{most} IdPs at a time"),
    };
    doc.field("room for", &room, Role::Text);
    switches(&mut doc, app);
    if !link.loose.is_empty() {
        let names = link.loose.join(", ");
        doc.field("unconnected", &names, Role::Muted);
    }
    if link.wants_sso {
        let leads = Some(Link::Command("pane.sso"));
        let (text, role) = if link.lacks_sso {
            let key = app.key("pane.sso");
            let text = format!(
                "none is configured, and scim.requires_sso asks for it first: pane SSO ({key})"
            );
            (text, Role::Warning)
        } else {
            (
                "configured, as scim.requires_sso asks".to_owned(),
                Role::Text,
            )
        };
        doc.field_linked("SSO", &text, role, leads.as_ref());
    }
    let mut keys = format!(
        "{} copies the base URL, {} connects an IdP",
        app.key("scim.copy_base_url"),
        app.key("scim.connect")
    );
    if !link.connections.is_empty() {
        keys = format!("{keys}, {} ends a connection", app.key("scim.disconnect"));
    }
    doc.paragraph(&format!("{keys}."), 0, Role::Muted);
    let over_oauth = link.auth == ConnectionAuth::Oauth2;
    for (idp, title, then) in CARDS {
        doc.heading(title);
        for (label, value) in link.card(idp, over_oauth) {
            doc.line(vec![Piece::new(format!("  {label}"), Role::Key)]);
            doc.paragraph(&value, 4, Role::Text);
        }
        if !then.is_empty() {
            doc.line(vec![Piece::new("  Then", Role::Key)]);
            doc.paragraph(then, 4, Role::Text);
        }
    }
    if !over_oauth {
        doc.heading("Any of them, over OAuth 2 client credentials");
        let text = format!(
            "token URL {}, scope scim; provost client new registers the client",
            link.token_url
        );
        doc.paragraph(&text, 4, Role::Text);
    }
    doc
}

/// How provisioning and team sync stand, and which key switches them.
fn switches(doc: &mut Doc, app: &App) {
    let Some(overview) = app.overview.value() else {
        return;
    };
    let key = app.key("scim.pause");
    let (text, role) = match overview.provisioning {
        Provisioning::On => (format!("on; {key} pauses it"), Role::Text),
        Provisioning::Paused => (
            format!("paused: IdPs are answered 503; {key} lets it go on"),
            Role::Warning,
        ),
        Provisioning::Off => (
            format!("off: IdPs are answered 403; {key} turns it on"),
            Role::Warning,
        ),
    };
    doc.field("provisioning", &text, role);
    let key = app.key("scim.team_sync");
    let text = match (overview.team_sync, overview.team_sync_switch) {
        (true, true) => format!("on: groups become teams; {key} turns it off"),
        (false, true) => format!("off: groups are refused; {key} turns it on"),
        (true, false) => "on; this policy has no switch".to_owned(),
        (false, false) => "off; this policy has no switch".to_owned(),
    };
    doc.field("team sync", &text, Role::Text);
}

fn connected(doc: &mut Doc, app: &App, row: &LinkRow) {
    let role = if row.is_live {
        Role::Success
    } else {
        Role::Warning
    };
    let text = format!(
        "{} as {}: {}, by {}",
        row.title,
        row.connection.name,
        row.state(),
        row.connection.credential.as_str()
    );
    doc.field("connected", &text, role);
    let since = words::exact_moment(row.connection.since, &app.zone);
    let since = format!("{since}, by {}", row.connection.by);
    doc.field("since", &since, Role::Text);
    let push = row
        .last_push()
        .map_or_else(|| "never".to_owned(), |at| words::age(at, app.now));
    doc.field("last push", &push, Role::Text);
    if let Some(owner) = &row.owner {
        let (text, role) = if row.owner_is_managed {
            let text = format!("{owner}, whom an IdP manages: taking their access ends the key");
            (text, Role::Warning)
        } else {
            (format!("{owner}; the key ends with them"), Role::Text)
        };
        doc.field("key of", &text, role);
    }
}
