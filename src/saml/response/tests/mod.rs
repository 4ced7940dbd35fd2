//! Responses of a small identity provider: good ones are accepted, each forged one fails the check that is meant for it.

mod controls;
mod documents;
mod encrypted;
mod forged_signatures;
mod messages;
mod other_signers;
mod properties;
mod third_party;
mod wrapping;

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::*;
use crate::saml::certificate::SigningCertificate;
use crate::saml::decrypt::DecryptionKey;
use crate::saml::signature::SignatureAlgorithm;
use crate::saml::testing::{KeySpec, Login, RecipientKey, Signer, SigningKey};

static RSA: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(KeySpec::Rsa2048).unwrap());
static RSA_4096: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(KeySpec::Rsa4096).unwrap());
static P256: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeySpec::P256).unwrap());
static P384: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeySpec::P384).unwrap());
/// Not in the metadata.
static FOREIGN: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(KeySpec::Rsa2048).unwrap());
/// In the metadata.
static CERTIFICATES: LazyLock<Vec<SigningCertificate>> = LazyLock::new(|| {
    [&RSA, &RSA_4096, &P256, &P384]
        .iter()
        .map(|it| it.certificate().clone())
        .collect()
});
static RECIPIENT: LazyLock<(Vec<DecryptionKey>, RecipientKey)> = LazyLock::new(|| {
    let (private, public) = RecipientKey::generate().unwrap();
    (vec![private], public)
});

fn now() -> Timestamp {
    "2026-11-27T10:00:00Z".parse().unwrap()
}

fn login() -> Login {
    Login::new(now())
}

fn expectations() -> Expectations<'static> {
    Expectations {
        idp_entity_id: "https://idp.example/metadata",
        certificates: &CERTIFICATES,
        acs_url: "https://sp.example/saml/acs",
        sp_entity_id: "https://sp.example/saml/metadata",
        pending_request_id: Some("_request"),
        unsolicited: Unsolicited::Refused,
        now: now(),
        skew: SKEW,
        decryption_keys: &RECIPIENT.0,
    }
}

fn signer() -> Signer<'static> {
    Signer::new(&RSA, SignatureAlgorithm::RsaSha256)
}

/// The assertion of a login, signed.
fn signed_assertion(login: &Login) -> String {
    signer()
        .sign(&login.assertion_xml(), &login.assertion_id)
        .unwrap()
}

/// A Response around a signed assertion.
fn with_signed_assertion(login: &Login) -> String {
    login.response_xml(&signed_assertion(login))
}

/// A signed Response around an assertion without a signature of its own.
fn signed_response(login: &Login) -> String {
    let response = login.response_xml(&login.assertion_xml());
    signer().sign(&response, &login.response_id).unwrap()
}

/// A signed Response around a signed assertion.
fn both_signed(login: &Login) -> String {
    signer()
        .sign(&with_signed_assertion(login), &login.response_id)
        .unwrap()
}

fn examine_text(document: &str) -> Examination {
    examine_with(document, &expectations())
}

fn examine_with(document: &str, expectations: &Expectations<'_>) -> Examination {
    examine(
        &RawResponse::posted(&STANDARD.encode(document)),
        expectations,
    )
}

/// Replaces what must be there.
fn edit(document: &str, from: &str, to: &str) -> String {
    assert!(document.contains(from), "{from} is not in {document}");
    document.replace(from, to)
}

/// The text from `start` to the end of `end` behind it.
fn cut<'a>(document: &'a str, start: &str, end: &str) -> &'a str {
    let from = document.find(start).unwrap();
    let to = from + document[from..].find(end).unwrap() + end.len();
    &document[from..to]
}

#[track_caller]
fn assert_accepted(document: &str) -> Subject {
    let examination = examine_text(document);
    assert_eq!(examination.first_failure(), None, "{document}");
    examination.accepted().unwrap().clone()
}

/// It is refused, and the first check that fails is `id`.
#[track_caller]
fn assert_fails(document: &str, id: CheckId) -> Check {
    assert_refused(&examine_text(document), id)
}

#[track_caller]
fn assert_refused(examination: &Examination, id: CheckId) -> Check {
    assert_eq!(examination.accepted(), None);
    let failure = examination.first_failure().expect("a check failed");
    assert_eq!(failure.id, id, "{failure:?}");
    failure.clone()
}
