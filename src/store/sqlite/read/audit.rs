//! The audit: timelines, the newest changes, and whether the chain of hashes is whole.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::directory::{Actor, Change, ObjectKind, RequestId};
use crate::store::rows::{AuditRow, Page, Total};
use crate::store::sqlite::audit_text::{self, Hash, Sealed};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{actor_kind, int, time, uint};

/// Changes of one object over all its lives, newest first. Ids are unique over all kinds, so the kind need not be asked
/// for.
pub fn timeline(
    connection: &Connection,
    _kind: ObjectKind,
    id: Uuid,
    offset: u64,
    limit: u32,
) -> Fallible<Page<AuditRow>> {
    // Hardly anybody has lived before, and for the others one look into the index is all.
    let has_former = connection
        .statement(Statement::HasFormer)?
        .exists([id.as_bytes()])?;
    let (rows, count) = if has_former {
        (Statement::TimelineOfLives, Statement::TimelineOfLivesCount)
    } else {
        (Statement::Timeline, Statement::TimelineCount)
    };
    let items = connection
        .statement(rows)?
        .query_and_then(params![id.as_bytes(), limit, int(offset)], audit_row)?
        .collect::<Fallible<_>>()?;
    let total: i64 = connection
        .statement(count)?
        .query_row([id.as_bytes()], |row| row.get(0))?;
    Ok(Page {
        items,
        offset,
        total: Total::Exact(uint(total)),
    })
}

/// The newest changes of all.
pub fn last_changes(connection: &Connection, limit: u32) -> Fallible<Vec<AuditRow>> {
    connection
        .statement(Statement::LastChanges)?
        .query_and_then([limit], audit_row)?
        .collect()
}

/// What a request changed, whole; empty where it is not in the log any more or changed nothing that can be undone.
pub fn changes_of(connection: &Connection, request: RequestId) -> Fallible<Vec<Change>> {
    let text: Option<String> = connection
        .statement(Statement::UndoByRequest)?
        .query_row([int(request.0)], |row| row.get(0))
        .optional()?;
    text.map_or_else(|| Ok(Vec::new()), |text| changes(&text))
}

/// What was changed since a request, this one included, in order; of some requests at most.
pub fn changes_since(
    connection: &Connection,
    request: RequestId,
    limit: u32,
) -> Fallible<Vec<Change>> {
    let mut since = connection.statement(Statement::UndoSince)?;
    let mut rows = since.query(params![int(request.0), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        found.extend(changes(&text)?);
    }
    Ok(found)
}

fn changes(text: &str) -> Fallible<Vec<Change>> {
    serde_json::from_str(text).map_err(|error| Failure::damaged("the way back of a request", error))
}

/// Walks the chain; the sentence names the first place where it is broken.
pub fn check_chain(connection: &Connection) -> Fallible<Option<String>> {
    let mut chain = connection.statement(Statement::AuditChain)?;
    let mut rows = chain.query([])?;
    let mut previous: Hash = [0; 32];
    let mut expected = 1;
    while let Some(row) = rows.next()? {
        let text = |column: usize| {
            row.get_ref(column)?
                .as_str()
                .map_err(|error| Failure::damaged("an audit row", error))
        };
        let policy_key: Option<String> = row.get(5)?;
        let sealed = Sealed {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor_kind: text(2)?,
            actor: text(3)?,
            request: row.get(4)?,
            policy_key: policy_key.as_deref(),
            change: text(6)?,
        };
        if sealed.seq != expected {
            return Ok(Some(format!(
                "audit row {expected} is missing; the next one is {}",
                sealed.seq
            )));
        }
        let hash: Hash = row.get(7)?;
        if sealed.hash(&previous) != hash {
            return Ok(Some(format!(
                "audit row {expected} does not match its hash: it, or a row before it, was altered"
            )));
        }
        previous = hash;
        expected += 1;
    }
    Ok(None)
}

fn audit_row(row: &Row<'_>) -> Fallible<AuditRow> {
    let word: String = row.get(2)?;
    let change: String = row.get(6)?;
    Ok(AuditRow {
        seq: uint(row.get(0)?),
        at: time(row.get(1)?),
        actor: Actor {
            kind: actor_kind(&word)?,
            name: row.get(3)?,
        },
        request: row.get::<_, Option<i64>>(4)?.map(|id| RequestId(uint(id))),
        policy_key: row.get(5)?,
        change: audit_text::read(&change)?,
    })
}
