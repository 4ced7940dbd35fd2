//! The certificates an identity provider signs with, as its metadata gives them.
//!
//! A certificate is a key in an envelope here: trust comes from the metadata it stands in, so its own signature, issuer
//! and name are not looked at (SAML Metadata Interoperability Profile §2.5), and an expired one still verifies; who
//! shows it warns. Called by the metadata reader, which makes them, and by the signature verifier.

use std::fmt;

use aws_lc_rs::digest;
use base64::Engine as _;
use jiff::Timestamp;
use thiserror::Error;
use x509_parser::oid_registry::{
    OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_PKCS1_RSAENCRYPTION,
};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::SubjectPublicKeyInfo;

use super::xml::{Base64Error, decode_base64};

/// The most bytes of one certificate.
const MAX_BYTES: usize = 32 * 1024;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A key that may sign, with the certificate it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningCertificate {
    der: Vec<u8>,
    public_key: Vec<u8>,
    key_kind: KeyKind,
    fingerprint: Fingerprint,
    subject: String,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// Which algorithm a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA, with the length of its modulus.
    Rsa {
        /// From 2048 to 8192.
        bits: usize,
    },
    /// ECDSA on the curve P-256.
    P256,
    /// ECDSA on the curve P-384.
    P384,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::P256 => f.write_str("ECDSA P-256"),
            Self::P384 => f.write_str("ECDSA P-384"),
        }
    }
}

/// The SHA-256 of a certificate's DER, by which admins tell certificates apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate's DER.
    pub fn of(der: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// As `openssl x509 -fingerprint` prints it: `AB:CD:...`.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(":")?;
            }
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A certificate that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CertificateError {
    /// The text is no Base64, or too long.
    #[error("certificate is not readable: {0}")]
    Base64(#[from] Base64Error),
    /// A PEM header without its end, or other text around it.
    #[error(
        "certificate is not PEM: a BEGIN CERTIFICATE and an END CERTIFICATE line belong around it"
    )]
    Pem,
    /// More than one certificate in one text.
    #[error("more than one certificate in one text")]
    SeveralInOneText,
    /// Longer than any certificate.
    #[error("certificate has {received} bytes, at most {limit} are read")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// The bytes that came.
        received: usize,
    },
    /// The bytes are no X.509 certificate.
    #[error("not an X.509 certificate")]
    NotX509,
    /// Bytes behind the certificate.
    #[error("{bytes} bytes follow the certificate")]
    TrailingBytes {
        /// How many.
        bytes: usize,
    },
    /// Neither RSA nor ECDSA on P-256 or P-384.
    #[error(
        "keys of the algorithm {algorithm} are not supported, RSA and ECDSA on P-256 or P-384 are"
    )]
    UnsupportedKey {
        /// The object identifier of the algorithm or of its curve.
        algorithm: String,
    },
    /// An RSA key that is too weak, or too long to be worth verifying with.
    #[error("an RSA key of {bits} bits is not supported, 2048 to 8192 are")]
    RsaSize {
        /// The length of its modulus.
        bits: usize,
    },
    /// The key in the certificate is damaged.
    #[error("the certificate's key is not readable")]
    MalformedKey,
    /// A date that is no date.
    #[error("the certificate's validity is not readable")]
    MalformedValidity,
}

impl SigningCertificate {
    /// Reads a certificate from its DER (RFC 5280 §4.1).
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_BYTES {
            return Err(CertificateError::TooLarge {
                limit: MAX_BYTES,
                received: der.len(),
            });
        }
        let (rest, certificate) =
            X509Certificate::from_der(der).map_err(|_| CertificateError::NotX509)?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingBytes { bytes: rest.len() });
        }
        let validity = certificate.validity();
        let instant = |seconds| {
            Timestamp::from_second(seconds).map_err(|_| CertificateError::MalformedValidity)
        };
        let spki = certificate.public_key();
        Ok(Self {
            key_kind: key_kind(spki)?,
            public_key: spki.subject_public_key.data.to_vec(),
            fingerprint: Fingerprint::of(der),
            subject: certificate.subject().to_string(),
            not_before: instant(validity.not_before.timestamp())?,
            not_after: instant(validity.not_after.timestamp())?,
            der: der.to_vec(),
        })
    }

    /// The DER in Base64 on one line, as a `ds:X509Certificate` holds it.
    pub fn to_base64(&self) -> String {
        base64::engine::general_purpose::STANDARD.encode(&self.der)
    }

    /// Reads a certificate from the Base64 that a `ds:X509Certificate` holds, or from PEM.
    pub fn from_text(text: &str) -> Result<Self, CertificateError> {
        let text = text.trim();
        let body = match text.strip_prefix(BEGIN) {
            Some(rest) => {
                let (body, behind) = rest.split_once(END).ok_or(CertificateError::Pem)?;
                if behind.contains(BEGIN) {
                    return Err(CertificateError::SeveralInOneText);
                }
                if !behind.trim().is_empty() {
                    return Err(CertificateError::Pem);
                }
                body
            }
            None => text,
        };
        Self::from_der(&decode_base64(body, MAX_BYTES)?)
    }

    /// The certificate's DER.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The bits of the key: an RSAPublicKey (RFC 8017 §A.1.1) or a point of the curve (SEC 1 §2.3.3).
    pub fn as_public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Which algorithm the key is for.
    pub fn key_kind(&self) -> KeyKind {
        self.key_kind
    }

    /// The SHA-256 of the DER.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The subject's distinguished name, as the certificate spells it; not cleaned for a screen.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The start of the certificate's validity. Worth a warning, never a refusal.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The end of the certificate's validity. Worth a warning, never a refusal.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether the certificate's own validity covers `now`, both ends included.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }
}

impl fmt::Debug for SigningCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningCertificate")
            .field("fingerprint", &self.fingerprint)
            .field("key_kind", &self.key_kind)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

fn key_kind(spki: &SubjectPublicKeyInfo<'_>) -> Result<KeyKind, CertificateError> {
    let algorithm = &spki.algorithm.algorithm;
    if *algorithm == OID_PKCS1_RSAENCRYPTION {
        let Ok(PublicKey::RSA(key)) = spki.parsed() else {
            return Err(CertificateError::MalformedKey);
        };
        let bits = modulus_bits(&key);
        return if (2048..=8192).contains(&bits) {
            Ok(KeyKind::Rsa { bits })
        } else {
            Err(CertificateError::RsaSize { bits })
        };
    }
    let unsupported = |algorithm: String| Err(CertificateError::UnsupportedKey { algorithm });
    if *algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY {
        return unsupported(algorithm.to_id_string());
    }
    let parameters = spki.algorithm.parameters.as_ref();
    let Some(curve) = parameters.and_then(|it| it.as_oid().ok()) else {
        return Err(CertificateError::MalformedKey);
    };
    // SEC 1 §2.3.3: a first byte, then the point's coordinates.
    let (kind, coordinate) = if curve == OID_EC_P256 {
        (KeyKind::P256, 32)
    } else if curve == OID_NIST_EC_P384 {
        (KeyKind::P384, 48)
    } else {
        return unsupported(curve.to_id_string());
    };
    let point = &spki.subject_public_key.data;
    if point.first() != Some(&4) || point.len() != 1 + 2 * coordinate {
        return Err(CertificateError::MalformedKey);
    }
    Ok(kind)
}

/// The length without leading zeros, which the parser's own figure rounds up to bytes.
fn modulus_bits(key: &RSAPublicKey<'_>) -> usize {
    let mut bytes = key.modulus.iter().copied().skip_while(|byte| *byte == 0);
    let Some(first) = bytes.next() else {
        return 0;
    };
    let leading = usize::try_from(first.leading_zeros()).unwrap_or(0);
    8 * (1 + bytes.count()) - leading
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use rcgen::{
        CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    };
    use rcgen::{RsaKeySize, SignatureAlgorithm};
    use rstest::rstest;

    use super::*;

    fn certificate(algorithm: &'static SignatureAlgorithm) -> rcgen::Certificate {
        let key = KeyPair::generate_for(algorithm).unwrap();
        CertificateParams::default().self_signed(&key).unwrap()
    }

    #[rstest]
    #[case::p256(&PKCS_ECDSA_P256_SHA256, KeyKind::P256)]
    #[case::p384(&PKCS_ECDSA_P384_SHA384, KeyKind::P384)]
    fn curves_are_told_apart(
        #[case] algorithm: &'static SignatureAlgorithm,
        #[case] expected: KeyKind,
    ) {
        let made = certificate(algorithm);
        let read = SigningCertificate::from_der(made.der()).unwrap();
        assert_eq!(read.key_kind(), expected);
        assert_eq!(read.as_der(), made.der().as_ref());
        assert!(read.not_before() < read.not_after());
    }

    #[test]
    fn rsa_tells_its_length() {
        let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let made = CertificateParams::default().self_signed(&key).unwrap();
        let read = SigningCertificate::from_der(made.der()).unwrap();
        assert_eq!(read.key_kind(), KeyKind::Rsa { bits: 2048 });
    }

    #[test]
    fn other_keys_are_refused_by_name() {
        let error = SigningCertificate::from_der(certificate(&PKCS_ED25519).der()).unwrap_err();
        assert_eq!(
            error,
            CertificateError::UnsupportedKey {
                algorithm: "1.3.101.112".into()
            }
        );
    }

    #[test]
    fn pem_and_bare_base64_are_the_same() {
        let made = certificate(&PKCS_ECDSA_P256_SHA256);
        let from_pem = SigningCertificate::from_text(&format!("\n{}\n", made.pem())).unwrap();
        let from_base64 =
            SigningCertificate::from_text(&format!(" {}\n", STANDARD.encode(made.der()))).unwrap();
        assert_eq!(from_pem, from_base64);
    }

    #[test]
    fn two_in_one_text_are_refused() {
        let pem = certificate(&PKCS_ECDSA_P256_SHA256).pem();
        let result = SigningCertificate::from_text(&format!("{pem}{pem}"));
        assert_eq!(result, Err(CertificateError::SeveralInOneText));
    }

    #[rstest]
    #[case::no_end("-----BEGIN CERTIFICATE-----\nAAAA", CertificateError::Pem)]
    #[case::text("hello!", CertificateError::Base64(Base64Error::Malformed))]
    #[case::no_certificate("AAAA", CertificateError::NotX509)]
    #[case::empty("", CertificateError::NotX509)]
    fn what_is_no_certificate_is_refused(#[case] text: &str, #[case] error: CertificateError) {
        assert_eq!(SigningCertificate::from_text(text), Err(error));
    }

    #[test]
    fn bytes_behind_it_are_refused() {
        let mut der = certificate(&PKCS_ECDSA_P256_SHA256).der().to_vec();
        der.push(0);
        assert_eq!(
            SigningCertificate::from_der(&der),
            Err(CertificateError::TrailingBytes { bytes: 1 })
        );
    }

    #[test]
    fn a_fingerprint_reads_as_openssl_prints_it() {
        let text = Fingerprint::of(b"").to_string();
        assert!(text.starts_with("E3:B0:C4:42:98:FC"), "{text}");
        assert_eq!(text.len(), 95);
    }
}
