//! `provost simulate …`: what stands in for somebody else's service, to learn and to test with.

use std::io;
use std::net::SocketAddr;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::error::CliError;
use super::session::{Session, note};
use super::signals::EndSignals;
use crate::admin::{AdminError, AdminErrorKind};
use crate::console::private_file;
use crate::simulate::idp::{IdpKey, Person, TestIdp, TestIdpServer};

/// Simulate what belongs to somebody else, to learn and to test with.
#[derive(Debug, Subcommand)]
pub enum SimulateVerb {
    /// A SAML identity provider that asks for no password and sends broken answers on demand.
    Idp(IdpVerb),
}

/// A SAML identity provider that asks for no password and sends broken answers on demand.
///
/// It answers the engine that this command finds and nobody else, on loopback alone, until it is interrupted. Each of its
/// pages says what it is. It needs an account here (`provost init`). Its key is kept in the data directory, so that it is
/// believed after another start, too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost simulate idp
  provost simulate idp --person ada@example.com --role admin --team pay
  provost sso configure --metadata http://127.0.0.1:8480/metadata    then: provost sso test

Where there is no account yet, make one first: provost init --owner-email YOU@EXAMPLE.COM")]
pub struct IdpVerb {
    /// Where it listens; a loopback address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480")]
    at: SocketAddr,
    /// Who can be chosen, by e-mail address; any other can be typed in.
    #[arg(long, value_name = "EMAIL")]
    person: Vec<String>,
    /// The base role it sends.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// A custom role it sends.
    #[arg(long, value_name = "KEY")]
    custom_role: Vec<String>,
    /// A team it sends.
    #[arg(long, value_name = "KEY")]
    team: Vec<String>,
    /// The given name it sends.
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The family name it sends.
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: SimulateVerb) -> Result<(), CliError> {
    let SimulateVerb::Idp(verb) = verb;
    session.refuse_dry_run("simulate idp")?;
    idp(session, verb).await
}

async fn idp(session: &mut Session, verb: IdpVerb) -> Result<(), CliError> {
    if !verb.at.ip().is_loopback() {
        return Err(invalid(
            "the test identity provider signs anybody in without a password, so it listens on loopback alone",
        ));
    }
    let mut ends = EndSignals::listen()?;
    let reach = session.reach().await?;
    let status = reach.read().sso().await;
    let status = reach.finish(status).await?;
    let listener = TcpListener::bind(verb.at).await.map_err(CliError::Listen)?;
    let base = format!(
        "http://{}",
        listener.local_addr().map_err(CliError::Listen)?
    );
    let now = Timestamp::now();
    let key = key(session, now)?;
    let idp = TestIdp::at(&base, &status.entity_id, status.acs_url, key, now)
        .map_err(|error| CliError::TestIdp(error.to_string()))?;
    let entity_id = idp.entity_id().to_string();
    session.out.line(&entity_id)?;
    note(&format!(
        "a test identity provider is at {base}; set it: provost sso configure --metadata {entity_id}"
    ));
    let server = TestIdpServer::new(idp, people(verb));
    let stop = async move {
        ends.next().await;
    };
    server.serve(listener, stop).await.map_err(CliError::Listen)
}

/// The key it had before, or a new one, which is kept. Beside an engine elsewhere there may be no data directory here.
fn key(session: &Session, now: Timestamp) -> Result<IdpKey, CliError> {
    let data = &session.settings.data_dir;
    let path = data.test_idp_key();
    let failed = |source| CliError::File {
        path: path.clone(),
        source,
    };
    if let Some(text) = private_file::read(&path).map_err(failed)? {
        return IdpKey::from_text(&text).ok_or_else(|| {
            failed(io::Error::other(
                "it is no key of the test identity provider; remove it, and another one is made",
            ))
        });
    }
    let made = TestIdp::new_key(now).map_err(|error| CliError::TestIdp(error.to_string()))?;
    if data.path().is_dir() {
        private_file::replace(&path, &made.expose_text()).map_err(failed)?;
    } else {
        note(
            "there is no data directory here to keep its key in: after another start, `provost sso configure --refresh` makes it believed",
        );
    }
    Ok(made)
}

fn people(verb: IdpVerb) -> Vec<Person> {
    let some = |keys: Vec<String>| (!keys.is_empty()).then_some(keys);
    let like = Person {
        email: String::new(),
        first_name: verb.first_name,
        last_name: verb.last_name,
        role: verb.role,
        custom_roles: some(verb.custom_role),
        team_keys: some(verb.team),
    };
    let emails = if verb.person.is_empty() {
        vec!["ada@example.com".to_owned()]
    } else {
        verb.person
    };
    let person = |email| Person {
        email,
        ..like.clone()
    };
    emails.into_iter().map(person).collect()
}

fn invalid(detail: &str) -> CliError {
    AdminError::new(AdminErrorKind::Invalid, detail).into()
}
