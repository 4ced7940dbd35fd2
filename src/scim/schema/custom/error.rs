//! What is wrong with a schema file, and where.

use crate::scim::schema::RegistryError;

/// One mistake. Places are the URN of the schema and the path of the attribute in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It is no JSON.
    #[error("line {line}, column {column}: not valid JSON")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// Something is not what it must be.
    #[error("{place}: must be {expected}")]
    Shape {
        /// Where.
        place: String,
        /// What must stand there.
        expected: &'static str,
    },
    /// A key that means nothing.
    #[error("{place}: unknown key `{key}`{}", hint(nearest.as_deref()))]
    UnknownKey {
        /// Where.
        place: String,
        /// The key.
        key: String,
        /// The key most like it.
        nearest: Option<String>,
    },
    /// A word that is none of those allowed.
    #[error("{place}: `{key}` is {found:?}, expected one of {}{}", allowed.join(", "), hint(nearest.as_deref()))]
    UnknownWord {
        /// Where.
        place: String,
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: Vec<&'static str>,
        /// The word most like it.
        nearest: Option<String>,
    },
    /// A key that must be there is not.
    #[error("{place}: `{key}` is missing")]
    Missing {
        /// Where.
        place: String,
        /// The key.
        key: &'static str,
    },
    /// Two characteristics that do not go together, or one that is not offered.
    #[error("{place}: {why}")]
    Conflict {
        /// Where.
        place: String,
        /// What does not go together, and what to write instead.
        why: &'static str,
    },
    /// More than there may be.
    #[error("{place}: more than {limit} {what}")]
    TooMany {
        /// Where.
        place: String,
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// It does not go with the schemas that are there.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |word| format!(", did you mean `{word}`?"))
}
