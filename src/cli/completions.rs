//! `provost completions SHELL`: prints what makes a shell complete commands and flags.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::args::Arguments;
use super::error::CliError;

/// Print the completions of a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost completions bash > ~/.local/share/bash-completion/completions/provost
  provost completions zsh > \"${fpath[1]}/_provost\"
  provost completions fish > ~/.config/fish/completions/provost.fish")]
pub struct CompletionsVerb {
    /// The shell.
    shell: Shell,
}

/// Prints them.
pub fn run(verb: &CompletionsVerb) -> Result<(), CliError> {
    // Written to memory first: the generator panics when its writer fails, and a pipe may be closed.
    let mut script = Vec::new();
    clap_complete::generate(
        verb.shell,
        &mut Arguments::command(),
        "provost",
        &mut script,
    );
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(&script)
        .and_then(|()| stdout.flush())
        .map_err(CliError::Output)
}
