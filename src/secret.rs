//! A value that must never be seen: not in a log, a screen, an error or a panic.
//!
//! `Debug` and `Display` print `***`, `Serialize` is not implemented, and the memory is wiped when it is dropped.
//! Called by everything that touches a token, a password or a key.

use std::fmt;

use zeroize::Zeroize;

/// A secret string. The only way to its text is [`Secret::expose`], so that a reviewer can find every use.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes ownership of the text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Never hand it to anything that formats, logs or stores it as it is.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_formatted() {
        let secret = Secret::new("prv_scim_abc".into());
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
    }
}
