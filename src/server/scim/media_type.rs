//! Which bodies are read (RFC 7644 §3.1): `application/scim+json` and `application/json`, in UTF-8. Pure.

use http::{HeaderMap, header};

use crate::directory::{Stage, TraceStep};
use crate::scim::dialect::MISSING_CONTENT_TYPE;
use crate::server::rejection::Rejection;

/// How much of an unknown type is repeated.
const QUOTED: usize = 60;

/// Checks the headers of a request that has a body. Returns the step to note where something was tolerated.
pub(super) fn check(headers: &HeaderMap) -> Result<Option<TraceStep>, Rejection> {
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
        && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        return Err(Rejection::Encoding {
            came: quoted(encoding.as_bytes()),
        });
    }
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else {
        return Ok(Some(TraceStep::noted(
            Stage::Parse,
            MISSING_CONTENT_TYPE.noted("the body was read as application/scim+json"),
        )));
    };
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_read = ["application/scim+json", "application/json"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(essence));
    if !is_read {
        return Err(Rejection::MediaType {
            came: quoted(essence.as_bytes()),
        });
    }
    // RFC 7644 §3.1: SCIM is UTF-8, whatever else JSON was once written in.
    match charset(text) {
        Some(charset) if !is_utf_8(charset) => Err(Rejection::MediaType {
            came: format!(
                "{} in {}",
                quoted(essence.as_bytes()),
                quoted(charset.as_bytes())
            ),
        }),
        _ => Ok(None),
    }
}

/// The `charset` parameter.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

/// Whether what is written in it is UTF-8, too.
fn is_utf_8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(charset))
}

/// A type as it may be repeated: the characters of a media type, and not many of them.
fn quoted(value: &[u8]) -> String {
    value
        .iter()
        .take(QUOTED)
        .map(|&byte| {
            if byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte) {
                char::from(byte)
            } else {
                '?'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn checked(content_type: Option<&'static str>) -> Result<Option<TraceStep>, Rejection> {
        let mut headers = HeaderMap::new();
        if let Some(value) = content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(value));
        }
        check(&headers)
    }

    #[rstest]
    #[case("application/scim+json")]
    #[case("application/json")]
    #[case("Application/SCIM+JSON;charset=UTF-8")]
    #[case("application/scim+json ; charset=utf-8; x=y")]
    #[case("application/json; x=y; Charset=\"UTF8\"")]
    fn json_is_read(#[case] content_type: &'static str) {
        assert_eq!(checked(Some(content_type)), Ok(None));
    }

    #[rstest]
    #[case(
        "application/json; charset=iso-8859-1",
        "application/json in iso-8859-1"
    )]
    #[case(
        "application/scim+json;charset=utf-16",
        "application/scim+json in utf-16"
    )]
    #[case("text/html", "text/html")]
    #[case(
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded"
    )]
    #[case("", "")]
    #[case("json <b>", "json??b?")]
    fn others_are_not(#[case] content_type: &'static str, #[case] came: &str) {
        let Err(Rejection::MediaType { came: said }) = checked(Some(content_type)) else {
            panic!("read");
        };
        assert_eq!(said, came);
    }

    #[test]
    fn none_is_tolerated_and_noted() {
        assert!(checked(None).unwrap().is_some());
    }
}
