//! `***:1a2b3c4d`: what stands in the log in the place of a secret. Keyed, so that nobody without the account's key can
//! try words against it; equal for equal secrets, so that search finds them.

use std::fmt::Write as _;

use aws_lc_rs::hmac;

/// The maker of pseudonyms.
pub(super) struct Pseudonyms {
    key: hmac::Key,
}

impl Pseudonyms {
    /// With the account's key. It is text, and its text is the key: what it encodes is nobody's concern.
    pub(super) fn new(key: &str) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()),
        }
    }

    /// The pseudonym of a secret. The empty text hides nothing and stays empty.
    pub(super) fn mask(&self, secret: &[u8]) -> String {
        if secret.is_empty() {
            return String::new();
        }
        let tag = hmac::sign(&self.key, secret);
        tag.as_ref()
            .iter()
            .take(4)
            .fold(String::from("***:"), |mut text, byte| {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_are_equal_under_one_key_only() {
        let one = Pseudonyms::new("AAAA");
        let other = Pseudonyms::new("BBBB");
        assert_eq!(one.mask(b"hunter2"), one.mask(b"hunter2"));
        assert_ne!(one.mask(b"hunter2"), one.mask(b"hunter3"));
        assert_ne!(one.mask(b"hunter2"), other.mask(b"hunter2"));
        assert_eq!(one.mask(b"hunter2").len(), "***:1a2b3c4d".len());
    }

    #[test]
    fn an_empty_secret_is_seen_to_be_empty() {
        assert_eq!(Pseudonyms::new("AAAA").mask(b""), "");
    }
}
