//! Foreign text made safe for a screen.

/// The text without control and bidi characters, and with `…` at the end where it is longer than `max_chars`.
///
/// Control characters drive a terminal, bidi characters show a text other than it is, and invisible ones hide in it.
pub fn clean(text: &str, max_chars: usize) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().filter(|it| !is_unfit(*it)).enumerate() {
        if count == max_chars {
            shown.push('…');
            break;
        }
        shown.push(character);
    }
    shown
}

fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("ada@x.io", "ada@x.io")]
    #[case::escape("a\u{1b}[2Jb\r\nc", "a[2Jbc")]
    #[case::c1("a\u{9b}2Jb", "a2Jb")]
    #[case::bidi("a\u{202e}b\u{2066}c\u{61c}", "abc")]
    #[case::long("0123456789", "01234567…")]
    #[case::fits("01234567", "01234567")]
    fn foreign_text_is_cleaned(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(clean(text, 8), expected);
    }
}
