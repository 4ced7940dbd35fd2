//! The second line of defence: what is copied or written to a file is looked at once more, although exchanges are
//! redacted when they are captured. A header that carries a credential leaves the console as `***`, always.

use std::borrow::Cow;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Headers whose values are credentials.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
    "x-auth-token",
];

/// Whether a header carries a credential.
pub fn is_secret_header(name: &str) -> bool {
    SECRET_HEADERS
        .iter()
        .any(|secret| secret.eq_ignore_ascii_case(name))
}

/// The value of a header as it may be shown: a credential that the capture has masked already stays as it is, any other
/// is masked.
pub fn header_value<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    if is_secret_header(name) && !value.contains(MASK) {
        Cow::Borrowed(MASK)
    } else {
        Cow::Borrowed(value)
    }
}

/// Whether a text that was typed may hold a secret: it has the beginning of one of ours, or a word that is as long as a
/// token and looks like nothing an admin would search for (a name, an address, an id).
pub fn may_hold_secret(text: &str) -> bool {
    const LONG: usize = 40;
    let is_token =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=');
    text.contains("prv_")
        || text
            .split(|c: char| !is_token(c))
            .any(|word| word.len() >= LONG && word.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("prv_scim_abc", true)]
    #[case("user:eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0", true)]
    #[case(
        "status:>=400 user:ada.lovelace@a-long-name-of-a-company.example.com",
        false
    )]
    #[case("01a21968-ba62-759e-a7d7-c9b363470b5a", false)]
    fn what_looks_like_a_secret_is_known(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(may_hold_secret(text), expected);
    }

    #[rstest]
    #[case("Authorization", "Bearer prv_scim_abc", "***")]
    #[case("authorization", "Bearer *** (okta-1)", "Bearer *** (okta-1)")]
    #[case("cookie", "session=1", "***")]
    #[case("user-agent", "Okta", "Okta")]
    fn credentials_are_masked(#[case] name: &str, #[case] value: &str, #[case] expected: &str) {
        assert_eq!(header_value(name, value), expected);
    }
}
