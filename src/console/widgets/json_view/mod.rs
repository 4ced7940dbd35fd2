//! A body to look at: JSON laid out and coloured, foldable, searchable; anything else as plain text.
//!
//! The text is laid out once, in one pass without copies; after that only the lines on the screen are looked at, so that
//! a body of 5 MiB scrolls like one of 5 lines. Rows are what is seen (folds hide lines), lines are what there is.

mod document;
mod layout;
mod lexer;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthChar;

use self::document::Document;
use self::layout::LineKind;
use super::data_table::scrollbar;
use super::text;
use crate::console::theme::{Look, Role};

/// Cells an inner line stands further right than its container.
const INDENT: usize = 2;
/// Cells before the text: the mark of a fold.
const GUTTER: u16 = 2;

/// A body, and how it is being looked at.
#[derive(Clone, Debug)]
pub struct JsonView {
    document: Document,
    top: usize,
    cursor: usize,
    shift: usize,
    height: u16,
    needle: String,
}

impl JsonView {
    /// Looks at a body from its beginning.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            document: Document::new(body.into()),
            top: 0,
            cursor: 0,
            shift: 0,
            height: 1,
            needle: String::new(),
        }
    }

    /// Whether it looks like JSON; what does not is shown plainly and cannot be folded.
    pub fn is_json(&self) -> bool {
        self.document.is_json()
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.document.rows()
    }

    /// The row the cursor is on.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Where the cursor is, as a JSON pointer such as `/emails/0/value`.
    pub fn path(&self) -> String {
        self.document.path(self.document.line_at(self.cursor))
    }

    /// The value under the cursor as it is in the body, for copying.
    pub fn value(&self) -> &str {
        self.document.value(self.document.line_at(self.cursor))
    }

    // ── moving about ────────────────────────────────────────────────────────────────────────────────────────────
    /// Says how many rows the screen has. The cursor stays on it.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.clamp();
    }

    /// Puts the cursor on a row.
    pub fn move_to(&mut self, row: usize) {
        self.cursor = row;
        self.clamp();
    }

    /// Moves the cursor by so many rows.
    pub fn move_by(&mut self, rows: isize) {
        self.move_to(self.cursor.saturating_add_signed(rows));
    }

    /// Moves the cursor by so many screens.
    pub fn page_by(&mut self, screens: isize) {
        self.move_by(screens.saturating_mul(isize::try_from(self.height).unwrap_or(1)));
    }

    /// Puts the cursor on the last row.
    pub fn to_end(&mut self) {
        self.move_to(usize::MAX);
    }

    /// Shows what stands so many cells further right; for values wider than the screen.
    pub fn shift_by(&mut self, cells: isize) {
        self.shift = self.shift.saturating_add_signed(cells).min(1 << 20);
    }

    fn clamp(&mut self) {
        let rows = self.document.rows();
        let height = usize::from(self.height);
        self.cursor = self.cursor.min(rows.saturating_sub(1));
        self.top = self.top.min(rows.saturating_sub(height)).min(self.cursor);
        if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
    }

    // ── folding ─────────────────────────────────────────────────────────────────────────────────────────────────
    /// Folds or unfolds what the cursor is on, or is in.
    pub fn toggle_fold(&mut self) {
        if let Some(opener) = self.document.toggle(self.document.line_at(self.cursor)) {
            self.move_to(self.document.row_of(opener));
        }
    }

    /// Folds or unfolds what a JSON pointer names. Returns whether there is such a thing.
    pub fn toggle_path(&mut self, path: &str) -> bool {
        let line = self.document.line_of(path);
        let toggled = line.and_then(|line| self.document.toggle(line)).is_some();
        self.clamp();
        toggled
    }

    /// Folds everything that stands at least so deep; 1 leaves the outermost members.
    pub fn fold_from(&mut self, depth: u16) {
        let line = self.document.line_at(self.cursor);
        self.document.fold_from(depth);
        self.move_to(self.document.row_of(line));
    }

    /// Unfolds everything.
    pub fn unfold_all(&mut self) {
        let line = self.document.line_at(self.cursor);
        self.document.unfold_all();
        self.move_to(self.document.row_of(line));
    }

    // ── searching ───────────────────────────────────────────────────────────────────────────────────────────────
    /// Highlights a text, without case, and goes to the first place from the cursor on. Empty ends the search. Returns
    /// whether there is one.
    pub fn search(&mut self, needle: &str) -> bool {
        self.needle = needle.to_lowercase();
        let from = self.document.line_at(self.cursor);
        let lines = self.document.line_count();
        !needle.is_empty() && self.go_to_match((from..lines).chain(0..from))
    }

    /// Goes to the next line that holds what was searched for, from the end on to the beginning.
    pub fn next_match(&mut self) -> bool {
        let from = self.document.line_at(self.cursor) + 1;
        let lines = self.document.line_count();
        !self.needle.is_empty() && self.go_to_match((from..lines).chain(0..from.min(lines)))
    }

    /// Goes to the line before that holds what was searched for.
    pub fn previous_match(&mut self) -> bool {
        let from = self.document.line_at(self.cursor);
        let lines = self.document.line_count();
        !self.needle.is_empty() && self.go_to_match((0..from).rev().chain((from..lines).rev()))
    }

    fn go_to_match(&mut self, mut lines: impl Iterator<Item = usize>) -> bool {
        let found = lines.find(|line| contains(self.document.slice(*line), &self.needle));
        if let Some(line) = found {
            self.document.reveal(line);
            self.move_to(self.document.row_of(line));
        }
        found.is_some()
    }

    // ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────
    /// Draws the rows on the screen. Returns the area of the rows, the first of which is [`JsonView::first`].
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look, focused: bool) -> Rect {
        let area = area.intersection(buf.area);
        let rows = self.document.rows();
        let scrolls = rows > usize::from(area.height) && area.width > 4;
        let body = Rect {
            width: area.width.saturating_sub(u16::from(scrolls)),
            ..area
        };
        for line in 0..body.height {
            let row = self.top + usize::from(line);
            if row >= rows {
                break;
            }
            let place = Rect {
                y: body.y + line,
                height: 1,
                ..body
            };
            self.render_row(row, place, buf, look, focused && row == self.cursor);
        }
        if scrolls {
            let bar = Rect {
                x: body.right(),
                width: 1,
                ..area
            };
            let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
            scrollbar(buf, bar, look, count(self.top), count(rows));
        }
        body
    }

    /// The row at the top of the screen.
    pub fn first(&self) -> usize {
        self.top
    }

    fn render_row(&self, row: usize, place: Rect, buf: &mut Buffer, look: &Look, selected: bool) {
        let line = self.document.line_at(row);
        let words = self.words(line, usize::from(place.width), look);
        let base = if selected {
            look.style(Role::Selected)
        } else {
            look.style(Role::Text)
        };
        if selected {
            buf.set_style(place, base);
        }
        let gutter = Rect {
            width: 1.min(place.width),
            ..place
        };
        let opens = self
            .document
            .line(line)
            .is_some_and(|line| line.kind == LineKind::Open);
        if opens {
            let folded = self.document.is_folded(line);
            let glyph = if folded {
                look.glyphs.folded
            } else {
                look.glyphs.unfolded
            };
            text::put_left(buf, gutter, glyph, base.patch(look.style(Role::Muted)), "");
        } else if selected {
            text::put_left(buf, gutter, look.glyphs.selector, base, "");
        }
        let room = Rect {
            x: place.x.saturating_add(GUTTER),
            width: place.width.saturating_sub(GUTTER),
            ..place
        };
        let style = |role: Role| {
            if selected {
                base.add_modifier(look.style(role).add_modifier)
            } else {
                base.patch(look.style(role))
            }
        };
        draw_runs(
            buf,
            room,
            &self.runs(&words),
            self.shift,
            style,
            look.glyphs.ellipsis,
        );
    }

    /// The words of a line with their roles; of a long line no more than can be seen.
    fn words(&self, line: usize, width: usize, look: &Look) -> Vec<(String, Role)> {
        let Some(place) = self.document.line(line) else {
            return Vec::new();
        };
        let whole = self.document.slice(line);
        let enough = (self.shift + width) * 4 + 64;
        let slice = whole
            .get(..whole.floor_char_boundary(enough))
            .unwrap_or(whole);
        if place.kind == LineKind::Plain {
            return vec![(slice.to_owned(), Role::Text)];
        }
        // Very deep lines would start beyond the screen.
        let indent = (usize::from(place.depth) * INDENT).min(width / 2);
        let mut words = vec![(" ".repeat(indent), Role::Text)];
        lexer::lex(slice, &mut words);
        if self.document.is_folded(line) {
            let (count, all) = self.document.size(line);
            let closing = if slice.ends_with('[') { "]" } else { "}" };
            let closer = self.document.slice(place.other as usize);
            let comma = if closer.ends_with(',') { "," } else { "" };
            let more = if all { "" } else { "+" };
            let things = if count == 1 { "item" } else { "items" };
            words.push((
                format!("{}{closing}{comma} ", look.glyphs.ellipsis),
                Role::Muted,
            ));
            words.push((format!("{count}{more} {things}"), Role::Muted));
        }
        words
    }

    /// The words as one text with the role of each stretch; what was searched for is a stretch of its own.
    fn runs(&self, words: &[(String, Role)]) -> Vec<(char, Role)> {
        let mut runs: Vec<(char, Role)> = Vec::new();
        for (word, role) in words {
            runs.extend(
                text::printable(word)
                    .chars()
                    .map(|character| (character, *role)),
            );
        }
        if self.needle.is_empty() {
            return runs;
        }
        let needle: Vec<char> = self.needle.chars().collect();
        let same =
            |one: char, other: char| one == other || one.to_lowercase().eq(other.to_lowercase());
        let mut at = 0;
        while let Some(window) = runs.get_mut(at..at + needle.len()) {
            if window
                .iter()
                .zip(&needle)
                .all(|((shown, _), wanted)| same(*shown, *wanted))
            {
                for (_, role) in window {
                    *role = Role::Match;
                }
                at += needle.len();
            } else {
                at += 1;
            }
        }
        runs
    }
}

/// Draws characters with their roles, from a number of cells on.
fn draw_runs(
    buf: &mut Buffer,
    room: Rect,
    runs: &[(char, Role)],
    shift: usize,
    style: impl Fn(Role) -> Style,
    ellipsis: &str,
) {
    if room.is_empty() {
        return;
    }
    let mut skipped = 0;
    let mut x = room.x;
    let mut rest = runs.iter().peekable();
    while skipped < shift {
        let Some((character, _)) = rest.next() else {
            return;
        };
        skipped += character.width().unwrap_or(0);
    }
    while let Some((_, role)) = rest.peek() {
        let role = *role;
        let mut run = String::new();
        while let Some((character, _)) = rest.next_if(|(_, next)| *next == role) {
            run.push(*character);
        }
        let room = Rect {
            x,
            width: room.right() - x,
            ..room
        };
        let needed = text::width(&run);
        if needed > usize::from(room.width)
            || (rest.peek().is_some() && needed == usize::from(room.width))
        {
            text::put_left(buf, room, &(run + " "), style(role), ellipsis);
            return;
        }
        x += text::put_left(buf, room, &run, style(role), ellipsis);
    }
}

/// Whether a text contains a needle in lower case, without case.
fn contains(text: &str, needle: &str) -> bool {
    if !needle.is_ascii() {
        return text.to_lowercase().contains(needle);
    }
    let (Some(first), text) = (needle.bytes().next(), text.as_bytes()) else {
        return true;
    };
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text).any(|at| {
        text.get(at..at + needle.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(needle.as_bytes()))
    })
}

#[cfg(test)]
mod tests;
