//! `provost provisioning …`: whether identity providers are let in.

use clap::{Args, Subcommand};

use super::confirm::confirm;
use super::error::CliError;
use super::output::{Cell, Sheet, Tone};
use super::session::Session;
use super::written;
use crate::admin::types::{Provisioning, SwitchProvisioning};

/// Provisioning: whether identity providers are let in.
#[derive(Debug, Subcommand)]
pub enum ProvisioningVerb {
    /// Whether they are.
    Status(StatusVerb),
    /// Let them in again.
    On(OnVerb),
    /// Ask them to come back later (503), so that nothing they send is lost.
    Pause(PauseVerb),
    /// Refuse them (403). What they lock is free while they are out.
    Off(OffVerb),
}

/// Whether identity providers are let in.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost provisioning status --json")]
pub struct StatusVerb {}

/// Let identity providers in again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost provisioning on")]
pub struct OnVerb {}

/// Ask identity providers to come back later (503), so that nothing they send is lost.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost provisioning pause
  provost provisioning pause --yes")]
pub struct PauseVerb {}

/// Refuse identity providers (403). What they lock is free while they are out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost provisioning off
  provost provisioning off --dry-run")]
pub struct OffVerb {}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: ProvisioningVerb) -> Result<(), CliError> {
    match verb {
        ProvisioningVerb::Status(StatusVerb {}) => status(session).await,
        ProvisioningVerb::On(OnVerb {}) => switch(session, Provisioning::On).await,
        ProvisioningVerb::Pause(PauseVerb {}) => switch(session, Provisioning::Paused).await,
        ProvisioningVerb::Off(OffVerb {}) => switch(session, Provisioning::Off).await,
    }
}

/// The document of `provisioning status`.
#[derive(serde::Serialize)]
struct Status {
    provisioning: Provisioning,
    version: u64,
}

async fn status(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let sync = reach.read().sync().await;
    let sync = reach.finish(sync).await?;
    let cell = match sync.provisioning {
        Provisioning::On => Cell::both("✓ on", "on").tone(Tone::Good),
        Provisioning::Paused => Cell::both("⏸ paused", "paused").tone(Tone::Warn),
        Provisioning::Off => Cell::both("✗ off", "off").tone(Tone::Warn),
    };
    let mut sheet = Sheet::new();
    sheet.title("Provisioning").fact("state", cell).fact(
        "a request is",
        Cell::text(match sync.provisioning {
            Provisioning::On => "decided and answered",
            Provisioning::Paused => "answered 503 with Retry-After and logged as held",
            Provisioning::Off => "answered 403 SCIM_OFF",
        }),
    );
    let document = Status {
        provisioning: sync.provisioning,
        version: sync.version,
    };
    session.out.sheet(&document, &sheet)
}

async fn switch(session: &mut Session, state: Provisioning) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, sync) = reach.keep(async |read| read.sync().await).await?;
    let (verb, what, question) = match state {
        Provisioning::On => ("provisioning on", "turn provisioning on", None),
        Provisioning::Paused => (
            "provisioning pause",
            "pause provisioning",
            Some(
                "Pause provisioning? Every request of an identity provider is answered 503 with Retry-After and \
                 changes nothing until provisioning is turned on; locks stay.",
            ),
        ),
        Provisioning::Off => (
            "provisioning off",
            "turn provisioning off",
            Some(
                "Turn provisioning off? Every request of an identity provider is answered 403 from now on, also \
                 what it only reads, and everything it locks can be edited. No member and no team is deleted.",
            ),
        ),
    };
    let reach = match question.filter(|_| sync.provisioning != state) {
        Some(question) => confirm(session, reach, verb, question).await?,
        None => reach,
    };
    let switch = SwitchProvisioning {
        state,
        if_version: Some(sync.version),
    };
    let switched = async { Ok::<_, CliError>(reach.write()?.switch_provisioning(switch).await?) };
    let switched = switched.await;
    let done = reach.finish(switched).await?;
    written::report(session, &done, what)
}
