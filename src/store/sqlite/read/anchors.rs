//! The way to a page at any depth: how many live objects lie in each stretch of sequence numbers is kept in
//! `page_anchor`, so that a deep page skips whole stretches and walks only the last one.

use rusqlite::{Connection, OptionalExtension, params};

use crate::scim::ResourceKind;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, kind_number};

/// A stretch holds 2 to the power of this many sequence numbers.
const BITS: u32 = 10;

/// The stretch of a sequence number.
pub const fn bucket(seq: i64) -> i64 {
    seq >> BITS
}

/// The sequence number of the live object with so many before it; `None` beyond the last one.
pub fn seek(connection: &Connection, kind: ResourceKind, offset: u64) -> Fallible<Option<i64>> {
    let mut rest = int(offset);
    let mut start = 0;
    if rest > 1 << BITS {
        let mut anchors = connection.statement(Statement::Anchors)?;
        let mut rows = anchors.query([kind_number(kind)])?;
        loop {
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let (bucket, live): (i64, i64) = (row.get(0)?, row.get(1)?);
            start = bucket << BITS;
            if rest < live {
                break;
            }
            rest -= live;
        }
    }
    Ok(connection
        .statement(Statement::SeqAfter)?
        .query_row(params![kind_number(kind), start, rest], |row| row.get(0))
        .optional()?)
}
