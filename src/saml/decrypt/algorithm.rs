//! The algorithms an assertion may be encrypted with.

use aws_lc_rs::aead::{
    self, AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::cipher::{
    self, AES_128, AES_192, AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm};

const BLOCK: usize = 16;

/// How the content key is encrypted (XML Encryption 1.1 §5.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyTransport {
    /// RSA-OAEP with SHA-1 as digest and in the mask; SHA-1 is no weakness there.
    OaepSha1,
    /// RSA-OAEP with SHA-256 as digest and in the mask.
    OaepSha256,
}

impl KeyTransport {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::OaepSha1 => "RSA-OAEP with SHA-1",
            Self::OaepSha256 => "RSA-OAEP with SHA-256",
        }
    }

    pub(super) fn oaep(self) -> &'static OaepAlgorithm {
        match self {
            Self::OaepSha1 => &OAEP_SHA1_MGF1SHA1,
            Self::OaepSha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

/// How the content is encrypted (XML Encryption 1.1 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentCipher {
    /// AES-128 in GCM mode.
    Aes128Gcm,
    /// AES-192 in GCM mode.
    Aes192Gcm,
    /// AES-256 in GCM mode.
    Aes256Gcm,
    /// AES-128 in CBC mode.
    Aes128Cbc,
    /// AES-192 in CBC mode.
    Aes192Cbc,
    /// AES-256 in CBC mode.
    Aes256Cbc,
}

impl ContentCipher {
    /// All that are supported.
    pub const ALL: [Self; 6] = [
        Self::Aes128Gcm,
        Self::Aes192Gcm,
        Self::Aes256Gcm,
        Self::Aes128Cbc,
        Self::Aes192Cbc,
        Self::Aes256Cbc,
    ];

    /// The identifier in `EncryptionMethod`.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes192Gcm => "http://www.w3.org/2009/xmlenc11#aes192-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Self::Aes192Cbc => "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        }
    }

    /// The cipher of an identifier, if it is supported.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.uri() == uri)
    }

    /// Whether a changed ciphertext is noticed. CBC does not notice, so a signature around it is worth asking for.
    pub fn is_authenticated(self) -> bool {
        self.gcm().is_some()
    }

    /// The plaintext; None for whatever reason there is none.
    pub(super) fn decrypt(self, key: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        match (self.gcm(), self.cbc()) {
            (Some(algorithm), _) => decrypt_gcm(algorithm, key, content),
            (None, Some(algorithm)) => decrypt_cbc(algorithm, key, content),
            (None, None) => None,
        }
    }

    fn gcm(self) -> Option<&'static aead::Algorithm> {
        match self {
            Self::Aes128Gcm => Some(&AES_128_GCM),
            Self::Aes192Gcm => Some(&AES_192_GCM),
            Self::Aes256Gcm => Some(&AES_256_GCM),
            Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc => None,
        }
    }

    fn cbc(self) -> Option<&'static cipher::Algorithm> {
        match self {
            Self::Aes128Cbc => Some(&AES_128),
            Self::Aes192Cbc => Some(&AES_192),
            Self::Aes256Cbc => Some(&AES_256),
            Self::Aes128Gcm | Self::Aes192Gcm | Self::Aes256Gcm => None,
        }
    }
}

/// XML Encryption 1.1 §5.2.4: a nonce of 96 bits, the ciphertext, a tag of 128 bits.
fn decrypt_gcm(algorithm: &'static aead::Algorithm, key: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    let (nonce, ciphertext) = content.split_at_checked(aead::NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
    let mut buffer = ciphertext.to_vec();
    let length = key
        .open_in_place(nonce, Aad::empty(), &mut buffer)
        .ok()?
        .len();
    buffer.truncate(length);
    Some(buffer)
}

/// XML Encryption 1.1 §5.2.1: a vector of one block, the ciphertext, at its end the padding, whose last byte is its length.
fn decrypt_cbc(
    algorithm: &'static cipher::Algorithm,
    key: &[u8],
    content: &[u8],
) -> Option<Vec<u8>> {
    let (vector, ciphertext) = content.split_at_checked(BLOCK)?;
    if ciphertext.is_empty() || ciphertext.len() % BLOCK != 0 {
        return None;
    }
    let vector: FixedLength<BLOCK> = vector.try_into().ok()?;
    let key = DecryptingKey::cbc(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
    let mut buffer = ciphertext.to_vec();
    key.decrypt(&mut buffer, DecryptionContext::Iv128(vector))
        .ok()?;
    let padding = usize::from(*buffer.last()?);
    if padding == 0 || padding > BLOCK {
        return None;
    }
    buffer.truncate(buffer.len() - padding);
    Some(buffer)
}
