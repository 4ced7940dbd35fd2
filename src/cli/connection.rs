//! `provost scim connect`, `disconnect` and `status`: which identity provider is connected. A secret is shown once.

use std::collections::BTreeSet;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::confirm::confirm;
use super::duration::{self, Span};
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Sheet, Tone, text};
use super::session::{Session, note};
use super::token::parse_name;
use super::written;
use crate::admin::link::{
    Connected, ConnectionAuth, IDPS, LinkRow, NewConnection, SSO_COMMAND, ScimLink,
};
use crate::admin::{AdminError, AdminErrorKind, AdminRead};

/// Connect an identity provider: make its credential, print it, and say what to enter where.
///
/// The credential is the one that the policy asks for (scim.auth): a bearer token, a key that belongs to a member, or an
/// OAuth client that an admin then allows on the authorization page.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost scim connect --idp okta
  provost scim connect --idp entra --name entra-prod --ttl 365d
  provost scim connect --idp okta --redirect-uri https://system-admin.okta.com/admin/app/cpc/x/oauth/callback
  provost scim connect --idp okta --owner svc-scim@example.com

A token stands alone on standard output; of an OAuth client there are two lines, client_id=… and client_secret=….")]
pub struct ConnectVerb {
    /// Which identity provider.
    #[arg(long, value_parser = IDPS)]
    idp: String,
    /// The name of the connection and of its credential; without it that of the identity provider, or the next free one
    /// (okta-2).
    #[arg(long, value_parser = parse_name)]
    name: Option<String>,
    /// The member to whom the key belongs and with whom it ends: id, userName or e-mail address.
    #[arg(long, value_name = "MEMBER", conflicts_with = "redirect_uri")]
    owner: Option<String>,
    /// Where an admin's answer on the authorization page may be sent, exactly; connects over OAuth 2.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// How long the token lives, such as 365d; without it until it is revoked.
    #[arg(long, value_name = "SPAN", value_parser = duration::parse, conflicts_with = "redirect_uri")]
    ttl: Option<Span>,
}

/// End a connection: its credentials are worthless from the next request on. Members and teams stay.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost scim disconnect
  provost scim disconnect okta --yes
  provost scim disconnect okta --dry-run")]
pub struct DisconnectVerb {
    /// The name of the connection; not needed while there is one alone.
    #[arg(value_name = "CONNECTION")]
    name: Option<String>,
}

/// Show how the provider is reached, and who is connected to it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost scim status
  provost scim status --json")]
pub struct StatusVerb {
    /// The connections as comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// The document of `scim connect`.
#[derive(Serialize)]
struct ConnectedDocument<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    #[serde(flatten)]
    connected: &'a Connected,
    link: &'a ScimLink,
}

pub(super) async fn connect(session: &mut Session, verb: ConnectVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let made = async {
        let name = match verb.name {
            Some(name) => name,
            None => free_name(reach.read(), &verb.idp).await?,
        };
        let owner = match verb.owner {
            Some(owner) => Some(reach.read().find_member(owner).await?.row.id),
            None => None,
        };
        let new = NewConnection {
            idp: verb.idp,
            name,
            redirect_uris: verb.redirect_uri,
            owner,
            ttl_seconds: verb.ttl.map(|span| span.0),
        };
        let connected = reach.write()?.connect(new).await?;
        let link = reach.read().link().await?;
        Ok::<_, CliError>((connected, link))
    }
    .await;
    let (connected, link) = reach.finish(made).await?;
    let dry_run = session.global.dry_run;
    if session.out.form == Form::Json {
        return session.out.document(&ConnectedDocument {
            dry_run,
            connected: &connected,
            link: &link,
        });
    }
    let connection = &connected.connection;
    let how = connection.credential.as_str();
    if dry_run {
        let line = format!(
            "would connect {} as {} with a new {how}; nothing changed",
            connection.title(),
            connection.name
        );
        return session.out.line(&text::printable(&line));
    }
    note(&format!(
        "{} is connected as {} with a new {how}; its secret follows and is never shown again",
        connection.title(),
        connection.name
    ));
    for (label, value) in link.card(&connection.idp, connected.client_id.is_some()) {
        note(&format!("  {label}: {value}"));
    }
    if link.base_url.starts_with('/') {
        note(
            "  nothing listens now, and there is no public URL: what begins with / comes behind the address of the engine",
        );
    }
    match connected.client_id {
        Some(id) => {
            session.out.line(&format!("client_id={id}"))?;
            session
                .out
                .line(&format!("client_secret={}", connected.secret))
        }
        None => session.out.line(&connected.secret),
    }
}

/// The name of the identity provider or, where a token or an OAuth client has it, the first free one after it: `okta-2`.
async fn free_name(read: &dyn AdminRead, idp: &str) -> Result<String, AdminError> {
    let tokens = read.tokens().await?.into_iter();
    let tokens = tokens.filter(|token| token.revoked.is_none());
    let clients = read.clients().await?.into_iter();
    let clients = clients.filter(|client| client.revoked.is_none());
    let connections = read.link().await?.connections.into_iter();
    let taken: BTreeSet<String> = tokens
        .map(|token| token.name)
        .chain(clients.map(|client| client.name))
        .chain(connections.map(|row| row.connection.name))
        .collect();
    if !taken.contains(idp) {
        return Ok(idp.to_owned());
    }
    // Of so many names one at least is free.
    let name = (2..taken.len() + 3)
        .map(|number| format!("{idp}-{number}"))
        .find(|name| !taken.contains(name))
        .unwrap_or_else(|| idp.to_owned());
    note(&format!(
        "the name {idp} is in use, so this connection is called {name}"
    ));
    Ok(name)
}

pub(super) async fn disconnect(
    session: &mut Session,
    verb: DisconnectVerb,
) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, (link, overview)) = reach
        .keep(async |read| Ok((read.link().await?, read.overview().await?)))
        .await?;
    let row = match find(&link, verb.name.as_deref()) {
        Ok(row) => row.clone(),
        Err(error) => return reach.finish(Err(CliError::from(error))).await,
    };
    let kept = format!(
        "{} and {} stay as they are",
        text::count(overview.members, "member", "members"),
        text::count(overview.teams, "team", "teams")
    );
    let question = format!(
        "Disconnect {} ({})? Its {} is refused from the next request on; {kept}.",
        row.title,
        row.connection.name,
        row.connection.credential.as_str(),
    );
    let reach = confirm(session, reach, "scim disconnect", &question).await?;
    let name = row.connection.name;
    let done = async { Ok::<_, CliError>(reach.write()?.disconnect(name.clone()).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, &format!("disconnect {name}"))?;
    if session.out.form != Form::Json {
        note(&kept);
    }
    Ok(())
}

fn find<'a>(link: &'a ScimLink, name: Option<&str>) -> Result<&'a LinkRow, AdminError> {
    let missing = |what: String| AdminError::new(AdminErrorKind::NotFound, what);
    match (name, link.connections.as_slice()) {
        (None, [one]) => Ok(one),
        (None, []) => Err(missing("nothing is connected".into())),
        (None, several) => {
            let names = several.iter().map(|row| row.connection.name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            Err(missing(format!("name the connection: {names}")))
        }
        (Some(name), rows) => rows
            .iter()
            .find(|row| row.connection.name == name)
            .ok_or_else(|| missing(format!("nothing is connected as `{name}`"))),
    }
}

pub(super) async fn status(session: &mut Session, verb: &StatusVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let link = reach.read().link().await;
    let link = reach.finish(link).await?;
    if session.out.form == Form::Table {
        let sheet = sheet(&link);
        session.out.sheet(&link, &sheet)?;
        if link.connections.is_empty() {
            note("nothing is connected; `provost scim connect --idp okta` connects Okta");
            return Ok(());
        }
        session.out.line("")?;
    }
    session.out.list(&link, &link.connections, session.now)
}

fn sheet(link: &ScimLink) -> Sheet {
    let auth = match link.auth {
        ConnectionAuth::Oauth2 => "OAuth 2, allowed by an admin on the authorization page",
        ConnectionAuth::Bearer => "bearer token",
        ConnectionAuth::OwnedKey => "a key that belongs to a member and ends with them",
    };
    let room = match link.max_connections {
        0 => "any number at a time".to_owned(),
        1 => "one at a time".to_owned(),
        most => format!("{most} at a time"),
    };
    // Which port a 0 becomes is only known while something listens.
    let url = |url: &str| {
        if url.starts_with('/') {
            Cell::text("none while nothing listens").tone(Tone::Dim)
        } else {
            Cell::text(url)
        }
    };
    let mut sheet = Sheet::new();
    sheet
        .title("SCIM")
        .fact("base URL", url(&link.base_url))
        .fact("authentication", Cell::text(auth))
        .fact("authorize URL", url(&link.authorize_url))
        .fact("token URL", url(&link.token_url))
        .fact("connections", Cell::text(room));
    if link.wants_sso {
        let cell = if link.lacks_sso {
            let text = format!(
                "asked for first (scim.requires_sso), and none is configured: {SSO_COMMAND}"
            );
            Cell::text(text).tone(Tone::Warn)
        } else {
            Cell::text("configured, as scim.requires_sso asks")
        };
        sheet.fact("single sign-on", cell);
    }
    if !link.loose.is_empty() {
        sheet.fact("of no connection", Cell::text(link.loose.join(", ")));
    }
    for row in link.connections.iter().filter(|row| row.owner_is_managed) {
        let text = format!(
            "the key of {} ends with {}, whom an identity provider manages",
            row.connection.name,
            row.owner.as_deref().unwrap_or_default()
        );
        sheet.fact("warning", Cell::text(text).tone(Tone::Warn));
    }
    sheet
}

impl Row for LinkRow {
    const COLUMNS: &'static [Column] = &[
        Column::left("state", "STATE", 17),
        Column::left("name", "CONNECTION", 16),
        Column::left("idp", "IDP", 10),
        Column::left("credential", "BY", 14),
        Column::left("since", "SINCE", 10),
        Column::left("last_push", "LAST PUSH", 10),
        Column::left("by", "CONNECTED BY", 14),
        Column::script("owner"),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let tone = if self.is_live { Tone::Good } else { Tone::Warn };
        vec![
            Cell::text(self.state()).tone(tone),
            Cell::text(&self.connection.name),
            Cell::text(&self.connection.idp),
            Cell::text(self.connection.credential.as_str()),
            Cell::moment(self.connection.since, now),
            Cell::maybe_moment(self.last_push(), now, "never"),
            Cell::text(&self.connection.by),
            Cell::maybe(self.owner.as_deref()),
        ]
    }
}
