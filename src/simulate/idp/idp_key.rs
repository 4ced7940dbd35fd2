//! The key of the test identity provider.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use thiserror::Error;

use crate::saml::SigningKey;
use crate::saml::service_provider::{ServiceProviderKeyError, self_signed};
use crate::saml::signing_key::SigningKeyError;

/// A key that signs, with the certificate that metadata shows.
pub struct IdpKey {
    pub(super) signing: SigningKey,
    pub(super) certificate: Vec<u8>,
}

/// Why there is no key.
#[derive(Debug, Error)]
pub enum IdpKeyError {
    /// The private key cannot be used.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] ServiceProviderKeyError),
}

impl IdpKey {
    /// Makes an RSA key, since that is what real identity providers have, and a certificate for ten years. Asks the
    /// operating system for random numbers; takes some 100 ms.
    pub fn generate(common_name: &str, now: Timestamp) -> Result<Self, IdpKeyError> {
        let signing = SigningKey::generate_rsa()?;
        let certificate = self_signed(&signing, common_name, now)?;
        Ok(Self {
            signing,
            certificate,
        })
    }

    /// Takes a key from where it is kept: PKCS#8 and the certificate, both DER.
    pub fn from_der(pkcs8: &[u8], certificate: Vec<u8>) -> Result<Self, IdpKeyError> {
        let signing = SigningKey::from_pkcs8(pkcs8)?;
        Ok(Self {
            signing,
            certificate,
        })
    }

    /// Takes a key from the text that [`Self::expose_text`] made of it.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(|line| STANDARD.decode(line));
        let (pkcs8, certificate) = (lines.next()?.ok()?, lines.next()?.ok()?);
        Self::from_der(&pkcs8, certificate).ok()
    }

    /// The private key and the certificate as a text of two lines, to be stored where secrets are.
    pub fn expose_text(&self) -> String {
        let (key, certificate) = (self.expose_pkcs8(), self.certificate());
        format!(
            "{}\n{}\n",
            STANDARD.encode(key),
            STANDARD.encode(certificate)
        )
    }

    /// The certificate, DER: public.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The private key as PKCS#8, DER, to be stored where secrets are.
    pub fn expose_pkcs8(&self) -> &[u8] {
        self.signing.expose_pkcs8()
    }
}

impl fmt::Debug for IdpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdpKey(***)")
    }
}
