//! What is worth a look in a metadata document that can be used.

use jiff::Timestamp;
use thiserror::Error;

use crate::saml::certificate::{CertificateError, Fingerprint};

/// Something in a metadata document that works, but may not be what the admin wants. The text is for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MetadataWarning {
    /// A certificate has ended. Its key is trusted all the same: what counts is that it stands here.
    #[error("the signing certificate {fingerprint} expired at {not_after}")]
    CertificateExpired {
        /// Which one.
        fingerprint: Fingerprint,
        /// When.
        not_after: Timestamp,
    },
    /// A certificate ends within [`EXPIRES_SOON_DAYS`](super::EXPIRES_SOON_DAYS) days.
    #[error("the signing certificate {fingerprint} expires at {not_after}")]
    CertificateExpiresSoon {
        /// Which one.
        fingerprint: Fingerprint,
        /// When.
        not_after: Timestamp,
    },
    /// A certificate has not begun.
    #[error("the signing certificate {fingerprint} is not valid before {not_before}")]
    CertificateNotYetValid {
        /// Which one.
        fingerprint: Fingerprint,
        /// When it begins.
        not_before: Timestamp,
    },
    /// A certificate was left out, since its key cannot be used.
    #[error("a signing certificate cannot be used: {0}")]
    CertificateUnusable(#[source] CertificateError),
    /// A key for signing comes without a certificate and was left out.
    #[error("a signing key comes without a certificate and is not used")]
    KeyWithoutCertificate,
    /// Requests go out in plain text.
    #[error("requests go to {location:?} without TLS")]
    PlainHttp {
        /// Where.
        location: String,
    },
    /// The document is signed, and nobody has looked whether the signature holds.
    #[error("the document has a signature, which is not verified")]
    SignatureNotVerified,
    /// The identity provider lists formats of names, and no e-mail address is among them.
    #[error(
        "the identity provider does not list e-mail addresses as a format of names, but members are found by theirs"
    )]
    EmailNotOffered,
    /// The identity provider wants signed requests and takes them by POST alone, for which signing is not offered.
    #[error(
        "the identity provider wants signed requests and takes them by POST alone; signing is offered for redirects"
    )]
    SignedPostNotOffered,
    /// `cacheDuration` is no duration.
    #[error("cacheDuration {text:?} is no duration and is passed over")]
    UnreadableCacheDuration {
        /// What it says, cleaned and cut.
        text: String,
    },
    /// `WantAuthnRequestsSigned` is neither true nor false.
    #[error(
        "WantAuthnRequestsSigned {text:?} is neither true nor false; requests are signed to be on the safe side"
    )]
    UnreadableSignatureWish {
        /// What it says, cleaned and cut.
        text: String,
    },
    /// The entity describes itself as an identity provider of SAML 2.0 more than once; the first description is used.
    #[error(
        "the entity has {count} descriptions of an identity provider, of which the first is used"
    )]
    SeveralDescriptions {
        /// How many.
        count: usize,
    },
}
