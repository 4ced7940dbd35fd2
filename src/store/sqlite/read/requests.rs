//! The request log: lines newest first, and whole exchanges.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::directory::RequestId;
use crate::request_log::{Exchange, RequestQuery};
use crate::store::rows::{RequestListing, RequestPage};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::log_line;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, uint};

/// One exchange, whole.
pub fn by_id(connection: &Connection, id: RequestId) -> Fallible<Option<Exchange>> {
    let texts: Option<(String, String)> = connection
        .statement(Statement::ExchangeById)?
        .query_row([int(id.0)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    texts
        .map(|(line, rest)| log_line::read_exchange(&line, &rest))
        .transpose()
}

/// The highest id ever used.
pub fn last_id(connection: &Connection) -> Fallible<RequestId> {
    let last: i64 = connection
        .statement(Statement::Tally)?
        .query_row([], |row| row.get(5))?;
    Ok(RequestId(uint(last)))
}

/// Some lines, newest first.
pub fn page(
    connection: &Connection,
    listing: &RequestListing,
    query: &RequestQuery,
    now: Timestamp,
) -> Fallible<RequestPage> {
    let log_total: i64 = connection
        .statement(Statement::Tally)?
        .query_row([], |row| row.get(4))?;
    let limit = usize::try_from(listing.limit.clamp(1, 1_000)).unwrap_or(1);
    let before = listing.before.map_or(i64::MAX, |id| int(id.0));
    let after = listing.after.map_or(-1, |id| int(id.0));
    let statement = if listing.after.is_some() {
        Statement::LinesUp
    } else {
        Statement::LinesDown
    };
    let mut items = Vec::with_capacity(limit);
    let mut more = false;
    let mut lines = connection.statement(statement)?;
    let mut rows = lines.query(params![before, after])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        let line = log_line::read_row(&line)?;
        if query.matches(&line, now) {
            if items.len() == limit {
                more = true;
                break;
            }
            items.push(line);
        }
    }
    if listing.after.is_some() {
        items.reverse();
    }
    Ok(RequestPage {
        items,
        more,
        log_total: uint(log_total),
    })
}
