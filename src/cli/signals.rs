//! The signals that ask the process to end.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::error::CliError;

/// SIGTERM, SIGINT and SIGHUP, listened to from the moment this is made.
pub struct EndSignals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl EndSignals {
    /// Begins to listen; from here on these signals no longer end the process by themselves.
    pub fn listen() -> Result<Self, CliError> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(CliError::Runtime)?,
            interrupt: signal(SignalKind::interrupt()).map_err(CliError::Runtime)?,
            hang_up: signal(SignalKind::hangup()).map_err(CliError::Runtime)?,
        })
    }

    /// Waits for the next one and says its name.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.hang_up.recv() => "SIGHUP",
        }
    }
}
