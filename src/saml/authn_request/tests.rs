use std::io::Write as _;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;
use rstest::rstest;

use super::post::{self, PostError, SignatureWish};
use super::redirect::{self, REQUEST_LENGTH, RedirectError, RedirectQuery, RedirectQueryError};
use super::*;
use crate::saml::{EntityId, RelayState, SigningKey};

fn request() -> AuthnRequest {
    AuthnRequest {
        id: AuthnRequestId::new([7; 20]),
        issue_instant: "2026-11-27T10:20:30.987Z".parse().unwrap(),
        destination: "https://idp.example/sso?tenant=a&b".into(),
        acs_url: "https://provost.example/saml/acs".into(),
        issuer: EntityId::parse("https://provost.example/saml").unwrap(),
        name_id_policy: NameIdPolicy::EmailAddress,
        force_authn: ForceAuthn::No,
    }
}

fn query_of(url: &str) -> &str {
    let at = url.find("SAMLRequest=").unwrap();
    &url[at..]
}

fn squeeze(text: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    let text = STANDARD.encode(encoder.finish().unwrap());
    text.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

#[test]
fn the_document_says_who_asks_whom_and_where_the_answer_goes() {
    assert_eq!(
        request().to_xml(),
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         AssertionConsumerServiceURL=\"https://provost.example/saml/acs\" \
         Destination=\"https://idp.example/sso?tenant=a&amp;b\" \
         ID=\"_0707070707070707070707070707070707070707\" IssueInstant=\"2026-11-27T10:20:30Z\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://provost.example/saml</saml:Issuer>\
         <samlp:NameIDPolicy AllowCreate=\"true\" \
         Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"></samlp:NameIDPolicy>\
         </samlp:AuthnRequest>"
    );
}

#[rstest]
#[case::unsaid(NameIdPolicy::Unsaid, None)]
#[case::email(NameIdPolicy::EmailAddress, Some("nameid-format:emailAddress"))]
#[case::unspecified(NameIdPolicy::Unspecified, Some("nameid-format:unspecified"))]
fn a_name_format_is_asked_for_or_not(#[case] policy: NameIdPolicy, #[case] format: Option<&str>) {
    let xml = AuthnRequest {
        name_id_policy: policy,
        ..request()
    }
    .to_xml();
    assert_eq!(xml.contains("NameIDPolicy"), format.is_some());
    assert!(format.is_none_or(|format| xml.contains(format)));
}

#[rstest]
#[case::no(ForceAuthn::No, false)]
#[case::yes(ForceAuthn::Yes, true)]
fn signing_in_again_is_asked_for_or_not(#[case] force_authn: ForceAuthn, #[case] is_said: bool) {
    let request = AuthnRequest {
        force_authn,
        ..request()
    };
    assert_eq!(request.to_xml().contains("ForceAuthn=\"true\""), is_said);
}

#[rstest]
#[case::no_query("https://idp.example/sso", "https://idp.example/sso?SAMLRequest=")]
#[case::query(
    "https://idp.example/sso?a=b",
    "https://idp.example/sso?a=b&SAMLRequest="
)]
#[case::empty_query("https://idp.example/sso?", "https://idp.example/sso?SAMLRequest=")]
fn a_query_of_the_destination_stays_in_front(#[case] destination: &str, #[case] start: &str) {
    let request = AuthnRequest {
        destination: destination.into(),
        ..request()
    };
    let url = redirect::url(&request, None, None).unwrap();
    assert!(url.starts_with(start), "{url}");
}

#[test]
fn a_fragment_would_swallow_the_query() {
    let destination = "https://idp.example/sso#top".to_owned();
    let request = AuthnRequest {
        destination: destination.clone(),
        ..request()
    };
    assert_eq!(
        redirect::url(&request, None, None),
        Err(RedirectError::Fragment { destination })
    );
}

#[rstest]
#[case::rsa(SigningKey::generate_rsa().unwrap(), &RSA_PKCS1_2048_8192_SHA256)]
#[case::p256(SigningKey::generate_p256().unwrap(), &ECDSA_P256_SHA256_FIXED)]
fn a_signed_url_verifies_in_the_order_of_the_standard(
    #[case] key: SigningKey,
    #[case] algorithm: &'static dyn VerificationAlgorithm,
    #[values(None, Some("/members?view=a~b_c.d-e"))] relay_state: Option<&str>,
) {
    let relay_state = relay_state.map(|text| RelayState::parse(text).unwrap());
    let url = redirect::url(&request(), relay_state.as_ref(), Some(&key)).unwrap();
    let read = RedirectQuery::parse(query_of(&url)).unwrap();
    assert_eq!(read.saml_request, request().to_xml());
    assert_eq!(
        read.relay_state.as_deref(),
        relay_state.as_ref().map(RelayState::as_str)
    );
    let signature = read.signature.unwrap();
    assert_eq!(signature.algorithm, key.algorithm().uri());
    assert!(query_of(&url).starts_with(&signature.signed));
    UnparsedPublicKey::new(algorithm, key.public_key())
        .verify(signature.signed.as_bytes(), &signature.value)
        .unwrap();
}

#[test]
fn unreserved_characters_are_left_alone() {
    let relay_state = RelayState::parse("/a~b_c.d-e").unwrap();
    let url = redirect::url(&request(), Some(&relay_state), None).unwrap();
    assert!(url.ends_with("&RelayState=%2Fa~b_c.d-e"), "{url}");
}

#[rstest]
#[case::nothing("", RedirectQueryError::Missing { parameter: "SAMLRequest" })]
#[case::twice("SAMLRequest=a&SAMLRequest=b", RedirectQueryError::Repeated { parameter: "SAMLRequest" })]
#[case::two_relay_states("SAMLRequest=a&RelayState=b&RelayState=c", RedirectQueryError::Repeated { parameter: "RelayState" })]
#[case::no_base64("SAMLRequest=a!", RedirectQueryError::Undecodable { parameter: "SAMLRequest" })]
#[case::no_utf8("SAMLRequest=%FF", RedirectQueryError::Undecodable { parameter: "SAMLRequest" })]
#[case::no_deflate("SAMLRequest=%2F%2F%2F%2F", RedirectQueryError::NotDeflated)]
#[case::no_algorithm("SAMLRequest=a&Signature=b", RedirectQueryError::Missing { parameter: "SigAlg" })]
#[case::other_encoding("SAMLRequest=a&SAMLEncoding=gzip", RedirectQueryError::Encoding)]
fn a_bad_query_is_refused(#[case] query: &str, #[case] why: RedirectQueryError) {
    assert_eq!(RedirectQuery::parse(query), Err(why));
}

#[test]
fn a_bomb_does_not_go_off() {
    let query = format!("SAMLRequest={}", squeeze(&vec![b'a'; 4 * 1_024 * 1_024]));
    assert_eq!(
        RedirectQuery::parse(&query),
        Err(RedirectQueryError::TooLarge {
            parameter: "SAMLRequest",
            limit: REQUEST_LENGTH
        })
    );
}

#[test]
fn a_long_query_is_not_read() {
    let query = "a".repeat(redirect::QUERY_LENGTH + 1);
    let bytes = query.len();
    assert_eq!(
        RedirectQuery::parse(&query),
        Err(RedirectQueryError::TooLong { bytes })
    );
}

#[test]
fn a_form_holds_the_document_in_base64() {
    let relay_state = RelayState::parse("/members").unwrap();
    let form = post::form(&request(), Some(&relay_state), SignatureWish::Unsigned).unwrap();
    assert_eq!(form.action, request().destination);
    assert_eq!(
        STANDARD.decode(form.saml_request).unwrap(),
        request().to_xml().into_bytes()
    );
    assert_eq!(form.relay_state.as_deref(), Some("/members"));
}

#[test]
fn a_signed_form_is_not_offered() {
    assert_eq!(
        post::form(&request(), None, SignatureWish::Signed),
        Err(PostError::SignatureNotOffered)
    );
}

proptest! {
    #[test]
    fn any_query_is_read_or_refused(query in any::<String>()) {
        let _ = RedirectQuery::parse(&query);
    }

    #[test]
    fn any_document_comes_back_as_it_was(text in any::<String>()) {
        let read = RedirectQuery::parse(&format!("a=b&SAMLRequest={}", squeeze(text.as_bytes()))).unwrap();
        prop_assert_eq!(read.saml_request, text);
    }

    #[test]
    fn any_compressed_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        let text = STANDARD.encode(bytes).replace('+', "%2B");
        let _ = RedirectQuery::parse(&format!("SAMLRequest={text}"));
    }
}
