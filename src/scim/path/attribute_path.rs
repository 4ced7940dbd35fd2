//! A resolved path to an attribute: canonical names, extension by URN.

use std::fmt;

use crate::scim::schema::{ENTERPRISE_USER, Urn};

/// Where an attribute is. Core and common attributes carry no schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath {
    /// The extension, for its attributes.
    pub schema: Option<Urn>,
    /// The canonical name of the attribute.
    pub attribute: String,
    /// The canonical name of its part.
    pub sub_attribute: Option<String>,
}

impl AttributePath {
    /// A core or common attribute.
    pub fn core(attribute: &str) -> Self {
        Self {
            schema: None,
            attribute: attribute.to_owned(),
            sub_attribute: None,
        }
    }

    /// A part of a core or common attribute.
    pub fn core_sub(attribute: &str, sub_attribute: &str) -> Self {
        Self {
            schema: None,
            attribute: attribute.to_owned(),
            sub_attribute: Some(sub_attribute.to_owned()),
        }
    }

    /// Whether this is the name of a user's manager (RFC 7643 §4.3), which the manager's own resource tells.
    pub fn is_manager_name(&self) -> bool {
        self.schema.as_ref().map(Urn::as_str) == Some(ENTERPRISE_USER)
            && self.attribute == "manager"
            && self.sub_attribute.as_deref() == Some("displayName")
    }

    /// Whether this is that core attribute or a part of it.
    pub fn is_core(&self, attribute: &str) -> bool {
        self.schema.is_none() && self.attribute == attribute
    }
}

impl fmt::Display for AttributePath {
    /// `userName`, `emails.value`, `urn:…:User:manager.value`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.attribute)?;
        if let Some(sub_attribute) = &self.sub_attribute {
            write!(f, ".{sub_attribute}")?;
        }
        Ok(())
    }
}
