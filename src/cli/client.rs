//! `provost client …`: OAuth clients, which fetch short-lived access tokens for themselves. A secret is shown once.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::confirm::confirm;
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Sheet, Tone, text, time};
use super::session::{Session, note};
use super::token::parse_name;
use super::written;
use crate::admin::AdminError;
use crate::admin::link::{ConnectionAuth, credential_steps};
use crate::admin::types::{ClientAuthentication, ClientRow, NewClient, ObjectKind, Outcome};

/// The largest file with public keys that is read.
const LARGEST: u64 = 64 * 1_024;

/// OAuth clients: identity providers that fetch short-lived access tokens.
#[derive(Debug, Subcommand)]
pub enum ClientVerb {
    /// Register a client and print its `client_id` and, where it gets one, its secret. It is shown this once.
    New(NewVerb),
    /// List clients, without their credentials.
    List(ListVerb),
    /// Show a client with its redirect URIs, without its credentials.
    Show(ShowVerb),
    /// Give a client another secret and print it, alone, on standard output. The old one ends at once.
    Rotate(RotateVerb),
    /// Make a client and all its access tokens worthless from the next request on.
    Revoke(RevokeVerb),
}

/// Register a client and print its `client_id` and, where it gets one, its secret. It is shown this once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost client new --name entra
  provost client new --name okta --public-key okta.jwks.json
  provost client new --name okta --redirect-uri https://system-admin.okta.com/admin/app/cpc/x/oauth/callback

It prints client_id=… and client_secret=…, one a line. The token endpoint is /trust/oauth/token, the scope scim.")]
pub struct NewVerb {
    /// Its name, 1 to 64 characters.
    #[arg(long, value_parser = parse_name)]
    name: String,
    /// A file with its public key in PEM or its JWK set: it then signs assertions (private_key_jwt) and gets no secret.
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// Where an admin's answer on the authorization page may be sent, exactly; again for each one.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
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

/// Show a client with its redirect URIs, without its credentials.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost client show entra
  provost client show entra --json")]
pub struct ShowVerb {
    /// Its name or its client_id.
    #[arg(value_name = "CLIENT")]
    which: String,
}

/// Give a client another secret and print it, alone, on standard output. The old one ends at once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost client rotate entra
  provost client rotate entra --yes

Tokens that it holds work on until they end or are revoked; to fetch more it needs the new secret.")]
pub struct RotateVerb {
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
        ClientVerb::Show(verb) => show(session, &verb.which).await,
        ClientVerb::Rotate(verb) => rotate(session, &verb.which).await,
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
            redirect_uris: verb.redirect_uri,
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
    let listed = async {
        let clients = reach.read().clients().await?;
        let link = reach.read().link().await?;
        Ok::<_, AdminError>((clients, link.auth, link.lacks_sso))
    }
    .await;
    let (mut items, auth, lacks_sso) = reach.finish(listed).await?;
    if !verb.all {
        items.retain(|client| client.revoked.is_none());
    }
    let document = ClientList { items };
    session.out.list(&document, &document.items, session.now)?;
    if document.items.is_empty() && session.out.form == Form::Table {
        note(&match auth {
            ConnectionAuth::Bearer => {
                "no OAuth clients; `provost client new --name entra` makes one".to_owned()
            }
            ConnectionAuth::Oauth2 => format!(
                "no OAuth clients; {} makes one",
                credential_steps(auth, "okta", lacks_sso)
            ),
            ConnectionAuth::OwnedKey => format!(
                "no OAuth clients; an identity provider has a key that belongs to a member here (scim.auth): {} makes one",
                credential_steps(auth, "okta", lacks_sso)
            ),
        });
    }
    Ok(())
}

async fn show(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let clients = reach.read().clients().await;
    let client = find(reach.finish(clients).await?, name)?;
    let mut sheet = Sheet::new();
    let state = match client.revoked {
        Some(at) => format!("revoked {}", time::relative(at, session.now)),
        None => "live".to_owned(),
    };
    let used = client.last_used.map_or_else(
        || "never".to_owned(),
        |used| time::relative(used, session.now),
    );
    sheet
        .title(&client.name)
        .fact("state", Cell::text(state))
        .fact("client_id", Cell::text(client.id.to_string()))
        .fact(
            "proves itself by",
            Cell::text(client.authentication.as_str()),
        )
        .fact("made", Cell::moment(client.created, session.now))
        .fact("last used", Cell::text(used))
        .maybe("secret begins with", client.prefix.as_deref());
    for uri in &client.redirect_uris {
        sheet.fact("redirect URI", Cell::text(uri));
    }
    session.out.sheet(&client, &sheet)
}

async fn rotate(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, clients) = reach.keep(async |read| read.clients().await).await?;
    let client = match find(clients, name) {
        Ok(client) => client,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let question = format!(
        "Give the OAuth client {} another secret? The old one is refused from the next request on.",
        client.name
    );
    let reach = confirm(session, reach, "client rotate", &question).await?;
    let rotated = async { Ok::<_, CliError>(reach.write()?.rotate_client(client.id).await?) }.await;
    let rotated = reach.finish(rotated).await?;
    if session.global.dry_run {
        let line = format!(
            "would give the OAuth client {} another secret; nothing changed",
            client.name
        );
        return session.out.line(&text::printable(&line));
    }
    if session.out.form == Form::Json {
        return session.out.document(&rotated);
    }
    note(&format!(
        "client {} has another secret; it follows and is never shown again",
        client.name
    ));
    session
        .out
        .line(rotated.secret.as_deref().unwrap_or_default())
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
    if session.out.form == Form::Json || done.outcome != Outcome::Applied {
        return written::report(session, &done, &format!("revoke {}", client.name));
    }
    let tokens = done.changes.iter();
    let tokens = tokens.filter(|change| change.kind == ObjectKind::Token);
    let tokens = match tokens.count() as u64 {
        0 => String::new(),
        count => format!(
            " and its {}",
            text::count(count, "access token", "access tokens")
        ),
    };
    let name = &client.name;
    let line = match (session.global.dry_run, done.request_id) {
        (true, _) => format!("would revoke the OAuth client {name}{tokens}; nothing changed"),
        (false, None) => format!("revoked the OAuth client {name}{tokens}"),
        (false, Some(id)) => format!(
            "revoked the OAuth client {name}{tokens} (request #{})",
            id.0
        ),
    };
    session.out.line(&text::printable(&line))
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
