//! Metadata as identity providers write it, and as nobody should.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::saml::ServiceProviderKey;
use crate::saml::certificate::{CertificateError, KeyKind, SigningCertificate};
use crate::saml::entity_id::EntityIdError;
use crate::saml::xml::XmlError;
use crate::saml::{EntityId, uris};

mod ours;

const OKTA: &str = include_str!("../samples/okta.xml");
const ENTRA: &str = include_str!("../samples/entra.xml");
const ONELOGIN: &str = include_str!("../samples/onelogin.xml");
const KEYCLOAK: &str = include_str!("../samples/keycloak.xml");
const KEYCLOAK_LIST: &str = include_str!("../samples/keycloak_list.xml");
const SIMPLESAMLPHP: &str = include_str!("../samples/simplesamlphp.xml");
const PYSAML2: &str = include_str!("../samples/pysaml2.xml");
const FEDERATION: &str = include_str!("../samples/federation.xml");

fn now() -> Timestamp {
    "2026-11-27T00:00:00Z".parse().unwrap()
}

fn id(text: &str) -> EntityId {
    EntityId::parse(text).unwrap()
}

fn metadata(text: &str) -> IdpMetadata {
    read(text.as_bytes(), None, now()).unwrap()
}

fn refusal(text: &str) -> MetadataError {
    read(text.as_bytes(), None, now()).unwrap_err()
}

/// Okta's sample with something else in a place of it.
fn okta(from: &str, to: &str) -> String {
    assert!(OKTA.contains(from), "{from}");
    OKTA.replace(from, to)
}

#[rstest]
#[case::okta(
    OKTA,
    "http://www.okta.com/exk1fxample0abcde5d7",
    "https://dev-00000000.okta.example/app/dev-00000000_provost_1/exk1fxample0abcde5d7/sso/saml"
)]
#[case::entra(
    ENTRA,
    "https://sts.windows.net/3aa4a235-b6e2-48d5-9195-7fcf05b459b0/",
    "https://login.microsoftonline.com/3aa4a235-b6e2-48d5-9195-7fcf05b459b0/saml2"
)]
#[case::onelogin(
    ONELOGIN,
    "https://app.onelogin.com/saml/metadata/00000000-1111-2222-3333-444444444444",
    "https://example.onelogin.com/trust/saml2/http-post/sso/00000000-1111-2222-3333-444444444444"
)]
#[case::keycloak(
    KEYCLOAK,
    "http://localhost:8080/realms/master",
    "http://localhost:8080/realms/master/protocol/saml"
)]
#[case::keycloak_list(
    KEYCLOAK_LIST,
    "http://localhost:8080/realms/master",
    "http://localhost:8080/realms/master/protocol/saml"
)]
#[case::simplesamlphp(
    SIMPLESAMLPHP,
    "https://idp.example.org/simplesaml/saml2/idp/metadata.php",
    "https://idp.example.org/simplesaml/saml2/idp/SSOService.php"
)]
fn the_usual_providers_metadata_is_read(
    #[case] text: &str,
    #[case] entity_id: &str,
    #[case] location: &str,
) {
    let metadata = metadata(text);
    assert_eq!(metadata.entity_id.as_str(), entity_id);
    assert_eq!(
        metadata.single_sign_on_service,
        SingleSignOnService {
            binding: Binding::Redirect,
            location: location.into()
        }
    );
    assert!(!metadata.signing_certificates.is_empty());
}

#[rstest]
#[case::okta(OKTA)]
#[case::onelogin(ONELOGIN)]
#[case::keycloak(KEYCLOAK)]
fn what_is_in_order_is_not_warned_of(#[case] text: &str) {
    assert_eq!(metadata(text).warnings, []);
}

#[test]
fn the_key_of_another_role_does_not_count() {
    let metadata = metadata(ENTRA);
    let subjects: Vec<_> = metadata
        .signing_certificates
        .iter()
        .map(SigningCertificate::subject)
        .collect();
    assert_eq!(subjects, ["CN=Microsoft Azure Federated SSO Certificate"]);
    assert_eq!(metadata.warnings, [MetadataWarning::SignatureNotVerified]);
    assert_eq!(metadata.name_id_formats, [""; 0]);
}

#[test]
fn signed_requests_are_wanted_or_not() {
    assert!(metadata(KEYCLOAK).wants_authn_requests_signed);
    assert!(!metadata(OKTA).wants_authn_requests_signed);
    assert!(!metadata(ONELOGIN).wants_authn_requests_signed);
}

#[test]
fn a_key_to_come_is_taken_beside_the_one_in_use() {
    let metadata = metadata(SIMPLESAMLPHP);
    let subjects: Vec<_> = metadata
        .signing_certificates
        .iter()
        .map(SigningCertificate::subject)
        .collect();
    assert_eq!(subjects, ["CN=new.idp.example.org", "CN=idp.example.org"]);
    assert_eq!(metadata.display_name.as_deref(), Some("Example University"));
    assert!(matches!(
        &metadata.warnings[..],
        [
            MetadataWarning::CertificateNotYetValid { .. },
            MetadataWarning::EmailNotOffered
        ]
    ));
}

#[test]
fn a_key_without_use_signs_and_an_expired_certificate_is_warned_of() {
    let metadata = metadata(PYSAML2);
    assert_eq!(metadata.signing_certificates[0].key_kind(), KeyKind::P256);
    assert_eq!(metadata.single_sign_on_service.binding, Binding::Post);
    assert_eq!(metadata.display_name.as_deref(), Some("Example IdP"));
    assert_eq!(
        metadata.valid_until,
        Some("2029-06-01T00:00:00Z".parse().unwrap())
    );
    assert_eq!(metadata.cache_duration, Some(SignedDuration::from_hours(6)));
    assert!(matches!(
        &metadata.warnings[..],
        [
            MetadataWarning::CertificateExpired { .. },
            MetadataWarning::PlainHttp { .. }
        ]
    ));
}

#[test]
fn several_identity_providers_are_a_question() {
    let both = vec![id("https://one.example/idp"), id("https://two.example/idp")];
    assert_eq!(
        refusal(FEDERATION),
        MetadataError::SeveralIdentityProviders {
            count: 2,
            entity_ids: both.clone()
        }
    );
    let read_one = |wanted: &str| read(FEDERATION.as_bytes(), Some(&id(wanted)), now());
    let two = read_one("https://two.example/idp").unwrap();
    assert_eq!(
        two.single_sign_on_service.location,
        "https://two.example/idp/sso"
    );
    assert_eq!(two.cache_duration, Some(SignedDuration::from_hours(12)));
    assert_eq!(
        two.valid_until,
        Some("2031-01-01T00:00:00Z".parse().unwrap())
    );
    assert_eq!(
        read_one("https://service.example/sp"),
        Err(MetadataError::UnknownIdentityProvider {
            wanted: id("https://service.example/sp"),
            entity_ids: both
        })
    );
}

#[test]
fn the_same_name_twice_is_refused() {
    let text = FEDERATION.replace("two.example", "one.example");
    assert_eq!(
        read(text.as_bytes(), Some(&id("https://one.example/idp")), now()),
        Err(MetadataError::RepeatedIdentityProvider {
            entity_id: id("https://one.example/idp")
        })
    );
}

#[rstest]
#[case::web_page("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", MetadataError::NotMetadata { found: "html".into() })]
#[case::other_namespace("<EntityDescriptor/>", MetadataError::NotMetadata { found: "EntityDescriptor".into() })]
#[case::empty_list(
    "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>",
    MetadataError::NoIdentityProvider
)]
#[case::saml_1(&okta(uris::PROTOCOL, "urn:oasis:names:tc:SAML:1.1:protocol"), MetadataError::NoIdentityProvider)]
#[case::no_name(&okta("entityID", "name"), MetadataError::EntityId(EntityIdError::Empty))]
#[case::dtd(&format!("<!DOCTYPE a>{}", okta("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "")), MetadataError::Xml(XmlError::Dtd))]
#[case::no_key(&okta("use=\"signing\"", "use=\"encryption\""), MetadataError::NoSigningKey { unusable: vec![] })]
#[case::unusable_key(&okta("MII", "AII"), MetadataError::NoSigningKey { unusable: vec![CertificateError::NotX509] })]
#[case::key_without_certificate(&okta("X509Certificate", "X509SKI"), MetadataError::NoSigningKey { unusable: vec![] })]
#[case::other_bindings(&okta(":bindings:HTTP-", ":bindings:HTTP-Artifact-"), MetadataError::NoSingleSignOnService)]
#[case::script(&okta("https://dev", "javascript://dev"), MetadataError::Location { location: "javascript://dev-00000000.okta.example/app/dev-00000000_provost_1/exk1fxample0ab".into(), fault: LocationFault::Scheme })]
#[case::no_location(&okta("Location=", "Place="), MetadataError::Location { location: String::new(), fault: LocationFault::Length { bytes: 0 } })]
#[case::expired(&okta("entityID", "validUntil=\"2026-11-27T00:00:00Z\" entityID"), MetadataError::Expired { valid_until: now() })]
#[case::unreadable_end(&okta("entityID", "validUntil=\"never\" entityID"), MetadataError::UnreadableValidUntil { text: "never".into() })]
fn what_cannot_work_is_refused(#[case] text: &str, #[case] why: MetadataError) {
    assert_eq!(refusal(text), why);
}

#[test]
fn an_entity_in_an_extension_describes_nobody() {
    let inner = OKTA.split_once("?>").unwrap().1;
    let text = format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"><Extensions>{inner}</Extensions></EntitiesDescriptor>"
    );
    assert_eq!(refusal(&text), MetadataError::NoIdentityProvider);
}

#[rstest]
#[case::soon("2033-12-15T00:00:00Z", true)]
#[case::later("2033-11-15T00:00:00Z", false)]
fn a_certificate_that_ends_soon_is_warned_of(#[case] now: Timestamp, #[case] is_warned: bool) {
    let metadata = read(OKTA.as_bytes(), None, now).unwrap();
    assert_eq!(
        matches!(
            metadata.warnings[..],
            [MetadataWarning::CertificateExpiresSoon { .. }]
        ),
        is_warned
    );
}

#[test]
fn an_unusable_key_beside_a_good_one_is_warned_of() {
    let bad = "<md:KeyDescriptor><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:KeyDescriptor use=\"signing\"/>";
    let text = okta(
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        &format!("{bad}<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
    );
    assert_eq!(
        metadata(&text).warnings,
        [
            MetadataWarning::KeyWithoutCertificate,
            MetadataWarning::CertificateUnusable(CertificateError::NotX509)
        ]
    );
}

#[rstest]
#[case::wish("WantAuthnRequestsSigned=\"false\"", "WantAuthnRequestsSigned=\"yes\"", MetadataWarning::UnreadableSignatureWish { text: "yes".into() })]
#[case::cache("entityID", "cacheDuration=\"a day\" entityID", MetadataWarning::UnreadableCacheDuration { text: "a day".into() })]
fn what_cannot_be_read_is_warned_of(
    #[case] from: &str,
    #[case] to: &str,
    #[case] warning: MetadataWarning,
) {
    assert_eq!(metadata(&okta(from, to)).warnings, [warning]);
}

#[test]
fn signing_by_post_is_warned_of() {
    let text = KEYCLOAK.replace("HTTP-Redirect", "URI");
    assert_eq!(
        metadata(&text).warnings,
        [MetadataWarning::SignedPostNotOffered]
    );
}

#[rstest]
#[case::formats(
    "NameIDFormat elements",
    "<md:NameIDFormat>x</md:NameIDFormat>",
    NAME_ID_FORMATS
)]
#[case::certificates(
    "signing certificates",
    "<md:KeyDescriptor><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
    CERTIFICATES
)]
#[case::endpoints("SingleSignOnService elements", "<md:SingleSignOnService/>", ENDPOINTS)]
fn everything_is_bounded(#[case] what: &'static str, #[case] more: &str, #[case] limit: usize) {
    let text = okta(
        "</md:IDPSSODescriptor>",
        &format!("{}</md:IDPSSODescriptor>", more.repeat(limit)),
    );
    assert_eq!(refusal(&text), MetadataError::TooMany { what, limit });
}

#[test]
fn pasted_text_may_have_blanks_around_it() {
    assert_eq!(metadata(&format!("\n  {OKTA}\n\n")), metadata(OKTA));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        let _ = read(&bytes, None, now());
    }

    #[test]
    fn a_document_with_a_hole_is_read_or_refused(
        sample in prop::sample::select(vec![OKTA, ENTRA, ONELOGIN, KEYCLOAK_LIST, SIMPLESAMLPHP, PYSAML2, FEDERATION]),
        at in any::<prop::sample::Index>(),
        length in 0_usize..200,
        patch in "[ -~]{0,20}",
    ) {
        let mut bytes = sample.as_bytes().to_vec();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, patch.into_bytes());
        if let Ok(read) = read(&bytes, None, now()) {
            prop_assert!(!read.signing_certificates.is_empty());
            prop_assert!(read.single_sign_on_service.location.starts_with("http"));
        }
    }
}
