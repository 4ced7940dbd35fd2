//! How the console ends.

use std::io;
use std::path::PathBuf;

/// Why the console ended as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The admin asked for it.
    Quit,
    /// The program was told to end by a signal.
    Signal,
    /// The terminal is gone.
    Hangup,
}

/// Why the console ended as it should not. The terminal is as it was in every case.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The terminal does not take part.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
    /// Standard output is not a terminal.
    #[error(
        "the console needs a terminal; for scripts use the other commands, such as `provost status --json`"
    )]
    NotATerminal,
    /// A mistake in Provost. The report holds no data of members and no secrets.
    #[error("the console failed and was ended; {}", told(report.as_ref()))]
    Panicked {
        /// Where the report was written, if it could be.
        report: Option<PathBuf>,
    },
}

fn told(report: Option<&PathBuf>) -> String {
    report.map_or_else(
        || "its report could not be written".to_owned(),
        |path| format!("its report is in {}", path.display()),
    )
}
