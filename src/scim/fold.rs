//! Case folding, the one way strings are compared without case (RFC 7643 §2.1, `caseExact` false).
//!
//! NFKC, then default case folding, then NFKC again, so that both databases can compare plain bytes.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;

/// The key under which a case-insensitive value is looked up. ASCII text takes a short way.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let nfkc = ComposingNormalizer::new_nfkc();
    let folded = CaseMapper::new()
        .fold_string(&nfkc.normalize(text))
        .into_owned();
    nfkc.normalize(&folded).into_owned()
}

/// Whether text folds to this key, without building its own key where both are ASCII.
pub fn folds_to(text: &str, key: &str) -> bool {
    if text.is_ascii() {
        return text.len() == key.len()
            && text
                .bytes()
                .zip(key.bytes())
                .all(|(byte, folded)| byte.to_ascii_lowercase() == folded);
    }
    fold(text) == key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_beyond_ascii() {
        assert_eq!(fold("Ada@X.io"), "ada@x.io");
        assert_eq!(fold("STRASSE"), fold("straße"));
        assert_eq!(fold("Ｅve"), "eve");
    }

    #[test]
    fn folding_is_compared_without_a_key() {
        for (text, key) in [
            ("Ada", "ada"),
            ("STRAßE", "strasse"),
            ("Ada", "adab"),
            ("ß", "ss"),
        ] {
            assert_eq!(folds_to(text, key), fold(text) == key, "{text} {key}");
        }
    }
}
