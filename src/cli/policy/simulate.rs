//! `provost policy simulate`: which recorded requests another policy would have answered otherwise.

use clap::Args;
use jiff::Timestamp;

use super::show::empty_as_none;
use crate::admin::policy::{Answered, Reanswered, Simulate, Simulation};
use crate::admin::policy_file;
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Column, Form, Row, Tone, text, time};
use crate::cli::session::{Session, note};

/// Show which recorded requests another policy would have answered otherwise.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy simulate --preset launchdarkly
  provost policy simulate --set users.on_delete=remove --since 24h
  provost policy simulate --preset datadog --query 'token:okta resource:Groups' --json

Without --preset and --set it tries what the table [policy] of the configuration file says, where the engine was started
with another one: what a restart would change. Where nothing is pending it says so, and the exit code is 2.

The SCIM writes of the request log are decided again on two copies of the directory as it was before the first of them,
once under the policy in force and once under the other one. Nothing changes. What it cannot know it says.")]
pub struct SimulateVerb {
    /// The preset to try; without it the policy in force.
    #[arg(long, value_name = "PRESET", id = "preset")]
    preset: Option<String>,
    /// A key to set otherwise, as KEY=VALUE. May be given many times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_set)]
    set: Vec<(String, String)>,
    /// Only requests of so long, such as 24h or 7d.
    #[arg(long, value_name = "TIME", value_parser = crate::cli::duration::parse)]
    since: Option<crate::cli::duration::Span>,
    /// Only requests that match this query of the log.
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

fn parse_set(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| "expected KEY=VALUE, such as users.on_delete=remove".to_owned())?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

pub(super) async fn run(session: &mut Session, verb: SimulateVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let since = verb.since.map(|span| format!("since:{}s", span.0));
    let words: Vec<String> = since.into_iter().chain(verb.query).collect();
    let reach = session.reach().await?;
    let (reach, (preset, overrides)) = if verb.preset.is_none() && verb.set.is_empty() {
        let (reach, policy) = reach.keep(async |read| read.policy().await).await?;
        // Of an engine elsewhere this machine does not have the file.
        let is_here = session.global.url.is_none() && session.settings.context.is_none();
        let pending = is_here.then(|| policy_file::pending(&session.settings.policy, policy));
        match pending.transpose() {
            Ok(Some(Some(pending))) => {
                note("what the configuration file says and the engine was not started with:");
                (reach, pending)
            }
            Ok(_) => return reach.finish(Err(CliError::NothingToSimulate)).await,
            Err(error) => return reach.finish(Err(error)).await,
        }
    } else {
        (reach, (verb.preset, verb.set.into_iter().collect()))
    };
    let simulate = Simulate {
        preset,
        overrides,
        query: words.join(" "),
    };
    let simulation = reach.read().simulate_policy(simulate).await;
    let simulation = reach.finish(simulation).await?;
    let form = session.out.form;
    if form != Form::Table || !simulation.changed.is_empty() {
        session
            .out
            .list(&simulation, &simulation.changed, session.now)?;
    }
    if form == Form::Table {
        tell(&simulation, session.now);
    }
    Ok(())
}

/// What the table does not say.
fn tell(simulation: &Simulation, now: Timestamp) {
    let keys = simulation.differences.len() as u64;
    let keys = text::count(
        keys,
        "key of the policy differs",
        "keys of the policy differ",
    );
    note(&format!("{keys}:"));
    for difference in &simulation.differences {
        note(&format!(
            "  {} {} → {}",
            difference.key,
            empty_as_none(&difference.now),
            empty_as_none(&difference.then)
        ));
    }
    let requests = text::count(simulation.decided, "request", "requests");
    let stretch = match (simulation.from, simulation.until) {
        (Some(from), Some(until)) => format!(
            ", from {} to {}",
            time::relative(from, now),
            time::relative(until, now)
        ),
        _ => String::new(),
    };
    note(&format!(
        "{requests} decided again{stretch}; {} answered otherwise",
        text::thousands(simulation.changed.len() as u64)
    ));
    if simulation.drifted > 0 {
        note(&format!(
            "{} answered otherwise than recorded under the policy in force already: state or policy were not the same then",
            text::count(simulation.drifted, "request was", "requests were")
        ));
    }
    note("what it rests on:");
    for limit in &simulation.limits {
        note(&format!("  {limit}"));
    }
}

impl Row for Reanswered {
    const COLUMNS: &'static [Column] = &[
        Column::right("request", "ID", 6),
        Column::left("method", "METHOD", 6),
        Column::left("subject", "SUBJECT", 24),
        Column::left("recorded", "RECORDED", 14),
        Column::left("now", "NOW", 22),
        Column::left("then", "THEN", 22),
        Column::left("policy_key", "DECIDED BY", 28),
        Column::left("path", "PATH", 30),
        Column::script("at"),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::both(self.request.to_string(), self.request.0.to_string()),
            Cell::text(&self.method),
            Cell::maybe(self.subject.as_deref()),
            Cell::text(answer(&self.recorded)).tone(Tone::Dim),
            Cell::text(answer(&self.now)),
            Cell::text(answer(&self.then)).tone(Tone::Warn),
            Cell::maybe(self.then.policy_key.as_deref()),
            Cell::text(&self.path).tone(Tone::Dim),
            Cell::text(self.at.to_string()),
        ]
    }
}

/// An answer in a few words.
fn answer(answered: &Answered) -> String {
    let word = match &answered.code {
        Some(code) => code.clone(),
        None => answered.outcome.as_str().replace('_', "-"),
    };
    format!("{} {word}", answered.status)
}
