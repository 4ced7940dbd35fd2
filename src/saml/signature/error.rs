//! Why a signature does not hold.

use thiserror::Error;

use super::{DigestAlgorithm, SignatureAlgorithm};
use crate::saml::c14n::C14nError;
use crate::saml::certificate::{Fingerprint, KeyKind};
use crate::saml::namespaces::EXCLUSIVE_C14N;
use crate::saml::xml::{Base64Error, XmlError};

/// A signature that is refused. Parts of the message may be in it; whoever shows one cleans it for the screen.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// More than one signature on one element.
    #[error("{element} has {count} signatures, one is allowed")]
    SeveralSignatures {
        /// The local name of the signed element.
        element: String,
        /// How many it has.
        count: usize,
    },
    /// The children of an element are not those of the profile.
    #[error("the children of {element} are {received}, expected {expected}")]
    Children {
        /// The local name of the element.
        element: String,
        /// What the profile has.
        expected: &'static str,
        /// The local names that came.
        received: String,
    },
    /// An attribute that the profile does not know.
    #[error("{element} has the attribute {attribute:?}, which is not supported")]
    Attribute {
        /// The local name of the element.
        element: String,
        /// The attribute.
        attribute: String,
    },
    /// Another canonicalization of `SignedInfo` than exclusive XML canonicalization without comments.
    #[error("canonicalization {received:?} is not supported, {EXCLUSIVE_C14N:?} is")]
    Canonicalization {
        /// The identifier that came.
        received: String,
    },
    /// Other transforms than enveloped signature and exclusive XML canonicalization, in this order.
    #[error(
        "transforms are {received:?}, expected enveloped-signature and exclusive canonicalization"
    )]
    Transforms {
        /// The identifiers that came.
        received: Vec<String>,
    },
    /// A signature algorithm that is weak or not supported.
    #[error("signature algorithm {received:?} is {}", judgement(.received))]
    SignatureAlgorithm {
        /// The identifier that came.
        received: String,
    },
    /// A digest algorithm that is weak or not supported.
    #[error("digest algorithm {received:?} is {}", judgement(.received))]
    DigestAlgorithm {
        /// The identifier that came.
        received: String,
    },
    /// The signed element has no identifier to refer to.
    #[error("{element} has a signature but no ID")]
    NoId {
        /// The local name of the signed element.
        element: String,
    },
    /// The reference leads somewhere else than to the element around the signature.
    #[error(
        "signature is over {received:?} and not over the element that it stands in, {expected:?}"
    )]
    Reference {
        /// `#` and the identifier of the element around the signature.
        expected: String,
        /// The URI that came, if any.
        received: Option<String>,
    },
    /// A value that is no Base64.
    #[error("{element} is not readable: {error}")]
    Base64 {
        /// The local name of the element.
        element: &'static str,
        /// What is wrong with it.
        #[source]
        error: Base64Error,
    },
    /// A part of the signature is malformed.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// There is no key to verify with.
    #[error("no signing certificate is known for the identity provider")]
    NoCertificates,
    /// No known key is for this algorithm.
    #[error("no known signing certificate has a key for {}", .algorithm.uri())]
    NoFittingKey {
        /// The algorithm that came.
        algorithm: SignatureAlgorithm,
        /// The keys that are known.
        known: Vec<KeyKind>,
    },
    /// No known key made the signature.
    #[error("signature is by none of the known certificates{}", key_hint(.known, .presented.as_ref()))]
    KeyMismatch {
        /// The certificates that were tried.
        known: Vec<Fingerprint>,
        /// The certificate that the message itself shows, which proves nothing.
        presented: Option<Fingerprint>,
    },
    /// The signature is by a known key, but what it covers is not what was signed.
    #[error("{element} was changed after it was signed")]
    DigestMismatch {
        /// The local name of the signed element.
        element: String,
        /// The digest that was signed, in Base64.
        expected: String,
        /// The digest of what came, in Base64.
        received: String,
    },
    /// The signed element is too large to be digested.
    #[error(transparent)]
    C14n(#[from] C14nError),
}

impl SignatureError {
    /// What would have been right, where that can be said in a few words.
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::SeveralSignatures { .. } => Some("one signature".to_owned()),
            Self::Children { expected, .. } => Some((*expected).to_owned()),
            Self::Canonicalization { .. } => Some(EXCLUSIVE_C14N.to_owned()),
            Self::Transforms { .. } => Some("enveloped-signature, xml-exc-c14n#".to_owned()),
            Self::SignatureAlgorithm { .. } => {
                Some(join(SignatureAlgorithm::ALL.map(SignatureAlgorithm::uri)))
            }
            Self::DigestAlgorithm { .. } => {
                Some(join(DigestAlgorithm::ALL.map(DigestAlgorithm::uri)))
            }
            Self::Reference { expected, .. } | Self::DigestMismatch { expected, .. } => {
                Some(expected.clone())
            }
            Self::NoFittingKey { known, .. } => Some(join(known)),
            Self::KeyMismatch { known, .. } => Some(join(known)),
            Self::Attribute { .. }
            | Self::NoId { .. }
            | Self::Base64 { .. }
            | Self::Xml(_)
            | Self::NoCertificates
            | Self::C14n(_) => None,
        }
    }

    /// What came instead.
    pub fn received(&self) -> Option<String> {
        match self {
            Self::SeveralSignatures { count, .. } => Some(count.to_string()),
            Self::Children { received, .. }
            | Self::Canonicalization { received }
            | Self::SignatureAlgorithm { received }
            | Self::DigestAlgorithm { received }
            | Self::DigestMismatch { received, .. } => Some(received.clone()),
            Self::Attribute { attribute, .. } => Some(attribute.clone()),
            Self::Transforms { received } => Some(received.join(", ")),
            Self::Reference { received, .. } => received.clone(),
            Self::NoFittingKey { algorithm, .. } => Some(algorithm.uri().to_owned()),
            Self::KeyMismatch { presented, .. } => presented.map(|it| it.to_string()),
            Self::NoId { .. }
            | Self::Base64 { .. }
            | Self::Xml(_)
            | Self::NoCertificates
            | Self::C14n(_) => None,
        }
    }
}

fn join<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<_> = items.into_iter().map(|it| it.to_string()).collect();
    items.join(", ")
}

/// Some identity providers still sign with SHA-1 unless told otherwise, so that case is named.
fn judgement(uri: &str) -> &'static str {
    if uri.ends_with("sha1") || uri.ends_with("md5") {
        "too weak: set the identity provider to SHA-256"
    } else {
        "not supported"
    }
}

fn key_hint(known: &[Fingerprint], presented: Option<&Fingerprint>) -> String {
    match presented {
        None => String::new(),
        Some(fingerprint) if known.contains(fingerprint) => {
            format!(
                ", although it names a known one, SHA-256 fingerprint {fingerprint}: it was changed or forged"
            )
        }
        Some(fingerprint) => {
            format!("; it names one that is not in the metadata, SHA-256 fingerprint {fingerprint}")
        }
    }
}
