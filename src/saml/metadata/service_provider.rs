//! Our own metadata.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::saml::decrypt::ContentCipher;
use crate::saml::{EntityId, XmlWriter, uris};

/// The ways in which an assertion may be encrypted to us, the preferred one first. The 192 bits of the standard are left out:
/// we take them, but nobody should begin to send them.
const CIPHERS: [ContentCipher; 4] = [
    ContentCipher::Aes256Gcm,
    ContentCipher::Aes128Gcm,
    ContentCipher::Aes256Cbc,
    ContentCipher::Aes128Cbc,
];

/// What we say of ourselves to an identity provider (SAML metadata §2.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProviderMetadata<'a> {
    /// Our name.
    pub entity_id: &'a EntityId,
    /// Where answers go: the URL of our AssertionConsumerService, taken by POST.
    pub acs_url: &'a str,
    /// The certificate of the key that signs our requests, DER. With it, we say that all of them are signed.
    pub signing_certificate: Option<&'a [u8]>,
    /// The certificate of the key that assertions may be encrypted to, DER.
    pub encryption_certificate: Option<&'a [u8]>,
}

impl ServiceProviderMetadata<'_> {
    /// The document. The same input is the same text, so that an admin can see whether anything has changed: it has no
    /// id, no time and no end.
    pub fn to_xml(&self) -> String {
        let requests_signed = match self.signing_certificate {
            Some(_) => "true",
            None => "false",
        };
        let mut xml = XmlWriter::new();
        xml.start(
            "md:EntityDescriptor",
            &[
                ("xmlns:md", uris::METADATA),
                ("entityID", self.entity_id.as_str()),
            ],
        )
        .start(
            "md:SPSSODescriptor",
            &[
                ("AuthnRequestsSigned", requests_signed),
                // What the signature of the Response covers would do, too, but an assertion that is signed itself can be
                // taken by every service provider, and most identity providers have a switch for exactly this.
                ("WantAssertionsSigned", "true"),
                ("protocolSupportEnumeration", uris::PROTOCOL),
            ],
        );
        if let Some(certificate) = self.signing_certificate {
            key_descriptor(&mut xml, "signing", certificate);
            xml.end();
        }
        if let Some(certificate) = self.encryption_certificate {
            key_descriptor(&mut xml, "encryption", certificate);
            let ciphers = CIPHERS.map(ContentCipher::uri);
            for method in ciphers.into_iter().chain([uris::RSA_OAEP]) {
                xml.empty("md:EncryptionMethod", &[("Algorithm", method)]);
            }
            xml.end();
        }
        xml.leaf("md:NameIDFormat", &[], uris::NAME_ID_EMAIL).empty(
            "md:AssertionConsumerService",
            &[
                ("Binding", uris::BINDING_POST),
                ("Location", self.acs_url),
                ("index", "0"),
                ("isDefault", "true"),
            ],
        );
        xml.finish()
    }
}

/// Opens a KeyDescriptor and leaves it open.
fn key_descriptor(xml: &mut XmlWriter, purpose: &str, certificate: &[u8]) {
    xml.start("md:KeyDescriptor", &[("use", purpose)])
        .start("ds:KeyInfo", &[("xmlns:ds", uris::XML_SIGNATURE)])
        .start("ds:X509Data", &[])
        .leaf("ds:X509Certificate", &[], &STANDARD.encode(certificate))
        .end()
        .end();
}
