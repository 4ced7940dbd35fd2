//! Lists that come in pages: which rows, and all of them when asked for.

use std::future::Future;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::error::CliError;
use super::output::{Form, Row, text};
use super::session::{Session, note};
use crate::admin::AdminError;
use crate::admin::types::{Listing, Page, Sort, Total};

/// The most rows a page may have.
const FULL_PAGE: u32 = 1_000;

/// Which rows of a list.
#[derive(Debug, Args)]
pub struct PageArguments {
    /// The order.
    #[arg(long, value_enum, default_value_t)]
    sort: SortArgument,
    /// How many rows at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// How many rows to skip.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// Every row, however many.
    #[arg(long, conflicts_with_all = ["limit", "offset"])]
    all: bool,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// The orders of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum SortArgument {
    /// As they were created, oldest first.
    #[default]
    Created,
    /// By name.
    Name,
    /// Last changed first.
    Modified,
}

impl From<SortArgument> for Sort {
    fn from(argument: SortArgument) -> Self {
        match argument {
            SortArgument::Created => Self::Created,
            SortArgument::Name => Self::Name,
            SortArgument::Modified => Self::Modified,
        }
    }
}

/// What a list is of, for the notes beside it.
#[derive(Clone, Copy)]
pub struct Noun {
    /// One of them.
    pub one: &'static str,
    /// Many of them.
    pub many: &'static str,
}

/// Answers a list command: asks `fetch` for the rows and writes them in the form asked for.
pub async fn list<R, F, Fut>(
    session: &mut Session,
    arguments: &PageArguments,
    filter: &[String],
    noun: Noun,
    fetch: F,
) -> Result<(), CliError>
where
    R: Row + Serialize,
    F: Fn(Listing) -> Fut,
    Fut: Future<Output = Result<Page<R>, AdminError>>,
{
    session.list_form(arguments.csv)?;
    let listing = Listing {
        filter: filter.join(" "),
        sort: arguments.sort.into(),
        offset: arguments.offset,
        limit: if arguments.all {
            FULL_PAGE
        } else {
            arguments.limit
        },
    };
    let mut page = fetch(listing.clone()).await?;
    let now = session.now;
    let streams = session.out.form == Form::Csv;
    if streams {
        // A list of any length passes through: no more than a page is kept.
        session.out.list(&page, &page.items, now)?;
    }
    let mut last = page.items.len();
    let mut seen = last as u64;
    while arguments.all && last == FULL_PAGE as usize {
        let next = fetch(Listing {
            offset: listing.offset + seen,
            ..listing.clone()
        });
        let next = next.await?;
        last = next.items.len();
        seen += last as u64;
        if streams {
            session.out.csv_rows(&next.items, now)?;
        } else {
            page.total = next.total;
            page.items.extend(next.items);
        }
    }
    if streams {
        return Ok(());
    }
    session.out.list(&page, &page.items, now)?;
    note_rest(session, &page, noun);
    Ok(())
}

/// Says beside a table what it does not show.
fn note_rest<R>(session: &Session, page: &Page<R>, noun: Noun) {
    if session.out.form != Form::Table {
        return;
    }
    let shown = page.items.len() as u64;
    let end = page.offset + shown;
    match page.total {
        Total::Exact(0) => note(&format!("no {}", noun.many)),
        Total::Exact(total) if end < total => note(&format!(
            "{} of {}; more with --offset {end} or --all",
            text::thousands(shown),
            text::count(total, noun.one, noun.many),
        )),
        Total::Exact(_) => {}
        Total::AtLeast(total) => note(&format!(
            "{} of more than {}; more with --offset {end} or --all",
            text::thousands(shown),
            text::count(total, noun.one, noun.many),
        )),
    }
}
