//! Links by which a member sets a password: in an invitation, or because they have forgotten the one they had.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordLinkKind {
    /// Somebody new is invited to sign in.
    Invitation,
    /// Somebody needs another password.
    Reset,
}

impl PasswordLinkKind {
    /// The word for people and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

impl fmt::Display for PasswordLinkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
