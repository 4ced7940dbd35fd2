//! `provost log tail`: the log as it grows. A reader too slow is told how many lines it missed.

use clap::Args;
use futures::StreamExt;

use crate::admin::TailStream;
use crate::admin::types::{RequestListing, RequestRow, TailEvent};
use crate::cli::connect::Reach;
use crate::cli::error::CliError;
use crate::cli::output::{Form, text};
use crate::cli::session::{Session, note};
use crate::cli::signals::EndSignals;

/// Follow the log as it grows.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost log tail
  provost log tail outcome:refused
  provost log tail --lines 0 --json | jq .row.path

With --json each line is a document: {\"event\":\"request\",\"row\":…} or {\"event\":\"dropped\",\"count\":…}.
It ends with Ctrl-C, or when the engine stops.")]
pub struct TailVerb {
    /// Only lines that match this query; see `provost log search --help`.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// How many lines of before to show first.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    lines: u32,
    /// End after so many lines in all.
    #[arg(long, value_name = "N")]
    count: Option<u64>,
}

/// Follows it.
pub async fn run(session: &mut Session, verb: &TailVerb) -> Result<(), CliError> {
    let mut signals = EndSignals::listen()?;
    let reach = session.reach().await?;
    let followed = tokio::select! {
        followed = follow(session, &reach, verb) => followed,
        _ = signals.next() => Ok(()),
    };
    reach.finish(followed).await
}

async fn follow(session: &mut Session, reach: &Reach, verb: &TailVerb) -> Result<(), CliError> {
    let query = verb.query.join(" ");
    // Subscribed before the past is read, so that no line falls between the two.
    let mut tail = reach.read().tail(query.clone()).await?;
    let mut left = verb.count.unwrap_or(u64::MAX);
    if session.out.form == Form::Table {
        session.out.titles::<RequestRow>()?;
    }
    let mut shown = None;
    if verb.lines > 0 {
        let past = reach
            .read()
            .requests(RequestListing {
                query,
                limit: verb.lines,
                ..RequestListing::default()
            })
            .await?;
        for row in past.items.into_iter().rev() {
            if left == 0 {
                return Ok(());
            }
            left -= 1;
            shown = Some(row.id);
            write(session, &TailEvent::Request { row: Box::new(row) })?;
        }
    }
    while left > 0 {
        let Some(event) = next(&mut tail).await? else {
            note("the engine stopped");
            return Ok(());
        };
        match &event {
            TailEvent::Request { row } if shown.is_some_and(|last| row.id <= last) => {}
            TailEvent::Request { .. } => {
                left -= 1;
                write(session, &event)?;
            }
            TailEvent::Dropped { .. } => write(session, &event)?,
        }
    }
    Ok(())
}

async fn next(tail: &mut TailStream) -> Result<Option<TailEvent>, CliError> {
    Ok(tail.next().await.transpose()?)
}

fn write(session: &mut Session, event: &TailEvent) -> Result<(), CliError> {
    if session.out.form == Form::Json {
        return session.out.document_line(event);
    }
    match event {
        TailEvent::Request { row } => session.out.row(row.as_ref(), session.now),
        TailEvent::Dropped { count } => session.out.line(&format!(
            "… {} left out here because this reader was too slow; they are in the log",
            text::count(*count, "line", "lines")
        )),
    }
}
