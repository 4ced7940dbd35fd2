//! Seeding, with a line on standard error that says how far it has come.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::cli::error::CliError;
use crate::cli::output::text;
use crate::cli::session::note;
use crate::simulate::Targets;
use crate::simulate::seed::{SeedProgress, Seeded, Seeding, seed_directory};

/// How often the line is written anew.
const EVERY: Duration = Duration::from_millis(100);

/// Fills the server of the demo.
pub async fn seed(targets: &Targets, seeding: Seeding) -> Result<Seeded, CliError> {
    let mut line = Line::new();
    let seeded = seed_directory(targets, seeding, |progress| line.show(progress)).await;
    line.end();
    let seeded = seeded?;
    note(&format!(
        "seeded {} and {}",
        text::count(seeding.members as u64, "member", "members"),
        text::count(seeding.teams as u64, "team", "teams")
    ));
    Ok(seeded)
}

/// One line that is written over and over at a terminal, and not at all elsewhere.
struct Line {
    shown: Option<Instant>,
    at_terminal: bool,
}

impl Line {
    fn new() -> Self {
        Self {
            shown: None,
            at_terminal: io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, progress: SeedProgress) {
        let due = self.shown.is_none_or(|shown| shown.elapsed() >= EVERY);
        if !self.at_terminal || !(due || progress.done == progress.total) {
            return;
        }
        self.shown = Some(Instant::now());
        // A progress line that cannot be written is no reason to stop.
        let _ = write!(
            io::stderr(),
            "\r\u{1b}[Kseeding {}: {} of {}",
            progress.stage,
            progress.done,
            progress.total
        );
    }

    fn end(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
