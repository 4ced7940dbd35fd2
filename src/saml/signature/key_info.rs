//! What the message says about its key: of use to an admin, of no weight in the decision.

use crate::saml::certificate::{Fingerprint, SigningCertificate};
use crate::saml::namespaces::XML_SIGNATURE;
use crate::saml::xml::{Node, decode_base64, value};

/// No certificate is longer.
const MAX_CERTIFICATE_BYTES: usize = 32 * 1024;

/// The certificate that the signature of an element names, base64 of DER, if it can be read: to be shown, never trusted.
pub fn presented(signed: Node<'_, '_>) -> Option<String> {
    let child = |node: Node<'_, '_>, name: &str| {
        node.children()
            .find(|it| it.has_tag_name((XML_SIGNATURE, name)))
            .map(|it| it.id())
    };
    let signature = signed.document().get_node(child(signed, "Signature")?)?;
    let key_info = signed.document().get_node(child(signature, "KeyInfo")?)?;
    let certificate = SigningCertificate::from_der(&der(key_info)?).ok()?;
    Some(certificate.to_base64())
}

/// The fingerprint of the first `X509Data/X509Certificate`. The certificate itself is not parsed.
pub(super) fn presented_certificate(key_info: Node<'_, '_>) -> Option<Fingerprint> {
    der(key_info).map(|der| Fingerprint::of(&der))
}

fn der(key_info: Node<'_, '_>) -> Option<Vec<u8>> {
    let named = |node: &Node<'_, '_>, name: &str| node.has_tag_name((XML_SIGNATURE, name));
    let certificate = key_info
        .children()
        .filter(|it| named(it, "X509Data"))
        .flat_map(|it| it.children())
        .find(|it| named(it, "X509Certificate"))?;
    decode_base64(&value(certificate).ok()?, MAX_CERTIFICATE_BYTES).ok()
}
