//! `provost` without a command: the console, on an engine of this process that serves HTTP too, on the one that runs
//! on the data directory already, or on a remote one.

use super::error::CliError;
use super::session::{self, Session};

/// Opens it.
pub async fn run(session: &Session) -> Result<(), CliError> {
    session::require_terminal()?;
    session.refuse_dry_run("the console")?;
    Err(CliError::Console("it is not part of this build yet".into()))
}
