//! A private key that signs: RSA or ECDSA P-256, always with SHA-256.
//!
//! Used by the redirect binding and by the test identity provider. The key never shows in `Debug` or an error, and its
//! memory is wiped when it is dropped.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::signature::SignatureAlgorithm;

/// Bytes of the largest private key that is read: RSA of 8192 bits needs 4.7 KB.
pub const PKCS8_LENGTH: usize = 8_192;
/// Bits of the smallest RSA key that is read.
pub const RSA_BITS: usize = 2_048;

/// A private key, from its PKCS#8 form.
pub struct SigningKey {
    pkcs8: Zeroizing<Vec<u8>>,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// Why a key cannot be used. Never says anything of the key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SigningKeyError {
    /// It is too large to be a key.
    #[error("the private key has {bytes} bytes, at most {PKCS8_LENGTH} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It is no PKCS#8 of a kind that is known.
    #[error("the private key is neither RSA nor ECDSA P-256 in PKCS#8 form")]
    Unreadable,
    /// It is an RSA key that is too short to be trusted.
    #[error("the RSA key has {bits} bits, at least {RSA_BITS} are needed")]
    TooShort {
        /// Its size.
        bits: usize,
    },
    /// No key could be made, since the operating system gave no random numbers.
    #[error("no private key could be made")]
    NotGenerated,
    /// The key did not sign.
    #[error("the private key could not sign")]
    NotSigned,
}

impl SigningKey {
    /// Reads a key from PKCS#8 (RFC 5958), DER.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SigningKeyError> {
        if pkcs8.len() > PKCS8_LENGTH {
            return Err(SigningKeyError::TooLarge { bytes: pkcs8.len() });
        }
        let pair = if let Ok(pair) = RsaKeyPair::from_pkcs8(pkcs8) {
            let bits = pair.public_modulus_len() * 8;
            if bits < RSA_BITS {
                return Err(SigningKeyError::TooShort { bits });
            }
            Pair::Rsa(pair)
        } else {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                .map_err(|_| SigningKeyError::Unreadable)?;
            Pair::P256(pair)
        };
        Ok(Self {
            pkcs8: Zeroizing::new(pkcs8.to_vec()),
            pair,
        })
    }

    /// Makes an RSA key of 2048 bits. Asks the operating system for random numbers; takes some 100 ms.
    pub fn generate_rsa() -> Result<Self, SigningKeyError> {
        use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};

        let pair =
            RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningKeyError::NotGenerated)?;
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| SigningKeyError::NotGenerated)?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// Makes an ECDSA key on P-256. Asks the operating system for random numbers.
    pub fn generate_p256() -> Result<Self, SigningKeyError> {
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .map_err(|_| SigningKeyError::NotGenerated)?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// How it signs.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        match self.pair {
            Pair::Rsa(_) => SignatureAlgorithm::RsaSha256,
            Pair::P256(_) => SignatureAlgorithm::EcdsaSha256,
        }
    }

    /// Whether it is an RSA key.
    pub fn is_rsa(&self) -> bool {
        match self.pair {
            Pair::Rsa(_) => true,
            Pair::P256(_) => false,
        }
    }

    /// Signs `message`: with RSA always the same bytes, with ECDSA others each time.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningKeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| SigningKeyError::NotSigned)?;
                Ok(signature)
            }
            Pair::P256(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SigningKeyError::NotSigned),
        }
    }

    /// The public key: PKCS#1 for RSA, an uncompressed point for ECDSA, as aws-lc-rs verifies with.
    pub fn public_key(&self) -> &[u8] {
        match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::P256(pair) => pair.public_key().as_ref(),
        }
    }

    /// The private key as PKCS#8, DER, to be stored where secrets are. Never hand it to anything that formats or logs.
    pub fn expose_pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?}, ***)", self.algorithm())
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    };
    use rstest::rstest;

    use super::*;

    #[test]
    fn rsa_signs_what_its_public_key_verifies() {
        let key = SigningKey::generate_rsa().unwrap();
        assert_eq!(key.algorithm(), SignatureAlgorithm::RsaSha256);
        let again = SigningKey::from_pkcs8(key.expose_pkcs8()).unwrap();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key())
            .verify(b"message", &again.sign(b"message").unwrap())
            .unwrap();
    }

    #[test]
    fn p256_signs_with_r_and_s_side_by_side() {
        let key = SigningKey::generate_p256().unwrap();
        let signature = key.sign(b"message").unwrap();
        assert_eq!(signature.len(), 64);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key())
            .verify(b"message", &signature)
            .unwrap();
    }

    #[rstest]
    #[case::empty(Vec::new(), SigningKeyError::Unreadable)]
    #[case::junk(vec![0x30; 64], SigningKeyError::Unreadable)]
    #[case::too_large(vec![0; PKCS8_LENGTH + 1], SigningKeyError::TooLarge { bytes: PKCS8_LENGTH + 1 })]
    fn what_is_no_key_is_refused(#[case] pkcs8: Vec<u8>, #[case] why: SigningKeyError) {
        assert_eq!(SigningKey::from_pkcs8(&pkcs8).unwrap_err(), why);
    }

    #[test]
    fn the_key_is_never_formatted() {
        let key = SigningKey::generate_p256().unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(EcdsaSha256, ***)");
    }
}
