//! The lists of members and teams for people: text that a name, address or id must contain, words that narrow, three
//! orders, totals that are exact where that is cheap.

mod narrow;
mod roles;
mod scan;

use rusqlite::{Connection, params};

use self::narrow::Narrowing;
use super::{anchors, documents, members, teams};
use crate::directory::policy::Roles;
use crate::scim::ResourceKind;
use crate::store::rows::{Listing, MemberRow, Page, Sort, TeamRow, Total};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, kind_number};

/// More rows are never on one page.
const MOST: u32 = 1_000;

/// Some members.
pub fn members(
    connection: &Connection,
    roles: &Roles,
    listing: &Listing,
) -> Fallible<Page<MemberRow>> {
    let (seqs, total) = seqs(connection, ResourceKind::User, Some(roles), listing)?;
    let mut items = Vec::with_capacity(seqs.len());
    for seq in seqs {
        items.extend(members::row_by_seq(connection, roles, seq)?);
    }
    Ok(Page {
        items,
        offset: listing.offset,
        total,
    })
}

/// Some teams.
pub fn teams(connection: &Connection, listing: &Listing) -> Fallible<Page<TeamRow>> {
    let (seqs, total) = seqs(connection, ResourceKind::Group, None, listing)?;
    let mut items = Vec::with_capacity(seqs.len());
    for seq in seqs {
        items.extend(teams::row_by_seq(connection, seq)?);
    }
    Ok(Page {
        items,
        offset: listing.offset,
        total,
    })
}

/// Whether a listing costs so little that it may run on the thread of the caller.
pub fn is_cheap(listing: &Listing) -> bool {
    listing.limit <= 100
        && listing.filter.trim().is_empty()
        && (listing.sort == Sort::Created || listing.offset <= 1_000)
}

/// The sequence numbers of a page, and how many there are in all.
fn seqs(
    connection: &Connection,
    kind: ResourceKind,
    roles: Option<&Roles>,
    listing: &Listing,
) -> Fallible<(Vec<i64>, Total)> {
    let limit = listing.limit.clamp(1, MOST);
    let narrowing = Narrowing::parse(kind, &listing.filter);
    if !narrowing.is_empty() {
        return scan::page(connection, kind, (&narrowing, roles), listing, limit);
    }
    let total = Total::Exact(documents::total(connection, kind)?);
    let number = kind_number(kind);
    let statement = match listing.sort {
        Sort::Created => {
            let Some(first) = anchors::seek(connection, kind, listing.offset)? else {
                return Ok((Vec::new(), total));
            };
            let seqs = connection
                .statement(Statement::SeqsByCreation)?
                .query_map(params![number, first, limit], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            return Ok((seqs, total));
        }
        Sort::Name => Statement::SeqsByName,
        Sort::Modified => Statement::SeqsByModified,
    };
    let seqs = connection
        .statement(statement)?
        .query_map(params![number, limit, int(listing.offset)], |row| {
            row.get(0)
        })?
        .collect::<Result<_, _>>()?;
    Ok((seqs, total))
}
