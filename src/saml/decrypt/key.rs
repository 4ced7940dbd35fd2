//! The service provider's private key for decryption.

use std::fmt;

use aws_lc_rs::rsa::{OaepPrivateDecryptingKey, PrivateDecryptingKey};
use thiserror::Error;
use zeroize::Zeroizing;

use super::read::WrappedKey;
use crate::saml::xml::decode_base64;

const MAX_BYTES: usize = 16 * 1024;
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// A private RSA key of 2048 to 8192 bits. `Debug` shows its length and nothing else of it.
pub struct DecryptionKey {
    key: OaepPrivateDecryptingKey,
}

/// A key that cannot be used. Says nothing of the key itself.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DecryptionKeyError {
    /// Not the PEM of a PKCS#8 key.
    #[error("private key is not PEM with a BEGIN PRIVATE KEY line")]
    Pem,
    /// Not a PKCS#8 RSA key, or shorter than 2048 bits.
    #[error("private key is no PKCS#8 RSA key of 2048 to 8192 bits")]
    Rejected,
}

impl DecryptionKey {
    /// Reads a key from PKCS#8 DER (RFC 5958).
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, DecryptionKeyError> {
        let key =
            PrivateDecryptingKey::from_pkcs8(der).map_err(|_| DecryptionKeyError::Rejected)?;
        let key = OaepPrivateDecryptingKey::new(key).map_err(|_| DecryptionKeyError::Rejected)?;
        Ok(Self { key })
    }

    /// Reads a key from PKCS#8 PEM (RFC 7468 §10).
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, DecryptionKeyError> {
        let body = pem
            .trim()
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(END));
        let body = body.ok_or(DecryptionKeyError::Pem)?;
        let der =
            Zeroizing::new(decode_base64(body, MAX_BYTES).map_err(|_| DecryptionKeyError::Pem)?);
        Self::from_pkcs8_der(&der)
    }

    /// The content key in a wrapped one, if this key opens it.
    pub(super) fn unwrap(&self, wrapped: &WrappedKey) -> Option<Zeroizing<Vec<u8>>> {
        let mut output = Zeroizing::new(vec![0; self.key.min_output_size()]);
        let algorithm = wrapped.transport.oaep();
        let label = wrapped.label.as_deref();
        let key = self
            .key
            .decrypt(algorithm, &wrapped.ciphertext, &mut output, label)
            .ok()?;
        Some(Zeroizing::new(key.to_vec()))
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecryptionKey(RSA {} ***)", self.key.key_size_bits())
    }
}
