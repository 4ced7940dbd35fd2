//! A field of one line. The one place where keys are not looked up in the command table: what is typed is text.

use tui_input::{Input, InputRequest};

use crate::console::input::{Key, KeyCode};

/// The longest text a field takes, in characters.
const LONGEST: usize = 1_000;

/// A field of one line.
#[derive(Clone, Debug, Default)]
pub struct TextField(Input);

impl TextField {
    /// A field with a text, the cursor behind it.
    pub fn with(text: &str) -> Self {
        Self(Input::new(text.to_owned()))
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// Puts another text into it, the cursor behind it.
    pub fn replace(&mut self, text: &str) {
        *self = Self::with(text);
    }

    /// Where the cursor is, in characters.
    pub fn cursor(&self) -> usize {
        self.0.cursor()
    }

    /// The part of the text that fits into so many cells, and the cursor's cell in it.
    pub fn visible(&self, width: u16) -> (String, u16) {
        let width = usize::from(width.max(1));
        let scroll = self.0.visual_scroll(width);
        let mut skipped = 0;
        let text = self
            .0
            .value()
            .chars()
            .skip_while(|character| {
                let mut buffer = [0; 4];
                let cells =
                    unicode_width::UnicodeWidthStr::width(&*character.encode_utf8(&mut buffer));
                let skip = skipped < scroll;
                skipped += cells;
                skip
            })
            .collect();
        let cursor = self.0.visual_cursor().saturating_sub(scroll);
        (text, u16::try_from(cursor).unwrap_or(0))
    }

    /// Takes a key. Tells whether the text changed.
    pub fn press(&mut self, key: Key) -> bool {
        let before = self.text().to_owned();
        if let Some(request) = request(key)
            && (self.text().chars().count() < LONGEST
                || !matches!(request, InputRequest::InsertChar(_)))
        {
            self.0.handle(request);
        }
        before != self.text()
    }

    /// Takes pasted text; line breaks become blanks.
    pub fn paste(&mut self, text: &str) -> bool {
        let room = LONGEST.saturating_sub(self.text().chars().count());
        let mut changed = false;
        for character in text.trim_end_matches(['\r', '\n']).chars().take(room) {
            let character = if character.is_control() {
                ' '
            } else {
                character
            };
            changed |= self.0.handle(InputRequest::InsertChar(character)).is_some();
        }
        changed
    }
}

fn request(key: Key) -> Option<InputRequest> {
    if let Some(character) = key.as_text() {
        return Some(InputRequest::InsertChar(character));
    }
    Some(match (key.code, key.ctrl) {
        (KeyCode::Backspace, false) => InputRequest::DeletePrevChar,
        (KeyCode::Backspace | KeyCode::Char('w'), true) => InputRequest::DeletePrevWord,
        (KeyCode::Delete, _) | (KeyCode::Char('d'), true) => InputRequest::DeleteNextChar,
        (KeyCode::Left, false) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false) => InputRequest::GoToNextChar,
        (KeyCode::Left, true) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true) => InputRequest::GoToNextWord,
        (KeyCode::Home, _) | (KeyCode::Char('a'), true) => InputRequest::GoToStart,
        (KeyCode::End, _) | (KeyCode::Char('e'), true) => InputRequest::GoToEnd,
        (KeyCode::Char('u'), true) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true) => InputRequest::DeleteTillEnd,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_deleting_and_pasting() {
        let mut field = TextField::default();
        for key in ["a", "d", "b", "backspace", "a"] {
            field.press(key.parse().unwrap());
        }
        assert_eq!(field.text(), "ada");
        field.paste("\nx\n");
        assert_eq!(field.text(), "ada x");
        assert!(field.press("ctrl-u".parse().unwrap()));
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_long_text_scrolls_to_its_cursor() {
        let field = TextField::with("0123456789");
        let (text, cursor) = field.visible(5);
        assert!(text.ends_with('9'));
        assert!(cursor < 6);
    }
}
