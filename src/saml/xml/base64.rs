//! Base64 as XML Schema and the POST binding write it (RFC 4648 §4, with white space between).

use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// A text that is no Base64.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Base64Error {
    /// More than the caller reads.
    #[error("more than {limit} bytes in Base64")]
    TooLarge {
        /// The most bytes that are decoded.
        limit: usize,
    },
    /// A character outside the alphabet, padding at the wrong place, or bits left over.
    #[error("not Base64")]
    Malformed,
}

/// The bytes of a text, of which white space (space, tab, CR, LF) is skipped and everything else must be of the alphabet.
///
/// Refuses more than `max_bytes` decoded bytes without decoding them.
pub fn decode_base64(text: &str, max_bytes: usize) -> Result<Vec<u8>, Base64Error> {
    let max_letters = max_bytes.div_ceil(3).saturating_mul(4);
    let mut letters = Vec::with_capacity(text.len().min(max_letters));
    for byte in text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
    {
        if letters.len() == max_letters {
            return Err(Base64Error::TooLarge { limit: max_bytes });
        }
        letters.push(byte);
    }
    let bytes = STANDARD
        .decode(letters)
        .map_err(|_| Base64Error::Malformed)?;
    if bytes.len() > max_bytes {
        return Err(Base64Error::TooLarge { limit: max_bytes });
    }
    Ok(bytes)
}
