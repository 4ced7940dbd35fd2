//! `provost man`: prints the manual page, or writes one page a command into a directory.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::args::Arguments;
use super::error::CliError;

/// Print the manual page.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost man | man -l -                           read it
  provost man --dir ~/.local/share/man/man1        one page for each command")]
pub struct ManVerb {
    /// Write one page for each command into this directory instead.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes it.
pub fn run(verb: &ManVerb) -> Result<(), CliError> {
    let command = Arguments::command();
    if let Some(dir) = &verb.dir {
        return std::fs::create_dir_all(dir)
            .and_then(|()| clap_mangen::generate_to(command, dir))
            .map_err(|source| CliError::File {
                path: dir.clone(),
                source,
            });
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .manual("Provost")
        .render(&mut page)
        .map_err(CliError::Output)?;
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(&page)
        .and_then(|()| stdout.flush())
        .map_err(CliError::Output)
}
