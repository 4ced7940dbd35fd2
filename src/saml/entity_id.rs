//! The name of an identity provider or a service provider (SAML core §8.3.6). Compared byte by byte, never normalised.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Characters of an entity id (SAML core §8.3.6).
pub const ENTITY_ID_LENGTH: usize = 1_024;

/// The name of an entity: a URI of at most [`ENTITY_ID_LENGTH`] characters, e.g. `https://idp.example/metadata` or
/// `urn:example:idp`. Two are the same only if every byte is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntityId(String);

/// Why a text names no entity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntityIdError {
    /// It is empty.
    #[error("the entity id is empty")]
    Empty,
    /// It is longer than the standard lets it be.
    #[error("the entity id has {characters} characters, at most {ENTITY_ID_LENGTH} are allowed")]
    TooLong {
        /// Its length.
        characters: usize,
    },
    /// It holds a blank, a control character or one that is invisible or turns the direction of text.
    #[error("the entity id has a character U+{code:04X}, which no URI has")]
    BadCharacter {
        /// The code point.
        code: u32,
    },
}

impl EntityId {
    /// Checks the text. It need not be a URL, and relative ones are not refused: some identity providers are called `idp`.
    pub fn parse(text: &str) -> Result<Self, EntityIdError> {
        if text.is_empty() {
            return Err(EntityIdError::Empty);
        }
        let characters = text.chars().count();
        if characters > ENTITY_ID_LENGTH {
            return Err(EntityIdError::TooLong { characters });
        }
        // RFC 3986 knows ASCII alone; IRIs are let through, since names of tenants do hold letters with accents.
        if let Some(bad) = text
            .chars()
            .find(|&c| c.is_whitespace() || !super::claims::is_shown(c))
        {
            return Err(EntityIdError::BadCharacter {
                code: u32::from(bad),
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EntityId {
    type Error = EntityIdError;

    fn try_from(text: String) -> Result<Self, EntityIdError> {
        Self::parse(&text)
    }
}

impl From<EntityId> for String {
    fn from(entity_id: EntityId) -> Self {
        entity_id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::url("https://idp.example/metadata?tenant=1")]
    #[case::urn("urn:example:idp")]
    #[case::word("idp")]
    #[case::letters_with_accents("https://idp.example/zürich")]
    fn a_uri_names_an_entity(#[case] text: &str) {
        assert_eq!(EntityId::parse(text).unwrap().as_str(), text);
    }

    #[rstest]
    #[case::empty("", EntityIdError::Empty)]
    #[case::blank("https://idp.example/ ", EntityIdError::BadCharacter { code: 0x20 })]
    #[case::line("a\nb", EntityIdError::BadCharacter { code: 0x0A })]
    #[case::turned("a\u{202E}b", EntityIdError::BadCharacter { code: 0x202E })]
    fn what_no_uri_has_is_refused(#[case] text: &str, #[case] why: EntityIdError) {
        assert_eq!(EntityId::parse(text), Err(why));
    }

    #[test]
    fn the_standards_length_is_the_limit() {
        assert!(EntityId::parse(&"a".repeat(ENTITY_ID_LENGTH)).is_ok());
        assert_eq!(
            EntityId::parse(&"a".repeat(ENTITY_ID_LENGTH + 1)),
            Err(EntityIdError::TooLong {
                characters: ENTITY_ID_LENGTH + 1
            })
        );
    }
}
