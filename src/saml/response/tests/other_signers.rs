//! Responses that another implementation signed, kept as files: signxml 5 for Python, over libxml2.

use rstest::rstest;

use super::*;

#[rstest]
#[case::rsa_sha512(
    include_str!("fixtures/signxml_rsa_sha512.xml"),
    include_str!("fixtures/signxml_rsa_sha512.pem")
)]
#[case::ecdsa_sha256(
    include_str!("fixtures/signxml_ecdsa_sha256.xml"),
    include_str!("fixtures/signxml_ecdsa_sha256.pem")
)]
fn what_signxml_signs_is_accepted(#[case] document: &str, #[case] certificate: &str) {
    let certificates = [SigningCertificate::from_text(certificate).unwrap()];
    let expectations = Expectations {
        certificates: &certificates,
        ..expectations()
    };
    let examination = examine_with(document, &expectations);
    assert_eq!(examination.first_failure(), None);
    assert!(examination.accepted().is_some());
    assert_refused(&examine_text(document), CheckId::AssertionSignature);
}
