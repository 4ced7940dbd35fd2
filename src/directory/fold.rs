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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_beyond_ascii() {
        assert_eq!(fold("Ada@X.io"), "ada@x.io");
        assert_eq!(fold("STRASSE"), fold("straße"));
        assert_eq!(fold("Ｅve"), "eve");
    }
}
