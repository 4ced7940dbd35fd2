//! What the requests of one kind of client have in common: headers, the way queries are escaped, an extra parameter.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything outside the unreserved characters of RFC 3986 §2.3.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How one kind of client speaks HTTP.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// `User-Agent`.
    pub user_agent: &'static str,
    /// `Content-Type` of requests with a body.
    pub content_type: &'static str,
    /// `Accept`.
    pub accept: &'static str,
    /// How values in the query are escaped.
    pub query_style: QueryStyle,
    /// A parameter without a value that stands in front of every query, as the tenant URL of Entra carries one.
    pub flag: Option<&'static str>,
}

/// How blanks in a query are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStyle {
    /// `%20`.
    Percent,
    /// `+`, as forms do.
    Plus,
}

impl QueryStyle {
    /// Escapes one value.
    pub fn escape(self, value: &str) -> String {
        let escaped = utf8_percent_encode(value, QUERY).to_string();
        match self {
            Self::Percent => escaped,
            Self::Plus => escaped.replace("%20", "+"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(QueryStyle::Percent, "userName%20eq%20%22a%2Bb%40x.io%22")]
    #[case(QueryStyle::Plus, "userName+eq+%22a%2Bb%40x.io%22")]
    fn a_filter_is_escaped_in_the_clients_style(#[case] style: QueryStyle, #[case] expected: &str) {
        assert_eq!(style.escape("userName eq \"a+b@x.io\""), expected);
    }
}
