//! The verification itself.

use aws_lc_rs::signature::UnparsedPublicKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::profile::{self, Profile};
use super::{DigestAlgorithm, SignatureAlgorithm, SignatureError};
use crate::saml::c14n::{Subtree, canonicalize};
use crate::saml::certificate::{Fingerprint, SigningCertificate};
use crate::saml::namespaces::XML_SIGNATURE;
use crate::saml::xml::Node;

/// A signature that holds over the whole of the element it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// The certificate whose key made it.
    pub certificate: Fingerprint,
    /// How it was signed.
    pub algorithm: SignatureAlgorithm,
    /// How the element was digested.
    pub digest_algorithm: DigestAlgorithm,
}

/// Verifies the signature of `signed`, a direct child of it, with any of the certificates whose key fits.
///
/// `None` means that the element has no signature of its own; whether it needs one is the caller's question. A signature
/// that is there must hold. The document must have been read by [`crate::saml::xml`], which makes identifiers unique.
pub fn verify(
    signed: Node<'_, '_>,
    certificates: &[SigningCertificate],
) -> Result<Option<VerifiedSignature>, SignatureError> {
    let mut signatures = signed
        .children()
        .filter(|it| it.has_tag_name((XML_SIGNATURE, "Signature")));
    let Some(signature) = signatures.next() else {
        return Ok(None);
    };
    let others = signatures.count();
    if others > 0 {
        return Err(SignatureError::SeveralSignatures {
            element: signed.tag_name().name().to_owned(),
            count: others + 1,
        });
    }
    let profile = profile::read(signed, signature)?;
    // The key comes before the digest: what no known key has signed is not worth the work of digesting it.
    let certificate = find_signer(&profile, certificates)?;
    check_digest(&profile, signed, signature)?;
    Ok(Some(VerifiedSignature {
        certificate,
        algorithm: profile.algorithm,
        digest_algorithm: profile.digest_algorithm,
    }))
}

fn find_signer(
    profile: &Profile<'_, '_>,
    certificates: &[SigningCertificate],
) -> Result<Fingerprint, SignatureError> {
    if certificates.is_empty() {
        return Err(SignatureError::NoCertificates);
    }
    let algorithm = profile.algorithm;
    let fitting: Vec<_> = certificates
        .iter()
        .filter(|it| algorithm.fits(it.key_kind()))
        .collect();
    if fitting.is_empty() {
        return Err(SignatureError::NoFittingKey {
            algorithm,
            known: certificates
                .iter()
                .map(SigningCertificate::key_kind)
                .collect(),
        });
    }
    let signed_info = canonicalize(&Subtree {
        top: profile.signed_info,
        without: None,
        inclusive_prefixes: &profile.signed_info_prefixes,
    })?;
    let signer = fitting.iter().find(|certificate| {
        UnparsedPublicKey::new(algorithm.verification(), certificate.as_public_key())
            .verify(signed_info.as_bytes(), &profile.signature)
            .is_ok()
    });
    match signer {
        Some(certificate) => Ok(certificate.fingerprint()),
        None => Err(SignatureError::KeyMismatch {
            known: fitting.iter().map(|it| it.fingerprint()).collect(),
            presented: profile.presented,
        }),
    }
}

fn check_digest(
    profile: &Profile<'_, '_>,
    signed: Node<'_, '_>,
    signature: Node<'_, '_>,
) -> Result<(), SignatureError> {
    let canonical = canonicalize(&Subtree {
        top: signed,
        without: Some(signature),
        inclusive_prefixes: &profile.prefixes,
    })?;
    let digest = profile.digest_algorithm.digest(canonical.as_bytes());
    if digest == profile.digest {
        return Ok(());
    }
    Err(SignatureError::DigestMismatch {
        element: signed.tag_name().name().to_owned(),
        expected: STANDARD.encode(&profile.digest),
        received: STANDARD.encode(digest),
    })
}
