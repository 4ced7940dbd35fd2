//! The encrypted assertion, from its ciphertext to a document of its own.

use super::expectations::Expectations;
use super::finding::{Finding, Refusal, refuse};
use super::signatures::ResponseSignature;
use crate::saml::decrypt::{DecryptError, Decrypted, decrypt};
use crate::saml::namespaces::{ASSERTION, PROTOCOL};
use crate::saml::xml::{Document, Node};

/// Decrypts. Nothing is decrypted out of a Response whose signature is broken: that is how a stranger would ask for the
/// decryption of texts of their own making.
pub(super) fn open(
    encrypted: Node<'_, '_>,
    response_signature: ResponseSignature,
    expectations: &Expectations<'_>,
) -> Result<Decrypted, Refusal> {
    if response_signature == ResponseSignature::Broken {
        let detail = "the signature of the Response does not hold, so nothing in it is decrypted";
        return refuse(Finding::not_reached(detail));
    }
    decrypt(encrypted, expectations.decryption_keys).map_err(|error| Box::new(refused(&error)))
}

/// Reads the plaintext. Whatever is wrong with it, the refusal is that of a failed decryption.
pub(super) fn read(decrypted: &Decrypted) -> Result<Document<'_>, Refusal> {
    let document = decrypted
        .source
        .parse()
        .map_err(|_| Box::new(refused(&DecryptError::Failed)))?;
    let root = document.root_element();
    let others = root.descendants().skip(1).any(|it| {
        it.has_tag_name((ASSERTION, "Assertion"))
            || it.has_tag_name((ASSERTION, "EncryptedAssertion"))
            || it.has_tag_name((PROTOCOL, "Response"))
    });
    if others || !root.has_tag_name((ASSERTION, "Assertion")) {
        return Err(Box::new(refused(&DecryptError::Failed)));
    }
    Ok(document)
}

pub(super) fn opened(decrypted: &Decrypted, response_signature: ResponseSignature) -> Finding {
    let (cipher, transport) = (decrypted.cipher, decrypted.key_transport.name());
    let detail = format!("decrypted with {transport} and {}", cipher.uri());
    if cipher.is_authenticated() || matches!(response_signature, ResponseSignature::Holds(_)) {
        Finding::passed(detail)
    } else {
        Finding::warned(format!(
            "{detail}; AES-CBC should have a signed Response around it, or AES-GCM in its place"
        ))
    }
}

fn refused(error: &DecryptError) -> Finding {
    let (expected, received) = match error {
        DecryptError::Children {
            expected, received, ..
        } => (Some((*expected).to_owned()), Some(received.clone())),
        DecryptError::KeyTransport { received } => {
            (Some("RSA-OAEP".to_owned()), Some(received.clone()))
        }
        DecryptError::Cipher { received } => (
            Some("AES in GCM or CBC mode".to_owned()),
            Some(received.clone()),
        ),
        DecryptError::OaepParameters { digest, mask } => (None, Some(format!("{digest}, {mask}"))),
        DecryptError::NoKey
        | DecryptError::CipherReference
        | DecryptError::TooManyKeys { .. }
        | DecryptError::Base64(_)
        | DecryptError::Xml(_)
        | DecryptError::Failed => (None, None),
    };
    Finding {
        expected,
        received,
        ..Finding::failed(error.to_string())
    }
}
