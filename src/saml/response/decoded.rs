//! What a Response says, for the eyes of an admin.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// The content of a Response, believed or not. Every text is cleaned for a screen and bounded in length.
///
/// Nothing may be decided by it: it is there whatever the checks said, of forged Responses as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The Response, indented.
    pub response: Option<String>,
    /// The assertion, indented; in the clear if it was encrypted.
    pub assertion: Option<String>,
    /// The assertion's ID.
    pub assertion_id: Option<String>,
    /// The NameID.
    pub name_id: Option<String>,
    /// Its Format.
    pub name_id_format: Option<String>,
    /// The identity provider's name for its session.
    pub session_index: Option<String>,
    /// When that session ends.
    pub session_not_on_or_after: Option<Timestamp>,
    /// The values of each attribute by its Name.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// How far the identity provider's clock was behind when the Response came, the way it took included; negative
    /// where it is ahead. In seconds.
    pub clock_skew_seconds: Option<i64>,
    /// The certificate that the first signature names in its `KeyInfo`, base64 of DER: readable, and not trusted.
    pub certificate: Option<String>,
}
