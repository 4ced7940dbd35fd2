//! The metadata of the test identity provider.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::TestIdp;
use crate::saml::{XmlWriter, uris};

/// What people read where an identity provider shows its name.
const DISPLAY_NAME: &str = "Provost test identity provider";

/// The document that a service provider is set up with (SAML metadata §2.4.3). The same identity provider is the same text.
pub(super) fn write(idp: &TestIdp) -> String {
    let mut xml = XmlWriter::new();
    xml.start(
        "md:EntityDescriptor",
        &[
            ("xmlns:md", uris::METADATA),
            ("entityID", idp.entity_id.as_str()),
        ],
    )
    .start(
        "md:IDPSSODescriptor",
        &[
            ("WantAuthnRequestsSigned", "false"),
            ("protocolSupportEnumeration", uris::PROTOCOL),
        ],
    )
    .start("md:KeyDescriptor", &[("use", "signing")])
    .start("ds:KeyInfo", &[("xmlns:ds", uris::XML_SIGNATURE)])
    .start("ds:X509Data", &[])
    .leaf(
        "ds:X509Certificate",
        &[],
        &STANDARD.encode(idp.key.certificate()),
    )
    .end()
    .end()
    .end()
    .leaf("md:NameIDFormat", &[], uris::NAME_ID_EMAIL)
    .empty(
        "md:SingleSignOnService",
        &[
            ("Binding", uris::BINDING_REDIRECT),
            ("Location", &idp.sso_url),
        ],
    )
    .end();
    let english = [("xml:lang", "en")];
    xml.start("md:Organization", &[])
        .leaf("md:OrganizationName", &english, DISPLAY_NAME)
        .leaf("md:OrganizationDisplayName", &english, DISPLAY_NAME)
        .leaf("md:OrganizationURL", &english, &idp.sso_url);
    xml.finish()
}
