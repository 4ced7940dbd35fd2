//! `provost client …`: OAuth clients, which fetch short-lived access tokens for themselves. A secret is shown once.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::confirm::confirm;
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Tone, text, time};
use super::session::{Session, note};
use super::token::parse_name;
use super::written;
use crate::admin::types::{ClientAuthentication, ClientRow, NewClient};

/// The largest file with public keys that is read.
const LARGEST: u64 = 64 * 1_024;

/// OAuth clients: identity providers that fetch short-lived access tokens (client credentials).
#[derive(Debug, Subcommand)]
pub enum ClientVerb {
    /// Register a client and print its `client_id` and, where it gets one, its secret. It is shown this once.
    New(NewVerb),
    /// List clients, without their credentials.
    List(ListVerb),
    /// Make a client and all its access tokens worthless from the next request on.
    Revoke(RevokeVerb),
}

/// Register a client and print its `client_id` and, where it gets one, its secret. It is shown this once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost client new --name entra
  provost client new --name okta --public-key okta.jwks.json

It prints client_id=… and client_secret=…, one a line. The token endpoint is /trust/oauth/token, the scope scim.")]
pub struct NewVerb {
    /// Its name, 1 to 64 characters.
    #[arg(long, value_parser = parse_name)]
    name: String,
    /// A file with its public key in PEM or its JWK set: it then signs assertions (private_key_jwt) and gets no secret.
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
}

/// List clients, without their credentials.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost client list
  provost client list --all --json")]
pub struct ListVerb {
    /// Revoked ones too.
    #[arg(long)]
    all: bool,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Make a client and all its access tokens worthless from the next request on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost client revoke entra
  provost client revoke entra --yes")]
pub struct RevokeVerb {
    /// Its name or its client_id.
    #[arg(value_name = "CLIENT")]
    which: String,
}

/// The document of `client new --dry-run`.
#[derive(Serialize)]
struct Preview<'a> {
    dry_run: bool,
    client: &'a ClientRow,
}

/// The document of `client list`.
#[derive(Serialize)]
struct ClientList {
    items: Vec<ClientRow>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: ClientVerb) -> Result<(), CliError> {
    match verb {
        ClientVerb::New(verb) => new(session, verb).await,
        ClientVerb::List(verb) => list(session, &verb).await,
        ClientVerb::Revoke(verb) => revoke(session, &verb.which).await,
    }
}

async fn new(session: &mut Session, verb: NewVerb) -> Result<(), CliError> {
    let keys = verb.public_key.as_deref().map(read_keys).transpose()?;
    let reach = session.reach_to_write().await?;
    let registered = reach
        .write()?
        .create_client(NewClient {
            name: verb.name,
            keys,
        })
        .await;
    let registered = reach.finish(registered).await?;
    if session.global.dry_run {
        return preview(session, &registered.client);
    }
    if session.out.form == Form::Json {
        return session.out.document(&registered);
    }
    let client = &registered.client;
    match &registered.secret {
        Some(secret) => {
            note(&format!(
                "client {} is valid until it is revoked; its secret follows and is never shown again",
                client.name
            ));
            session.out.line(&format!("client_id={}", client.id))?;
            session.out.line(&format!("client_secret={secret}"))
        }
        None => {
            note(&format!(
                "client {} is valid until it is revoked; it proves itself with its private key",
                client.name
            ));
            session.out.line(&format!("client_id={}", client.id))
        }
    }
}

/// What `client new --dry-run` says: the engine would register it.
fn preview(session: &mut Session, client: &ClientRow) -> Result<(), CliError> {
    if session.out.form == Form::Json {
        let document = Preview {
            dry_run: true,
            client,
        };
        return session.out.document(&document);
    }
    let name = &client.name;
    let line = format!("would register the OAuth client {name}; nothing changed");
    session.out.line(&text::printable(&line))
}

fn read_keys(path: &Path) -> Result<String, CliError> {
    let failed = |source| CliError::File {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut text = String::new();
    // What is cut here is refused as too long or damaged.
    file.take(LARGEST)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

async fn list(session: &mut Session, verb: &ListVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let clients = reach.read().clients().await;
    let mut items = reach.finish(clients).await?;
    if !verb.all {
        items.retain(|client| client.revoked.is_none());
    }
    let document = ClientList { items };
    session.out.list(&document, &document.items, session.now)?;
    if document.items.is_empty() && session.out.form == Form::Table {
        note("no OAuth clients; `provost client new --name entra` makes one");
    }
    Ok(())
}

async fn revoke(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, clients) = reach.keep(async |read| read.clients().await).await?;
    let client = match find(clients, name) {
        Ok(client) => client,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let used = client.last_used.map_or_else(
        || "never used".to_owned(),
        |used| format!("last used {}", time::relative(used, session.now)),
    );
    let question = format!(
        "Revoke the OAuth client {} ({used}) and its access tokens? Whoever uses it is refused from the next \
         request on. It cannot be undone.",
        client.name
    );
    let reach = confirm(session, reach, "client revoke", &question).await?;
    let revoked = async { Ok::<_, CliError>(reach.write()?.revoke_client(client.id).await?) }.await;
    let done = reach.finish(revoked).await?;
    written::report(session, &done, &format!("revoke {}", client.name))
}

/// The client meant: an id is exact; a name means a live client before a revoked one, and then the newest.
fn find(clients: Vec<ClientRow>, name: &str) -> Result<ClientRow, CliError> {
    let mut found: Vec<ClientRow> = clients
        .into_iter()
        .filter(|client| client.id.to_string() == name || client.name == name)
        .collect();
    found.sort_by_key(|client| client.revoked.is_some());
    found
        .into_iter()
        .next()
        .ok_or_else(|| CliError::NoSuchClient {
            name: name.to_owned(),
        })
}

impl Row for ClientRow {
    const COLUMNS: &'static [Column] = &[
        Column::left("state", "STATE", 9),
        Column::left("name", "NAME", 20),
        Column::left("id", "CLIENT ID", 36),
        Column::left("authentication", "PROVES ITSELF BY", 15),
        Column::left("prefix", "SECRET", 14),
        Column::left("created", "MADE", 10),
        Column::left("last_used", "LAST USED", 10),
        Column::script("revoked"),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let state = match self.revoked {
            Some(_) => Cell::both("✗ revoked", "revoked").tone(Tone::Dim),
            None => Cell::both("✓ live", "live").tone(Tone::Good),
        };
        let authentication = match self.authentication {
            ClientAuthentication::ClientSecret => "client_secret",
            ClientAuthentication::PrivateKeyJwt => "private_key_jwt",
        };
        let prefix = match &self.prefix {
            Some(prefix) => Cell::both(format!("{prefix}…"), prefix),
            None => Cell::both("none", ""),
        };
        vec![
            state,
            Cell::text(&self.name),
            Cell::text(self.id.to_string()),
            Cell::text(authentication),
            prefix,
            Cell::moment(self.created, now),
            Cell::maybe_moment(self.last_used, now, "never"),
            Cell::maybe_moment(self.revoked, now, ""),
        ]
    }
}
