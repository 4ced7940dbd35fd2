//! SCIM filters over the database.
//!
//! A filter becomes a set of sequence numbers where indexes can answer it ([`plan`]): key look-ups on `resource`, ranges of
//! `attr`, memberships, joined as the filter joins them. Where they can only narrow it, or not at all, candidates are read
//! as whole resources and the filter itself decides ([`whole`]), within a budget. [`Filter::matches`] is the truth: a
//! property test compares both over all documents.
//!
//! Invariant: a set holds every match. Only where it is marked exact does it hold nothing else.

mod atoms;
mod compare;
mod literal;
mod plan;
mod sets;
mod whole;

#[cfg(test)]
mod tests;

use rusqlite::{Connection, params_from_iter};

use self::literal::Necessary;
use self::plan::Plan;
use self::whole::Reader;
use super::failure::Fallible;
use super::read::documents::{self, Links};
use super::statement::{Statement, Statements};
use super::values::{kind_number, text_bytes};
use crate::scim::ResourceKind;
use crate::scim::filter::Filter;
use crate::store::{DocumentPage, DocumentQuery, StoreError};

/// Evaluating a resource costs as much as looking at so many.
const EVALUATION: u64 = 10;

/// Answers a list request, with or without a filter.
pub fn search(
    connection: &Connection,
    query: &DocumentQuery,
    budget: u64,
) -> Fallible<DocumentPage> {
    let links = if query.with_links {
        Links::Loaded
    } else {
        Links::LeftOut
    };
    let kind = query.kind;
    let Some(filter) = &query.filter else {
        return documents::page(connection, kind, query.start_index, query.count, links);
    };
    let mut window = Window::new(query);
    match plan::plan(connection, kind, filter)? {
        Plan::Nothing => {}
        Plan::Everything { exact: true } => {
            return documents::page(connection, kind, query.start_index, query.count, links);
        }
        Plan::Everything { exact: false } => {
            scan(connection, kind, filter, &mut window, budget)?;
        }
        Plan::Set { set, exact } => {
            let check = (!exact).then_some(filter);
            walk(connection, kind, &set, check, &mut window, budget)?;
        }
    }
    let mut page = DocumentPage {
        total: window.total,
        documents: Vec::with_capacity(window.page.len()),
    };
    for seq in window.page {
        if let Some(stored) = documents::by_seq(connection, seq)? {
            let document = documents::with_links(connection, kind, stored, links)?;
            page.documents.push(document);
        }
    }
    Ok(page)
}

/// Whether a filter is a look-up of one key, so cheap that it may run on the thread of the caller.
pub fn is_point(kind: ResourceKind, filter: &Filter) -> bool {
    plan::is_point(kind, filter)
}

/// Counts the matches and keeps those of the page.
struct Window {
    total: u64,
    skip: u64,
    count: u64,
    page: Vec<i64>,
}

impl Window {
    fn new(query: &DocumentQuery) -> Self {
        Self {
            total: 0,
            skip: query.start_index.saturating_sub(1),
            count: query.count,
            page: Vec::new(),
        }
    }

    fn matched(&mut self, seq: i64) {
        if self.total >= self.skip && self.total - self.skip < self.count {
            self.page.push(seq);
        }
        self.total += 1;
    }
}

/// Walks a set in order; with a filter, evaluates it on each resource.
fn walk(
    connection: &Connection,
    kind: ResourceKind,
    set: &sets::Set,
    check: Option<&Filter>,
    window: &mut Window,
    budget: u64,
) -> Fallible<()> {
    let (sql, values) = set.render();
    let ordered = format!("SELECT seq FROM ({sql}) ORDER BY seq");
    let mut statement = connection.prepare_cached(&ordered)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut reader = check.map(|filter| Reader::new(connection, kind, filter));
    let mut last = None;
    let mut evaluated = 0;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        // Two values of one resource may lie in the same range.
        if last.replace(seq) == Some(seq) {
            continue;
        }
        if let Some(reader) = &mut reader {
            evaluated += EVALUATION;
            if evaluated > budget {
                return Err(StoreError::TooMany { limit: budget }.into());
            }
            if !reader.matches(seq)? {
                continue;
            }
        }
        window.matched(seq);
    }
    Ok(())
}

/// Looks at every live document; those whose text cannot match are passed over without being parsed.
fn scan(
    connection: &Connection,
    kind: ResourceKind,
    filter: &Filter,
    window: &mut Window,
    budget: u64,
) -> Fallible<()> {
    let necessary = Necessary::of(filter);
    let mut reader = Reader::new(connection, kind, filter);
    let mut documents = connection.statement(Statement::DocumentTexts)?;
    let mut rows = documents.query([kind_number(kind)])?;
    let mut cost = 0;
    let mut buffer = Vec::new();
    while let Some(row) = rows.next()? {
        cost += 1;
        if necessary.may_match(text_bytes(row, 1)?, &mut buffer) {
            cost += EVALUATION;
            if reader.matches_text(row)? {
                window.matched(row.get(0)?);
            }
        }
        if cost > budget {
            return Err(StoreError::TooMany { limit: budget }.into());
        }
    }
    Ok(())
}
