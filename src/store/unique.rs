//! The attributes of an admin's own schemas whose values one resource alone may have (RFC 7643 §2.2, `uniqueness`). A
//! store is opened with them and keeps them unique in the transaction of each write, whoever writes.

use crate::scim::schema::AttributeType;
use crate::scim::{Registry, ResourceKind};

/// One such attribute: simple, with one value, and no part of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueAttribute {
    /// Whose attribute it is.
    pub kind: ResourceKind,
    /// The URN of its schema.
    pub schema: String,
    /// Its name.
    pub attribute: String,
    /// When two of its values are the same.
    pub compared: Compared,
}

/// When two texts are the same value. Numbers and truth values are what they are, however they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Where they are the same text (`caseExact`).
    Exactly,
    /// Where they are, case aside.
    WithoutCase,
    /// Where they are the same point in time.
    AsTime,
}

impl UniqueAttribute {
    /// Those of the extensions of a registry. The unique attributes of the core schemas are columns of the store and
    /// rules of the directory.
    pub fn all(registry: &Registry) -> Vec<Self> {
        let of_kind = |kind| {
            let unique = registry.unique_extension_attributes(kind);
            unique.map(move |(schema, attribute)| Self {
                kind,
                schema: schema.id.as_str().to_owned(),
                attribute: attribute.name.clone(),
                compared: if attribute.kind == AttributeType::DateTime {
                    Compared::AsTime
                } else if attribute.case_exact {
                    Compared::Exactly
                } else {
                    Compared::WithoutCase
                },
            })
        };
        of_kind(ResourceKind::User)
            .chain(of_kind(ResourceKind::Group))
            .collect()
    }

    /// Its path, as filters and errors write it.
    pub fn path(&self) -> String {
        format!("{}:{}", self.schema, self.attribute)
    }
}
