//! One group of units on its way through one transaction, and the answers that wait for its commit.

use std::path::Path;

use rusqlite::Connection;

use super::credentials::{self, Spent};
use super::deltas::Deltas;
use super::events::EventWork;
use super::queue::{Low, Reply};
use super::unit::{self, Ledger};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::log_line::ReadyLine;
use crate::store::sqlite::pulse::{Caller, Pulse};
use crate::store::sqlite::ready::ReadyUnit;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::uint;
use crate::store::sqlite::zones::Zones;
use crate::store::{Committed, StoreError};

/// A transaction and those who wait for it.
///
/// Units rarely fail: they were decided on what the database held a moment before. So they run bare, one after the
/// other, and only when one does fail is everything undone and done again, each unit in a savepoint of its own, which
/// costs a copy of every page it touches.
pub struct Batch<'a> {
    connection: &'a Connection,
    path: &'a Path,
    /// The numbers before the batch.
    start: Ledger,
    ledger: Ledger,
    deltas: Deltas,
    /// Whether units run in savepoints.
    careful: bool,
    work: Vec<Work>,
    flushed: Vec<Reply<()>>,
    logged: Vec<Low>,
    left: Vec<Low>,
    unlogged: Option<Failure>,
    broken: Option<Failure>,
}

/// Something that is done and waits for the commit.
enum Work {
    /// A unit.
    Unit {
        ready: Box<ReadyUnit>,
        reply: Reply<Committed>,
        committed: Committed,
    },
    /// An assertion that was used.
    Spend {
        spent: Spent,
        reply: Reply<bool>,
        is_new: bool,
    },
    /// What became of events.
    Events {
        work: EventWork,
        reply: Reply<u64>,
        count: u64,
    },
    /// Lines that go.
    Prune {
        before: i64,
        max_rows: u64,
        reply: Reply<u64>,
        removed: u64,
    },
}

/// What came of a batch.
pub struct Settled {
    /// The numbers after it; `None` where it failed and they must be read again.
    pub ledger: Option<Ledger>,
    /// The lines that could not be written and wait on.
    pub left: Vec<Low>,
}

impl<'a> Batch<'a> {
    /// Opens a transaction. Where that fails every unit gets the reason.
    pub fn open(connection: &'a Connection, path: &'a Path, ledger: Ledger) -> Self {
        let broken = connection.run(Statement::Begin).err().map(Failure::Sql);
        Self {
            connection,
            path,
            start: ledger,
            ledger,
            deltas: Deltas::default(),
            careful: false,
            work: Vec::new(),
            flushed: Vec::new(),
            logged: Vec::new(),
            left: Vec::new(),
            unlogged: None,
            broken,
        }
    }

    /// Whether the transaction is lost.
    pub fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Runs a unit. A refused one is answered at once, the others after the commit.
    pub fn commit(&mut self, ready: Box<ReadyUnit>, reply: Reply<Committed>) {
        let ledger = self.ledger;
        let applied = if self.careful || self.is_broken() {
            self.in_savepoint(|connection| unit::apply(connection, ledger, &ready))
        } else {
            match unit::apply(self.connection, ledger, &ready) {
                Ok(applied) => Ok(applied),
                Err(_) => {
                    self.start_over();
                    return self.commit(ready, reply);
                }
            }
        };
        match applied {
            Ok(applied) => {
                self.ledger = applied.ledger;
                self.deltas.absorb(applied.deltas);
                self.work.push(Work::Unit {
                    ready,
                    reply,
                    committed: applied.committed,
                });
            }
            // The caller may have gone away meanwhile; then nobody needs the answer.
            Err(failure) => drop(reply.send(Err(failure.into_store_error(self.path)))),
        }
    }

    /// Undoes everything and does it again, carefully.
    fn start_over(&mut self) {
        self.careful = true;
        self.roll_back();
        self.ledger = self.start;
        self.deltas = Deltas::default();
        self.broken = self
            .connection
            .run(Statement::Begin)
            .err()
            .map(Failure::Sql);
        for work in std::mem::take(&mut self.work) {
            match work {
                Work::Unit { ready, reply, .. } => self.commit(ready, reply),
                Work::Spend { spent, reply, .. } => self.spend(spent, reply),
                Work::Events { work, reply, .. } => self.events(work, reply),
                Work::Prune {
                    before,
                    max_rows,
                    reply,
                    ..
                } => self.prune(before, max_rows, reply),
            }
        }
    }

    /// Remembers an assertion.
    pub fn spend(&mut self, spent: Spent, reply: Reply<bool>) {
        match self.in_savepoint(|connection| credentials::spend(connection, &spent)) {
            Ok(is_new) => self.work.push(Work::Spend {
                spent,
                reply,
                is_new,
            }),
            Err(failure) => answer(reply, Err(failure.into_store_error(self.path))),
        }
    }

    /// Answers once all that is in the batch is durable.
    pub fn flush(&mut self, reply: Reply<()>) {
        self.flushed.push(reply);
    }

    /// Removes old lines of the request log.
    pub fn prune(&mut self, before: i64, max_rows: u64, reply: Reply<u64>) {
        match self.in_savepoint(|connection| super::prune::prune(connection, before, max_rows)) {
            Ok(removed) => {
                let mut deltas = Deltas::default();
                deltas.prunes(removed);
                self.deltas.absorb(deltas);
                self.work.push(Work::Prune {
                    before,
                    max_rows,
                    reply,
                    removed: uint(removed),
                });
            }
            Err(failure) => drop(reply.send(Err(failure.into_store_error(self.path)))),
        }
    }

    /// Notes what became of events.
    pub fn events(&mut self, work: EventWork, reply: Reply<u64>) {
        match self.in_savepoint(|connection| work.run(connection)) {
            Ok(count) => self.work.push(Work::Events { work, reply, count }),
            Err(failure) => answer(reply, Err(failure.into_store_error(self.path))),
        }
    }

    /// Takes lines of the low-priority lane along. Where they cannot be written they do not spoil the units.
    pub fn log(&mut self, lines: Vec<Low>) {
        if lines.is_empty() {
            return;
        }
        let written = self.in_savepoint(|connection| {
            let mut deltas = Deltas::default();
            for low in &lines {
                unit::write_line(connection, &low.line, &mut deltas)?;
            }
            Ok(deltas)
        });
        match written {
            Ok(deltas) => {
                self.deltas.absorb(deltas);
                self.logged.extend(lines);
            }
            Err(failure) => {
                tracing::error!(
                    ?failure,
                    lines = lines.len(),
                    "lines of the request log could not be written yet"
                );
                self.left.extend(lines);
                self.unlogged = Some(failure);
            }
        }
    }

    /// Notes when tokens and OAuth clients were used.
    pub fn touch(&mut self, uses: &std::collections::BTreeMap<uuid::Uuid, i64>) {
        let touched = self.in_savepoint(|connection| {
            // The ids of tokens and of OAuth clients are never the same.
            for statement in [Statement::TokenTouch, Statement::ClientTouch] {
                let mut touch = connection.statement(statement)?;
                for (id, at) in uses {
                    touch.execute(rusqlite::params![id.as_bytes(), at])?;
                }
            }
            Ok(())
        });
        if let Err(failure) = touched {
            tracing::warn!(?failure, "the last use of tokens could not be noted");
        }
    }

    /// Keeps when each token called.
    pub fn save_callers(&mut self, callers: &[(String, Caller)]) {
        let saved = self.in_savepoint(|connection| {
            let mut save = connection.statement(Statement::ConnectionSave)?;
            for (token, caller) in callers {
                save.execute(rusqlite::params![
                    token,
                    caller.idp,
                    caller.last_request,
                    caller.last_success,
                    caller.last_push
                ])?;
            }
            Ok(())
        });
        if let Err(failure) = saved {
            tracing::warn!(?failure, "the times of the last calls could not be kept");
        }
    }

    /// Makes the batch durable, tells the live figures, and answers everybody.
    pub fn settle(mut self, pulse: &Pulse, zones: &Zones) -> Settled {
        // Before the commit, so that whoever sees a line finds it in its zone.
        zones.feed(self.lines());
        let durable = match self.broken.take() {
            Some(failure) => Err(failure),
            None => self
                .deltas
                .write(self.connection)
                .and_then(|()| Ok(self.connection.run(Statement::Commit)?)),
        };
        match durable {
            Ok(()) => {
                // Before the answers, so that whoever has one finds the request in the figures.
                pulse.note(self.lines().map(|line| &line.row));
                self.forget_zones(zones);
                for work in self.work {
                    match work {
                        Work::Unit {
                            reply, committed, ..
                        } => answer(reply, Ok(committed)),
                        Work::Spend { reply, is_new, .. } => answer(reply, Ok(is_new)),
                        Work::Events { reply, count, .. } => answer(reply, Ok(count)),
                        Work::Prune { reply, removed, .. } => answer(reply, Ok(removed)),
                    }
                }
                for reply in self.flushed {
                    let unlogged = self.unlogged.as_ref().map(Failure::echo);
                    answer(
                        reply,
                        unlogged.map_or(Ok(()), |failure| Err(failure.into_store_error(self.path))),
                    );
                }
                Settled {
                    ledger: Some(self.ledger),
                    left: self.left,
                }
            }
            Err(failure) => {
                self.roll_back();
                let reason = || failure.echo().into_store_error(self.path);
                for work in self.work {
                    match work {
                        Work::Unit { reply, .. } => answer(reply, Err(reason())),
                        Work::Spend { reply, .. } => answer(reply, Err(reason())),
                        Work::Events { reply, .. } | Work::Prune { reply, .. } => {
                            answer(reply, Err(reason()));
                        }
                    }
                }
                for reply in self.flushed {
                    answer(reply, Err(reason()));
                }
                self.logged.append(&mut self.left);
                Settled {
                    ledger: None,
                    left: self.logged,
                }
            }
        }
    }

    /// The lines of the request log that the batch wrote.
    fn lines(&self) -> impl Iterator<Item = &ReadyLine> {
        let of_units = self.work.iter().filter_map(|work| match work {
            Work::Unit { ready, .. } => ready.line.as_ref(),
            Work::Spend { .. } | Work::Events { .. } | Work::Prune { .. } => None,
        });
        let of_reads = self.logged.iter().map(|low| &low.line);
        of_units.chain(of_reads)
    }

    /// Zones whose lines are gone need no memory.
    fn forget_zones(&self, zones: &Zones) {
        let has_pruned = self
            .work
            .iter()
            .any(|work| matches!(work, Work::Prune { removed: 1.., .. }));
        if !has_pruned {
            return;
        }
        let oldest = self
            .connection
            .statement(Statement::LogOldest)
            .and_then(|mut oldest| oldest.query_row([1], |row| row.get(0)));
        // Where no line is left, the next time will do.
        if let Ok(oldest) = oldest {
            zones.forget_before(oldest);
        }
    }

    /// Runs something that may fail without spoiling the batch. SQLite itself gives up the whole transaction on some
    /// failures (a full disk, an I/O error); then everything else of the batch fails with the same reason.
    fn in_savepoint<T>(&mut self, work: impl FnOnce(&Connection) -> Fallible<T>) -> Fallible<T> {
        if let Some(failure) = &self.broken {
            return Err(failure.echo());
        }
        self.try_in_savepoint(work).inspect_err(|failure| {
            if self.connection.is_autocommit() {
                self.broken = Some(failure.echo());
            } else if let Err(rollback) = self.undo_savepoint() {
                self.broken = Some(rollback);
            }
        })
    }

    fn try_in_savepoint<T>(&self, work: impl FnOnce(&Connection) -> Fallible<T>) -> Fallible<T> {
        self.connection.run(Statement::Savepoint)?;
        let value = work(self.connection)?;
        self.connection.run(Statement::Release)?;
        Ok(value)
    }

    fn undo_savepoint(&self) -> Fallible<()> {
        self.connection.run(Statement::RollbackTo)?;
        Ok(self.connection.run(Statement::Release)?)
    }

    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.run(Statement::Rollback)
        {
            tracing::error!(%error, "a failed transaction could not be rolled back");
        }
    }
}

/// Answers a caller. One who has gone away meanwhile needs no answer.
fn answer<T>(reply: Reply<T>, result: Result<T, StoreError>) {
    drop(reply.send(result));
}
