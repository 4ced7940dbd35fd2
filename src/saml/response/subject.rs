//! Who signs in, as the assertion says.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::saml::certificate::Fingerprint;

/// The identity of an accepted assertion. Texts are as the identity provider sent them; clean them for a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The NameID, an e-mail address without surrounding white space, in the case it came.
    pub name_id: String,
    /// Its Format, if there is one. Not decisive: identity providers send addresses as unspecified.
    pub name_id_format: Option<String>,
    /// The identity provider's name for its session.
    pub session_index: Option<String>,
    /// When that session ends; the member's session here must not last longer.
    pub session_not_on_or_after: Option<Timestamp>,
    /// The values of each attribute by its Name; an attribute without a value has none.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The assertion's ID, under which its use is remembered.
    pub assertion_id: String,
    /// Until when its use must be remembered: past this, the assertion is too old anyway.
    pub replay_until: Timestamp,
    /// The certificate that answers for it: the one that signed the assertion, or else the Response around it.
    pub signed_by: Fingerprint,
}
