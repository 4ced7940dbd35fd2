//! What lies in each zone of 1,024 request numbers, kept in memory, so that a search of the request log passes over the
//! zones in which nothing can match. A zone says "no" or "perhaps", and never "no" wrongly.
//!
//! Zones that began after the store was opened are told each line by the writer, before its commit. Older ones no longer
//! change, besides lines that go; the first search has them read, in the background. A zone that is known costs about
//! 1.2 KiB, so a million lines cost 1.2 MiB.

mod summary;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, params};

use self::summary::{Seen, Summary};
pub use self::wanted::Wanted;
use super::failure::{Failure, Fallible};
use super::log_line::ReadyLine;
use super::statement::{Statement, Statements};

/// A zone holds 2 to the power of this many request numbers.
const BITS: u32 = 10;

/// The zones of one store.
#[derive(Debug)]
pub struct Zones {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The last zone that had lines before the store was opened.
    old: i64,
    known: BTreeMap<i64, Box<Summary>>,
    /// Old zones that got a line since; they are never known.
    late: BTreeSet<i64>,
    /// Whether somebody reads the old ones, or did.
    claimed: bool,
}

/// The zone of a request.
const fn zone(id: i64) -> i64 {
    id >> BITS
}

/// The first request of a zone.
const fn first(zone: i64) -> i64 {
    zone << BITS
}

impl Zones {
    /// Zones of a log whose last line is this one.
    pub fn new(last: i64) -> Self {
        Self {
            state: Mutex::new(State {
                old: zone(last),
                known: BTreeMap::new(),
                late: BTreeSet::new(),
                claimed: false,
            }),
        }
    }

    /// Takes in lines that are about to be committed.
    pub fn feed<'l>(&self, lines: impl Iterator<Item = &'l ReadyLine>) {
        let mut lines = lines.peekable();
        if lines.peek().is_none() {
            return;
        }
        let mut state = self.lock();
        for line in lines {
            let zone = zone(line.id());
            if zone > state.old {
                let summary = state.known.entry(zone).or_default();
                summary.add(&Seen::of_line(line));
            } else {
                state.known.remove(&zone);
                state.late.insert(zone);
            }
        }
    }

    /// Forgets the zones before this request: their lines are gone.
    pub fn forget_before(&self, id: i64) {
        let mut state = self.lock();
        state.known = state.known.split_off(&zone(id));
        state.late = state.late.split_off(&zone(id));
    }

    /// The stretches of request numbers between two others in which something may match, oldest first; of each the first
    /// number, and the first one behind it.
    pub fn stretches(&self, wanted: &Wanted, after: i64, before: i64) -> Vec<(i64, i64)> {
        let mut stretches = Vec::new();
        let mut from = after.saturating_add(1);
        if from >= before {
            return stretches;
        }
        let state = self.lock();
        for (&number, summary) in state.known.range(zone(from)..=zone(before - 1)) {
            if wanted.may_match(summary, (first(number), first(number + 1) - 1)) {
                continue;
            }
            if first(number) > from {
                stretches.push((from, first(number)));
            }
            from = first(number + 1);
        }
        if from < before {
            stretches.push((from, before));
        }
        stretches
    }

    /// Whether the caller is the one to read the old zones.
    pub fn claim(&self) -> bool {
        !std::mem::replace(&mut self.lock().claimed, true)
    }

    /// Reads the newest old zone before this one; returns which it was, and `None` when there is none left.
    pub fn read_one(&self, connection: &Connection, before: Option<i64>) -> Fallible<Option<i64>> {
        let old = self.lock().old;
        let end = before.map_or(first(old + 1), first);
        let newest: Option<i64> = connection
            .statement(Statement::LogBefore)?
            .query_row([end], |row| row.get(0))
            .optional()?;
        let Some(number) = newest.map(zone) else {
            return Ok(None);
        };
        let mut summary = Box::<Summary>::default();
        let mut lines = connection.statement(Statement::LogZone)?;
        let mut rows = lines.query(params![first(number), first(number + 1)])?;
        while let Some(row) = rows.next()? {
            summary.add(&seen(row)?);
        }
        let mut state = self.lock();
        if !state.late.contains(&number) {
            state.known.insert(number, summary);
        }
        Ok(Some(number))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A summary that misses part of a line would be wrong; but nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The line in a row of [`Statement::LogZone`].
fn seen<'r>(row: &'r Row<'_>) -> Fallible<Seen<'r>> {
    let text = |column: usize| -> Fallible<Option<&'r str>> {
        row.get_ref(column)?
            .as_str_or_null()
            .map_err(|error| Failure::damaged("a line of the request log", error))
    };
    let word = |column: usize| Ok::<_, Failure>(text(column)?.unwrap_or_default());
    Ok(Seen {
        at: row.get(0)?,
        status: row.get(1)?,
        duration: row.get(2)?,
        changes: row.get(3)?,
        outcome: word(4)?,
        method: word(5)?,
        resource: word(6)?,
        code: text(7)?,
        token: text(8)?,
        idp: text(9)?,
        subject_kind: text(10)?,
        subject: text(11)?,
        label: text(12)?,
        path: word(13)?,
        user_agent: text(14)?,
        changed: word(15)?,
        summary: word(16)?,
    })
}
