//! The one shape of a signature that is read (SAML Core §5.4, narrowed).

use super::key_info::presented_certificate;
use super::{DigestAlgorithm, SignatureAlgorithm, SignatureError};
use crate::saml::certificate::Fingerprint;
use crate::saml::namespaces::{EXCLUSIVE_C14N, XML_SIGNATURE};
use crate::saml::xml::{Node, child_elements, decode_base64, names_of, value};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// As long as the signature of an RSA key of 8192 bits.
const MAX_SIGNATURE_BYTES: usize = 1024;
/// As long as a SHA-512.
const MAX_DIGEST_BYTES: usize = 64;

/// A signature whose shape and algorithms are those of the profile; nothing of it is verified yet.
pub(super) struct Profile<'a, 'input> {
    pub signed_info: Node<'a, 'input>,
    /// The prefixes that `SignedInfo` is canonicalized with.
    pub signed_info_prefixes: Vec<String>,
    pub algorithm: SignatureAlgorithm,
    pub signature: Vec<u8>,
    /// The prefixes that the signed element is canonicalized with.
    pub prefixes: Vec<String>,
    pub digest_algorithm: DigestAlgorithm,
    pub digest: Vec<u8>,
    pub presented: Option<Fingerprint>,
}

/// Reads the signature `signature`, a child of the element `signed`.
pub(super) fn read<'a, 'input>(
    signed: Node<'a, 'input>,
    signature: Node<'a, 'input>,
) -> Result<Profile<'a, 'input>, SignatureError> {
    only_attributes(signature, &["Id"])?;
    let children = child_elements(signature)?;
    let (signed_info, signature_value, key_info) = match *children.as_slice() {
        [info, value] if is(info, "SignedInfo") && is(value, "SignatureValue") => {
            (info, value, None)
        }
        [info, value, key]
            if is(info, "SignedInfo") && is(value, "SignatureValue") && is(key, "KeyInfo") =>
        {
            (info, value, Some(key))
        }
        _ => {
            return refuse_children(
                signature,
                &children,
                "SignedInfo, SignatureValue, at most one KeyInfo",
            );
        }
    };

    only_attributes(signed_info, &["Id"])?;
    let children = child_elements(signed_info)?;
    let (canonicalization, method, reference) = match *children.as_slice() {
        [canonicalization, method, reference]
            if is(canonicalization, "CanonicalizationMethod")
                && is(method, "SignatureMethod")
                && is(reference, "Reference") =>
        {
            (canonicalization, method, reference)
        }
        _ => {
            let expected = "CanonicalizationMethod, SignatureMethod, one Reference";
            return refuse_children(signed_info, &children, expected);
        }
    };

    let received = algorithm_of(canonicalization)?;
    if received != EXCLUSIVE_C14N {
        return Err(SignatureError::Canonicalization {
            received: received.to_owned(),
        });
    }
    let signed_info_prefixes = inclusive_prefixes(canonicalization)?;

    let received = algorithm_of(method)?;
    let algorithm = SignatureAlgorithm::from_uri(received).ok_or_else(|| {
        SignatureError::SignatureAlgorithm {
            received: received.to_owned(),
        }
    })?;
    no_children(method)?;

    only_attributes(signature_value, &["Id"])?;
    let (prefixes, digest_algorithm, digest) = read_reference(signed, reference)?;
    Ok(Profile {
        signed_info,
        signed_info_prefixes,
        algorithm,
        signature: decode(signature_value, "SignatureValue", MAX_SIGNATURE_BYTES)?,
        prefixes,
        digest_algorithm,
        digest,
        presented: key_info.and_then(presented_certificate),
    })
}

fn read_reference(
    signed: Node<'_, '_>,
    reference: Node<'_, '_>,
) -> Result<(Vec<String>, DigestAlgorithm, Vec<u8>), SignatureError> {
    only_attributes(reference, &["Id", "URI"])?;
    let id = signed.attribute("ID").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| SignatureError::NoId {
        element: signed.tag_name().name().to_owned(),
    })?;
    let expected = format!("#{id}");
    let received = reference.attribute("URI");
    if received != Some(&expected) {
        return Err(SignatureError::Reference {
            expected,
            received: received.map(str::to_owned),
        });
    }

    let children = child_elements(reference)?;
    let (transforms, method, value) = match *children.as_slice() {
        [transforms, method, value]
            if is(transforms, "Transforms")
                && is(method, "DigestMethod")
                && is(value, "DigestValue") =>
        {
            (transforms, method, value)
        }
        _ => {
            return refuse_children(
                reference,
                &children,
                "Transforms, DigestMethod, DigestValue",
            );
        }
    };
    let prefixes = read_transforms(transforms)?;
    let received = algorithm_of(method)?;
    let algorithm =
        DigestAlgorithm::from_uri(received).ok_or_else(|| SignatureError::DigestAlgorithm {
            received: received.to_owned(),
        })?;
    no_children(method)?;
    only_attributes(value, &[])?;
    Ok((
        prefixes,
        algorithm,
        decode(value, "DigestValue", MAX_DIGEST_BYTES)?,
    ))
}

/// The prefixes of the canonicalization among the transforms, which must be the two of SAML Core §5.4.4.
fn read_transforms(transforms: Node<'_, '_>) -> Result<Vec<String>, SignatureError> {
    only_attributes(transforms, &[])?;
    let children = child_elements(transforms)?;
    match *children.as_slice() {
        [enveloped, canonicalization]
            if is(enveloped, "Transform")
                && enveloped.attribute("Algorithm") == Some(ENVELOPED)
                && is(canonicalization, "Transform")
                && canonicalization.attribute("Algorithm") == Some(EXCLUSIVE_C14N) =>
        {
            algorithm_of(enveloped)?;
            no_children(enveloped)?;
            algorithm_of(canonicalization)?;
            inclusive_prefixes(canonicalization)
        }
        _ => {
            let identifier =
                |it: &Node<'_, '_>| it.attribute("Algorithm").unwrap_or_default().to_owned();
            Err(SignatureError::Transforms {
                received: children.iter().map(identifier).collect(),
            })
        }
    }
}

/// The list of `InclusiveNamespaces` (Exclusive XML Canonicalization §4), with `#default` as the empty prefix.
fn inclusive_prefixes(method: Node<'_, '_>) -> Result<Vec<String>, SignatureError> {
    let children = child_elements(method)?;
    match *children.as_slice() {
        [] => Ok(Vec::new()),
        [inclusive] if inclusive.has_tag_name((EXCLUSIVE_C14N, "InclusiveNamespaces")) => {
            only_attributes(inclusive, &["PrefixList"])?;
            no_children(inclusive)?;
            let list = inclusive.attribute("PrefixList").unwrap_or_default();
            let prefix = |name: &str| {
                if name == "#default" {
                    String::new()
                } else {
                    name.to_owned()
                }
            };
            Ok(list.split_ascii_whitespace().map(prefix).collect())
        }
        _ => refuse_children(method, &children, "at most one InclusiveNamespaces"),
    }
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((XML_SIGNATURE, name))
}

/// The identifier of an element that has an `Algorithm` and no other attribute.
fn algorithm_of<'a>(node: Node<'a, '_>) -> Result<&'a str, SignatureError> {
    only_attributes(node, &["Algorithm"])?;
    Ok(node.attribute("Algorithm").unwrap_or_default())
}

fn only_attributes(node: Node<'_, '_>, known: &[&str]) -> Result<(), SignatureError> {
    match node
        .attributes()
        .find(|it| it.namespace().is_some() || !known.contains(&it.name()))
    {
        Some(unknown) => Err(SignatureError::Attribute {
            element: node.tag_name().name().to_owned(),
            attribute: unknown.name().to_owned(),
        }),
        None => Ok(()),
    }
}

fn no_children(node: Node<'_, '_>) -> Result<(), SignatureError> {
    let children = child_elements(node)?;
    if children.is_empty() {
        return Ok(());
    }
    refuse_children(node, &children, "none")
}

fn refuse_children<T>(
    node: Node<'_, '_>,
    children: &[Node<'_, '_>],
    expected: &'static str,
) -> Result<T, SignatureError> {
    Err(SignatureError::Children {
        element: node.tag_name().name().to_owned(),
        expected,
        received: names_of(children),
    })
}

fn decode(
    node: Node<'_, '_>,
    element: &'static str,
    max_bytes: usize,
) -> Result<Vec<u8>, SignatureError> {
    decode_base64(&value(node)?, max_bytes)
        .map_err(|error| SignatureError::Base64 { element, error })
}
