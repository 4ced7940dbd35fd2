//! `provost demo`: everything on a throw-away directory, with simulated identity providers sending real HTTP.

use clap::Args;

use super::error::CliError;
use super::session::Session;

/// Try everything on a throw-away directory with simulated identity providers.
#[derive(Debug, Args)]
pub struct DemoVerb {}

/// Runs it.
pub async fn run(_session: &mut Session, _verb: &DemoVerb) -> Result<(), CliError> {
    Err(CliError::Simulate("not part of this build yet".into()))
}
