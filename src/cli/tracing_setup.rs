//! What the engine says of itself: to standard error when it runs headless, to a file when the console has the terminal.

use std::io::IsTerminal;
use std::path::Path;

use clap::ValueEnum;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

use super::error::CliError;
use crate::config::{LogLevel, Settings};
use crate::paths;

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document a line.
    Json,
}

/// The crates below say much at `info` that is of no use to an admin.
fn filter(level: LogLevel) -> EnvFilter {
    let others = level.min(LogLevel::Warn).as_str();
    EnvFilter::new(format!("{others},provost={}", level.as_str()))
}

/// Writes the log to standard error.
pub fn to_stderr(settings: &Settings, format: LogFormat) {
    let stderr = std::io::stderr();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(settings.log_level))
        .with_target(false)
        .with_writer(std::io::stderr);
    // A second subscriber in one process (a test) is refused, and the first one goes on.
    let _ = match format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder
            .with_ansi(
                super::output::Style::of(&stderr) == super::output::Style::Coloured
                    && stderr.is_terminal(),
            )
            .try_init(),
    };
}

/// Writes the log to `provost.log` of a directory, a file a day, seven kept. What is returned must live as long as the
/// program, or the last lines are lost.
pub fn to_file(settings: &Settings, directory: &Path) -> Result<WorkerGuard, CliError> {
    paths::create_private(directory)?;
    let appender = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("provost")
        .filename_suffix("log")
        .max_log_files(7)
        .build(directory)
        .map_err(|error| CliError::File {
            path: directory.to_owned(),
            source: std::io::Error::other(error),
        })?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter(settings.log_level))
        .with_ansi(false)
        .with_writer(writer)
        .try_init();
    Ok(guard)
}
