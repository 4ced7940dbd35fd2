//! Values that one live resource alone may have: a row of `unique_value` each, under a key that makes a second one
//! impossible. The writer adds and removes them with the resource; [`declare()`] makes the rows agree with the schemas
//! when the store is opened.

mod declare;
mod key;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::directory::Attributes;
use crate::scim::ResourceKind;
use crate::store::UniqueAttribute;

pub use declare::declare;
pub use key::of_literal;

/// One row of `unique_value` without its resource.
pub type UniqueEntry = (i64, Vec<u8>);

/// The unique attributes in force, each with its number in `unique_path`.
#[derive(Clone, Debug, Default)]
pub struct UniquePaths(Vec<(i64, UniqueAttribute)>);

impl UniquePaths {
    /// The rows of a resource's attributes.
    pub fn entries(&self, kind: ResourceKind, attributes: &Attributes) -> BTreeSet<UniqueEntry> {
        self.values(kind, attributes)
            .map(|(number, _, _, key)| (number, key))
            .collect()
    }

    /// The unique values of a resource's attributes: number, attribute, value and key.
    pub fn values<'a>(
        &'a self,
        kind: ResourceKind,
        attributes: &'a Attributes,
    ) -> impl Iterator<Item = (i64, &'a UniqueAttribute, &'a Value, Vec<u8>)> {
        let of_kind = self.0.iter().filter(move |(_, it)| it.kind == kind);
        of_kind.flat_map(move |(number, unique)| {
            let value = attributes
                .get(&unique.schema)
                .and_then(|extension| extension.get(&unique.attribute));
            elements(value).iter().filter_map(move |value| {
                Some((
                    *number,
                    unique,
                    value,
                    key::of_value(unique.compared, value)?,
                ))
            })
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The path behind a number.
    pub fn path(&self, number: i64) -> Option<String> {
        let mut paths = self.0.iter();
        paths
            .find(|(known, _)| *known == number)
            .map(|(_, unique)| unique.path())
    }
}

/// The one value, or several of a time when the attribute had several.
fn elements(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Array(values)) => values,
        Some(single) => std::slice::from_ref(single),
    }
}
