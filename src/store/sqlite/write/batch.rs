//! One group of units on its way through one transaction, and the answers that wait for its commit.

use std::path::Path;

use rusqlite::Connection;

use super::deltas::Deltas;
use super::events::EventWork;
use super::queue::{Low, Reply};
use super::unit::{self, Ledger};
use crate::request_log::RequestRow;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::pulse::{Caller, Pulse};
use crate::store::sqlite::ready::ReadyUnit;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::{Committed, StoreError};

/// A transaction and those who wait for it.
pub struct Batch<'a> {
    connection: &'a Connection,
    path: &'a Path,
    ledger: Ledger,
    deltas: Deltas,
    committed: Vec<(Reply<Committed>, Committed)>,
    flushed: Vec<Reply<()>>,
    pruned: Vec<(Reply<u64>, u64)>,
    logged: Vec<Low>,
    left: Vec<Low>,
    rows: Vec<RequestRow>,
    unlogged: Option<Failure>,
    broken: Option<Failure>,
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
            ledger,
            deltas: Deltas::default(),
            committed: Vec::new(),
            flushed: Vec::new(),
            pruned: Vec::new(),
            logged: Vec::new(),
            left: Vec::new(),
            rows: Vec::new(),
            unlogged: None,
            broken,
        }
    }

    /// Whether the transaction is lost.
    pub fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Runs a unit in a savepoint. A refused one is answered at once, the others after the commit.
    pub fn commit(&mut self, ready: ReadyUnit, reply: Reply<Committed>) {
        let ledger = self.ledger;
        match self.in_savepoint(|connection| unit::apply(connection, ledger, &ready)) {
            Ok(applied) => {
                self.ledger = applied.ledger;
                self.deltas.absorb(applied.deltas);
                self.rows.extend(ready.line.map(|line| line.row));
                self.committed.push((reply, applied.committed));
            }
            // The caller may have gone away meanwhile; then nobody needs the answer.
            Err(failure) => drop(reply.send(Err(failure.into_store_error(self.path)))),
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
                self.pruned
                    .push((reply, crate::store::sqlite::values::uint(removed)));
            }
            Err(failure) => drop(reply.send(Err(failure.into_store_error(self.path)))),
        }
    }

    /// Notes what became of events.
    pub fn events(&mut self, work: &EventWork, reply: Reply<u64>) {
        match self.in_savepoint(|connection| work.run(connection)) {
            Ok(count) => self.pruned.push((reply, count)),
            Err(failure) => drop(reply.send(Err(failure.into_store_error(self.path)))),
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
                self.rows
                    .extend(lines.iter().map(|low| low.line.row.clone()));
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

    /// Notes when tokens were used.
    pub fn touch(&mut self, uses: &std::collections::BTreeMap<uuid::Uuid, i64>) {
        let touched = self.in_savepoint(|connection| {
            let mut touch = connection.statement(Statement::TokenTouch)?;
            for (token, at) in uses {
                touch.execute(rusqlite::params![token.as_bytes(), at])?;
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
    pub fn settle(mut self, pulse: &Pulse) -> Settled {
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
                pulse.note(&self.rows);
                answer(self.committed.into_iter().map(|(r, v)| (r, Ok(v))));
                answer(self.pruned.into_iter().map(|(r, v)| (r, Ok(v))));
                let flushed = |failure: &Failure| Err(failure.echo().into_store_error(self.path));
                let unlogged = self.unlogged;
                answer(
                    self.flushed
                        .into_iter()
                        .map(|reply| (reply, unlogged.as_ref().map_or(Ok(()), flushed))),
                );
                Settled {
                    ledger: Some(self.ledger),
                    left: self.left,
                }
            }
            Err(failure) => {
                self.roll_back();
                let reason = || failure.echo().into_store_error(self.path);
                answer(self.committed.into_iter().map(|(r, _)| (r, Err(reason()))));
                answer(self.pruned.into_iter().map(|(r, _)| (r, Err(reason()))));
                answer(self.flushed.into_iter().map(|r| (r, Err(reason()))));
                self.logged.append(&mut self.left);
                Settled {
                    ledger: None,
                    left: self.logged,
                }
            }
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

/// Answers callers. Those who have gone away meanwhile need no answer.
fn answer<T>(answers: impl Iterator<Item = (Reply<T>, Result<T, StoreError>)>) {
    for (reply, result) in answers {
        drop(reply.send(result));
    }
}
