//! Lists that come in pages: which rows, and all of them when asked for.

use std::future::Future;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::error::CliError;
use super::output::{Form, Row, text};
use super::session::{Session, note};
use crate::admin::AdminError;
use crate::admin::types::{Listing, Page, Sort, Total};
use crate::nearest::nearest;

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
    /// The words that narrow the list.
    pub words: &'static [FilterWord],
}

/// A word of a filter, such as `active:`.
pub struct FilterWord {
    /// What stands before the colon.
    pub key: &'static str,
    /// What may stand behind it; empty where anything may.
    pub values: &'static [&'static str],
    /// Both, as they are told.
    pub told: &'static str,
}

/// Refuses what the engine would take for text that nobody has, or for something that cannot be. The console filters
/// while one types and may meet half a word; a script that mistypes one is told. Quotes say that text is meant.
fn check(filter: &[String], noun: Noun) -> Result<(), CliError> {
    let words = filter.iter().filter(|argument| !argument.contains('"'));
    for word in words.flat_map(|argument| argument.split_whitespace()) {
        let Some((key, value)) = word.split_once(':') else {
            continue;
        };
        let keys = noun.words.iter().map(|known| known.key);
        let Some(meant) = nearest(key, keys) else {
            if is_key(key) {
                let keys = noun.words.iter().map(|known| format!("{}:", known.key));
                return Err(CliError::UnknownFilter {
                    key: key.to_owned(),
                    many: noun.many,
                    known: keys.collect::<Vec<_>>().join(", "),
                });
            }
            continue;
        };
        let Some(known) = noun.words.iter().find(|known| known.key == meant) else {
            continue;
        };
        let is_value = known.values.is_empty()
            || (known.values.iter()).any(|one| one.eq_ignore_ascii_case(value));
        if !key.eq_ignore_ascii_case(known.key) || !is_value {
            return Err(CliError::WrongValue {
                name: "the filter",
                found: word.to_owned(),
                expected: known.told,
            });
        }
    }
    Ok(())
}

/// Whether what stands before a colon is meant as a key: letters alone, and not the beginning of a URN or a URL, which
/// people search for as they are.
fn is_key(word: &str) -> bool {
    const TEXTS: [&str; 3] = ["urn", "http", "https"];
    let is_text = TEXTS.iter().any(|text| text.eq_ignore_ascii_case(word));
    let is_letter =
        |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '_' | '-' | '.');
    !word.is_empty() && word.chars().all(is_letter) && !is_text
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
    check(filter, noun)?;
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const MEMBERS: Noun = Noun {
        one: "member",
        many: "members",
        words: &[
            FilterWord {
                key: "active",
                values: &["true", "false"],
                told: "active:true or active:false",
            },
            FilterWord {
                key: "team",
                values: &[],
                told: "team:NAME",
            },
        ],
    };

    #[rstest]
    #[case::text("ada", true)]
    #[case::word("active:FALSE", true)]
    #[case::any_value("team:Payments", true)]
    #[case::a_urn_is_text("urn:x", true)]
    #[case::a_time_is_text("12:30", true)]
    #[case::no_such_value("active:maybe", false)]
    #[case::unknown_key("nonsense:x", false)]
    #[case::a_url_is_text("https://x.example", true)]
    #[case::mistyped_key("activ:false", false)]
    #[case::several("ada teams:x", false)]
    #[case::quoted("\"activ:false\"", true)]
    fn a_filter_that_cannot_be_is_refused(#[case] filter: &str, #[case] good: bool) {
        assert_eq!(check(&[filter.to_owned()], MEMBERS).is_ok(), good);
    }
}
