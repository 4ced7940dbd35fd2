//! The `Authorization` header (RFC 6750 §2.1), and what people paste into it instead. Pure.

use http::{HeaderMap, HeaderValue, header};

use crate::secret::Secret;

use super::capture::token_fault;

/// What the header holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// A token, in a form to look it up.
    Token {
        /// The token.
        secret: Secret,
        /// Whether more than one blank came before it, which RFC 9110 §11.4 allows and paste errors make.
        odd_spacing: bool,
    },
    /// No header at all.
    Absent,
    /// Something that is no bearer token.
    Malformed(Malformed),
}

/// What is wrong with the header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    /// `Bearer Bearer …`.
    #[error(
        "the word Bearer came twice; paste the token alone into the identity provider's token field"
    )]
    Doubled,
    /// `Basic …` or the like.
    #[error(
        "the scheme is {0}; set the identity provider to bearer token (\"HTTP Header\", \"OAuth Bearer Token\")"
    )]
    Scheme(String),
    /// The token without `Bearer` before it.
    #[error("the token came without the word Bearer before it")]
    Bare,
    /// `Bearer` and nothing.
    #[error("nothing came after the word Bearer; the identity provider's token field is empty")]
    Empty,
    /// Quotes around the token.
    #[error("the token came in quotes; paste it without them")]
    Quoted,
    /// The secret of an OAuth client.
    #[error(
        "what came after Bearer is the secret of an OAuth client; with it the client fetches an access token at the token endpoint"
    )]
    ClientSecret,
    /// Something else that no token has.
    #[error("what came after Bearer is no token: {0}")]
    Text(String),
    /// More than one header.
    #[error("the header came {0} times; send it once")]
    Repeated(usize),
}

impl Malformed {
    /// What RFC 6750 §3.1 calls it. `None` where the client did not try this way to authenticate at all; then there is a
    /// challenge without an error.
    pub(super) fn error(&self) -> Option<&'static str> {
        match self {
            Self::Scheme(_) | Self::Bare => None,
            Self::Empty | Self::Repeated(_) => Some("invalid_request"),
            Self::Doubled | Self::Quoted | Self::ClientSecret | Self::Text(_) => {
                Some("invalid_token")
            }
        }
    }
}

/// What an `Authorization` header is made of, in a word: `no header`, `token` or `malformed`. For tests that send it
/// bytes of any kind; the token itself is looked up by the engine.
pub fn authorization_shape(value: &[u8]) -> &'static str {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(value) {
        headers.insert(header::AUTHORIZATION, value);
    }
    match read(&headers) {
        Bearer::Token { .. } => "token",
        Bearer::Absent => "no header",
        Bearer::Malformed(_) => "malformed",
    }
}

/// Reads the header.
pub(super) fn read(headers: &HeaderMap) -> Bearer {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Bearer::Absent;
    };
    let more = values.count();
    if more > 0 {
        return Bearer::Malformed(Malformed::Repeated(more + 1));
    }
    match value.to_str() {
        Ok(text) => read_value(text.trim()),
        Err(_) => Bearer::Malformed(Malformed::Text(
            "it holds characters that no token has".into(),
        )),
    }
}

fn read_value(value: &str) -> Bearer {
    let (scheme, rest) = value.split_once([' ', '\t']).unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Bearer::Malformed(other_scheme(scheme, rest));
    }
    let token = rest.trim();
    if token.is_empty() {
        return Bearer::Malformed(Malformed::Empty);
    }
    if token
        .get(..6)
        .is_some_and(|word| word.eq_ignore_ascii_case("bearer"))
        && token
            .get(6..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':', '+', '%']))
    {
        return Bearer::Malformed(Malformed::Doubled);
    }
    if token.starts_with(['"', '\'']) || token.ends_with(['"', '\'']) {
        return Bearer::Malformed(Malformed::Quoted);
    }
    if token.starts_with("prv_client_") {
        return Bearer::Malformed(Malformed::ClientSecret);
    }
    if let Some(fault) = token_fault(token) {
        return Bearer::Malformed(Malformed::Text(fault));
    }
    if !token.bytes().all(is_token68) {
        return Bearer::Malformed(Malformed::Text(
            "it holds characters that no token has".into(),
        ));
    }
    Bearer::Token {
        secret: Secret::new(token.to_owned()),
        odd_spacing: rest != token || value.contains('\t'),
    }
}

fn other_scheme(scheme: &str, rest: &str) -> Malformed {
    // Only a scheme that everybody knows may be repeated: what stands here may be a secret.
    let known = ["Basic", "Digest", "Negotiate", "DPoP", "Token"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(scheme));
    match known {
        Some(known) if !rest.is_empty() => Malformed::Scheme(known.to_owned()),
        _ => Malformed::Bare,
    }
}

/// The characters of RFC 6750's `b64token`.
fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TOKEN: &str = "prv_scim_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

    fn read_text(value: &str) -> Bearer {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::AUTHORIZATION,
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
        read(&headers)
    }

    #[rstest]
    #[case::plain(format!("Bearer {TOKEN}"), false)]
    #[case::lower_case(format!("bearer {TOKEN}"), false)]
    #[case::two_blanks(format!("Bearer  {TOKEN}"), true)]
    #[case::tab(format!("Bearer\t{TOKEN}"), true)]
    #[case::foreign("Bearer abc.def-ghi=".into(), false)]
    #[case::begins_like_it("Bearer bearerish".into(), false)]
    fn a_token_is_read(#[case] value: String, #[case] odd: bool) {
        let Bearer::Token { odd_spacing, .. } = read_text(&value) else {
            panic!("not read");
        };
        assert_eq!(odd_spacing, odd);
    }

    #[rstest]
    #[case::doubled(format!("Bearer Bearer {TOKEN}"), Malformed::Doubled)]
    #[case::doubled_colon(format!("Bearer bearer:{TOKEN}"), Malformed::Doubled)]
    #[case::basic("Basic YTpi".into(), Malformed::Scheme("Basic".into()))]
    #[case::bare(TOKEN.into(), Malformed::Bare)]
    #[case::bare_word("Basic".into(), Malformed::Bare)]
    #[case::empty("Bearer".into(), Malformed::Empty)]
    #[case::client_secret("Bearer prv_client_x".into(), Malformed::ClientSecret)]
    #[case::quoted(format!("Bearer \"{TOKEN}\""), Malformed::Quoted)]
    fn what_is_wrong_is_recognised(#[case] value: String, #[case] expected: Malformed) {
        assert_eq!(read_text(&value), Bearer::Malformed(expected));
    }

    #[rstest]
    #[case::blank_within("Bearer abc def")]
    #[case::cut(&format!("Bearer {}", &TOKEN[..30]))]
    #[case::not_ascii("Bearer häh")]
    fn what_no_token_is_is_said_without_it(#[case] value: &str) {
        let Bearer::Malformed(fault @ Malformed::Text(_)) = read_text(value) else {
            panic!("taken");
        };
        assert!(!fault.to_string().contains(&value[7..]), "{fault}");
    }

    #[test]
    fn absent_and_repeated_headers_are_told_apart() {
        let mut headers = HeaderMap::new();
        assert_eq!(read(&headers), Bearer::Absent);
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert_eq!(read(&headers), Bearer::Malformed(Malformed::Repeated(2)));
    }
}
