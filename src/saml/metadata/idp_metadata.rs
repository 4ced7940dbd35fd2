//! What is known of an identity provider.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::MetadataWarning;
use crate::saml::certificate::SigningCertificate;
use crate::saml::{EntityId, uris};

/// An identity provider, as its metadata describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpMetadata {
    /// Its name, which must be the Issuer of everything it says.
    pub entity_id: EntityId,
    /// How it calls itself to people, cleaned; None where it does not.
    pub display_name: Option<String>,
    /// The certificates with whose keys it may sign, at least one, each once. Several while it changes its key.
    pub signing_certificates: Vec<SigningCertificate>,
    /// Where requests go: by redirect where it takes those, since they can be signed and survive without a script.
    pub single_sign_on_service: SingleSignOnService,
    /// The formats of names it offers, in its order; may be empty.
    pub name_id_formats: Vec<String>,
    /// Whether it refuses requests that are not signed (`WantAuthnRequestsSigned`).
    pub wants_authn_requests_signed: bool,
    /// When this document ends, by the earliest `validUntil` that covers it.
    pub valid_until: Option<Timestamp>,
    /// How long it may be kept before it is fetched anew, by the shortest `cacheDuration` that covers it.
    pub cache_duration: Option<SignedDuration>,
    /// What works, but is worth a look.
    pub warnings: Vec<MetadataWarning>,
}

/// Where an identity provider takes requests (SAML metadata §2.4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleSignOnService {
    /// How they travel.
    pub binding: Binding,
    /// The URL, as it is written: `http` or `https`, with a host, without a fragment.
    pub location: String,
}

/// How a request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// In a URL. Preferred.
    Redirect,
    /// In a form.
    Post,
}

impl Binding {
    /// The URI by which SAML names it.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Redirect => uris::BINDING_REDIRECT,
            Self::Post => uris::BINDING_POST,
        }
    }

    pub(super) fn from_uri(uri: &str) -> Option<Self> {
        [Self::Redirect, Self::Post]
            .into_iter()
            .find(|binding| binding.uri() == uri)
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect => "redirect",
            Self::Post => "POST",
        })
    }
}
