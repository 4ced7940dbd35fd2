//! A backend that keeps the screen right where terminal and program disagree about how wide a text is.
//!
//! Terminals do not agree about clusters of several code points (Devanagari, emoji with joiners): one counts a cell more
//! or less than we do. What follows on the line would then stand in the wrong place, and a cell that the terminal did
//! not count would keep what was there before. So a row that has or had such a cluster is painted anew as a whole when
//! anything on it changes: blanked first, and the cursor is moved to its place after every cluster.

use std::collections::BTreeSet;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr;

/// A backend that paints rows with doubtful text as a whole.
#[derive(Debug)]
pub struct SteadyBackend<B> {
    inner: B,
    /// What was drawn, row by row; of the size that was drawn so far.
    shown: Vec<Vec<Cell>>,
    /// The rows with doubtful text on the screen.
    doubtful: BTreeSet<u16>,
}

impl<B> SteadyBackend<B> {
    /// Draws through this backend.
    pub fn new(inner: B) -> Self {
        Self {
            inner,
            shown: Vec::new(),
            doubtful: BTreeSet::new(),
        }
    }

    /// The backend that is drawn through, for what is sent beside the cells.
    pub fn inner_mut(&mut self) -> &mut B {
        &mut self.inner
    }

    fn forget(&mut self) {
        self.shown.clear();
        self.doubtful.clear();
    }

    fn keep(&mut self, x: u16, y: u16, cell: &Cell) {
        let (x, y) = (usize::from(x), usize::from(y));
        if self.shown.len() <= y {
            self.shown.resize_with(y + 1, Vec::new);
        }
        let Some(row) = self.shown.get_mut(y) else {
            return;
        };
        if row.len() <= x {
            row.resize_with(x + 1, Cell::default);
        }
        // Cells that a wide one covers are not told of; what was there before must not come back with it gone.
        let covered = cell.symbol().width().max(1) - 1;
        row.iter_mut()
            .skip(x + 1)
            .take(covered)
            .for_each(Cell::reset);
        if let Some(kept) = row.get_mut(x) {
            kept.clone_from(cell);
        }
    }
}

/// Whether terminals may disagree about how many cells this takes: several code points drawn as one, of which the rest
/// is not just an accent that every terminal lays over the letter before.
fn is_doubtful(symbol: &str) -> bool {
    let mut characters = symbol.chars();
    characters.next();
    characters.any(|character| !matches!(character, '\u{0300}'..='\u{036F}'))
}

impl<B: Backend> SteadyBackend<B> {
    /// Paints a row: blanks under each doubtful cluster, then the cells, with the cursor moved after each doubtful one.
    fn paint(&mut self, y: u16) -> Result<(), B::Error> {
        let Some(row) = self.shown.get(usize::from(y)) else {
            return Ok(());
        };
        let blank = Cell::default();
        let at = |x: usize| u16::try_from(x).unwrap_or(u16::MAX);
        let blanks = row.iter().enumerate().map(|(x, _)| (at(x), y, &blank));
        self.inner.draw(blanks)?;
        let mut run: Vec<(u16, u16, &Cell)> = Vec::new();
        let mut x = 0;
        while let Some(cell) = row.get(x) {
            run.push((at(x), y, cell));
            if is_doubtful(cell.symbol()) {
                // Each call begins by moving the cursor to its first cell.
                self.inner.draw(run.drain(..))?;
            }
            x += cell.symbol().width().max(1);
        }
        self.inner.draw(run.into_iter())
    }
}

impl<B: Backend> Backend for SteadyBackend<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let content: Vec<(u16, u16, &Cell)> = content.collect();
        let had = self.doubtful.clone();
        let mut touched = BTreeSet::new();
        for (x, y, cell) in &content {
            self.keep(*x, *y, cell);
            touched.insert(*y);
        }
        for y in &touched {
            let row = self.shown.get(usize::from(*y));
            let has = row.is_some_and(|row| row.iter().any(|cell| is_doubtful(cell.symbol())));
            if has {
                self.doubtful.insert(*y);
            } else {
                self.doubtful.remove(y);
            }
        }
        let whole: BTreeSet<u16> = touched
            .into_iter()
            .filter(|y| had.contains(y) || self.doubtful.contains(y))
            .collect();
        let cells = content.into_iter().filter(|(_, y, _)| !whole.contains(y));
        self.inner.draw(cells)?;
        whole.into_iter().try_for_each(|y| self.paint(y))
    }

    fn append_lines(&mut self, lines: u16) -> Result<(), B::Error> {
        self.forget();
        self.inner.append_lines(lines)
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), B::Error> {
        self.forget();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use ratatui::backend::CrosstermBackend;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    /// Keeps what is written where the test can read it.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written when the screen goes from one line to another.
    fn written(lines: &[&str]) -> String {
        let paper = Paper::default();
        let mut backend = SteadyBackend::new(CrosstermBackend::new(paper.clone()));
        let area = Rect::new(0, 0, 12, 1);
        let mut before = Buffer::empty(area);
        for line in lines {
            let mut now = Buffer::empty(area);
            now.set_string(0, 0, line, Style::new());
            paper.0.lock().unwrap().clear();
            backend.draw(before.diff(&now).into_iter()).unwrap();
            before = now;
        }
        String::from_utf8(paper.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn what_follows_a_doubtful_cluster_is_put_in_its_place() {
        let text = written(&["आदित्य Rao"]);
        let blank = text.find("     ").unwrap();
        let name = text.find('आ').unwrap();
        assert!(blank < name, "the row is blanked first: {text:?}");
        let after = text.split("त्य").nth(1).unwrap();
        let moved = after.find("\x1b[1;").unwrap();
        assert!(moved < after.find("Rao").unwrap(), "{text:?}");
    }

    #[test]
    fn a_row_that_had_one_is_painted_as_a_whole_when_it_goes() {
        let text = written(&["आदित्य Rao", "Ada Rao"]);
        assert!(
            text.contains("     ") && text.contains("Ada Rao"),
            "{text:?}"
        );
        let text = written(&["आदित्य Rao", "Ada Rao", "Ada Ray"]);
        assert!(!text.contains("Ada"), "only what differs: {text:?}");
    }

    #[test]
    fn what_a_wide_cluster_covered_does_not_come_back() {
        let text = written(&["────────────", "दि शर्मा", "Ada     Rao"]);
        assert!(text.contains("Rao") && !text.contains('─'), "{text:?}");
    }

    #[test]
    fn plain_text_and_accents_are_drawn_as_they_differ() {
        assert!(!written(&["Zoe\u{308} Rao", "Zoe\u{308} Ray"]).contains("Zoe"));
    }
}
