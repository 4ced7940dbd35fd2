//! Good Responses: without them a server that refuses everything would pass.

use provost::saml::decrypt::{ContentCipher, KeyTransport};
use provost::saml::signature::DigestAlgorithm;
use provost::saml::testing::{Placement, RecipientKey, encrypt_assertion};

use super::*;

#[tokio::test]
async fn a_good_response_signs_in_whatever_of_it_is_signed() {
    let mut stage = Stage::new().await;
    stage.accepts("the assertion", Forger::good).await;
    stage.accepts("the Response", Forger::signed_response).await;
    let both = |f: &Forger| {
        let id = &f.login.response_id;
        Forger::signer().sign(&f.good(), id).unwrap()
    };
    stage.accepts("both", both).await;
    let last = |f: &Forger| {
        let signer = Signer {
            placement: Placement::Last,
            ..Forger::signer()
        };
        f.around(&signer.sign(&f.bare(), &f.login.assertion_id).unwrap())
    };
    stage.accepts("the signature at the end", last).await;
}

#[tokio::test]
async fn every_key_algorithm_and_digest_signs_in() {
    let mut stage = Stage::new().await;
    let keys = [
        (&RSA, SignatureAlgorithm::RsaSha256),
        (&RSA, SignatureAlgorithm::RsaSha384),
        (&RSA, SignatureAlgorithm::RsaSha512),
        (&RSA_4096, SignatureAlgorithm::RsaSha256),
        (&P256, SignatureAlgorithm::EcdsaSha256),
        (&P384, SignatureAlgorithm::EcdsaSha384),
    ];
    let digests = [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
    for (key, algorithm) in keys {
        for digest_algorithm in digests {
            let signer = Signer {
                digest_algorithm,
                ..Signer::new(key, algorithm)
            };
            let name = format!("{algorithm:?} over {digest_algorithm:?}");
            let sign =
                |f: &Forger| f.around(&signer.sign(&f.bare(), &f.login.assertion_id).unwrap());
            stage.accepts(&name, sign).await;
        }
    }
}

#[tokio::test]
async fn every_cipher_signs_in_and_is_no_signature() {
    let mut stage = Stage::new().await;
    let metadata = stage.person().get("/trust/saml2/metadata").await.text;
    let certificate = cut(&metadata, "<ds:X509Certificate>", "</ds:X509Certificate>");
    let certificate = certificate.split(['<', '>']).nth(2).unwrap();
    let der = STANDARD.decode(certificate).unwrap();
    let (_, read) = x509_parser::parse_x509_certificate(&der).unwrap();
    let recipient = RecipientKey::from_spki_der(read.tbs_certificate.subject_pki.raw).unwrap();
    let ciphers = [
        ContentCipher::Aes128Gcm,
        ContentCipher::Aes192Gcm,
        ContentCipher::Aes256Gcm,
        ContentCipher::Aes128Cbc,
        ContentCipher::Aes192Cbc,
        ContentCipher::Aes256Cbc,
    ];
    for cipher in ciphers {
        for transport in [KeyTransport::OaepSha1, KeyTransport::OaepSha256] {
            let encrypt = |f: &Forger, assertion: &str| {
                f.around(&encrypt_assertion(assertion, &recipient, cipher, transport).unwrap())
            };
            let name = format!("{cipher:?} under {transport:?}");
            stage.accepts(&name, |f| encrypt(f, &f.assertion())).await;
            let (mut person, forger) = stage.begun().await;
            let shown = post(&mut person, &encrypt(&forger, &forger.bare())).await;
            stage.refused(&name, &shown, "assertion_signature").await;
        }
    }
}
