//! The algorithms a signature may use. SHA-1 and RSA below 2048 bits are not among them.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, VerificationAlgorithm,
};

use crate::saml::certificate::KeyKind;

/// How `SignedInfo` is signed (RFC 6931 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// RSA PKCS#1 1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 1.5 with SHA-512.
    RsaSha512,
    /// ECDSA with SHA-256, by keys on P-256.
    EcdsaSha256,
    /// ECDSA with SHA-384, by keys on P-384.
    EcdsaSha384,
}

impl SignatureAlgorithm {
    /// All that are supported.
    pub const ALL: [Self; 5] = [
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
    ];

    /// The identifier in `SignatureMethod`.
    pub fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        }
    }

    /// The algorithm of an identifier, if it is supported.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.uri() == uri)
    }

    /// Whether a key can have made such a signature.
    pub fn fits(self, key_kind: KeyKind) -> bool {
        match self {
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => {
                matches!(key_kind, KeyKind::Rsa { .. })
            }
            Self::EcdsaSha256 => key_kind == KeyKind::P256,
            Self::EcdsaSha384 => key_kind == KeyKind::P384,
        }
    }

    /// ECDSA values are two numbers of fixed width (RFC 6931 §2.3.6), which these expect.
    pub(super) fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::RsaSha256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::RsaSha384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::RsaSha512 => &RSA_PKCS1_2048_8192_SHA512,
            Self::EcdsaSha256 => &ECDSA_P256_SHA256_FIXED,
            Self::EcdsaSha384 => &ECDSA_P384_SHA384_FIXED,
        }
    }
}

/// How the signed element is digested (RFC 6931 §2.1, XML Encryption §5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// All that are supported.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// The identifier in `DigestMethod`.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// The algorithm of an identifier, if it is supported.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.uri() == uri)
    }

    /// The digest of some bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }
}
