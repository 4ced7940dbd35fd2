//! Why an assertion is not decrypted.

use thiserror::Error;

use crate::saml::xml::{Base64Error, XmlError};

/// An encrypted assertion that is refused. Nothing in it depends on a key, but for [`Self::Failed`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecryptError {
    /// The service provider has no key, so its metadata asked for no encryption.
    #[error("assertion is encrypted, but there is no key to decrypt it with")]
    NoKey,
    /// The children of an element are not those that are read.
    #[error("the children of {element} are {received}, expected {expected}")]
    Children {
        /// The local name of the element.
        element: String,
        /// What belongs there.
        expected: &'static str,
        /// The local names that came.
        received: String,
    },
    /// A `CipherReference`: content that lies elsewhere is never fetched.
    #[error("encrypted content lies elsewhere (CipherReference), which is never followed")]
    CipherReference,
    /// A key transport that is weak or not supported.
    #[error("key transport {received:?} is not supported, RSA-OAEP is")]
    KeyTransport {
        /// The identifier that came.
        received: String,
    },
    /// A pair of digest and mask generation function that is not supported.
    #[error(
        "RSA-OAEP with digest {digest:?} and mask {mask:?} is not supported, SHA-1 or SHA-256 for both is"
    )]
    OaepParameters {
        /// The identifier of the digest.
        digest: String,
        /// The identifier of the mask generation function.
        mask: String,
    },
    /// A content cipher that is weak or not supported.
    #[error("cipher {received:?} is not supported, AES in GCM or CBC mode is")]
    Cipher {
        /// The identifier that came.
        received: String,
    },
    /// More wrapped keys than any sender has recipients.
    #[error("more than {limit} encrypted keys")]
    TooManyKeys {
        /// The most that are tried.
        limit: usize,
    },
    /// A value that is no Base64, or too long.
    #[error("encrypted value is not readable: {0}")]
    Base64(#[from] Base64Error),
    /// A part of the element is malformed.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Everything that can go wrong with the cryptography, and a plaintext that is not an assertion.
    #[error("assertion could not be decrypted")]
    Failed,
}
