//! The signing keys of an identity provider (SAML metadata §2.4.1.1).

use jiff::{SignedDuration, Timestamp};

use super::entity::children;
use super::{CERTIFICATES, EXPIRES_SOON_DAYS, MetadataError, MetadataWarning};
use crate::saml::certificate::{CertificateError, SigningCertificate};
use crate::saml::uris;
use crate::saml::xml::{Node, value};

/// The certificates of all KeyDescriptors that are for signing or say nothing of what they are for. Every certificate of a
/// KeyInfo counts: some identity providers put the one to come beside the one in use.
pub(super) fn read(
    role: Node<'_, '_>,
    now: Timestamp,
    warnings: &mut Vec<MetadataWarning>,
) -> Result<Vec<SigningCertificate>, MetadataError> {
    let mut certificates: Vec<SigningCertificate> = Vec::new();
    let mut unusable: Vec<CertificateError> = Vec::new();
    let mut count = 0;
    for descriptor in children(role, "KeyDescriptor") {
        if !matches!(descriptor.attribute("use"), None | Some("signing")) {
            continue;
        }
        let mut texts = certificate_elements(descriptor).peekable();
        if texts.peek().is_none() {
            warnings.push(MetadataWarning::KeyWithoutCertificate);
        }
        for text in texts {
            count += 1;
            if count > CERTIFICATES {
                return Err(MetadataError::TooMany {
                    what: "signing certificates",
                    limit: CERTIFICATES,
                });
            }
            match SigningCertificate::from_text(&value(text)?) {
                Ok(certificate) if certificates.contains(&certificate) => {}
                Ok(certificate) => certificates.push(certificate),
                Err(why) => unusable.push(why),
            }
        }
    }
    if certificates.is_empty() {
        return Err(MetadataError::NoSigningKey { unusable });
    }
    warnings.extend(
        unusable
            .into_iter()
            .map(MetadataWarning::CertificateUnusable),
    );
    warnings.extend(
        certificates
            .iter()
            .filter_map(|certificate| of_time(certificate, now)),
    );
    Ok(certificates)
}

fn certificate_elements<'a, 'input>(
    descriptor: Node<'a, 'input>,
) -> impl Iterator<Item = Node<'a, 'input>> {
    let below = |node: Node<'a, 'input>, name: &'static str| {
        node.children()
            .filter(move |child| child.has_tag_name((uris::XML_SIGNATURE, name)))
    };
    below(descriptor, "KeyInfo")
        .flat_map(move |key_info| below(key_info, "X509Data"))
        .flat_map(move |data| below(data, "X509Certificate"))
}

fn of_time(certificate: &SigningCertificate, now: Timestamp) -> Option<MetadataWarning> {
    let fingerprint = certificate.fingerprint();
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if now < not_before {
        return Some(MetadataWarning::CertificateNotYetValid {
            fingerprint,
            not_before,
        });
    }
    if now > not_after {
        return Some(MetadataWarning::CertificateExpired {
            fingerprint,
            not_after,
        });
    }
    let soon = SignedDuration::from_hours(24 * EXPIRES_SOON_DAYS);
    (not_after.duration_since(now) <= soon).then_some(MetadataWarning::CertificateExpiresSoon {
        fingerprint,
        not_after,
    })
}
