//! Well-signed messages that are not for here, not for now, or not a login.

use rstest::rstest;

use super::*;

/// Edits the assertion before it is signed.
fn with_edited_assertion(from: &str, to: &str) -> String {
    let assertion = signer()
        .sign(&edit(&login().assertion_xml(), from, to), "_assertion")
        .unwrap();
    login().response_xml(&assertion)
}

const BEARER: &str = "cm:bearer";
const CONDITIONS: &str = "<saml:AudienceRestriction>";

#[rstest]
#[case::version("Version=\"2.0\"", "Version=\"1.1\"", CheckId::Assertion)]
#[case::no_issue_instant(" IssueInstant=\"2026-11-27T10:00:00Z\"", "", CheckId::Assertion)]
#[case::issuer(
    "<saml:Issuer>https://idp.example",
    "<saml:Issuer>https://evil.example",
    CheckId::Assertion
)]
#[case::issuer_longer(
    "/metadata</saml:Issuer>",
    "/metadata/</saml:Issuer>",
    CheckId::Assertion
)]
#[case::issuer_element(
    "/metadata</saml:Issuer>",
    "/metadata<x/></saml:Issuer>",
    CheckId::Assertion
)]
#[case::issuer_format("<saml:Issuer>", "<saml:Issuer Format=\"urn:x\">", CheckId::Assertion)]
#[case::no_issuer(
    "<saml:Issuer>https://idp.example/metadata</saml:Issuer>",
    "",
    CheckId::Assertion
)]
#[case::two_issuers(
    "<saml:Issuer>",
    "<saml:Issuer>x</saml:Issuer><saml:Issuer>",
    CheckId::Assertion
)]
#[case::unknown_child("</saml:Subject>", "</saml:Subject><x/>", CheckId::Assertion)]
#[case::unknown_statement(
    "</saml:Subject>",
    "</saml:Subject><saml:Statement/>",
    CheckId::Assertion
)]
#[case::two_subjects(
    "<saml:Conditions ",
    "<saml:Subject/><saml:Conditions ",
    CheckId::Assertion
)]
#[case::two_conditions(
    "<saml:AuthnStatement ",
    "<saml:Conditions/><saml:AuthnStatement ",
    CheckId::Assertion
)]
#[case::no_address("ada@x.io", "ada", CheckId::Subject)]
#[case::list("ada@x.io", "ada@x.io,eve@x.io", CheckId::Subject)]
#[case::control("ada@x.io", "ada@x.io&#10;eve", CheckId::Subject)]
#[case::element_in_name("ada@x.io", "ada@x.io<x/>.evil.io", CheckId::Subject)]
#[case::two_names(
    "<saml:NameID ",
    "<saml:NameID>eve@x.io</saml:NameID><saml:NameID ",
    CheckId::Subject
)]
#[case::encrypted_name("<saml:NameID ", "<saml:EncryptedID/><saml:NameID ", CheckId::Subject)]
#[case::method(BEARER, "cm:holder-of-key", CheckId::SubjectConfirmation)]
#[case::recipient(
    "Recipient=\"https://sp.example",
    "Recipient=\"https://other.example",
    CheckId::SubjectConfirmation
)]
#[case::recipient_slash(
    "/acs\" NotOnOrAfter",
    "/acs/\" NotOnOrAfter",
    CheckId::SubjectConfirmation
)]
#[case::no_recipient(
    " Recipient=\"https://sp.example/saml/acs\"",
    "",
    CheckId::SubjectConfirmation
)]
#[case::no_end(
    "/acs\" NotOnOrAfter=\"2026-11-27T10:05:00Z\"",
    "/acs\"",
    CheckId::SubjectConfirmation
)]
#[case::past(
    "/acs\" NotOnOrAfter=\"2026-11-27T10:05",
    "/acs\" NotOnOrAfter=\"2026-11-27T09:05",
    CheckId::SubjectConfirmation
)]
#[case::no_time(
    "/acs\" NotOnOrAfter=\"2026",
    "/acs\" NotOnOrAfter=\"never",
    CheckId::SubjectConfirmation
)]
#[case::not_before(
    " Recipient=",
    " NotBefore=\"2026-11-27T09:00:00Z\" Recipient=",
    CheckId::SubjectConfirmation
)]
#[case::other_request(
    "InResponseTo=\"_request\"",
    "InResponseTo=\"_other\"",
    CheckId::SubjectConfirmation
)]
#[case::no_request(" InResponseTo=\"_request\"", "", CheckId::SubjectConfirmation)]
#[case::confirmation_data(
    "<saml:SubjectConfirmationData ",
    "<saml:SubjectConfirmationData/><saml:SubjectConfirmationData ",
    CheckId::SubjectConfirmation
)]
#[case::not_yet(
    "<saml:Conditions NotBefore=\"2026-11-27T09:59",
    "<saml:Conditions NotBefore=\"2026-11-27T10:59",
    CheckId::Conditions
)]
#[case::no_longer(
    "NotOnOrAfter=\"2026-11-27T10:05:00Z\"><saml:Aud",
    "NotOnOrAfter=\"2026-11-27T09:05:00Z\"><saml:Aud",
    CheckId::Conditions
)]
#[case::unreadable_start(
    "<saml:Conditions NotBefore=\"2026",
    "<saml:Conditions NotBefore=\"soon",
    CheckId::Conditions
)]
#[case::unreadable_end(
    "NotOnOrAfter=\"2026-11-27T10:05:00Z\"><saml:Aud",
    "NotOnOrAfter=\"\"><saml:Aud",
    CheckId::Conditions
)]
#[case::unknown_condition(
    CONDITIONS,
    "<saml:Condition/><saml:AudienceRestriction>",
    CheckId::Conditions
)]
#[case::foreign_condition(CONDITIONS, "<x/><saml:AudienceRestriction>", CheckId::Conditions)]
#[case::audience(
    "<saml:Audience>https://sp",
    "<saml:Audience>https://other",
    CheckId::Audience
)]
#[case::audience_longer(
    "metadata</saml:Audience>",
    "metadata.evil</saml:Audience>",
    CheckId::Audience
)]
#[case::second_restriction(
    CONDITIONS,
    "<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction>",
    CheckId::Audience
)]
#[case::empty_restriction(
    CONDITIONS,
    "<saml:AudienceRestriction/><saml:AudienceRestriction>",
    CheckId::Audience
)]
#[case::no_restriction(
    "<saml:AudienceRestriction><saml:Audience>https://sp.example/saml/metadata</saml:Audience></saml:AudienceRestriction>",
    "",
    CheckId::Audience
)]
#[case::session_ended(
    "SessionNotOnOrAfter=\"2026-11-27T18",
    "SessionNotOnOrAfter=\"2026-11-27T08",
    CheckId::AuthnStatement
)]
#[case::session_unreadable(
    "SessionNotOnOrAfter=\"2026",
    "SessionNotOnOrAfter=\"late",
    CheckId::AuthnStatement
)]
#[case::no_authn_instant("AuthnInstant", "Instant", CheckId::AuthnStatement)]
#[case::element_in_value("writer", "<x>admin</x>", CheckId::Attributes)]
#[case::element_beside_value(
    "<saml:AttributeValue>",
    "<x/><saml:AttributeValue>",
    CheckId::Attributes
)]
#[case::no_name("Name=\"role\"", "", CheckId::Attributes)]
fn a_signed_assertion_that_is_not_right_is_refused(
    #[case] from: &str,
    #[case] to: &str,
    #[case] id: CheckId,
) {
    assert_fails(&with_edited_assertion(from, to), id);
}

#[rstest]
#[case::subject("<saml:Subject>", "</saml:Subject>", CheckId::Subject)]
#[case::confirmation(
    "<saml:SubjectConfirmation ",
    "</saml:SubjectConfirmation>",
    CheckId::SubjectConfirmation
)]
#[case::conditions("<saml:Conditions ", "</saml:Conditions>", CheckId::Conditions)]
#[case::statement(
    "<saml:AuthnStatement ",
    "</saml:AuthnStatement>",
    CheckId::AuthnStatement
)]
fn what_is_required_is_missed(#[case] start: &str, #[case] end: &str, #[case] id: CheckId) {
    let assertion = login().assertion_xml();
    assert_fails(&with_edited_assertion(cut(&assertion, start, end), ""), id);
}

/// The Response around a signed assertion has no signature here, so all of it may be edited.
#[rstest]
#[case::version(
    "_response\" Version=\"2.0\"",
    "_response\" Version=\"3.0\"",
    CheckId::Response
)]
#[case::no_id("ID=\"_response\"", "", CheckId::Response)]
#[case::root("samlp:Response", "samlp:ArtifactResponse", CheckId::Response)]
#[case::namespace("SAML:2.0:protocol", "SAML:2.0:other", CheckId::Response)]
#[case::unknown_child("<samlp:Status>", "<x/><samlp:Status>", CheckId::Response)]
#[case::two_statuses("<samlp:Status>", "<samlp:Status/><samlp:Status>", CheckId::Response)]
#[case::text("<samlp:Status>", "x<samlp:Status>", CheckId::Response)]
#[case::not_success("status:Success", "status:Responder", CheckId::Status)]
#[case::almost_success("status:Success", "status:Success ", CheckId::Status)]
#[case::nested_success(
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:StatusCode>",
    CheckId::Status
)]
#[case::no_code(
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
    "",
    CheckId::Status
)]
#[case::destination(
    "Destination=\"https://sp",
    "Destination=\"https://other",
    CheckId::Destination
)]
#[case::destination_query(
    "/acs\" InResponseTo=\"_request\">",
    "/acs?x\" InResponseTo=\"_request\">",
    CheckId::Destination
)]
#[case::other_request(
    "InResponseTo=\"_request\">",
    "InResponseTo=\"_other\">",
    CheckId::InResponseTo
)]
#[case::no_request(" InResponseTo=\"_request\">", ">", CheckId::InResponseTo)]
#[case::issuer(
    "2.0:assertion\">https://idp",
    "2.0:assertion\">https://evil",
    CheckId::ResponseIssuer
)]
fn an_edited_response_is_refused(#[case] from: &str, #[case] to: &str, #[case] id: CheckId) {
    assert_fails(&edit(&with_signed_assertion(&login()), from, to), id);
}

#[test]
fn a_response_needs_no_issuer_and_no_destination_of_its_own() {
    let response = with_signed_assertion(&login());
    let issuer = cut(&response, "<saml:Issuer xmlns", "</saml:Issuer>").to_owned();
    let response = edit(&response, &issuer, "");
    assert_accepted(&edit(
        &response,
        " Destination=\"https://sp.example/saml/acs\"",
        "",
    ));
}

#[test]
fn a_signed_response_needs_its_destination() {
    let response = login().response_xml(&login().assertion_xml());
    let response = edit(
        &response,
        " Destination=\"https://sp.example/saml/acs\"",
        "",
    );
    assert_fails(
        &signer().sign(&response, "_response").unwrap(),
        CheckId::Destination,
    );
}

#[test]
fn a_refusal_of_the_identity_provider_is_shown() {
    let status = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode \
                  Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode>\
                  <samlp:StatusMessage>not &lt;assigned&gt;&#10;</samlp:StatusMessage>";
    let code = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>";
    let examination = examine_text(&edit(&login().response_xml(""), code, status));
    let check = assert_refused(&examination, CheckId::Status);
    assert_eq!(
        check.detail,
        "the identity provider refused the login: not <assigned>"
    );
    assert!(check.received.unwrap().ends_with("AuthnFailed"));
    assert_eq!(
        examination.check(CheckId::Response).unwrap().state,
        CheckState::Passed
    );
    let subject = examination.check(CheckId::Subject).unwrap();
    assert_eq!(
        subject.detail,
        "there is nothing to look at after the failure of status"
    );
}

#[test]
fn a_response_to_another_browser_is_refused() {
    let none = Expectations {
        pending_request_id: None,
        unsolicited: Unsolicited::Allowed,
        ..expectations()
    };
    assert_refused(
        &examine_with(&with_signed_assertion(&login()), &none),
        CheckId::InResponseTo,
    );
}

/// Taking the request out of the Response, which is not signed, does not make it unsolicited.
#[test]
fn a_stripped_request_is_noticed() {
    let stripped = edit(
        &with_signed_assertion(&login()),
        " InResponseTo=\"_request\">",
        ">",
    );
    let allowed = Expectations {
        unsolicited: Unsolicited::Allowed,
        ..expectations()
    };
    assert_refused(
        &examine_with(&stripped, &allowed),
        CheckId::SubjectConfirmation,
    );
}

#[test]
fn one_failure_does_not_hide_another() {
    let login = Login {
        name_id: "ada".to_owned(),
        audience: "x".to_owned(),
        issuer: "y".to_owned(),
        ..login()
    };
    let examination = examine_text(&with_signed_assertion(&login));
    for id in [
        CheckId::ResponseIssuer,
        CheckId::Assertion,
        CheckId::Subject,
        CheckId::Audience,
    ] {
        assert_eq!(examination.check(id).unwrap().state, CheckState::Failed);
    }
    assert_eq!(
        examination
            .check(CheckId::AssertionSignature)
            .unwrap()
            .state,
        CheckState::Passed
    );
}

#[test]
fn the_shortest_session_counts() {
    let more = "<saml:AuthnStatement AuthnInstant=\"2026-11-27T10:00:00Z\" \
                SessionNotOnOrAfter=\"2026-11-27T11:00:00Z\"/><saml:AttributeStatement>";
    let subject = assert_accepted(&with_edited_assertion("<saml:AttributeStatement>", more));
    assert_eq!(
        subject.session_not_on_or_after,
        Some("2026-11-27T11:00:00Z".parse().unwrap())
    );
}
