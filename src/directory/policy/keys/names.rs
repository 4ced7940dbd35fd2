//! A value that is a list of names, or every name there may be.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names, or `any`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// Every name, written `any`.
    Any(AnyName),
    /// These alone.
    Only(Vec<String>),
}

/// The word `any`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnyName {
    /// Whichever it is.
    Any,
}

impl Names {
    /// Whether a name is one of them.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::Any(_) => true,
            Self::Only(names) => names.iter().any(|known| known == name),
        }
    }

    /// The names that are written down; none where it is every name.
    pub fn listed(&self) -> &[String] {
        match self {
            Self::Any(_) => &[],
            Self::Only(names) => names,
        }
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any(_) => f.write_str("any"),
            Self::Only(names) => f.write_str(&names.join(", ")),
        }
    }
}
