//! Encrypted assertions.

use rstest::rstest;

use super::*;
use crate::saml::decrypt::{ContentCipher, KeyTransport};
use crate::saml::testing::encrypt_assertion;

fn encrypted(assertion: &str, cipher: ContentCipher, transport: KeyTransport) -> String {
    encrypt_assertion(assertion, &RECIPIENT.1, cipher, transport).unwrap()
}

fn gcm(assertion: &str) -> String {
    login().response_xml(&encrypted(
        assertion,
        ContentCipher::Aes256Gcm,
        KeyTransport::OaepSha256,
    ))
}

fn cbc(assertion: &str) -> String {
    login().response_xml(&encrypted(
        assertion,
        ContentCipher::Aes128Cbc,
        KeyTransport::OaepSha1,
    ))
}

#[rstest]
fn every_cipher_is_accepted(
    #[values(
        ContentCipher::Aes128Gcm,
        ContentCipher::Aes192Gcm,
        ContentCipher::Aes256Gcm,
        ContentCipher::Aes128Cbc,
        ContentCipher::Aes192Cbc,
        ContentCipher::Aes256Cbc
    )]
    cipher: ContentCipher,
    #[values(KeyTransport::OaepSha1, KeyTransport::OaepSha256)] transport: KeyTransport,
) {
    let response = login().response_xml(&encrypted(&signed_assertion(&login()), cipher, transport));
    assert_eq!(assert_accepted(&response).name_id, "ada@x.io");
}

#[test]
fn a_signed_response_around_it_is_enough() {
    let response = signer()
        .sign(&cbc(&login().assertion_xml()), "_response")
        .unwrap();
    assert_accepted(&response);
    let examination = examine_text(&response);
    assert_eq!(
        examination.check(CheckId::Decryption).unwrap().state,
        CheckState::Passed
    );
    assert!(
        examination
            .decoded()
            .assertion
            .as_deref()
            .unwrap()
            .contains("ada@x.io")
    );
}

#[test]
fn cbc_without_a_signature_around_it_is_a_warning() {
    let examination = examine_text(&cbc(&signed_assertion(&login())));
    assert_eq!(
        examination.check(CheckId::Decryption).unwrap().state,
        CheckState::Warned
    );
    assert!(examination.accepted().is_some());
}

#[test]
fn the_key_may_be_beside_the_data() {
    let response = gcm(&signed_assertion(&login()));
    let key = cut(&response, "<xenc:EncryptedKey>", "</xenc:EncryptedKey>").to_owned();
    let response = edit(
        &response,
        &key,
        "<ds:RetrievalMethod URI=\"http://elsewhere.example/\"/>",
    );
    let beside = edit(
        &key,
        "<xenc:EncryptedKey>",
        "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
    );
    let response = edit(
        &response,
        "</xenc:EncryptedData>",
        &format!("</xenc:EncryptedData>{beside}"),
    );
    assert_accepted(&response);
}

#[test]
fn encryption_is_no_signature() {
    assert_fails(&gcm(&login().assertion_xml()), CheckId::AssertionSignature);
}

/// Whatever is wrong with the ciphertext or the plaintext, the words are the same.
#[rstest]
#[case::no_xml(cbc("no xml"))]
#[case::empty(cbc(""))]
#[case::dtd(cbc("<!DOCTYPE a><a/>"))]
#[case::deep(cbc(&"<a>".repeat(100)))]
#[case::other_element(cbc("<a/>"))]
#[case::response(cbc(&with_signed_assertion(&login())))]
#[case::two(cbc(&edit(&signed_assertion(&login()), "</saml:Subject>", &format!("<x>{}</x></saml:Subject>", login().assertion_xml().replace("_assertion", "_b")))))]
#[case::encrypted_again(gcm(&encrypted(&signed_assertion(&login()), ContentCipher::Aes128Gcm, KeyTransport::OaepSha1)))]
#[case::other_cipher(edit(&cbc(&signed_assertion(&login())), "aes128-cbc", "aes256-cbc"))]
#[case::other_mode(edit(&gcm(&signed_assertion(&login())), "2009/xmlenc11#aes256-gcm", "2001/04/xmlenc#aes256-cbc"))]
#[case::other_digest(edit(&edit(&gcm(&signed_assertion(&login())), "xmlenc#sha256\"/><xenc11", "xmlenc#sha256\"/><xenc11"), "2009/xmlenc11#rsa-oaep\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>", "2009/xmlenc11#rsa-oaep\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><xenc:OAEPparams>eA==</xenc:OAEPparams>"))]
fn every_failure_has_the_same_words(#[case] response: String) {
    let check = assert_fails(&response, CheckId::Decryption);
    assert_eq!(check.detail, "assertion could not be decrypted");
    assert_eq!((check.expected, check.received), (None, None));
}

#[rstest]
#[case::rsa_1_5("xmlenc11#rsa-oaep\"", "xmlenc#rsa-1_5\"", "rsa-1_5")]
#[case::triple_des("xmlenc11#aes256-gcm", "xmlenc#tripledes-cbc", "tripledes-cbc")]
#[case::mixed_oaep("xmlenc11#mgf1sha256", "xmlenc11#mgf1sha1", "mgf1sha1")]
fn weak_algorithms_are_named(#[case] from: &str, #[case] to: &str, #[case] named: &str) {
    let check = assert_fails(
        &edit(&gcm(&signed_assertion(&login())), from, to),
        CheckId::Decryption,
    );
    assert!(check.received.unwrap().contains(named));
}

#[rstest]
#[case::reference(
    "<xenc:CipherValue>",
    "</xenc:CipherValue>",
    "<xenc:CipherReference URI=\"http://elsewhere.example/\"/>"
)]
#[case::no_key(
    "<xenc:EncryptedKey>",
    "</xenc:EncryptedKey>",
    "<ds:RetrievalMethod URI=\"#key\"/>"
)]
#[case::no_base64(
    "<xenc:CipherValue>",
    "</xenc:CipherValue>",
    "<xenc:CipherValue>!</xenc:CipherValue>"
)]
#[case::no_content("<xenc:EncryptedData", "</xenc:EncryptedData>", "")]
fn a_broken_shape_is_refused(#[case] start: &str, #[case] end: &str, #[case] to: &str) {
    let response = gcm(&signed_assertion(&login()));
    let from = cut(&response, start, end).to_owned();
    assert_fails(&edit(&response, &from, to), CheckId::Decryption);
}

#[test]
fn many_keys_are_not_tried() {
    let response = gcm(&signed_assertion(&login()));
    let key = cut(&response, "<xenc:EncryptedKey>", "</xenc:EncryptedKey>").to_owned();
    assert_fails(&edit(&response, &key, &key.repeat(5)), CheckId::Decryption);
}

#[test]
fn without_a_key_there_is_a_telling_refusal() {
    let expectations = Expectations {
        decryption_keys: &[],
        ..expectations()
    };
    let examination = examine_with(&gcm(&signed_assertion(&login())), &expectations);
    let check = assert_refused(&examination, CheckId::Decryption);
    assert!(check.detail.contains("no key"));
    assert_eq!(
        examination.check(CheckId::Subject).unwrap().state,
        CheckState::NotReached
    );
}

#[test]
fn nothing_is_decrypted_out_of_a_broken_response() {
    let response = signer()
        .sign(&gcm(&signed_assertion(&login())), "_response")
        .unwrap();
    let examination = examine_text(&edit(&response, "<samlp:Status>", "<samlp:Status> "));
    assert_refused(&examination, CheckId::ResponseSignature);
    assert_eq!(
        examination.check(CheckId::Decryption).unwrap().state,
        CheckState::NotReached
    );
    assert_eq!(examination.decoded().assertion, None);
}

#[test]
fn a_private_key_shows_its_length_only() {
    assert_eq!(
        format!("{:?}", RECIPIENT.0),
        "[DecryptionKey(RSA 2048 ***)]"
    );
}
