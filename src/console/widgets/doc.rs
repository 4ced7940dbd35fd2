//! A text that is read line by line, with lines that lead somewhere: the details of members and requests, the home
//! page, the overlays that explain. Built from roles, not colours; wrapped to its width when it is built.
//!
//! Both sides build the same doc: the view draws it, the update knows from it how many lines there are and where they
//! lead. Everything that came from outside is made printable when it is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;
use uuid::Uuid;

use super::data_table::scrollbar;
use super::text;
use crate::console::command::CommandId;
use crate::console::place::Jump;
use crate::console::theme::{Look, Role};

/// Cells before the text: the selector.
const GUTTER: u16 = 2;
/// The room of a field's label.
const LABEL: usize = 13;

/// Where a line leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// To a member, a team, a request or a list.
    Jump(Jump),
    /// To a command.
    Command(CommandId),
    /// To something that is done with the line itself.
    Act(Act),
}

/// Something that is done with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Copy what it holds.
    Copy {
        /// What it is, for the message that follows.
        what: String,
        /// The text.
        text: String,
    },
    /// Change by which attributes this claim may come.
    MapClaim(&'static str),
    /// End this session of the open member.
    EndSession(Uuid),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// What it is.
    pub role: Role,
}

impl Piece {
    /// A piece.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }

    /// A piece padded to so many cells.
    pub fn padded(text: &str, width: usize, role: Role) -> Self {
        let missing = width.saturating_sub(text.width());
        Self::new(format!("{text}{}", " ".repeat(missing)), role)
    }
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocLine {
    /// Its pieces, left to right.
    pub pieces: Vec<Piece>,
    /// Where Enter leads.
    pub link: Option<Link>,
}

/// A text of lines.
#[derive(Clone, Debug, Default)]
pub struct Doc {
    width: usize,
    lines: Vec<DocLine>,
}

/// Where one is in a doc.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocCursor {
    /// The line of the cursor.
    pub line: usize,
    /// The line at the top.
    pub top: usize,
}

impl Doc {
    /// An empty doc for an area of so many columns.
    pub fn new(width: u16) -> Self {
        Self {
            width: usize::from(width.saturating_sub(GUTTER + 1)).max(8),
            lines: Vec::new(),
        }
    }

    /// How many columns a line has for its text.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Its lines.
    pub fn lines(&self) -> &[DocLine] {
        &self.lines
    }

    /// Adds a line as it is.
    pub fn line(&mut self, pieces: Vec<Piece>) -> &mut Self {
        self.lines.push(DocLine { pieces, link: None });
        self
    }

    /// Adds a line that leads somewhere.
    pub fn link(&mut self, pieces: Vec<Piece>, link: Link) -> &mut Self {
        self.lines.push(DocLine {
            pieces,
            link: Some(link),
        });
        self
    }

    /// Adds an empty line, unless there is one already or nothing stands above it.
    pub fn blank(&mut self) -> &mut Self {
        if self
            .lines
            .last()
            .is_some_and(|line| !line.pieces.is_empty())
        {
            self.lines.push(DocLine::default());
        }
        self
    }

    /// Adds a heading, with an empty line above it.
    pub fn heading(&mut self, text: &str) -> &mut Self {
        self.blank();
        self.line(vec![Piece::new(text, Role::Title)])
    }

    /// Adds a label and its value; the value goes on below itself where it is long.
    pub fn field(&mut self, label: &str, value: &str, role: Role) -> &mut Self {
        self.field_linked(label, value, role, None)
    }

    /// Adds a label and its value, which leads somewhere.
    pub fn field_linked(
        &mut self,
        label: &str,
        value: &str,
        role: Role,
        link: Option<&Link>,
    ) -> &mut Self {
        let label_width = LABEL.min(self.width / 2);
        let room = self.width.saturating_sub(label_width).max(4);
        for (index, part) in wrap(value, room).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.lines.push(DocLine {
                pieces: vec![
                    Piece::padded(label, label_width, Role::Muted),
                    Piece::new(part, role),
                ],
                link: link.cloned(),
            });
        }
        self
    }

    /// Adds a text that is wrapped, each line after so many blanks.
    pub fn paragraph(&mut self, text: &str, indent: usize, role: Role) -> &mut Self {
        self.paragraph_linked(text, indent, role, None)
    }

    /// Adds a wrapped text that leads somewhere.
    pub fn paragraph_linked(
        &mut self,
        text: &str,
        indent: usize,
        role: Role,
        link: Option<&Link>,
    ) -> &mut Self {
        let room = self.width.saturating_sub(indent).max(4);
        for part in wrap(text, room) {
            self.lines.push(DocLine {
                pieces: vec![
                    Piece::new(" ".repeat(indent), Role::Text),
                    Piece::new(part, role),
                ],
                link: link.cloned(),
            });
        }
        self
    }

    /// Adds a mark such as `✓` and a wrapped text that stays to the right of it.
    pub fn marked(
        &mut self,
        mark: &Piece,
        text: &str,
        role: Role,
        link: Option<&Link>,
    ) -> &mut Self {
        let indent = mark.text.width() + 1;
        let room = self.width.saturating_sub(indent).max(4);
        for (index, part) in wrap(text, room).into_iter().enumerate() {
            let head = if index == 0 {
                Piece::padded(&mark.text, indent, mark.role)
            } else {
                Piece::new(" ".repeat(indent), Role::Text)
            };
            self.lines.push(DocLine {
                pieces: vec![head, Piece::new(part, role)],
                link: link.cloned(),
            });
        }
        self
    }

    /// Where the line of the cursor leads.
    pub fn link_at(&self, line: usize) -> Option<&Link> {
        self.lines.get(line)?.link.as_ref()
    }

    /// The next line that leads somewhere, beyond the lines of the same link; `by` is 1 or -1.
    pub fn next_link(&self, from: usize, by: i64) -> Option<usize> {
        let here = self.link_at(from);
        let is_other = |line: &usize| {
            let link = self.link_at(*line);
            link.is_some() && link != here
        };
        let found = if by >= 0 {
            (from + 1..self.lines.len()).find(is_other)?
        } else {
            (0..from).rev().find(is_other)?
        };
        // The first of the lines that share a link.
        let link = self.link_at(found);
        let first = (0..found)
            .rev()
            .take_while(|line| self.link_at(*line) == link)
            .last();
        Some(first.unwrap_or(found))
    }

    /// Draws the lines from `cursor.top` on. Gives the area and number of each drawn line.
    pub fn render(
        &self,
        area: Rect,
        buf: &mut Buffer,
        look: &Look,
        cursor: DocCursor,
        focused: bool,
    ) -> Vec<(Rect, usize)> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return Vec::new();
        }
        let cursor = cursor.within(self.lines.len(), area.height);
        let scrolls = self.lines.len() > usize::from(area.height);
        let mut drawn = Vec::new();
        let here = self.link_at(cursor.line);
        for (row, (number, line)) in
            (area.y..area.bottom()).zip(self.lines.iter().enumerate().skip(cursor.top))
        {
            let place = Rect::new(area.x, row, area.width - u16::from(scrolls), 1);
            let is_here = focused && number == cursor.line;
            let of_link = focused && line.link.is_some() && line.link.as_ref() == here && {
                // Lines of one link that follow each other are one thing.
                let range = number.min(cursor.line)..=number.max(cursor.line);
                range.clone().all(|n| self.link_at(n) == here)
            };
            let chosen = of_link || (is_here && line.link.is_some());
            if chosen {
                buf.set_style(place, look.style(Role::Selected));
            }
            if is_here {
                let style = if chosen {
                    Role::Selected
                } else {
                    Role::BorderFocused
                };
                text::put_left(buf, place, look.glyphs.selector, look.style(style), "");
            }
            let mut x = place.x + GUTTER;
            for piece in &line.pieces {
                let room = Rect::new(x, row, place.right().saturating_sub(x), 1);
                if room.is_empty() {
                    break;
                }
                let style = if chosen {
                    look.style(Role::Selected)
                } else {
                    look.style(piece.role)
                };
                x += text::put_left(buf, room, &piece.text, style, look.glyphs.ellipsis);
            }
            drawn.push((place, number));
        }
        if scrolls {
            let bar = Rect::new(area.right() - 1, area.y, 1, area.height);
            let (first, total) = (cursor.top as u64, self.lines.len() as u64);
            scrollbar(buf, bar, look, first, total);
        }
        drawn
    }
}

impl DocCursor {
    /// The same, kept within a doc of so many lines on a screen of so many rows.
    #[must_use]
    pub fn within(self, lines: usize, height: u16) -> Self {
        let height = usize::from(height.max(1));
        let line = self.line.min(lines.saturating_sub(1));
        let lowest = line.saturating_sub(height - 1);
        let top = self
            .top
            .clamp(lowest, line.max(lowest))
            .min(lines.saturating_sub(height));
        Self {
            line,
            top: top.max(lowest).min(line),
        }
    }

    /// Moved by so many lines.
    #[must_use]
    pub fn moved(self, by: i64, lines: usize, height: u16) -> Self {
        let by = isize::try_from(by).unwrap_or(if by < 0 { isize::MIN } else { isize::MAX });
        Self {
            line: self.line.saturating_add_signed(by),
            ..self
        }
        .within(lines, height)
    }

    /// Scrolled by so many lines, as a wheel does; the cursor goes along where it must.
    #[must_use]
    pub fn scrolled(self, by: i64, lines: usize, height: u16) -> Self {
        let by = isize::try_from(by).unwrap_or(0);
        let last = lines.saturating_sub(usize::from(height));
        let top = self.top.saturating_add_signed(by).min(last);
        let bottom = top + usize::from(height.max(1)) - 1;
        Self {
            line: self.line.clamp(top, bottom),
            top,
        }
        .within(lines, height)
    }
}

/// Breaks a text into lines of at most `width` cells, at blanks where it can. Never empty.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let text = text::printable(text);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let mut word = word;
        let needed = word.width();
        if used > 0 && used + 1 + needed <= width {
            line.push(' ');
            line.push_str(word);
            used += 1 + needed;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        // A word longer than the line, such as an id or a URL, is cut.
        while word.width() > width {
            let cut = cut_at(word, width);
            let (head, tail) = word.split_at(cut);
            lines.push(head.to_owned());
            word = tail;
        }
        line.push_str(word);
        used += word.width();
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The byte at which a word has filled `width` cells; at least one character.
fn cut_at(word: &str, width: usize) -> usize {
    let mut used = 0;
    for (index, character) in word.char_indices() {
        let mut buffer = [0; 4];
        used += character.encode_utf8(&mut buffer).width();
        if used > width && index > 0 {
            return index;
        }
    }
    word.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("one two three", 7, &["one two", "three"])]
    #[case("", 7, &[""])]
    #[case("abcdefghij kl", 4, &["abcd", "efgh", "ij", "kl"])]
    fn text_is_broken_at_blanks(#[case] text: &str, #[case] width: usize, #[case] lines: &[&str]) {
        assert_eq!(wrap(text, width), lines);
    }

    #[test]
    fn links_of_several_lines_are_one_stop() {
        let mut doc = Doc::new(14);
        let link = |id| Some(Link::Command(id));
        doc.line(vec![])
            .paragraph_linked("two words here", 0, Role::Text, link("a.b").as_ref())
            .paragraph_linked("other", 0, Role::Text, link("c.d").as_ref());
        assert_eq!(doc.next_link(0, 1), Some(1));
        let other = doc.next_link(1, 1).unwrap();
        assert_eq!(doc.link_at(other), link("c.d").as_ref());
        assert_eq!(doc.next_link(other, -1), Some(1));
        assert_eq!(doc.next_link(other, 1), None);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "[ a-zé東]{0,80}", width in 2_usize..40) {
            for line in wrap(&text, width) {
                prop_assert!(line.width() <= width, "{line:?}");
            }
        }

        #[test]
        fn the_cursor_is_always_on_the_screen(
            line in 0_usize..200, top in 0_usize..200, lines in 0_usize..150, height in 1_u16..60,
        ) {
            let cursor = DocCursor { line, top }.within(lines, height);
            prop_assert!(cursor.line < lines.max(1));
            prop_assert!(cursor.top <= cursor.line);
            prop_assert!(cursor.line < cursor.top + usize::from(height));
        }
    }
}
