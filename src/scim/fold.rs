//! Case folding, the one way strings are compared without case (RFC 7643 §2.1, `caseExact` false).
//!
//! Identifiers are compared as Unicode has it (NFKC_Casefold, Unicode §5.18 and D147): compatible letters are one, case
//! is none, and what is not seen does not count, so that nobody can pass for somebody else by an invisible character.
//! The result is plain bytes to compare, which is what databases do.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Names what [`fold`] makes of texts. Keys that were stored under another name are made anew when the store is opened;
/// a test tells when a new version of Unicode asks for a new name.
pub const VERSION: &str = "NFKC_Casefold of Unicode 18";

/// How often folding is repeated at most. It ends after one or two rounds; no text of Unicode needs more.
const ROUNDS: usize = 8;

/// The key under which a case-insensitive value is looked up. ASCII text takes a short way.
///
/// A text of nothing but invisible characters keeps them: it is a value, and an empty key stands for none.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let seen = visible(text);
    let text = if seen.is_empty() { text } else { &seen };
    let decomposing = DecomposingNormalizer::new_nfkd();
    let mapper = CaseMapper::new();
    let mut folded = decomposing.normalize(text).into_owned();
    for _ in 0..ROUNDS {
        let again = decomposing
            .normalize(&mapper.fold_string(&folded))
            .into_owned();
        if again == folded {
            break;
        }
        folded = again;
    }
    ComposingNormalizer::new_nfkc()
        .normalize(&folded)
        .into_owned()
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

/// The first character that is not seen and says nothing by itself: joiners, marks and overrides of direction, soft
/// hyphens, variation selectors, tags (`Default_Ignorable_Code_Point`).
pub fn invisible(text: &str) -> Option<char> {
    if text.is_ascii() {
        return None;
    }
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().find(|letter| ignorable.contains(*letter))
}

/// The text without what is not seen.
pub fn visible(text: &str) -> Cow<'_, str> {
    if invisible(text).is_none() {
        return Cow::Borrowed(text);
    }
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars()
        .filter(|letter| !ignorable.contains(*letter))
        .collect::<String>()
        .into()
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{Context, SHA256};
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::case("Ada@X.io", "ada@x.io")]
    #[case::full_folding("STRASSE", "straße")]
    #[case::wide_letters("Ｅve", "eve")]
    #[case::kelvin("\u{212A}ai", "kai")]
    #[case::composed("é", "e\u{301}")]
    #[case::final_sigma("ΣΊΣΥΦΟΣ", "σίσυφος")]
    #[case::iota_below("ᾼ\u{301}", "ά\u{345}")]
    #[case::zero_width_joiner("a\u{200D}da", "ada")]
    #[case::zero_width_space("a\u{200B}da", "ada")]
    #[case::byte_order_mark("\u{FEFF}ada", "ada")]
    #[case::soft_hyphen("a\u{AD}da", "ada")]
    #[case::override_of_direction("\u{202E}ada\u{202C}", "ada")]
    #[case::isolate("\u{2066}ada\u{2069}", "ada")]
    #[case::variation("❤\u{FE0F}", "❤")]
    #[case::tag("a\u{E0064}da", "ada")]
    fn what_is_one_name_has_one_key(#[case] one: &str, #[case] other: &str) {
        assert_eq!(fold(one), fold(other));
    }

    #[test]
    fn what_is_seen_is_told_apart() {
        assert_ne!(fold("ada"), fold("ąda"));
        assert_ne!(fold("a da"), fold("ada"));
        // A value of nothing that is seen is a value.
        assert_eq!(fold("\u{200B}"), "\u{200B}");
    }

    #[test]
    fn the_invisible_is_found() {
        assert_eq!(invisible("Ада Łovelace 李"), None);
        assert_eq!(invisible("a\u{202E}b"), Some('\u{202E}'));
    }

    #[test]
    fn folding_is_compared_without_a_key() {
        for (text, key) in [
            ("Ada", "ada"),
            ("STRAßE", "strasse"),
            ("Ada", "adab"),
            ("ß", "ss"),
            ("a\u{200D}da", "ada"),
        ] {
            assert_eq!(folds_to(text, key), fold(text) == key, "{text} {key}");
        }
    }

    /// Where this fails, folding has changed, most likely with a new version of Unicode: give [`VERSION`] another text,
    /// so that stored keys are made anew, and put the new number here.
    #[test]
    fn stored_keys_hold() {
        let letters = ('\0'..='\u{323AF}').chain('\u{E0000}'..='\u{E0FFF}');
        let mut hash = Context::new(&SHA256);
        for letter in letters {
            hash.update(fold(letter.encode_utf8(&mut [0; 4])).as_bytes());
        }
        let hash = hash.finish();
        assert_eq!(hash.as_ref()[..4], [61, 181, 101, 11], "{VERSION}");
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
