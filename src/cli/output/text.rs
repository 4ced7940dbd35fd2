//! Texts from elsewhere, made fit for a terminal: no control characters, no direction marks, a known width.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::counted::{count, counted, thousands};

/// The text with every character that would move the cursor, change colours or turn the reading direction written out
/// (`\u{1b}`). A name is chosen by whoever pushes it, so that it could otherwise repaint the admin's screen.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_debug());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// The same, keeping the ends of lines.
pub fn printable_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.lines().map(printable).collect();
    lines.join("\n")
}

fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// How many columns a printable text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to so many columns, with `…` in the last one where something is missing.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let mut taken = 0;
    let mut short: String = text
        .chars()
        .take_while(|character| {
            taken += character.width().unwrap_or(0);
            taken <= room
        })
        .collect();
    if columns > 0 {
        short.push('…');
    }
    Cow::Owned(short)
}

/// A size in bytes: `1.8 KB`, `23 MB`.
pub fn bytes(size: u64) -> String {
    let mut value = size as f64;
    for unit in ["B", "KB", "MB", "GB"] {
        if value < 1000.0 {
            return if unit == "B" || value >= 100.0 {
                format!("{value:.0} {unit}")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Ada Lovelace", "Ada Lovelace")]
    #[case::escape("\u{1b}[2Jgone", "\\u{1b}[2Jgone")]
    #[case::newline("a\nb", "a\\nb")]
    #[case::direction("user\u{202e}nimda", "user\\u{202e}nimda")]
    #[case::csi("\u{9b}31m", "\\u{9b}31m")]
    #[case::accents("Zoë 李", "Zoë 李")]
    fn a_name_cannot_steer_the_terminal(#[case] given: &str, #[case] shown: &str) {
        assert_eq!(printable(given), shown);
    }

    #[rstest]
    #[case::fits("abc", 3, "abc")]
    #[case::cut("abcdef", 4, "abc…")]
    #[case::wide("李李李", 5, "李李…")]
    #[case::wide_does_not_fit("李李李", 4, "李…")]
    #[case::nothing("abc", 0, "")]
    fn a_text_is_cut_by_columns(#[case] given: &str, #[case] columns: usize, #[case] shown: &str) {
        assert_eq!(cut(given, columns), shown);
        assert!(width(&cut(given, columns)) <= columns);
    }

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(1_000, "1,000")]
    #[case(1_234_567, "1,234,567")]
    fn thousands_are_grouped(#[case] number: u64, #[case] shown: &str) {
        assert_eq!(thousands(number), shown);
    }

    #[rstest]
    #[case(0, "0 B")]
    #[case(1_800, "1.8 KB")]
    #[case(230_000_000, "230 MB")]
    #[case(u64::MAX, "18446744.1 TB")]
    fn sizes_are_short(#[case] size: u64, #[case] shown: &str) {
        assert_eq!(bytes(size), shown);
    }
}
