//! What every command is given: the settings, the flags, the form of its answer, and the time.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use jiff::Timestamp;

use super::args::GlobalArguments;
use super::connect::{self, Changes, Reach};
use super::error::CliError;
use super::output::{Form, Out, text};
use crate::config::Settings;

/// One run of one command.
pub struct Session {
    /// The settings.
    pub settings: Settings,
    /// The flags as given.
    pub global: GlobalArguments,
    /// Where the answer goes.
    pub out: Out,
    /// When the command was started, for ages.
    pub now: Timestamp,
}

impl Session {
    /// Reads the settings and prepares the answer.
    pub fn start(global: &GlobalArguments) -> Result<Self, CliError> {
        Ok(Self {
            settings: Settings::load(global.overrides())?,
            global: global.clone(),
            out: Out::stdout(if global.json { Form::Json } else { Form::Table }),
            now: Timestamp::now(),
        })
    }

    /// Finds an engine for a command that only looks.
    pub async fn reach(&self) -> Result<Reach, CliError> {
        connect::reach(self, Changes::Made).await
    }

    /// Finds an engine for a command that changes something, or, with `--dry-run`, tells what it would change.
    pub async fn reach_to_write(&self) -> Result<Reach, CliError> {
        let changes = if self.global.dry_run {
            Changes::Previewed
        } else {
            Changes::Made
        };
        let reach = connect::reach(self, changes).await?;
        if reach.is_read_only() {
            let place = reach.read().place();
            reach.close().await?;
            return Err(CliError::ReadOnly { place });
        }
        Ok(reach)
    }

    /// Refuses a command that cannot tell what it would do.
    pub fn refuse_dry_run(&self, verb: &'static str) -> Result<(), CliError> {
        if self.global.dry_run {
            return Err(CliError::NoDryRun { verb });
        }
        Ok(())
    }

    /// Refuses a command that runs an engine for others when it was told to refuse every change. The configuration may
    /// say so all the same: there it is about what an admin does from this machine.
    pub fn refuse_read_only(&self, verb: &'static str) -> Result<(), CliError> {
        if self.global.read_only {
            return Err(CliError::NoReadOnly { verb });
        }
        Ok(())
    }

    /// Refuses a command that runs an engine here when another engine was named.
    pub fn refuse_remote(&self, verb: &'static str) -> Result<(), CliError> {
        if self.global.url.is_some() || self.global.context.is_some() {
            return Err(CliError::LocalOnly { verb });
        }
        Ok(())
    }

    /// Takes the form of a list: `--csv` goes over the table, and not with `--json`.
    pub fn list_form(&mut self, csv: bool) -> Result<(), CliError> {
        match (csv, self.global.json) {
            (true, true) => Err(CliError::TwoForms),
            (true, false) => {
                self.out.form = Form::Csv;
                Ok(())
            }
            (false, _) => Ok(()),
        }
    }
}

/// Says something beside the answer, on standard error.
pub fn note(note: &str) {
    // Nobody to tell is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{}", text::printable(note));
}

/// Refuses to open the console where nobody could see it.
pub fn require_terminal() -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::NoTerminal {
            stream: "the standard input",
        });
    }
    if !std::io::stdout().is_terminal() {
        return Err(CliError::NoTerminal {
            stream: "the standard output",
        });
    }
    Ok(())
}

/// How long a one-shot command waits for another one that holds the data directory.
pub const LOCK_PATIENCE: Duration = Duration::from_secs(10);
