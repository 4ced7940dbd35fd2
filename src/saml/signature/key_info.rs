//! What the message says about its key: of use to an admin, of no weight in the decision.

use crate::saml::certificate::Fingerprint;
use crate::saml::namespaces::XML_SIGNATURE;
use crate::saml::xml::{Node, decode_base64, value};

/// No certificate is longer.
const MAX_CERTIFICATE_BYTES: usize = 32 * 1024;

/// The fingerprint of the first `X509Data/X509Certificate`. The certificate itself is not parsed.
pub(super) fn presented_certificate(key_info: Node<'_, '_>) -> Option<Fingerprint> {
    let named = |node: &Node<'_, '_>, name: &str| node.has_tag_name((XML_SIGNATURE, name));
    let certificate = key_info
        .children()
        .filter(|it| named(it, "X509Data"))
        .flat_map(|it| it.children())
        .find(|it| named(it, "X509Certificate"))?;
    let der = decode_base64(&value(certificate).ok()?, MAX_CERTIFICATE_BYTES).ok()?;
    Some(Fingerprint::of(&der))
}
