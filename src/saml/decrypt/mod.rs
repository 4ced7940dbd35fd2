//! Encrypted assertions (SAML Core §6, XML Encryption 1.1).
//!
//! [`decrypt()`] turns an `EncryptedAssertion` into the text of an assertion, which is then read anew under all limits.
//! RSA-OAEP wraps the content key and AES in GCM or CBC mode encrypts the content; RSA PKCS#1 1.5 and Triple DES are
//! refused. Nothing that an element refers to is fetched or looked up.
//!
//! What went wrong with the cryptography has one error, [`DecryptError::Failed`], and the caller gives the same one for
//! a plaintext that is no XML: with CBC, telling these apart would let a stranger decrypt messages by asking often.

mod algorithm;
mod error;
mod key;
mod read;

use zeroize::Zeroizing;

pub use algorithm::{ContentCipher, KeyTransport};
pub use error::DecryptError;
pub use key::{DecryptionKey, DecryptionKeyError};

use super::xml::{Limits, Node, Source};

/// What an `EncryptedAssertion` holds, with the key that opened it nowhere in it.
#[derive(Clone, Debug)]
pub struct Decrypted {
    /// The plaintext, not parsed yet.
    pub source: Source,
    /// How the content was encrypted.
    pub cipher: ContentCipher,
    /// How its key was encrypted.
    pub key_transport: KeyTransport,
}

/// Decrypts an `EncryptedAssertion` with any of the keys.
pub fn decrypt(
    encrypted_assertion: Node<'_, '_>,
    keys: &[DecryptionKey],
) -> Result<Decrypted, DecryptError> {
    let encrypted = read::read(encrypted_assertion)?;
    if keys.is_empty() {
        return Err(DecryptError::NoKey);
    }
    for wrapped in &encrypted.keys {
        for key in keys {
            let Some(content_key) = key.unwrap(wrapped) else {
                continue;
            };
            let Some(plaintext) = encrypted.cipher.decrypt(&content_key, &encrypted.content) else {
                continue;
            };
            let plaintext = Zeroizing::new(plaintext);
            let source = Source::from_bytes(&plaintext, Limits::RESPONSE)
                .map_err(|_| DecryptError::Failed)?;
            return Ok(Decrypted {
                source,
                cipher: encrypted.cipher,
                key_transport: wrapped.transport,
            });
        }
    }
    Err(DecryptError::Failed)
}
