//! The URN of a schema, compared without regard to case as URNs are (RFC 8141 §3).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The URN of a schema in its canonical spelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Urn(String);

impl Urn {
    /// Takes the spelling as the canonical one.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether one of the two is the beginning of the other up to a colon, so that an attribute qualified by the longer
    /// one looks like one of the shorter.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins = |long: &str, short: &str| {
            let head = long.get(..short.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(short))
                && long
                    .get(short.len()..)
                    .is_some_and(|rest| rest.starts_with(':'))
        };
        begins(&self.0, &other.0) || begins(&other.0, &self.0)
    }

    /// Whether the text names this schema, whatever its case.
    pub fn names(&self, text: &str) -> bool {
        self.0.eq_ignore_ascii_case(text)
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
