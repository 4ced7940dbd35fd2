//! Text on one line of the screen: cut to the width it has, and made safe to show.
//!
//! What an IdP sends ends up here, so nothing that steers a terminal or turns the reading direction may pass: control
//! and bidirectional characters become `U+FFFD`, line breaks and tabs become blanks. Never writes outside the buffer.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// On which side of its room a text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Names and words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// Whether a character could steer the terminal, hide itself or turn the reading direction.
fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text without anything that a terminal or a reader could be misled by.
///
/// ```
/// use provost::console::widgets::text::printable;
/// assert_eq!(printable("Ada\u{1b}[31m\nLovelace"), "Ada\u{fffd}[31m Lovelace");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) || !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|character| match character {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
                other if is_treacherous(other) => '\u{FFFD}',
                other => other,
            })
            .collect(),
    )
}

/// The beginning of a text that is certainly enough for so many cells; keeps long values cheap.
fn beginning(text: &str, width: usize) -> &str {
    let enough = width.saturating_mul(8).saturating_add(64);
    if text.len() <= enough {
        return text;
    }
    text.get(..text.floor_char_boundary(enough)).unwrap_or(text)
}

/// How many cells a text takes, once it is made printable.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        printable(text).width()
    }
}

/// Writes a text into the first line of `area`, cut with `ellipsis` where it is too long. Returns how many cells it took.
pub fn put(
    buf: &mut Buffer,
    area: Rect,
    text: &str,
    style: Style,
    align: Align,
    ellipsis: &str,
) -> u16 {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return 0;
    }
    let room = usize::from(area.width);
    let begun = beginning(text, room);
    let shown = printable(begun);
    let needed = if shown.is_ascii() {
        shown.len()
    } else {
        shown.width()
    };
    if needed <= room && begun.len() == text.len() {
        let left = match align {
            Align::Left => area.x,
            Align::Right => area.x + u16::try_from(room - needed).unwrap_or(0),
        };
        buf.set_stringn(left, area.y, &shown, room, style);
        return u16::try_from(needed).unwrap_or(area.width);
    }
    let (end, _) = buf.set_stringn(area.x, area.y, &shown, room - 1, style);
    let (end, _) = buf.set_stringn(end, area.y, ellipsis, 1, style);
    end - area.x
}

/// Writes a text at the left of `area`; the common case of [`put`].
pub fn put_left(buf: &mut Buffer, area: Rect, text: &str, style: Style, ellipsis: &str) -> u16 {
    put(buf, area, text, style, Align::Left, ellipsis)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn line(text: &str, width: u16, align: Align) -> String {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        let area = buf.area;
        put(&mut buf, area, text, Style::new(), align, "…");
        (0..width)
            .map(|x| buf[(x, 0)].symbol().to_owned())
            .collect()
    }

    #[rstest]
    #[case("ada", 5, Align::Left, "ada  ")]
    #[case("ada", 5, Align::Right, "  ada")]
    #[case("ada lovelace", 5, Align::Left, "ada …")]
    #[case("ada lovelace", 5, Align::Right, "ada …")]
    #[case("exact", 5, Align::Left, "exact")]
    #[case("東京都", 5, Align::Left, "東 京 …")]
    #[case("日", 1, Align::Left, "…")]
    #[case("a\nb", 5, Align::Left, "a b  ")]
    fn text_is_cut_by_display_width(
        #[case] text: &str,
        #[case] width: u16,
        #[case] align: Align,
        #[case] expected: &str,
    ) {
        assert_eq!(line(text, width, align), expected);
    }

    #[test]
    fn a_very_long_text_is_cut_without_reading_it_all() {
        let long = "x".repeat(5_000_000);
        assert_eq!(line(&long, 4, Align::Left), "xxx…");
    }

    #[test]
    fn right_to_left_overrides_are_made_visible() {
        assert_eq!(printable("a\u{202E}b"), "a\u{FFFD}b");
    }

    #[test]
    fn nothing_is_written_outside_the_buffer() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 3, 1));
        put_left(&mut buf, Rect::new(2, 0, 10, 1), "abc", Style::new(), "…");
        put_left(&mut buf, Rect::new(0, 5, 3, 1), "abc", Style::new(), "…");
        assert_eq!(buf[(2, 0)].symbol(), "…");
    }
}
