//! What looks like one of our secrets, wherever it stands: `prv_scim_`, `prv_admin_`, `prv_oauth_` (access tokens),
//! `prv_client_` (OAuth clients) or `prv_events_` (event streams) and 32 bytes in base64url.

/// How much of a token is shown, so that an admin recognises it in the list of tokens.
const SHOWN: usize = 12;
/// 32 bytes in base64url without padding.
const SECRET_LENGTH: usize = 43;
/// So many characters after the prefix are taken for a (mistyped, cut) token and hidden.
const SUSPICIOUS_LENGTH: usize = 8;
const PREFIXES: [&str; 5] = [
    "prv_scim_",
    "prv_admin_",
    "prv_oauth_",
    "prv_client_",
    "prv_events_",
];
/// What all prefixes begin with.
const COMMON: &str = "prv_";

/// The part of a token that may be shown, if the text is exactly one token.
pub(in crate::server) fn shown(text: &str) -> Option<&str> {
    let rest = after_prefix(text)?;
    (rest.len() == SECRET_LENGTH && rest.bytes().all(is_token_byte))
        .then(|| text.get(..SHOWN))
        .flatten()
}

/// What is wrong with a text that begins like one of our tokens and is none.
pub(in crate::server) fn fault(text: &str) -> Option<String> {
    let rest = after_prefix(text)?;
    if !rest.bytes().all(is_token_byte) {
        return Some("it holds characters that no token has".into());
    }
    let whole = text.len() - rest.len() + SECRET_LENGTH;
    (rest.len() != SECRET_LENGTH).then(|| {
        format!(
            "it has {} characters and a token has {whole}; it was cut or joined when it was pasted",
            text.len()
        )
    })
}

/// Hides everything in the text that looks like a token.
pub(super) fn mask(text: String) -> String {
    if memchr::memmem::find(text.as_bytes(), COMMON.as_bytes()).is_none() {
        return text;
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(COMMON) {
        let (before, from) = rest.split_at(at);
        masked.push_str(before);
        let Some(after) = after_prefix(from) else {
            let (common, behind) = from.split_at(COMMON.len());
            masked.push_str(common);
            rest = behind;
            continue;
        };
        let length = after
            .bytes()
            .take_while(|&byte| is_token_byte(byte))
            .count();
        let (token, behind) = from.split_at(from.len() - after.len() + length);
        match shown(token) {
            Some(beginning) => {
                masked.push_str(beginning);
                masked.push('…');
            }
            None if length >= SUSPICIOUS_LENGTH => {
                masked.push_str(token.get(..token.len() - length).unwrap_or_default());
                masked.push_str("***");
            }
            None => masked.push_str(token),
        }
        rest = behind;
    }
    masked.push_str(rest);
    masked
}

fn after_prefix(text: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TOKEN: &str = "prv_scim_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

    #[test]
    fn a_token_shows_its_first_characters() {
        assert_eq!(shown(TOKEN), Some("prv_scim_abc"));
        assert_eq!(shown(&TOKEN[1..]), None);
        assert_eq!(shown(&TOKEN[..TOKEN.len() - 1]), None);
    }

    #[rstest]
    #[case::alone(TOKEN.into(), "prv_scim_abc…")]
    #[case::within(format!("a={TOKEN}&b"), "a=prv_scim_abc…&b")]
    #[case::cut(format!("{} x", &TOKEN[..40]), "prv_scim_*** x")]
    #[case::joined(format!("{TOKEN}{TOKEN}"), "prv_scim_***")]
    #[case::twice(format!("{TOKEN} {TOKEN}"), "prv_scim_abc… prv_scim_abc…")]
    #[case::shown_prefix("prv_scim_abc".into(), "prv_scim_abc")]
    #[case::nothing("prv_x prv_".into(), "prv_x prv_")]
    #[case::access("prv_oauth_abcdefghijklmnop".into(), "prv_oauth_***")]
    #[case::client("prv_client_abcdefghijklmnop".into(), "prv_client_***")]
    #[case::admin("prv_admin_abcdefghijklmnop".into(), "prv_admin_***")]
    fn tokens_are_hidden_wherever_they_stand(#[case] text: String, #[case] expected: &str) {
        assert_eq!(mask(text), expected);
    }

    #[test]
    fn what_is_wrong_with_a_token_is_said_without_it() {
        assert_eq!(fault(TOKEN), None);
        assert_eq!(fault("hunter2"), None);
        let cut = fault(&TOKEN[..51]).unwrap();
        assert!(cut.contains("51 characters and a token has 52"), "{cut}");
        assert!(fault("prv_scim_a b").unwrap().contains("characters that"));
    }
}
