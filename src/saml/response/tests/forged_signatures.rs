//! Signatures that do not hold, and why.

use rstest::rstest;

use super::*;

fn good() -> String {
    with_signed_assertion(&login())
}

const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const EXC_C14N: &str =
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
const ENVELOPED: &str =
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";

fn transform(algorithm: &str) -> String {
    format!("{ENVELOPED}<ds:Transform Algorithm=\"{algorithm}\"/>")
}

#[rstest]
#[case::sha1_signature(RSA_SHA256, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "SHA-256")]
#[case::hmac(
    RSA_SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "not supported"
)]
#[case::pss(
    RSA_SHA256,
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "not supported"
)]
#[case::dsa(RSA_SHA256, "http://www.w3.org/2000/09/xmldsig#dsa-sha1", "too weak")]
#[case::no_algorithm(RSA_SHA256, "", "not supported")]
#[case::other_rsa(
    RSA_SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "none of the known"
)]
#[case::other_family(
    RSA_SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "none of the known"
)]
#[case::sha1_digest(SHA256, "http://www.w3.org/2000/09/xmldsig#sha1", "too weak")]
#[case::md5_digest(SHA256, "http://www.w3.org/2001/04/xmldsig-more#md5", "too weak")]
#[case::other_digest(SHA256, "http://www.w3.org/2001/04/xmlenc#sha512", "none of the known")]
#[case::with_comments(
    "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#",
    "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "canonicalization"
)]
#[case::inclusive(
    "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#",
    "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "canonicalization"
)]
#[case::hmac_length(
    "rsa-sha256\"/>",
    "rsa-sha256\"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>",
    "HMACOutputLength"
)]
#[case::no_transforms(EXC_C14N, "", "transforms")]
#[case::no_enveloped(ENVELOPED, "", "transforms")]
#[case::xpath(
    EXC_C14N,
    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>1</ds:XPath></ds:Transform>",
    "transforms"
)]
#[case::xslt(
    EXC_C14N,
    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>",
    "transforms"
)]
#[case::base64(
    EXC_C14N,
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>",
    "transforms"
)]
#[case::three_transforms(ENVELOPED, &transform("http://www.w3.org/2002/06/xmldsig-filter2"), "transforms")]
#[case::twice(EXC_C14N, &format!("{EXC_C14N}{EXC_C14N}"), "transforms")]
#[case::child_of_enveloped(
    ENVELOPED,
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"><x/></ds:Transform>",
    "Transform"
)]
#[case::whole_document("URI=\"#_assertion\"", "URI=\"\"", "not over the element")]
#[case::no_uri(" URI=\"#_assertion\"", "", "not over the element")]
#[case::to_response("URI=\"#_assertion\"", "URI=\"#_response\"", "not over the element")]
#[case::xpointer(
    "URI=\"#_assertion\"",
    "URI=\"#xpointer(id('_assertion'))\"",
    "not over the element"
)]
#[case::elsewhere(
    "URI=\"#_assertion\"",
    "URI=\"http://elsewhere.example/#_assertion\"",
    "not over the element"
)]
#[case::reference_type("URI=\"#_assertion\"", "URI=\"#_assertion\" Type=\"http://x\"", "Type")]
#[case::object("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>", "Object")]
#[case::manifest("</ds:SignedInfo>", "</ds:SignedInfo><ds:Manifest/>", "Manifest")]
#[case::foreign_child("<ds:SignedInfo>", "<x/><ds:SignedInfo>", "children of Signature")]
#[case::text_between("<ds:SignedInfo>", "x<ds:SignedInfo>", "text between")]
#[case::element_in_digest("<ds:DigestValue>", "<ds:DigestValue><x/>", "DigestValue")]
#[case::element_in_value("<ds:SignatureValue>", "<ds:SignatureValue><x/>", "SignatureValue")]
#[case::digest_no_base64("<ds:DigestValue>", "<ds:DigestValue>!", "DigestValue")]
#[case::comment_in_signed_info_is_skipped_but_edits_are_not(
    "<ds:DigestValue>",
    "<ds:DigestValue>\n",
    "none of the known"
)]
#[case::prefix_list_added(
    "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
    "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"saml\"/></ds:CanonicalizationMethod>",
    "none of the known"
)]
fn a_changed_signature_is_refused(#[case] from: &str, #[case] to: &str, #[case] words: &str) {
    let check = assert_fails(&edit(&good(), from, to), CheckId::AssertionSignature);
    assert!(check.detail.contains(words), "{check:?}");
}

#[rstest]
#[case::name("ada@x.io", "eve@x.io")]
#[case::element("</saml:Subject>", "<x/></saml:Subject>")]
#[case::role("writer", "admin")]
#[case::space("<saml:Subject>", "<saml:Subject> ")]
#[case::attribute("SessionIndex=\"_session\"", "SessionIndex=\"_other\"")]
#[case::added_attribute("<saml:Conditions ", "<saml:Conditions x=\"\" ")]
#[case::namespace(
    "saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID",
    "saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:x=\"urn:x\" x:y=\"1\" ID"
)]
fn a_changed_assertion_is_refused(#[case] from: &str, #[case] to: &str) {
    let check = assert_fails(&edit(&good(), from, to), CheckId::AssertionSignature);
    assert_eq!(check.detail, "Assertion was changed after it was signed");
    assert_ne!(check.expected, check.received);
}

/// A comment is not signed, so it must not change what is read either.
#[rstest]
#[case::name("ada@x.io", "ada@x.io<!-- -->")]
#[case::split("ada@x.io", "ada@x<!-- -->.io")]
#[case::role("writer", "wri<!-- x -->ter")]
#[case::audience(
    "/saml/metadata</saml:Audience>",
    "/saml/<!-- x -->metadata</saml:Audience>"
)]
fn a_comment_changes_nothing(#[case] from: &str, #[case] to: &str) {
    assert_eq!(
        assert_accepted(&edit(&good(), from, to)),
        assert_accepted(&good())
    );
}

#[test]
fn a_comment_does_not_cut_a_name() {
    let login = Login {
        name_id: "admin@x.io.evil.io".to_owned(),
        ..login()
    };
    let document = edit(
        &with_signed_assertion(&login),
        "admin@x.io.evil.io",
        "admin@x.io<!-- -->.evil.io",
    );
    assert_eq!(assert_accepted(&document).name_id, "admin@x.io.evil.io");
}

#[test]
fn the_key_in_the_message_proves_nothing() {
    let signer = Signer::new(&FOREIGN, SignatureAlgorithm::RsaSha256);
    let assertion = signer.sign(&login().assertion_xml(), "_assertion").unwrap();
    let check = assert_fails(
        &login().response_xml(&assertion),
        CheckId::AssertionSignature,
    );
    let fingerprint = FOREIGN.certificate().fingerprint().to_string();
    assert!(check.detail.contains("not in the metadata"), "{check:?}");
    assert_eq!(check.received.as_deref(), Some(fingerprint.as_str()));
    assert!(
        check
            .expected
            .unwrap()
            .contains(&RSA.certificate().fingerprint().to_string())
    );
}

#[test]
fn a_foreign_signature_with_a_known_certificate_is_refused() {
    let signer = Signer::new(&FOREIGN, SignatureAlgorithm::RsaSha256);
    let assertion = signer.sign(&login().assertion_xml(), "_assertion").unwrap();
    let encode = |key: &SigningKey| STANDARD.encode(key.certificate().as_der());
    let assertion = edit(&assertion, &encode(&FOREIGN), &encode(&RSA));
    let check = assert_fails(
        &login().response_xml(&assertion),
        CheckId::AssertionSignature,
    );
    assert!(check.detail.contains("forged"), "{check:?}");
}

#[test]
fn a_message_without_a_key_is_verified_all_the_same() {
    let good = good();
    let key_info = cut(&good, "<ds:KeyInfo>", "</ds:KeyInfo>").to_owned();
    assert_accepted(&edit(&good, &key_info, ""));
    assert_accepted(&edit(
        &good,
        &key_info,
        "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://x.example/\"/></ds:KeyInfo>",
    ));
}

#[rstest]
#[case::signed_info("<ds:SignedInfo>", "</ds:SignedInfo>")]
#[case::value("<ds:SignatureValue>", "</ds:SignatureValue>")]
#[case::reference("<ds:Reference ", "</ds:Reference>")]
#[case::digest("<ds:DigestValue>", "</ds:DigestValue>")]
#[case::key_info("<ds:KeyInfo>", "</ds:KeyInfo>")]
fn twice_or_never_is_refused(#[case] start: &str, #[case] end: &str) {
    let good = good();
    let part = cut(&good, start, end).to_owned();
    assert_fails(
        &edit(&good, &part, &part.repeat(2)),
        CheckId::AssertionSignature,
    );
    if start != "<ds:KeyInfo>" {
        assert_fails(&edit(&good, &part, ""), CheckId::AssertionSignature);
    }
}

#[test]
fn two_signatures_are_refused() {
    let good = good();
    let signature = cut(&good, "<ds:Signature ", "</ds:Signature>").to_owned();
    let check = assert_fails(
        &edit(&good, &signature, &signature.repeat(2)),
        CheckId::AssertionSignature,
    );
    assert_eq!(check.received.as_deref(), Some("2"));
}

#[test]
fn without_a_signature_nothing_is_accepted() {
    let check = assert_fails(
        &login().response_xml(&login().assertion_xml()),
        CheckId::AssertionSignature,
    );
    assert!(check.detail.contains("neither"));
}

#[test]
fn a_signature_that_is_there_must_hold_also_when_the_other_does() {
    let both = both_signed(&login());
    assert_fails(
        &edit(&both, "<samlp:Status>", "<samlp:Status> "),
        CheckId::ResponseSignature,
    );
    let assertion = edit(&signed_assertion(&login()), "ada@x.io", "eve@x.io");
    let response = signer()
        .sign(&login().response_xml(&assertion), "_response")
        .unwrap();
    assert_fails(&response, CheckId::AssertionSignature);
}

#[test]
fn a_signed_response_covers_all_of_it() {
    let response = signed_response(&login());
    assert_fails(
        &edit(&response, "ada@x.io", "eve@x.io"),
        CheckId::ResponseSignature,
    );
}

#[rstest]
#[case::none(&[])]
#[case::other(std::slice::from_ref(FOREIGN.certificate()))]
#[case::other_kind(std::slice::from_ref(P256.certificate()))]
fn without_the_right_key_nothing_is_accepted(#[case] certificates: &[SigningCertificate]) {
    let expectations = Expectations {
        certificates,
        ..expectations()
    };
    assert_refused(
        &examine_with(&good(), &expectations),
        CheckId::AssertionSignature,
    );
}
