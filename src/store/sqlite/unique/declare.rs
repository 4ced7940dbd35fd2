//! Makes `unique_path` and `unique_value` agree with the schemas that the store is opened with.
//!
//! Rows of an attribute are worth something only while it is `complete`, which the transaction of the last of them says.
//! Whatever is not, because a start was ended in between, is dropped and built anew, so that there is no half state to
//! go on from.

use std::collections::BTreeMap;

use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

use super::UniquePaths;
use crate::directory::Attributes;
use crate::scim::ResourceKind;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{kind_number, uuid};
use crate::store::{Compared, StoreError, UniqueAttribute};

/// How many resources, or rows, one transaction goes through: bounds memory and the write-ahead log.
const BATCH: i64 = 5_000;

/// A row of `unique_path`.
struct Known {
    number: i64,
    kind: i64,
    path: String,
    compared: String,
    is_complete: bool,
}

/// Drops what is declared no more, builds what is declared anew, and numbers what is in force. Refused where resources
/// share a value of an attribute that is to be unique: the promise could not be kept.
pub fn declare(connection: &mut Connection, declared: &[UniqueAttribute]) -> Fallible<UniquePaths> {
    let known = known(connection)?;
    let is_known = |it: &UniqueAttribute, known: &Known| {
        known.is_complete
            && known.kind == kind_number(it.kind)
            && known.path == it.path()
            && known.compared == word(it.compared)
    };
    for stale in &known {
        if !declared.iter().any(|it| is_known(it, stale)) {
            drop_rows(connection, stale)?;
        }
    }
    let mut numbered = Vec::with_capacity(declared.len());
    let mut missing = Vec::new();
    for unique in declared {
        if let Some(known) = known.iter().find(|known| is_known(unique, known)) {
            numbered.push((known.number, unique.clone()));
            continue;
        }
        connection
            .statement(Statement::UniquePathInsert)?
            .execute(params![
                kind_number(unique.kind),
                unique.path(),
                word(unique.compared)
            ])?;
        missing.push((connection.last_insert_rowid(), unique.clone()));
    }
    for kind in [ResourceKind::User, ResourceKind::Group] {
        let of_kind = missing.iter().filter(|(_, unique)| unique.kind == kind);
        let paths = UniquePaths(of_kind.cloned().collect());
        if !paths.0.is_empty() {
            build(connection, kind, &paths)?;
        }
    }
    numbered.extend(missing);
    Ok(UniquePaths(numbered))
}

fn known(connection: &Connection) -> Fallible<Vec<Known>> {
    let mut paths = connection.statement(Statement::UniquePaths)?;
    let rows = paths.query_map([], |row| {
        Ok(Known {
            number: row.get(0)?,
            kind: row.get(1)?,
            path: row.get(2)?,
            compared: row.get(3)?,
            is_complete: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn drop_rows(connection: &Connection, stale: &Known) -> Fallible<()> {
    tracing::info!(path = stale.path, "the index of unique values is dropped");
    // First of all: what is left of it after a kill is worth nothing.
    connection
        .statement(Statement::UniquePathSpoil)?
        .execute([stale.number])?;
    let mut delete = connection.statement(Statement::UniqueValuesDrop)?;
    while delete.execute(params![stale.number, BATCH])? > 0 {
        write_back(connection)?;
    }
    connection
        .statement(Statement::UniquePathDelete)?
        .execute([stale.number])?;
    Ok(())
}

/// Goes through all live resources of a kind.
fn build(connection: &mut Connection, kind: ResourceKind, paths: &UniquePaths) -> Fallible<()> {
    for (_, unique) in &paths.0 {
        tracing::info!(path = unique.path(), "the index of unique values is built");
    }
    let mut shared = Shared::default();
    let mut next = 0;
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = index_some(&transaction, kind, next, paths, &mut shared)?;
        match last {
            Some(last) => next = last + 1,
            None => {
                shared.refuse(paths)?;
                for (number, _) in &paths.0 {
                    transaction
                        .statement(Statement::UniquePathComplete)?
                        .execute([number])?;
                }
            }
        }
        transaction.commit()?;
        if last.is_none() {
            return Ok(());
        }
        write_back(connection)?;
    }
}

/// Indexes the resources from a sequence number on; the last of them, or nothing where there is none.
fn index_some(
    connection: &Connection,
    kind: ResourceKind,
    from: i64,
    paths: &UniquePaths,
    shared: &mut Shared,
) -> Fallible<Option<i64>> {
    let mut last = None;
    let mut documents = connection.statement(Statement::DocumentList)?;
    let mut rows = documents.query(params![kind_number(kind), from, BATCH])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        last = Some(seq);
        let text = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
        let attributes: Attributes =
            serde_json::from_str(text).map_err(|error| Failure::damaged("a document", error))?;
        for (number, key) in paths.entries(kind, &attributes) {
            let inserted = connection
                .statement(Statement::UniqueValueClaim)?
                .execute(params![number, key, seq])?;
            if inserted == 0 {
                let holder = connection
                    .statement(Statement::UniqueHolder)?
                    .query_row(params![number, key], |row| Ok(uuid(row, 0)))??;
                shared.note(number, holder, uuid(row, 1)?);
            }
        }
    }
    Ok(last)
}

/// Values that several resources have: of each attribute the first two of these, and how many values come on top.
#[derive(Default)]
struct Shared(BTreeMap<i64, (Uuid, Uuid, u64)>);

impl Shared {
    fn note(&mut self, number: i64, holder: Uuid, other: Uuid) {
        self.0
            .entry(number)
            .and_modify(|(_, _, more)| *more += 1)
            .or_insert((holder, other, 0));
    }

    fn refuse(&self, paths: &UniquePaths) -> Fallible<()> {
        let Some((number, (holder, other, more))) = self.0.first_key_value() else {
            return Ok(());
        };
        Err(Failure::Refused(StoreError::Shared {
            attribute: paths.path(*number).unwrap_or_default(),
            holders: (*holder, *other),
            more: *more,
        }))
    }
}

/// Nothing else writes the log back before the store is started.
fn write_back(connection: &Connection) -> Fallible<()> {
    Ok(connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
}

fn word(compared: Compared) -> &'static str {
    match compared {
        Compared::Exactly => "exactly",
        Compared::WithoutCase => "without case",
        Compared::AsTime => "as time",
    }
}
