//! The signatures of the Response and of the assertion: at least one, and each that is there holds.

use super::expectations::Expectations;
use super::finding::{Finding, Refusal};
use crate::saml::certificate::Fingerprint;
use crate::saml::signature::{SignatureError, VerifiedSignature, verify};
use crate::saml::xml::Node;

/// What the signature of the Response is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseSignature {
    /// There is none.
    Absent,
    /// It covers everything, and this certificate made it.
    Holds(Fingerprint),
    /// It is there and does not hold: nothing inside is decrypted.
    Broken,
}

pub(super) fn check_response(
    response: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> (ResponseSignature, Finding) {
    match verify(response, expectations.certificates) {
        Ok(Some(signature)) => (
            ResponseSignature::Holds(signature.certificate),
            holds("Response", signature, expectations),
        ),
        Ok(None) => {
            let finding = Finding::passed("the Response is not signed, so the assertion must be");
            (ResponseSignature::Absent, finding)
        }
        Err(error) => (ResponseSignature::Broken, broken(&error)),
    }
}

/// Also tells which certificate answers for the assertion: the one that signed it, or else the Response around it.
pub(super) fn check_assertion(
    assertion: Node<'_, '_>,
    response_signature: ResponseSignature,
    expectations: &Expectations<'_>,
) -> Result<(Option<Fingerprint>, Finding), Refusal> {
    match verify(assertion, expectations.certificates) {
        Ok(Some(signature)) => {
            let signer = signature.certificate;
            Ok((Some(signer), holds("assertion", signature, expectations)))
        }
        Ok(None) => Ok(match response_signature {
            ResponseSignature::Holds(signer) => (
                Some(signer),
                Finding::passed("covered by the signature of the Response"),
            ),
            ResponseSignature::Absent => (
                None,
                Finding::failed("neither the assertion nor the Response is signed")
                    .expected("a signature")
                    .received("none"),
            ),
            ResponseSignature::Broken => (
                None,
                Finding::failed(
                    "the assertion is not signed, and the signature of the Response does not hold",
                ),
            ),
        }),
        Err(error) => Err(Box::new(broken(&error))),
    }
}

fn holds(what: &str, signature: VerifiedSignature, expectations: &Expectations<'_>) -> Finding {
    let certificate = expectations
        .certificates
        .iter()
        .find(|it| it.fingerprint() == signature.certificate);
    let detail = format!("the {what} is signed with {}", signature.algorithm.uri());
    let finding = match certificate {
        // A certificate is only the envelope of its key here, so its dates are a reason to warn.
        Some(certificate) if !certificate.is_valid_at(expectations.now) => {
            Finding::warned(format!(
                "{detail}; the certificate is valid from {} to {} only",
                certificate.not_before(),
                certificate.not_after()
            ))
        }
        _ => Finding::passed(detail),
    };
    finding.received(signature.certificate.to_string())
}

fn broken(error: &SignatureError) -> Finding {
    Finding {
        expected: error.expected(),
        received: error.received(),
        ..Finding::failed(error.to_string())
    }
}
