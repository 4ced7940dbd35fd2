//! Why a command failed, and the exit code and the next step that follow from it.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::admin::types::Outcome;
use crate::admin::{AdminError, AdminErrorKind};
use crate::config::ConfigError;
use crate::console::theme::{Theme, ThemeError};
use crate::paths::PathError;
use crate::server::ServerError;
use crate::simulate::SimulateError;

/// One failure of a command.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The engine did not do it.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The engine did not do it, and more is missing than it was refused for.
    #[error("{error}")]
    Missing {
        /// What the engine said.
        error: AdminError,
        /// All that is missing, each with the command by which it is had.
        missing: Vec<String>,
    },
    /// A test-drive of single sign-on went wrong.
    #[error("the test-drive did not go well: {code}; nobody could sign in this way")]
    TestDriveFailed {
        /// The code of the check that failed.
        code: String,
        /// The line of the request log; none of a Response that was pasted.
        request: Option<u64>,
    },
    /// Nobody has come back from a test-drive.
    #[error(
        "nobody has come back from the identity provider; the link of the test-drive has ended"
    )]
    NoTestDrive,
    /// The test identity provider cannot listen.
    #[error("the test identity provider cannot listen")]
    Listen(#[source] io::Error),
    /// The test identity provider could not be made.
    #[error("the test identity provider cannot start: {0}")]
    TestIdp(String),
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory cannot be used.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The answer could not be written.
    #[error("cannot write the answer")]
    Output(#[source] io::Error),
    /// The answer could not be put into its form.
    #[error("cannot render the answer")]
    Render(#[source] serde_json::Error),
    /// What is typed in could not be read.
    #[error("cannot read the standard input")]
    Input(#[source] io::Error),
    /// The threads of the program could not be started.
    #[error("cannot start")]
    Runtime(#[source] io::Error),
    /// A throw-away directory could not be made.
    #[error("cannot make a throw-away directory")]
    TempDir(#[source] io::Error),
    /// A file named on the command line cannot be used.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The theme that was chosen cannot be used.
    #[error("cannot use the theme {choice}")]
    Theme {
        /// The name or the file, as given.
        choice: String,
        /// Why.
        source: ThemeError,
    },
    /// The HTTP server did not start or failed.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The console failed.
    #[error("the console ended: {0}")]
    Console(String),
    /// The simulated identity providers failed.
    #[error("the simulated identity providers failed")]
    Simulate(#[from] SimulateError),
    /// The task that plays the simulated identity providers ended in an unforeseen way.
    #[error("the simulated identity providers ended")]
    Traffic(#[source] tokio::task::JoinError),
    /// Nothing was initialised in this data directory.
    #[error("there is no account in {} yet", data_dir.display())]
    NotInitialised {
        /// The data directory.
        data_dir: PathBuf,
    },
    /// Something is taken away, nobody can be asked, and `--yes` is not there.
    #[error("`{verb}` takes something away and nobody can be asked here")]
    NobodyToAsk {
        /// The command.
        verb: &'static str,
    },
    /// The admin was asked and did not say yes.
    #[error("not confirmed, nothing changed")]
    Declined,
    /// The console was asked for and there is no terminal.
    #[error("the console needs a terminal, and {stream} is none")]
    NoTerminal {
        /// Which stream is no terminal.
        stream: &'static str,
    },
    /// `--dry-run` with a command that cannot tell what it would do.
    #[error("`{verb}` cannot show what it would do: --dry-run is refused rather than ignored")]
    NoDryRun {
        /// The command.
        verb: &'static str,
    },
    /// `--read-only` with a command that runs an engine for identity providers.
    #[error(
        "`{verb}` runs an engine that takes changes from identity providers: --read-only is refused rather than ignored"
    )]
    NoReadOnly {
        /// The command.
        verb: &'static str,
    },
    /// A file with a token that others can read.
    #[error("{} can be read by others, so the admin token in it may be known to them; it is not used", path.display())]
    OpenToken {
        /// The file.
        path: PathBuf,
    },
    /// What was asked about is no longer what it was when the question was shown.
    #[error("{what} changed while the question was open; nothing was done")]
    ChangedMeanwhile {
        /// What it is called.
        what: String,
    },
    /// An engine runs on the data directory already.
    #[error("an engine runs on {} already{}", data_dir.display(), owner.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    AlreadyRunning {
        /// The data directory.
        data_dir: PathBuf,
        /// Its process id, where it could be read.
        owner: Option<String>,
    },
    /// A change in a read-only context.
    #[error("{place} is opened read-only, so nothing can be changed")]
    ReadOnly {
        /// Where.
        place: String,
    },
    /// A remote engine without a token.
    #[error("no admin token for {url}")]
    NoToken {
        /// The engine.
        url: String,
    },
    /// A context without a URL.
    #[error("the context `{name}` has no url")]
    NoUrl {
        /// The context.
        name: String,
    },
    /// A command that runs an engine here was given the name of another one.
    #[error(
        "`{verb}` runs the engine of a data directory, and --url or --context names another engine"
    )]
    LocalOnly {
        /// The command.
        verb: &'static str,
    },
    /// A value on the command line makes no sense.
    #[error("{name} `{found}` makes no sense, expected {expected}")]
    WrongValue {
        /// What it is.
        name: &'static str,
        /// As given.
        found: String,
        /// What is expected.
        expected: &'static str,
    },
    /// A word of a filter that there is not.
    #[error(
        "there is no filter `{key}:` for {many}; there are {known} (text with a colon goes in quotes)"
    )]
    UnknownFilter {
        /// As given.
        key: String,
        /// What is listed.
        many: &'static str,
        /// Those that there are.
        known: String,
    },
    /// Two forms of answer at once.
    #[error("--csv and --json cannot be given together")]
    TwoForms,
    /// No password, or not one that can be used.
    #[error("cannot take the password: {0}")]
    Password(&'static str),
    /// More than one token has this name, or none.
    #[error("no token is called `{name}`")]
    NoSuchToken {
        /// As given.
        name: String,
    },
    /// No OAuth client is called so.
    #[error("no OAuth client is called `{name}`")]
    NoSuchClient {
        /// As given.
        name: String,
    },
    /// No policy key is called so.
    #[error("there is no policy key `{key}`{}", nearest.as_ref().map(|key| format!("; did you mean {key}?")).unwrap_or_default())]
    NoSuchKey {
        /// As given.
        key: String,
        /// The key that comes nearest.
        nearest: Option<String>,
    },
    /// No event stream has this name.
    #[error("no event stream is called `{name}`")]
    NoSuchStream {
        /// As given.
        name: String,
    },
    /// More than one token is meant.
    #[error("`{name}` is the name of {count} tokens")]
    ManyTokens {
        /// As given.
        name: String,
        /// How many.
        count: usize,
    },
    /// The change was understood and not made.
    #[error("{}", unmade(*outcome))]
    NotApplied {
        /// `Ignored`, `Held` or what else left it undone.
        outcome: Outcome,
        /// The logged request, as shown.
        request: Option<String>,
    },
    /// A simulation without anything that would be otherwise.
    #[error(
        "there is nothing to simulate: no other policy was named, and the configuration file says none that is not in force"
    )]
    NothingToSimulate,
    /// A rehearsal met something that neither the identity provider nor the policy expects.
    #[error("{count} {} of the rehearsal came out otherwise than the policy says", if *count == 1 { "step" } else { "steps" })]
    NotReady {
        /// How many steps.
        count: usize,
    },
    /// A rehearsal was ended before it was over.
    #[error("the rehearsal was ended before it was over")]
    RehearsalEnded,
    /// The doctor found something that does not work.
    #[error("the doctor found {count} that {} not work", if *count == 1 { "does" } else { "do" })]
    Unhealthy {
        /// How many findings are errors.
        count: usize,
    },
}

fn unmade(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ignored => "the policy ignores this change, nothing changed",
        Outcome::Held => "the change waits for an admin, nothing changed yet",
        Outcome::Refused => "the policy refuses this change, nothing changed",
        Outcome::Applied | Outcome::NoOp | Outcome::Error => "the change failed",
    }
}

impl CliError {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Admin(error) | Self::Missing { error, .. } => match error.kind {
                AdminErrorKind::Refused => 3,
                AdminErrorKind::NotFound => 4,
                AdminErrorKind::Conflict => 5,
                AdminErrorKind::Invalid => 2,
                AdminErrorKind::Unauthorized
                | AdminErrorKind::Unreachable
                | AdminErrorKind::Unavailable
                | AdminErrorKind::Internal => 1,
            },
            Self::Config(_)
            | Self::Theme { .. }
            | Self::NobodyToAsk { .. }
            | Self::NoTerminal { .. }
            | Self::NoDryRun { .. }
            | Self::NoReadOnly { .. }
            | Self::OpenToken { .. }
            | Self::NoToken { .. }
            | Self::NoUrl { .. }
            | Self::LocalOnly { .. }
            | Self::WrongValue { .. }
            | Self::UnknownFilter { .. }
            | Self::TwoForms
            | Self::NothingToSimulate
            | Self::Password(_) => 2,
            Self::ReadOnly { .. } | Self::NotApplied { .. } => 3,
            Self::NoSuchToken { .. }
            | Self::NoSuchClient { .. }
            | Self::NoSuchKey { .. }
            | Self::NoSuchStream { .. } => 4,
            Self::ManyTokens { .. }
            | Self::ChangedMeanwhile { .. }
            | Self::AlreadyRunning { .. }
            | Self::Path(PathError::Held { .. }) => 5,
            Self::Path(_)
            | Self::Output(_)
            | Self::Render(_)
            | Self::Input(_)
            | Self::Runtime(_)
            | Self::TempDir(_)
            | Self::File { .. }
            | Self::Server(_)
            | Self::Console(_)
            | Self::Simulate(_)
            | Self::Traffic(_)
            | Self::NotInitialised { .. }
            | Self::Declined
            | Self::NotReady { .. }
            | Self::RehearsalEnded
            | Self::TestDriveFailed { .. }
            | Self::NoTestDrive
            | Self::Listen(_)
            | Self::TestIdp(_)
            | Self::Unhealthy { .. } => 1,
        }
    }

    /// Whether all that failed is that the reader of the answer went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The failure with every cause below it.
    pub fn whole(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let next = error.to_string();
            // A transparent variant repeats its cause.
            if !text.ends_with(&next) {
                text.push_str(": ");
                text.push_str(&next);
            }
            cause = error.source();
        }
        text
    }

    /// What to do next, where that can be told.
    pub fn next_step(&self) -> Option<String> {
        let step = match self {
            Self::Admin(error) => return admin_next_step(error),
            Self::NotInitialised { .. } => {
                "make it: provost init --owner-email YOU@EXAMPLE.COM, or look around: provost demo"
            }
            Self::NobodyToAsk { .. } => "say so beforehand with --yes",
            Self::NoTerminal { .. } => {
                "without a terminal: provost serve runs the engine, provost status shows its state"
            }
            Self::NoToken { .. } => {
                "name a file with --token-file, or set PROVOST_TOKEN; `provost token new --scope admin` on the engine's machine makes one"
            }
            Self::LocalOnly { .. } => {
                "leave --url and --context away, or unset PROVOST_URL and PROVOST_CONTEXT"
            }
            Self::ReadOnly { .. } => {
                "leave --read-only away, or take read_only out of the configuration"
            }
            Self::OpenToken { path } => {
                return Some(format!(
                    "close it: chmod 600 {}; and if somebody may have read it, revoke the token and make another one",
                    path.display()
                ));
            }
            Self::ChangedMeanwhile { .. } => "look at it again, then repeat the command",
            Self::AlreadyRunning { data_dir, .. } => {
                return Some(format!(
                    "open a console on it: provost --data-dir {0}; see its state: provost --data-dir {0} status",
                    data_dir.display()
                ));
            }
            Self::NoReadOnly { .. } => {
                "leave --read-only away, or unset PROVOST_READ_ONLY; a console or a command takes it"
            }
            Self::TestDriveFailed {
                request: Some(request),
                ..
            } => {
                return Some(format!(
                    "see why, and what to do: provost log explain {request}"
                ));
            }
            Self::NoTestDrive => {
                "try it again: provost sso test; if the browser ended on a page of the identity provider, its log says why"
            }
            Self::NothingToSimulate => {
                "name a preset (provost policy simulate --preset datadog) or keys (--set users.on_delete=remove)"
            }
            Self::NoSuchKey { .. } => "see them all: provost policy keys",
            Self::NoSuchClient { .. } => "see them all: provost client list --all",
            Self::Theme { .. } => {
                let names: Vec<&str> = Theme::names().collect();
                let names = names.join(", ");
                return Some(format!("choose one of {names}, or a TOML file of your own"));
            }
            Self::NoSuchToken { .. } => "see them all: provost token list --all",
            Self::NoSuchStream { .. } => "see them all: provost stream list",
            Self::ManyTokens { .. } => "name it by its id: provost token list --all --json",
            Self::Path(PathError::SocketPathTooLong { .. }) => {
                "choose a data directory with a shorter path: --data-dir"
            }
            Self::Path(PathError::Held { .. }) => {
                "it does not answer on its socket; wait for it, or end that process"
            }
            Self::NotApplied {
                request: Some(request),
                ..
            } => return Some(format!("see why: provost log show {request}")),
            _ => return None,
        };
        Some(step.to_owned())
    }

    /// The failure as a document.
    pub fn to_json(&self) -> Value {
        let mut error = match self {
            Self::Admin(error) => json!(error),
            Self::Missing { error, missing } => {
                let mut error = json!(error);
                if let Some(fields) = error.as_object_mut() {
                    fields.insert("missing".into(), json!(missing));
                }
                error
            }
            _ => json!({ "kind": self.kind(), "detail": self.whole() }),
        };
        if let (Some(next), Some(fields)) = (self.next_step(), error.as_object_mut()) {
            fields.insert("next".into(), Value::String(next));
        }
        json!({ "error": error, "exit_code": self.exit_code() })
    }

    fn kind(&self) -> &'static str {
        match self.exit_code() {
            2 => "usage",
            3 => "refused",
            4 => "not_found",
            5 => "conflict",
            _ => "failed",
        }
    }
}

fn admin_next_step(error: &AdminError) -> Option<String> {
    if let Some(step) = error.code.as_deref().and_then(step_of_code) {
        return Some(step.to_owned());
    }
    match (error.kind, error.request_id, error.retry_after) {
        (AdminErrorKind::Unauthorized, ..) => Some(
            "give an admin token that is live: provost token new --scope admin makes one".into(),
        ),
        (AdminErrorKind::Unreachable, ..) => Some("see what is wrong: provost doctor".into()),
        (_, Some(request), _) => Some(format!("see why: provost log show {}", request.0)),
        (_, None, Some(seconds)) => Some(format!("try again in {seconds} s")),
        (_, None, None) => None,
    }
}

/// The command that helps, where the code alone tells which one.
fn step_of_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "SSO_NOT_CONFIGURED" => "set it first: provost sso configure --metadata FILE-OR-URL",
        "NO_INVITATIONS" => {
            "give them a link to set a password: provost member reset-link MEMBER; or let invitations work: provost policy set users.invite_ttl 48h"
        }
        "SSO_NO_INVITE" => {
            "assign them to the app at the identity provider; they sign in there, at the address that `provost sso show` tells"
        }
        "SIGN_IN_USE_SSO" => {
            "they sign in at the identity provider, at the address that `provost sso show` tells; to keep an admin for recovery, who has a password besides: provost recover mark MEMBER"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::admin::types::RequestId;

    #[rstest]
    #[case::invalid(AdminErrorKind::Invalid, 2)]
    #[case::refused(AdminErrorKind::Refused, 3)]
    #[case::not_found(AdminErrorKind::NotFound, 4)]
    #[case::conflict(AdminErrorKind::Conflict, 5)]
    #[case::unauthorized(AdminErrorKind::Unauthorized, 1)]
    #[case::unreachable(AdminErrorKind::Unreachable, 1)]
    fn an_admin_error_has_its_exit_code(#[case] kind: AdminErrorKind, #[case] code: u8) {
        assert_eq!(CliError::from(AdminError::new(kind, "x")).exit_code(), code);
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let gone = CliError::Output(io::ErrorKind::BrokenPipe.into());
        let full = CliError::Output(io::ErrorKind::StorageFull.into());
        assert!(gone.is_broken_pipe() && !full.is_broken_pipe());
    }

    #[test]
    fn a_refusal_leads_to_its_request() {
        let mut error = AdminError::new(AdminErrorKind::Refused, "the owner stays");
        error.request_id = Some(RequestId(12));
        let error = CliError::from(error);
        assert_eq!(
            error.next_step().as_deref(),
            Some("see why: provost log show 12")
        );
        let document = error.to_json();
        assert_eq!(document["exit_code"], 3);
        assert_eq!(document["error"]["kind"], "refused");
        assert_eq!(document["error"]["request_id"], 12);
    }

    #[test]
    fn every_cause_is_told_once() {
        let error = CliError::File {
            path: "/x".into(),
            source: io::Error::other("disk on fire"),
        };
        assert_eq!(error.whole(), "cannot use /x: disk on fire");
    }
}
