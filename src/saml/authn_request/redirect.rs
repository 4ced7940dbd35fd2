//! The redirect binding: the request in the query of a URL, compressed, signed where it is asked for (SAML bindings §3.4).
//!
//! [`url()`] is what the service provider sends; [`RedirectQuery::parse`] is the other side, for the test identity provider.
//! The signature covers the three parameters as they stand in the URL, in a fixed order, so how they are
//! percent-encoded matters: identity providers decode them, encode them again with RFC 3986's unreserved characters left
//! alone, and compare. Encoding `-`, `.`, `_` or `~` would break the signature there.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use thiserror::Error;

use super::AuthnRequest;
use crate::saml::signing_key::SigningKeyError;
use crate::saml::{RelayState, SigningKey};

/// Bytes of a query that is read.
pub const QUERY_LENGTH: usize = 32 * 1_024;
/// Bytes of a request, decompressed.
pub const REQUEST_LENGTH: usize = 64 * 1_024;
/// Bytes of a RelayState that is read on the other side, where other service providers may be more generous than us.
pub const FOREIGN_RELAY_STATE_LENGTH: usize = 1_024;

/// RFC 3986 §2.3: everything but the unreserved characters is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why a request cannot be sent by redirect.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RedirectError {
    /// The destination has a fragment, which would swallow the query.
    #[error("the destination of the request has a fragment: {destination:?}")]
    Fragment {
        /// The location of the SingleSignOnService.
        destination: String,
    },
    /// The key did not sign.
    #[error("the request could not be signed")]
    Signature(#[from] SigningKeyError),
}

/// Why a query brings no request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RedirectQueryError {
    /// It is longer than is read.
    #[error("the query has {bytes} bytes, at most {QUERY_LENGTH} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A parameter is missing.
    #[error("the query has no {parameter}")]
    Missing {
        /// Its name.
        parameter: &'static str,
    },
    /// A parameter comes twice, so that two readers could take different ones.
    #[error("the query has more than one {parameter}")]
    Repeated {
        /// Its name.
        parameter: &'static str,
    },
    /// A parameter is not percent-encoded UTF-8, or not the base64 it has to be.
    #[error("the {parameter} of the query cannot be decoded")]
    Undecodable {
        /// Its name.
        parameter: &'static str,
    },
    /// A parameter is longer than is read.
    #[error("the {parameter} has more than {limit} bytes")]
    TooLarge {
        /// Its name.
        parameter: &'static str,
        /// How long it may be.
        limit: usize,
    },
    /// The message is compressed in a way that is not known (SAML bindings §3.4.4).
    #[error("the query has another SAMLEncoding than DEFLATE")]
    Encoding,
    /// The message is no DEFLATE stream.
    #[error("the SAMLRequest is not compressed with DEFLATE")]
    NotDeflated,
}

/// The URL that brings the request to its destination, as `Location` takes it.
///
/// A query of the destination is kept in front (SAML bindings §3.4.3). With a `key` the request is signed; what is signed
/// is `SAMLRequest`, `RelayState` where there is one, and `SigAlg`, in this order, and nothing of the destination.
pub fn url(
    request: &AuthnRequest,
    relay_state: Option<&RelayState>,
    key: Option<&SigningKey>,
) -> Result<String, RedirectError> {
    let destination = &request.destination;
    if destination.contains('#') {
        return Err(RedirectError::Fragment {
            destination: destination.clone(),
        });
    }
    let mut query = format!("SAMLRequest={}", encode(&deflate(&request.to_xml())));
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(&encode(relay_state.as_str()));
    }
    if let Some(key) = key {
        query.push_str("&SigAlg=");
        query.push_str(&encode(key.algorithm().uri()));
        let signature = key.sign(query.as_bytes())?;
        query.push_str("&Signature=");
        query.push_str(&encode(&STANDARD.encode(signature)));
    }
    let glue = match destination.split_once('?') {
        None => "?",
        Some((_, before)) if before.is_empty() || before.ends_with('&') => "",
        Some(_) => "&",
    };
    Ok(format!("{destination}{glue}{query}"))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Raw DEFLATE (RFC 1951), then base64 without line breaks (SAML bindings §3.4.4.1).
fn deflate(text: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(text.as_bytes())
        .and_then(|()| encoder.finish())
        .map(|bytes| STANDARD.encode(bytes))
        .expect("writing to memory cannot fail")
}

/// A query that brings a request, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectQuery {
    /// The document.
    pub saml_request: String,
    /// The RelayState as it came, to be sent back as it is.
    pub relay_state: Option<String>,
    /// The signature, where there is one. Nothing here says that it holds.
    pub signature: Option<RedirectSignature>,
}

/// The signature of a query, and what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectSignature {
    /// The URI of the algorithm (`SigAlg`).
    pub algorithm: String,
    /// The signature itself.
    pub value: Vec<u8>,
    /// What is signed: the parameters as they stood in the query, in the order of SAML bindings §3.4.4.1.
    pub signed: String,
}

impl RedirectQuery {
    /// Reads the query of a URL: what stands behind the question mark, still percent-encoded.
    pub fn parse(query: &str) -> Result<Self, RedirectQueryError> {
        if query.len() > QUERY_LENGTH {
            return Err(RedirectQueryError::TooLong { bytes: query.len() });
        }
        let saml_request = find(query, "SAMLRequest")?;
        let relay_state = find(query, "RelayState")?;
        if let Some(encoding) = find(query, "SAMLEncoding")?
            && decode(encoding, "SAMLEncoding")?
                != "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
        {
            return Err(RedirectQueryError::Encoding);
        }
        let raw_request = saml_request.ok_or(RedirectQueryError::Missing {
            parameter: "SAMLRequest",
        })?;
        let signature = signature(query, raw_request, relay_state)?;
        let relay_state = relay_state
            .map(|raw| decode(raw, "RelayState"))
            .transpose()?;
        if relay_state
            .as_ref()
            .is_some_and(|text| text.len() > FOREIGN_RELAY_STATE_LENGTH)
        {
            return Err(RedirectQueryError::TooLarge {
                parameter: "RelayState",
                limit: FOREIGN_RELAY_STATE_LENGTH,
            });
        }
        Ok(Self {
            saml_request: inflate(&decode(raw_request, "SAMLRequest")?)?,
            relay_state,
            signature,
        })
    }
}

fn signature(
    query: &str,
    saml_request: &str,
    relay_state: Option<&str>,
) -> Result<Option<RedirectSignature>, RedirectQueryError> {
    let Some(value) = find(query, "Signature")? else {
        return Ok(None);
    };
    let algorithm = find(query, "SigAlg")?.ok_or(RedirectQueryError::Missing {
        parameter: "SigAlg",
    })?;
    let mut signed = format!("SAMLRequest={saml_request}");
    if let Some(relay_state) = relay_state {
        signed.push_str("&RelayState=");
        signed.push_str(relay_state);
    }
    signed.push_str("&SigAlg=");
    signed.push_str(algorithm);
    Ok(Some(RedirectSignature {
        algorithm: decode(algorithm, "SigAlg")?,
        value: STANDARD.decode(decode(value, "Signature")?).map_err(|_| {
            RedirectQueryError::Undecodable {
                parameter: "Signature",
            }
        })?,
        signed,
    }))
}

/// The raw value of a parameter that may come once.
fn find<'a>(
    query: &'a str,
    parameter: &'static str,
) -> Result<Option<&'a str>, RedirectQueryError> {
    let mut values = query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name == parameter).then_some(value)
    });
    let first = values.next();
    match values.next() {
        Some(_) => Err(RedirectQueryError::Repeated { parameter }),
        None => Ok(first),
    }
}

fn decode(raw: &str, parameter: &'static str) -> Result<String, RedirectQueryError> {
    // Some service providers write a blank as a plus; none of these values has a plus that is not percent-encoded.
    percent_decode_str(&raw.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| RedirectQueryError::Undecodable { parameter })
}

fn inflate(text: &str) -> Result<String, RedirectQueryError> {
    let parameter = "SAMLRequest";
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| RedirectQueryError::Undecodable { parameter })?;
    let limit = u64::try_from(REQUEST_LENGTH).unwrap_or(u64::MAX);
    let mut document = Vec::new();
    // One byte more than is allowed tells that there is more, and a bomb is left alone after it.
    DeflateDecoder::new(bytes.as_slice())
        .take(limit.saturating_add(1))
        .read_to_end(&mut document)
        .map_err(|_| RedirectQueryError::NotDeflated)?;
    if document.len() > REQUEST_LENGTH {
        return Err(RedirectQueryError::TooLarge {
            parameter,
            limit: REQUEST_LENGTH,
        });
    }
    String::from_utf8(document).map_err(|_| RedirectQueryError::Undecodable { parameter })
}
