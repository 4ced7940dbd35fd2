//! Our own metadata.

use super::*;

fn key() -> ServiceProviderKey {
    ServiceProviderKey::generate("provost.example", now()).unwrap()
}

#[test]
fn the_least_of_it_is_a_name_and_a_place() {
    let entity_id = id("https://provost.example/saml");
    let metadata = ServiceProviderMetadata {
        entity_id: &entity_id,
        acs_url: "https://provost.example/saml/acs?a&b",
        signing_certificate: None,
        encryption_certificate: None,
    };
    assert_eq!(
        metadata.to_xml(),
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://provost.example/saml\">\
         <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://provost.example/saml/acs?a&amp;b\" index=\"0\" isDefault=\"true\"></md:AssertionConsumerService>\
         </md:SPSSODescriptor></md:EntityDescriptor>"
    );
    assert_eq!(refusal(&metadata.to_xml()), MetadataError::ServiceProvider);
}

#[test]
fn the_keys_stand_there_with_their_purpose() {
    let key = key();
    let entity_id = id("https://provost.example/saml");
    let text = ServiceProviderMetadata {
        entity_id: &entity_id,
        acs_url: "https://provost.example/saml/acs",
        signing_certificate: Some(key.certificate()),
        encryption_certificate: Some(key.certificate()),
    }
    .to_xml();
    let tree = roxmltree::Document::parse(&text).unwrap();
    let role = tree.root_element().first_element_child().unwrap();
    assert_eq!(role.attribute("AuthnRequestsSigned"), Some("true"));
    let names: Vec<_> = role
        .children()
        .map(|child| child.tag_name().name())
        .collect();
    assert_eq!(
        names,
        [
            "KeyDescriptor",
            "KeyDescriptor",
            "NameIDFormat",
            "AssertionConsumerService"
        ]
    );
    let purposes: Vec<_> = role
        .children()
        .filter_map(|child| child.attribute("use"))
        .collect();
    assert_eq!(purposes, ["signing", "encryption"]);
    let methods = |at: usize| {
        role.children()
            .nth(at)
            .unwrap()
            .children()
            .filter(|child| child.has_tag_name((uris::METADATA, "EncryptionMethod")))
            .count()
    };
    assert_eq!((methods(0), methods(1)), (0, 5));
}

/// What we write of a key is what we would read of an identity provider's.
#[test]
fn what_is_written_can_be_read() {
    let key = key();
    let entity_id = id("https://provost.example/<saml>&\"");
    let text = ServiceProviderMetadata {
        entity_id: &entity_id,
        acs_url: "https://provost.example/saml/acs",
        signing_certificate: Some(key.certificate()),
        encryption_certificate: Some(key.certificate()),
    }
    .to_xml()
    .replace("SPSSODescriptor", "IDPSSODescriptor")
    .replace("AssertionConsumerService", "SingleSignOnService");
    let metadata = metadata(&text);
    assert_eq!(metadata.entity_id, entity_id);
    assert_eq!(metadata.signing_certificates[0].as_der(), key.certificate());
    assert_eq!(metadata.signing_certificates.len(), 1);
    assert_eq!(
        metadata.single_sign_on_service.location,
        "https://provost.example/saml/acs"
    );
    assert_eq!(metadata.warnings, []);
}
