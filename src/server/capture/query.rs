//! The query string: parameters with a telling name are hidden, and so is a filter that compares with a secret.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::pseudonym::Pseudonyms;
use super::sensitive::Sensitive;

/// What must be encoded in a value that is written anew.
const VALUE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+');

/// The operators of a filter (RFC 7644 §3.4.2.2).
const OPERATORS: [&str; 10] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];
/// Words of a filter that say nothing.
const KEYWORDS: [&str; 16] = [
    "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "and", "or", "not", "true",
    "false", "null",
];
/// Parameters by which services are told who asks. No parameter of SCIM is called like that.
const KEYS: [&str; 9] = [
    "key",
    "auth",
    "bearer",
    "code",
    "sig",
    "signature",
    "session",
    "sid",
    "ticket",
];
/// Parameters whose values are names of attributes, never their values.
const NAMES: [&str; 3] = ["attributes", "excludedAttributes", "sortBy"];

/// A query string as the log keeps it, still encoded.
pub(super) fn redact(query: &str, sensitive: &Sensitive, pseudonyms: &Pseudonyms) -> String {
    let mut text = String::with_capacity(query.len());
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            text.push('&');
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (plain_key, plain_value) = (decode(key), decode(value));
        text.push_str(key);
        if pair.len() > key.len() {
            text.push('=');
        }
        if sensitive.covers(&plain_key) || is_one_of(&plain_key, &KEYS) {
            text.push_str(&pseudonyms.mask(plain_value.as_bytes()));
        } else if !is_one_of(&plain_key, &NAMES) && sensitive.mentions(&plain_value) {
            let masked = literals(&plain_value, pseudonyms);
            text.extend(utf8_percent_encode(&masked, VALUE));
        } else {
            text.push_str(value);
        }
    }
    text
}

/// A filter that mentions a secret, with all hidden that may be one: `password eq "***:1a2b3c4d"`. Kept are operators,
/// brackets, and the attribute before an operator; what does not parse as a filter is hidden.
pub(super) fn literals(filter: &str, pseudonyms: &Pseudonyms) -> String {
    let mut text = String::with_capacity(filter.len());
    let mut rest = filter;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => (closing_quote(rest.get(1..).unwrap_or_default()) + 2).min(rest.len()),
            ' ' | '(' | ')' | '[' | ']' => 1,
            _ => rest
                .find([' ', '(', ')', '[', ']', '"'])
                .unwrap_or(rest.len()),
        };
        let (piece, behind) = rest.split_at(end);
        if let Some(literal) = piece.strip_prefix('"') {
            let literal = literal.strip_suffix('"').unwrap_or(literal);
            text.push('"');
            text.push_str(&pseudonyms.mask(literal.as_bytes()));
            text.push('"');
        } else if end == 1 && " ()[]".contains(first)
            || is_one_of(piece, &KEYWORDS)
            || is_before_operator(behind)
        {
            text.push_str(piece);
        } else {
            text.push_str(&pseudonyms.mask(piece.as_bytes()));
        }
        rest = behind;
    }
    text
}

/// Whether the word that was just read is an attribute: an operator follows it, or the value filter of its path.
fn is_before_operator(behind: &str) -> bool {
    behind.starts_with('[')
        || behind
            .split(' ')
            .find(|word| !word.is_empty())
            .is_some_and(|word| is_one_of(word.trim_end_matches([')', ']']), &OPERATORS))
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// Decodes `%20` and `+`. What is not UTF-8 stays recognisable enough for names, and names are all that is looked at.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rstest::rstest;

    use super::*;

    fn redacted(query: &str) -> String {
        redact(
            query,
            &Sensitive::new(HashSet::new()),
            &Pseudonyms::new("AAAA"),
        )
    }

    #[rstest]
    #[case("filter=userName%20eq%20%22ada%22&startIndex=1")]
    #[case("aadOptscim062020")]
    #[case("a=&b&=c&&")]
    #[case("filter=userName+eq+%22100%25%22")]
    #[case("attributes=password")]
    fn harmless_queries_are_kept_to_the_letter(#[case] query: &str) {
        assert_eq!(redacted(query), query);
    }

    #[rstest]
    #[case("access_token=hunter2")]
    #[case("a=1&%70assword=hunter2&b=2")]
    #[case("key=hunter2")]
    #[case("ticket=hunter2")]
    #[case("filter=password%20eq%20%22hunter2%22")]
    #[case("filter=password+eq+%22hunter2")]
    #[case("filter=password eq hunter2")]
    #[case("filter=password%20eq%20%22a%5C%22hunter2%22")]
    #[case("SAMLResponse=hunter2")]
    #[case("filter=password:hunter2")]
    #[case("filter=password%20hunter2")]
    #[case("filter=password=hunter2%20and%20a%20eq%20%22b%22")]
    #[case("filter=(password%20eq%20%22b%22)hunter2")]
    #[case("q=my%20password%20is%20hunter2")]
    fn secrets_are_hidden(#[case] query: &str) {
        let text = redacted(query);
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("***:"), "{text}");
    }

    #[test]
    fn a_filter_keeps_its_shape() {
        let text = redacted("filter=password%20eq%20%22hunter2%22%20and%20active%20eq%20true");
        assert!(text.starts_with("filter=password%20eq%20%22***:"), "{text}");
        assert!(text.ends_with("%22%20and%20active%20eq%20true"), "{text}");
    }
}
