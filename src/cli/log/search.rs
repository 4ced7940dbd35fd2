//! `provost log search`: the lines that match a query.

use clap::Args;

use crate::admin::types::{RequestId, RequestListing};
use crate::cli::error::CliError;
use crate::cli::output::{Form, text};
use crate::cli::session::{Session, note};

/// Search the log, newest first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost log search status:'>=400' since:2h
  provost log search method:PATCH user:ada outcome:refused
  provost log search token:okta code:DUP_USER --json
  provost log search --csv since:1d '\"free text\"' -- -method:GET

All words must hold; one that starts with - must not, and comes after --. The same language works in the console.")]
pub struct SearchVerb {
    /// The query; empty lists everything.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// How many lines at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// Only lines older than this one.
    #[arg(long, value_name = "ID")]
    before: Option<RequestId>,
    /// Only lines newer than this one.
    #[arg(long, value_name = "ID", conflicts_with = "before")]
    after: Option<RequestId>,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Lists them.
pub async fn run(session: &mut Session, verb: &SearchVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let asked = reach
        .read()
        .requests(RequestListing {
            query: verb.query.join(" "),
            before: verb.before,
            after: verb.after,
            limit: verb.limit,
        })
        .await;
    let page = reach.finish(asked).await?;
    session.out.list(&page, &page.items, session.now)?;
    if session.out.form == Form::Table {
        let lines = text::count(page.log_total, "line", "lines");
        match page.items.last() {
            None => note(&format!("nothing matches; the log has {lines}")),
            Some(last) if page.more => note(&format!(
                "there are more; older ones with --before {}",
                last.id.0
            )),
            Some(_) => {}
        }
    }
    Ok(())
}
