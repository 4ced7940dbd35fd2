//! What can be wrong with a configuration. Messages carry file, line, key and the nearest valid key.

use std::io;
use std::path::PathBuf;

/// One mistake in the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("cannot read the configuration {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is far larger than any configuration.
    #[error("the configuration {} is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file is not TOML.
    #[error("{}:{line}:{column}: not valid TOML: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What the parser expected.
        message: String,
    },
    /// The file has a key that means nothing.
    #[error("{}:{line}: unknown key `{key}`{}", path.display(), nearest_text(nearest.as_deref()))]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key as written, with its tables.
        key: String,
        /// The valid key most like it, where one is like it at all.
        nearest: Option<String>,
    },
    /// The value of a key is of the wrong type or out of its limits.
    #[error("{}:{line}: `{key}` is {found}, expected {expected}", path.display())]
    WrongValue {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key with its tables.
        key: String,
        /// What stands there.
        found: String,
        /// What must stand there.
        expected: String,
    },
    /// A flag or a variable has a value that makes no sense.
    #[error("`{name}` is `{found}`, expected {expected}")]
    WrongFlag {
        /// The flag.
        name: &'static str,
        /// What was given.
        found: String,
        /// What must be given.
        expected: &'static str,
    },
    /// A context was named that the file does not have.
    #[error("no context `{name}` in the configuration{}", known_text(known))]
    UnknownContext {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A certificate without its key, or the other way round.
    #[error("`{given}` needs `{missing}` beside it")]
    HalfTls {
        /// The setting that is there.
        given: &'static str,
        /// The one that is not.
        missing: &'static str,
    },
    /// A database this build cannot keep its state in.
    #[error(
        "`{scheme}` databases come later: this build keeps its state in SQLite, so leave --database out or give sqlite:FILE"
    )]
    PostgresComesLater {
        /// `postgres` or `postgresql`.
        scheme: String,
    },
    /// No home directory, and no data directory was named.
    #[error("no home directory to keep the state in: name a data directory with --data-dir")]
    NoDataDir,
}

fn nearest_text(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |key| format!(", did you mean `{key}`?"))
}

fn known_text(known: &[String]) -> String {
    if known.is_empty() {
        ", which has none: add a table [contexts.NAME] with a url".to_owned()
    } else {
        format!(", which has {}", known.join(", "))
    }
}
