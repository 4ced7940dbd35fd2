//! What can end a simulation early. An answer that an identity provider would not accept is no error: it is recorded
//! (`client::Unexpected`) and the day goes on. `SimulateError::Unacceptable` only carries that fact up to the runner.

use thiserror::Error;

/// Why a simulation could not go on.
#[derive(Debug, Error)]
pub enum SimulateError {
    /// The base URL cannot be used.
    #[error("base URL `{url}` cannot be used: {reason}")]
    BaseUrl {
        /// As given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The HTTP client could not be built (no TLS roots, for example).
    #[error("HTTP client could not be built")]
    Client(#[source] reqwest::Error),
    /// The token holds characters that no header can carry.
    #[error("token cannot be sent in a header: it holds characters other than visible ASCII")]
    Token,
    /// No answer came: refused, cut off, or too late.
    #[error("{method} {path}: no answer from the server")]
    Unreachable {
        /// The HTTP method.
        method: String,
        /// The path below the base URL.
        path: String,
        /// What the HTTP client says.
        #[source]
        source: reqwest::Error,
    },
    /// The answer's body exceeds what any identity provider would read.
    #[error("{method} {path}: answer is larger than {limit} bytes")]
    TooLarge {
        /// The HTTP method.
        method: String,
        /// The path below the base URL.
        path: String,
        /// In bytes.
        limit: usize,
    },
    /// An answer was not acceptable; what was wrong is on record already. Ends the act, not the day.
    #[error("step `{step}` ended early on an unacceptable answer")]
    Unacceptable {
        /// The step of the day.
        step: String,
    },
    /// A script asked an identity provider for something it never does.
    #[error("{idp} never does `{act}`")]
    Unsupported {
        /// The identity provider.
        idp: &'static str,
        /// What was asked.
        act: &'static str,
    },
    /// The server already holds a user or team of the script, so its end state could not be told from the start.
    #[error("server already holds `{name}` of this day's cast: use a fresh server or another seed")]
    NotFresh {
        /// The user name or the team's display name.
        name: String,
    },
    /// Reading the whole directory back failed.
    #[error("directory could not be read back from {path}: {came}")]
    ReadBack {
        /// The path below the base URL.
        path: String,
        /// What came instead of a list.
        came: String,
    },
    /// Filling a fresh server was refused.
    #[error("{what} was refused with status {status}: {detail}")]
    Refused {
        /// What was being created.
        what: String,
        /// The HTTP status.
        status: u16,
        /// The `detail` of the answer, else the start of its body.
        detail: String,
    },
    /// `assets/demo.toml` cannot be read.
    #[error("demo scenario cannot be read")]
    Scenario(#[source] toml::de::Error),
    /// `assets/demo.toml` lists nobody, or no department.
    #[error("demo scenario has an empty list of {list}")]
    EmptyScenario {
        /// The key of the list.
        list: &'static str,
    },
}
