//! Headers: the values of known harmless ones are kept, all others are hidden.

use http::{HeaderName, HeaderValue, header};

use super::pseudonym::Pseudonyms;
use super::token_shape;

/// Headers whose values say nothing secret.
const SHOWN: [&str; 44] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-location",
    "content-security-policy",
    "content-type",
    "date",
    "etag",
    "expect",
    "forwarded",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "keep-alive",
    "last-modified",
    "location",
    "origin",
    "pragma",
    "prefer",
    "referrer-policy",
    "retry-after",
    "te",
    "traceparent",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-content-type-options",
    "x-correlation-id",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-frame-options",
    "x-request-id",
];

/// The schemes of `Authorization` that may be named.
const SCHEMES: [&str; 5] = ["Basic", "Bearer", "Digest", "DPoP", "Negotiate"];

/// A header value as the log keeps it.
pub(super) fn redact(name: &HeaderName, value: &HeaderValue, pseudonyms: &Pseudonyms) -> String {
    if name == header::AUTHORIZATION || name == header::PROXY_AUTHORIZATION {
        return authorization(value.as_bytes(), pseudonyms);
    }
    if SHOWN.binary_search(&name.as_str()).is_ok() {
        return token_shape::mask(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    pseudonyms.mask(value.as_bytes())
}

fn authorization(value: &[u8], pseudonyms: &Pseudonyms) -> String {
    let Ok(text) = str::from_utf8(value) else {
        return pseudonyms.mask(value);
    };
    let Some((scheme, credentials)) = text.split_once(' ').and_then(|(scheme, credentials)| {
        let known = SCHEMES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(scheme))?;
        Some((*known, credentials.trim()))
    }) else {
        return pseudonyms.mask(value);
    };
    match token_shape::shown(credentials) {
        Some(beginning) => format!("{scheme} {beginning}…"),
        None => format!("{scheme} {}", pseudonyms.mask(credentials.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn redacted(name: &str, value: &str) -> String {
        redact(
            &name.parse().unwrap(),
            &value.parse().unwrap(),
            &Pseudonyms::new("AAAA"),
        )
    }

    #[test]
    fn the_list_is_sorted_for_its_search() {
        assert!(SHOWN.is_sorted());
    }

    #[rstest]
    #[case::ours(
        "Authorization",
        "bearer  prv_scim_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ",
        "Bearer prv_scim_abc…"
    )]
    #[case::harmless("User-Agent", "Okta SCIM Client 1.0.0", "Okta SCIM Client 1.0.0")]
    #[case::policy("Content-Security-Policy", "default-src 'none'", "default-src 'none'")]
    #[case::framing("X-Frame-Options", "DENY", "DENY")]
    #[case::sniffing("X-Content-Type-Options", "nosniff", "nosniff")]
    #[case::referrer("Referrer-Policy", "no-referrer", "no-referrer")]
    #[case::caching("Cache-Control", "no-store", "no-store")]
    #[case::old_caching("Pragma", "no-cache", "no-cache")]
    #[case::pace("Retry-After", "7", "7")]
    #[case::token_astray(
        "Host",
        "prv_scim_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ",
        "prv_scim_abc…"
    )]
    fn what_is_harmless_is_shown(#[case] name: &str, #[case] value: &str, #[case] expected: &str) {
        assert_eq!(redacted(name, value), expected);
    }

    #[rstest]
    #[case::other_token("Authorization", "Bearer hunter2", "Bearer ***:")]
    #[case::basic("Authorization", "Basic aHVudGVyMg==", "Basic ***:")]
    #[case::bare("Authorization", "hunter2", "***:")]
    #[case::doubled("Authorization", "Bearer Bearer hunter2", "Bearer ***:")]
    #[case::unknown_scheme("Authorization", "Hunter2 x", "***:")]
    #[case::cookie("Cookie", "session=hunter2", "***:")]
    #[case::unknown("X-Api-Key", "hunter2", "***:")]
    fn everything_else_is_hidden(#[case] name: &str, #[case] value: &str, #[case] expected: &str) {
        let text = redacted(name, value);
        assert!(text.starts_with(expected), "{text}");
        assert!(!text.to_lowercase().contains("hunter2"), "{text}");
        assert_eq!(text.len(), expected.len() + 8, "{text}");
    }
}
