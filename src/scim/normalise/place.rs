//! Where in a body a value stands, written out only when an error names it.

use std::fmt;

/// A chain of names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    separator: char,
    name: &'p str,
}

impl<'p> Place<'p> {
    /// An attribute or an extension.
    pub(crate) fn new(name: &'p str) -> Self {
        Self {
            outer: None,
            separator: '.',
            name,
        }
    }

    /// An attribute of the extension that this is.
    pub(crate) fn extension(&'p self, name: &'p str) -> Self {
        Self {
            outer: Some(self),
            separator: ':',
            name,
        }
    }

    /// A part of the attribute that this is.
    pub(crate) fn part(&'p self, name: &'p str) -> Self {
        Self {
            outer: Some(self),
            separator: '.',
            name,
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            write!(f, "{outer}{}", self.separator)?;
        }
        f.write_str(self.name)
    }
}
