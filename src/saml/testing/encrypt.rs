//! The encryption of an assertion.

use std::fmt;

use aws_lc_rs::aead::{
    self, AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, EncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::TestingError;
use crate::saml::decrypt::{ContentCipher, DecryptionKey, KeyTransport};

/// The public key of a service provider.
pub struct RecipientKey {
    key: OaepPublicEncryptingKey,
}

impl RecipientKey {
    /// Makes a key pair of 2048 bits.
    pub fn generate() -> Result<(DecryptionKey, Self), TestingError> {
        let private =
            PrivateDecryptingKey::generate(KeySize::Rsa2048).map_err(|_| TestingError::Key)?;
        let pkcs8 = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&private)
            .map_err(|_| TestingError::Key)?;
        let decryption_key =
            DecryptionKey::from_pkcs8_der(pkcs8.as_ref()).map_err(|_| TestingError::Key)?;
        let key =
            OaepPublicEncryptingKey::new(private.public_key()).map_err(|_| TestingError::Key)?;
        Ok((decryption_key, Self { key }))
    }

    /// Takes a SubjectPublicKeyInfo of an RSA key.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, TestingError> {
        let key = PublicEncryptingKey::from_der(der).map_err(|_| TestingError::Key)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_| TestingError::Key)?;
        Ok(Self { key })
    }

    fn wrap(&self, transport: KeyTransport, content_key: &[u8]) -> Result<Vec<u8>, TestingError> {
        let algorithm = match transport {
            KeyTransport::OaepSha1 => &OAEP_SHA1_MGF1SHA1,
            KeyTransport::OaepSha256 => &OAEP_SHA256_MGF1SHA256,
        };
        let mut output = vec![0; self.key.ciphertext_size()];
        let wrapped = self.key.encrypt(algorithm, content_key, &mut output, None);
        Ok(wrapped.map_err(|_| TestingError::Cryptography)?.to_vec())
    }
}

impl fmt::Debug for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecipientKey(RSA {})", self.key.key_size_bits())
    }
}

/// The `EncryptedAssertion` of an assertion.
pub fn encrypt_assertion(
    assertion: &str,
    recipient: &RecipientKey,
    cipher: ContentCipher,
    transport: KeyTransport,
) -> Result<String, TestingError> {
    let (content_key, content) = encrypt(cipher, assertion.as_bytes())?;
    let wrapped = recipient.wrap(transport, &content_key)?;
    let method = match transport {
        KeyTransport::OaepSha1 => {
            "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\">\
             <ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/></xenc:EncryptionMethod>"
        }
        KeyTransport::OaepSha256 => {
            "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\">\
             <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
             <xenc11:MGF xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\" \
             Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/></xenc:EncryptionMethod>"
        }
    };
    Ok(format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         <xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"{cipher}\"/>\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey>{method}<xenc:CipherData>\
         <xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>\
         <xenc:CipherData><xenc:CipherValue>{content}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>\
         </saml:EncryptedAssertion>",
        cipher = cipher.uri(),
        wrapped = STANDARD.encode(wrapped),
        content = STANDARD.encode(content),
    ))
}

/// A fresh key, and the text encrypted with it.
fn encrypt(cipher: ContentCipher, text: &[u8]) -> Result<(Vec<u8>, Vec<u8>), TestingError> {
    let gcm = |algorithm| encrypt_gcm(algorithm, text);
    let cbc = |algorithm, length| encrypt_cbc(algorithm, length, text);
    match cipher {
        ContentCipher::Aes128Gcm => gcm(&AES_128_GCM),
        ContentCipher::Aes192Gcm => gcm(&AES_192_GCM),
        ContentCipher::Aes256Gcm => gcm(&AES_256_GCM),
        ContentCipher::Aes128Cbc => cbc(&AES_128, 16),
        ContentCipher::Aes192Cbc => cbc(&AES_192, 24),
        ContentCipher::Aes256Cbc => cbc(&AES_256, 32),
    }
}

fn encrypt_gcm(
    algorithm: &'static aead::Algorithm,
    text: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), TestingError> {
    let key = random(algorithm.key_len())?;
    let mut content = random(aead::NONCE_LEN)?;
    let nonce =
        Nonce::try_assume_unique_for_key(&content).map_err(|_| TestingError::Cryptography)?;
    let cipher = LessSafeKey::new(UnboundKey::new(algorithm, &key).map_err(|_| TestingError::Key)?);
    let mut buffer = text.to_vec();
    let sealed = cipher.seal_in_place_append_tag(nonce, Aad::empty(), &mut buffer);
    sealed.map_err(|_| TestingError::Cryptography)?;
    content.extend(buffer);
    Ok((key, content))
}

fn encrypt_cbc(
    algorithm: &'static aws_lc_rs::cipher::Algorithm,
    key_length: usize,
    text: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), TestingError> {
    let key = random(key_length)?;
    let unbound = UnboundCipherKey::new(algorithm, &key).map_err(|_| TestingError::Key)?;
    let cipher = EncryptingKey::cbc(unbound).map_err(|_| TestingError::Key)?;
    // XML Encryption §5.2.1: any bytes, the last one being their number.
    let padding = 16 - text.len() % 16;
    let mut buffer = text.to_vec();
    buffer.resize(text.len() + padding, 0);
    if let Some(last) = buffer.last_mut() {
        *last = u8::try_from(padding).map_err(|_| TestingError::Cryptography)?;
    }
    let context = cipher
        .encrypt(&mut buffer)
        .map_err(|_| TestingError::Cryptography)?;
    let DecryptionContext::Iv128(vector) = context else {
        return Err(TestingError::Cryptography);
    };
    let mut content = vector.as_ref().to_vec();
    content.extend(buffer);
    Ok((key, content))
}

fn random(length: usize) -> Result<Vec<u8>, TestingError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| TestingError::Cryptography)?;
    Ok(bytes)
}
