//! Before and after, side by side where there is room, one below the other where there is not. For bodies and for the
//! attribute paths of a change.
//!
//! Signs tell what happened to a line (`-` gone, `+` new), so that no colour is needed. The comparison is made once; to
//! draw costs what is on the screen.

mod rows;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::rows::DiffRow;
use super::data_table::scrollbar;
use super::text;
use crate::admin::types::FieldChange;
use crate::console::theme::{Look, Role};
use crate::counted::counted;

/// From so many cells on the two sides stand beside each other.
pub const SIDE_BY_SIDE: u16 = 100;

/// A comparison, and how it is being looked at.
#[derive(Clone, Debug)]
pub struct DiffView {
    rows: Vec<DiffRow>,
    /// For each line on a narrow screen, the row it belongs to and whether it is its second line.
    stacked: Vec<(usize, bool)>,
    top: usize,
    size: (u16, u16),
}

impl DiffView {
    /// Compares two bodies, as JSON where they are.
    pub fn of_bodies(before: &str, after: &str) -> Self {
        Self::new(rows::of_bodies(before, after))
    }

    /// Shows the attribute paths that changed.
    pub fn of_fields(fields: &[FieldChange]) -> Self {
        Self::new(rows::of_fields(fields))
    }

    fn new(rows: Vec<DiffRow>) -> Self {
        let mut stacked = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            stacked.push((index, false));
            if matches!(row, DiffRow::Changed(..)) {
                stacked.push((index, true));
            }
        }
        Self {
            rows,
            stacked,
            top: 0,
            size: (80, 1),
        }
    }

    /// Whether both sides are the same.
    pub fn is_same(&self) -> bool {
        let same = |row: &DiffRow| matches!(row, DiffRow::Same(_) | DiffRow::Skipped(_));
        self.rows.iter().all(same)
    }

    /// How many lines there are on a screen so wide.
    pub fn lines(&self, width: u16) -> usize {
        if width >= SIDE_BY_SIDE {
            self.rows.len()
        } else {
            self.stacked.len()
        }
    }

    /// Says how large the screen is, without what stands around the comparison.
    pub fn set_size(&mut self, width: u16, height: u16) {
        self.size = (width, height.max(1));
        self.scroll_by(0);
    }

    /// Scrolls by so many lines; down is positive.
    pub fn scroll_by(&mut self, lines: isize) {
        let (width, height) = self.size;
        let last = self.lines(width).saturating_sub(usize::from(height));
        self.top = self.top.saturating_add_signed(lines).min(last);
    }

    /// Draws the lines on the screen.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let area = area.intersection(buf.area);
        let lines = self.lines(area.width);
        let scrolls = lines > usize::from(area.height) && area.width > 4;
        let body = Rect {
            width: area.width.saturating_sub(u16::from(scrolls)),
            ..area
        };
        let top = self.top.min(lines.saturating_sub(usize::from(area.height)));
        for line in 0..area.height {
            let at = top + usize::from(line);
            let place = Rect {
                y: body.y + line,
                height: 1,
                ..body
            };
            if area.width >= SIDE_BY_SIDE {
                if let Some(row) = self.rows.get(at) {
                    beside(row, place, buf, look);
                }
            } else if let Some((index, second)) = self.stacked.get(at)
                && let Some(row) = self.rows.get(*index)
            {
                below(row, *second, place, buf, look);
            }
        }
        if scrolls {
            let bar = Rect {
                x: body.right(),
                width: 1,
                ..area
            };
            let count = |lines: usize| u64::try_from(lines).unwrap_or(u64::MAX);
            scrollbar(buf, bar, look, count(top), count(lines));
        }
    }
}

/// Draws a row with its two sides beside each other.
fn beside(row: &DiffRow, place: Rect, buf: &mut Buffer, look: &Look) {
    let half = place.width.saturating_sub(1) / 2;
    let left = Rect {
        width: half,
        ..place
    };
    let middle = Rect {
        x: place.x + half,
        width: 1,
        ..place
    };
    let right = Rect {
        x: middle.x + 1,
        width: place.width.saturating_sub(half + 1),
        ..place
    };
    if let DiffRow::Skipped(_) | DiffRow::Title(_) = row {
        below(row, false, place, buf, look);
        return;
    }
    text::put_left(
        buf,
        middle,
        look.glyphs.divider,
        look.style(Role::Border),
        "",
    );
    match row {
        DiffRow::Same(line) => {
            side(' ', line, Role::Text, left, buf, look);
            side(' ', line, Role::Text, right, buf, look);
        }
        DiffRow::Changed(before, after) => {
            side('-', before, Role::Removed, left, buf, look);
            side('+', after, Role::Added, right, buf, look);
        }
        DiffRow::Added(after) => side('+', after, Role::Added, right, buf, look),
        DiffRow::Removed(before) => side('-', before, Role::Removed, left, buf, look),
        DiffRow::Skipped(_) | DiffRow::Title(_) => {}
    }
}

/// Draws a row, or the second line of one, over the whole width.
fn below(row: &DiffRow, second: bool, place: Rect, buf: &mut Buffer, look: &Look) {
    match row {
        DiffRow::Same(line) => side(' ', line, Role::Text, place, buf, look),
        DiffRow::Changed(_, after) if second => side('+', after, Role::Added, place, buf, look),
        DiffRow::Changed(line, _) | DiffRow::Removed(line) => {
            side('-', line, Role::Removed, place, buf, look);
        }
        DiffRow::Added(line) => side('+', line, Role::Added, place, buf, look),
        DiffRow::Skipped(count) => {
            let line = format!(
                "{} {} the same",
                look.glyphs.ellipsis,
                counted(*count as u64, "line")
            );
            text::put_left(
                buf,
                place,
                &line,
                look.style(Role::Muted),
                look.glyphs.ellipsis,
            );
        }
        DiffRow::Title(title) => {
            text::put_left(
                buf,
                place,
                title,
                look.style(Role::Title),
                look.glyphs.ellipsis,
            );
        }
    }
}

fn side(sign: char, line: &str, role: Role, place: Rect, buf: &mut Buffer, look: &Look) {
    let line = format!("{sign} {line}");
    text::put_left(buf, place, &line, look.style(role), look.glyphs.ellipsis);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(view: &DiffView, width: u16, height: u16) -> Vec<String> {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let area = buf.area;
        view.render(area, &mut buf, &Look::standard());
        (0..height)
            .map(|y| {
                let line: String = (0..width)
                    .map(|x| buf[(x, y)].symbol().to_owned())
                    .collect();
                line.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    fn view() -> DiffView {
        DiffView::of_bodies(r#"{"active":true,"old":1}"#, r#"{"active":false}"#)
    }

    #[test]
    fn a_wide_screen_shows_both_sides_beside_each_other() {
        assert_eq!(
            lines(&view(), 100, 4),
            vec![
                "{ │ {",
                "- \"active\": true, │+ \"active\": false",
                "- \"old\": 1 │",
                "} │ }",
            ]
        );
    }

    #[test]
    fn a_narrow_screen_shows_them_one_below_the_other() {
        assert_eq!(
            lines(&view(), 60, 5),
            vec![
                "{",
                "- \"active\": true,",
                "+ \"active\": false",
                "- \"old\": 1",
                "}"
            ]
        );
    }

    #[test]
    fn scrolling_ends_with_the_last_line() {
        let mut view = view();
        view.set_size(60, 2);
        view.scroll_by(100);
        assert_eq!(lines(&view, 61, 2), vec!["- \"old\": 1 │", "} █"]);
        view.scroll_by(-100);
        assert_eq!(view.top, 0);
    }

    #[test]
    fn equal_bodies_are_the_same() {
        assert!(DiffView::of_bodies("{}", "{ }").is_same());
        assert!(!view().is_same());
    }
}
