//! Keys that sign, each with a certificate of its own making.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
};
use rcgen::{
    CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256,
    RsaKeySize,
};
use zeroize::Zeroizing;

use super::TestingError;
use crate::saml::certificate::SigningCertificate;
use crate::saml::signature::SignatureAlgorithm;

/// Which key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeySpec {
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 4096 bits.
    Rsa4096,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

/// A private key and its self-signed certificate. `Debug` shows the certificate only.
pub struct SigningKey {
    pair: Pair,
    certificate: SigningCertificate,
}

impl SigningKey {
    /// Makes a key and a certificate for it.
    pub fn generate(spec: KeySpec) -> Result<Self, TestingError> {
        let made = match spec {
            KeySpec::Rsa2048 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048),
            KeySpec::Rsa4096 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096),
            KeySpec::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            KeySpec::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        };
        let made = made.map_err(|_| TestingError::Key)?;
        let certificate = CertificateParams::default()
            .self_signed(&made)
            .map_err(|_| TestingError::Key)?;
        let pkcs8 = Zeroizing::new(made.serialize_der());
        Self::from_pkcs8_der(spec, &pkcs8, certificate.der())
    }

    /// Takes a key of PKCS#8 DER with the DER of its certificate.
    pub fn from_pkcs8_der(
        spec: KeySpec,
        pkcs8: &[u8],
        certificate: &[u8],
    ) -> Result<Self, TestingError> {
        let ecdsa = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).map(Pair::Ecdsa);
        let pair = match spec {
            KeySpec::Rsa2048 | KeySpec::Rsa4096 => RsaKeyPair::from_pkcs8(pkcs8).map(Pair::Rsa),
            KeySpec::P256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING),
            KeySpec::P384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING),
        };
        Ok(Self {
            pair: pair.map_err(|_| TestingError::Key)?,
            certificate: SigningCertificate::from_der(certificate)
                .map_err(|_| TestingError::Key)?,
        })
    }

    /// The certificate to trust.
    pub fn certificate(&self) -> &SigningCertificate {
        &self.certificate
    }

    /// Signs some bytes, in the form that XML-DSig writes.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, TestingError> {
        if !algorithm.fits(self.certificate.key_kind()) {
            return Err(TestingError::Algorithm);
        }
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(key) => {
                let padding = match algorithm {
                    SignatureAlgorithm::RsaSha256 => &RSA_PKCS1_SHA256,
                    SignatureAlgorithm::RsaSha384 => &RSA_PKCS1_SHA384,
                    SignatureAlgorithm::RsaSha512 => &RSA_PKCS1_SHA512,
                    SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384 => {
                        return Err(TestingError::Algorithm);
                    }
                };
                let mut signature = vec![0; key.public_modulus_len()];
                let signed = key.sign(padding, &random, message, &mut signature);
                signed.map_err(|_| TestingError::Cryptography)?;
                Ok(signature)
            }
            Pair::Ecdsa(key) => {
                let signature = key
                    .sign(&random, message)
                    .map_err(|_| TestingError::Cryptography)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}
