//! `provost demo`: everything on a throw-away directory, with simulated identity providers sending real HTTP.
//!
//! The same engine, server and console as everywhere, on a directory that is removed on every way out: the end of the
//! console, a signal, an error, a panic. Without a terminal it runs headless for a while and prints a summary.

mod progress;
mod stage;
mod summary;

use std::time::Duration;

use clap::Args;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::connect::Reach;
use super::console::{self, Label};
use super::error::CliError;
use super::session::{self, Session};
use super::signals::EndSignals;
use super::tracing_setup;
use crate::simulate::seed::Seeding;
use crate::simulate::traffic::{Pace, Traffic, TrafficTotals};
use stage::Stage;

/// Try everything on a throw-away directory with simulated identity providers.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost demo
  provost demo --members 200 --teams 10 --pace 20
  provost demo --headless --seconds 10 --json

Okta and Microsoft Entra ID are simulated and send real requests to a real engine on 127.0.0.1. Nothing is left
behind; what a killed demo left is removed by the next one.")]
pub struct DemoVerb {
    /// How many members to begin with.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    members: u32,
    /// How many teams to begin with.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    teams: u32,
    /// Requests a second on average, from 0.1 to 1000.
    #[arg(long, value_name = "X", default_value_t = 2.0, value_parser = parse_pace)]
    pace: f64,
    /// Without a console: run for --seconds and print a summary.
    #[arg(long)]
    headless: bool,
    /// How long to run headless.
    #[arg(long, value_name = "N", default_value_t = 10, requires = "headless", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
}

fn parse_pace(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(pace) if (0.1..=1000.0).contains(&pace) => Ok(pace),
        _ => Err("expected a number from 0.1 to 1000".into()),
    }
}

/// Runs it.
pub async fn run(session: &mut Session, verb: &DemoVerb) -> Result<(), CliError> {
    session.refuse_dry_run("demo")?;
    session.refuse_remote("demo")?;
    if !verb.headless {
        session::require_terminal()?;
        // Before the directory is filled.
        console::theme(&session.settings)?;
    }
    let mut signals = EndSignals::listen()?;
    let stage = tokio::select! {
        stage = Stage::build(&session.settings) => stage?,
        _ = signals.next() => return Ok(()),
    };
    let _log = tracing_setup::to_file(&stage.settings, &stage.settings.state_dir)?;
    let played = Box::pin(play(session, verb, &stage, &mut signals)).await;
    let struck = stage.strike().await;
    played.and(struck)
}

async fn play(
    session: &mut Session,
    verb: &DemoVerb,
    stage: &Stage,
    signals: &mut EndSignals,
) -> Result<(), CliError> {
    let seeding = Seeding {
        members: verb.members as usize,
        teams: verb.teams as usize,
        ..Seeding::default()
    };
    let seeded = tokio::select! {
        seeded = progress::seed(&stage.targets, seeding) => seeded?,
        _ = signals.next() => return Ok(()),
    };
    let pace = Pace::every(Duration::from_secs_f64(1.0 / verb.pace));
    let traffic = Traffic::over(&stage.targets, seeded, pace, seeding.seed)?;
    let stop = CancellationToken::new();
    let stream = AbortOnDropHandle::new(tokio::spawn(traffic.run(stop.clone())));
    if verb.headless {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(verb.seconds)) => {}
            _ = signals.next() => {}
        }
        stop.cancel();
        let totals: TrafficTotals = stream.await.map_err(CliError::Traffic)?;
        return summary::print(session, stage, totals).await;
    }
    let reach = Reach::new(stage.embedded.shared_admin(), session.settings.read_only);
    let shown = Box::pin(console::show(&stage.settings, Label::plain("demo"), &reach)).await;
    stop.cancel();
    shown
}
