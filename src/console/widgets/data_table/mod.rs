//! A table of any number of rows of which only those on the screen are made. A pane gives a closure from row index to
//! [`Row`]; the table asks it for the visible ones and nothing else.
//!
//! Widths depend on the columns and the room alone, never on what the rows hold, so that nothing jumps while scrolling
//! or while a log runs. What was drawn where comes back as [`TableRegions`] for the mouse; the keyboard needs none.

mod column;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub use column::{Column, SortMark};

use super::text::{self, Align};
use crate::console::theme::{Look, Role};

/// Cells before the first column: the selector and the mark.
const GUTTER: u16 = 2;

/// One row, made when it is about to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    /// One cell for each column, in the order of the columns; missing ones stay empty.
    pub cells: Vec<Cell<'a>>,
    /// Whether it is marked for an action on several.
    pub marked: bool,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// What it says.
    pub text: Cow<'a, str>,
    /// What it is.
    pub role: Role,
}

impl<'a> Cell<'a> {
    /// A text in a role.
    pub fn new(text: impl Into<Cow<'a, str>>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text, Role::Text)
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::new(text, Role::Text)
    }
}

/// A table, as it is to be drawn now.
#[derive(Clone, Copy, Debug)]
pub struct DataTable<'a> {
    /// The columns, left to right.
    pub columns: &'a [Column],
    /// Theme and glyphs.
    pub look: &'a Look,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// The index of the row at the top.
    pub first: u64,
    /// How many rows there are in all.
    pub total: u64,
    /// The index of the selected row.
    pub selected: Option<u64>,
}

/// Where things were drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRegions {
    /// Each column's title: its index and where it is.
    pub headers: Vec<(usize, Rect)>,
    /// The rows.
    pub body: Rect,
    /// The index of the row at the top of `body`.
    pub first: u64,
    /// How many rows `body` shows.
    pub rows: u16,
    /// The scrollbar, where there is one.
    pub scrollbar: Option<Rect>,
}

impl TableRegions {
    /// The index of the row under a position.
    pub fn row_at(&self, x: u16, y: u16) -> Option<u64> {
        let within = self.body.contains((x, y).into()) && y - self.body.y < self.rows;
        within.then(|| self.first + u64::from(y - self.body.y))
    }

    /// The index of the column whose title is under a position.
    pub fn header_at(&self, x: u16, y: u16) -> Option<usize> {
        self.headers
            .iter()
            .find(|(_, area)| area.contains((x, y).into()))
            .map(|(index, _)| *index)
    }
}

impl DataTable<'_> {
    /// How many rows fit into an area.
    pub fn body_height(area: Rect) -> u16 {
        area.height.saturating_sub(1)
    }

    /// Draws the titles and the rows on the screen. `row` answers `None` for a row that is still being loaded.
    pub fn render<'r>(
        &self,
        area: Rect,
        buf: &mut Buffer,
        mut row: impl FnMut(u64) -> Option<Row<'r>>,
    ) -> TableRegions {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return TableRegions::default();
        }
        let body = Rect::new(area.x, area.y + 1, area.width, Self::body_height(area));
        let scrolls = self.total > u64::from(body.height) && area.width > 4;
        let inner = area.width.saturating_sub(GUTTER + u16::from(scrolls));
        let places = column::places(self.columns, inner);
        let mut regions = TableRegions {
            headers: self.titles(area, buf, &places),
            body,
            first: self.first,
            rows: 0,
            scrollbar: None,
        };
        for line in 0..body.height {
            let index = self.first + u64::from(line);
            if index >= self.total {
                break;
            }
            let place = Rect::new(body.x, body.y + line, body.width - u16::from(scrolls), 1);
            self.row(place, buf, &places, index, row(index));
            regions.rows += 1;
        }
        if scrolls && body.height > 0 {
            let bar = Rect::new(body.right() - 1, body.y, 1, body.height);
            scrollbar(buf, bar, self.look, self.first, self.total);
            regions.scrollbar = Some(bar);
        }
        regions
    }

    fn titles(&self, area: Rect, buf: &mut Buffer, places: &[column::Place]) -> Vec<(usize, Rect)> {
        let style = self.look.style(Role::Title);
        let ellipsis = self.look.glyphs.ellipsis;
        let mut headers = Vec::with_capacity(places.len());
        for place in places {
            let Some(column) = self.columns.get(place.column) else {
                continue;
            };
            let at = Rect::new(area.x + GUTTER + place.x, area.y, place.width, 1);
            headers.push((place.column, at));
            let Some(sort) = column.sort else {
                text::put(buf, at, &column.title, style, column.align, ellipsis);
                continue;
            };
            let glyph = match sort {
                SortMark::Ascending => self.look.glyphs.ascending,
                SortMark::Descending => self.look.glyphs.descending,
            };
            let titled = Rect {
                width: at.width.saturating_sub(1),
                ..at
            };
            let used = match column.align {
                Align::Left => text::put_left(buf, titled, &column.title, style, ellipsis),
                Align::Right => {
                    text::put(buf, titled, &column.title, style, Align::Right, ellipsis);
                    titled.width
                }
            };
            let mark = Rect::new(at.x + used, at.y, 1, 1).intersection(at);
            text::put_left(buf, mark, glyph, style, "");
        }
        headers
    }

    fn row(
        &self,
        place: Rect,
        buf: &mut Buffer,
        columns: &[column::Place],
        index: u64,
        row: Option<Row<'_>>,
    ) {
        let selected = self.selected == Some(index);
        let base = match (selected, self.focused) {
            (true, true) => self.look.style(Role::Selected),
            (true, false) => self.look.style(Role::SelectedUnfocused),
            (false, _) => self.look.style(Role::Text),
        };
        buf.set_style(place, base);
        let gutter = |x: u16| Rect::new(place.x + x, place.y, 1, 1).intersection(place);
        if selected {
            text::put_left(buf, gutter(0), self.look.glyphs.selector, base, "");
        }
        let Some(row) = row else {
            let at = Rect {
                x: place.x + GUTTER,
                width: place.width.saturating_sub(GUTTER),
                ..place
            };
            let muted = self.look.style(Role::Muted);
            text::put_left(buf, at, self.look.glyphs.ellipsis, muted, "");
            return;
        };
        if row.marked {
            text::put_left(buf, gutter(1), self.look.glyphs.mark, base, "");
        }
        for column in columns {
            let (Some(cell), Some(definition)) = (
                row.cells.get(column.column),
                self.columns.get(column.column),
            ) else {
                continue;
            };
            // On the selected row the row's own colours win: a cell's colour on them may not be readable.
            let style = if selected {
                base.add_modifier(self.look.style(cell.role).add_modifier)
            } else {
                base.patch(self.look.style(cell.role))
            };
            let at = Rect::new(place.x + GUTTER + column.x, place.y, column.width, 1);
            let ellipsis = self.look.glyphs.ellipsis;
            text::put(buf, at, &cell.text, style, definition.align, ellipsis);
        }
    }
}

/// Draws a scrollbar: which part of `total` rows begins with `first` and is as long as `bar` is high.
pub fn scrollbar(buf: &mut Buffer, bar: Rect, look: &Look, first: u64, total: u64) {
    let bar = bar.intersection(buf.area);
    let height = u64::from(bar.height);
    if height == 0 || total <= height {
        return;
    }
    // In u128, since a product of two row counts may exceed 64 bits.
    let scaled =
        |value: u64| u64::try_from(u128::from(value) * u128::from(height) / u128::from(total));
    let length = scaled(height).unwrap_or(1).clamp(1, height);
    let last_first = total - height;
    let room = height - length;
    let start = u64::try_from(
        u128::from(first.min(last_first)) * u128::from(room) / u128::from(last_first),
    )
    .unwrap_or(0);
    for line in 0..bar.height {
        let on = (start..start + length).contains(&u64::from(line));
        let (glyph, role) = if on {
            (look.glyphs.thumb, Role::BorderFocused)
        } else {
            (look.glyphs.track, Role::Border)
        };
        let at = Rect::new(bar.x, bar.y + line, 1, 1);
        let style: Style = look.style(role);
        text::put_left(buf, at, glyph, style, "");
    }
}

#[cfg(test)]
mod tests;
