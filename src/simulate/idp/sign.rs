//! Signs an element: an enveloped XML Signature (XML Signature §4, SAML core §5.4), within the one profile we verify.
//!
//! Nothing is canonicalised here. The writer makes elements that are their own exclusive canonical form: each declares
//! the namespaces it uses where it uses them first, and attributes stand in order. So the digest is over the text itself.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::IdpKey;
use crate::saml::signature::DigestAlgorithm;
use crate::saml::signing_key::SigningKeyError;
use crate::saml::{XmlWriter, uris};

/// An element in canonical form, without its signature.
pub(super) struct Unsigned {
    /// The element.
    pub text: String,
    /// Where in the text the signature goes: behind Issuer, as the schema of SAML wants it.
    pub signature_at: usize,
    /// The value of its ID.
    pub id: String,
}

/// What a signature says it was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// SHA-256.
    Sha256,
    /// SHA-1, for digest and signature. The value of the signature is made with SHA-256 all the same, since the library
    /// signs with nothing weaker: whoever gets so far as to verify it has made the mistake already.
    Sha1,
}

impl Unsigned {
    /// The element with a signature of `key` in it.
    pub(super) fn sign(&self, key: &IdpKey, strength: Strength) -> Result<String, SigningKeyError> {
        let (digest_uri, digested, method) = match strength {
            Strength::Sha256 => (
                DigestAlgorithm::Sha256.uri(),
                DigestAlgorithm::Sha256.digest(self.text.as_bytes()),
                key.signing.algorithm().uri(),
            ),
            Strength::Sha1 => (
                uris::SHA1,
                digest(&SHA1_FOR_LEGACY_USE_ONLY, self.text.as_bytes())
                    .as_ref()
                    .to_vec(),
                uris::RSA_SHA1,
            ),
        };
        let digest_value = STANDARD.encode(digested);
        let signed_info = |namespace: &[(&str, &str)]| {
            let mut xml = XmlWriter::new();
            xml.start("ds:SignedInfo", namespace)
                .empty(
                    "ds:CanonicalizationMethod",
                    &[("Algorithm", uris::EXCLUSIVE_C14N)],
                )
                .empty("ds:SignatureMethod", &[("Algorithm", method)])
                .start("ds:Reference", &[("URI", &format!("#{}", self.id))])
                .start("ds:Transforms", &[])
                .empty("ds:Transform", &[("Algorithm", uris::ENVELOPED)])
                .empty("ds:Transform", &[("Algorithm", uris::EXCLUSIVE_C14N)])
                .end()
                .empty("ds:DigestMethod", &[("Algorithm", digest_uri)])
                .leaf("ds:DigestValue", &[], &digest_value);
            xml.finish()
        };
        // On its own, SignedInfo has to declare the prefix that it has from Signature in the document.
        let namespace = [("xmlns:ds", uris::XML_SIGNATURE)];
        let value = key.signing.sign(signed_info(&namespace).as_bytes())?;
        let mut xml = XmlWriter::new();
        xml.start("ds:Signature", &namespace)
            .raw(&signed_info(&[]))
            .leaf("ds:SignatureValue", &[], &STANDARD.encode(value))
            .start("ds:KeyInfo", &[])
            .start("ds:X509Data", &[])
            .leaf(
                "ds:X509Certificate",
                &[],
                &STANDARD.encode(key.certificate()),
            );
        let mut signed = self.text.clone();
        signed.insert_str(self.signature_at, &xml.finish());
        Ok(signed)
    }
}
