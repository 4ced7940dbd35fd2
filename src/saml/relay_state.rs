//! RelayState: what travels beside a request and comes back with the response (SAML bindings §3.4.3), at most 80 bytes.
//!
//! It passes through the browser and a foreign server, so it is one of two things that can do no harm: an opaque token
//! that the server made and looks up again, or a path of our own. It is never a URL, so that no answer of an identity
//! provider, and no link to start a sign-in with, leads anywhere else.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

/// Bytes of a RelayState (SAML bindings §3.4.3 and §3.5.3).
pub const RELAY_STATE_LENGTH: usize = 80;
/// Bytes of randomness in a token.
pub const TOKEN_BYTES: usize = 24;
/// Characters of a token: its bytes in base64 for URLs.
const TOKEN_LENGTH: usize = 32;

/// A RelayState that is safe to send and to follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RelayState {
    /// An opaque token. It is a key to something that the server remembers and nothing else.
    Token(RelayToken),
    /// A path of this server.
    Path(LocalPath),
}

/// A token that the server made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelayToken(String);

/// A path of this server, perhaps with a query: `/members?view=all`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocalPath(String);

/// Why a text is no RelayState of ours. An unsolicited response may bring any text; its sign-in goes on without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RelayStateError {
    /// There is nothing in it.
    #[error("the relay state is empty")]
    Empty,
    /// It is longer than the standard lets it be.
    #[error("the relay state has {bytes} bytes, at most {RELAY_STATE_LENGTH} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// It is neither a token of ours nor a path that starts with a slash.
    #[error("the relay state is neither one of our tokens nor a path that starts with \"/\"")]
    NotOurs,
    /// It starts with two slashes, which browsers take for another host.
    #[error("the relay state leads to another host: it starts with \"//\"")]
    OtherHost,
    /// It holds a character that browsers read in another way than servers, or that no path has.
    #[error("the relay state has a character U+{code:04X}, which no path has")]
    BadCharacter {
        /// The code point.
        code: u32,
    },
    /// It has a segment `.` or `..`, written out or percent-encoded: what it leads to depends on who resolves it.
    #[error("the relay state has a segment \".\" or \"..\"")]
    DotSegment,
}

impl RelayState {
    /// Reads what came with a response, or what a link to start a sign-in asks for.
    pub fn parse(text: &str) -> Result<Self, RelayStateError> {
        if text.is_empty() {
            return Err(RelayStateError::Empty);
        }
        if text.len() > RELAY_STATE_LENGTH {
            return Err(RelayStateError::TooLong { bytes: text.len() });
        }
        if text.starts_with('/') {
            return LocalPath::parse(text).map(Self::Path);
        }
        RelayToken::parse(text)
            .map(Self::Token)
            .ok_or(RelayStateError::NotOurs)
    }

    /// The text that is sent.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Token(token) => token.as_str(),
            Self::Path(path) => path.as_str(),
        }
    }
}

impl fmt::Display for RelayState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl RelayToken {
    /// Makes a token of random bytes, which the caller draws.
    pub fn new(random: [u8; TOKEN_BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    fn parse(text: &str) -> Option<Self> {
        let is_token = text.len() == TOKEN_LENGTH
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_token.then(|| Self(text.to_owned()))
    }

    /// The text, to look it up by.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LocalPath {
    /// Checks a path; it may have a query, but no fragment. At most [`RELAY_STATE_LENGTH`] bytes.
    pub fn parse(text: &str) -> Result<Self, RelayStateError> {
        if text.is_empty() {
            return Err(RelayStateError::Empty);
        }
        if text.len() > RELAY_STATE_LENGTH {
            return Err(RelayStateError::TooLong { bytes: text.len() });
        }
        // RFC 3986 §3.3 and §3.4. A backslash is a slash to browsers, and tabs and line breaks are nothing to them: none
        // is in this set, and neither are the blank, quotes, angle brackets and all that is not ASCII.
        if let Some(bad) = text.chars().find(|&c| !is_in_path(c)) {
            return Err(RelayStateError::BadCharacter {
                code: u32::from(bad),
            });
        }
        if !text.starts_with('/') {
            return Err(RelayStateError::NotOurs);
        }
        if text.starts_with("//") {
            return Err(RelayStateError::OtherHost);
        }
        let path = text.split('?').next().unwrap_or_default();
        if path.split('/').any(is_dot_segment) {
            return Err(RelayStateError::DotSegment);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, to be put into `Location` as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_in_path(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%?".contains(character)
}

/// WHATWG URL takes `%2e` for a dot, too.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    matches!(plain.as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use url::Url;

    #[rstest]
    #[case::root("/")]
    #[case::path("/members/new")]
    #[case::query("/members?view=all&sort=-name")]
    #[case::double_slash_inside("/a//b")]
    #[case::dots_in_a_name("/a..b/.well-known")]
    #[case::query_may_name_anything("/a?next=https://evil.example/../")]
    #[case::eighty_bytes(
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )]
    fn a_path_of_our_own_is_kept(#[case] text: &str) {
        let path = LocalPath::parse(text).unwrap();
        assert_eq!(RelayState::parse(text).unwrap(), RelayState::Path(path));
    }

    #[rstest]
    #[case::empty("", RelayStateError::Empty)]
    #[case::url("https://evil.example/", RelayStateError::NotOurs)]
    #[case::script("javascript:alert(1)", RelayStateError::NotOurs)]
    #[case::word("home", RelayStateError::NotOurs)]
    #[case::other_host("//evil.example", RelayStateError::OtherHost)]
    #[case::three_slashes("///evil.example", RelayStateError::OtherHost)]
    #[case::backslash("/\\evil.example", RelayStateError::BadCharacter { code: 0x5C })]
    #[case::tab("/\t/evil.example", RelayStateError::BadCharacter { code: 0x09 })]
    #[case::line("/a\r\nSet-Cookie: x", RelayStateError::BadCharacter { code: 0x0D })]
    #[case::delete("/a\u{7F}", RelayStateError::BadCharacter { code: 0x7F })]
    #[case::blank("/a b", RelayStateError::BadCharacter { code: 0x20 })]
    #[case::fragment("/a#b", RelayStateError::BadCharacter { code: 0x23 })]
    #[case::full_width_slash("/\u{FF0F}evil.example", RelayStateError::BadCharacter { code: 0xFF0F })]
    #[case::dot("/./x", RelayStateError::DotSegment)]
    #[case::dot_then_host("/.//evil.example", RelayStateError::DotSegment)]
    #[case::up("/a/../b", RelayStateError::DotSegment)]
    #[case::encoded_dots("/a/%2E%2e/b", RelayStateError::DotSegment)]
    #[case::half_encoded_dots("/a/.%2e", RelayStateError::DotSegment)]
    fn what_leads_elsewhere_is_refused(#[case] text: &str, #[case] why: RelayStateError) {
        assert_eq!(RelayState::parse(text), Err(why));
    }

    #[test]
    fn more_than_eighty_bytes_are_refused() {
        let text = format!("/{}", "a".repeat(RELAY_STATE_LENGTH));
        let why = RelayStateError::TooLong { bytes: 81 };
        assert_eq!(RelayState::parse(&text), Err(why));
        assert_eq!(LocalPath::parse(&text), Err(why));
    }

    #[test]
    fn a_token_comes_back_as_it_was() {
        let token = RelayToken::new([0xFB; TOKEN_BYTES]);
        assert_eq!(token.as_str().len(), TOKEN_LENGTH);
        assert_eq!(
            RelayState::parse(token.as_str()).unwrap(),
            RelayState::Token(token)
        );
    }

    proptest! {
        #[test]
        fn no_relay_state_leaves_the_host(text in "[/\\\\.%2eE:@?#a\t-]{0,80}") {
            let home = Url::parse("https://provost.example:8443/acs").unwrap();
            if let Ok(RelayState::Path(path)) = RelayState::parse(&text) {
                let there = home.join(path.as_str()).unwrap();
                prop_assert_eq!(there.origin(), home.origin());
                let expected = path.as_str().split('?').next().unwrap();
                prop_assert_eq!(there.path(), expected);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Ok(relay_state) = RelayState::parse(&text) {
                prop_assert_eq!(relay_state.as_str(), text.as_str());
                prop_assert!(text.len() <= RELAY_STATE_LENGTH && text.is_ascii());
            }
        }
    }
}
