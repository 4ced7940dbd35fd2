//! The test identity provider against the service provider that it is there to test.

use std::io::Write as _;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use proptest::prelude::*;
use rstest::{fixture, rstest};

use super::page::SignIn;
use super::*;
use crate::saml::authn_request::{
    AuthnRequest, AuthnRequestId, ForceAuthn, NameIdPolicy, redirect,
};
use crate::saml::certificate::SigningCertificate;
use crate::saml::metadata::{self, Binding};
use crate::saml::{EntityId, RelayState, ServiceProviderKey, uris};

const SSO_URL: &str = "http://127.0.0.1:7777/test-idp/sso";
const ACS_URL: &str = "https://provost.example/saml/acs";

pub(super) fn now() -> Timestamp {
    "2026-11-27T10:00:00Z".parse().unwrap()
}

fn id(text: &str) -> EntityId {
    EntityId::parse(text).unwrap()
}

fn own_key() -> &'static ServiceProviderKey {
    static KEY: OnceLock<ServiceProviderKey> = OnceLock::new();
    KEY.get_or_init(|| ServiceProviderKey::generate("provost.example", now()).unwrap())
}

#[fixture]
fn idp() -> &'static TestIdp {
    static IDP: OnceLock<TestIdp> = OnceLock::new();
    IDP.get_or_init(|| {
        let service_provider = ServiceProvider {
            entity_id: id("https://provost.example/saml"),
            acs_url: ACS_URL.into(),
            certificate: Some(SigningCertificate::from_der(own_key().certificate()).unwrap()),
        };
        let entity_id = id("http://127.0.0.1:7777/test-idp");
        TestIdp::generate(entity_id, SSO_URL.into(), service_provider, now()).unwrap()
    })
}

fn authn_request() -> AuthnRequest {
    AuthnRequest {
        id: AuthnRequestId::new([1; 20]),
        issue_instant: now(),
        destination: SSO_URL.into(),
        acs_url: ACS_URL.into(),
        issuer: id("https://provost.example/saml"),
        name_id_policy: NameIdPolicy::EmailAddress,
        force_authn: ForceAuthn::No,
    }
}

fn query(request: &AuthnRequest) -> String {
    let relay_state = RelayState::parse("/members").unwrap();
    let url = redirect::url(request, Some(&relay_state), None).unwrap();
    url.split_once('?').unwrap().1.to_owned()
}

fn ada() -> Person {
    Person {
        email: "ada@x.io".into(),
        first_name: Some("Ada".into()),
        last_name: Some("Lovelace & Byron".into()),
        role: Some("writer".into()),
        custom_roles: Some(vec![]),
        team_keys: Some(vec!["pay".into(), "ops".into()]),
    }
}

fn ids() -> ResponseIds {
    ResponseIds::new([[1; 16], [2; 16], [3; 16]])
}

fn respond(idp: &TestIdp, outcome: Outcome) -> IssuedResponse {
    let request = idp.read_request(&query(&authn_request())).unwrap();
    idp.respond(&request, &ada(), outcome, &ids(), now())
        .unwrap()
}

#[rstest]
fn its_metadata_is_read_without_a_warning(idp: &TestIdp) {
    let read = metadata::read(idp.metadata().as_bytes(), None, now()).unwrap();
    assert_eq!(read.entity_id, *idp.entity_id());
    assert_eq!(read.single_sign_on_service.binding, Binding::Redirect);
    assert_eq!(read.single_sign_on_service.location, SSO_URL);
    assert_eq!(read.signing_certificates[0].as_der(), idp.key.certificate());
    assert_eq!(read.name_id_formats, [uris::NAME_ID_EMAIL]);
    assert_eq!(
        read.display_name.as_deref(),
        Some("Provost test identity provider")
    );
    assert_eq!(read.warnings, []);
}

#[rstest]
fn a_request_of_ours_is_understood(idp: &TestIdp) {
    let request = AuthnRequest {
        force_authn: ForceAuthn::Yes,
        ..authn_request()
    };
    assert_eq!(
        idp.read_request(&query(&request)).unwrap(),
        ReceivedRequest {
            id: Some(AuthnRequestId::new([1; 20])),
            relay_state: Some("/members".into()),
            is_signed: false,
            force_authn: true,
        }
    );
}

#[rstest]
fn a_signed_request_has_to_verify(idp: &TestIdp) {
    let signed = |key: &ServiceProviderKey| {
        let url = redirect::url(&authn_request(), None, Some(key.signing_key())).unwrap();
        url.split_once('?').unwrap().1.to_owned()
    };
    assert!(idp.read_request(&signed(own_key())).unwrap().is_signed);
    let other = ServiceProviderKey::generate("other", now()).unwrap();
    assert_eq!(
        idp.read_request(&signed(&other)),
        Err(RequestFault::Signature)
    );
    let stripped = signed(own_key()).replace("&Signature=", "&Signatur=");
    assert!(!idp.read_request(&stripped).unwrap().is_signed);
}

#[rstest]
#[case::destination(AuthnRequest { destination: "https://idp.example/sso".into(), ..authn_request() }, RequestFault::Destination { destination: "https://idp.example/sso".into() })]
#[case::issuer(AuthnRequest { issuer: id("urn:other"), ..authn_request() }, RequestFault::Issuer { issuer: "urn:other".into() })]
#[case::acs_url(AuthnRequest { acs_url: "https://evil.example/acs".into(), ..authn_request() }, RequestFault::AcsUrl { acs_url: "https://evil.example/acs".into() })]
fn a_request_of_somebody_else_is_refused(
    idp: &TestIdp,
    #[case] request: AuthnRequest,
    #[case] fault: RequestFault,
) {
    assert_eq!(idp.read_request(&query(&request)), Err(fault));
}

#[rstest]
fn the_same_input_is_the_same_answer(idp: &TestIdp) {
    for outcome in Outcome::ALL {
        assert_eq!(respond(idp, outcome), respond(idp, outcome), "{outcome}");
    }
}

#[rstest]
fn each_outcome_is_another_answer(idp: &TestIdp) {
    let mut answers: Vec<_> = Outcome::ALL.map(|outcome| respond(idp, outcome).xml).into();
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), Outcome::ALL.len());
}

#[rstest]
fn an_answer_that_nobody_asked_for_names_no_request(idp: &TestIdp) {
    let request = ReceivedRequest::unsolicited(None);
    let response = idp
        .respond(&request, &ada(), Outcome::Good, &ids(), now())
        .unwrap();
    assert!(!response.xml.contains("InResponseTo"));
}

proptest! {
    #[test]
    fn a_request_with_a_hole_is_read_or_refused(
        at in any::<prop::sample::Index>(),
        length in 0_usize..60,
        patch in "[ -~]{0,20}",
    ) {
        let mut bytes = authn_request().to_xml().into_bytes();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, patch.into_bytes());
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes).unwrap();
        let message = STANDARD.encode(encoder.finish().unwrap()).replace('+', "%2B");
        if let Ok(request) = idp().read_request(&format!("SAMLRequest={message}")) {
            prop_assert!(request.id.is_some());
        }
    }
}

mod signatures;
mod verdicts;

mod pages {
    use super::*;

    fn sign_in(idp: &TestIdp, query: &str, email: &str) -> page::Page {
        let people = [Person {
            email: email.into(),
            ..ada()
        }];
        page::sign_in(
            idp,
            SignIn {
                action: "/test-idp/respond",
                query,
                request: &ReceivedRequest::unsolicited(None),
                people: &people,
            },
        )
        .unwrap()
    }

    #[rstest]
    fn every_answer_is_offered_with_its_check(idp: &TestIdp) {
        let html = sign_in(idp, "", "ada@x.io").html;
        for outcome in Outcome::ALL {
            assert!(html.contains(&format!("value=\"{outcome}\"")), "{outcome}");
            if let Verdict::Refused(check) = outcome.verdict() {
                assert!(
                    html.contains(&format!("<code>{}</code>", check.code())),
                    "{outcome}"
                );
            }
        }
    }

    #[rstest]
    fn what_comes_from_outside_is_escaped(idp: &TestIdp) {
        let bad = "\"><script>alert(1)</script>";
        let request = ReceivedRequest::unsolicited(Some(bad.into()));
        let answer = idp
            .respond(&request, &ada(), Outcome::Good, &ids(), now())
            .unwrap();
        let fault = RequestFault::Issuer {
            issuer: format!("{bad}\u{202E}"),
        };
        for page in [
            sign_in(idp, bad, bad),
            page::response(&answer).unwrap(),
            page::problem(&fault).unwrap(),
        ] {
            assert!(!page.html.contains("<script>alert"), "{}", page.html);
            assert!(!page.html.contains('\u{202E}'));
        }
    }

    #[rstest]
    fn every_page_says_what_it_is(idp: &TestIdp) {
        let answer = respond(idp, Outcome::Good);
        for page in [
            sign_in(idp, "", "ada@x.io"),
            page::response(&answer).unwrap(),
            page::problem(&RequestFault::Id).unwrap(),
        ] {
            assert!(page.html.contains("Test identity provider."));
            assert!(page.html.contains("<html lang=\"en\">"));
            assert!(
                page.content_security_policy
                    .starts_with("default-src 'none';")
            );
            assert!(
                page.content_security_policy
                    .contains("frame-ancestors 'none'")
            );
        }
    }

    #[rstest]
    fn an_answer_is_carried_back_with_or_without_a_script(idp: &TestIdp) {
        let answer = respond(idp, Outcome::WrongAudience);
        let page = page::response(&answer).unwrap();
        assert!(
            page.html
                .contains(&format!("<form method=\"post\" action=\"{ACS_URL}\">"))
        );
        assert!(page.html.contains("name=\"SAMLResponse\" value=\""));
        assert!(
            page.html
                .contains("name=\"RelayState\" value=\"&#x2f;members\"")
                || page.html.contains("name=\"RelayState\" value=\"/members\"")
        );
        assert!(
            page.html
                .contains("<button class=\"primary\" type=\"submit\">")
        );
        assert!(
            page.html
                .contains("<script>document.forms[0].submit()</script>")
        );
        assert!(page.html.contains("<code>audience</code>"));
        let policy = &page.content_security_policy;
        assert!(policy.contains("script-src 'sha256-"), "{policy}");
        assert!(
            policy.contains("form-action https://provost.example;"),
            "{policy}"
        );
    }
}
