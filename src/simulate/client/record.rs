//! What a session remembers: every exchange, and every answer its provider would not accept.

use std::fmt;

/// One request and the status that answered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The step it belongs to.
    pub step: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query below the base URL, unescaped.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// What the provider wanted with it.
    pub note: String,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.status, self.method, self.path)?;
        if self.note.is_empty() {
            Ok(())
        } else {
            write!(f, "  ({})", self.note)
        }
    }
}

/// An answer the provider would not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// The step it happened in.
    pub step: String,
    /// The exchange it happened on: method and path.
    pub exchange: String,
    /// What the provider would have accepted.
    pub expected: String,
    /// What came.
    pub came: String,
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: expected {}, came {}",
            self.step, self.exchange, self.expected, self.came
        )
    }
}

/// Everything a session remembers.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// In the order they were sent.
    pub exchanges: Vec<Exchange>,
    /// In the order they came.
    pub unexpected: Vec<Unexpected>,
}
