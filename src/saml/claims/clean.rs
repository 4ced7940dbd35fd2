//! Takes out of a foreign text what could deceive whoever reads it on a screen.

use std::borrow::Cow;

/// The text without control characters, without those that turn the direction of what follows, and without those that
/// nobody sees. For showing and for names of people; what something is looked up by is never changed.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_shown) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|&c| is_shown(c)).collect())
    }
}

/// Whether a character shows itself and nothing but itself.
pub fn is_shown(character: char) -> bool {
    let is_hidden = character.is_control()
        || matches!(character,
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
            '\u{00AD}' | '\u{061C}' | '\u{180E}'
            // Zero-width space, direction marks. The zero-width joiners stay: scripts of India and emoji need them.
            | '\u{200B}' | '\u{200E}' | '\u{200F}'
            // Line and paragraph separators; embeddings and overrides of direction (Unicode TR9 §2).
            | '\u{2028}'..='\u{202E}'
            // Invisible operators; isolates of direction; deprecated formats.
            | '\u{2060}'..='\u{206F}'
            // Byte order mark; interlinear annotations.
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            // Tags.
            | '\u{E0000}'..='\u{E007F}');
    !is_hidden
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::plain("Zoë Müller", "Zoë Müller")]
    #[case::escape("\u{1B}[31mred", "[31mred")]
    #[case::second_control_set("a\u{9B}31mb", "a31mb")]
    #[case::line_break("a\r\nb", "ab")]
    #[case::override_of_direction("a\u{202E}txt.exe", "atxt.exe")]
    #[case::isolate("\u{2066}a\u{2069}", "a")]
    #[case::zero_width("ad\u{200B}min", "admin")]
    #[case::joiner_is_kept("क्\u{200D}ष", "क्\u{200D}ष")]
    fn what_deceives_is_taken_out(#[case] text: &str, #[case] cleaned: &str) {
        assert_eq!(clean(text), cleaned);
    }

    proptest! {
        #[test]
        fn a_clean_text_is_left_alone(text in any::<String>()) {
            let once = clean(&text).into_owned();
            prop_assert!(once.chars().all(is_shown));
            prop_assert_eq!(clean(&once), once.as_str());
        }
    }
}
