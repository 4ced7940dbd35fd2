//! The request log: lines newest first, and whole exchanges.

mod condition;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use self::condition::Condition;
use crate::directory::RequestId;
use crate::request_log::{Exchange, RequestQuery, RequestRow};
use crate::store::rows::{RequestListing, RequestPage};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::log_line;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, uint};
use crate::store::sqlite::zones::{Wanted, Zones};

/// More lines are never on one page.
const MOST: u32 = 1_000;

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
    zones: &Zones,
    listing: &RequestListing,
    query: &RequestQuery,
    now: Timestamp,
) -> Fallible<RequestPage> {
    let log_total: i64 = connection
        .statement(Statement::Tally)?
        .query_row([], |row| row.get(4))?;
    let limit = usize::try_from(listing.limit.clamp(1, MOST)).unwrap_or(1);
    // One more than asked for tells whether there are more.
    let mut items = if query.is_empty() {
        latest(connection, listing, limit + 1)?
    } else {
        matching(connection, zones, listing, query, now, limit + 1)?
    };
    let more = items.len() > limit;
    items.truncate(limit);
    if listing.after.is_some() {
        items.reverse();
    }
    Ok(RequestPage {
        items,
        more,
        log_total: uint(log_total),
    })
}

/// The stretch of the log a listing is about, both ends excluded.
fn stretch(listing: &RequestListing) -> (i64, i64) {
    let before = listing.before.map_or(i64::MAX, |id| int(id.0));
    let after = listing.after.map_or(-1, |id| int(id.0));
    (before, after)
}

fn latest(
    connection: &Connection,
    listing: &RequestListing,
    most: usize,
) -> Fallible<Vec<RequestRow>> {
    let (before, after) = stretch(listing);
    let statement = if listing.after.is_some() {
        Statement::LinesUp
    } else {
        Statement::LinesDown
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    connection
        .statement(statement)?
        .query_and_then(params![before, after, most], line)?
        .collect()
}

fn matching(
    connection: &Connection,
    zones: &Zones,
    listing: &RequestListing,
    query: &RequestQuery,
    now: Timestamp,
    most: usize,
) -> Fallible<Vec<RequestRow>> {
    let condition = Condition::of(query, now);
    let upwards = listing.after.is_some();
    let (before, after) = stretch(listing);
    let mut stretches = zones.stretches(&Wanted::of(query, now), after, before);
    if !upwards {
        stretches.reverse();
    }
    let sql = format!(
        "SELECT id FROM request_log WHERE id >= ? AND id < ? AND {} ORDER BY id {} LIMIT ?",
        condition.sql,
        if upwards { "ASC" } else { "DESC" }
    );
    let mut select = connection.prepare_cached(&sql)?;
    let mut ids: Vec<i64> = Vec::new();
    for (from, to) in stretches {
        let rest = most.saturating_sub(ids.len());
        if rest == 0 {
            break;
        }
        let ends = [Value::Integer(from), Value::Integer(to)];
        let rest = Value::Integer(i64::try_from(rest).unwrap_or(i64::MAX));
        let values = ends.iter().chain(&condition.values).chain([&rest]);
        for id in select.query_map(params_from_iter(values), |row| row.get(0))? {
            ids.push(id?);
        }
    }
    let mut by_id = connection.statement(Statement::LineById)?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = by_id.query([id])?;
        if let Some(row) = rows.next()? {
            items.push(line(row)?);
        }
    }
    Ok(items)
}

fn line(row: &Row<'_>) -> Fallible<RequestRow> {
    let text = row
        .get_ref(0)?
        .as_str()
        .map_err(|error| Failure::damaged("a line of the request log", error))?;
    log_line::read_row(text)
}
