//! What is wrong with a filter or path, and where.

use crate::scim::error::{ScimError, ScimType};

/// A failure at a place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The byte at which it was noticed.
    pub at: usize,
    /// What is wrong and what to write instead.
    pub what: String,
    /// The code of the explain catalogue.
    pub code: Option<&'static str>,
}

impl Fault {
    pub(crate) fn new(at: usize, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
            code: None,
        }
    }

    pub(crate) fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The error, with the place as a character count from one.
    pub(crate) fn into_error(self, scim_type: ScimType, what: &str, text: &str) -> ScimError {
        let before = text.get(..self.at).unwrap_or(text);
        let character = before.chars().count() + 1;
        ScimError {
            status: 400,
            scim_type: Some(scim_type),
            detail: format!("{what}, character {character}: {}", self.what),
            code: self.code,
            notes: Vec::new(),
        }
    }
}
