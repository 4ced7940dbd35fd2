//! `provost sso enable`, `disable` and `remove`: each says what it would change before it does.

use clap::Args;

use super::show::missing;
use crate::admin::sso::{SsoState, SsoStatus, SwitchSso};
use crate::admin::types::IfVersion;
use crate::admin::{AdminError, AdminErrorKind};
use crate::cli::confirm::confirm;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::written;

/// Enable it: members sign in at the identity provider from now on.
///
/// Needs a test-drive that went well and, as the policy says, a recovery admin who has shown lately that they can sign in.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso enable --dry-run
  provost sso enable
  provost sso enable --yes")]
pub struct EnableVerb {}

/// Disable it: passwords work again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso disable
  provost sso disable --yes")]
pub struct DisableVerb {}

/// Forget the identity provider; only while single sign-on is not enabled.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso remove")]
pub struct RemoveVerb {}

/// Enables it.
pub async fn enable(session: &mut Session) -> Result<(), CliError> {
    switch(
        session,
        SsoState::Enabled,
        "sso enable",
        "Enable single sign-on?",
    )
    .await
}

/// Disables it.
pub async fn disable(session: &mut Session) -> Result<(), CliError> {
    switch(
        session,
        SsoState::Off,
        "sso disable",
        "Disable single sign-on?",
    )
    .await
}

async fn switch(
    session: &mut Session,
    to: SsoState,
    verb: &'static str,
    question: &str,
) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (mut reach, status) = reach.keep(async |read| read.sso().await).await?;
    // What is missing, the engine says best; nobody is asked before a refusal.
    if let Some(effects) = effects(&status, to) {
        let question = format!("{question}{effects}");
        reach = confirm(session, reach, verb, &question).await?;
    }
    let switch = SwitchSso {
        state: to,
        if_version: Some(status.version),
    };
    let done = async {
        let switched = reach.write()?.switch_sso(switch).await;
        switched.map_err(|error| with_all(error, &status, to))
    }
    .await;
    let done = reach.finish(done).await?;
    written::report(session, &done, &format!("take single sign-on to {to}"))
}

/// What going on to a state changes, a line each; `None` where it is refused or changes nothing.
fn effects(status: &SsoStatus, to: SsoState) -> Option<String> {
    let step = status.next.iter().find(|it| it.to == to)?;
    if !step.missing.is_empty() {
        return None;
    }
    let lines = step.changes.iter().map(|line| format!("\n  {line}"));
    Some(lines.collect())
}

/// A refusal names what it was refused for; the admin is told all that is missing at once.
fn with_all(error: AdminError, status: &SsoStatus, to: SsoState) -> CliError {
    let step = status.next.iter().find(|it| it.to == to);
    let missing = step.map(missing).unwrap_or_default();
    if error.kind != AdminErrorKind::Refused || missing.is_empty() {
        return error.into();
    }
    CliError::Missing { error, missing }
}

/// Forgets the identity provider.
pub async fn remove(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (mut reach, status) = reach.keep(async |read| read.sso().await).await?;
    if let Some(sso) = status.sso.filter(|it| it.state != SsoState::Enabled) {
        let question = format!(
            "Forget {} with its certificates and claim mapping?",
            sso.identity_provider.entity_id
        );
        reach = confirm(session, reach, "sso remove", &question).await?;
    }
    let seen = IfVersion {
        if_version: Some(status.version),
    };
    let done = async { Ok::<_, CliError>(reach.write()?.remove_sso(seen).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, "forget the identity provider")
}
