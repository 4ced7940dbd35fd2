//! What a name in a request turned out to mean.

use super::{Attribute, Schema};
use crate::scim::path::AttributePath;

/// What a word such as `emails.value` or `urn:…:User:manager` names.
#[derive(Clone, Copy, Debug)]
pub enum Resolution<'r> {
    /// An attribute or sub-attribute.
    Attribute(Resolved<'r>),
    /// A whole schema, by its URN alone.
    Schema(&'r Schema),
    /// Nothing this resource has.
    Unknown,
}

/// An attribute with its definition.
#[derive(Clone, Copy, Debug)]
pub struct Resolved<'r> {
    /// The extension it belongs to; none for core and common attributes.
    pub extension: Option<&'r Schema>,
    /// The attribute.
    pub attribute: &'r Attribute,
    /// Its part, where one was named.
    pub sub_attribute: Option<&'r Attribute>,
    /// Whether an extension attribute was named without its URN.
    pub unqualified: bool,
}

impl<'r> Resolved<'r> {
    /// The definition of what is named: the sub-attribute if there is one, else the attribute.
    pub fn leaf(&self) -> &'r Attribute {
        self.sub_attribute.unwrap_or(self.attribute)
    }

    /// The canonical path.
    pub fn path(&self) -> AttributePath {
        AttributePath {
            schema: self.extension.map(|schema| schema.id.clone()),
            attribute: self.attribute.name.clone(),
            sub_attribute: self.sub_attribute.map(|sub| sub.name.clone()),
        }
    }

    /// The same attribute without a part.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            sub_attribute: None,
            ..*self
        }
    }

    /// The same attribute with this part.
    #[must_use]
    pub fn with_sub(&self, sub_attribute: &'r Attribute) -> Self {
        Self {
            sub_attribute: Some(sub_attribute),
            ..*self
        }
    }
}
