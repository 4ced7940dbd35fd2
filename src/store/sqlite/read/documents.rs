//! Resources as SCIM reads them: the stored text and the columns around it.

use rusqlite::{CachedStatement, Connection, Row, params};
use uuid::Uuid;

use super::anchors;
use crate::scim::ResourceKind;
use crate::store::Document;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, kind_number, time, uint, uuid};
use crate::store::traits::Link;

/// Whether to load the other ends of memberships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// Yes.
    Loaded,
    /// No.
    LeftOut,
}

/// A document with the columns that SCIM does not show.
pub struct Stored {
    /// Its sequence number.
    pub seq: i64,
    /// What SCIM shows.
    pub document: Document,
}

/// One live document, without links.
pub fn by_id(connection: &Connection, kind: ResourceKind, id: Uuid) -> Fallible<Option<Stored>> {
    connection
        .statement(Statement::DocumentById)?
        .query_and_then(params![id.as_bytes(), kind_number(kind)], |row| {
            let mut stored = stored(row)?;
            stored.document.is_released = row.get(6)?;
            Ok(stored)
        })?
        .next()
        .transpose()
}

/// One live document by sequence number, without links.
pub fn by_seq(connection: &Connection, seq: i64) -> Fallible<Option<Stored>> {
    connection
        .statement(Statement::DocumentBySeq)?
        .query_and_then([seq], stored)?
        .next()
        .transpose()
}

/// The other ends of a resource's memberships: teams in the order they were made, members in the order they joined.
pub fn links(connection: &Connection, kind: ResourceKind, seq: i64) -> Fallible<Vec<Link>> {
    links_by(&mut links_statement(connection, kind)?, seq)
}

fn links_statement(connection: &Connection, kind: ResourceKind) -> Fallible<CachedStatement<'_>> {
    Ok(connection.statement(match kind {
        ResourceKind::User => Statement::ShownTeamsOf,
        ResourceKind::Group => Statement::MembersOf,
    })?)
}

fn links_by(statement: &mut CachedStatement<'_>, seq: i64) -> Fallible<Vec<Link>> {
    statement
        .query_and_then([seq], |row| {
            Ok(Link {
                id: uuid(row, 0)?,
                display: row.get(1)?,
            })
        })?
        .collect()
}

/// How many live documents of a kind there are, and a page of them.
pub fn page(
    connection: &Connection,
    kind: ResourceKind,
    start_index: u64,
    count: u64,
    links: Links,
) -> Fallible<(u64, Vec<Stored>)> {
    let total = total(connection, kind)?;
    let mut documents = Vec::new();
    let offset = start_index.saturating_sub(1);
    if count > 0
        && offset < total
        && let Some(first) = anchors::seek(connection, kind, offset)?
    {
        let mut links = match links {
            Links::Loaded => Some(links_statement(connection, kind)?),
            Links::LeftOut => None,
        };
        let mut list = connection.statement(Statement::DocumentList)?;
        let mut rows = list.query(params![kind_number(kind), first, int(count)])?;
        while let Some(row) = rows.next()? {
            let mut stored = stored(row)?;
            if let Some(links) = &mut links {
                stored.document.links = Some(links_by(links, stored.seq)?);
            }
            documents.push(stored);
        }
    }
    Ok((total, documents))
}

/// How many live resources of a kind there are.
pub fn total(connection: &Connection, kind: ResourceKind) -> Fallible<u64> {
    let column = match kind {
        ResourceKind::User => 0,
        ResourceKind::Group => 2,
    };
    let total: i64 = connection
        .statement(Statement::Tally)?
        .query_row([], |row| row.get(column))?;
    Ok(uint(total))
}

/// The document, with its links where they are asked for.
pub fn with_links(
    connection: &Connection,
    kind: ResourceKind,
    mut stored: Stored,
    wanted: Links,
) -> Fallible<Stored> {
    if wanted == Links::Loaded {
        stored.document.links = Some(links(connection, kind, stored.seq)?);
    }
    Ok(stored)
}

/// The document in a row.
pub fn stored(row: &Row<'_>) -> Fallible<Stored> {
    Ok(Stored {
        seq: row.get(0)?,
        document: Document {
            id: uuid(row, 1)?,
            version: uint(row.get(2)?),
            created: time(row.get(3)?),
            modified: time(row.get(4)?),
            attributes: row.get(5)?,
            links: None,
            is_released: false,
        },
    })
}
