//! Signature wrapping: a good signature is kept, and another assertion is put where a careless reader looks.

use rstest::rstest;

use super::*;

/// The good assertion, with its signature.
fn good() -> String {
    signed_assertion(&login())
}

/// The good assertion without its signature, as it was signed.
fn unsigned() -> String {
    login().assertion_xml()
}

/// The signature of the good assertion.
fn signature() -> String {
    let good = good();
    cut(&good, "<ds:Signature ", "</ds:Signature>").to_owned()
}

/// An assertion of someone else under another ID.
fn evil() -> String {
    Login {
        assertion_id: "_evil".to_owned(),
        name_id: "eve@x.io".to_owned(),
        ..login()
    }
    .assertion_xml()
}

/// The same with the good signature as its own.
fn evil_with(signature: &str) -> String {
    edit(
        &evil(),
        "</saml:Issuer>",
        &format!("</saml:Issuer>{signature}"),
    )
}

fn inside(outer: &str, before: &str, inner: &str) -> String {
    edit(outer, before, &format!("{inner}{before}"))
}

fn response(assertions: &str) -> String {
    login().response_xml(assertions)
}

fn signature_around(inner: &str) -> String {
    inside(
        &signature(),
        "</ds:Signature>",
        &format!("<ds:Object>{inner}</ds:Object>"),
    )
}

/// A signed Response, wrapped: a foreign Response has the good one where `put` puts it.
fn evil_response(put: impl Fn(&str, &str, &str) -> String) -> String {
    let good = signed_response(&login());
    let signature = cut(&good, "<ds:Signature ", "</ds:Signature>").to_owned();
    let bare = edit(&good, &signature, "");
    let evil = Login {
        response_id: "_evil_response".to_owned(),
        ..login()
    }
    .response_xml(&evil());
    put(&evil, &signature, &bare)
}

/// The eight arrangements of Somorovsky et al., "On Breaking SAML", and more of their kind.
#[rstest]
#[case::xsw1_response_in_signature(evil_response(|evil, signature, good| {
    let around = inside(signature, "</ds:Signature>", &format!("<ds:Object>{good}</ds:Object>"));
    edit(evil, "</saml:Issuer><samlp:Status>", &format!("</saml:Issuer>{around}<samlp:Status>"))
}), CheckId::Response)]
#[case::xsw2_response_beside_signature(evil_response(|evil, signature, good| {
    edit(evil, "</saml:Issuer><samlp:Status>", &format!("</saml:Issuer>{good}{signature}<samlp:Status>"))
}), CheckId::Response)]
#[case::response_in_extensions(evil_response(|evil, signature, good| {
    let both = format!("</saml:Issuer>{signature}<samlp:Extensions>{good}</samlp:Extensions><samlp:Status>");
    edit(evil, "</saml:Issuer><samlp:Status>", &both)
}), CheckId::Response)]
#[case::signature_of_another_response(evil_response(|evil, signature, _| {
    edit(evil, "</saml:Issuer><samlp:Status>", &format!("</saml:Issuer>{signature}<samlp:Status>"))
}), CheckId::ResponseSignature)]
#[case::xsw3_evil_before_good(response(&format!("{}{}", evil(), good())), CheckId::Response)]
#[case::evil_behind_good(response(&format!("{}{}", good(), evil())), CheckId::Response)]
#[case::xsw4_good_in_evil(response(&inside(&evil(), "</saml:Assertion>", &good())), CheckId::Response)]
#[case::xsw5_evil_with_signature_good_behind(response(&format!("{}{}", evil_with(&signature()), unsigned())), CheckId::Response)]
#[case::good_before_evil_with_signature(response(&format!("{}{}", unsigned(), evil_with(&signature()))), CheckId::Response)]
#[case::xsw6_good_in_signature_of_evil(response(&evil_with(&inside(&signature(), "</ds:Signature>", &unsigned()))), CheckId::Response)]
#[case::xsw7_evil_in_extensions(edit(&response(&good()), "<samlp:Status>", &format!("<samlp:Extensions>{}</samlp:Extensions><samlp:Status>", evil())), CheckId::Response)]
#[case::good_in_extensions(edit(&response(&evil()), "<samlp:Status>", &format!("<samlp:Extensions>{}</samlp:Extensions><samlp:Status>", good())), CheckId::Response)]
#[case::xsw8_good_in_object(response(&evil_with(&signature_around(&unsigned()))), CheckId::Response)]
#[case::good_in_status(edit(&response(&evil()), "</samlp:Status>", &format!("<samlp:StatusDetail>{}</samlp:StatusDetail></samlp:Status>", good())), CheckId::Response)]
#[case::good_in_advice(response(&inside(&evil(), "<saml:AuthnStatement ", &format!("<saml:Advice>{}</saml:Advice>", good()))), CheckId::Response)]
#[case::good_in_value(response(&edit(&evil(), "writer", &good())), CheckId::Response)]
#[case::good_in_confirmation(response(&inside(&evil(), "</saml:SubjectConfirmation>", &good())), CheckId::Response)]
#[case::only_in_extensions(edit(&response(""), "<samlp:Status>", &format!("<samlp:Extensions>{}</samlp:Extensions><samlp:Status>", good())), CheckId::Response)]
#[case::only_in_wrapper(response(&format!("<x>{}</x>", good())), CheckId::Response)]
#[case::signature_without_its_assertion(response(&evil_with(&signature())), CheckId::AssertionSignature)]
#[case::signature_beside_the_assertion(response(&format!("{}{}", signature(), unsigned())), CheckId::ResponseSignature)]
#[case::signature_in_the_subject(response(&inside(&unsigned(), "</saml:Subject>", &signature())), CheckId::AssertionSignature)]
#[case::signature_in_the_issuer(response(&inside(&unsigned(), "</saml:Issuer>", &signature())), CheckId::AssertionSignature)]
#[case::signature_in_advice(response(&inside(&unsigned(), "<saml:AuthnStatement ", &format!("<saml:Advice>{}</saml:Advice>", signature()))), CheckId::AssertionSignature)]
#[case::assertion_is_the_root(good(), CheckId::Response)]
#[case::encrypted_beside(response(&format!("{}<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>", good())), CheckId::Response)]
#[case::two_good(response(&format!("{}{}", good(), good().replace("_assertion", "_b"))), CheckId::Response)]
fn a_wrapped_signature_is_refused(#[case] document: String, #[case] id: CheckId) {
    assert_fails(&document, id);
}

#[rstest]
#[case::in_object(response(&evil_with(&signature_around(&unsigned()))))]
#[case::beside(response(&format!("{}{}", evil_with(&signature()), unsigned())))]
fn the_same_identifier_twice_is_refused(#[case] document: String) {
    assert_fails(&document.replace("_evil", "_assertion"), CheckId::Document);
}

#[test]
fn the_identifier_of_an_evil_assertion_in_another_spelling_is_refused() {
    let document = edit(
        &response(&good()),
        "<samlp:Status>",
        "<samlp:Status id=\"_assertion\">",
    );
    assert_fails(&document, CheckId::Document);
}
