//! Who has a value that one resource alone may have.

use rusqlite::{Connection, params};

use crate::directory::{Attributes, HeldValue};
use crate::scim::ResourceKind;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::unique::UniquePaths;
use crate::store::sqlite::values::uuid;

/// Who has the unique values of these attributes; one look-up each.
pub fn holders(
    connection: &Connection,
    paths: &UniquePaths,
    kind: ResourceKind,
    attributes: &Attributes,
) -> Fallible<Vec<HeldValue>> {
    let mut held = Vec::new();
    for (number, unique, value, key) in paths.values(kind, attributes) {
        let mut holder = connection.statement(Statement::UniqueHolder)?;
        let mut rows = holder.query(params![number, key])?;
        if let Some(row) = rows.next()? {
            held.push(HeldValue {
                schema: unique.schema.clone(),
                attribute: unique.attribute.clone(),
                value: value.clone(),
                holder: uuid(row, 0)?,
            });
        }
    }
    Ok(held)
}
