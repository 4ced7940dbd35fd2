//! What a Response is held against.

use jiff::{SignedDuration, Timestamp};

use crate::saml::certificate::SigningCertificate;
use crate::saml::decrypt::DecryptionKey;

/// How far two clocks may differ.
pub const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// What is known of the identity provider, of this service provider and of the browser.
#[derive(Clone, Copy, Debug)]
pub struct Expectations<'a> {
    /// The identity provider's entityID.
    pub idp_entity_id: &'a str,
    /// The signing certificates of its metadata. With none, nothing is accepted.
    pub certificates: &'a [SigningCertificate],
    /// The address of the assertion consumer service that received the Response.
    pub acs_url: &'a str,
    /// The service provider's entityID.
    pub sp_entity_id: &'a str,
    /// The ID of the request that this browser was sent away with, if any.
    pub pending_request_id: Option<&'a str>,
    /// Whether a Response without a request is accepted.
    pub unsolicited: Unsolicited,
    /// The time of the examination.
    pub now: Timestamp,
    /// How far the clocks may differ, usually [`SKEW`].
    pub skew: SignedDuration,
    /// The keys to decrypt an assertion with.
    pub decryption_keys: &'a [DecryptionKey],
}

/// What becomes of a login that begins at the identity provider (SAML Profiles §4.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsolicited {
    /// It is accepted.
    Allowed,
    /// It is refused.
    Refused,
}

impl Expectations<'_> {
    /// Whether something that ends at `end`, not including it, has ended on any clock within the skew.
    pub(super) fn is_past(&self, end: Timestamp) -> bool {
        self.now >= end.saturating_add(self.skew).unwrap_or(Timestamp::MAX)
    }

    /// Whether something that begins at `start` has not begun on any clock within the skew.
    pub(super) fn is_ahead(&self, start: Timestamp) -> bool {
        self.now < start.saturating_sub(self.skew).unwrap_or(Timestamp::MIN)
    }
}
