//! A secret that was just made, the only time it is seen: that of a token, or a link by which somebody sets a password.
//! Closing it without a copy asks twice; then it is wiped.

use jiff::Timestamp;

use crate::admin::sso::PasswordLinkKind;
use crate::admin::types::TokenRow;
use crate::secret::Secret;

/// What is seen this once.
#[derive(Debug)]
pub struct SecretOverlay {
    /// Whose it is.
    pub of: SecretOf,
    /// The secret.
    pub secret: Secret,
    /// Whether it was copied.
    pub copied: bool,
    /// Whether closing was asked for once already.
    pub asked_to_close: bool,
}

/// Whose a secret is.
#[derive(Debug)]
pub enum SecretOf {
    /// A token that was just issued.
    Token(Box<TokenRow>),
    /// A link to set a password with.
    Link(MadeLink),
}

/// A link that was made, without what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLink {
    /// The `userName` of whose password it sets.
    pub name: String,
    /// What it is for.
    pub kind: PasswordLinkKind,
    /// When it ends.
    pub expires: Timestamp,
    /// The address it is mailed to, where mail is sent.
    pub mailed_to: Option<String>,
}

impl SecretOverlay {
    /// Shows a secret.
    pub fn new(of: SecretOf, secret: Secret) -> Self {
        Self {
            of,
            secret,
            copied: false,
            asked_to_close: false,
        }
    }

    /// What it is called once it is on the clipboard.
    pub fn called(&self) -> String {
        match &self.of {
            SecretOf::Token(token) => format!("the secret of {}", token.name),
            SecretOf::Link(link) => format!("the link of {}", link.name),
        }
    }

    /// Whether it may go now: it was copied, or closing was asked for twice.
    pub fn try_close(&mut self) -> bool {
        let may = self.copied || self.asked_to_close;
        self.asked_to_close = true;
        may
    }
}
