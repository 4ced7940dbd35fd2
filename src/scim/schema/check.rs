//! What a schema must be to be added to the built-in ones.

use super::{Attribute, Schema, Urn, attribute};

/// Why a schema cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// There is one with this URN already.
    #[error("schema {0} is defined twice")]
    Duplicate(Urn),
    /// One URN is the beginning of the other, so that a qualified name could mean either.
    #[error("schema {schema} and schema {other}: neither may be the beginning of the other")]
    Overlap {
        /// The new one.
        schema: Urn,
        /// The one that is there.
        other: Urn,
    },
    /// The id is no URN, so attributes could not be qualified by it.
    #[error("schema id {0} is not a URN")]
    NotAUrn(Urn),
    /// A name that RFC 7643 §2.1 does not allow.
    #[error(
        "schema {schema}: attribute name '{name}' is not a letter followed by letters, digits, '-' or '_'"
    )]
    Name {
        /// Where.
        schema: Urn,
        /// The name.
        name: String,
    },
    /// Two attributes whose names differ in case at most.
    #[error("schema {schema}: attribute '{name}' is defined twice")]
    DuplicateAttribute {
        /// Where.
        schema: Urn,
        /// The name.
        name: String,
    },
    /// A complex attribute within a complex one (RFC 7643 §2.3.8), or one without parts.
    #[error(
        "schema {schema}: attribute '{name}' must have simple sub-attributes exactly when it is complex"
    )]
    Nesting {
        /// Where.
        schema: Urn,
        /// The name.
        name: String,
    },
}

/// Checks names and nesting.
pub(super) fn check(schema: &Schema) -> Result<(), RegistryError> {
    if !schema.id.as_str().contains(':') || schema.id.as_str().contains(char::is_whitespace) {
        return Err(RegistryError::NotAUrn(schema.id.clone()));
    }
    check_names(schema, &schema.attributes)?;
    for attribute in &schema.attributes {
        let parts_are_simple = attribute.sub_attributes.iter().all(|sub| !sub.is_complex());
        if attribute.is_complex() == attribute.sub_attributes.is_empty() || !parts_are_simple {
            return Err(RegistryError::Nesting {
                schema: schema.id.clone(),
                name: attribute.name.clone(),
            });
        }
        check_names(schema, &attribute.sub_attributes)?;
    }
    Ok(())
}

fn check_names(schema: &Schema, attributes: &[Attribute]) -> Result<(), RegistryError> {
    for (index, attribute) in attributes.iter().enumerate() {
        let name = &attribute.name;
        let stem = name.strip_prefix('$').unwrap_or(name);
        let is_word = stem.starts_with(|first: char| first.is_ascii_alphabetic())
            && stem
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !is_word {
            return Err(RegistryError::Name {
                schema: schema.id.clone(),
                name: name.clone(),
            });
        }
        let before = attributes.get(..index).unwrap_or_default();
        if attribute::find(before, name).is_some() {
            return Err(RegistryError::DuplicateAttribute {
                schema: schema.id.clone(),
                name: name.clone(),
            });
        }
    }
    Ok(())
}
