//! Whether the signatures of the answers hold, and those that must not do not.

use rstest::rstest;

use super::*;
use crate::saml::signature::{SignatureError, VerifiedSignature, verify};
use crate::saml::xml::{Limits, Source};

type Verified = Result<Option<VerifiedSignature>, SignatureError>;

/// What verifying finds of the Response and of its assertion.
fn verified(idp: &TestIdp, outcome: Outcome) -> (Verified, Verified) {
    let response = respond(idp, outcome);
    let source = Source::from_text(&response.xml, Limits::RESPONSE).unwrap();
    let document = source.parse().unwrap();
    let root = document.root_element();
    let assertion = root
        .children()
        .find(|child| child.has_tag_name((uris::ASSERTION, "Assertion")))
        .unwrap();
    let certificates = [SigningCertificate::from_der(idp.key.certificate()).unwrap()];
    (
        verify(root, &certificates),
        verify(assertion, &certificates),
    )
}

#[rstest]
#[case::good(Outcome::Good, false, true)]
#[case::good_signed_twice(Outcome::GoodSignedTwice, true, true)]
#[case::unsigned(Outcome::Unsigned, false, false)]
#[case::wrong_audience(Outcome::WrongAudience, false, true)]
#[case::comment_in_name_id(Outcome::CommentInNameId, false, true)]
#[case::expired(Outcome::Expired, false, true)]
#[case::session_over(Outcome::SessionOver, false, true)]
#[case::unknown_condition(Outcome::UnknownCondition, false, true)]
#[case::unknown_role(Outcome::UnknownRole, false, true)]
fn what_is_signed_verifies(
    idp: &TestIdp,
    #[case] outcome: Outcome,
    #[case] has_response: bool,
    #[case] has_assertion: bool,
) {
    let (response, assertion) = verified(idp, outcome);
    assert_eq!(response.unwrap().is_some(), has_response);
    assert_eq!(assertion.unwrap().is_some(), has_assertion);
}

#[rstest]
fn a_changed_response_leaves_the_signature_of_the_assertion_alone(idp: &TestIdp) {
    let (response, assertion) = verified(idp, Outcome::TamperedResponse);
    assert!(response.is_err());
    assert!(assertion.unwrap().is_some());
}

#[rstest]
#[case::changed(Outcome::TamperedNameId)]
#[case::foreign_key(Outcome::WrongCertificate)]
#[case::sha1(Outcome::Sha1Signature)]
fn what_must_not_hold_does_not(idp: &TestIdp, #[case] outcome: Outcome) {
    let (response, assertion) = verified(idp, outcome);
    assert_eq!(response.unwrap(), None);
    assert!(assertion.is_err());
}

/// The attack is only worth its name if the hidden assertion is still good by itself.
#[rstest]
fn the_wrapped_assertion_still_verifies(idp: &TestIdp) {
    let response = respond(idp, Outcome::WrappedSignature);
    let source = Source::from_text(&response.xml, Limits::RESPONSE).unwrap();
    let document = source.parse().unwrap();
    let certificates = [SigningCertificate::from_der(idp.key.certificate()).unwrap()];
    let holds: Vec<_> = document
        .root_element()
        .descendants()
        .filter(|node| node.has_tag_name((uris::ASSERTION, "Assertion")))
        .map(|assertion| verify(assertion, &certificates).unwrap().is_some())
        .collect();
    assert_eq!(holds, [false, true]);
}
