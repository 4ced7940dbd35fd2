//! A table that grows while it is shown: its widths are fixed beforehand, and its last column takes the rest. At a
//! terminal each line ends at its edge.

use jiff::Timestamp;

use super::cell::{Cell, Column, Row, Tone};
use super::style::Style;
use super::table;
use super::text;

/// The columns people see.
fn shown<R: Row>() -> Vec<(usize, Column)> {
    R::COLUMNS
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, column)| column.is_shown())
        .collect()
}

/// `room` is the width of the terminal; without one nothing is cut.
fn line(columns: &[Column], cells: &[Cell], style: Style, room: Option<usize>) -> String {
    let mut widths: Vec<usize> = columns
        .iter()
        .zip(cells)
        .map(|(column, cell)| {
            column.width.max(text::width(column.title)).max(
                // A value wider than its column moves the rest of its line rather than being cut: the line may be all
                // that is ever seen of it.
                text::width(&cell.shown),
            )
        })
        .collect();
    if let (Some(last), Some(cell)) = (widths.last_mut(), cells.last()) {
        *last = text::width(&cell.shown);
    }
    if let Some(room) = room {
        fit(&mut widths, room);
    }
    let shown = columns.get(..widths.len()).unwrap_or(columns);
    table::line(shown, &widths, cells, style)
}

/// Ends a line at the edge of the terminal: the column that reaches over it is cut, those behind it are left out.
fn fit(widths: &mut Vec<usize>, room: usize) {
    let mut used = 0;
    let mut shown = 0;
    for width in widths.iter_mut() {
        let gap = if shown == 0 { 0 } else { table::GAP.len() };
        let left = room.saturating_sub(used + gap);
        if left == 0 {
            break;
        }
        *width = (*width).min(left);
        used += gap + *width;
        shown += 1;
    }
    widths.truncate(shown);
}

/// The line of titles.
pub fn titles<R: Row>(style: Style, room: Option<usize>) -> String {
    let columns: Vec<Column> = shown::<R>().into_iter().map(|(_, column)| column).collect();
    let cells: Vec<Cell> = columns
        .iter()
        .map(|column| Cell::text(column.title).tone(Tone::Dim))
        .collect();
    line(&columns, &cells, style, room)
}

/// The line of one row.
pub fn row<R: Row>(row: &R, now: Timestamp, style: Style, room: Option<usize>) -> String {
    let all = row.cells(now);
    let (columns, cells): (Vec<Column>, Vec<Cell>) = shown::<R>()
        .into_iter()
        .map(|(at, column)| {
            let mut cell = all.get(at).cloned().unwrap_or_default();
            cell.shown = text::printable(&cell.shown).into_owned();
            (column, cell)
        })
        .unzip();
    line(&columns, &cells, style, room)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    struct Line(&'static str, &'static str);

    impl Row for Line {
        const COLUMNS: &'static [Column] = &[
            Column::left("name", "NAME", 6),
            Column::script("id"),
            Column::left("path", "PATH", 4),
        ];

        fn cells(&self, _now: Timestamp) -> Vec<Cell> {
            vec![
                Cell::text(self.0).tone(Tone::Good),
                Cell::text("hidden"),
                Cell::text(self.1),
            ]
        }
    }

    #[rstest]
    #[case::no_edge(None, "ada     /scim/v2/Users")]
    #[case::far(Some(80), "ada     /scim/v2/Users")]
    #[case::just(Some(22), "ada     /scim/v2/Users")]
    #[case::in_the_last(Some(14), "ada     /scim…")]
    #[case::in_the_gap(Some(8), "ada")]
    #[case::in_the_first(Some(2), "a…")]
    #[case::nothing(Some(0), "")]
    fn a_line_ends_at_the_edge(#[case] room: Option<usize>, #[case] expected: &str) {
        let line = Line("ada", "/scim/v2/Users");
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(row(&line, now, Style::Plain, room), expected);
        let coloured = row(&line, now, Style::Coloured, room);
        let seen = coloured.replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(seen.trim_end(), expected);
    }
}
