//! The id of a request (SAML core §1.3.4).

use std::fmt;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Characters of an id that is read. Ours have 41.
pub const ID_LENGTH: usize = 256;
/// Bytes of randomness in an id of ours: 160 bits, as SAML core §1.3.4 recommends.
const RANDOM_BYTES: usize = 20;

/// The id of an AuthnRequest: a name that XML can have as an ID, unique beyond guessing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthnRequestId(String);

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AuthnRequestIdError {
    /// It is empty or longer than is read.
    #[error("the id has {characters} characters, from 1 to {ID_LENGTH} are allowed")]
    Length {
        /// Its length.
        characters: usize,
    },
    /// It is not what XML Schema calls an NCName.
    #[error("the id is not a name that XML allows as an ID")]
    NotAName,
}

impl AuthnRequestId {
    /// An id of 160 random bits, which the caller draws. It starts with an underscore, since an ID may not start with a
    /// digit.
    pub fn new(random: [u8; RANDOM_BYTES]) -> Self {
        let mut text = String::with_capacity(1 + 2 * RANDOM_BYTES);
        text.push('_');
        for byte in random {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// Checks an id from outside: letters, digits, `_`, `-` and `.`, not beginning with a digit, `-` or `.`. Names in
    /// other scripts are refused, though XML allows them; nobody makes such.
    pub fn parse(text: &str) -> Result<Self, AuthnRequestIdError> {
        let characters = text.chars().count();
        if characters == 0 || characters > ID_LENGTH {
            return Err(AuthnRequestIdError::Length { characters });
        }
        let begins_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let goes_on_well = text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if begins_well && goes_on_well {
            Ok(Self(text.to_owned()))
        } else {
            Err(AuthnRequestIdError::NotAName)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AuthnRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AuthnRequestId {
    type Error = AuthnRequestIdError;

    fn try_from(text: String) -> Result<Self, AuthnRequestIdError> {
        Self::parse(&text)
    }
}

impl From<AuthnRequestId> for String {
    fn from(id: AuthnRequestId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn an_id_of_ours_is_an_xml_name() {
        let id = AuthnRequestId::new([0x0F; RANDOM_BYTES]);
        assert_eq!(id.as_str(), format!("_{}", "0f".repeat(20)));
        assert_eq!(AuthnRequestId::parse(id.as_str()), Ok(id));
    }

    #[rstest]
    #[case::empty("", AuthnRequestIdError::Length { characters: 0 })]
    #[case::digit("1a", AuthnRequestIdError::NotAName)]
    #[case::dash("-a", AuthnRequestIdError::NotAName)]
    #[case::colon("a:b", AuthnRequestIdError::NotAName)]
    #[case::quote("a\"b", AuthnRequestIdError::NotAName)]
    fn what_is_no_xml_name_is_refused(#[case] text: &str, #[case] why: AuthnRequestIdError) {
        assert_eq!(AuthnRequestId::parse(text), Err(why));
    }

    #[test]
    fn a_long_id_is_refused() {
        let characters = ID_LENGTH + 1;
        assert_eq!(
            AuthnRequestId::parse(&"a".repeat(characters)),
            Err(AuthnRequestIdError::Length { characters })
        );
    }
}
