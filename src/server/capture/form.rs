//! Forms (`application/x-www-form-urlencoded`), as token endpoints take them. Shown are the values of a few parameters
//! that say nothing secret; all others are hidden, whatever they are called, and so is what has not the form of a form.

use percent_encoding::percent_decode_str;

use super::pseudonym::Pseudonyms;

/// Parameters whose values say nothing secret, in lower case (RFC 6749, 7009, 7523, 8707).
const SHOWN: [&str; 8] = [
    "audience",
    "client_assertion_type",
    "client_id",
    "grant_type",
    "resource",
    "response_type",
    "scope",
    "token_type_hint",
];

/// A shown value is cut off beyond this many bytes: what is longer is none of them.
const LONGEST: usize = 200;

/// Whether a `Content-Type` is that of a form.
pub(super) fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A form as the log keeps it, still encoded.
pub(super) fn redact(body: &[u8], pseudonyms: &Pseudonyms) -> String {
    let mut text = String::with_capacity(body.len());
    for (index, pair) in body.split(|byte| *byte == b'&').enumerate() {
        if index > 0 {
            text.push('&');
        }
        let pair_text = str::from_utf8(pair).ok();
        match pair_text.and_then(|pair| pair.split_once('=')) {
            Some((name, value)) if is_name(name) => {
                text.push_str(name);
                text.push('=');
                if is_harmless(name, value) {
                    text.push_str(value);
                } else {
                    text.push_str(&pseudonyms.mask(&decode(value)));
                }
            }
            _ => text.push_str(&pseudonyms.mask(pair)),
        }
    }
    text
}

/// Whether it can only be the name of a parameter. What needs decoding is hidden: then nothing depends on how.
fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// A value that could hold another pair, or anything else than names and URLs, is not what its parameter takes.
fn is_harmless(name: &str, value: &str) -> bool {
    SHOWN.binary_search(&name).is_ok()
        && value.len() <= LONGEST
        && decode(value)
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/ ".contains(byte))
}

fn decode(value: &str) -> Vec<u8> {
    percent_decode_str(&value.replace('+', " ")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn redacted(body: &str) -> String {
        redact(body.as_bytes(), &Pseudonyms::new("AAAA"))
    }

    #[test]
    fn the_list_is_sorted_for_its_search() {
        assert!(SHOWN.is_sorted());
    }

    #[rstest]
    #[case("grant_type=client_credentials&scope=scim%20x&client_id=019a")]
    #[case("")]
    #[case("grant_type=&scope=")]
    fn harmless_forms_are_kept_to_the_letter(#[case] body: &str) {
        assert_eq!(redacted(body), body);
    }

    #[rstest]
    #[case::post("grant_type=client_credentials&client_secret=hunter2")]
    #[case::assertion("client_assertion=hunter2")]
    #[case::token("token=hunter2&token_type_hint=access_token")]
    #[case::access_token("access_token=hunter2")]
    #[case::other("username=hunter2")]
    #[case::spelling("Client_Secret=hunter2")]
    #[case::encoded_name("client%5Fsecret=hunter2")]
    #[case::no_value("hunter2")]
    #[case::json(r#"{"client_secret":"hunter2"}"#)]
    #[case::json_with_equals(r#"{"client_secret":"hunter2="}"#)]
    #[case::lines("a=1\nclient_secret=hunter2")]
    #[case::semicolon("scope=a;client_secret=hunter2")]
    #[case::encoded_pair("scope=a%26client_secret%3Dhunter2")]
    fn everything_else_is_hidden(#[case] body: &str) {
        let text = redacted(body);
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("***:"), "{text}");
    }

    #[test]
    fn equal_secrets_are_equal_however_they_are_encoded() {
        let plain = redacted("token=hunter2");
        assert_eq!(plain, redacted("token=%68unter2"));
    }

    proptest! {
        #[test]
        fn no_secret_of_any_parameter_is_kept(name in "[a-zA-Z_%]{0,20}", secret in "[A-Za-z0-9._-]{12,60}") {
            prop_assume!(!SHOWN.contains(&name.as_str()));
            let text = redacted(&format!("grant_type=x&{name}={secret}&scope=scim"));
            prop_assert!(!text.contains(&secret), "{}", text);
        }
    }
}
