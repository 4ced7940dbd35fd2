//! Which names of attributes, parameters and paths announce a secret.
//!
//! By the schema (`returned: never`) and by the words in the name: `clientSecret`, `access_token`,
//! `urn:…:User:password`, `SAMLResponse`. `secretary` is not a secret.

use std::collections::HashSet;

/// What a word of a name must end with to announce a secret.
const ENDINGS: [&str; 22] = [
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
    "assertion",
    "assertions",
    "credential",
    "credentials",
    "apikey",
    "privatekey",
    "samlresponse",
    "authorization",
    "cookie",
    "cookies",
    "jwt",
    "otp",
];

/// The names of secrets that people mistype: a word that is nearly one of these announces a secret, too.
const MISTYPED: [&str; 4] = ["password", "passphrase", "credential", "authorization"];

/// Two words that only together announce a secret.
const PAIRS: [(&str, &str); 4] = [
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("saml", "response"),
];

/// The names that announce a secret.
pub(super) struct Sensitive {
    /// In lower case.
    never_returned: HashSet<String>,
}

impl Sensitive {
    pub(super) fn new(never_returned: HashSet<String>) -> Self {
        Self {
            never_returned: never_returned
                .into_iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
        }
    }

    /// Whether the value under this name must not be seen. The name may be an attribute, a path or a parameter, with or
    /// without the URN of its schema.
    pub(super) fn covers(&self, name: &str) -> bool {
        // In a path with a filter a colon may be in a value.
        let is_plain = !name.contains(['"', '[', ' ']);
        self.mentions(match name.rsplit_once(':') {
            Some((_, attribute)) if is_plain => attribute,
            _ => name,
        })
    }

    /// Whether such a name is anywhere in a text, such as a filter.
    pub(super) fn mentions(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(announces)
            || has_pair(text)
            || (!self.never_returned.is_empty() && self.covers_by_schema(text))
    }

    fn covers_by_schema(&self, name: &str) -> bool {
        name.split(|c: char| !(c.is_ascii_alphanumeric() || "_-$".contains(c)))
            .any(|segment| self.never_returned.contains(&segment.to_ascii_lowercase()))
    }
}

/// Whether a run of letters is one or more words of which one announces a secret. `PassWord` is one word all the same.
fn announces(part: &str) -> bool {
    contains(part, "password")
        || contains(part, "passwd")
        || ends_like_a_secret(part)
        || words(part).any(ends_like_a_secret)
        || is_nearly_a_secret(part)
}

/// Whether it is one of the names with up to two letters missing, too many, wrong or in the wrong order: `passwrod`.
fn is_nearly_a_secret(part: &str) -> bool {
    MISTYPED.iter().any(|name| {
        part.len().abs_diff(name.len()) <= 2
            && crate::nearest::distance(&part.to_ascii_lowercase(), name) <= 2
    })
}

fn ends_like_a_secret(word: &str) -> bool {
    ENDINGS.iter().any(|ending| ends_with(word, ending))
}

fn has_pair(text: &str) -> bool {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut before = "";
    parts.flat_map(words).any(|word| {
        let last = std::mem::replace(&mut before, word);
        PAIRS
            .iter()
            .any(|(first, second)| equal(last, first) && equal(word, second))
    })
}

fn equal(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
}

fn contains(text: &str, word: &str) -> bool {
    text.as_bytes()
        .windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

fn ends_with(word: &str, ending: &str) -> bool {
    word.len()
        .checked_sub(ending.len())
        .and_then(|at| word.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

/// The words of a run of letters: `client` and `Secret`, `SAML` and `Response`.
fn words(part: &str) -> impl Iterator<Item = &str> {
    let bytes = part.as_bytes();
    let mut start = 0;
    let mut ends = (1..=bytes.len()).filter(move |&at| is_boundary(bytes, at));
    std::iter::from_fn(move || {
        let end = ends.next()?;
        let word = part.get(start..end);
        start = end;
        word
    })
}

/// Whether a word ends before the byte at `at`: at the end, between `a` and `B`, and between `AB` and `Cd`.
fn is_boundary(bytes: &[u8], at: usize) -> bool {
    let byte = |index: usize| bytes.get(index).copied();
    let (Some(last), Some(next)) = (byte(at - 1), byte(at)) else {
        return true;
    };
    next.is_ascii_uppercase()
        && (!last.is_ascii_uppercase() || byte(at + 1).is_some_and(|c| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("password")]
    #[case::case("PassWord")]
    #[case::capitals("PASSWORD")]
    #[case::hash("passwordHash")]
    #[case::urn("urn:ietf:params:scim:schemas:core:2.0:User:password")]
    #[case::dotted("credentials.value")]
    #[case::camel("clientSecret")]
    #[case::snake("client_secret")]
    #[case::kebab("client-secret")]
    #[case::joined("clientsecret")]
    #[case::token("access_token")]
    #[case::tokens("refreshTokens")]
    #[case::saml("SAMLResponse")]
    #[case::assertion("client_assertion")]
    #[case::api_key("x-api-key")]
    #[case::api_key_camel("userAPIKey")]
    #[case::filter("userName eq \"a\" and password eq \"b\"")]
    #[case::value_path("password[type eq \"x\"].value")]
    #[case::letters_swapped("passwrod")]
    #[case::letter_missing("Pasword")]
    #[case::letter_too_many("passphrasse")]
    #[case::schema("shoeSize")]
    #[case::schema_path("urn:x:User:shoeSize")]
    fn a_secret_is_announced(#[case] name: &str) {
        let sensitive = Sensitive::new(HashSet::from(["shoesize".to_owned()]));
        assert!(sensitive.covers(name));
    }

    #[rstest]
    #[case("userName")]
    #[case("secretary")]
    #[case("secretaryName")]
    #[case("tokenizer")]
    #[case("name.givenName")]
    #[case("key")]
    #[case("crossword")]
    #[case("dashboard")]
    #[case("urn:ietf:params:scim:schemas:extension:token:2.0:User")]
    #[case("emails[type eq \"work\"].value")]
    #[case("")]
    #[case("ünïcödé")]
    fn others_are_not(#[case] name: &str) {
        assert!(!Sensitive::new(HashSet::new()).covers(name));
    }

    #[test]
    fn words_are_found_in_every_spelling() {
        let of = |part| words(part).collect::<Vec<_>>();
        assert_eq!(of("SAMLResponse"), ["SAML", "Response"]);
        assert_eq!(of("secretKey2X"), ["secret", "Key2", "X"]);
        assert_eq!(of(""), [""; 0]);
    }

    #[test]
    fn a_text_mentions_what_a_name_only_begins_with() {
        let sensitive = Sensitive::new(HashSet::new());
        assert!(sensitive.mentions("password:hunter2"));
        assert!(!sensitive.mentions("userName eq \"ada\""));
    }
}
