//! Aligned tables, cut to the width of the terminal.

use jiff::Timestamp;

use super::cell::{Align, Cell, Column, Row, Tone};
use super::style::Style;
use super::text;

/// Two spaces between columns.
pub const GAP: &str = "  ";
/// No column is cut below this.
const NARROWEST: usize = 8;

/// The lines of a table. `width` is that of the terminal; without one nothing is cut.
pub fn lines<R: Row>(
    rows: &[R],
    now: Timestamp,
    style: Style,
    width: Option<usize>,
) -> Vec<String> {
    let columns: Vec<(usize, Column)> = R::COLUMNS
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, column)| column.is_shown())
        .collect();
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let all = row.cells(now);
            columns
                .iter()
                .map(|(at, _)| printable(all.get(*at).cloned().unwrap_or_default()))
                .collect()
        })
        .collect();
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, (_, column))| {
            cells
                .iter()
                .filter_map(|row| row.get(at))
                .map(|cell| text::width(&cell.shown))
                .chain([text::width(column.title)])
                .max()
                .unwrap_or(0)
        })
        .collect();
    if let Some(width) = width {
        shrink(&mut widths, width);
    }
    let columns: Vec<Column> = columns.into_iter().map(|(_, column)| column).collect();
    let titles: Vec<Cell> = columns
        .iter()
        .map(|column| Cell::text(column.title).tone(Tone::Dim))
        .collect();
    std::iter::once(&titles)
        .chain(&cells)
        .map(|row| line(&columns, &widths, row, style))
        .collect()
}

fn printable(mut cell: Cell) -> Cell {
    cell.shown = text::printable(&cell.shown).into_owned();
    cell
}

/// One line: each cell in its column.
pub fn line(columns: &[Column], widths: &[usize], cells: &[Cell], style: Style) -> String {
    let mut line = String::new();
    for (at, ((column, width), cell)) in columns.iter().zip(widths).zip(cells).enumerate() {
        if at > 0 {
            line.push_str(GAP);
        }
        let shown = text::cut(&cell.shown, *width);
        let padding = " ".repeat(width.saturating_sub(text::width(&shown)));
        let painted = style.paint(&shown, cell.tone);
        match column.align {
            Align::Left => {
                line.push_str(&painted);
                line.push_str(&padding);
            }
            Align::Right => {
                line.push_str(&padding);
                line.push_str(&painted);
            }
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Takes columns away from the widest until the table fits, or until nothing can give any more.
fn shrink(widths: &mut [usize], room: usize) {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    loop {
        let total = widths.iter().sum::<usize>() + gaps;
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width) else {
            return;
        };
        if total <= room || *widest <= NARROWEST {
            return;
        }
        *widest -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Person(&'static str, u32);

    impl Row for Person {
        const COLUMNS: &'static [Column] = &[
            Column::left("name", "NAME", 10),
            Column::script("id"),
            Column::right("age", "AGE", 3),
        ];

        fn cells(&self, _now: Timestamp) -> Vec<Cell> {
            vec![
                Cell::text(self.0),
                Cell::text("hidden"),
                Cell::text(self.1.to_string()),
            ]
        }
    }

    fn table(rows: &[Person], width: Option<usize>) -> Vec<String> {
        lines(rows, Timestamp::UNIX_EPOCH, Style::Plain, width)
    }

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let rows = [Person("李", 7), Person("Ada", 36)];
        assert_eq!(table(&rows, None), ["NAME  AGE", "李      7", "Ada    36"]);
    }

    #[test]
    fn the_widest_column_gives_way() {
        let rows = [Person("a very long name indeed", 7)];
        let lines = table(&rows, Some(17));
        assert_eq!(lines, ["NAME          AGE", "a very long…    7"]);
    }

    #[test]
    fn an_empty_list_still_has_its_titles() {
        assert_eq!(table(&[], None), ["NAME  AGE"]);
    }

    #[test]
    fn a_colour_takes_no_room() {
        let cell = Cell::text("ok").tone(Tone::Good);
        let columns = [Column::left("a", "A", 0), Column::left("b", "B", 0)];
        let painted = line(&columns, &[4, 1], &[cell, Cell::text("x")], Style::Coloured);
        assert_eq!(painted, "\u{1b}[32mok\u{1b}[0m    x");
    }
}
