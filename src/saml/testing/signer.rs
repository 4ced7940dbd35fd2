//! The signature of an element in a document.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{SigningKey, TestingError};
use crate::saml::c14n::{Subtree, canonicalize};
use crate::saml::namespaces::ASSERTION;
use crate::saml::signature::{DigestAlgorithm, SignatureAlgorithm};
use crate::saml::xml::{Limits, Node, Source};

/// Where a signature is put among the children of the element it signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// Behind the Issuer, where the schema has it; before all others if there is no Issuer.
    #[default]
    BehindIssuer,
    /// Behind all others, where some identity providers have it.
    Last,
}

/// How to sign.
#[derive(Clone, Debug)]
pub struct Signer<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// How `SignedInfo` is signed.
    pub algorithm: SignatureAlgorithm,
    /// How the element is digested.
    pub digest_algorithm: DigestAlgorithm,
    /// The list of `InclusiveNamespaces`, as it is written.
    pub prefix_list: Option<&'a str>,
    /// Where the signature goes.
    pub placement: Placement,
}

impl<'a> Signer<'a> {
    /// Signs with the algorithm, with SHA-256 over the element.
    pub fn new(key: &'a SigningKey, algorithm: SignatureAlgorithm) -> Self {
        Self {
            key,
            algorithm,
            digest_algorithm: DigestAlgorithm::Sha256,
            prefix_list: None,
            placement: Placement::default(),
        }
    }

    /// The document with the element of this ID signed.
    pub fn sign(&self, document: &str, id: &str) -> Result<String, TestingError> {
        let source =
            Source::from_text(document, Limits::RESPONSE).map_err(|_| TestingError::Document)?;
        let tree = source.parse().map_err(|_| TestingError::Document)?;
        let mut nodes = tree.root().descendants();
        let element = nodes
            .find(|it| it.attribute("ID") == Some(id))
            .ok_or(TestingError::NoElement)?;
        let prefixes: Vec<_> = self
            .prefix_list
            .unwrap_or_default()
            .split_ascii_whitespace()
            .collect();
        let prefixes: Vec<_> = prefixes
            .iter()
            .map(|it| it.replace("#default", ""))
            .collect();
        let digest = self
            .digest_algorithm
            .digest(canonical(element, &prefixes)?.as_bytes());
        let signature = self.signature(id, &digest)?;

        let text = source.as_str();
        let (before, behind) = text
            .split_at_checked(place(element, self.placement))
            .ok_or(TestingError::Document)?;
        Ok(format!("{before}{signature}{behind}"))
    }

    /// The whole `ds:Signature` over an element of this ID and digest.
    pub fn signature(&self, id: &str, digest: &[u8]) -> Result<String, TestingError> {
        let inclusive = self.prefix_list.map(|list| {
            format!(
                "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"/>"
            )
        });
        let signed_info = format!(
            "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
             <ds:SignatureMethod Algorithm=\"{algorithm}\"/><ds:Reference URI=\"#{id}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
             <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">{inclusive}</ds:Transform>\
             </ds:Transforms><ds:DigestMethod Algorithm=\"{digest_algorithm}\"/>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            algorithm = self.algorithm.uri(),
            inclusive = inclusive.unwrap_or_default(),
            digest_algorithm = self.digest_algorithm.uri(),
            digest = STANDARD.encode(digest),
        );
        let opening = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
        let value = self.value(&format!("{opening}{signed_info}</ds:Signature>"))?;
        let certificate = STANDARD.encode(self.key.certificate().as_der());
        Ok(format!(
            "{opening}{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
             <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
        ))
    }

    /// The value over the `SignedInfo` in a signature. Its canonical form is the same wherever it stands.
    fn value(&self, signature: &str) -> Result<String, TestingError> {
        let source =
            Source::from_text(signature, Limits::RESPONSE).map_err(|_| TestingError::Document)?;
        let tree = source.parse().map_err(|_| TestingError::Document)?;
        let signed_info = tree
            .root_element()
            .first_element_child()
            .ok_or(TestingError::NoElement)?;
        let bytes = canonical(signed_info, &[])?;
        Ok(STANDARD.encode(self.key.sign(self.algorithm, bytes.as_bytes())?))
    }
}

fn canonical(top: Node<'_, '_>, inclusive_prefixes: &[String]) -> Result<String, TestingError> {
    let subtree = Subtree {
        top,
        without: None,
        inclusive_prefixes,
    };
    canonicalize(&subtree).map_err(|_| TestingError::Document)
}

/// The byte at which the signature goes in. An element without children has no place for one; it is put before it.
fn place(element: Node<'_, '_>, placement: Placement) -> usize {
    let issuer = element
        .children()
        .find(|it| it.has_tag_name((ASSERTION, "Issuer")));
    match (placement, issuer) {
        (Placement::BehindIssuer, Some(issuer)) => issuer.range().end,
        (Placement::BehindIssuer, None) => element
            .first_child()
            .map_or(element.range().start, |it| it.range().start),
        (Placement::Last, _) => element
            .last_child()
            .map_or(element.range().start, |it| it.range().end),
    }
}
