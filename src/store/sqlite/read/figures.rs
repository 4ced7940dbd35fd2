//! Figures over the request log that reach further back than this process.

use rusqlite::{Connection, params};

use crate::directory::RequestId;
use crate::store::rows::{FailureCount, RateBucket};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::pulse::{Beat, Caller, Pulse};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::uint;

/// No list of failures is longer.
const FAILURES: i64 = 10;
/// No more lines than this are read in when the process starts.
const BEATS: i64 = 200_000;

/// Takes in what costs next to nothing when the store opens: the last durations, and when each token called.
pub fn seed(connection: &Connection, pulse: &Pulse) -> Fallible<()> {
    let mut durations: Vec<u64> = connection
        .statement(Statement::LastDurations)?
        .query_map([], |row| row.get(0).map(uint))?
        .collect::<Result<_, _>>()?;
    durations.reverse();
    pulse.seed_durations(durations.into_iter());
    let mut callers = connection.statement(Statement::Connections)?;
    let mut rows = callers.query([])?;
    while let Some(row) = rows.next()? {
        let caller = Caller::new(row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        pulse.seed_caller(row.get(0)?, caller);
    }
    Ok(())
}

/// What was logged since a time up to a line.
pub fn beats(connection: &Connection, since: i64, up_to: RequestId) -> Fallible<Vec<Beat>> {
    let up_to = crate::store::sqlite::values::int(up_to.0);
    Ok(connection
        .statement(Statement::Beats)?
        .query_map(params![since, up_to, BEATS], |row| {
            Ok(Beat {
                at: row.get(0)?,
                status: row.get(1)?,
                changes: row.get(2)?,
                token: row.get(3)?,
                idp: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Requests per bucket from the log itself, for spans that the live figures do not reach.
pub fn rates(
    connection: &Connection,
    now: i64,
    bucket_seconds: u32,
    buckets: u32,
) -> Fallible<Vec<RateBucket>> {
    let width = i64::from(bucket_seconds.max(1)).saturating_mul(1_000_000_000);
    let first = now.saturating_sub(width.saturating_mul(i64::from(buckets)));
    let mut rates = vec![RateBucket::default(); usize::try_from(buckets).unwrap_or(0)];
    let mut counts = connection.statement(Statement::Rates)?;
    let mut rows = counts.query(params![now, width, first])?;
    while let Some(row) = rows.next()? {
        let from_end = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
        let place = rates.len().checked_sub(from_end.saturating_add(1));
        if let Some(bucket) = place.and_then(|place| rates.get_mut(place)) {
            bucket.requests = row.get(1)?;
            bucket.failures = row.get(2)?;
        }
    }
    Ok(rates)
}

/// Failures since a time by code, most first.
pub fn failures(connection: &Connection, since: i64) -> Fallible<Vec<FailureCount>> {
    Ok(connection
        .statement(Statement::Failures)?
        .query_map(params![since, FAILURES], |row| {
            Ok(FailureCount {
                code: row.get(0)?,
                count: uint(row.get(1)?),
                last: RequestId(uint(row.get(2)?)),
            })
        })?
        .collect::<Result<_, _>>()?)
}
