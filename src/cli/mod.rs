//! The command line: one file per noun, every answer as a table for people, JSON or CSV for scripts.
//!
//! `main` parses, runs and turns the result into an exit code: 0 ok, 1 failed, 2 usage, 3 refused by policy or guard,
//! 4 not found, 5 conflict; a reader that went away (broken pipe) is success. Commands reach an engine through
//! [`connect`] and know nothing of it but `admin`'s traits. What a command answers goes to standard output, everything
//! said beside it to standard error.

mod args;
mod client;
mod completions;
mod confirm;
mod connect;
mod connection;
mod console;
mod demo;
mod doctor;
mod duration;
mod embedded;
mod error;
mod guard;
mod init;
mod limits;
mod log;
mod man;
mod member;
mod output;
mod paging;
mod password;
mod policy;
mod provisioning;
mod purge;
mod recover;
mod rehearse;
mod remote;
mod scim;
mod scratch;
mod serve;
mod session;
mod sessions;
mod signals;
mod simulate;
mod sso;
mod status;
mod stream;
mod sync;
mod team;
mod team_change;
mod team_purge;
mod token;
mod tracing_setup;
mod words;
mod written;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

pub use args::{Arguments, GlobalArguments, Verb};
pub use error::CliError;

use session::Session;

/// Parses the arguments of this process, runs what they ask for, and returns the exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap writes help and version to standard output and everything else to standard error; a reader that
            // went away is no failure.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let json = arguments.global.json;
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            let _ = report(&error, json);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Runs parsed arguments.
fn run(arguments: Arguments) -> Result<(), CliError> {
    match arguments.verb {
        // These two need neither settings nor an engine.
        Some(Verb::Completions(verb)) => return completions::run(&verb),
        Some(Verb::Man(verb)) => return man::run(&verb),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    runtime.block_on(dispatch(arguments))
}

async fn dispatch(arguments: Arguments) -> Result<(), CliError> {
    let Arguments { global, verb } = arguments;
    // The doctor reports a wrong configuration instead of failing on it.
    if let Some(Verb::Doctor(verb)) = verb {
        return doctor::run(&global, &verb).await;
    }
    let mut session = Session::start(&global)?;
    match verb {
        None => Box::pin(console::run(&session)).await,
        Some(Verb::Init(verb)) => init::run(&mut session, verb).await,
        Some(Verb::Serve(verb)) => serve::run(&session, &verb).await,
        Some(Verb::Demo(verb)) => Box::pin(demo::run(&mut session, &verb)).await,
        Some(Verb::Rehearse(verb)) => Box::pin(rehearse::run(&mut session, &verb)).await,
        Some(Verb::Status(verb)) => status::run(&mut session, &verb).await,
        Some(Verb::Token(verb)) => token::run(&mut session, verb).await,
        Some(Verb::Client(verb)) => client::run(&mut session, verb).await,
        Some(Verb::Member(verb)) => member::run(&mut session, verb).await,
        Some(Verb::Team(verb)) => team::run(&mut session, verb).await,
        Some(Verb::Policy(verb)) => policy::run(&mut session, verb).await,
        Some(Verb::Sync(verb)) => sync::run(&mut session, verb).await,
        Some(Verb::Provisioning(verb)) => provisioning::run(&mut session, verb).await,
        Some(Verb::Stream(verb)) => stream::run(&mut session, verb).await,
        Some(Verb::Guard(verb)) => guard::run(&mut session, verb).await,
        Some(Verb::Recover(verb)) => recover::run(&mut session, verb).await,
        Some(Verb::Sso(verb)) => sso::run(&mut session, verb).await,
        Some(Verb::Session(verb)) => sessions::run(&mut session, verb).await,
        Some(Verb::Simulate(verb)) => simulate::run(&mut session, verb).await,
        Some(Verb::Log(verb)) => log::run(&mut session, verb).await,
        Some(Verb::Scim(verb)) => scim::run(&mut session, verb).await,
        Some(Verb::Doctor(_) | Verb::Completions(_) | Verb::Man(_)) => Ok(()),
    }
}

/// Says on standard error what failed, why, and what to do next; with `--json` as a document.
fn report(error: &CliError, json: bool) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    if json {
        return writeln!(stderr, "{}", error.to_json());
    }
    writeln!(
        stderr,
        "provost: {}",
        output::text::printable_lines(&error.whole())
    )?;
    if let CliError::Admin(error) = error {
        if let Some(key) = &error.policy_key {
            writeln!(stderr, "  policy key: {}", output::text::printable(key))?;
        }
        for path in &error.notes {
            writeln!(stderr, "  path to admin: {}", output::text::printable(path))?;
        }
    }
    if let CliError::Missing { missing, .. } = error {
        for one in missing {
            writeln!(stderr, "  missing: {}", output::text::printable(one))?;
        }
    }
    if let Some(next) = error.next_step() {
        writeln!(stderr, "  → {next}")?;
    }
    Ok(())
}
