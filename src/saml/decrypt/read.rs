//! The elements of XML Encryption, as far as an `EncryptedAssertion` needs them.

use super::{ContentCipher, DecryptError, KeyTransport};
use crate::saml::namespaces::{XML_ENCRYPTION, XML_ENCRYPTION_11, XML_SIGNATURE};
use crate::saml::xml::{Limits, Node, child_elements, decode_base64, names_of, value};

const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const RSA_OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const MGF1_SHA1: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha1";
const MGF1_SHA256: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha256";

/// Each one costs a private operation with each of our keys.
const MAX_KEYS: usize = 4;
/// As long as an RSA key of 8192 bits.
const MAX_WRAPPED_BYTES: usize = 1024;

/// An `EncryptedData` with the keys for it.
pub(super) struct Encrypted {
    pub cipher: ContentCipher,
    pub content: Vec<u8>,
    pub keys: Vec<WrappedKey>,
}

/// An `EncryptedKey`.
pub(super) struct WrappedKey {
    pub transport: KeyTransport,
    pub label: Option<Vec<u8>>,
    pub ciphertext: Vec<u8>,
}

/// Reads an `EncryptedAssertion` (SAML Core §2.3.4). The keys may be inside the data or beside it; a `RetrievalMethod`
/// between them is not needed and not followed.
pub(super) fn read(encrypted_assertion: Node<'_, '_>) -> Result<Encrypted, DecryptError> {
    let children = child_elements(encrypted_assertion)?;
    let [data, beside @ ..] = children.as_slice() else {
        return refuse(
            encrypted_assertion,
            &children,
            "EncryptedData, EncryptedKey",
        );
    };
    if !is(*data, "EncryptedData") || !beside.iter().all(|it| is(*it, "EncryptedKey")) {
        return refuse(
            encrypted_assertion,
            &children,
            "EncryptedData, EncryptedKey",
        );
    }
    let parts = child_elements(*data)?;
    let method = parts.iter().find(|it| is(**it, "EncryptionMethod"));
    let received = method
        .and_then(|it| it.attribute("Algorithm"))
        .unwrap_or_default();
    let cipher = ContentCipher::from_uri(received).ok_or_else(|| DecryptError::Cipher {
        received: received.to_owned(),
    })?;

    let mut wrapped: Vec<Node<'_, '_>> = Vec::new();
    for key_info in parts
        .iter()
        .filter(|it| it.has_tag_name((XML_SIGNATURE, "KeyInfo")))
    {
        wrapped.extend(key_info.children().filter(|it| is(*it, "EncryptedKey")));
    }
    wrapped.extend(beside);
    if wrapped.is_empty() {
        return refuse(
            *data,
            &parts,
            "a KeyInfo with an EncryptedKey, or an EncryptedKey beside it",
        );
    }
    if wrapped.len() > MAX_KEYS {
        return Err(DecryptError::TooManyKeys { limit: MAX_KEYS });
    }
    Ok(Encrypted {
        cipher,
        content: cipher_value(*data, Limits::RESPONSE.bytes)?,
        keys: wrapped
            .into_iter()
            .map(read_key)
            .collect::<Result<_, _>>()?,
    })
}

fn read_key(key: Node<'_, '_>) -> Result<WrappedKey, DecryptError> {
    let parts = child_elements(key)?;
    let Some(method) = parts.iter().find(|it| is(**it, "EncryptionMethod")) else {
        return refuse(key, &parts, "EncryptionMethod, CipherData");
    };
    let parameters = child_elements(*method)?;
    let label = match parameters.iter().find(|it| is(**it, "OAEPparams")) {
        Some(label) => Some(decode_base64(&value(*label)?, MAX_WRAPPED_BYTES)?),
        None => None,
    };
    Ok(WrappedKey {
        transport: key_transport(*method, &parameters)?,
        label,
        ciphertext: cipher_value(key, MAX_WRAPPED_BYTES)?,
    })
}

/// XML Encryption 1.1 §5.5.2: digest and mask are SHA-1 unless told otherwise, and the older identifier fixes the mask.
fn key_transport(
    method: Node<'_, '_>,
    parameters: &[Node<'_, '_>],
) -> Result<KeyTransport, DecryptError> {
    let received = method.attribute("Algorithm").unwrap_or_default();
    let parameter = |namespace: &str, name: &str, default: &'static str| {
        let element = parameters
            .iter()
            .find(|it| it.has_tag_name((namespace, name)));
        element
            .map_or(default, |it| it.attribute("Algorithm").unwrap_or_default())
            .to_owned()
    };
    let digest = parameter(XML_SIGNATURE, "DigestMethod", SHA1);
    let mask = match received {
        RSA_OAEP_MGF1P => MGF1_SHA1.to_owned(),
        RSA_OAEP => parameter(XML_ENCRYPTION_11, "MGF", MGF1_SHA1),
        _ => {
            return Err(DecryptError::KeyTransport {
                received: received.to_owned(),
            });
        }
    };
    match (digest.as_str(), mask.as_str()) {
        (SHA1, MGF1_SHA1) => Ok(KeyTransport::OaepSha1),
        (SHA256, MGF1_SHA256) => Ok(KeyTransport::OaepSha256),
        _ => Err(DecryptError::OaepParameters { digest, mask }),
    }
}

/// The bytes of `CipherData/CipherValue`.
fn cipher_value(node: Node<'_, '_>, max_bytes: usize) -> Result<Vec<u8>, DecryptError> {
    let parts = child_elements(node)?;
    let mut data = parts.iter().filter(|it| is(**it, "CipherData"));
    let (Some(data), None) = (data.next(), data.next()) else {
        return refuse(node, &parts, "one CipherData");
    };
    let children = child_elements(*data)?;
    match *children.as_slice() {
        [cipher_value] if is(cipher_value, "CipherValue") => {
            Ok(decode_base64(&value(cipher_value)?, max_bytes)?)
        }
        [reference] if is(reference, "CipherReference") => Err(DecryptError::CipherReference),
        _ => refuse(*data, &children, "one CipherValue"),
    }
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((XML_ENCRYPTION, name))
}

fn refuse<T>(
    node: Node<'_, '_>,
    children: &[Node<'_, '_>],
    expected: &'static str,
) -> Result<T, DecryptError> {
    Err(DecryptError::Children {
        element: node.tag_name().name().to_owned(),
        expected,
        received: names_of(children),
    })
}
